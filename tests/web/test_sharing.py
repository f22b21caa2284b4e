"""Several processes of the web app over one index: in a folder, and in a Milvus."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build_index
from index.encoder import HashEncoder
from index.migrate import migrate
from index.place import MilvusPlace
from rag.settings import Settings
from tests.milvus_server import run_milvus
from web.service import Assistant

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "蜂鸟科技2024年营业收入是多少？"
REPORT = "蜂鸟科技2024年营业收入为7.7亿元。"

OTHER = """
import json, os, sys
from rag.settings import Settings
from web.service import Assistant
assistant = Assistant(Settings.from_env(os.environ))
for line in sys.stdin:
    command, *arguments = json.loads(line)
    if command == "add":
        done = assistant.add([(arguments[0], arguments[1].encode())]).added
    elif command == "remove":
        done = assistant.remove(*arguments).removed
    else:
        done = assistant.answer(*arguments).text
    print(json.dumps([done, assistant.generation]), flush=True)
"""


class Other:
    """An assistant in another process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def do(self, *command: str) -> list[object]:
        """Return what came of a command, and the generation it was done on."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the other process has died"
        return list(json.loads(line))


@contextmanager
def another_process(settings: Settings) -> Iterator[Other]:
    environment = {
        **os.environ,
        "RAG_ENCODER": settings.encoder,
        "RAG_INDEX_DIR": str(settings.index_dir),
        "RAG_STORE": settings.store,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER], cwd=ROOT, env=environment, text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        try:
            yield Other(process)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusPlace]:
    pytest.importorskip("pymilvus")
    with run_milvus(tmp_path_factory.mktemp("server")) as place:
        yield place


@pytest.fixture(params=["folder", "milvus"])
def settings(request: pytest.FixtureRequest, index_dir: Path) -> Settings:
    """An index of the tiny corpus that several processes may open."""
    settings = Settings(index_dir=index_dir, encoder="hash")
    if request.param == "folder":
        return settings
    server = request.getfixturevalue("server")
    settings = replace(settings, store=f"milvus:{server.uri}?team={index_dir.parent.name[:60]}")
    migrate(index_dir, settings.place, HashEncoder())
    return settings


def test_what_one_process_changes_the_others_answer_from(settings: Settings) -> None:
    assistant = Assistant(settings)
    before = assistant.answer(QUESTION)
    generation = assistant.generation
    with another_process(settings) as other:
        assert other.do("answer", QUESTION) == [before.text, generation]
        # The other process adds: this one sees it.
        assert other.do("add", "hummingbird.txt", REPORT) == [["hummingbird"], generation + 1]
        answer = assistant.answer(QUESTION)
        assert "7.7亿元" in answer.text
        assert assistant.document("hummingbird").text[
            answer.citations[0].start : answer.citations[0].end
        ] == answer.citations[0].quote  # fmt: skip
        assert assistant.source("hummingbird") == REPORT.encode()
        # This one removes: the other sees it.
        assistant.remove("hummingbird")
        assert other.do("answer", QUESTION) == [before.text, generation + 2]
        # An answer that was begun is finished on the index it was begun on.
        pipeline = assistant.pipeline
        assert other.do("remove", "zh_warehouse")[0] == ["zh_warehouse"]
        question = "2023年国内仓储机器人市场规模是多少？"
        assert "187亿元" in pipeline.answer(question).text
        assert "187亿元" not in assistant.answer(question).text


def test_an_index_that_another_encoder_has_rebuilt_leaves_the_old_one_serving(
    settings: Settings, documents_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = Assistant(settings)
    question = "2023年国内仓储机器人市场规模是多少？"
    expected = assistant.answer(question)
    build_index(documents_dir, settings.place, HashEncoder(dim=64))
    assert assistant.answer(question).text == expected.text
    assert assistant.generation == 1
    assert "generation 1 goes on serving" in caplog.text
    assert "hash-64" in caplog.text
