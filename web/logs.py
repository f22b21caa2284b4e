"""The server's log: one JSON object a line, without secrets and without anybody's text."""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType

_SECRET_NAMES = ("KEY", "TOKEN", "SECRET", "PASSWORD", "AUTH")
_SHORTEST_SECRET = 6  # a shorter one would take ordinary words out of the log
_HIDDEN = "***"


def secrets_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of an environment that no log may show, longest first.

    >>> secrets_of({"OPENAI_API_KEY": "sk-123456", "RAG_AUTH": "ann:pass-word", "HOME": "/root"})
    ('ann:pass-word', 'pass-word', 'sk-123456')
    """
    found = set[str]()
    for name, value in environment.items():
        if any(part in name.upper() for part in _SECRET_NAMES):
            found.add(value)
        if name == "RAG_AUTH":
            found.add(value.partition(":")[2])
    return tuple(
        sorted((s for s in found if len(s) >= _SHORTEST_SECRET), key=lambda s: (-len(s), s))
    )


class JsonLines(logging.Formatter):
    """A record as one line of JSON; `extra={"fields": {...}}` become fields of their own.

    An error is logged by its type and where it came from. Its message may hold a question, a
    quote or a key, so it is written at DEBUG only.
    """

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line |= fields
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _described(record.exc_info[1], record.exc_info[2])
        text = json.dumps(line, ensure_ascii=False, default=str)
        for secret in self._secrets:
            text = text.replace(json.dumps(secret, ensure_ascii=False)[1:-1], _HIDDEN)
        return text


def _described(error: BaseException, trace: TracebackType | None) -> dict[str, object]:
    frames = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]
    said: dict[str, object] = {"type": type(error).__name__, "at": frames[-8:]}
    if isinstance(error, OSError) and error.strerror:
        said["system"] = error.strerror  # the system's own words, never a path's or a user's
    if logging.getLogger().isEnabledFor(logging.DEBUG):
        said["message"] = str(error)
    return said


def configure(level: str, environment: Mapping[str, str]) -> None:
    """Send all logs of this process to stderr as JSON lines.

    Args:
        level: Of our own records; libraries are heard from WARNING on.
        environment: Whose secrets are kept out.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(secrets_of(environment)))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for package in ("corpus", "index", "rag", "web"):
        logging.getLogger(package).setLevel(level)
    # uvicorn brings handlers of its own; with them every line would come twice or unredacted.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
