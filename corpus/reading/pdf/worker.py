"""The process that reads files: it forks for each, so that every file has a process of its own.

In:  one line of JSON (`Request`), the number of bytes on a line, then the file's bytes; and again.
Out: {"page": n, "of": m, "stage": s} while working, then one of
     {"document": …} or {"error": kind, "message": …}, then {"ended": exit code}.

What takes time to start (imports, pdfium) is there before the fork; what a file does to memory,
limits and libraries is gone with its child. The caller kills the whole process group when it
misbehaves. Where the system cannot fork, the process reads one file itself and ends.
"""

import json
import os
import select
import sys
import traceback
from typing import BinaryIO

from corpus.codec import from_json, to_json
from corpus.errors import DocumentError
from corpus.reading.pdf.parse import parse_pdf
from corpus.reading.pdf.wire import IDLE_S, Request

_CAN_FORK = hasattr(os, "fork")


def _limit_resources(request: Request) -> None:
    """Bound memory, processor time, and writing, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has none; the parent's clock still holds
        return
    memory = request.limits.memory_bytes * (2 if request.ocr else 1)
    wall = request.limits.wall_s + (request.limits.ocr_wall_s if request.ocr else 0)
    seconds = int(wall) + 1
    for kind, bound in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds * (os.cpu_count() or 1)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (allowed, hard))


def _send(out: BinaryIO, message: dict[str, object]) -> None:
    out.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    out.flush()


def _read_file(request: Request, data: bytes, out: BinaryIO) -> None:
    """Read one file and answer."""
    _limit_resources(request)
    sys.setrecursionlimit(2000)

    def on_page(stage: str, page: int, of: int) -> None:
        _send(out, {"stage": stage, "page": page, "of": of})

    try:
        document = parse_pdf(data, request, on_page)
    except DocumentError as error:
        _send(out, {"error": type(error).__name__, "message": str(error)})
    except MemoryError:
        _send(out, {"error": "MemoryError", "message": ""})
    else:
        _send(out, {"document": to_json(document)})


def _read_in_child(request: Request, data: bytes, out: BinaryIO) -> int:
    """Read one file in a child; return how the child ended, as `subprocess` counts it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _read_file(request, data, out)
            code = 0
        finally:
            if code:
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(code)  # nothing of the parent's may run a second time
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main() -> int:
    """Answer requests until there are no more, or none for a while."""
    # Libraries may print; only this copy of stdout reaches the parent.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        stdin = sys.stdin.buffer
        while not _CAN_FORK or select.select([stdin], [], [], IDLE_S)[0]:
            line = stdin.readline()
            if not line:
                break
            request = from_json(Request, line.decode())
            data = stdin.read(int(stdin.readline()))
            if not _CAN_FORK:
                _read_file(request, data, out)
                break
            _send(out, {"ended": _read_in_child(request, data, out)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
