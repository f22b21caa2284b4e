"""PDF page → picture, in a process of its own: rendering a hostile file must not harm the page.

Run as `python -m web.page_image PAGE WIDTH` with the file on stdin and the picture on stdout.
"""

import hashlib
import subprocess
import sys
import threading
from collections import OrderedDict
from concurrent.futures import Future
from pathlib import Path

from corpus.errors import DocumentError

WIDTH_PX = 1000  # sharp enough to read on a panel of 500 px at double density
_TIMEOUT_S = 15.0
_MEMORY_BYTES = 1536 * 1024 * 1024
_CACHED_PAGES = 32  # of about 150 KB each
_ROOT = Path(__file__).resolve().parent.parent


class PageImages:
    """Pictures of pages, the last ones kept. May be used from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int], Future[bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, data: bytes, number: int, *, width: int = WIDTH_PX) -> bytes:
        """Return page `number` (from 1) of a PDF as JPEG, `width` pixels wide.

        A page that is being drawn for somebody else is waited for, not drawn twice.

        Raises:
            DocumentError: The page cannot be drawn.
        """
        key = (hashlib.sha256(data).hexdigest(), number, width)
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
            else:
                drawing = self._kept[key] = Future[bytes]()
            while len(self._kept) > _CACHED_PAGES:
                self._kept.popitem(last=False)
        if known is not None:
            return known.result()
        try:
            drawing.set_result(_draw_in_child(data, number, width))
        except (DocumentError, OSError) as error:
            drawing.set_exception(DocumentError(str(error)))
            with self._lock:
                self._kept.pop(key, None)  # it may work the next time
        return drawing.result()


def _draw_in_child(data: bytes, number: int, width: int) -> bytes:
    command = [sys.executable, "-m", "web.page_image", str(number), str(width)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=_TIMEOUT_S, cwd=_ROOT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(f"drawing page {number} took over {_TIMEOUT_S:g} s") from error
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().split("\n")[-1][:200]
        raise DocumentError(said or f"page {number} could not be drawn")
    return done.stdout


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the parent's clock still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> int:
    """Draw one page; 1 when it cannot be drawn."""
    import io

    import pypdfium2 as pdfium

    number, width = int(arguments[0]), int(arguments[1])
    data = sys.stdin.buffer.read()
    _limit_resources()
    try:
        pdf = pdfium.PdfDocument(data)
        if not 1 <= number <= len(pdf):
            sys.stderr.write(f"the file has {len(pdf)} pages, no page {number}")
            return 1
        page = pdf[number - 1]
        picture = page.render(scale=width / max(page.get_width(), 1.0)).to_pil()
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=85)
    except (pdfium.PdfiumError, MemoryError, ValueError, OSError) as error:
        sys.stderr.write(str(error))
        return 1
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
