"""What looks after the server asks: is it alive, is it ready, how is it doing."""

from fastapi import FastAPI
from starlette.responses import JSONResponse, PlainTextResponse, Response

from corpus.errors import AssistantError
from web.metrics import MISSING
from web.service import Assistant


def add_probes(app: FastAPI, assistant: Assistant) -> None:
    """Add /healthz, which says nothing but that the process answers, /readyz and /metrics."""
    admission, metrics = assistant.admission, assistant.metrics
    metrics.watch("running", "Questions that are worked on.", lambda: admission.running)
    metrics.watch("waiting", "Questions that wait for their turn.", lambda: admission.waiting)
    metrics.watch("generation", "The index that is answered from.", lambda: assistant.generation)

    @app.get("/healthz")
    async def healthz() -> Response:
        return PlainTextResponse("ok")

    @app.get("/readyz")
    def readyz() -> Response:
        if admission.is_closing:
            return JSONResponse({"ready": False, "reason": "shutting down"}, status_code=503)
        try:
            documents = len(assistant.shelf())
            assistant.pipeline.index.is_current()  # reads the file, which `shelf` may do without
        except (AssistantError, OSError) as error:
            reason = f"the index cannot be read ({type(error).__name__})"
            return JSONResponse({"ready": False, "reason": reason}, status_code=503)
        state = {"ready": True, "documents": documents, "generation": assistant.generation}
        return JSONResponse({**state, "busy": admission.is_full})

    @app.get("/metrics")
    def measured() -> Response:
        text = metrics.text()
        if text is None:
            return PlainTextResponse(MISSING, status_code=501)
        return Response(text[0], headers={"content-type": text[1]})
