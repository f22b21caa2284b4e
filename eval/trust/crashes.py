"""Crashes of a writing process: at every step of every change, and at random moments (kill -9)."""

import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import AssistantError
from eval.trust.changes import CHANGES, Bench, Change
from eval.trust.faults import Fault, run_with_fault


@dataclass(slots=True)
class Trials:
    """How often what was tried, and what went wrong."""

    what: str
    trials: int = 0
    old: int = 0  # times the old state was found afterwards
    new: int = 0
    refused: int = 0  # times the change was refused with a clear error
    problems: list[str] = field(default_factory=list)


@contextmanager
def _bench(change: Change) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="trust-") as name:
        yield Bench(change, Path(name))


def crash_everywhere(
    fault: Fault, *, stride: int = 1, changes: Sequence[Change] = CHANGES
) -> list[Trials]:
    """Make a fault at every step of every change, or at every `stride`-th."""
    results = []
    for change in changes:
        result = Trials(f"{fault}: {change.name}")
        with _bench(change) as bench:
            bench.reset()
            code, steps = run_with_fault(lambda: _run(bench), Fault.COUNT, 0)
            if code or not steps:
                raise AssistantError(f"{change.name}: cannot be counted (exit {code})")
            for at in range(1, steps + 1, stride):
                bench.reset()
                code, _ = run_with_fault(lambda: _run(bench), fault, at)
                result.refused += code == 1
                if code == 2:
                    result.problems.append(f"step {at}: an error that is no clear message")
                _judge(bench, result, f"step {at} of {steps}")
        results.append(result)
    return results


def _run(bench: Bench) -> None:
    bench.change.run(bench.work)


def _judge(bench: Bench, result: Trials, where: str) -> None:
    result.trials += 1
    try:
        found, problem = bench.judge()
    except AssistantError as error:
        result.problems.append(f"{where}: {error}")
        return
    result.new += found == bench.new != bench.old
    result.old += found == bench.old
    if problem:
        result.problems.append(f"{where}: {problem}")


def kill_at_random(number: int, seed: int, *, changes: Sequence[Change] = CHANGES) -> list[Trials]:
    """Kill changes with SIGKILL at random moments, `number` times in all."""
    rng = random.Random(seed)
    results = []
    for place, change in enumerate(changes):
        share = number // len(changes) + (place < number % len(changes))
        result = Trials(f"kill -9: {change.name}")
        with _bench(change) as bench:
            bench.reset()
            took = _timed(bench)
            for trial in range(share):
                bench.reset()
                _kill_after(bench, rng.uniform(0, 1.1 * took))
                _judge(bench, result, f"kill {trial}")
        results.append(result)
    return results


def _timed(bench: Bench) -> float:
    """Return how long the change takes in a child, from its start."""
    started = time.monotonic()
    _kill_after(bench, 60.0)
    return time.monotonic() - started


def _kill_after(bench: Bench, seconds: float) -> None:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            bench.change.run(bench.work)
            code = 0
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if os.waitpid(child, os.WNOHANG)[0]:
            return
        time.sleep(min(0.002, max(0.0, end - time.monotonic())))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
