"""Fixtures: a pipeline over the tiny corpus whose model is a local server."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from rag import Pipeline
from tests.rag.llm.chat_server import ChatServer, chat_server

KEY = "secret-key-of-the-tests"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/never")
    # A proxy of the environment must not get the questions.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with chat_server() as running:
        yield running


@pytest.fixture
def worded(pipeline: Pipeline, server: ChatServer) -> Callable[..., Pipeline]:
    """Return a function that gives the pipeline a model; keyword arguments are settings."""

    def build(**settings: Any) -> Pipeline:
        limits: dict[str, Any] = {"llm_timeout_s": 5.0, "llm_deadline_s": 8.0}
        given = {"llm": "openai:m", "llm_base_url": server.url, **limits, **settings}
        return Pipeline(pipeline.index, replace(pipeline.settings, **given))

    return build
