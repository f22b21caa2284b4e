"""A local server that speaks OpenAI's chat completions, with streaming, and can play every fault."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG_S = 30.0
"""How long a server that hangs would hang, if the test did not end before."""


@dataclass(frozen=True)
class Reply:
    """A well-formed reply, streamed in pieces when that is asked for."""

    text: str
    piece_chars: int = 7
    finish: str = "stop"
    cut_after: int | None = None  # pieces, after which the connection is closed
    silent_after: int | None = None  # pieces, after which nothing more comes
    pause_s: float = 0.0  # between the pieces


@dataclass(frozen=True)
class Raw:
    """Any other reply."""

    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Hang:
    """No reply at all, until the test is over."""


@dataclass(frozen=True)
class Drip:
    """A stream of comments that never says anything."""


Play = Callable[[dict[str, Any], int], "Reply | Raw | Hang | Drip"]


@dataclass
class ChatServer:
    """Answers the n-th request with `play(body, n)`, n from 1; keeps what it was asked."""

    play: Play = lambda body, number: Reply("OK")
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def script(self, *replies: "Reply | Raw | Hang | Drip") -> None:
        """Play these one after the other, the last one for ever."""
        self.play = lambda body, number: replies[min(number, len(replies)) - 1]

    def asked(self, number: int = -1) -> dict[str, Any]:
        """Return the JSON object that a request's user message holds."""
        found: dict[str, Any] = json.loads(self.requests[number]["messages"][-1]["content"])
        return found

    def system(self, number: int = -1) -> str:
        """Return the instructions of a request."""
        return str(self.requests[number]["messages"][0]["content"])


def evidence_id(body: dict[str, Any], text: str) -> int:
    """Return the id under which a request gives the evidence that holds a text."""
    entries = json.loads(body["messages"][-1]["content"])["evidence"]
    squeezed = "".join(text.split())
    return next(e["id"] for e in entries if squeezed in "".join(e["text"].split()))


def _chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    event = {
        "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [choice],
    }  # fmt: skip
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _whole(text: str, finish: str) -> bytes:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": finish,
    }
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return json.dumps({
        "id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice],
        "usage": usage,
    }, ensure_ascii=False).encode()  # fmt: skip


def _stream(reply: Reply) -> Iterator[bytes]:
    yield _chunk({"role": "assistant", "content": ""})
    pieces = [
        reply.text[start : start + reply.piece_chars]
        for start in range(0, len(reply.text), reply.piece_chars)
    ]
    for number, piece in enumerate(pieces):
        if number == reply.cut_after:
            return
        time.sleep(reply.pause_s)
        yield _chunk({"content": piece})
    yield _chunk({}, reply.finish)
    yield b"data: [DONE]\n\n"


class _Handler(BaseHTTPRequestHandler):
    chat: ChatServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.chat.requests.append(body)
        self.chat.headers.append({k.casefold(): v for k, v in self.headers.items()})
        reply = self.chat.play(body, len(self.chat.requests))
        self.close_connection = True
        # The client may give up, as it should.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._send(reply, streams=bool(body.get("stream")))

    def _send(self, reply: "Reply | Raw | Hang | Drip", *, streams: bool) -> None:
        if isinstance(reply, Hang):
            self.chat.release.wait(HANG_S)
        elif isinstance(reply, Raw):
            self._head(reply.status, "application/json", reply.headers)
            self.wfile.write(reply.body.encode())
        elif isinstance(reply, Drip):
            self._head(200, "text/event-stream")
            while not self.chat.release.wait(0.02):
                self._write(b": still thinking\n\n")
        elif streams:
            self._head(200, "text/event-stream")
            self._play(reply)
        else:
            self._head(200, "application/json")
            self.wfile.write(_whole(reply.text, reply.finish))

    def _play(self, reply: Reply) -> None:
        for number, event in enumerate(_stream(reply)):
            if reply.silent_after is not None and number > reply.silent_after:
                self.chat.release.wait(HANG_S)
                return
            self._write(event)

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def _head(self, status: int, kind: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """Run a server on a free port of this machine."""
    server = ChatServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"chat": server}))
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_port}/v1"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        http.shutdown()
        http.server_close()
        thread.join()
