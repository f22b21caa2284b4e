"""The page, its endpoints and the OpenAI-compatible API as one application."""

import asyncio
import threading
from types import FrameType
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from rag.settings import Settings
from web.access import Gate
from web.examples import Examples
from web.handlers import Desk
from web.openai_api import add_openai_routes
from web.page import MAX_FILE_MB, build_page, page_options
from web.page_image import PageImages
from web.pictures import add_page_images
from web.probes import add_probes
from web.security import Guard, is_loopback, require_password
from web.service import Assistant
from web.static_files import add_static_files, head_html

_FINISH_S = 10.0  # for answers that are being written when the server is told to end
_CLOSE_S = 2  # for connections after that; an open page keeps one until it is cut
_WARM_UP_S = 1.0
_MAX_UPLOAD_BYTES = 4 * 1024**3  # within an hour, by all visitors together
_MAX_BODY_BYTES = 2 * MAX_FILE_MB * 1024 * 1024  # of one request, which may hold several files


def create_app(
    settings: Settings,
    *,
    auth: str = "",
    host: str = "127.0.0.1",
    allow_anonymous: bool = False,
) -> FastAPI:
    """Make the application.

    Args:
        settings: Of the assistant; its index must be there.
        auth: "user:password", or "" for none.
        host: The address it will listen on.
        allow_anonymous: Serve other machines without a password.

    Raises:
        SettingsError: `host` is reachable from other machines and there is no password, or
            `auth` is malformed.
        IndexMissing: There is no index.
    """
    credentials = require_password(host, auth, allow_anonymous=allow_anonymous)
    import gradio as gr

    assistant = Assistant(settings)
    desk = Desk(assistant, Examples(assistant), PageImages())
    page = build_page(desk)
    app = FastAPI(title="research reports", docs_url=None, redoc_url=None, openapi_url=None)
    if credentials is not None:
        app.add_middleware(Gate, credentials=credentials)
    app.add_middleware(  # the last one added comes first
        Guard,
        loopback_only=is_loopback(host),
        max_body_bytes=_MAX_BODY_BYTES,
        max_upload_bytes=_MAX_UPLOAD_BYTES,
        head=head_html(),
        is_busy=lambda: assistant.admission.is_full,
    )
    add_static_files(app)
    add_openai_routes(app, assistant)
    add_probes(app, assistant)
    add_page_images(app, assistant, desk.images)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=host,
        show_error=False,
        mcp_server=True,
        **page_options(),
    )
    _forbid_downloads()
    app.state.desk = desk
    return app


class Server(uvicorn.Server):
    """Ends in order: no new questions, answers in work are finished, then connections close."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=_CLOSE_S,
            )
        )
        self._desk: Desk = app.state.desk

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Listen, then get ready what the first reader would wait for."""
        await super().startup(sockets)
        asyncio.get_running_loop().call_later(_WARM_UP_S, self._warm_up)

    def _warm_up(self) -> None:
        def work() -> None:
            self._desk.images.start()
            self._desk.examples.refresh()

        threading.Thread(target=work, daemon=True).start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in order at the first signal, at once at the second."""
        admission = self._desk.assistant.admission
        if admission.is_closing:
            super().handle_exit(sig, frame)
            self.force_exit = True
            return

        def finish() -> None:
            admission.close(_FINISH_S)
            self._desk.images.close()
            self.should_exit = True

        threading.Thread(target=finish, daemon=True).start()


def _forbid_downloads() -> None:
    """Keep Gradio from fetching addresses that a client names in place of an uploaded file.

    It refuses private addresses by itself, but not public ones, and a name may lead to either.
    Nothing here has a reason to fetch anything.
    """
    from gradio import processing_utils

    async def refuse(url: str, *_: object) -> httpx.Response:
        raise ValueError(f"addresses are not fetched ({len(url)} characters were given)")

    processing_utils.async_ssrf_protected_get = refuse
