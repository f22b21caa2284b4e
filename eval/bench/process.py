"""A command in a process of its own, with what it took: time, processor, peak memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import AssistantError

ROOT = Path(__file__).resolve().parents[2]
_BYTECODE = tempfile.TemporaryDirectory(prefix="bench-")


class BenchError(AssistantError):
    """A measured process failed."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process printed last, as JSON, and what it took from its start to its end."""

    result: Mapping[str, Any]
    wall_s: float
    cpu_s: float
    peak_mb: float


def environment() -> dict[str, str]:
    """Return the environment of measured processes: one thread each, nothing from the network.

    One thread, because two processes that are compared must not fight with their own threads, and
    because on shared cores threads of BLAS wait for each other. Compiled modules are kept between
    runs: installed packages have theirs, ours are to have them too.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables | {
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": _BYTECODE.name,
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }


def run_fresh(
    arguments: Sequence[str],
    *,
    python: str = sys.executable,
    variables: Mapping[str, str] | None = None,
) -> Run:
    """Run Python with arguments, wait for it, and read the JSON of its last line.

    A command that prints no JSON gives an empty result.

    Raises:
        BenchError: It ended with an error.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            [python, *arguments],
            stdout=out,
            stderr=errors,
            cwd=ROOT,
            env=environment() | dict(variables or {}),
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        printed, said = out.read().decode(), errors.read().decode(errors="replace")
    if process.returncode:
        raise BenchError(
            f"`{' '.join([python, *arguments])[:200]}` ended with {process.returncode}: "
            f"{said.strip()[-800:]}"
        )
    return Run(
        result=_last_json(printed),
        wall_s=wall_s,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss / 1024,
    )


def _last_json(printed: str) -> dict[str, Any]:
    lines = printed.strip().split("\n")
    try:
        value = json.loads(lines[-1])
    except json.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def processor_s() -> float:
    """Return the processor time of this process and of the ones it has waited for."""
    return sum(os.times()[:4])


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed (nearest rank).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5), percentile([4.0, 1.0, 3.0, 2.0], 0.95)
    (2.0, 4.0)

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("no values to take a percentile of")
    ordered = sorted(values)
    rank = -(-len(ordered) * share // 1)  # rounded up
    return ordered[max(0, int(rank) - 1)]


def folder_bytes(folder: Path) -> int:
    """Return the bytes of all files in a folder and below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
