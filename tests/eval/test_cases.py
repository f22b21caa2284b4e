import json
from pathlib import Path

import pytest

from corpus.schema import Document, Language
from eval.cases import CASES_DIR, CaseError, load_cases, load_split
from eval.checker import check_cases, check_command
from tests.eval.made import DOCUMENT

RECORD = {
    "id": "x-001",
    "kind": "number",
    "split": "dev",
    "difficulty": 1,
    "questions": {"zh": "多少？", "en": "How many?"},
    "answerable": True,
    "facts": [{"zh": ["187亿"], "en": ["18.7 billion"]}],
    "evidence": [{"doc_id": "d", "quote": "2023年市场规模达到187亿元", "row": "r"}],
}
NO_ANSWER = {**RECORD, "kind": "unanswerable", "answerable": False, "facts": [], "evidence": []}


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_line_becomes_a_case(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path / "a.jsonl", json.dumps(RECORD, ensure_ascii=False), ""))
    assert case.case_id == "x-001"
    assert case.questions[Language.ZH] == "多少？"
    assert case.facts[0].forms[Language.EN] == ("18.7 billion",)
    assert case.min_facts == 1  # all of them, unless the case says otherwise
    assert (case.evidence[0].row, case.evidence[0].column, case.evidence[0].page) == ("r", "", None)


def test_every_turn_of_a_conversation_becomes_a_case_with_the_questions_before_it(
    tmp_path: Path,
) -> None:
    asked = [{**RECORD, "questions": {"zh": f"问{n}", "en": f"ask {n}"}} for n in (1, 2, 3)]
    talk = {"id": "conv-1", "split": "test", "turns": asked}
    cases = load_cases(write(tmp_path / "a.jsonl", json.dumps(talk)))
    assert [case.case_id for case in cases] == ["conv-1.1", "conv-1.2", "conv-1.3"]
    assert {case.split for case in cases} == {"test"}
    assert [case.history.get(Language.EN) for case in cases] == [(), ("ask 1",), ("ask 1", "ask 2")]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "3",
        json.dumps({**RECORD, "questions": {"fr": "?"}}),
        json.dumps({"id": "x"}),
        json.dumps({**RECORD, "facts": [{"zh": [" "]}]}),
    ],
)
def test_a_bad_line_is_named_by_file_and_number(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps(RECORD), line)
    with pytest.raises(CaseError, match=r"a\.jsonl:2"):
        load_cases(path)


def test_a_missing_file_and_an_unknown_split_are_errors(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such file"):
        load_cases(tmp_path / "none.jsonl")
    with pytest.raises(CaseError, match="dev and test"):
        load_split("train")


def test_the_shipped_cases_are_all_right(shipped: dict[str, Document]) -> None:
    cases = [*load_split("dev"), *load_split("test")]
    assert list(check_cases(cases, shipped)) == []
    assert {span.doc_id for case in cases for span in case.evidence} == set(shipped)
    assert all(set(case.questions) == set(Language) for case in cases)
    answerable = [case for case in cases if case.answerable]
    assert len(answerable) >= 240
    assert len(cases) - len(answerable) >= 80


def problems(record: dict) -> list[str]:
    path_cases = list(_cases(record))
    return [problem for _, problem in check_cases(path_cases, {"d": DOCUMENT})]


def _cases(record: dict):
    from eval.cases import read_record

    return read_record(record)


def test_a_good_case_has_no_problem() -> None:
    assert problems({**RECORD, "evidence": [{"doc_id": "d", "quote": "达到187亿元"}]}) == []
    assert problems(NO_ANSWER) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "riddle"}, "unknown"),
        ({"questions": {}}, "question is missing"),
        ({"facts": []}, "have facts and evidence"),
        ({"min_facts": 2}, "min_facts is 2 of 1"),
        ({"kind": "unanswerable"}, "does not go with"),
        ({"kind": "yes_no"}, "polarity"),
        ({"facts": [{"zh": ["187亿"], "en": []}]}, "no form"),
        ({"evidence": [{"doc_id": "e", "quote": "x"}]}, "no document 'e'"),
        ({"evidence": [{"doc_id": "d", "quote": "188亿元"}]}, "not in d"),
        ({"evidence": [{"doc_id": "d", "quote": "31.5", "row": "蓝隼 A3"}]}, "蓝隼 A3"),
        ({"evidence": [{"doc_id": "d", "quote": "同比增长26%"}]}, "does not state the fact"),
        ({"questions": {"zh": "是187亿吗？", "en": "How many?"}}, "question alone passes"),
        ({"facts": [{"zh": ["没有"], "en": ["say"]}]}, "refusal alone passes"),
    ],
)
def test_a_case_that_would_mislead_is_named(change: dict, said: str) -> None:
    if "evidence" not in change and change.get("facts") != []:
        change = {"evidence": [{"doc_id": "d", "quote": "达到187亿元"}], **change}
    assert any(said in problem for problem in problems({**RECORD, **change}))


def test_ids_and_questions_are_unique() -> None:
    good = {**RECORD, "evidence": [{"doc_id": "d", "quote": "达到187亿元"}]}
    twice = [*_cases(good), *_cases(good)]
    said = [problem for _, problem in check_cases(twice, {"d": DOCUMENT})]
    assert sum("same id" in problem for problem in said) == 2
    assert sum("occurs twice" in problem for problem in said) == 2


def test_the_command_names_problems_and_files(tmp_path: Path, documents_dir: Path) -> None:
    bad = write(tmp_path / "a.jsonl", json.dumps(RECORD))
    code, said = check_command([str(bad), "--documents", str(documents_dir)])
    assert code == 1
    assert "x-001: there is no document 'd'" in said
    good = write(tmp_path / "b.jsonl", json.dumps(NO_ANSWER))
    assert check_command([str(good), "--documents", str(documents_dir)])[0] == 0


def test_the_shipped_files_are_where_the_readme_says() -> None:
    assert (CASES_DIR / "README.md").is_file()
    assert {path.name for path in CASES_DIR.glob("*.jsonl")} >= {"dev.jsonl", "test.jsonl"}
