"""Measured figures → the tables of docs/speed.md and docs/scale.md, and their charts.

A table stands between two comments, `<!-- NAME -->` and `<!-- /NAME -->`; what is written by hand
around them stays.
"""

import platform
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from corpus.errors import DocumentError
from corpus.loaders import read_document
from eval.bench.charts import growth_lines, ratio_bars
from eval.bench.clients import Load
from eval.bench.comparison import OURS, Material, Row
from eval.bench.growth import MEASURES, Size, exponent
from eval.bench.process import BenchError
from eval.bench.stores import StoreRow


def text_size(files: Sequence[Path]) -> tuple[int, int]:
    """Return the characters and pages of files; one that cannot be read counts as nothing."""
    characters = pages = 0
    for path in files:
        try:
            document = read_document(path.read_bytes(), path.name)
        except DocumentError:
            continue
        characters += len(document.text)
        pages += len(document.pages)
    return characters, pages


def peers_table(rows: Sequence[Row]) -> str:
    """Return the comparison: each peer's figure, and in brackets how many times ours it is."""
    subjects = list(rows[0].values)
    lines = ["| | " + " | ".join(subjects) + " |", "| --- |" + " ---: |" * len(subjects)]
    for row in rows:
        cells = []
        for subject in subjects:
            value, ours = row.values[subject], row.values[OURS]
            cell = _figure(value)
            if subject != OURS and ours > 0 and row.unit:
                cell += f" ({value / ours:.2g}×)"
            cells.append(cell)
        unit = f", {row.unit}" if row.unit else ""
        lines.append(f"| {row.name}{unit} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write_peers(out: Path, name: str, material: Material, rows: Sequence[Row]) -> None:
    """Write the comparison into speed.md, and its chart."""
    heading = (
        f"{len(material.files)} files, {material.characters:,} characters"
        + (f", {material.pages} pages" if material.pages else "")
        + f"; {len(material.questions)} questions; {_machine()}."
    )
    _put(out / "speed.md", name, f"{heading}\n\n{peers_table(rows)}")
    groups = [
        (
            f"{row.name}, {row.unit}" + (" (more is better)" if row.more_is_better else ""),
            {subject: value / row.values[OURS] for subject, value in row.values.items()},
        )
        for row in rows
        if row.unit
    ]
    _write(out / "images" / f"speed-{name}.svg", ratio_bars(groups))


def write_clients(out: Path, loads: Sequence[Load]) -> None:
    """Write the rates of the web API into speed.md."""
    lines = [
        "| clients at once | questions/s | of one client's | p50, ms | p95, ms | server's memory, MB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for load in loads:
        lines.append(
            f"| {load.clients} | {load.per_second:.1f} | {load.per_second / loads[0].per_second:.2f}× "
            f"| {load.p50_ms:.0f} | {load.p95_ms:.0f} | {load.peak_mb:.0f} |"
        )
    _put(out / "speed.md", "clients", f"{_machine()}.\n\n" + "\n".join(lines))


def growth_table(sizes: Sequence[Size]) -> str:
    """Return one row per measure, one column per size, and the exponent."""
    lines = [
        "| | " + " | ".join(f"{size.chunks:,} chunks" for size in sizes) + " | exponent |",
        "| --- |" + " ---: |" * (len(sizes) + 1),
        "| characters | " + " | ".join(f"{size.characters:,}" for size in sizes) + " | |",
    ]
    for measure, label in MEASURES.items():
        cells = " | ".join(_figure(getattr(size, measure)) for size in sizes)
        lines.append(f"| {label} | {cells} | {exponent(sizes, measure):.2f} |")
    cells = " | ".join(f"{size.recall:.3f}" for size in sizes)
    lines.append(f"| dense recall@10 against exact | {cells} | |")
    return "\n".join(lines)


def write_growth(out: Path, sizes: Sequence[Size]) -> None:
    """Write the growth into scale.md, and its charts."""
    _put(out / "scale.md", "growth", f"{_machine()}.\n\n{growth_table(sizes)}")
    for name, unit, measures in (
        ("time", "ms", ("search_p50_ms", "search_p95_ms", "answer_p50_ms")),
        ("work", "s", ("build_s", "open_s", "ready_s")),
        ("memory", "MB", ("build_mb", "memory_mb", "disk_mb")),
    ):
        series = {
            f"{MEASURES[measure].split(',')[0]} ~ n^{exponent(sizes, measure):.2f}": [
                (float(size.chunks), float(getattr(size, measure))) for size in sizes
            ]
            for measure in measures
        }
        _write(out / "images" / f"growth-{name}.svg", growth_lines(series, unit))


def stores_table(rows: Sequence[StoreRow]) -> str:
    """Return one column per shelf; times of the Milvus in brackets as multiples of the folder's."""
    lines = [
        "| | " + " | ".join(f"{row.shelf}, {row.chunks:,} chunks" for row in rows) + " |",
        "| --- |" + " ---: |" * len(rows),
    ]
    for label, share in (
        ("same best chunk", "same_first"),
        ("same five best chunks, share", "same_top"),
        ("same answer, word for word", "same_answers"),
    ):
        lines.append(
            f"| {label} | " + " | ".join(f"{getattr(row, share):.3f}" for row in rows) + " |"
        )
    for label, first, second in (
        ("search p50, ms: folder, Milvus", "local_ms", "milvus_ms"),
        ("answer p50, ms: folder, Milvus", "local_answer_ms", "milvus_answer_ms"),
    ):
        cells = [
            f"{_figure(one)}, {_figure(other)} ({other / one:.2g}×)"
            for one, other in ((getattr(row, first), getattr(row, second)) for row in rows)
        ]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    cells = [f"{row.chunks / row.migrate_s:.0f}" for row in rows]
    return "\n".join([*lines, "| copied and compared, chunks/s | " + " | ".join(cells) + " |"])


def write_stores(out: Path, rows: Sequence[StoreRow]) -> None:
    """Write the comparison of folder and Milvus into milvus.md."""
    times = "times are of the processor, with a server waited for"
    heading = f"{rows[0].questions} questions; {_machine()}; {times}."
    _put(out / "milvus.md", "stores", f"{heading}\n\n{stores_table(rows)}")


def _put(path: Path, name: str, text: str) -> None:
    """Replace what stands between the comments of a name.

    Raises:
        BenchError: The file has no such comments.
    """
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    if not pattern.search(old):
        raise BenchError(
            f"{path} has no place <!-- {name} --> … <!-- /{name} -->; add the comments"
        )
    path.write_text(pattern.sub(lambda m: f"{m[1]}{text}\n{m[2]}", old), encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _machine() -> str:
    import os

    return (
        f"measured {date.today().isoformat()} on {os.cpu_count()} shared cores, one thread, "
        f"Python {platform.python_version()}"
    )
