"""One line for every question: who asked how, what came of it, how long it took.

Neither questions nor report text are in it, at any level: what is confidential is not in a log
that is kept for operations. The numbers go to the metrics as well.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.errors import AssistantError
from rag.schema import Answer
from web.admission import NotTaken
from web.metrics import Metrics

logger = logging.getLogger(__name__)


class Channel(StrEnum):
    """The way a question came."""

    PAGE = "page"
    ENDPOINT = "endpoint"  # Gradio's API, or MCP
    OPENAI = "openai"


@dataclass(slots=True)
class Entry:
    """What is known of a question so far; times in seconds."""

    channel: Channel
    num_chars: int
    num_earlier: int  # questions before it in the conversation
    num_documents: int | None  # that are searched, None for all
    entry_id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    began: float = field(default_factory=time.monotonic)
    waited_s: float = 0.0
    first_s: float | None = None  # until something could be shown of the answer
    answer: Answer | None = None

    def show(self) -> None:
        """Note that something of the answer can be shown now."""
        if self.first_s is None:
            self.first_s = time.monotonic() - self.began


class Journal:
    """Writes the lines and counts."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    @contextmanager
    def question(self, entry: Entry) -> Iterator[Entry]:
        """Follow a question to its end, whatever that is."""
        outcome = ""
        failure: Exception | None = None
        try:
            yield entry
        except NotTaken as error:
            outcome = type(error).__name__
            raise
        except AssistantError as error:
            outcome = type(error).__name__
            raise
        except Exception as error:
            outcome, failure = "failed", error
            raise
        finally:
            self._write(entry, outcome, failure)

    def _write(self, entry: Entry, outcome: str, failure: Exception | None) -> None:
        total_s = time.monotonic() - entry.began
        answer = entry.answer
        if not outcome:  # no error, and no answer: the reader has left or stopped it
            outcome = answer.status.value if answer else "given up"
        fields: dict[str, object] = {
            "id": entry.entry_id,
            "channel": entry.channel.value,
            "outcome": outcome,
            "chars": entry.num_chars,
            "earlier": entry.num_earlier,
            "documents": entry.num_documents,
            "waited_ms": round(1000 * entry.waited_s),
            "first_ms": None if entry.first_s is None else round(1000 * entry.first_s),
            "total_ms": round(1000 * total_s),
        }
        if answer is not None:
            fields |= {
                "language": answer.language.value,
                "engine": answer.engine,
                "citations": len(answer.citations),
                "confidence": round(answer.trace.confidence, 3),
            }
        level = logging.ERROR if failure else logging.INFO
        logger.log(level, "question", extra={"fields": fields}, exc_info=failure)
        self._metrics.count(entry.channel.value, outcome, total_s, entry.waited_s)
