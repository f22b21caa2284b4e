"""Writing cases: the questions asked, what is kept, and what is refused."""

import json
from pathlib import Path

import pytest

from eval.cases import CaseError, load_cases
from eval.new_case import read_votes, write_case
from rag.schema import Answer
from tests.eval.made import DOCUMENT, reply
from web.feedback import save_feedback  # the file that the page writes

DOCUMENTS = {"d": DOCUMENT}


class Typed:
    """Answers prompts with given lines, then with EOF. Keeps the prompts."""

    def __init__(self, *lines: str) -> None:
        self._lines = list(lines)
        self.prompts: list[str] = []

    def __call__(self, prompt: str) -> str:
        self.prompts.append(prompt)
        if not self._lines:
            raise EOFError
        return self._lines.pop(0)


GOOD = ("市场规模多大？", "How big is the market?", "", "1", "187亿", "18.7 billion|18.7bn", "",
        "2023年市场规模达到187亿元", "")  # fmt: skip


def test_a_case_is_asked_for_checked_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    assert write_case(Typed(*GOOD), DOCUMENTS, path, {})
    assert write_case(Typed("东方明珠的营收？", "", "n"), DOCUMENTS, path, {})
    first, second = load_cases(path)
    assert (first.case_id, second.case_id) == ("my-001", "my-002")
    assert first.kind == "number"
    assert first.evidence[0].doc_id == "d"
    assert len(next(iter(first.facts)).forms) == 2
    assert not second.answerable
    assert len(second.questions) == 1


def test_a_table_cell_is_asked_for_its_labels(tmp_path: Path) -> None:
    lines = ("A5卖多少钱？", "", "", "table_cell", "31.5", "", "31.5", "蓝隼 A5", "售价", "")
    assert write_case(Typed(*lines), DOCUMENTS, tmp_path / "a.jsonl", {})
    (case,) = load_cases(tmp_path / "a.jsonl")
    assert (case.evidence[0].row, case.evidence[0].column) == ("蓝隼 A5", "售价")


def test_a_quote_that_no_report_holds_is_asked_for_again(tmp_path: Path) -> None:
    lines = [*GOOD[:-2], "市场规模达到188亿元", "", *GOOD[-2:]]
    typed = Typed(*lines)
    assert write_case(typed, DOCUMENTS, tmp_path / "a.jsonl", {})
    assert any("no report holds this text" in prompt for prompt in typed.prompts)


def test_a_case_that_would_mislead_is_not_kept(tmp_path: Path) -> None:
    lines = ("规模是187亿吗？", "", "", "1", "187亿", "", "2023年市场规模达到187亿元", "", "")
    typed = Typed(*lines)
    assert not write_case(typed, DOCUMENTS, tmp_path / "a.jsonl", {})
    assert "question alone passes" in typed.prompts[-1]
    assert not (tmp_path / "a.jsonl").exists()


def test_votes_of_the_page_become_cases(tmp_path: Path) -> None:
    bad: Answer = reply("26% [1]")
    assert save_feedback(tmp_path, bad, "bad", "wrong figure")
    assert save_feedback(tmp_path, bad, "bad", "again")
    assert save_feedback(tmp_path, reply("187亿 [1]"), "good", "")
    votes = list(read_votes(tmp_path / "feedback.jsonl", "bad"))
    assert len(votes) == 1  # the same question once
    typed = Typed("y", "How big?", "", "1", "187亿", "18.7 billion", "", "达到187亿元", "")
    assert write_case(typed, DOCUMENTS, tmp_path / "a.jsonl", votes[0])
    (case,) = load_cases(tmp_path / "a.jsonl")
    assert sorted(case.questions.values()) == ["How big?", "q"]
    assert "wrong figure" in typed.prompts[0]
    assert not write_case(Typed("n"), DOCUMENTS, tmp_path / "a.jsonl", votes[0])


def test_what_is_no_file_of_votes_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such file"):
        list(read_votes(tmp_path / "none.jsonl", "bad"))
    path = tmp_path / "f.jsonl"
    path.write_text(json.dumps({"vote": "bad"}) + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"f\.jsonl:1"):
        list(read_votes(path, "bad"))


def test_stopping_in_the_middle_keeps_nothing_half(tmp_path: Path) -> None:
    with pytest.raises(EOFError):
        write_case(Typed(*GOOD[:5]), DOCUMENTS, tmp_path / "a.jsonl", {})
    assert not (tmp_path / "a.jsonl").exists()
