"""The page's own script and style, as files: the policy lets no inline script run."""

import hashlib
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import PlainTextResponse, Response

STATIC_DIR = Path(__file__).resolve().parent / "static"
_KINDS = {"page.js": "text/javascript", "page.css": "text/css"}
_KEPT_S = 31_536_000  # the address changes with the content


def style() -> str:
    """Return the style of the page."""
    return (STATIC_DIR / "page.css").read_text(encoding="utf-8")


def head_html() -> bytes:
    """Return what stands in the page's head from the first byte on: something is painted at once.

    Gradio puts its own `head` into the page only after its script has been loaded.
    """
    versions = {
        name: hashlib.sha256((STATIC_DIR / name).read_bytes()).hexdigest()[:12] for name in _KINDS
    }
    return (
        f'<link rel="stylesheet" href="page/page.css?v={versions["page.css"]}">'
        f'<script src="page/page.js?v={versions["page.js"]}"></script>'
    ).encode()


def add_static_files(app: FastAPI) -> None:
    """Add the route of the two files."""

    @app.get("/page/{name}")
    def page_file(name: str) -> Response:
        if name not in _KINDS:
            return PlainTextResponse("there is nothing here", status_code=404)
        cached = f"private, max-age={_KEPT_S}, immutable"
        headers = {"cache-control": cached}
        return Response((STATIC_DIR / name).read_bytes(), headers=headers, media_type=_KINDS[name])
