"""What is said when a model is set up wrongly, and that answers go on without it."""

import json
import logging
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.chat.settings import ModelSettings
from rag import Pipeline, Settings
from rag.__main__ import main
from rag.errors import SettingsError
from rag.llm.tokens import estimate_tokens, token_counter
from tests.rag.llm.chat_server import ChatServer, Raw, Reply
from tests.rag.llm.conftest import KEY

ZH = "2023年国内仓储机器人市场规模是多少？"


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"llm": "gpt-4o"}, "expected provider:model"),
        ({"llm": "nonsense:m"}, "nonsense"),
        ({"llm": "anthropic:m"}, "langchain-anthropic"),
        ({"llm_base_url": "not an address"}, "RAG_LLM_BASE_URL"),
    ],
    ids=["form", "provider", "package", "address"],
)
def test_a_wrong_setting_is_said_once_at_the_start_and_answers_are_offline(
    setting: dict[str, str],
    said: str,
    worded: Callable[..., Pipeline],
    pipeline: Pipeline,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        model = worded(**setting)
        worded(**setting)  # the page opens the index again when the shelf changes
        (record,) = caplog.records
    assert said in record.getMessage()
    assert model.answer(ZH) == pipeline.answer(ZH)
    assert len(caplog.records) == 1


def test_a_missing_key_is_said_with_the_name_of_its_variable(
    worded: Callable[..., Pipeline],
    pipeline: Pipeline,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    model = worded()
    assert "OPENAI_API_KEY" in caplog.text
    assert model.answer(ZH) == pipeline.answer(ZH)


def test_a_server_that_does_not_listen_is_warned_of_and_may_be_up_later(
    worded: Callable[..., Pipeline], pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"http://127.0.0.1:{unused_port()}/v1"
    model = worded(llm_base_url=address, llm_deadline_s=2.0)
    assert "RAG_LLM_BASE_URL" in caplog.text
    reply = model.answer(ZH)
    assert reply.trace.model.fault == "unreachable"
    assert reply.text.startswith(pipeline.answer(ZH).text)
    assert "连不上语言模型" in reply.text


def run_check(monkeypatch: pytest.MonkeyPatch, server: ChatServer, **environment: str) -> int:
    monkeypatch.setenv("RAG_LLM", "openai:m")
    monkeypatch.setenv("RAG_LLM_BASE_URL", server.url.replace("//", "//user:pass@"))
    monkeypatch.setenv("RAG_LLM_DEADLINE_S", "3")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return main(["--check-llm"])


def test_the_check_says_what_is_set_up_and_that_it_answers(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script(Reply("OK"))
    assert run_check(monkeypatch, server) == 0
    printed = capsys.readouterr().out
    assert "openai:m" in printed
    assert server.url in printed
    assert "OPENAI_API_KEY 已设置" in printed
    assert "'OK'" in printed
    assert KEY not in printed
    assert "user:pass" not in printed


def test_the_check_fails_with_the_reason_when_the_model_does_not_answer(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script(Raw(401, '{"error": {"message": "bad key"}}'))
    assert run_check(monkeypatch, server) == 1
    printed = capsys.readouterr()
    assert "bad key" in printed.err
    assert KEY not in printed.out + printed.err


def test_the_check_without_a_model_says_how_to_set_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RAG_LLM", raising=False)
    assert main(["--check-llm"]) == 0
    assert "RAG_LLM=provider:model" in capsys.readouterr().out


def test_without_a_question_the_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "question" in capsys.readouterr().err


@pytest.mark.parametrize(
    "bad",
    [{"llm_timeout_s": 0.0}, {"llm_deadline_s": float("nan")}, {"llm_context_tokens": 0}],
    ids=["zero", "nan", "no tokens"],
)
def test_limits_that_cannot_be_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match=next(iter(bad))):
        Settings(**bad)  # type: ignore[arg-type]


def test_the_key_goes_into_the_header_and_nowhere_else(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.script(Reply("NO_ANSWER"))
    reply = worded().answer(ZH)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps(server.requests)
    assert KEY not in repr(reply)


def test_a_shown_address_has_no_secrets() -> None:
    settings = ModelSettings("openai", "m", "https://me:secret@host:8/v1?key=secret")
    assert settings.shown_address == "https://host:8/v1"


def test_tokens_are_counted_by_the_models_own_tokenizer_when_it_is_given(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 1, "?": 2}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    counter = token_counter("openai", "m", str(path))
    assert counter.exact
    assert counter.count("a b a c") == 4


def test_tokens_are_estimated_otherwise_and_nothing_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    counter = token_counter("openai", "gpt-4o")
    assert not counter.exact
    assert counter.count("市场规模 market") == estimate_tokens("市场规模 market") == 7


def test_a_request_keeps_to_its_budget(worded: Callable[..., Pipeline], server: ChatServer) -> None:
    server.script(Reply("NO_ANSWER"))
    for tokens in (150, 400, 3000):
        trace = worded(llm_context_tokens=tokens).answer(ZH).trace.model
        assert trace.prompt_tokens <= tokens
        assert not trace.tokens_exact
        assert len(server.asked()["evidence"]) >= 1
