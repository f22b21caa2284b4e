import json
from pathlib import Path

import pytest

from eval.__main__ import main


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, index_dir: Path) -> None:
    monkeypatch.setenv("RAG_ENCODER", "hash")
    monkeypatch.setenv("RAG_INDEX_DIR", str(index_dir))


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    record = {
        "id": "tiny-1",
        "kind": "number",
        "split": "dev",
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


def test_cases_are_asked_and_reported(
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


def test_a_bad_cases_file_is_one_line_of_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--cases", str(tmp_path / "none.jsonl")]) == 1
    assert "no such file" in capsys.readouterr().err
