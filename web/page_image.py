"""PDF page → picture, in a process of its own: rendering a hostile file must not harm the page.

The process is kept (starting one takes longer than drawing a page) and started again when it
dies, takes too long, or has drawn `_PAGES_PER_PROCESS` pages.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from corpus.errors import DocumentError

WIDTH_PX = 1000  # sharp enough to read on a panel of 500 px at double density
_TIMEOUT_S = 15.0
_START_S = 30.0  # of a process, on a busy machine
_PAGES_PER_PROCESS = 500  # whatever a library leaks is given back
_CACHED_BYTES = 32 * 1024 * 1024  # about 150 pages
_PICTURE_BYTES = 32 * 1024 * 1024  # a larger one is a fault of the process
_ROOT = Path(__file__).resolve().parent.parent

Load = Callable[[], bytes]
"""Reads a file; called only when the drawing process does not have it."""


class PageImages:
    """Pictures of pages, the last ones kept. May be used from several threads."""

    def __init__(self, timeout_s: float = _TIMEOUT_S) -> None:
        self._kept: OrderedDict[tuple[str, int, int], Future[bytes]] = OrderedDict()
        self._lock = threading.Lock()
        self._drawing = threading.Lock()  # one page at a time: on a small machine two take turns
        self._drawer = _Drawer(timeout_s)

    def start(self) -> None:
        """Start the drawing process now, so that the first page does not wait for it."""
        with self._drawing:
            self._drawer.start()

    def close(self) -> None:
        """End the drawing process."""
        with self._drawing:
            self._drawer.end()

    def page(self, key: str, load: Load, number: int, *, width: int = WIDTH_PX) -> bytes:
        """Return page `number` (from 1) of a PDF as JPEG, `width` pixels wide.

        A page that is being drawn for somebody else is waited for, not drawn twice.

        Args:
            key: Names the content of the file, as its SHA-256 does.
            load: Reads the file.
            number: Of the page.
            width: Of the picture.

        Raises:
            DocumentError: The page cannot be drawn.
        """
        wanted = (key, number, width)
        with self._lock:
            known = self._kept.get(wanted)
            if known is not None:
                self._kept.move_to_end(wanted)
            else:
                drawing = self._kept[wanted] = Future[bytes]()
        if known is not None:
            return known.result()
        try:
            with self._drawing:
                drawing.set_result(self._drawer.draw(key, load, number, width))
        except (DocumentError, KeyError, OSError) as error:
            drawing.set_exception(DocumentError(str(error)))
            with self._lock:
                self._kept.pop(wanted, None)  # it may work the next time
        else:
            self._forget_oldest()
        return drawing.result()

    def _forget_oldest(self) -> None:
        with self._lock:
            sizes = {
                wanted: len(drawn.result()) if drawn.done() and not drawn.exception() else 0
                for wanted, drawn in self._kept.items()
            }
            left = sum(sizes.values())
            for wanted, size in sizes.items():
                if left <= _CACHED_BYTES:
                    return
                if size:
                    del self._kept[wanted]
                    left -= size


class _Broken(DocumentError):
    """The process ended by itself."""


class _Drawer:
    """One drawing process, see `web.page_drawer`. Not for several threads at once."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._child: subprocess.Popen[bytes] | None = None
        self._replies: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue()
        self._drawn = 0
        self._is_fresh = True  # it has not answered yet, and may still be starting

    def draw(self, key: str, load: Load, number: int, width: int) -> bytes:
        if self._child is None or self._child.poll() is not None:
            self.start()
        was_fresh = self._is_fresh
        try:
            reply, picture = self._sent(key, load, number, width)
        except _Broken:
            if was_fresh:
                raise
            self.start()  # it may have died of something else; a second death is the file's
            reply, picture = self._sent(key, load, number, width)
        self._drawn += 1
        if self._drawn >= _PAGES_PER_PROCESS:
            self.end()
        if "size" not in reply:
            raise DocumentError(str(reply.get("error", "")) or f"page {number} was not drawn")
        return picture

    def _sent(self, key: str, load: Load, number: int, width: int) -> tuple[dict[str, Any], bytes]:
        reply, picture = self._ask(key, b"", number, width)
        if reply.get("unknown"):
            reply, picture = self._ask(key, load(), number, width)
        return reply, picture

    def start(self) -> None:
        self.end()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "web.page_drawer"],  # spawned, so it shares nothing with us
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=_harmless_environment(),
        )
        self._replies = queue.Queue()
        self._drawn, self._is_fresh = 0, True
        threading.Thread(target=_collect, args=(self._child, self._replies), daemon=True).start()

    def end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        if child.stdin is not None:
            with contextlib.suppress(OSError):  # what it was not sent is lost with it
                child.stdin.close()

    def _ask(self, key: str, data: bytes, number: int, width: int) -> tuple[dict[str, Any], bytes]:
        """Send a request and wait for its reply; a process that fails in it is ended."""
        request = {"file": key, "size": len(data), "page": number, "width": width}
        child = self._child
        assert child is not None
        # A process that does not read must not hold up the one that waits for its reply.
        feeding = threading.Thread(
            target=_feed, args=(child, json.dumps(request).encode() + b"\n" + data), daemon=True
        )
        feeding.start()
        wait_s = self._timeout_s + (_START_S if self._is_fresh else 0.0)
        try:
            reply = self._replies.get(timeout=wait_s)
        except queue.Empty:
            self.end()
            raise DocumentError(f"drawing page {number} took over {wait_s:g} s") from None
        if reply is None:
            self.end()
            raise _Broken(f"the file broke the process that draws page {number}")
        feeding.join()
        self._is_fresh = False
        return reply


def _harmless_environment() -> dict[str, str]:
    """Return what the process needs to start; keys and passwords are none of its business."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "VIRTUAL_ENV")
    variables = {name: os.environ[name] for name in kept if name in os.environ}
    return {**variables, "PYTHONPATH": str(_ROOT)}


def _feed(child: "subprocess.Popen[bytes]", message: bytes) -> None:
    assert child.stdin is not None
    with contextlib.suppress(OSError, ValueError):  # it is gone; who waits for the reply says so
        child.stdin.write(message)
        child.stdin.flush()


def _collect(
    child: "subprocess.Popen[bytes]", replies: "queue.Queue[tuple[dict[str, Any], bytes] | None]"
) -> None:
    """Pass on replies until the process ends or says what it must not."""
    assert child.stdout is not None
    with child.stdout as out:
        while line := out.readline(10_000):
            try:
                reply = json.loads(line)
                size = int(reply.get("size", 0))
            except (ValueError, TypeError, AttributeError):
                break
            picture = out.read(size) if 0 <= size <= _PICTURE_BYTES else b""
            if len(picture) != size:
                break
            replies.put((reply, picture))
    replies.put(None)
