"""The process that draws PDF pages: it takes one request after the other until its input ends.

In:  a line of JSON {"file": key, "size": n, "page": number, "width": pixels}, then n bytes of the
     file; n is 0 for a file that was sent before.
Out: a line of JSON {"size": n}, then n bytes of JPEG; or {"error": message}; or {"unknown": true}
     for a file that is not kept (any more), which the other side then sends again.

A file may be hostile: this process holds nothing else, may not grow beyond its limit, and is
killed by the one that started it when it takes too long.
"""

import io
import json
import os
import sys
from collections import OrderedDict
from typing import Any, BinaryIO

MEMORY_BYTES = 1536 * 1024 * 1024
_KEPT_FILES = 8  # of at most MAX_FILE_MB each, and mostly of one or two
_KEPT_BYTES = 256 * 1024 * 1024


class Files:
    """The PDFs that were sent last, opened."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, tuple[Any, int]] = OrderedDict()

    def add(self, key: str, data: bytes) -> None:
        """Open a file and keep it; the ones used longest ago are closed beyond the limits."""
        import pypdfium2 as pdfium

        self._open[key] = pdfium.PdfDocument(data), len(data)
        while len(self._open) > 1 and (
            len(self._open) > _KEPT_FILES
            or sum(size for _, size in self._open.values()) > _KEPT_BYTES
        ):
            self._open.popitem(last=False)[1][0].close()

    def get(self, key: str) -> Any | None:  # noqa: ANN401
        """Return an opened file, None when it is not kept."""
        if key not in self._open:
            return None
        self._open.move_to_end(key)
        return self._open[key][0]


def draw(pdf: Any, number: int, width: int) -> bytes:  # noqa: ANN401
    """Return page `number` (from 1) as JPEG.

    Raises:
        ValueError: There is no such page.
    """
    if not 1 <= number <= len(pdf):
        raise ValueError(f"the file has {len(pdf)} pages, no page {number}")
    page = pdf[number - 1]
    try:
        picture = page.render(scale=width / max(page.get_width(), 1.0)).to_pil()
    finally:
        page.close()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the parent's clock still holds
        return
    for kind, bound in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (allowed, hard))


def _answer(
    request: dict[str, Any], source: BinaryIO, files: Files
) -> tuple[dict[str, Any], bytes]:
    import pypdfium2 as pdfium

    data = source.read(request["size"])
    try:
        if data:
            files.add(request["file"], data)
        pdf = files.get(request["file"])
        if pdf is None:
            return {"unknown": True}, b""
        picture = draw(pdf, request["page"], request["width"])
    except (pdfium.PdfiumError, MemoryError, ValueError, OSError) as error:
        return {"error": str(error) or type(error).__name__}, b""
    return {"size": len(picture)}, picture


def main() -> int:
    """Answer requests until the input ends."""
    import PIL.JpegImagePlugin  # noqa: F401  # loaded before the first request waits for it
    import pypdfium2  # noqa: F401

    _limit_resources()
    files = Files()
    # Libraries may print; only this copy of stdout reaches the parent.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        while line := sys.stdin.buffer.readline():
            reply, picture = _answer(json.loads(line), sys.stdin.buffer, files)
            out.write(json.dumps(reply).encode() + b"\n" + picture)
            out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
