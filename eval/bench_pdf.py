"""Compare our PDF reader with the usual recipe: speed, memory and text, in one run.

    python eval/bench_pdf.py FOLDER [--peer langchain pdfplumber] [--repeat N] [--batch]

Readers take turns file by file, so that a busy machine slows all of them alike; ratios are what
counts. Ours includes starting its process, tables, boxes, headings, roles and chunks; the peers only
give plain text. `langchain` is what its PyPDFLoader and RecursiveCharacterTextSplitter do: pypdf's
text page by page, cut into chunks (langchain-community, where the loader lives, is not needed for it).
`pypdf` is the same without chunks. Each file is read in a process of its own; with `--batch` one
process reads them all, as `python -m index add FILE…` does. Text quality is the share of a peer's
words that our text holds, and the reverse: it shows loss, not which side is right.
"""

# ruff: noqa: T201  (a command line)

import argparse
import json
import logging
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

_ROOT = Path(__file__).resolve().parents[1]
_WORD = re.compile(r"[A-Za-z]{2,}|\d[\d,.]*\d|[\u4e00-\u9fff]")
_TIMEOUT_S = 600
_BYTECODE = TemporaryDirectory(prefix="bench-pdf-")


def read_ours(path: Path) -> tuple[int, str, int]:
    """Return pages, text and number of tables of our reader."""
    from corpus.chunks import split_document
    from corpus.reading.pdf import read_pdf

    document = read_pdf(path, file_name=path.name)
    split_document(document)
    num_tables = sum(block.table is not None for block in document.blocks)
    return len(document.pages), document.text, num_tables


def read_pypdf(path: Path) -> tuple[int, str, int]:
    """Return pages and plain text of pypdf."""
    from pypdf import PdfReader

    pages = [page.extract_text() for page in PdfReader(path).pages]
    return len(pages), "\n".join(pages), 0


def read_langchain(path: Path) -> tuple[int, str, int]:
    """Return pages and plain text of pypdf, having cut it as LangChain's splitter does."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from pypdf import PdfReader

    pages = [page.extract_text() for page in PdfReader(path).pages]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    splitter.create_documents(pages, [{"page": number} for number in range(len(pages))])
    return len(pages), "\n".join(pages), 0


def read_pdfplumber(path: Path) -> tuple[int, str, int]:
    """Return pages and plain text of pdfplumber."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        pages = []
        for page in pdf.pages:
            pages.append(page.extract_text())
            page.close()
    return len(pages), "\n".join(pages), 0


READERS = {
    "ours": read_ours,
    "langchain": read_langchain,
    "pypdf": read_pypdf,
    "pdfplumber": read_pdfplumber,
}


def measure(name: str, path: Path) -> dict[str, object]:
    """Run one reader on one file in this process and describe what it took.

    Processor time and memory are those of this process so far, and of those that it has ended.
    """
    logging.disable(logging.CRITICAL)
    started, before = time.perf_counter(), _costs()["cpu_s"]
    try:
        pages, text, tables = READERS[name](path)
    except Exception as error:  # noqa: BLE001  (a benchmark reports any failure as a failure)
        return {"reader": name, "error": f"{type(error).__name__}: {error}"}
    wall_s = time.perf_counter() - started
    return {
        "reader": name,
        "pages": pages,
        "wall_s": wall_s,
        **_costs(),
        "own_cpu_s": _costs()["cpu_s"] - before,  # of this file alone
        "tables": tables,
        "text": text,
    }


def measure_all(name: str, paths: Sequence[Path]) -> list[dict[str, object]]:
    """Run one reader on files one after another; the last result has the costs of all."""
    results = [measure(name, path) for path in paths[:-1]]
    last = measure(name, paths[-1])
    if name == "ours":
        from corpus.reading.pdf.process import end_processes

        end_processes()  # so that what they took is counted
    return [*results, {**last, **_costs()}]


def _waiting_cpu_s() -> float:
    """Return what reading processes have taken that wait for more files, where /proc tells."""
    process = sys.modules.get("corpus.reading.pdf.process")
    taken = 0.0
    for waiting in process._idle if process else ():
        stat = Path(f"/proc/{waiting._process.pid}/stat")
        if stat.exists():
            ticks = stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()[11:15]
            taken += sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return taken


def _costs() -> dict[str, float]:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "cpu_s": sum(usage.ru_utime + usage.ru_stime for usage in usages) + _waiting_cpu_s(),
        "peak_mb": max(usage.ru_maxrss for usage in usages) / 1024,
    }


def run(name: str, *paths: Path) -> list[dict[str, object]]:
    """Measure in a fresh process, so that memory and imports are each reader's own.

    Compiled modules are kept between runs: installed packages have theirs, ours are to have them
    too, whatever the environment says.
    """
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONPYCACHEPREFIX": _BYTECODE.name}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, __file__, "--one", name, *map(str, paths)],
        capture_output=True,
        timeout=_TIMEOUT_S,
        cwd=_ROOT,
        env=environment,
        check=False,
    )
    if done.returncode:
        return [{"reader": name, "error": f"ended with {done.returncode}"} for _ in paths]
    return [json.loads(line) for line in done.stdout.split(b"\n")[-1 - len(paths) : -1]]


def overlap(text: str, other: str) -> float:
    """Return the share of the distinct words of `other` that `text` holds; 1.0 when it has none."""
    words = set(_WORD.findall(other))
    return len(words & set(_WORD.findall(text))) / len(words) if words else 1.0


def report(path: Path, names: list[str], repeat: int) -> dict[str, float]:
    """Print a file's rows; return the ratio of wall times of each peer to ours."""
    runs = {name: [run(name, path)[0] for _ in range(repeat)] for name in names}
    best = {name: min(tries, key=_wall) for name, tries in runs.items()}
    ours = best["ours"]
    ratios: dict[str, float] = {}
    print(f"\n{path.name}")
    for name, result in best.items():
        if "error" in result:
            print(f"  {name:<11} {str(result['error'])[:120]}")
            continue
        line = (
            f"  {name:<11} {result['pages']:>4} pages {_wall(result):7.2f} s "
            f"{int(str(result['pages'])) / _wall(result):7.1f} pages/s "
            f"{float(str(result['cpu_s'])):6.2f} cpu-s {float(str(result['peak_mb'])):6.0f} MB"
        )
        if name == "ours":
            line += f"  {result['tables']} tables"
        elif "error" not in ours:
            ratios[name] = _wall(result) / _wall(ours)
            line += (
                f"  ours is {ratios[name]:.2f} times as fast; words of it in ours "
                f"{overlap(str(ours['text']), str(result['text'])):.3f}, of ours in it "
                f"{overlap(str(result['text']), str(ours['text'])):.3f}"
            )
        print(line, flush=True)
    return ratios


def report_batch(paths: Sequence[Path], names: list[str], repeat: int) -> dict[str, list[float]]:
    """Print a row per file, read one after another; return each peer's ratios of wall times."""
    best: dict[str, list[dict[str, object]]] = {}
    for _ in range(repeat):
        for name in names:
            results = run(name, *paths)
            known = best.setdefault(name, results)
            best[name] = [min(pair, key=_wall) for pair in zip(known, results, strict=True)]
            costs = results[-1]
            print(f"{name}: {costs.get('cpu_s', 0):.2f} cpu-s, {costs.get('peak_mb', 0):.0f} MB")
    ratios: dict[str, list[float]] = {name: [] for name in names if name != "ours"}
    for place, path in enumerate(paths):
        row = {name: results[place] for name, results in best.items()}
        if any("error" in result for result in row.values()):
            continue
        line = "  ".join(f"{name} {_wall(result):.3f} s" for name, result in row.items())
        for name in ratios:
            ratios[name].append(_wall(row[name]) / _wall(row["ours"]))
            cpu = float(str(row[name]["own_cpu_s"])) / float(str(row["ours"]["own_cpu_s"]))
            line += f"  {ratios[name][-1]:.2f} times {name} (cpu {cpu:.2f})"
        print(f"{path.name[:44]:<44} {row['ours']['pages']!s:>4} pages  {line}", flush=True)
    return ratios


def _wall(result: dict[str, object]) -> float:
    return float(str(result.get("wall_s", "inf")))


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--peer", nargs="*", default=["langchain"], choices=list(READERS))
    parser.add_argument("--repeat", type=int, default=1, help="the best of N is shown")
    parser.add_argument("--batch", action="store_true", help="one process reads all files")
    parser.add_argument("--one", nargs="+", metavar="READER FILE", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        for result in measure_all(arguments.one[0], [Path(name) for name in arguments.one[1:]]):
            print(json.dumps(result))
        return 0
    if arguments.folder is None:
        parser.error("give the folder that holds the PDFs")
    ratios: dict[str, list[float]] = {}
    paths = [path.resolve() for path in sorted(arguments.folder.glob("*.pdf"))]
    names = ["ours", *arguments.peer]
    for name in names:  # compiles what each reader imports
        run(name, paths[0])
    if arguments.batch:
        ratios = report_batch(paths, names, arguments.repeat)
    else:
        for path in paths:
            for name, ratio in report(path, names, arguments.repeat).items():
                ratios.setdefault(name, []).append(ratio)
    for name, values in ratios.items():
        middle = median(values)
        print(f"\nmedian of {len(values)} files: ours is {middle:.2f} times as fast as {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
