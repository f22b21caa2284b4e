"""PDF → Document, from the caller's side: a child process does the work and can be stopped."""

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import errors
from corpus.codec import from_json
from corpus.errors import DocumentError, EmptyDocument
from corpus.reading.pdf.limits import Limits, has_ocr
from corpus.reading.pdf.process import ReadingProcess, give_back, take_process
from corpus.reading.pdf.wire import Request
from corpus.schema import Document

OnPage = Callable[[int, int], None]
"""Called with the pages read so far and the pages of the file."""

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
    place = f"第 {outcome.page} 页（共 {outcome.of} 页）" if outcome.page else "第一页之前"
    memory = f"{limits.memory_bytes // 2**20:,} MB"
    raise DocumentError(
        f"{file_name}: 读取在{place}中止：超出限制（全文 {limits.wall_s:g} 秒，每页 {limits.page_s:g} 秒，"
        f"{memory}）或文件已损坏；请打印成新的 PDF 或拆分 / "
        f"reading was stopped{where}: {outcome.problem}; the limits are {limits.wall_s:g} s in all, "
        f"{limits.page_s:g} s a page and {memory}; print it to a new PDF or split it"
    )


def _load(path_or_bytes: Path | bytes, file_name: str, limits: Limits) -> bytes:
    size = len(path_or_bytes) if isinstance(path_or_bytes, bytes) else path_or_bytes.stat().st_size
    if size > limits.file_bytes:
        raise DocumentError(
            f"{file_name}: 共 {size:,} 字节，最多读 {limits.file_bytes:,} 字节；请拆分后逐份添加 / "
            f"{size:,} bytes, at most {limits.file_bytes:,} are read; "
            "split the file and add its parts"
        )
    if size == 0:
        raise EmptyDocument(f"{file_name}: 文件是空的 / the file is empty (0 bytes)")
    return path_or_bytes if isinstance(path_or_bytes, bytes) else path_or_bytes.read_bytes()


@dataclass(slots=True)
class _Outcome:
    """How an attempt ended: with a document, or with a problem at a page (0: before any)."""

    document: Document | None = None
    page: int = 0
    of: int = 0
    problem: str = ""


def _attempt(request: Request, data: bytes, deadline: float, on_page: OnPage | None) -> _Outcome:
    """Have a process read the file; end the process unless it has done so cleanly."""
    process = take_process()
    is_clean = False
    try:
        process.ask(request, data)
        outcome = _follow(process, request.limits, deadline, on_page)
        is_clean = outcome.document is not None and process.is_done()
    except DocumentError:
        is_clean = process.is_done()
        raise
    finally:
        if is_clean:
            give_back(process)
        else:
            process.kill()
    return outcome


def _follow(
    process: ReadingProcess, limits: Limits, deadline: float, on_page: OnPage | None
) -> _Outcome:
    outcome = _Outcome()
    patience = limits.page_s + _START_S
    while True:
        wait = min(patience, deadline - time.monotonic())
        try:
            message = process.answer(wait)
        except queue.Empty:
            late = time.monotonic() >= deadline
            outcome.problem = (
                "not done in the time for the whole file"
                if late
                else f"no progress in {patience:g} s"
            )
            return outcome
        if message is None or "ended" in message:
            outcome.problem = process.last_words(message["ended"] if message else None)
            return outcome
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
