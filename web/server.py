"""The page, its endpoints and the OpenAI-compatible API as one application."""

from fastapi import FastAPI

from rag.settings import Settings
from web.examples import Examples
from web.handlers import Desk
from web.openai_api import add_openai_routes
from web.page import MAX_FILE_MB, build_page, page_options
from web.page_image import PageImages
from web.security import Guard, is_loopback, require_password
from web.service import Assistant

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
    examples = Examples(assistant)
    examples.refresh()
    page = build_page(Desk(assistant, examples, PageImages()))
    app = FastAPI(title="research reports", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(
        Guard,
        loopback_only=is_loopback(host),
        max_body_bytes=_MAX_BODY_BYTES,
        max_upload_bytes=_MAX_UPLOAD_BYTES,
    )
    add_openai_routes(app, assistant, credentials)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=host,
        auth=credentials.match if credentials else None,
        show_error=False,
        mcp_server=True,
        **page_options(),
    )
    return app
