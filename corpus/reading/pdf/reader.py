"""PDF → Document, from the caller's side: a child process does the work and can be stopped."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import errors
from corpus.codec import from_json, to_json
from corpus.errors import DocumentError, EmptyDocument
from corpus.reading.pdf.limits import Limits, has_ocr
from corpus.reading.pdf.wire import Request
from corpus.schema import Document

OnPage = Callable[[int, int], None]
"""Called with the pages read so far and the pages of the file."""

_ROOT = Path(__file__).resolve().parents[3]
_START_S = 15.0  # for the child to start up and open the file, on top of a page's time
_ERRORS = {
    name: getattr(errors, name) for name in ("DocumentError", "EmptyDocument", "EncryptedDocument")
}


def read_pdf(
    path_or_bytes: Path | bytes,
    *,
    file_name: str,
    limits: Limits | None = None,
    password: str | None = None,
    on_page: OnPage | None = None,
) -> Document:
    """Read a PDF in a process of its own.

    A page that takes too long or too much memory is left out, with its number and the reason in
    `pages` and `skipped`, and the file is read again without it.

    Args:
        path_or_bytes: The file.
        file_name: What to call it, in the document and in messages.
        limits: What reading may cost; the defaults suit reports of some hundred pages.
        password: For an encrypted file. Files with an empty password open without.
        on_page: Called after every page, from the calling thread.

    Raises:
        EncryptedDocument: A password is needed, or the given one is wrong.
        EmptyDocument: No page holds text.
        DocumentError: No PDF, damaged, or past its limits.
    """
    limits = limits or Limits()
    data = _load(path_or_bytes, file_name, limits)
    request = Request(file_name, limits, password, ocr=has_ocr())
    deadline = time.monotonic() + limits.wall_s + (limits.ocr_wall_s if request.ocr else 0.0)
    for _ in range(limits.broken_pages + 1):
        outcome = _attempt(request, data, deadline, on_page)
        if outcome.document is not None:
            return outcome.document
        if not outcome.page or time.monotonic() >= deadline:
            break
        request = replace(request, left_out=(*request.left_out, outcome.page))
    where = f" at page {outcome.page} of {outcome.of}" if outcome.page else " before the first page"
    raise DocumentError(
        f"{file_name}: reading was stopped{where}: {outcome.problem}; the limits are "
        f"{limits.wall_s:g} s in all, {limits.page_s:g} s a page and "
        f"{limits.memory_bytes // 2**20:,} MB; print it to a new PDF or split it"
    )


def _load(path_or_bytes: Path | bytes, file_name: str, limits: Limits) -> bytes:
    size = len(path_or_bytes) if isinstance(path_or_bytes, bytes) else path_or_bytes.stat().st_size
    if size > limits.file_bytes:
        raise DocumentError(
            f"{file_name}: {size:,} bytes, at most {limits.file_bytes:,} are read; "
            "split the file and add its parts"
        )
    if size == 0:
        raise EmptyDocument(f"{file_name}: the file is empty (0 bytes)")
    return path_or_bytes if isinstance(path_or_bytes, bytes) else path_or_bytes.read_bytes()


@dataclass(slots=True)
class _Outcome:
    """How an attempt ended: with a document, or with a problem at a page (0: before any)."""

    document: Document | None = None
    page: int = 0
    of: int = 0
    problem: str = ""
    ended: bool = False  # the child ended by itself, without an answer


def _attempt(request: Request, data: bytes, deadline: float, on_page: OnPage | None) -> _Outcome:
    """Run one child to its end, or end it."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "MALLOC_ARENA_MAX": "2"}
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "corpus.reading.pdf.worker",
        ],  # spawned, so it shares nothing with us
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_ROOT,
        env=environment,
    )
    lines: queue.Queue[bytes | None] = queue.Queue()
    complaints: list[bytes] = []
    threads = (
        threading.Thread(target=_listen, args=(child, complaints), daemon=True),
        threading.Thread(target=_feed, args=(child, request, data), daemon=True),
        threading.Thread(target=_collect, args=(child, lines, request.limits), daemon=True),
    )
    try:
        for thread in threads:
            thread.start()
        outcome = _follow(lines, request.limits, deadline, on_page)
    finally:
        child.kill()
        child.wait()
        for thread in threads:
            thread.join(timeout=5)
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()
    if outcome.ended:
        outcome.problem = _last_words(child.returncode, complaints)
    return outcome


def _last_words(code: int, complaints: list[bytes]) -> str:
    """Say how the child ended by itself."""
    if code > 0 and complaints:
        return f"the reader failed ({complaints[-1].decode(errors='replace').strip()[:200]})"
    return "the reading process broke down, for want of memory or on damaged data"


def _listen(child: "subprocess.Popen[bytes]", complaints: list[bytes]) -> None:
    """Keep the child's last line of complaint, and read on so that it never waits."""
    assert child.stderr is not None
    while line := child.stderr.readline(10_000):
        if line.strip():
            complaints[:] = [line]


def _feed(child: "subprocess.Popen[bytes]", request: Request, data: bytes) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(to_json(request).encode() + b"\n")
        child.stdin.write(data)
        child.stdin.close()
    except (BrokenPipeError, OSError):
        return  # the child is gone; `_follow` says so


def _collect(
    child: "subprocess.Popen[bytes]", lines: "queue.Queue[bytes | None]", limits: Limits
) -> None:
    assert child.stdout is not None
    left = limits.result_bytes
    while left > 0:
        line = child.stdout.readline(left)
        if not line.endswith(b"\n"):
            break
        left -= len(line)
        lines.put(line)
    lines.put(None)


def _follow(
    lines: "queue.Queue[bytes | None]", limits: Limits, deadline: float, on_page: OnPage | None
) -> _Outcome:
    outcome = _Outcome()
    patience = limits.page_s + _START_S
    while True:
        wait = min(patience, deadline - time.monotonic())
        try:
            line = lines.get(timeout=max(wait, 0.0))
        except queue.Empty:
            late = time.monotonic() >= deadline
            outcome.problem = (
                "not done in the time for the whole file"
                if late
                else f"no progress in {patience:g} s"
            )
            return outcome
        if line is None:
            outcome.ended = True
            return outcome
        message = json.loads(line)
        if "document" in message:
            outcome.document = from_json(Document, message["document"])
            return outcome
        if "error" in message:
            if kind := _ERRORS.get(message["error"]):
                raise kind(message["message"])
            outcome.problem = "it needs more memory than is allowed"
            return outcome
        outcome.page, outcome.of = message["page"], message["of"]
        patience = limits.ocr_page_s if message["stage"] == "recognise" else limits.page_s
        if on_page is not None and message["stage"] != "lay out":
            on_page(outcome.page, outcome.of)
