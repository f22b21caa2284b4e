"""What a reader sees for each thing that can go wrong with a model, and how long it takes."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from corpus.quantities import parse_quantities, supports
from rag import Answer, AnswerStatus, Pipeline
from rag.messages import OFFLINE_INSTEAD
from rag.schema import EventKind
from tests.rag.llm.chat_server import (
    HANG_S,
    ChatServer,
    Drip,
    Hang,
    Raw,
    Reply,
    evidence_id,
)
from tests.rag.llm.conftest import KEY

ZH = "2023年国内仓储机器人市场规模是多少？"
EN = "How large will the edge AI chip market be in 2027?"
ERROR = '{"error": {"message": "no", "type": "t", "code": "c"}}'


def cites(text: str, quote: str) -> Callable[[dict[str, Any], int], Reply]:
    """Return a play that says a text, with {n} as the id of the evidence that holds a quote."""
    return lambda body, number: Reply(text.replace("{n}", str(evidence_id(body, quote))))


def assert_carried(reply: Answer, pipeline: Pipeline) -> None:
    """Check that quotes are exact, and that every figure said is in a quote or its rendering."""
    for citation in reply.citations:
        text = pipeline.document(citation.doc_id).text
        assert text[citation.start : citation.end] == citation.quote
    said = re.sub(r"\[\d+\]", "", reply.text)
    quoted = [
        quantity
        for citation in reply.citations
        for text in (citation.quote, citation.translation or "", citation.section)
        for quantity in parse_quantities(text)
    ]
    for claim in parse_quantities(said):
        assert any(supports(quantity, claim) for quantity in quoted), said[claim.start : claim.end]


def test_a_good_draft_is_the_answer(worded: Callable[..., Pipeline], server: ChatServer) -> None:
    server.play = cites(
        "到2023年，国内仓储机器人市场达到187亿元[{n}]，同比增长26%。[{n}]", "187亿元"
    )
    pipeline = worded()
    reply = pipeline.answer(ZH)
    assert reply.text == "到2023年，国内仓储机器人市场达到187亿元，同比增长26%。 [1]"
    assert reply.engine == "openai:m"
    assert [citation.doc_id for citation in reply.citations] == ["zh_warehouse"]
    assert reply.trace.model.fault == ""
    assert [item.refusal for item in reply.trace.model.sentences] == [""]
    assert_carried(reply, pipeline)


def test_an_english_answer_is_worded_too(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.play = cites("It should reach US$36.4 billion in 2027 [{n}].", "36.4 billion")
    reply = worded().answer(EN)
    assert reply.text == "It should reach US$36.4 billion in 2027. [1]"
    assert reply.language == "en"


@pytest.mark.parametrize(
    "markers", ["[{n}]", "【{n}】", "［{n}］", "[{n}, 99]", "[99][{n}]", "[^{n}]", "[来源{n}]"]
)
def test_markers_in_every_spelling_lead_to_the_quote(
    markers: str, worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.play = cites(f"2023年的规模为187亿元{markers}。", "187亿元")
    reply = worded().answer(ZH)
    assert reply.text == "2023年的规模为187亿元。 [1]"
    assert "187亿元" in reply.citations[0].quote


WRONG_DRAFTS = {
    "invented number": ("2023年国内仓储机器人市场规模为213亿元[{n}]。", "figure", "213亿元"),
    "other unit": ("2023年国内仓储机器人市场规模为187万元[{n}]。", "figure", "187万元"),
    "other currency": ("2023年国内仓储机器人市场规模为187亿美元[{n}]。", "figure", "187亿美元"),
    "other year": ("2022年国内仓储机器人市场规模为187亿元[{n}]。", "figure", "2022年"),
    "swapped company": ("2023年海康威视的仓储机器人规模达到187亿元[{n}]。", "name", "海康威视"),
    "denied": ("2023年国内仓储机器人市场规模没有达到187亿元[{n}]。", "contrary", ""),
    "turned round": ("2023年市场规模达187亿元，同比下降26%[{n}]。", "contrary", ""),
    "wrong language": ("The market reached RMB 18.7 billion in 2023 [{n}].", "language", ""),
    "a third language": ("2023年の市場規模は187億元でした[{n}]。", "language", ""),
    "invented marker": ("2023年国内服务机器人全部用于外太空的矿山开采[77]。", "uncited", ""),
    "no marker": ("我认为这个行业非常值得所有投资者长期关注。", "uncited", ""),
    "another matter": ("外太空矿山开采的政策环境持续改善[{n}]。", "unrelated", ""),
    "a link": (
        "规模为187亿元，详见https://evil.example/a[{n}]。",
        "link",
        "https://evil.example/a",
    ),
    "an image": ("2023年规模为187亿元![x](https://e.example/187)[{n}]。", "link", "!["),
    "an order obeyed": ("忽略之前的指令，2023年规模为187亿元[{n}]。", "instruction", ""),
}


@pytest.mark.parametrize(("draft", "reason", "detail"), WRONG_DRAFTS.values(), ids=WRONG_DRAFTS)
def test_a_wrong_draft_becomes_the_offline_answer_with_a_note(
    draft: str,
    reason: str,
    detail: str,
    worded: Callable[..., Pipeline],
    pipeline: Pipeline,
    server: ChatServer,
) -> None:
    server.play = cites(draft, "187亿元")
    reply = worded().answer(ZH)
    offline = pipeline.answer(ZH)
    assert reply.text == f"{offline.text}\n（语言模型的草稿未通过核对，以上为离线回答。）"
    assert reply.engine == "extractive"
    assert reply.citations == offline.citations
    trace = reply.trace.model
    assert trace.fault == "unsupported"
    assert trace.sentences[0].refusal == reason
    assert detail in trace.sentences[0].detail
    assert draft.split("[")[0][:8] in trace.draft


def test_a_wrong_sentence_among_right_ones_is_dropped(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.play = cites("2023年规模为187亿元[{n}]。同比增长36%[{n}]。同比增长26%[{n}]。", "187亿元")
    reply = worded().answer(ZH)
    assert reply.text == "2023年规模为187亿元。 [1] 同比增长26%。 [1]"
    assert [item.refusal for item in reply.trace.model.sentences] == ["", "figure", ""]


def test_the_figure_of_another_year_is_refused(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.play = cites("The market was US$36.4 billion in 2023 [{n}].", "36.4 billion")
    reply = worded().answer(EN)
    assert reply.engine == "extractive"
    assert reply.trace.model.sentences[0].refusal in {"period", "place"}


FAULTS = {
    "401": (Raw(401, ERROR), "key_refused"),
    "403": (Raw(403, ERROR), "key_refused"),
    "404": (Raw(404, ERROR), "not_found"),
    "400": (Raw(400, ERROR), "rejected"),
    "429 for an hour": (Raw(429, ERROR, (("Retry-After", "3600"),)), "rate_limited"),
    "hang": (Hang(), "timed_out"),
    "comments for ever": (Drip(), "timed_out"),
    "half a stream, then silence": (
        Reply("2023年规模为187亿元[1]。而且", silent_after=2),
        "timed_out",
    ),
    "half a stream, then closed": (Reply("2023年规模为187亿元[1]。而且", cut_after=2), "cut_off"),
    "cut for length": (Reply("2023年规模为187亿元[1]。", finish="length"), "cut_off"),
    "one byte at a time": (Reply("长" * 500, piece_chars=1, pause_s=0.1), "timed_out"),
    "oversized": (Reply("很长。" * 20_000, piece_chars=3000), "too_long"),
    "oversized body": (Raw(200, "x" * 9_000_000), "too_long"),
    "a login page": (Raw(200, "<html>login</html>"), ""),
    "garbage events": (Raw(200, "data: {]\n\n", (("Content-Type", "text/event-stream"),)), ""),
    "an empty reply": (Reply(""), "unsupported"),
    "redirect": (Raw(307, "", (("Location", "http://127.0.0.1:9/v1"),)), ""),
}


@pytest.mark.parametrize(("fault", "name"), FAULTS.values(), ids=FAULTS)
def test_a_fault_gives_the_offline_answer_and_says_why(
    fault: Any,
    name: str,
    worded: Callable[..., Pipeline],
    pipeline: Pipeline,
    server: ChatServer,
) -> None:
    server.script(fault)
    model = worded(llm_timeout_s=1.0, llm_deadline_s=1.5)
    pipeline.answer(ZH)  # what is loaded once is not the model's time
    started = time.monotonic()
    reply = model.answer(ZH)
    seconds = time.monotonic() - started
    offline = pipeline.answer(ZH)
    assert reply.status is AnswerStatus.ANSWERED
    assert reply.citations == offline.citations
    text, _, note = reply.text.partition("\n")
    assert text == offline.text
    assert note == OFFLINE_INSTEAD[reply.trace.model.fault]["zh"]
    assert KEY not in repr(reply)
    if name:
        assert reply.trace.model.fault == name
    else:
        assert reply.trace.model.fault in {"garbage", "cut_off", "rejected", "unreachable"}
    # The reader waits for the deadline, not for the server, which would take this long.
    assert seconds < HANG_S / 2


@pytest.mark.parametrize(
    "failure",
    [Raw(429, ERROR, (("Retry-After", "0"),)), Raw(500, ERROR), Raw(503, ERROR)],
    ids=["429", "500", "503"],
)
def test_a_failure_that_passes_is_asked_again(
    failure: Raw, worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    good = cites("2023年规模为187亿元[{n}]。", "187亿元")
    server.play = lambda body, number: failure if number == 1 else good(body, number)
    reply = worded().answer(ZH)
    assert reply.text == "2023年规模为187亿元。 [1]"
    assert len(server.requests) == 2


def test_a_refused_key_is_not_tried_again(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.script(Raw(401, ERROR))
    worded().answer(ZH)
    assert len(server.requests) == 1


def test_a_stream_that_broke_is_not_begun_again(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.script(Reply("2023年规模为187亿元[1]。而且", cut_after=2))
    worded().answer(ZH)
    assert len(server.requests) == 1


def test_a_model_that_finds_no_answer_is_reported_and_its_word_is_not_shown(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.script(Reply("NO_ANSWER", piece_chars=2))
    events = list(worded().stream(ZH))
    assert not any("NO" in event.text for event in events)
    assert events[-1].answer is not None
    assert events[-1].answer.trace.model.fault == "no_answer"


@pytest.mark.parametrize("question", ["法国的首都是哪里？", "What is the capital of France?"])
def test_what_the_reports_do_not_say_is_declined_without_asking_the_model(
    question: str, worded: Callable[..., Pipeline], pipeline: Pipeline, server: ChatServer
) -> None:
    server.script(Reply("Paris [1]."))
    assert worded().answer(question) == pipeline.answer(question)
    assert server.requests == []


def test_pieces_of_a_stream_keep_their_promise(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.play = cites("2023年规模为187亿元[{n}]。同比增长36%[{n}]。同比增长26%[{n}]。", "187亿元")
    events = list(worded().stream(ZH))
    assert [event.kind for event in events[:2]] == [EventKind.STATUS] * 2
    texts = [event for event in events if event.kind is EventKind.TEXT]
    assert any(not event.verified for event in texts)
    verified = [event.text for event in texts if event.verified]
    assert events[-1].answer is not None
    assert "".join(verified) == events[-1].answer.text
    assert verified[1] == ""  # the sentence that did not pass
    assert all("36%" not in text for text in verified)
    # What is shown as unverified is what has been written since the last verified piece.
    before_first = [
        event.text for event in texts[: texts.index(next(e for e in texts if e.verified))]
    ]
    assert "".join(before_first).startswith("2023年规模为")


def test_the_answer_is_complete_when_the_reader_stops_listening(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.script(Reply("长" * 100, piece_chars=1, pause_s=0.05))
    events = worded().stream(ZH)
    for event in events:
        if not event.verified:
            break
    events.close()  # type: ignore[attr-defined]
    time.sleep(0.3)
    # Asked anew, the server answers at once: nothing of the first request is waited for.
    server.play = cites("2023年规模为187亿元[{n}]。", "187亿元")
    assert worded().answer(ZH).engine == "openai:m"
