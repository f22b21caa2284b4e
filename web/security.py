"""What keeps the page to itself: headers, foreign pages, hosts, sizes, and what is served at all.

No text of a report is ever put into the page unescaped (web/render.py, web/document_view.py). The
policy is the second line: script runs only if this server's HTML named it with the nonce of the
reply, so an inline handler or script that slipped through would not; and nothing is loaded from,
sent to or framed by anywhere else. Gradio compiles its own code, hence 'unsafe-eval', and styles
its elements in place, hence 'unsafe-inline' for styles alone.
"""

import ipaddress
import re
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from rag.errors import SettingsError
from web.password import Credentials

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-eval'{nonce}",
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
# Of Gradio's sixty routes those that the page, its endpoints and MCP use. Among the others are
# ones that give files of the disk, fetch from other servers, or keep what was typed in.
_SERVED = re.compile(
    r"/|/(?:config|theme\.css|manifest\.json|favicon\.ico|robots\.txt|login|logout|healthz|readyz"
    r"|metrics|v1/models|v1/chat/completions)/?|/(?:assets|static|page|page-image)/.+"
    r"|/gradio_api/(?:info|startup-events|theme\.css|queue/join|queue/data|cancel|reset|upload"
    r"|upload_progress|heartbeat/\w+|(?:run|api|call)/\w+|call/\w+/\w+|mcp(?:/.*)?)/?",
    re.ASCII,
)
_ASKS = re.compile(r"/gradio_api/(?:run|api|call)/(?:answer|search)/?")
_RETRY_S = 5
_SCRIPT_TAG = re.compile(rb"<script\b(?![^>]*\bnonce=)")
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
UPLOAD_WINDOW_S = 3600.0
"""As long as an upload that nobody adds is kept, so that `max_upload_bytes` bounds the disk."""


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches a server that listens on this address."""
    if host in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_password(host: str, auth: str, *, allow_anonymous: bool) -> Credentials | None:
    """Return the credentials of RAG_AUTH; None without, where that is allowed.

    Raises:
        SettingsError: `auth` is malformed, or the address is reachable from other machines and
            there is neither a password nor the leave to go without.
    """
    if not auth and not is_loopback(host) and not allow_anonymous:
        raise SettingsError(
            f"{host} is reachable from other machines and no password is set; set "
            "RAG_AUTH=user:password, or pass --allow-anonymous if everyone there may read and "
            "change the shelf"
        )
    return Credentials(auth) if auth else None


class Guard:
    """Middleware: refuse foreign hosts and origins, oversized requests, and what is not served."""

    def __init__(
        self,
        app: App,
        *,
        loopback_only: bool,
        max_body_bytes: int,
        max_upload_bytes: int,
        head: bytes = b"",
        is_busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """Wrap an application.

        Args:
            app: What is guarded.
            loopback_only: The server listens on this machine only, so any other host name in a
                request is a foreign page that rebinds its name to this address.
            max_body_bytes: Larger requests are refused.
            max_upload_bytes: Once as much was uploaded in `UPLOAD_WINDOW_S`, by all together,
                no more is taken.
            head: HTML that is put into the page's head.
            is_busy: Says whether the next question would not be taken: programs are told so at
                once, with a status that they understand. (The page says it in its own words.)
        """
        self._app = app
        self._head = head
        self._is_busy = is_busy
        self._loopback_only = loopback_only
        self._max_body_bytes = max_body_bytes
        self._max_upload_bytes = max_upload_bytes
        self._uploaded: deque[tuple[float, int]] = deque()  # when and how many bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        is_upload = _posts_to(scope, "/upload")

        def note(size: int) -> None:
            if is_upload and size:
                self._uploaded.append((time.monotonic(), size))

        # On one machine compressing costs more than sending; the page's HTML is rewritten below.
        if self._loopback_only or scope["path"] == "/":
            kept = [pair for pair in scope["headers"] if pair[0].lower() != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        reply = _Reply(send, scope["path"], self._head)
        await self._app(scope, _counted(receive, self._max_body_bytes, note), reply.send)

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> tuple[int, str] | None:
        host = urlsplit(f"//{headers.get(b'host', '')}").hostname or ""
        if self._loopback_only and host not in _LOOPBACK_NAMES:
            return 421, "this server answers to localhost and 127.0.0.1 only"
        if not _SERVED.fullmatch(scope["path"]):
            return 404, "there is nothing here"
        if scope["method"] not in _SAFE_METHODS:
            origin = headers.get(b"origin", "")
            if origin and urlsplit(origin).netloc != headers.get(b"host", ""):
                return 403, "requests from other pages are refused"
        if not headers.get(b"content-length", "0").isdecimal():
            return 400, "Content-Length is no number"
        if int(headers.get(b"content-length", "0")) > self._max_body_bytes:
            return 413, f"at most {self._max_body_bytes:,} bytes are taken"
        if scope["method"] == "POST" and _ASKS.fullmatch(scope["path"]) and self._is_busy():
            return 503, "too many questions at once; try again in a few seconds"
        if _posts_to(scope, "/upload") and self._has_uploaded() >= self._max_upload_bytes:
            return 429, "too much was uploaded within an hour; try again later"
        return None

    def _has_uploaded(self) -> int:
        while self._uploaded and time.monotonic() - self._uploaded[0][0] > UPLOAD_WINDOW_S:
            self._uploaded.popleft()
        return sum(size for _, size in self._uploaded)


class _Reply:
    """A reply on its way out: it gets the headers, and HTML the nonce that lets its scripts run."""

    def __init__(self, send: Send, path: str, head: bytes) -> None:
        self._send = send
        self._path = path
        self._head = head
        self._nonce = ""
        self._start: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        """Pass on a message of the application."""
        if message["type"] == "http.response.start":
            given = [(name.lower(), value) for name, value in message.get("headers", ())]
            kind = dict(given).get(b"content-type", b"")
            if kind.startswith(b"text/html") and self._path == "/":
                self._nonce = secrets.token_urlsafe(18)
            given += self._added(message["status"], dict(given))
            self._start = {**message, "headers": given}
            if not self._nonce:
                await self._send(self._start)
            return
        if not self._nonce or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._body.replace(b"<head>", b"<head>" + self._head, 1)
        body = _SCRIPT_TAG.sub(rb'<script nonce="%s"' % self._nonce.encode(), body)
        length = (b"content-length", str(len(body)).encode())
        kept = [pair for pair in self._start["headers"] if pair[0] != b"content-length"]
        await self._send({**self._start, "headers": [*kept, length]})
        await self._send({"type": "http.response.body", "body": body})

    def _added(self, status: int, given: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        added = [(b"content-security-policy", policy(self._nonce).encode()), *_HEADERS]
        if status in (429, 503) and b"retry-after" not in given:
            added.append((b"retry-after", str(_RETRY_S).encode()))
        if status == 200 and self._path.startswith("/assets/") and b"cache-control" not in given:
            # Their names change with their content.
            added.append((b"cache-control", b"private, max-age=31536000, immutable"))
        return added


def policy(nonce: str = "") -> str:
    """Return the Content-Security-Policy of a reply; only scripts with the nonce run inline."""
    return "; ".join(_POLICY).format(nonce=f" 'nonce-{nonce}'" if nonce else "")


def _posts_to(scope: Scope, ending: str) -> bool:
    return bool(scope["method"] == "POST" and scope["path"].rstrip("/").endswith(ending))


def _counted(receive: Receive, max_bytes: int, note: Callable[[int], None]) -> Receive:
    """Return a receiver that notes sizes and breaks off a body in pieces beyond the limit."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            size = len(message.get("body", b""))
            note(size)
            received += size
            if received > max_bytes:
                return {"type": "http.disconnect"}
        return message

    return counted


async def _refuse(send: Send, status: int, reason: str) -> None:
    body = reason.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    headers.append((b"content-security-policy", policy().encode()))
    headers.append((b"content-length", str(len(body)).encode()))
    if status in (429, 503):
        headers.append((b"retry-after", str(_RETRY_S).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
