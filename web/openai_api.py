"""The assistant as a model: `POST /v1/chat/completions` and `GET /v1/models`, as OpenAI has them.

Only the user's messages are read. What a client sends as system or assistant text cannot change
an answer, for it comes from the reports alone. The citations stand in the field `citations` of
the message (the last chunk's `delta` when streaming), beside the fields that OpenAI defines. The
field `filters` of a request restricts the reports that are read, as the endpoint `answer` does.
"""

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from corpus.errors import AssistantError
from rag.schema import Answer, Event, EventKind
from web.admission import RETRY_AFTER_S, NotTaken
from web.journal import Channel
from web.programs import answer_fields, filters_of
from web.service import Assistant

MODEL = "research-reports"
_THREADS = 64  # more than may wait for their turn, so that "busy" is said at once
_WORDS_PER_CHUNK = 24  # characters; a client sees the text grow, and no request is split finely


def add_openai_routes(app: FastAPI, assistant: Assistant) -> None:
    """Add the routes; with RAG_AUTH, the API key is its password (`web.access`)."""
    threads = CapacityLimiter(_THREADS)

    @app.get("/v1/models")
    async def models() -> Response:
        listed = {"id": MODEL, "object": "model", "created": 0, "owned_by": "local"}
        return JSONResponse({"object": "list", "data": [listed]})

    @app.post("/v1/chat/completions")
    async def chat_completions(request: Request) -> Response:
        if assistant.admission.is_full:
            return _busy(str(assistant.turned_away(Channel.OPENAI)))
        try:
            body = await request.json()
            questions = user_questions(body)
            documents = assistant.chosen(filters_of(body.get("filters")))
        except (ValueError, AssistantError) as error:
            return _problem(400, str(error), "invalid_request_error")
        events = assistant.stream(
            questions[-1], questions[:-1], documents=documents, channel=Channel.OPENAI
        )
        try:
            # The first step says whether the question is taken, before a reply has begun.
            first = await to_thread.run_sync(next, events, None, limiter=threads)
            if body.get("stream"):
                steps = _steps(events, threads)
                return StreamingResponse(_events(first, steps), media_type="text/event-stream")
            reply = await to_thread.run_sync(_last_answer, events, limiter=threads)
        except NotTaken as error:
            return _busy(str(error))
        except AssistantError as error:
            return _problem(400, str(error), "invalid_request_error")
        return JSONResponse(_completion(reply))


def _busy(said: str) -> Response:
    return _problem(503, said, "server_busy", {"retry-after": str(RETRY_AFTER_S)})


def _last_answer(events: Iterator[Event]) -> Answer:
    return next(event.answer for event in events if event.answer is not None)


async def _steps(events: Iterator[Event], threads: CapacityLimiter) -> AsyncIterator[Event]:
    while (event := await to_thread.run_sync(next, events, None, limiter=threads)) is not None:
        yield event


def user_questions(body: object) -> list[str]:
    """Return the user's messages of a request, oldest first; the last one is the question.

    Raises:
        ValueError: There is none, or a message is no text.
    """
    messages = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list):
        raise ValueError("`messages` must be a list of messages")
    questions = [
        _message_text(message.get("content"))
        for message in messages
        if isinstance(message, dict) and message.get("role") == "user"
    ]
    if not questions or not isinstance(messages[-1], dict) or messages[-1].get("role") != "user":
        raise ValueError("the last message must be the user's question")
    return questions


def _message_text(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [p.get("text") for p in parts if isinstance(p, dict) and p.get("type") == "text"]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError("a message's `content` must be text")
    return "\n".join(str(text) for text in texts)


def _identity(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }


def _extra(reply: Answer) -> dict[str, Any]:
    fields = answer_fields(reply)
    return {key: fields[key] for key in ("citations", "status", "nearest")}


def _completion(reply: Answer) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text, "refusal": None, **_extra(reply)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return {**_identity("chat.completion"), "choices": [choice], "usage": usage}


async def _events(first: Event | None, steps: AsyncIterator[Event]) -> AsyncIterator[str]:
    """Yield the reply in pieces: what is being done as comments, then the checked answer.

    A client cannot take back text, so nothing is sent before all of it has passed the checks.
    """
    identity = _identity("chat.completion.chunk")

    def event(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return f"data: {json.dumps({**identity, 'choices': [choice]}, ensure_ascii=False)}\n\n"

    yield event({"role": "assistant", "content": ""})
    reply = first.answer if first is not None else None
    try:
        async for step in steps:
            reply = step.answer
            if step.kind is EventKind.STATUS:
                yield f": {' '.join(step.text.split())}\n\n"
    except AssistantError as error:
        yield f"data: {json.dumps(_error(str(error), 'server_error'), ensure_ascii=False)}\n\n"
    if reply is not None:
        for start in range(0, len(reply.text), _WORDS_PER_CHUNK):
            yield event({"content": reply.text[start : start + _WORDS_PER_CHUNK]})
        yield event(_extra(reply), "stop")
    yield "data: [DONE]\n\n"


def _error(message: str, kind: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def _problem(
    status: int, message: str, kind: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(_error(message, kind), status_code=status, headers=headers)
