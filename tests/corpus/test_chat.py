"""Settings and failures of chat models; what goes over the wire is tested in tests/rag/llm."""

import pytest

from corpus.chat.client import LangChainModel
from corpus.chat.errors import Fault, ModelError, classify
from corpus.chat.settings import ModelSettings, checked_url, parse_model_name
from tests.rag.llm.chat_server import Raw, Reply, chat_server

ERROR = '{"error": {"message": "no"}}'


@pytest.mark.parametrize("name", ["", "gpt-4o", ":m", "openai:", "  "])
def test_a_model_name_has_a_provider(name: str) -> None:
    with pytest.raises(ModelError, match="provider:model"):
        parse_model_name(name)


@pytest.mark.parametrize(
    "url", ["host:8000", "ftp://host/v1", "http://", "sk-secret", "http://[::1", "http://host:0/"]
)
def test_what_is_no_address_is_refused_and_not_printed(url: str) -> None:
    with pytest.raises(ModelError) as caught:
        checked_url(url)
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["", " http://127.0.0.1:8000/v1 ", "https://api.example.com"])
def test_an_address_is_taken_without_the_space_around_it(url: str) -> None:
    assert checked_url(url) == url.strip()


class StatusError(Exception):
    """As the packages of other providers raise them."""

    def __init__(self, status_code: int) -> None:
        super().__init__(f"HTTP {status_code}")
        self.status_code = status_code


@pytest.mark.parametrize(
    ("error", "fault", "retryable"),
    [
        (StatusError(401), Fault.KEY_REFUSED, False),
        (StatusError(404), Fault.NOT_FOUND, False),
        (StatusError(413), Fault.REJECTED, False),
        (StatusError(429), Fault.RATE_LIMITED, True),
        (StatusError(502), Fault.SERVER_FAILED, True),
        (ConnectionRefusedError("no"), Fault.UNREACHABLE, True),
        (TimeoutError("late"), Fault.TIMED_OUT, True),
        (ValueError("<html>"), Fault.GARBAGE, False),
    ],
)
def test_failures_of_any_provider_are_told_apart(
    error: Exception, fault: Fault, retryable: bool
) -> None:
    assert classify(error) == (fault, retryable)


def test_a_reply_and_a_stream_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    with chat_server() as server:
        server.script(Reply("市场规模为187亿元。", piece_chars=2))
        model = LangChainModel(ModelSettings("openai", "m", server.url))
        assert model.reply("s", "u") == "市场规模为187亿元。"
        assert list(model.stream("s", "u")) == ["市场", "规模", "为1", "87", "亿元", "。"]
        assert [bool(body.get("stream")) for body in server.requests] == [False, True]
        assert [m["content"] for m in server.requests[0]["messages"]] == ["s", "u"]


@pytest.mark.parametrize(("wait", "asked"), [("0", 3), ("3600", 1)])
def test_a_wait_that_would_end_after_the_deadline_is_not_begun(
    wait: str, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    with chat_server() as server:
        server.script(Raw(429, ERROR, (("Retry-After", wait),)))
        settings = ModelSettings("openai", "m", server.url, deadline_s=20.0, max_retries=2)
        with pytest.raises(ModelError) as caught:
            list(LangChainModel(settings).stream("s", "u"))
        assert caught.value.fault is Fault.RATE_LIMITED
        assert len(server.requests) == asked
