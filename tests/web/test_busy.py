"""What programs see: filters that hold, "busy" with a time to come back, and never a key."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from corpus.errors import AssistantError
from index.errors import FilterError
from web.admission import Limits
from web.logs import JsonLines
from web.openai_api import add_openai_routes
from web.probes import add_probes
from web.programs import filters_of
from web.security import Guard
from web.service import Assistant

QUESTION = "2023年国内仓储机器人市场规模是多少？"
BODY = {"messages": [{"role": "user", "content": QUESTION}]}
CANARY = "sk-canary-77aa55ee"


def client_of(assistant: Assistant) -> TestClient:
    app = FastAPI()
    add_openai_routes(app, assistant)
    add_probes(app, assistant)
    guarded = Guard(
        app, loopback_only=True, max_body_bytes=10_000, max_upload_bytes=1,
        is_busy=lambda: assistant.admission.is_full,
    )  # fmt: skip
    return TestClient(guarded, base_url="http://127.0.0.1", raise_server_exceptions=False)


def test_a_full_queue_is_said_with_a_time_to_come_back(assistant: Assistant) -> None:
    visitor = client_of(assistant)
    assert visitor.get("/readyz").json()["busy"] is False
    assistant.admission.limits = Limits(0, 0)
    assert visitor.get("/readyz").json()["busy"] is True
    for path in ("/v1/chat/completions", "/gradio_api/call/answer", "/gradio_api/run/search"):
        reply = visitor.post(path, json=BODY)
        assert reply.status_code == 503
        assert int(reply.headers["retry-after"]) > 0
    assert visitor.post("/gradio_api/queue/join", json={}).status_code == 404  # the page passes
    said = visitor.post("/v1/chat/completions", json=BODY).json()["error"]
    assert said["type"] == "server_busy"
    assert "人太多" in said["message"]


def test_a_server_that_ends_is_not_ready_but_alive(assistant: Assistant) -> None:
    visitor = client_of(assistant)
    assert visitor.get("/readyz").status_code == 200
    assistant.admission.close(0)
    assert visitor.get("/readyz").status_code == 503
    assert visitor.get("/healthz").text == "ok"
    assert visitor.post("/v1/chat/completions", json=BODY).status_code == 503


def test_a_server_without_its_index_is_not_ready(assistant: Assistant) -> None:
    (assistant.settings.index_dir / "reports.sqlite").rename(assistant.settings.index_dir / "away")
    reply = client_of(assistant).get("/readyz")
    assert reply.status_code == 503
    assert str(assistant.settings.index_dir) not in reply.text


def test_a_chat_client_can_restrict_the_reports_that_are_read(assistant: Assistant) -> None:
    visitor = client_of(assistant)
    found = visitor.post("/v1/chat/completions", json=BODY).json()["choices"][0]["message"]
    doc_id, cited = found["citations"][0]["doc_id"], found["citations"][0]
    for filters, is_there in (
        ({"documents": [doc_id]}, True),
        ({"documents": ["other"]}, False),
        ({"issuers": [cited["issuer"]]}, True),
        ({"issuers": ["Nobody Securities"]}, False),
        ({"date_from": cited["date"], "date_to": cited["date"]}, True),
        ({"date_to": "1999"}, False),
    ):
        reply = visitor.post("/v1/chat/completions", json={**BODY, "filters": filters}).json()
        message = reply["choices"][0]["message"]
        assert (message["status"] == "answered") is is_there, filters
        if not is_there:
            assert doc_id not in json.dumps(message["nearest"])


@pytest.mark.parametrize(
    "given",
    [[], "x", {"documents": "a"}, {"issuers": [1]}, {"date_from": "May"}, {"date_to": 2023},
     {"unknown": []}, {"date_from": "2024", "date_to": "2023"}],
)  # fmt: skip
def test_malformed_filters_are_refused(assistant: Assistant, given: Any) -> None:
    with pytest.raises(FilterError):
        filters_of(given)
    reply = client_of(assistant).post("/v1/chat/completions", json={**BODY, "filters": given})
    assert reply.status_code == 400


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines((CANARY,)))
    logging.getLogger().addHandler(handler)
    yield out
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    "error",
    [AssistantError(f"refused {CANARY}"), ValueError(CANARY), OSError(5, CANARY),
     RuntimeError(f"Authorization: Bearer {CANARY}"), KeyError(CANARY), MemoryError(CANARY)],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_no_key_shows_whatever_fails(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, log: io.StringIO, error: Exception,
    stream: bool,
) -> None:  # fmt: skip
    def broken(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(type(assistant.pipeline), "stream", broken)
    reply = client_of(assistant).post("/v1/chat/completions", json={**BODY, "stream": stream})
    assert reply.status_code in (400, 500)
    assert CANARY not in log.getvalue()
    if not isinstance(error, AssistantError):  # those are written for the user, and hold no key
        assert CANARY not in reply.text
