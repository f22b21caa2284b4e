"""Files → what is stored of them: in this process, or in several that read ahead.

Whatever the number of processes, results come in the order of the files. At most two files per
process are under way or wait to be taken, so reading never runs far ahead of storing.
"""

import contextlib
import os
import signal
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import DocumentError, EncryptedDocument
from corpus.loaders import TAKES_PASSWORD, OnPage, ReadOptions, read_document
from corpus.reading.identity import base_name
from index.prepare import Prepared, prepare
from index.processes import new_queue, num_cores, start_pool, submit
from index.progress import ReadingProgress
from index.schema import Refused

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

_WORTH_BYTES = 1_000_000
"""Files of fewer bytes together are read here: starting a process takes longer."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read."""

    place: int  # among all files, counted from 0
    name: str
    data: bytes
    added: bool  # by the user, not part of the documents folder
    editions_dir: Path
    password: str | None = None


Outcome = Prepared | Refused


def num_workers(asked: int | None, num_bytes: int) -> int:
    """Return how many processes read files: as many as asked for, else by the cores and the work."""
    if asked is not None:
        return max(1, asked)
    return num_cores() if num_bytes > _WORTH_BYTES else 1


def read_files(
    tasks: Iterable[Task], workers: int, progress: ReadingProgress
) -> Iterator[tuple[Task, Outcome]]:
    """Yield every task with what came of it, in order; with one worker all is done right here."""
    if workers > 1:
        yield from _Readers(workers, progress).read(iter(tasks))
        return
    for task in tasks:
        progress.start(task.place, task.name)
        yield task, read_task(task, progress.on_page)


def read_task(task: Task, on_page: OnPage) -> Outcome:
    """Read a file, cut it and load its edition; say why where that cannot be done."""
    try:
        document = read_document(task.data, task.name, ReadOptions(task.password, on_page))
    except EncryptedDocument as error:
        needs_password = Path(task.name).suffix.lower() in TAKES_PASSWORD
        return Refused(base_name(task.name), str(error), needs_password)
    except DocumentError as error:
        return Refused(base_name(task.name), str(error))
    return prepare(document, task.data, added=task.added, editions_dir=task.editions_dir)


class _Readers:
    """Processes that read files. The progress shown is that of the first file that is not done."""

    def __init__(self, workers: int, progress: ReadingProgress) -> None:
        self._workers = workers
        self._progress = progress
        self._pages: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self._pids: set[int] = set()
        self._pool = self._start(workers)

    def read(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Outcome]]:
        """Yield every task with what came of it, in order."""
        waiting = deque((task, self._submit(task)) for task in islice(tasks, 2 * self._workers))
        try:
            while waiting:
                task, future = waiting.popleft()
                outcome = self._outcome(task, future)
                # The bytes of the file are here; they need not travel back.
                if isinstance(outcome, Prepared):
                    outcome = replace(outcome, source=task.data)
                yield task, outcome
                waiting.extend((task, self._submit(task)) for task in islice(tasks, 1))
        except BaseException:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._collect()
            for pid in self._pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
            raise
        self._pool.shutdown()

    def _submit(self, task: Task) -> "Future[Outcome]":
        from concurrent.futures import BrokenExecutor

        try:
            return submit(self._pool, _read_there, task)
        except BrokenExecutor:
            self._pool = self._start(self._workers)
            return submit(self._pool, _read_there, task)

    def _outcome(self, task: Task, future: "Future[Outcome]") -> Outcome:
        from concurrent.futures import BrokenExecutor

        self._progress.start(task.place, task.name)
        try:
            return self._followed(task, future)
        except BrokenExecutor:
            pass
        # One of the files under way took all processes down; each of them gets one to itself.
        self._pool = self._start(1)
        try:
            return self._followed(task, self._submit(task))
        except BrokenExecutor:
            return Refused(
                base_name(task.name),
                f"{task.name}: the process that read the file was stopped, most likely for lack of "
                "memory; free some, or split the file",
            )

    def _followed(self, task: Task, future: "Future[Outcome]") -> Outcome:
        """Wait for a file and show its pages meanwhile."""
        from concurrent.futures import wait

        while True:
            done = wait([future], timeout=_SHOW_EVERY_S).done
            self._collect()
            for page, pages in self._pages.pop(task.place, ()):
                self._progress.on_page(page, pages)
            if done:
                return future.result()

    def _collect(self) -> None:
        while not self._events.empty():
            place, page, pages = self._events.get()
            if place < 0:
                self._pids.add(page)
            else:
                self._pages[place].append((page, pages))

    def _start(self, workers: int) -> "ProcessPoolExecutor":
        self._events: Any = new_queue()
        return start_pool(workers, _listen, self._events)


_SHOW_EVERY_S = 0.1
_events: Any = None  # of this process, where it is one that reads


def _listen(events: Any) -> None:  # noqa: ANN401  (a queue of the context)
    global _events
    _events = events
    events.put((-1, os.getpid(), 0))


def _read_there(task: Task) -> Outcome:
    outcome = read_task(task, lambda page, pages: _events.put((task.place, page, pages)))
    return replace(outcome, source=b"") if isinstance(outcome, Prepared) else outcome
