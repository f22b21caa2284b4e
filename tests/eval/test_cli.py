import json
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.commands import COMMANDS
from tests.rag.llm.chat_server import Reply, chat_server


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, index_dir: Path) -> None:
    monkeypatch.setenv("RAG_ENCODER", "hash")
    monkeypatch.setenv("RAG_INDEX_DIR", str(index_dir))
    monkeypatch.delenv("RAG_LLM", raising=False)


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    record = {
        "id": "tiny-1",
        "kind": "number",
        "split": "own",
        "questions": {
            "zh": "2023年国内仓储机器人市场规模是多少？",
            "en": "What is the capital of France?",
        },
        "answerable": True,
        "facts": [{"zh": ["187亿"], "en": ["Paris"]}],
        "evidence": [{"doc_id": "zh_warehouse", "quote": "市场规模达到187亿元"}],
    }
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_cases_are_asked_reported_and_drawn(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    assert main(["--cases", str(cases_file), "--out", str(out), "--failures"]) == 0
    said = capsys.readouterr().out
    assert "zh answerable" in said
    assert "median" in said
    assert "tiny-1 en" in said  # the one that failed
    results = json.loads(out.read_text(encoding="utf-8"))["results"]
    assert [result["correct"] for result in results] == [True, False]
    page = out.with_suffix(".html").read_text(encoding="utf-8")
    assert "What is the capital of France?" in page


def test_a_second_run_is_compared_with_the_first(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    arguments = ["--cases", str(cases_file), "--no-page", "--out"]
    assert main([*arguments, str(first)]) == 0
    assert "since" not in capsys.readouterr().out
    assert main([*arguments, str(second)]) == 0
    assert "since 1.json: +0.000" in capsys.readouterr().out
    assert not first.with_suffix(".html").exists()
    assert main(["--compare", str(first), str(second)]) == 0
    assert "2 questions in both runs" in capsys.readouterr().out


def test_a_run_of_other_questions_is_compared_with_nothing(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--cases", str(cases_file), "--no-page", "--out"]
    assert main([*arguments, str(tmp_path / "1.json")]) == 0
    text = cases_file.read_text(encoding="utf-8")
    cases_file.write_text(text.replace("tiny-1", "tiny-2"), encoding="utf-8")
    capsys.readouterr()
    assert main([*arguments, str(tmp_path / "2.json")]) == 0
    assert "since" not in capsys.readouterr().out


def test_evidence_that_the_index_lacks_is_said(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--cases", str(cases_file), "--no-page", "--out", str(tmp_path / "o.json")]
    assert main(arguments) == 0
    assert "evidence" not in capsys.readouterr().err
    text = cases_file.read_text(encoding="utf-8").replace("187亿元", "188亿元")
    cases_file.write_text(text, encoding="utf-8")
    assert main(arguments) == 0
    assert "tiny-1" in capsys.readouterr().err


def test_baselines_stand_in_the_same_run(
    cases_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    arguments = ["--cases", str(cases_file), "--out", str(out)]
    assert main([*arguments, "--baselines", "--baseline-model", "hash"]) == 0
    assert "LangChain recipe" in capsys.readouterr().out
    assert "BM25 over jieba" in out.with_suffix(".html").read_text(encoding="utf-8")


def test_a_model_is_asked_with_llm_and_only_then(
    cases_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.json"
    arguments = ["--cases", str(cases_file), "--no-page", "--out", str(out)]
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("RAG_LLM", "openai:m")
    with chat_server() as server:
        server.play = lambda body, number: Reply("我不知道。")
        monkeypatch.setenv("RAG_LLM_BASE_URL", server.url)
        assert main(arguments) == 0
        assert server.requests == []
        assert json.loads(out.read_text(encoding="utf-8"))["settings"]["llm"] == ""
        assert main([*arguments, "--llm"]) == 0
        assert server.requests
    record = json.loads(out.read_text(encoding="utf-8"))
    assert record["settings"]["llm"] == "openai:m"
    assert server.url not in out.read_text(encoding="utf-8")  # an address may hold a secret
    assert record["results"][0]["passed"]  # the offline answer, since the model gave none


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cases", "none.jsonl"], "no such file"),
        (["--split", "train"], "dev and test"),
        (["--llm"], "RAG_LLM"),
        (["--compare", "a.json", "b.json"], "no record"),
        (["judge"], "RAG_LLM"),
        (["check", "none.jsonl"], "no such file"),
        (["new", "--feedback", "none.jsonl"], "no such file"),
    ],
)
def test_what_is_wrong_is_one_line_of_error(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_shows_its_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command.split(), "--help"])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    assert "usage: python -m eval" in said
    if not command:
        assert all(f"python -m eval {name}" in said for name in COMMANDS)
