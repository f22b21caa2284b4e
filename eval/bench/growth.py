"""Shelves of growing size: what building, opening, asking and adding a report take.

Every step runs in a process of its own, so that its memory is its own.
"""

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench.process import folder_bytes, run_fresh


@dataclass(frozen=True, slots=True)
class Size:
    """What a shelf of some size takes."""

    chunks: int
    characters: int
    build_s: float
    build_mb: float
    disk_mb: float
    open_s: float
    memory_mb: float  # of a process that has answered, at most
    search_p50_ms: float
    search_p95_ms: float
    answer_p50_ms: float
    answer_p95_ms: float
    add_s: float  # one report more, until it is stored
    ready_s: float  # and until the process that added it can be asked about it
    recall: float  # of the dense search: share of the exact ten nearest that it finds


MEASURES = {
    "build_s": "build, s",
    "build_mb": "memory of building, MB",
    "disk_mb": "on disk, MB",
    "open_s": "open, s",
    "memory_mb": "memory of asking, MB",
    "search_p50_ms": "search p50, ms",
    "search_p95_ms": "search p95, ms",
    "answer_p50_ms": "answer p50, ms",
    "answer_p95_ms": "answer p95, ms",
    "add_s": "add a report, s",
    "ready_s": "add and open, s",
}


def measure_growth(sizes: Sequence[int]) -> list[Size]:
    """Measure shelves of about so many chunks.

    Raises:
        BenchError: A step failed.
    """
    return [_measure(size) for size in sizes]


def _measure(size: int) -> Size:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        run_fresh([*_STEP, "write", name, str(size)])
        build = run_fresh([*_STEP, "build", name, str(size)])
        ask = run_fresh([*_STEP, "ask", name])
        disk_mb = folder_bytes(folder / "index") / 1e6
        add = run_fresh([*_STEP, "add", name])
    return Size(
        chunks=build.result["chunks"],
        characters=build.result["characters"],
        build_s=build.result["seconds"],
        build_mb=build.peak_mb,
        disk_mb=disk_mb,
        add_s=add.result["add_s"],
        ready_s=add.result["ready_s"],
        **ask.result,
    )


_STEP = ("-m", "eval.bench.growing")


def exponent(sizes: Sequence[Size], measure: str) -> float:
    """Return the slope of log(measure) over log(chunks): 1.0 grows with the shelf, 0.0 not at all.

    Source: least squares on the logarithms. NaN for fewer than two sizes.
    """
    points = [
        (math.log(size.chunks), math.log(max(getattr(size, measure), 1e-9))) for size in sizes
    ]
    if len(points) < 2:
        return math.nan
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
