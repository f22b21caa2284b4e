import json
from pathlib import Path

import pytest

from corpus.schema import Document, Language
from eval.cases import CASES_DIR, Case, CaseError, load_cases
from eval.metrics import holds_fact, normalise

RECORD = {
    "id": "x-001",
    "kind": "number",
    "split": "dev",
    "difficulty": 1,
    "questions": {"zh": "多少？", "en": "How many?"},
    "answerable": True,
    "facts": [{"zh": ["三"], "en": ["3"]}, {"zh": ["四"], "en": ["4"]}],
    "evidence": [{"doc_id": "d", "quote": "三和四", "row": "r"}],
}


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [*load_cases(CASES_DIR / "dev.jsonl"), *load_cases(CASES_DIR / "test.jsonl")]


def test_a_line_becomes_a_case(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path / "a.jsonl", json.dumps(RECORD, ensure_ascii=False), ""))
    assert case.case_id == "x-001"
    assert case.questions[Language.ZH] == "多少？"
    assert case.facts[1].forms[Language.EN] == ("4",)
    assert case.min_facts == 2  # all of them, unless the case says otherwise
    assert (case.evidence[0].row, case.evidence[0].column) == ("r", "")


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "3", json.dumps({**RECORD, "questions": {"fr": "?"}}), json.dumps({"id": "x"})],
)
def test_a_bad_line_is_named_by_file_and_number(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps(RECORD), line)
    with pytest.raises(CaseError, match=r"a\.jsonl:2"):
        load_cases(path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such file"):
        load_cases(tmp_path / "none.jsonl")


def test_there_are_cases_over_all_reports_in_both_languages(
    cases: list[Case], shipped: dict[str, Document]
) -> None:
    assert len(cases) >= 60
    assert {span.doc_id for case in cases for span in case.evidence} == set(shipped)
    assert all(set(case.questions) == set(Language) for case in cases)
    assert len({case.case_id for case in cases}) == len(cases)
    questions = [text for case in cases for text in case.questions.values()]
    assert len(set(questions)) == len(questions)


def test_unanswerable_cases_have_no_facts_and_the_others_have_evidence(cases: list[Case]) -> None:
    for case in cases:
        assert case.answerable == bool(case.facts)
        assert case.answerable == bool(case.evidence)
        assert case.min_facts <= len(case.facts)


def test_every_quote_is_in_its_report(cases: list[Case], shipped: dict[str, Document]) -> None:
    texts = {doc_id: normalise(document.text) for doc_id, document in shipped.items()}
    missing = [
        (case.case_id, span.quote[:40])
        for case in cases
        for span in case.evidence
        if normalise(span.quote) not in texts[span.doc_id]
    ]
    assert not missing


def test_no_question_gives_its_own_answer_away(cases: list[Case]) -> None:
    for case in cases:
        for language in Language:
            held = [holds_fact(case.questions[language], fact, language) for fact in case.facts]
            assert not case.facts or sum(held) < case.min_facts, case.case_id
