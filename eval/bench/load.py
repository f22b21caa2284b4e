"""Questions at the machine's limit for minutes: python -m eval.bench load [--seconds N].

`CLIENTS` ask one question after the other, so that somebody always waits; now and then a crowd
comes at once, more than may wait. Measured is what the clients saw, and the server's memory and
open files. Clients and server share the machine, and so does whatever else runs on it.
"""

import http.client
import itertools
import os
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from eval.bench.clients import ask_once, served
from eval.bench.process import percentile

CLIENTS = 3  # with two answers worked on at once, one of them always waits
CROWD = 24  # three times what may run and wait
_LOADED_S = 25.0  # then a pause, in which one client asks alone
_ALONE_S = 5.0
_WARM_UP_SHARE = 0.2  # caches fill; growth is measured after it
MAX_SLOWDOWN = 3.0
MAX_GROWTH_MB_PER_MINUTE = 1.0
MAX_MORE_FILES = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one question."""

    status: int  # of HTTP; 0 when the connection broke
    taken_s: float
    retry_after: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The server's state."""

    at_s: float
    resident_mb: float
    files: int


@dataclass(slots=True)
class LoadRun:
    """What was seen; see `verdicts` for what is asked of it."""

    seconds: float
    unloaded: list[Reply]
    steady: list[Reply] = field(default_factory=list)
    crowd: list[Reply] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)

    @property
    def slowdown(self) -> float:
        """Return the 95th percentile under load over that without."""
        return _p95(self.steady) / _p95(self.unloaded)

    def settled(self) -> list[Sample]:
        """Return the samples after the warm-up."""
        return self.samples[int(_WARM_UP_SHARE * len(self.samples)) :]

    @property
    def growth_mb_per_minute(self) -> float:
        """Return the slope of resident memory after the warm-up (least squares)."""
        samples = self.settled()
        return 60 * _slope([s.at_s for s in samples], [s.resident_mb for s in samples])

    @property
    def more_files(self) -> int:
        """Return how many more files were open at the end of the run than after the warm-up."""
        files = [s.files for s in self.settled()]
        third = max(len(files) // 3, 1)
        return max(files[-third:]) - max(files[:third]) if files else 0

    def verdicts(self) -> dict[str, bool]:
        """Return every promise with whether it was kept."""
        crowd = Counter(reply.status for reply in self.crowd)
        steady = Counter(reply.status for reply in self.steady)
        refused = [reply for reply in self.crowd + self.steady if reply.status == 503]
        return {
            "every reply is an answer or says that the server is busy": not (
                (crowd.keys() | steady.keys()) - {200, 503}
            ),
            "a crowd is told so, with a time to come back": not self.crowd
            or bool(refused and all(reply.retry_after.isdecimal() for reply in refused)),
            f"p95 within {MAX_SLOWDOWN:g} × the unloaded": self.slowdown <= MAX_SLOWDOWN,
            f"memory grows by at most {MAX_GROWTH_MB_PER_MINUTE:g} MB a minute": (
                self.growth_mb_per_minute <= MAX_GROWTH_MB_PER_MINUTE
            ),
            f"at most {MAX_MORE_FILES} more open files": self.more_files <= MAX_MORE_FILES,
        }


def measure_load(questions: Sequence[str], seconds: float) -> LoadRun:
    """Run the load against a page that is started for it.

    The wait without load is taken in pauses between the loads, so that whatever else the machine
    does weighs on both.
    """
    with served() as (port, pid):
        alone = _Client(port, questions, 0)
        for _ in questions:  # warms up
            alone.ask()
        run = LoadRun(seconds, [])
        began = time.monotonic()
        loaded_s = 0.0
        while loaded_s < seconds:
            quiet_until = time.monotonic() + min(_ALONE_S, seconds / 4)
            _until(alone, quiet_until, run.unloaded)
            part_s = min(_LOADED_S, seconds - loaded_s)
            _load(port, questions, part_s, run)
            loaded_s += part_s
            run.samples.append(Sample(time.monotonic() - began, *_state(pid)))
        alone.close()
    return run


def _load(port: int, questions: Sequence[str], seconds: float, run: LoadRun) -> None:
    """Ask with all clients for a while, and with a crowd in the middle of it."""
    ends = time.monotonic() + seconds
    clients = [_Client(port, questions, number) for number in range(CLIENTS)]
    threads = [
        threading.Thread(target=_until, args=(client, ends, run.steady)) for client in clients
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 2)
    _crowd(port, questions, run.crowd)
    for thread in threads:
        thread.join()
    for client in clients:
        client.close()


def summary(run: LoadRun) -> str:
    """Return the figures and verdicts as lines."""
    answered = [reply for reply in run.steady if reply.status == 200]
    crowd = Counter(reply.status for reply in run.crowd)
    refusals = [reply.taken_s for reply in run.crowd if reply.status == 503]
    memory = [sample.resident_mb for sample in run.settled()] or [0.0]
    lines = [
        f"{run.seconds:.0f} s, {CLIENTS} clients: {len(answered)} answers, "
        f"{len(answered) / run.seconds:.1f} a second",
        f"unloaded p50 {1000 * _p50(run.unloaded):.0f} ms, p95 {1000 * _p95(run.unloaded):.0f} ms",
        f"loaded   p50 {1000 * _p50(run.steady):.0f} ms, p95 {1000 * _p95(run.steady):.0f} ms "
        f"({run.slowdown:.2f} ×)",
        f"crowds of {CROWD}: {crowd[200]} answered, {crowd[503]} told that it is busy, "
        f"{sum(crowd.values()) - crowd[200] - crowd[503]} else",
        f"memory {min(memory):.0f} to {max(memory):.0f} MB, {run.growth_mb_per_minute:+.2f} MB a "
        f"minute; open files {run.more_files:+d}",
    ]
    if refusals:
        lines[3] += f"; the refusal came in {1000 * percentile(refusals, 0.95):.0f} ms (p95)"
    lines += [f"{'kept  ' if kept else 'BROKEN'} {said}" for said, kept in run.verdicts().items()]
    return "\n".join(lines)


class _Client:
    """Asks one question after the other over a connection that it keeps."""

    def __init__(self, port: int, questions: Sequence[str], first: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        offset = first * len(questions) // max(CLIENTS, 1)
        self._questions = itertools.cycle([*questions[offset:], *questions[:offset]])

    def ask(self) -> Reply:
        began = time.perf_counter()
        try:
            reply = ask_once(self._connection, next(self._questions))
            status, retry_after = reply.status, reply.getheader("retry-after", "")
            reply.read()
        except (OSError, http.client.HTTPException):
            status, retry_after = 0, ""
            self._connection.close()
        return Reply(status, time.perf_counter() - began, retry_after)

    def close(self) -> None:
        self._connection.close()


def _until(client: _Client, ends: float, replies: list[Reply]) -> None:
    while time.monotonic() < ends:
        reply = client.ask()
        replies.append(reply)
        if reply.status == 503:  # as a client does that is told to come again
            time.sleep(0.2)


def _crowd(port: int, questions: Sequence[str], replies: list[Reply]) -> None:
    def ask(number: int) -> None:
        client = _Client(port, questions[number % len(questions) :] or questions, 0)
        replies.append(client.ask())
        client.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _state(pid: int) -> tuple[float, int]:
    """Return a process's resident memory in MB and its open files; zeros where there is no /proc."""
    try:
        with open(f"/proc/{pid}/statm", encoding="utf-8") as statm:
            pages = int(statm.read().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20, len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0.0, 0


def _p50(replies: Sequence[Reply]) -> float:
    return percentile([reply.taken_s for reply in replies if reply.status == 200], 0.5)


def _p95(replies: Sequence[Reply]) -> float:
    return percentile([reply.taken_s for reply in replies if reply.status == 200], 0.95)


def _slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return the slope of the least-squares line, 0.0 through fewer than two points."""
    if len(xs) < 2:
        return 0.0
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - x_mean) ** 2 for x in xs)
    return sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / spread
