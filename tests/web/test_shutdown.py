"""SIGTERM ends in order: no new questions, answers in work are finished or told, exit code 0."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.rag.llm.chat_server import ChatServer, Reply, chat_server, evidence_id
from tests.web.conftest import ROOT, _await_port

pytestmark = pytest.mark.slow

QUESTION = "蓝隼 A5 的售价是多少？"
CANARY = "sk-canary-5e1f0d7a"
BODY = {"messages": [{"role": "user", "content": QUESTION}], "stream": True}


@pytest.fixture
def model() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture
def server(index_dir: Path, model: ChatServer) -> Iterator[Any]:
    """The application with a language model, as a process that the test ends itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = index_dir.parent / "server.log"
    settings = {
        "RAG_INDEX_DIR": str(index_dir), "RAG_ENCODER": "hash", "RAG_LLM": "openai:m",
        "RAG_LLM_BASE_URL": model.url, "OPENAI_API_KEY": CANARY, "RAG_AUTH": "ann:geheim-77",
    }  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port)],
            cwd=ROOT, env={**os.environ, **settings}, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    _await_port(process, port, log)
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        timeout=60,
        headers={"authorization": "Bearer geheim-77"},
    )
    yield process, client, log
    client.close()
    process.kill()
    process.wait()


def events_of(lines: Iterator[str]) -> list[Any]:
    found: list[Any] = []
    for line in lines:
        if line.startswith("data: "):
            data = line.removeprefix("data: ")
            found.append(data if data == "[DONE]" else json.loads(data))
    return found


def test_a_stream_that_is_under_way_is_finished_and_new_questions_are_refused(
    server: Any, model: ChatServer
) -> None:
    process, client, log = server
    asked = threading.Event()

    def play(body: dict[str, Any], number: int) -> Reply:
        asked.set()
        said = evidence_id(body, "31.5")
        return Reply(f"蓝隼 A5 售价31.5万元[{said}]。", piece_chars=3, pause_s=0.15)

    model.play = play
    with client.stream("POST", "/v1/chat/completions", json=BODY) as reply:
        assert reply.status_code == 200
        assert asked.wait(60)
        process.send_signal(signal.SIGTERM)
        refused = []
        while not refused or refused[-1].status_code != 503:
            refused.append(client.get("/readyz"))
            assert len(refused) < 100
        late = client.post("/v1/chat/completions", json=BODY)
        assert late.status_code == 503
        assert int(late.headers["retry-after"]) > 0
        assert client.get("/healthz").text == "ok"
        events = events_of(reply.iter_lines())
    text = "".join(event["choices"][0]["delta"].get("content", "") for event in events[:-1])
    assert "31.5" in text
    assert events[-1] == "[DONE]"
    assert events[-2]["choices"][0]["finish_reason"] == "stop"
    assert process.wait(30) == 0
    lines = [json.loads(x) for x in log.read_text(encoding="utf-8").splitlines() if x[:1] == "{"]
    assert [line["outcome"] for line in lines if line["event"] == "question"] == [
        "ShuttingDown", "answered",
    ]  # fmt: skip


def test_a_stream_that_never_ends_is_told_so_and_no_key_shows_anywhere(
    server: Any, model: ChatServer
) -> None:
    process, client, log = server
    asked = threading.Event()

    def play(body: dict[str, Any], number: int) -> Reply:
        asked.set()
        return Reply("蓝隼 A5 售价", piece_chars=3, silent_after=1)

    model.play = play
    with client.stream("POST", "/v1/chat/completions", json=BODY) as reply:
        assert asked.wait(60)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        events = events_of(reply.iter_lines())
    assert events[-1] == "[DONE]"
    assert "shutting down" in events[-2]["error"]["message"]
    assert process.wait(30) == 0
    assert time.monotonic() - began < 40
    model.release.set()
    said = log.read_text(encoding="utf-8") + json.dumps(events)
    for secret in (CANARY, "geheim-77"):
        assert secret not in said
