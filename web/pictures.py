"""The pictures of PDF pages, each at an address of its own: the panel is there before they are."""

import threading

from fastapi import FastAPI
from starlette.responses import PlainTextResponse, Response

from corpus.errors import DocumentError
from web.page_image import PageImages
from web.service import Assistant
from web.source import draw_page

_AT_ONCE = 8  # requests that may wait for a page: a file that takes long must not hold up the rest
_KEPT_S = 86_400  # by the browser; the address changes with the file


def add_page_images(app: FastAPI, assistant: Assistant, images: PageImages) -> None:
    """Add the route. It gives pages of reports that are on the shelf, and nothing else."""
    places = threading.BoundedSemaphore(_AT_ONCE)

    @app.get("/page-image/{doc_id:path}/{number:int}.jpg")
    def page_image(doc_id: str, number: int) -> Response:
        document = assistant.document(doc_id)
        if document is None or all(page.number != number for page in document.pages):
            return PlainTextResponse("no such page", status_code=404)
        if not places.acquire(blocking=False):
            return PlainTextResponse("busy", status_code=503)
        try:
            picture = draw_page(document, number, assistant, images)
        except DocumentError as error:
            return PlainTextResponse(str(error), status_code=422)
        finally:
            places.release()
        cached = f"private, max-age={_KEPT_S}, immutable"
        return Response(picture, media_type="image/jpeg", headers={"cache-control": cached})
