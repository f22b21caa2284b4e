import json
import re
from pathlib import Path

import pytest

from index.__main__ import main as index_main
from rag.__main__ import main
from tests.tiny_corpus import markers


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RAG_TOP_K", "RAG_INDEX_DIR", "RAG_LLM", "RAG_MAX_QUESTION_CHARS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RAG_ENCODER", "hash")


def test_a_question_prints_the_answer_and_its_quote(
    index_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["2023年国内仓储机器人市场规模是多少？", "--index", str(index_dir)]) == 0
    out = capsys.readouterr().out
    assert "187亿元" in out
    assert re.search(r"^\[1\] .*仓储机器人：需求拐点已至", out, re.MULTILINE)
    assert "“2023年国内仓储机器人市场规模达到187亿元" in out


def test_json_holds_the_whole_answer(index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["What is the price of the Heron 4?", "--json", "--index", str(index_dir)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["status"] == "answered"
    assert said["language"] == "en"
    assert markers(said["text"]) == {citation["marker"] for citation in said["citations"]}
    assert {"quote", "doc_id", "title", "issuer", "date", "page", "section", "start", "end",
            "translation"} <= said["citations"][0].keys()  # fmt: skip


def test_declining_is_no_error(index_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["What is the capital of France?", "--json", "--index", str(index_dir)]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "not_in_corpus"


@pytest.mark.parametrize(
    ("arguments", "env", "message"),
    [
        ([""], {}, "empty"),
        (["长" * 5000], {}, "5000"),
        (["q"], {"RAG_TOPK": "3"}, "RAG_TOPK"),
        (["q"], {"RAG_TOP_K": "many"}, "many"),
    ],
    ids=["empty", "too long", "unknown setting", "bad value"],
)
def test_an_error_is_one_line_on_stderr(
    arguments: list[str],
    env: dict[str, str],
    message: str,
    index_dir: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert main([*arguments, "--index", str(index_dir)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert "Traceback" not in captured.err
    assert len(captured.err.strip().split("\n")) == 1


def test_a_folder_without_an_index_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["q", "--index", str(tmp_path)]) == 1
    assert "index build" in capsys.readouterr().err


def test_the_index_commands_in_turn(
    documents_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(tmp_path / "built")]
    assert index_main(["build", "--documents", str(documents_dir), *index]) == 0
    mine = tmp_path / "mine.txt"
    mine.write_text("蜂鸟科技2024年营收为7.7亿元。", encoding="utf-8")
    assert index_main(["add", str(mine), *index]) == 0
    capsys.readouterr()
    assert index_main(["list", *index]) == 0
    listed = capsys.readouterr().out
    assert re.search(r"^\+ mine ", listed, re.MULTILINE)
    assert "海岳证券" in listed
    assert "2024-03-05" in listed
    assert index_main(["check", *index]) == 0
    assert "0 个问题" in capsys.readouterr().out
    assert index_main(["remove", "mine", *index]) == 0
    assert index_main(["remove", "mine", *index]) == 1
    assert "'mine'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["list", "check", "remove x"])
def test_index_commands_without_an_index_say_how_to_build_one(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert index_main([*command.split(), "--index", str(tmp_path)]) == 1
    assert "index build" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_skipped_and_said(
    index_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("蜂鸟科技2024年营收为7.7亿元。", encoding="utf-8")
    missing = tmp_path / "gone.txt"
    assert index_main(["add", str(missing), str(mine), "--index", str(index_dir)]) == 1
    captured = capsys.readouterr()
    assert "gone.txt" in captured.err
    assert "新增/added 1" in captured.out


def test_a_damaged_index_is_reported_without_a_traceback(
    index_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = index_dir / "reports.sqlite"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = b"\x00" * (len(data) - len(data) // 2)
    path.write_bytes(data)
    assert index_main(["check", "--index", str(index_dir)]) == 1
    captured = capsys.readouterr()
    assert captured.out + captured.err


def test_a_question_may_be_limited_to_an_issuer_and_to_dates(
    index_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["2023年国内仓储机器人市场规模是多少？", "--json", "--index", str(index_dir)]

    def status(*limits: str) -> str:
        assert main([*asked, *limits]) == 0
        return str(json.loads(capsys.readouterr().out)["status"])

    assert status("--issuer", "海岳证券") == "answered"
    assert status("--issuer", "海岳证券", "--since", "2024", "--until", "2024-03") == "answered"
    assert status("--issuer", "东吴证券") == "not_in_corpus"
    assert status("--until", "2024-02") == "not_in_corpus"
    assert status("--document", "no-such-id") == "not_in_corpus"


def test_a_date_that_is_none_is_refused(
    index_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["q", "--since", "soon", "--index", str(index_dir)]) == 1
    assert "'soon'" in capsys.readouterr().err
