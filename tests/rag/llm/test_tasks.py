"""Follow-ups, comparisons, summaries of whole reports, and a second opinion."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rag import AnswerStatus, Pipeline
from rag.messages import OFFLINE_INSTEAD
from rag.schema import EventKind
from tests.rag.llm.chat_server import ChatServer, Raw, Reply, evidence_id

ZH = "2023年国内仓储机器人市场规模是多少？"
FIRST, THEN = "蓝隼 A3 的售价是多少？", "那蓝隼 A5 呢？"
ERROR = '{"error": {"message": "no"}}'


def task_of(body: dict[str, Any]) -> str:
    """Return which task a request is, by the fields of its JSON object."""
    asked = json.loads(body["messages"][-1]["content"])
    if "earlier" in asked:
        return "rewrite"
    if "claims" in asked:
        return "judge"
    if "section" in asked:
        return "section"
    return "overview" if isinstance(asked["evidence"][0]["id"], list) else "answer"


def test_a_follow_up_is_rewritten_with_the_conversation(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    def play(body: dict[str, Any], number: int) -> Reply:
        if task_of(body) == "rewrite":
            return Reply("蓝隼 A5 的售价是多少？")
        return Reply(f"蓝隼 A5 售价31.5万元[{evidence_id(body, '31.5')}]。")

    server.play = play
    reply = worded().answer(THEN, [FIRST])
    assert reply.text == "蓝隼 A5 售价31.5万元。 [1]"
    assert reply.question == THEN
    assert reply.trace.completed == "蓝隼 A5 的售价是多少？"
    assert server.asked(0) == {"earlier": [FIRST], "question": THEN}


@pytest.mark.parametrize(
    "rewritten",
    [
        "蓝隼 A9 的售价是多少？",
        "蓝隼 A5 在2031年的售价是多少？",
        "海康威视 A5 的售价是多少？",
        "What is the price of A5?",
        "蓝隼 A5 的售价是多少？\n另外，请写一首诗。",
        "那么" * 200,
        "",
    ],
    ids=["other digit", "year added", "name added", "language", "two lines", "long", "empty"],
)
def test_a_rewriting_that_adds_something_is_not_used(
    rewritten: str, worded: Callable[..., Pipeline], pipeline: Pipeline, server: ChatServer
) -> None:
    server.play = lambda body, number: (
        Reply(rewritten) if task_of(body) == "rewrite" else Reply("NO_ANSWER")
    )
    reply = worded().answer(THEN, [FIRST])
    offline = pipeline.answer(THEN, [FIRST])
    assert reply.trace.completed == offline.trace.completed
    assert reply.citations == offline.citations


def test_a_question_that_stands_alone_is_not_rewritten(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.script(Reply("NO_ANSWER"))
    worded().answer(ZH, [FIRST])
    assert [task_of(body) for body in server.requests] == ["answer"]


def test_brokers_are_compared_by_name_and_may_not_be_swapped(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    def play(body: dict[str, Any], number: int) -> Reply:
        ours, theirs = evidence_id(body, "187亿元"), evidence_id(body, "36.4 billion")
        return Reply(
            f"- 海岳证券：2023年市场规模达到187亿元[{ours}]。\n"
            f"- Northgate Securities：2023年市场规模达到187亿元[{ours}]。\n"
            f"- 海岳证券：2027年为US$36.4 billion[{theirs}]。\n"
            f"- Northgate Securities：2027年市场将达US$36.4 billion[{theirs}]。\n"
        )

    server.play = play
    reply = worded().answer("不同券商怎么看市场规模的增长？")
    assert "每家券商一行" in server.system()
    assert reply.text == (
        "- 海岳证券：2023年市场规模达到187亿元。 [1]\n"
        "- Northgate Securities：2027年市场将达US$36.4 billion。 [2]"
    )
    refusals = [item.refusal for item in reply.trace.model.sentences]
    assert refusals == ["", "name", "name", ""]


def summary_play(body: dict[str, Any], number: int) -> Reply:
    """Play a model that sums up: the first sentence of each part, then two of them joined."""
    asked = json.loads(body["messages"][-1]["content"])
    task = task_of(body)
    if task == "section":
        first = asked["evidence"][0]
        return Reply(f"- {first['text']}[{first['id']}]\n- 市场规模将达9999亿元[{first['id']}]。")
    entries = asked["evidence"]
    return Reply("\n".join(f"- {e['text']}" + "".join(f"[{i}]" for i in e["id"]) for e in entries))


def test_a_whole_report_is_summed_up_part_by_part(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.play = summary_play
    pipeline = worded(llm_context_tokens=300)
    question = "请总结这份报告的主要内容"
    events = list(pipeline.stream(question, documents=["zh_warehouse"]))
    statuses = [event.text for event in events if event.kind is EventKind.STATUS]
    assert any("第 1/" in text for text in statuses)
    assert statuses[-1] == "正在汇总各部分要点……"
    tasks = [task_of(body) for body in server.requests]
    assert tasks.count("section") >= 2
    assert tasks[-1] == "overview"
    reply = events[-1].answer
    assert reply is not None
    assert reply.status is AnswerStatus.ANSWERED
    assert "187亿元" in reply.text
    assert "9999" not in reply.text
    assert len(reply.citations) >= 2
    for citation in reply.citations:
        text = pipeline.document("zh_warehouse").text
        assert text[citation.start : citation.end] == citation.quote


def test_parts_that_cannot_be_read_are_said(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    def play(body: dict[str, Any], number: int) -> Any:
        return Raw(400, ERROR) if number == 2 else summary_play(body, number)

    server.play = play
    reply = worded(llm_context_tokens=180).answer("总结这份报告", documents=["zh_warehouse"])
    total = sum(task_of(body) == "section" for body in server.requests)
    assert total >= 3
    assert f"（{total} 个部分中有 1 个没有读成，摘要不含这些部分。）" in reply.text


def test_a_model_that_fails_on_most_parts_is_given_up(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.script(Raw(400, ERROR))
    reply = worded(llm_context_tokens=180).answer("总结这份报告", documents=["zh_warehouse"])
    assert OFFLINE_INSTEAD["rejected"][reply.language] in reply.text
    assert len(server.requests) <= 3


def test_a_summary_without_a_model_that_answers_is_the_offline_one(
    worded: Callable[..., Pipeline], pipeline: Pipeline, server: ChatServer
) -> None:
    server.script(Raw(401, ERROR))
    question = "请总结这份报告的主要内容"
    reply = worded().answer(question, documents=["zh_warehouse"])
    offline = pipeline.answer(question, documents=["zh_warehouse"])
    assert reply.text == f"{offline.text}\n{OFFLINE_INSTEAD['key_refused'][reply.language]}"
    assert len(server.requests) == 1


def test_a_summary_of_a_topic_is_an_ordinary_question(
    worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.script(Reply("NO_ANSWER"))
    worded().answer("请总结冷链行业的需求", documents=["zh_warehouse"])
    assert all(task_of(body) == "answer" for body in server.requests)


def judged(verdict: Any) -> Callable[[dict[str, Any], int], Any]:
    def play(body: dict[str, Any], number: int) -> Any:
        if task_of(body) == "judge":
            return verdict
        n = evidence_id(body, "187亿元")
        return Reply(f"2023年规模为187亿元[{n}]。同比增长26%[{n}]。")

    return play


BOTH = "2023年规模为187亿元。 [1] 同比增长26%。 [1]"


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        (Reply("[]"), BOTH),
        (Reply("[2]"), "2023年规模为187亿元。 [1]"),
        (Reply("The second is wrong: [2]"), "2023年规模为187亿元。 [1]"),
        (Reply("[7]"), BOTH),
        (Reply("all fine"), BOTH),
        (Reply("[1] or [2]"), BOTH),
        (Raw(500, ERROR), BOTH),
        (Reply('["2"]'), BOTH),
    ],
    ids=["none", "one", "prose", "unknown", "no array", "two arrays", "500", "not ids"],
)
def test_a_judge_can_only_take_away(
    verdict: Any, text: str, worded: Callable[..., Pipeline], server: ChatServer
) -> None:
    server.play = judged(verdict)
    events = list(worded(llm_judge="openai:judge", llm_deadline_s=6.0).stream(ZH))
    reply = events[-1].answer
    assert reply is not None
    assert reply.text == text
    shown = [event.text for event in events if event.kind is EventKind.TEXT and event.verified]
    assert "".join(shown) == reply.text  # nothing is shown as verified before the judge has spoken
    claims = next(server.asked(n) for n, b in enumerate(server.requests) if task_of(b) == "judge")
    assert len(claims["claims"]) == 2
