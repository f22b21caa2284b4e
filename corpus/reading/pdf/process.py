"""The caller's end of a reading process: it is started, asked, listened to, and killed."""

import atexit
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from corpus.codec import to_json
from corpus.reading.pdf.wire import IDLE_S, Request

_ROOT = Path(__file__).resolve().parents[3]
_LAST_WORDS_S = 5.0  # for a child that has answered to end
_IN_TIME = 0.5  # of the idle time: after it a process may end before it hears the next request
_HAS_GROUPS = hasattr(os, "killpg")


class ReadingProcess:
    """One process with `worker.main` in it. Asked by one thread at a time."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(_ROOT), "MALLOC_ARENA_MAX": "2"}
        self._owner = os.getpid()
        self._last_used = time.monotonic()
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._complaints: list[bytes] = []
        self._result_bytes = 0
        self._process = subprocess.Popen(
            # Spawned, so it shares nothing with us; a group, so that its children die with it.
            [sys.executable, "-m", "corpus.reading.pdf.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=_ROOT,
            env=environment,
            start_new_session=_HAS_GROUPS,
        )
        self._threads = [
            threading.Thread(target=target, daemon=True) for target in (self._listen, self._collect)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_usable(self) -> bool:
        """Say whether it can be asked: it lives, is ours, and will not end for being idle."""
        fresh = time.monotonic() - self._last_used < _IN_TIME * IDLE_S
        return fresh and self._owner == os.getpid() and self._process.poll() is None

    def ask(self, request: Request, data: bytes) -> None:
        """Send a file. Its answers come from `answer`, line by line."""
        self._result_bytes = request.limits.result_bytes
        self._complaints.clear()
        thread = threading.Thread(target=self._feed, args=(request, data), daemon=True)
        self._threads.append(thread)
        thread.start()

    def answer(self, timeout_s: float) -> dict[str, Any] | None:
        """Return the next message, None when the process has ended.

        Raises:
            queue.Empty: Nothing came in time.
        """
        line = self._lines.get(timeout=max(timeout_s, 0.0))
        if line is None:
            return None
        message: dict[str, Any] = json.loads(line)
        return message

    def is_done(self) -> bool:
        """Wait for a child that has answered to end; say whether the process can be asked again."""
        try:
            message = self.answer(_LAST_WORDS_S)
        except queue.Empty:
            return False
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._last_used = time.monotonic()
        return message is not None and "ended" in message

    def last_words(self, code: int | None) -> str:
        """Say how a child ended by itself.

        Args:
            code: Its exit code, None when the process ended with it.
        """
        self._process.poll()
        code = self._process.returncode if code is None else code
        if code and code > 0 and self._complaints:
            said = self._complaints[-1].decode(errors="replace").strip()[:200]
            return f"the reader failed ({said})"
        return "the reading process broke down, for want of memory or on damaged data"

    def kill(self) -> None:
        """End it and its children at once, and free what it held."""
        if self._owner != os.getpid():
            return
        if _HAS_GROUPS and self._process.returncode is None:
            with suppress(ProcessLookupError):  # it has just ended
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join(timeout=_LAST_WORDS_S)
        for pipe in (self._process.stdout, self._process.stderr, self._process.stdin):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what was not sent is of no use now
                    pipe.close()

    def _listen(self) -> None:
        """Keep the last line of complaint, and read on so that nobody waits."""
        assert self._process.stderr is not None
        while line := self._process.stderr.readline(10_000):
            if line.strip():
                self._complaints[:] = [line]

    def _feed(self, request: Request, data: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"%b\n%d\n" % (to_json(request).encode(), len(data)))
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except (BrokenPipeError, OSError, ValueError):
            return  # the process is gone; `answer` says so

    def _collect(self) -> None:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline(self._result_bytes or 1 << 16):
            if not line.endswith(b"\n"):
                break
            self._lines.put(line)
        self._lines.put(None)


_idle: list[ReadingProcess] = []
_lock = threading.Lock()


def take_process() -> ReadingProcess:
    """Return a process that can be asked: one that has served before, or a new one."""
    with _lock:
        while _idle:
            process = _idle.pop()
            if process.is_usable:
                return process
            process.kill()
    return ReadingProcess()


def give_back(process: ReadingProcess) -> None:
    """Keep a process that has served to its end for the next file."""
    with _lock:
        _idle.append(process)


@atexit.register
def end_processes() -> None:
    """End the processes that wait for files."""
    with _lock:
        while _idle:
            _idle.pop().kill()
