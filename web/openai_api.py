"""The assistant as a model: `POST /v1/chat/completions` and `GET /v1/models`, as OpenAI has them.

Only the user's messages are read. What a client sends as system or assistant text cannot change
an answer, for it comes from the reports alone. The citations stand in the field `citations` of
the message (the last chunk's `delta` when streaming), beside the fields that OpenAI defines.
"""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from corpus.errors import AssistantError
from rag.schema import Answer
from web.programs import answer_fields
from web.security import Credentials
from web.service import Assistant

MODEL = "research-reports"
_WORDS_PER_CHUNK = 24  # characters; a client sees the text grow, and no request is split finely


def add_openai_routes(
    app: FastAPI, assistant: Assistant, credentials: Credentials | None = None
) -> None:
    """Add the routes; with credentials, the API key is their password."""

    def refused(request: Request) -> Response | None:
        if credentials is None:
            return None
        if credentials.match_header(request.headers.get("authorization", "")):
            return None
        return _problem(401, "give the password of RAG_AUTH as API key", "invalid_api_key")

    @app.get("/v1/models")
    async def models(request: Request) -> Response:
        listed = {"id": MODEL, "object": "model", "created": 0, "owned_by": "local"}
        return refused(request) or JSONResponse({"object": "list", "data": [listed]})

    @app.post("/v1/chat/completions")
    async def chat_completions(request: Request) -> Response:
        if (refusal := refused(request)) is not None:
            return refusal
        try:
            body = await request.json()
            questions = user_questions(body)
        except ValueError as error:
            return _problem(400, str(error), "invalid_request_error")
        try:
            reply = await run_in_threadpool(assistant.answer, questions[-1], questions[:-1])
        except AssistantError as error:
            return _problem(400, str(error), "invalid_request_error")
        if body.get("stream"):
            return StreamingResponse(_events(reply), media_type="text/event-stream")
        return JSONResponse(_completion(reply))


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


def _events(reply: Answer) -> Iterator[str]:
    identity = _identity("chat.completion.chunk")

    def event(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return f"data: {json.dumps({**identity, 'choices': [choice]}, ensure_ascii=False)}\n\n"

    yield event({"role": "assistant", "content": ""})
    for start in range(0, len(reply.text), _WORDS_PER_CHUNK):
        yield event({"content": reply.text[start : start + _WORDS_PER_CHUNK]})
    yield event(_extra(reply), "stop")
    yield "data: [DONE]\n\n"


def _problem(status: int, message: str, kind: str) -> JSONResponse:
    error = {"message": message, "type": kind, "param": None, "code": None}
    return JSONResponse({"error": error}, status_code=status)
