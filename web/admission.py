"""How many questions are worked on at once, how many may wait, and what the rest are told."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from corpus.errors import AssistantError
from rag.schema import Event

RETRY_AFTER_S = 3  # a full queue of offline answers is through in about that time


class NotTaken(AssistantError):
    """The server does not take a question now; try again in `RETRY_AFTER_S` seconds."""


class Busy(NotTaken):
    """As many questions as may be are worked on and waiting."""


class ShuttingDown(NotTaken):
    """The server is about to end."""


BUSY = "现在提问的人太多，请过几秒再试 / too many questions at once; try again in a few seconds"
_CLOSING = "服务正在关闭，请稍后重试 / the server is shutting down; try again later"


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of questions."""

    running: int
    waiting: int


# An offline answer is work for the processor: more at once make each slower and none faster.
OFFLINE = Limits(running=2, waiting=6)
# With a language model an answer mostly waits for it.
WITH_MODEL = Limits(running=16, waiting=16)


class Admission:
    """Lets questions in, first come, first served. May be used from several threads."""

    def __init__(self, limits: Limits = OFFLINE) -> None:
        self.limits = limits
        self._changed = threading.Condition()
        self._running = 0
        self._line: list[object] = []  # who waits, in the order they came
        self._is_closing = False
        self.aborted = threading.Event()
        """Set when answers that are still being written have to end."""

    @property
    def running(self) -> int:
        """Return how many questions are worked on."""
        return self._running

    @property
    def waiting(self) -> int:
        """Return how many questions wait."""
        return len(self._line)

    @property
    def is_full(self) -> bool:
        """Say whether the next question would not be taken."""
        return self._is_closing or len(self._line) >= self.limits.waiting

    @property
    def refusal(self) -> NotTaken:
        """Return what a question is told that is not taken."""
        return ShuttingDown(_CLOSING) if self._is_closing else Busy(BUSY)

    @property
    def is_closing(self) -> bool:
        """Say whether no more questions are taken."""
        return self._is_closing

    @contextmanager
    def slot(self) -> Iterator[float]:
        """Wait for one's turn, hold it, and give it back; yield the seconds that it took.

        Raises:
            Busy: Too many wait already.
            ShuttingDown: No more questions are taken.
        """
        waited = self._enter()
        try:
            yield waited
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _enter(self) -> float:
        began, ticket = time.monotonic(), object()
        with self._changed:
            if self._is_closing:
                raise self.refusal
            if self._line or self._running >= self.limits.running:
                if len(self._line) >= self.limits.waiting:
                    raise self.refusal
                self._line.append(ticket)
                self._changed.wait_for(lambda: self._is_closing or self._is_next(ticket))
                self._line.remove(ticket)
                if self._is_closing:
                    raise self.refusal
            self._running += 1
            self._changed.notify_all()  # there may be room for the next one as well
        return time.monotonic() - began

    def _is_next(self, ticket: object) -> bool:
        return self._line[0] is ticket and self._running < self.limits.running

    def close(self, wait_s: float) -> None:
        """Take no more questions and let those in work finish; after `wait_s` they are ended."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._running, timeout=wait_s)
        self.aborted.set()


def interruptible(events: Iterator[Event], aborted: threading.Event) -> Iterator[Event]:
    """Yield events that come from elsewhere and may be long in coming, until `aborted` is set.

    Raises:
        ShuttingDown: `aborted` was set before the last event; those that follow are given up.
    """
    pieces: queue.Queue[Event | BaseException | None] = queue.Queue()
    given_up = threading.Event()

    def read() -> None:
        try:
            for event in events:
                pieces.put(event)
                if given_up.is_set():
                    return
            pieces.put(None)
        except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
            pieces.put(error)

    threading.Thread(target=read, daemon=True).start()
    try:
        while True:
            try:
                piece = pieces.get(timeout=0.25)
            except queue.Empty:
                if aborted.is_set():
                    raise ShuttingDown(_CLOSING) from None
                continue
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        given_up.set()
