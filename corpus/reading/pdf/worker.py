"""The process that reads one file: bytes in on stdin, JSON lines out. Killed when it misbehaves.

In:  one line of JSON (`Request`), then the file's bytes.
Out: {"page": n, "of": m, "stage": s} while working, then one of
     {"document": …} or {"error": kind, "message": …}.
"""

import json
import os
import sys
from typing import BinaryIO

from corpus.codec import from_json, to_json
from corpus.errors import DocumentError
from corpus.reading.pdf.parse import parse_pdf
from corpus.reading.pdf.wire import Request


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


def main() -> int:
    """Read one request and answer it."""
    # Libraries may print; only this copy of stdout reaches the parent.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        stdin = sys.stdin.buffer
        request = from_json(Request, stdin.readline().decode())
        data = stdin.read()
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
