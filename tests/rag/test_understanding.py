"""What is read off a question: kinds, names, versions, the word asked for, opposites, spelling."""

import pytest

from corpus.quantities import QuantityKind
from rag.evidence.contraries import is_contrary
from rag.pipeline import Pipeline
from rag.questions.heads import head_terms
from rag.questions.kinds import COUNTS, QuestionKind, kinds_of, unit_kinds_of
from rag.questions.naming import acronyms, holds_version, initials, name_terms, squash, versions
from rag.questions.question import parse_question
from rag.questions.spans import spelled_out
from rag.questions.spelling import is_one_edit
from rag.questions.thesaurus import THESAURUS_PATH, same_meaning


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("蓝隼 A5 是谁开发的，几月推出？", {QuestionKind.DATE, QuestionKind.ENTITY}),
        ("Who built it, and when?", {QuestionKind.DATE, QuestionKind.ENTITY}),
        ("海岳证券的股票代码是什么？", {QuestionKind.NUMBER}),
        ("什么是虚拟电厂？", {QuestionKind.DEFINITION}),
        ("What gross margin did the segment make?", {QuestionKind.NUMBER}),
        ("把核心观点归纳一下", {QuestionKind.SUMMARY}),
    ],
)
def test_a_question_may_want_several_things(text: str, kinds: set[QuestionKind]) -> None:
    assert set(kinds_of(text)) == kinds


def test_the_words_of_a_question_say_which_kind_of_figure_it_wants() -> None:
    assert unit_kinds_of("月费是多少？") == {QuantityKind.MONEY}
    assert QuantityKind.PERCENT in unit_kinds_of("What share of sales is that?")
    assert unit_kinds_of("有多少台？") == COUNTS
    assert unit_kinds_of("How many studios took part?") == COUNTS
    assert unit_kinds_of("这是多少？") == frozenset()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Heron 4 的价格？", {"heron4"}),
        ("When was Gen-2 released?", {"gen2"}),
        ("In 2023, which 3 companies led?", set()),
        ("Stage 2 of the plan", set()),
        ("增长了15%吗", set()),
    ],
)
def test_a_version_belongs_to_its_name(text: str, found: set[str]) -> None:
    assert versions(text) == found


def test_a_version_is_no_figure_of_the_question() -> None:
    assert parse_question("Heron 4 的价格是多少？").figures == ()
    assert len(parse_question("价格超过15%的是哪个？").figures) == 1


@pytest.mark.parametrize(
    ("version", "text", "held"),
    [
        ("pika1.0", "Pika 1.0 的长度", True),
        ("dalle2", "DALL·E 2", True),
        ("sam2", "SAM（2023年）", False),
        ("gpt4", "GPT-40", False),
        ("pika1.0", "Pika 1.05", False),
    ],
)
def test_another_version_is_another_thing(version: str, text: str, held: bool) -> None:
    assert holds_version(version, squash(text)) is held


def test_names_are_told_by_their_form() -> None:
    assert {"norvik"} <= name_terms("Who runs Norvik Lines?")
    assert not name_terms("What is the market size?")
    assert acronyms("SD 和 LLM 有何区别") == {"SD"}
    assert "SD" in initials("tuned from Stable Diffusion")


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("海岳证券有多少名员工？", "员工"),
        ("它的创始人是谁？", "创始人"),
        ("How many employees does it have?", "employe"),
        ("Who is the chief executive of Norvik Lines?", "execut"),
    ],
)
def test_the_word_that_is_exactly_asked_for(text: str, head: str) -> None:
    assert head in head_terms(text)


@pytest.mark.parametrize(
    ("question", "text", "contrary"),
    [
        ("为什么建议卖出？", "维持买入评级。", True),
        ("Why did sales fall?", "Sales rose by 5%.", True),
        ("为什么建议买入？", "维持买入评级。", False),
        ("增长还是下降？", "销量增长。", False),
    ],
)
def test_an_opposite_is_seen(question: str, text: str, contrary: bool) -> None:
    assert is_contrary(question, text) is contrary


@pytest.mark.parametrize(
    ("a", "b", "one"),
    [
        ("difusion", "diffusion", True),
        ("phinex", "phnix", False),
        ("abc", "abd", True),
        ("abc", "abc", False),
        ("abcd", "acbd", True),
        ("", "a", True),
    ],
)
def test_one_edit_apart(a: str, b: str, one: bool) -> None:
    assert is_one_edit(a, b) is one
    assert is_one_edit(b, a) is one


def test_a_name_with_a_typing_error_finds_its_answer(pipeline: Pipeline) -> None:
    right = pipeline.answer("How many ferries did Norvik Lines order?")
    typed = pipeline.answer("How many ferries did Norvk Lines order?")
    assert right.citations
    assert [c.quote for c in typed.citations] == [c.quote for c in right.citations]


def test_a_word_that_the_index_has_is_left_alone(pipeline: Pipeline) -> None:
    assert pipeline.spelling.correct("Norvik ferries in 2023") == "Norvik ferries in 2023"
    assert pipeline.spelling.correct("Which companies rose?") == "Which companies rose?"


def test_what_a_question_quotes_is_kept_as_it_stands() -> None:
    assert parse_question("海岳的评级“A”代表什么？").quoted == ("a",)
    assert parse_question('What does "Strong Buy" mean?').quoted == ("strong buy",)
    assert parse_question("《太空歌剧院》的作者是谁？").quoted == ()


def test_spans_of_time_in_headers_are_spelled_out() -> None:
    assert "一个月" in spelled_out("1M")
    assert "twelve month" in spelled_out("12M")
    assert spelled_out("YTD") == spelled_out("5 MW") == ""


def test_the_thesaurus_holds_both_languages_on_every_line_and_links_each_alone() -> None:
    lines = THESAURUS_PATH.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert rows
    assert all(len(row) == 2 and all(row) for row in rows)
    alike = same_meaning()
    assert "limit" in alike["drawback"] or "limitat" in alike["drawback"]
    assert "短板" not in alike["drawback"]  # languages meet by translation, not here
