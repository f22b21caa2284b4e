"""The one door: with RAG_AUTH set, no request passes without a session or the password.

It stands in front of the whole application, so a route that is added later (by us, or by a new
version of Gradio) is closed as well. Only `OPEN_PATHS` pass without.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from web.login_page import login_html
from web.password import Credentials
from web.sessions import LONGEST_S, Sessions
from web.texts import choose_language
from web.throttle import Throttle

OPEN_PATHS = frozenset({"/healthz", "/login", "/favicon.ico"})
COOKIE = "reports-session"
_MAX_LOGIN_BYTES = 10_000

Handler = Callable[[Request], Awaitable[Response]]


class Gate:
    """Middleware: ask for the password of RAG_AUTH."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        credentials: Credentials,
        sessions: Sessions | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        self._app = app
        self._credentials = credentials
        self._sessions = sessions or Sessions()
        self._throttle = throttle or Throttle()
        # One after the other, so that many guesses at once are counted like many in a row.
        self._trying = asyncio.Lock()
        self._own: dict[tuple[str, str], Handler] = {
            ("GET", "/login"): self._show_login,
            ("POST", "/login"): self._log_in,
            ("GET", "/logout"): self._log_out,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let it pass."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks over web sockets
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        path = scope["path"].rstrip("/") or "/"
        own = self._own.get((request.method, path))
        try:
            reply = await own(request) if own else await self._refusal(request, path)
        except ClientDisconnect:
            return
        if reply is None:
            await self._app(scope, receive, send)
        else:
            await reply(scope, receive, send)

    async def _refusal(self, request: Request, path: str) -> Response | None:
        """Return what is said to who may not come in, None for who may."""
        if path in OPEN_PATHS or self._sessions.is_open(_token(request)):
            return None
        header = request.headers.get("authorization", "")
        if header:
            right, wait_s = await self._try(request, lambda: self._credentials.match_header(header))
            if right:
                return None
            if wait_s:
                return _too_many(wait_s)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("login", 303, headers={"cache-control": "no-store"})
        return _problem(401, "log in, or give the password of RAG_AUTH as API key", {
            "www-authenticate": 'Basic realm="research reports", charset="UTF-8"'
            if header.casefold().startswith("basic")
            else "Bearer",
        })  # fmt: skip

    async def _try(self, request: Request, match: Callable[[], bool]) -> tuple[bool, float]:
        """Compare a password unless too many were wrong: return (right, seconds to wait)."""
        address = request.client.host if request.client else ""
        async with self._trying:
            wait_s = self._throttle.wait_s(address)
            if wait_s:
                return False, wait_s
            right = await run_in_threadpool(match)
            if right:
                self._throttle.succeeded(address)
            else:
                self._throttle.failed(address)
        return right, 0.0

    async def _show_login(self, request: Request) -> Response:
        language = choose_language(request.headers.get("accept-language", ""))
        return HTMLResponse(login_html(language), headers={"cache-control": "no-store"})

    async def _log_in(self, request: Request) -> Response:
        user, password = await _posted(request)
        right, wait_s = await self._try(
            request, lambda: self._credentials.match(user.strip(), password)
        )
        wants_page = "text/html" in request.headers.get("accept", "")
        if not right:
            if wants_page:
                language = choose_language(request.headers.get("accept-language", ""))
                html = login_html(language, is_wrong=not wait_s, wait_s=wait_s)
                status = 429 if wait_s else 401
                return HTMLResponse(html, status, headers=_retry(wait_s))
            # What gradio_client expects of a wrong password.
            return _too_many(wait_s) if wait_s else _problem(401, "wrong user or password", {})
        reply: Response = JSONResponse({"success": True})
        if wants_page:
            reply = RedirectResponse("./", 303)
        reply.set_cookie(
            COOKIE,
            self._sessions.begin(),
            max_age=int(LONGEST_S),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return reply

    async def _log_out(self, request: Request) -> Response:
        self._sessions.end(_token(request))
        reply = RedirectResponse("login", 303, headers={"cache-control": "no-store"})
        reply.delete_cookie(COOKIE)
        return reply


def _token(request: Request) -> str:
    try:
        cookie = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie is not None else ""


async def _posted(request: Request) -> tuple[str, str]:
    """Return the user and password of a form, as the login page and gradio_client send it."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MAX_LOGIN_BYTES:
            return "", ""
    try:
        form = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return "", ""
    return form.get("username", [""])[0], form.get("password", [""])[0]


def _too_many(wait_s: float) -> Response:
    return _problem(429, f"too many wrong passwords; wait {wait_s:.0f} seconds", _retry(wait_s))


def _retry(wait_s: float) -> dict[str, str]:
    headers = {"cache-control": "no-store"}
    return headers | {"retry-after": str(int(wait_s) + 1)} if wait_s else headers


def _problem(status: int, message: str, headers: dict[str, str]) -> Response:
    """Return an error in the form that clients of the OpenAI-compatible API read."""
    error: dict[str, Any] = {"message": message, "type": "invalid_api_key", "param": None}
    content = json.dumps({"error": {**error, "code": None}, "detail": message})
    return Response(content, status, headers, media_type="application/json")
