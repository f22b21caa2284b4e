"""What keeps the page to itself: headers, foreign pages, hosts, sizes, and passwords.

Gradio's own script needs inline code and `eval`, so the policy cannot forbid script. It forbids
every connection, picture, frame and form to anywhere but this server; and no text of a report is
ever put into the page unescaped (web/render.py, web/document_view.py).
"""

import base64
import binascii
import hmac
import ipaddress
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from rag.errors import SettingsError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
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
)
_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_LOGINS = 10  # wrong passwords from one address in `LOGIN_WINDOW_S`
LOGIN_WINDOW_S = 300.0
UPLOAD_WINDOW_S = 3600.0
"""As long as an upload that nobody adds is kept, so that `max_upload_bytes` bounds the disk."""


class Credentials:
    """The user and password of RAG_AUTH."""

    def __init__(self, setting: str) -> None:
        """Read "user:password".

        Raises:
            SettingsError: A part is missing; the message does not repeat the value.
        """
        user, colon, password = setting.partition(":")
        if not user or not colon or not password:
            raise SettingsError("RAG_AUTH is not of the form user:password; correct it")
        self._user, self._password = user, password

    def match(self, user: str, password: str) -> bool:
        """Say whether both are right, in the same time whatever is wrong."""
        right_user = hmac.compare_digest(user.encode(), self._user.encode())
        right_password = hmac.compare_digest(password.encode(), self._password.encode())
        return right_user and right_password

    def match_header(self, header: str) -> bool:
        """Say whether an Authorization header carries them: Basic, or the password as Bearer."""
        scheme, _, value = header.partition(" ")
        if scheme.casefold() == "bearer":
            return self.match(self._user, value.strip())
        if scheme.casefold() != "basic":
            return False
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return self.match(user, password)


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
    """Middleware: refuse foreign hosts and origins, oversized requests and guessed passwords."""

    def __init__(
        self, app: App, *, loopback_only: bool, max_body_bytes: int, max_upload_bytes: int
    ) -> None:
        """Wrap an application.

        Args:
            app: What is guarded.
            loopback_only: The server listens on this machine only, so any other host name in a
                request is a foreign page that rebinds its name to this address.
            max_body_bytes: Larger requests are refused.
            max_upload_bytes: Once as much was uploaded in `UPLOAD_WINDOW_S`, by all together,
                no more is taken.
        """
        self._app = app
        self._loopback_only = loopback_only
        self._max_body_bytes = max_body_bytes
        self._max_upload_bytes = max_upload_bytes
        self._uploaded: deque[tuple[float, int]] = deque()  # when and how many bytes
        self._failed: defaultdict[str, deque[float]] = defaultdict(deque)

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
        is_login = _posts_to(scope, "/login")
        is_upload = _posts_to(scope, "/upload")
        client = (scope.get("client") or ("",))[0]

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                if is_login and message["status"] >= 400:
                    self._failed[client].append(time.monotonic())
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        def note(size: int) -> None:
            if is_upload and size:
                self._uploaded.append((time.monotonic(), size))

        await self._app(scope, _counted(receive, self._max_body_bytes, note), guarded_send)

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> tuple[int, str] | None:
        host = urlsplit(f"//{headers.get(b'host', '')}").hostname or ""
        if self._loopback_only and host not in _LOOPBACK_NAMES:
            return 421, "this server answers to localhost and 127.0.0.1 only"
        if scope["method"] not in _SAFE_METHODS:
            origin = headers.get(b"origin", "")
            if origin and urlsplit(origin).netloc != headers.get(b"host", ""):
                return 403, "requests from other pages are refused"
        if not headers.get(b"content-length", "0").isdecimal():
            return 400, "Content-Length is no number"
        if int(headers.get(b"content-length", "0")) > self._max_body_bytes:
            return 413, f"at most {self._max_body_bytes:,} bytes are taken"
        if scope["path"].rstrip("/").endswith("/login") and self._is_guessing(scope):
            return 429, "too many wrong passwords; wait five minutes"
        if _posts_to(scope, "/upload") and self._has_uploaded() >= self._max_upload_bytes:
            return 429, "too much was uploaded within an hour; try again later"
        return None

    def _has_uploaded(self) -> int:
        while self._uploaded and time.monotonic() - self._uploaded[0][0] > UPLOAD_WINDOW_S:
            self._uploaded.popleft()
        return sum(size for _, size in self._uploaded)

    def _is_guessing(self, scope: Scope) -> bool:
        failed = self._failed[(scope.get("client") or ("",))[0]]
        while failed and time.monotonic() - failed[0] > LOGIN_WINDOW_S:
            failed.popleft()
        return len(failed) >= MAX_LOGINS


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
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
