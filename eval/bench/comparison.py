"""This assistant beside LangChain's recipe and txtai: the same files, encoder and questions.

Every figure is the median of several runs in fresh processes, taken in turns, so that what else
happens on the machine meets all of them alike. Figures of different machines do not compare; the
ratios do.
"""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from eval.bench.process import folder_bytes, percentile, run_fresh

OURS = "ours: answer"
_COLD = "import sys; from rag import answer; print(answer(sys.argv[1]).text)"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured quantity of every subject; with `more_is_better`, a rate."""

    name: str
    unit: str
    values: Mapping[str, float]  # by subject
    more_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """What all subjects are given."""

    files: tuple[Path, ...]
    characters: int  # of the files' texts
    pages: int  # of those among them that have pages
    questions: tuple[str, ...]


def compare(material: Material, pythons: Mapping[str, str], *, repeats: int) -> list[Row]:
    """Measure every subject; `pythons` says which interpreter runs it.

    Raises:
        BenchError: One of them failed.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folders = {subject: Path(name) / str(place) for place, subject in enumerate(pythons)}
        built = _build_all(material, pythons, folders, repeats)
        asked = _ask_all(material, pythons, folders, repeats)
        sizes = {subject: folder_bytes(folder) / 1e6 for subject, folder in folders.items()}
    rows = [
        Row("cold start: a process that answers one question", "s", asked["cold"]),
        Row("its processor time", "s", asked["cold_cpu"]),
        Row("its peak memory", "MB", asked["cold_mb"]),
        Row("warm question, p50", "ms", asked["p50"]),
        Row("warm question, p95", "ms", asked["p95"]),
        Row("indexing", "characters/s", built["characters"], more_is_better=True),
    ]
    if material.pages:
        rows.append(Row("indexing", "pages/s", built["pages"], more_is_better=True))
    rows += [
        Row("peak memory of indexing", "MB", built["peak_mb"]),
        Row("index on disk", "MB", sizes),
        Row("chunks", "", built["chunks"]),
    ]
    return rows


def _build_all(
    material: Material,
    pythons: Mapping[str, str],
    folders: Mapping[str, Path],
    repeats: int,
) -> dict[str, dict[str, float]]:
    files = json.dumps([str(path) for path in material.files])
    taken: dict[str, list[tuple[float, float, float]]] = {subject: [] for subject in pythons}
    for turn in range(repeats + 1):  # the first compiles what is imported
        for subject, python in pythons.items():
            folder = folders[subject]
            _empty(folder)
            run = run_fresh([*_SUBJECT, subject, "build", str(folder), files], python=python)
            if turn:
                row = (run.result["seconds"], run.peak_mb, run.result["chunks"])
                taken[subject].append(row)
    seconds = {subject: median(row[0] for row in rows) for subject, rows in taken.items()}
    return {
        "characters": {subject: material.characters / s for subject, s in seconds.items()},
        "pages": {subject: material.pages / s for subject, s in seconds.items()},
        "peak_mb": {subject: median(row[1] for row in rows) for subject, rows in taken.items()},
        "chunks": {subject: rows[0][2] for subject, rows in taken.items()},
    }


_SUBJECT = ("-m", "eval.bench.subject")


def _ask_all(
    material: Material,
    pythons: Mapping[str, str],
    folders: Mapping[str, Path],
    repeats: int,
) -> dict[str, dict[str, float]]:
    measured: dict[str, dict[str, list[float]]] = {
        key: {subject: [] for subject in pythons}
        for key in ("cold", "cold_cpu", "cold_mb", "p50", "p95")
    }
    cold = json.dumps({"questions": material.questions[:1], "rounds": 1})
    warm = json.dumps({"questions": material.questions, "rounds": 2})
    for turn in range(repeats + 1):
        for subject, python in pythons.items():
            folder = folders[subject]
            if subject == OURS:  # as the README says it, with its check that the index is current
                first = run_fresh(["-c", _COLD, material.questions[0]], python=python)
            else:
                first = run_fresh([*_SUBJECT, subject, "ask", str(folder), cold], python=python)
            if not turn:
                continue
            measured["cold"][subject].append(first.wall_s)
            measured["cold_cpu"][subject].append(first.cpu_s)
            measured["cold_mb"][subject].append(first.peak_mb)
            then = run_fresh([*_SUBJECT, subject, "ask", str(folder), warm], python=python)
            # The first round fills caches; a question that was never asked is in the first one.
            latencies = [1000 * s for s in then.result["latencies"][len(material.questions) :]]
            measured["p50"][subject].append(percentile(latencies, 0.5))
            measured["p95"][subject].append(percentile(latencies, 0.95))
    return {
        key: {subject: median(values) for subject, values in by_subject.items()}
        for key, by_subject in measured.items()
    }


def _empty(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def interpreters(txtai: str | None) -> dict[str, str]:
    """Return which Python runs which subject; txtai takes part when one with it is named."""
    pythons = dict.fromkeys((OURS, "ours: search", "LangChain's recipe"), sys.executable)
    return pythons | ({"txtai": txtai} if txtai else {})


def questions_of(texts: Sequence[str], number: int) -> tuple[str, ...]:
    """Return some of the questions, evenly spread over all of them."""
    step = max(1, len(texts) // number)
    return tuple(texts[::step][:number])
