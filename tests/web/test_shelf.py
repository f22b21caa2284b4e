"""The shelf: adding says plainly what happened, removing removes, votes and exports are kept."""

import io
import json
import re
import threading
from datetime import UTC, date, datetime

import pytest
from docx import Document as WordDocument

from corpus.schema import Language
from index.progress import Progress
from index.schema import BuildSummary, FileSummary, Refused
from rag.pipeline import Pipeline
from web.adding import Step, add_with_progress, step_html, summary_html
from web.conversation import Conversation, Turn
from web.examples import NUM_FOLLOW_UPS, find_examples, find_follow_ups
from web.export import export_name, to_markdown, to_word
from web.feedback import FILE_NAME, save_feedback
from web.handlers import Desk, chosen_documents
from web.service import Assistant
from web.shelf import reader_html, shelf_html
from web.texts import Texts, UiLanguage

EN = Texts(UiLanguage.EN)


def test_an_added_report_is_answered_from_and_a_bad_file_is_named(assistant: Assistant) -> None:
    files = [
        ("new.txt", "星辰科技2024年营业收入为77.1亿元。\n".encode()),
        ("bad.exe", b"MZ"),
        ("empty.txt", b""),
    ]
    *steps, summary = add_with_progress(assistant, files)
    assert isinstance(summary, BuildSummary)
    assert steps
    assert all(isinstance(step, Step) and 0 <= step.progress.share <= 1 for step in steps)
    html = summary_html(summary, EN)
    assert "1 added" in html
    assert "bad.exe" in html
    assert "empty.txt" in html
    assert "77.1亿" in assistant.answer("星辰科技2024年营业收入是多少？").text.replace(" ", "")
    assistant.remove("new")
    assert "77.1" not in assistant.answer("星辰科技2024年营业收入是多少？").text


def test_a_report_added_by_another_process_counts_at_once(assistant: Assistant) -> None:
    other = Assistant(assistant.settings)
    other.add([("new.txt", "星辰科技2024年营业收入为77.1亿元。\n".encode())])
    assert "new" in {entry.doc_id for entry in assistant.shelf()}


def test_questions_are_answered_from_the_shelf_before_while_the_changed_one_is_opened(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = assistant.pipeline
    seen: list[Pipeline] = []

    def slowly() -> None:
        asking = threading.Thread(target=lambda: seen.append(assistant.pipeline))
        asking.start()
        asking.join(timeout=10)
        Assistant.reload(assistant)

    monkeypatch.setattr(assistant, "reload", slowly)
    assistant.add([("new.txt", "星辰科技2024年营业收入为77.1亿元。\n".encode())])
    other = Assistant(assistant.settings)
    other.remove("new")
    after = assistant.pipeline
    assert seen[0] is before
    assert seen[1] is not before
    assert seen[1] is not after
    assert "new" not in {entry.doc_id for entry in after.documents()}


def test_names_and_titles_of_reports_are_escaped(assistant: Assistant) -> None:
    name = "<img src=x onerror=alert(1)>.md"
    text = "# <script>alert(1)</script> 5 <b 6\n\nRevenue was 5 dollars <b>in 2024</b>.\n"
    assistant.add([(name, text.encode())])
    html = shelf_html(assistant.shelf(), EN, chosen=None)
    added = next(entry for entry in assistant.shelf() if entry.added)
    html += reader_html(assistant, added.doc_id, EN)
    html += step_html(Step(Progress("read", 0, 1, name=name), 0.0), EN)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html


def test_progress_names_file_and_page_and_estimates_the_rest() -> None:
    progress = Progress("read", 1, 4, 0.25, "b.pdf", page=3, pages=9)
    html = step_html(Step(progress, 2.0), EN)
    for shown in ("Reading b.pdf", "file 2 of 4", "page 3 of 9", 'value="0.250" max="1"'):
        assert shown in html
    assert "about 7 s left" in html  # a quarter took 2 s, three quarters are to go, rounded up


def test_the_summary_says_of_each_file_what_was_read_and_asks_for_a_password() -> None:
    file = FileSummary("a", "a.pdf", "A <report>", 9, 2, 12, 3, ("pages 4-5: a scan",))
    refused = Refused("b.pdf", "b.pdf: the file is encrypted", needs_password=True)
    html = summary_html(BuildSummary(added=("a",), files=(file,), refused=(refused,)), EN)
    for shown in ("A &lt;report&gt;", "9 pages", "2 pages unread", "3 tables", "pages 4-5: a scan"):
        assert shown in html
    assert 'type="password"' in html
    assert 'type="password"' not in summary_html(BuildSummary(files=(file,)), EN)


def test_choosing_all_or_none_is_searching_all(desk: Desk) -> None:
    ids = [entry.doc_id for entry in desk.assistant.shelf()]
    assert chosen_documents(desk, ids) is None
    assert chosen_documents(desk, []) is None
    assert chosen_documents(desk, None) is None
    assert chosen_documents(desk, [ids[0], "gone"]) == (ids[0],)


@pytest.mark.parametrize("language", Language)
def test_example_questions_are_answered(assistant: Assistant, language: Language) -> None:
    for question in find_examples(assistant, language):
        assert assistant.answer(question, language=language).status == "answered"


def conversation(desk: Desk) -> Conversation:
    questions = ["2023年国内仓储机器人市场规模是多少？", "火星的人口是多少？"]
    turns = tuple(Turn(text, desk.assistant.answer(text)) for text in questions)
    return Conversation("1", turns=(*turns, Turn("stopped")))


def test_an_export_holds_questions_answers_and_citations(desk: Desk) -> None:
    chat = conversation(desk)
    answer = chat.turns[0].answer
    assert answer is not None
    quote = " ".join(answer.citations[0].quote.split())
    word = WordDocument(io.BytesIO(to_word(chat, EN, date(2026, 1, 2))))
    lines = "\n".join(paragraph.text for paragraph in word.paragraphs)
    markdown = to_markdown(chat, EN, date(2026, 1, 2))
    for text in (lines, markdown):
        assert "2026-01-02" in text
        assert quote in text
        assert all(turn.question in text for turn in chat.turns)
        assert EN("not_found") in text


def test_an_export_neither_links_nor_breaks_on_odd_characters() -> None:
    hostile = "![x](http://evil.example) <script> \x00\x1b [a](b) # h"
    chat = Conversation("1", turns=(Turn(hostile, problem=hostile),))
    markdown = to_markdown(chat, EN, date(2026, 1, 2))
    assert not re.search(r"(?<!\\)[\[\]!<]", markdown)
    assert to_word(chat, EN, date(2026, 1, 2))
    assert export_name(chat, "md").endswith(".md")
    assert "/" not in export_name(chat, "md")


def test_votes_are_lines_of_json_beside_the_index(desk: Desk) -> None:
    folder = desk.assistant.settings.index_dir
    answer = desk.assistant.answer("2023年国内仓储机器人市场规模是多少？")
    at = datetime(2026, 1, 2, tzinfo=UTC)
    assert save_feedback(folder, answer, "bad", " 少了单位\u2028\n ", at)
    assert not save_feedback(folder, answer, "forged", "", at)
    lines = (folder / FILE_NAME).read_text(encoding="utf-8").rstrip("\n").split("\n")
    kept = json.loads(lines[0])
    assert len(lines) == 1
    assert kept["vote"] == "bad"
    assert kept["comment"] == "少了单位"
    assert kept["question"] == answer.question
    assert kept["citations"][0]["quote"] == answer.citations[0].quote


def test_questions_to_go_on_with_are_answered_from_the_same_report(assistant: Assistant) -> None:
    asked = "蓝隼 A3 的售价是多少？"
    answer = assistant.answer(asked)
    found = find_follow_ups(assistant, answer, [asked])
    assert 0 < len(found) <= NUM_FOLLOW_UPS
    for question in found:
        going_on = assistant.answer(question)
        assert going_on.citations[0].doc_id == answer.citations[0].doc_id
        assert going_on.citations[0].start != answer.citations[0].start
    assert not set(find_follow_ups(assistant, answer, found)) & set(found)


def test_nothing_follows_an_abstention(assistant: Assistant) -> None:
    answer = assistant.answer("火星上住着多少人？")
    assert find_follow_ups(assistant, answer, []) == []
