from dataclasses import replace
from pathlib import Path

import pytest

from eval.judge import (
    JudgeError,
    check_judge,
    judge_answer,
    judge_command,
    load_labels,
    run_judge,
)
from eval.record import record_result, save_record
from eval.runner import score_answer
from tests.eval.made import QUOTE, STAND, ZH, case, reply, run

LABELS = load_labels()


class Model:
    """A judge that says what a function of the prompt says."""

    def __init__(self, say) -> None:
        self._say = say

    def reply(self, system: str, user: str) -> str:
        return self._say(user)


def knows(user: str) -> str:
    return (
        "SUPPORTED"
        if any(label.answer in user for label in LABELS if label.supported)
        else "UNSUPPORTED"
    )


def test_there_are_forty_labels_half_of_each_kind() -> None:
    assert len(LABELS) == 40
    assert sum(label.supported for label in LABELS) == 20
    assert len({label.id for label in LABELS}) == 40


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("SUPPORTED", True), ("unsupported.", False), ("NOT SUPPORTED", False), ("Verdict: SUPPORTED", True),
     ("I cannot say", None), ("", None)],
)  # fmt: skip
def test_a_verdict_is_read_from_a_reply(said: str, verdict: bool | None) -> None:
    assert judge_answer(Model(lambda _: said), "q", "e", "a") is verdict


def test_a_judge_that_knows_agrees_and_one_that_says_yes_to_all_is_no_better_than_chance() -> None:
    good = check_judge(Model(knows), LABELS)
    assert (good.accuracy, good.kappa, good.disagreed) == (1.0, 1.0, ())
    lazy = check_judge(Model(lambda _: "SUPPORTED"), LABELS)
    assert (lazy.accuracy, lazy.kappa) == (1 / 2, 0.0)
    silent = check_judge(Model(lambda _: "?"), LABELS)
    assert silent.accuracy == 0.0


def test_only_a_judge_that_agrees_judges_a_run(tmp_path: Path) -> None:
    answers = [reply(f"{QUOTE} [1]"), reply("胡说 [1]")]
    records = [
        record_result(
            score_answer(case("187亿", case_id=f"c{n}"), ZH, answer, STAND), {}, with_texts=True
        )
        for n, answer in enumerate(answers)
    ]
    path = tmp_path / "run.json"
    save_record(run(*records, replace(records[0], texts=None)), path)
    code, said = run_judge(Model(lambda _: "SUPPORTED"), LABELS, path)
    assert code == 1
    assert "nothing was judged" in said

    def judge(user: str) -> str:
        return "SUPPORTED" if f"<answer>\n{QUOTE} [1]" in user else knows(user)

    code, said = run_judge(Model(judge), LABELS, path)
    assert code == 0
    assert "2 answers judged: 0.500 supported" in said
    assert "c1 zh" in said


def test_without_a_model_the_command_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAG_LLM", raising=False)
    with pytest.raises(JudgeError, match="RAG_LLM"):
        judge_command([])
