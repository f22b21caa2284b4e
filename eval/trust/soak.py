"""Many threads ask while the index changes all the time: no error, no mixed answer, no growth.

Two reports carry the number of their generation in every statement and are replaced in one change, so
an answer that quotes both must quote one number. A third report comes and goes, and now and then the
folder is built again.
"""

import gc
import random
import re
import threading
import time
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from index.schema import BuildSummary, ScoredChunk
from rag.schema import Answer

QUESTIONS = (
    "仓储机器人市场规模和储能装机分别是多少？",
    "仓储机器人2023年的市场规模是多少？",
    "储能新增装机是多少？",
    "What do electric ferries cost?",
    "How large is the robot market?",
)


class Asked(Protocol):
    """What is asked and changed: the assistant behind the page, or anything like it."""

    def answer(self, question: str) -> Answer:
        """Answer a question."""

    def search(self, query: str, top_k: int) -> list[ScoredChunk]:
        """Return the chunks nearest to a query."""

    def add(self, files: Sequence[tuple[str, bytes]]) -> BuildSummary:
        """Add files, or newer versions of them."""

    def remove(self, doc_id: str) -> BuildSummary:
        """Remove a document."""


@dataclass(slots=True)
class Soaked:
    """What came of it."""

    answers: int = 0
    with_both: int = 0  # answers or searches that hold both reports
    changes: int = 0
    seconds: float = 0.0
    slope_mb_per_min: float = 0.0  # of resident memory, over the second half
    slope_files_per_min: float = 0.0  # of open files
    memory_mb: tuple[float, float] = (0.0, 0.0)  # at half time and at the end
    least_files: tuple[int, ...] = ()  # in each quarter: what is under way comes and goes
    problems: list[str] = field(default_factory=list)


def generation_files(number: int) -> list[tuple[str, bytes]]:
    """Return two reports of a generation."""
    zh = (
        f"# 仓储机器人\n\n第{number}版：仓储机器人2023年市场规模为{number}亿元。\n\n"
        f"第{number}版：仓储机器人交付量为{number}台。\n"
    )
    power = f"# 储能\n\n第{number}版：储能新增装机为{number}GWh，浙江占比最高。\n"
    return [("robots.md", zh.encode()), ("power.md", power.encode())]


_FERRIES = [("ferries.txt", b"Electric ferries\n\nEach ferry costs US$21.5 million in 2023.\n")]


def soak(asked: Asked, *, seconds: float, threads: int = 50, seed: int = 1) -> Soaked:
    """Ask and search from many threads and change the index from one, until the time is up.

    The index must hold `generation_files(1000)` already.
    """
    result = Soaked()
    stop = threading.Event()
    lock = threading.Lock()

    def ask(number: int) -> None:
        rng = random.Random(seed * 1000 + number)
        while not stop.is_set():
            try:
                problem, has_both = judge(_quoted(asked, rng))
            except Exception:  # noqa: BLE001  (any error breaks the promise)
                problem, has_both = f"an answer failed: {traceback.format_exc()[-1500:]}", False
            with lock:
                result.answers += 1
                result.with_both += has_both
                if problem and len(result.problems) < 20:
                    result.problems.append(problem)

    workers = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(threads)]
    for worker in workers:
        worker.start()
    began = time.monotonic()
    samples: list[tuple[float, float, int]] = []
    while (passed := time.monotonic() - began) < seconds:
        try:
            _change(asked, result.changes)
        except Exception as error:  # noqa: BLE001  (any error breaks the promise)
            result.problems.append(f"a change failed: {error!r}")
            break
        result.changes += 1
        samples.append((passed / 60, _memory_mb(), _open_files()))
    stop.set()
    for worker in workers:
        worker.join(timeout=60)
    result.seconds = time.monotonic() - began
    _add_slopes(result, samples)
    return result


def _add_slopes(result: Soaked, samples: Sequence[tuple[float, float, int]]) -> None:
    """Fit lines through the second half of the samples: minutes, megabytes, open files."""
    if len(samples) < 4:
        return
    half = np.array(samples[len(samples) // 2 :])
    result.slope_mb_per_min = float(np.polyfit(half[:, 0], half[:, 1], 1)[0])
    result.slope_files_per_min = float(np.polyfit(half[:, 0], half[:, 2], 1)[0])
    result.memory_mb = (float(half[0, 1]), float(half[-1, 1]))
    quarters = np.array_split(np.array([files for _, _, files in samples]), 4)
    result.least_files = tuple(int(quarter.min()) for quarter in quarters)


def _quoted(asked: Asked, rng: random.Random) -> list[tuple[str, str]]:
    """Ask, or search once in five times; return what is quoted, with its document."""
    question = rng.choice(QUESTIONS)
    if rng.random() < 0.8:
        return [(citation.doc_id, citation.quote) for citation in asked.answer(question).citations]
    return [(item.chunk.doc_id, item.chunk.text) for item in asked.search(question, 10)]


def _change(asked: Asked, number: int) -> None:
    asked.add(generation_files(1001 + number))
    if number % 2 == 0:
        asked.add(_FERRIES)
    else:
        asked.remove("ferries")
    gc.collect()  # what is garbage is no growth


def judge(quotes: Iterable[tuple[str, str]]) -> tuple[str, bool]:
    """Say what is wrong with what was quoted, by doc_id, and whether it is of both reports."""
    numbers: dict[str, set[str]] = {}
    for doc_id, quote in quotes:
        if doc_id in ("robots", "power"):
            numbers.setdefault(doc_id, set()).update(re.findall(r"第(\d+)版", quote))
    found = set().union(*numbers.values()) if numbers else set()
    if len(found) > 1:
        return f"generations {sorted(found)} in one answer", True
    return "", len(numbers) == 2


def _memory_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
