"""One line a question, without its text, without secrets; and the metrics count the same."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from rag.errors import QuestionError
from web.admission import Busy, Limits
from web.journal import Channel
from web.logs import JsonLines, secrets_of
from web.service import Assistant

QUESTION = "2023年国内仓储机器人市场规模是多少？"
CANARY = "sk-canary-0f9d8c7b"


@pytest.fixture
def lines() -> Iterator[Any]:
    """Everything that is logged, at DEBUG, as the server writes it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        JsonLines(secrets_of({"OPENAI_API_KEY": CANARY, "RAG_AUTH": "ann:geheim-7"}))
    )
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_every_question_has_one_line_with_timings_and_without_text(
    assistant: Assistant, lines: Any
) -> None:
    answer = assistant.answer(QUESTION, ["Earlier?"], documents=["x", "y"])
    first = assistant.answer(QUESTION, channel=Channel.OPENAI)
    said = [line for line in lines() if line["event"] == "question"]
    assert [line["channel"] for line in said] == ["endpoint", "openai"]
    line = said[1]
    assert line["outcome"] == first.status.value == "answered"
    assert line["citations"] == len(first.citations)
    assert (line["chars"], line["earlier"], line["documents"]) == (len(QUESTION), 0, None)
    assert (said[0]["earlier"], said[0]["documents"]) == (1, 2)
    assert 0 <= line["waited_ms"] <= line["first_ms"] <= line["total_ms"]
    assert len({item["id"] for item in said}) == 2
    whole = json.dumps(said, ensure_ascii=False)
    for text in ("仓储", "Earlier", first.text, first.citations[0].quote, answer.text):
        assert text not in whole


def test_questions_that_fail_have_a_line_that_says_how(
    assistant: Assistant, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(QuestionError):
        assistant.answer(" ")
    assistant.admission.limits = Limits(0, 0)
    with pytest.raises(Busy):
        assistant.answer(QUESTION)
    assistant.admission.limits = Limits(1, 0)

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"could not answer {QUESTION} with {CANARY}")

    monkeypatch.setattr(type(assistant.pipeline), "stream", broken)
    with pytest.raises(RuntimeError):
        assistant.answer(QUESTION)
    said = lines()
    assert [line["outcome"] for line in said] == ["QuestionError", "Busy", "failed"]
    assert said[2]["level"] == "ERROR"
    assert said[2]["error"]["type"] == "RuntimeError"
    assert any("web/service.py" in frame for frame in said[2]["error"]["at"])
    whole = json.dumps(said, ensure_ascii=False)
    assert QUESTION not in whole
    assert CANARY not in whole


def test_a_reader_who_leaves_is_noted_as_such(assistant: Assistant, lines: Any) -> None:
    stream = assistant.stream(QUESTION)
    next(stream)
    stream.close()
    assert lines()[-1]["outcome"] == "given up"
    assert assistant.admission.running == 0


def test_no_secret_of_the_environment_is_logged(lines: Any) -> None:
    logger = logging.getLogger("web.test")
    logger.warning("asked %s with %s as ann:geheim-7", "http://x", CANARY)
    try:
        raise ConnectionError(13, f"refused {CANARY}")
    except ConnectionError:
        logger.exception("calling failed for %r", {"key": CANARY})
    said = json.dumps(lines())
    assert CANARY not in said
    assert "geheim-7" not in said
    assert "***" in said
    assert "refused" in said


def test_metrics_count_what_the_log_says(assistant: Assistant) -> None:
    pytest.importorskip("prometheus_client", reason="metrics are optional")
    assistant.answer(QUESTION)
    with pytest.raises(QuestionError):
        assistant.answer("")
    text = assistant.metrics.text()
    assert text is not None
    body = text[0].decode()
    assert 'reports_questions_total{channel="endpoint",outcome="answered"} 1.0' in body
    assert 'reports_questions_total{channel="endpoint",outcome="QuestionError"} 1.0' in body
    assert 'reports_answer_seconds_count{channel="endpoint"} 2.0' in body
    assert "process_open_fds" in body
    assert "仓储" not in body
