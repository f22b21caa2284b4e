"""Processes that work for this one: started fresh, ended with it, blind to its main module."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # an answer needs no processes, and their modules take time to import
    from concurrent.futures import Future, ProcessPoolExecutor

T = TypeVar("T")

MAX_WORKERS = 4


def num_cores() -> int:
    """Return how many processes may work at once: one per core, at most `MAX_WORKERS`."""
    return min(MAX_WORKERS, os.cpu_count() or 1)


def start_pool(
    workers: int, prepare: Callable[..., None] | None = None, *values: object
) -> "ProcessPoolExecutor":
    """Return a pool whose processes run `prepare(*values)` first; give it work with `submit`."""
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(workers, _context(), _start, (prepare, values))


def new_queue() -> Any:  # noqa: ANN401  (a queue of the context)
    """Return a queue that may be handed to the processes of a pool as they start."""
    return _context().SimpleQueue()


def _context() -> Any:  # noqa: ANN401
    import multiprocessing

    # Not forked: a copy of a process with threads and open databases is a trap.
    return multiprocessing.get_context("spawn")


def submit(pool: "ProcessPoolExecutor", call: Callable[..., T], *values: object) -> "Future[T]":
    """Have a pool call a function of one of our modules.

    Raises:
        BrokenProcessPool: One of its processes was killed.
    """
    with _main_module_hidden():
        return pool.submit(call, *values)


@contextmanager
def _main_module_hidden() -> Iterator[None]:
    """Keep a process that is started now from running the main module again.

    Nothing of ours is defined there, and a user's script that has no `if __name__ == "__main__"`
    would do all of its work once more in every process.
    """
    main = sys.modules["__main__"]
    hidden = {name: getattr(main, name) for name in ("__spec__", "__file__") if hasattr(main, name)}
    with _hiding:
        for name in hidden:
            setattr(main, name, None)
        try:
            yield
        finally:
            for name, value in hidden.items():
                setattr(main, name, value)


_hiding = threading.RLock()


def _start(prepare: Callable[..., None] | None, values: tuple[Any, ...]) -> None:
    """Prepare a process: Ctrl-C is for its parent, and it ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare(*values)


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
