from collections.abc import Sequence

import pytest

from eval.cases import Case
from eval.catalogue import BY_NAME, METRICS
from eval.places import Place
from eval.reasons import Reason, failure_reason
from eval.runner import CaseResult, run_cases, score_answer, stand_of
from eval.sample import spread_sample
from rag.pipeline import Pipeline
from rag.schema import Answer
from tests.eval.made import DECLINED, DOCUMENT, EN, QUOTE, STAND, ZH, case, cite, reply

RIGHT = reply(f"{QUOTE} [1]", chunk_ids=["d#1", "d#0"])


class Scripted:
    """Answers from a script; an exception in it is raised. Keeps what it was asked."""

    def __init__(self, *script: Answer | Exception) -> None:
        self._script = list(script)
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        said = self._script.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


def run(asked: Case, *script: Answer | Exception) -> list[CaseResult]:
    return run_cases([asked], Scripted(*script), STAND)


def test_every_case_counts_and_a_crash_scores_nothing() -> None:
    zh, en = run(case("187亿"), RIGHT, RuntimeError("broken"))
    assert zh.passed
    assert zh.ranks == (2,)
    assert zh.scores["mrr"] == 1 / 2
    assert not en.passed
    assert set(en.scores.values()) == {0.0}
    assert zh.scores.keys() - {"right_page"} <= en.scores.keys() | {"right_section"}
    assert "broken" in en.error
    assert not en.declined


def test_only_known_metrics_are_scored() -> None:
    results = run(case("187亿", polarity="yes"), RIGHT, DECLINED)
    results += run(case(answerable=False), RIGHT, DECLINED)
    results += run(case("187亿"), ValueError("x"), ValueError("x"))
    assert {name for r in results for name in r.scores} <= BY_NAME.keys()
    assert len(BY_NAME) == len(METRICS)
    assert all(0 <= value <= 1 for r in results for value in r.scores.values())


def test_declining_is_scored_by_whether_there_is_an_answer() -> None:
    zh, _ = run(case(answerable=False), DECLINED, DECLINED)
    assert zh.scores["abstention_precision"] == zh.scores["abstention_recall"] == 1.0
    zh, _ = run(case("187亿"), DECLINED, DECLINED)
    assert zh.scores["abstention_precision"] == 0.0
    assert "abstention_recall" not in zh.scores
    assert "citation_recall" not in zh.scores  # nothing was said that could be grounded


def test_turns_are_asked_with_the_questions_before_them() -> None:
    turn = case("187亿")
    later = Case(**{f: getattr(turn, f) for f in Case.__slots__} | {"history": {ZH: ("先问",)}})
    scripted = Scripted(RIGHT, RIGHT)
    run_cases([later], scripted, STAND)
    assert scripted.asked == [("c问？", ("先问",)), ("c asks?", ())]


def test_a_case_is_asked_in_its_own_languages_only() -> None:
    asked = case("187亿")
    chinese = Case(**{f: getattr(asked, f) for f in Case.__slots__} | {"questions": {ZH: "问？"}})
    (only,) = run_cases([chinese], Scripted(RIGHT), STAND)
    assert only.language is ZH


def test_the_stand_of_a_pipeline_knows_every_retrieved_chunk(pipeline: Pipeline) -> None:
    stand = stand_of(pipeline)
    for scored in pipeline.retrieve("仓储机器人"):
        place = stand.chunks[scored.chunk.chunk_id]
        document = stand.sources.source(place.doc_id).document
        assert document.text[place.start : place.end] == scored.chunk.text
    assert isinstance(place, Place)


def reason_of(asked: Case, answer: Answer | None) -> Reason | None:
    return failure_reason(score_answer(asked, ZH, answer, STAND))


@pytest.mark.parametrize(
    ("asked", "answer", "reason"),
    [
        (case("187亿"), RIGHT, None),
        (case(answerable=False), DECLINED, None),
        (case("187亿"), None, Reason.CRASHED),
        (case(answerable=False), RIGHT, Reason.FALSE_ANSWER),
        (case("187亿"), DECLINED, Reason.NOT_RETRIEVED),
        (case("电商"), reply("187亿 [1]", cite(1, "23.8")), Reason.NOT_RETRIEVED),
        (
            case("187亿"),
            reply("26% [1]", cite(1, "23.8"), chunk_ids=["d#0"]),
            Reason.OTHER_EVIDENCE,
        ),
        (case("187亿", "26%"), reply("187亿 [1]", chunk_ids=["d#0"]), Reason.FACT_MISSING),
        (case("187亿", polarity="no"), reply("是的，187亿 [1]"), Reason.WRONG_POLARITY),
        (case("187亿"), reply("The market was worth 187亿 in that year"), Reason.LANGUAGE),
        (case("187亿"), reply("187亿" + "字" * 300), Reason.LONG),
    ],
)
def test_a_failure_has_the_first_reason_that_fits(
    asked: Case, answer: Answer | None, reason: Reason | None
) -> None:
    assert reason_of(asked, answer) is reason


def test_declining_what_was_read_is_another_failure_than_not_finding_it() -> None:
    read = Answer("q", "没有", ZH, DECLINED.status, trace=RIGHT.trace)
    assert reason_of(case("187亿"), read) is Reason.DECLINED


def test_a_sample_keeps_kinds_and_order() -> None:
    cases = [case("x", case_id=f"n{n}") for n in range(30)]
    cases += [case("x", case_id=f"d{n}", kind="date") for n in range(10)]
    sample = spread_sample(cases, 8)
    assert [c.kind for c in sample] == ["number"] * 6 + ["date"] * 2
    assert [c.case_id for c in sample] == [c.case_id for c in cases if c in sample]
    assert spread_sample(cases, 8) == sample
    assert spread_sample(cases, None) == spread_sample(cases, 99) == cases
    assert spread_sample(cases, 0) == []


def test_the_document_of_these_tests_is_read_as_they_expect() -> None:
    assert {block.section for block in DOCUMENT.blocks} >= {("报告", "市场规模"), ("报告", "产品")}
    assert EN in case("x").questions
