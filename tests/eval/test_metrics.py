import pytest

from corpus.schema import Language
from eval.cases import Case, Fact, Span
from eval.metrics import (
    citation_precision,
    cites_evidence,
    holds_fact,
    in_language,
    is_concise,
    is_correct,
    mean,
)
from eval.report import format_table, summarise, to_record
from eval.runner import CaseResult, run_cases
from rag.pipeline import Pipeline
from rag.schema import Answer, AnswerStatus, Citation

ZH, EN = Language.ZH, Language.EN


def case(*forms: str, answerable: bool = True, min_facts: int | None = None) -> Case:
    facts = tuple(Fact({ZH: (form,), EN: (form,)}) for form in forms)
    return Case(
        case_id="c",
        kind="number",
        split="dev",
        difficulty=1,
        questions={ZH: "问？", EN: "Ask?"},
        answerable=answerable,
        facts=facts,
        min_facts=len(facts) if min_facts is None else min_facts,
        evidence=(Span("d", "市场规模达到187亿元"),),
    )


def reply(text: str, *quotes: str, language: Language = ZH, doc_id: str = "d") -> Answer:
    citations = tuple(
        Citation(n, quote, doc_id, "t", "", "", None, "", 0, len(quote))
        for n, quote in enumerate(quotes or ("187亿元",), start=1)
    )
    return Answer("q", text, language, AnswerStatus.ANSWERED, citations)


DECLINED = Answer("q", "报告中没有。", ZH, AnswerStatus.NOT_IN_CORPUS)


@pytest.mark.parametrize(
    ("text", "form", "held"),
    [
        ("规模为453亿元", "453亿", True),
        ("规模为1453亿元", "453亿", False),
        ("4,530 亿元", "4530亿", True),
        ("15.8%", "15", False),
        ("0.15", "15", False),
        ("15。", "15", True),
        ("Ａ股１００只", "100只", True),
        ("Hikvision and Dahua", "dahua", True),
        ("alignment", "align", True),
        ("misalign", "align", False),
        ("the AIs", "ai", True),
        ("aide", "ai", False),
        ("45.3 billion", "45.3billion", True),
        ("45.3 billion dollars", "45.3 billion", True),
        ("two words", "twowords", False),
    ],
)
def test_when_a_text_holds_a_form(text: str, form: str, held: bool) -> None:
    assert holds_fact(text, Fact({EN: (form,)}), EN) is held


def test_a_form_of_the_other_language_does_not_count() -> None:
    assert not holds_fact("453亿", Fact({ZH: ("453亿",)}), EN)


def test_all_facts_are_needed_unless_the_case_says_how_many() -> None:
    assert is_correct(case("甲", "乙"), reply("甲和乙"), ZH)
    assert not is_correct(case("甲", "乙"), reply("只有甲"), ZH)
    assert is_correct(case("甲", "乙", min_facts=1), reply("只有甲"), ZH)


def test_markers_are_no_figures_of_the_answer() -> None:
    assert not is_correct(case("3"), reply("没有数字 [3]"), ZH)


def test_declining_is_right_only_where_there_is_no_answer() -> None:
    assert not is_correct(case("甲"), DECLINED, ZH)
    assert is_correct(case(answerable=False), DECLINED, ZH)
    assert not is_correct(case(answerable=False), reply("甲"), ZH)


@pytest.mark.parametrize(
    ("text", "language", "right"),
    [
        ("市场规模为187亿元", ZH, True),
        ("The market is large", ZH, False),
        ("The market is large", EN, True),
        ("市场规模为187亿元", EN, False),
        ("187", ZH, True),
        ("187", EN, True),
        ("Midjourney 的 Pro 版每月 60 美元", ZH, True),
        ("Outperform (领先大市) means ten percent above the index", EN, True),
    ],
)
def test_the_language_of_an_answer(text: str, language: Language, right: bool) -> None:
    assert in_language(reply(text), language) is right


def test_long_answers_are_not_concise_and_lists_have_twice_the_room() -> None:
    assert is_concise(reply("字" * 240), "number")
    assert not is_concise(reply("字" * 241), "number")
    assert is_concise(reply("字" * 241), "list")
    assert not is_concise(reply("word " * 141), "number")


def test_a_citation_counts_when_it_overlaps_the_evidence_of_the_same_report() -> None:
    assert cites_evidence(case("甲"), reply("x", "187亿元"))
    assert cites_evidence(case("甲"), reply("x", "国内市场规模达到 187 亿元，同比增长。"))
    assert not cites_evidence(case("甲"), reply("x", "410亿元"))
    assert not cites_evidence(case("甲"), reply("x", "187亿元", doc_id="other"))
    assert citation_precision(case("甲"), reply("x", "187亿元", "410亿元")) == 1 / 2
    assert citation_precision(case("甲"), DECLINED) == 0.0


def test_the_mean_of_nothing_is_zero() -> None:
    assert mean([]) == 0.0
    assert mean([1.0, 0.0, 0.5]) == 0.5


class Scripted:
    """Answers from a script; an exception in it is raised."""

    def __init__(self, *script: Answer | Exception) -> None:
        self._script = list(script)

    def answer(self, question: str) -> Answer:
        said = self._script.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    def document(self, doc_id: str) -> object:
        return type("Document", (), {"text": "187亿元是规模"})


def run(*script: Answer | Exception) -> list[CaseResult]:
    pipeline: Pipeline = Scripted(*script)  # type: ignore[assignment]
    return run_cases([case("187亿")], pipeline)


def test_every_case_counts_and_a_crash_scores_nothing() -> None:
    zh, en = run(reply("规模为187亿元 [1]", "187亿元"), RuntimeError("broken"))
    assert zh.passed
    assert zh.cited
    assert zh.quotes_exact
    assert not any([en.passed, en.correct, en.cited, en.quotes_exact, en.declined])
    assert "broken" in en.error
    rows = {row.group: row for row in summarise([zh, en])}
    assert rows["zh answerable"].passed == 1.0
    assert rows["en answerable"].passed == 0.0
    assert rows["en answerable"].num == 1


def test_a_quote_that_the_report_does_not_say_is_found() -> None:
    zh, _ = run(reply("规模为187亿元 [1]", "188亿元"), DECLINED)
    assert not zh.quotes_exact


def test_the_record_holds_every_answer_and_the_table_every_row() -> None:
    results = run(reply("规模为187亿元 [1]"), RuntimeError("broken"))
    record = to_record(results)
    assert [item["status"] for item in record["results"]] == ["answered", "error"]
    table = format_table(summarise(results))
    assert len(table.split("\n")) == 1 + len(summarise(results))
    assert to_record([])["median_ms"] == 0.0
