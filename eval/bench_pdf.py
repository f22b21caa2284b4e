"""Compare our PDF reader with plain text extraction: speed, memory and text, in one run.

    python eval/bench_pdf.py FOLDER [--peer pypdf pdfplumber] [--repeat N]

Readers take turns file by file, so that a busy machine slows all of them alike; ratios are what
counts. Ours includes starting its process, tables, boxes, headings and roles; the peers only give
plain text. `pypdf` is what LangChain's PyPDFLoader calls for each page. Text quality is the share
of a peer's words that our text holds, and the reverse: it shows loss, not which side is right.
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
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

_ROOT = Path(__file__).resolve().parents[1]
_WORD = re.compile(r"[A-Za-z]{2,}|\d[\d,.]*\d|[\u4e00-\u9fff]")
_TIMEOUT_S = 600
_BYTECODE = TemporaryDirectory(prefix="bench-pdf-")


def read_ours(path: Path) -> tuple[int, str, int]:
    """Return pages, text and number of tables of our reader."""
    from corpus.reading.pdf import read_pdf

    document = read_pdf(path, file_name=path.name)
    num_tables = sum(block.table is not None for block in document.blocks)
    return len(document.pages), document.text, num_tables


def read_pypdf(path: Path) -> tuple[int, str, int]:
    """Return pages and plain text of pypdf."""
    from pypdf import PdfReader

    pages = [page.extract_text() for page in PdfReader(path).pages]
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
    "pypdf": read_pypdf,
    "pdfplumber": read_pdfplumber,
}


def measure(name: str, path: Path) -> dict[str, object]:
    """Run one reader on one file in this process and describe what it took."""
    logging.disable(logging.CRITICAL)
    started = time.perf_counter()
    try:
        pages, text, tables = READERS[name](path)
    except Exception as error:  # noqa: BLE001  (a benchmark reports any failure as a failure)
        return {"reader": name, "error": f"{type(error).__name__}: {error}"}
    wall_s = time.perf_counter() - started
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "reader": name,
        "pages": pages,
        "wall_s": wall_s,
        "cpu_s": sum(usage.ru_utime + usage.ru_stime for usage in usages),
        "peak_mb": max(usage.ru_maxrss for usage in usages) / 1024,
        "tables": tables,
        "text": text,
    }


def run(name: str, path: Path) -> dict[str, object]:
    """Measure in a fresh process, so that memory and imports are each reader's own.

    Compiled modules are kept between runs: installed packages have theirs, ours are to have them
    too, whatever the environment says.
    """
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONPYCACHEPREFIX": _BYTECODE.name}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, __file__, "--one", name, str(path)],
        capture_output=True,
        timeout=_TIMEOUT_S,
        cwd=_ROOT,
        env=environment,
        check=False,
    )
    if done.returncode:
        return {"reader": name, "error": f"ended with {done.returncode}"}
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def overlap(text: str, other: str) -> float:
    """Return the share of the distinct words of `other` that `text` holds; 1.0 when it has none."""
    words = set(_WORD.findall(other))
    return len(words & set(_WORD.findall(text))) / len(words) if words else 1.0


def report(path: Path, names: list[str], repeat: int) -> dict[str, float]:
    """Print a file's rows; return the ratio of wall times of each peer to ours."""
    runs = {name: [run(name, path) for _ in range(repeat)] for name in names}
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


def _wall(result: dict[str, object]) -> float:
    return float(str(result.get("wall_s", "inf")))


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--peer", nargs="*", default=["pypdf", "pdfplumber"], choices=list(READERS))
    parser.add_argument("--repeat", type=int, default=1, help="the best of N is shown")
    parser.add_argument("--one", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one[0], Path(arguments.one[1]))))
        return 0
    if arguments.folder is None:
        parser.error("give the folder that holds the PDFs")
    ratios: dict[str, list[float]] = {}
    paths = sorted(arguments.folder.glob("*.pdf"))
    for name in ["ours", *arguments.peer]:  # compiles what each reader imports
        run(name, paths[0].resolve())
    for path in paths:
        for name, ratio in report(
            path.resolve(), ["ours", *arguments.peer], arguments.repeat
        ).items():
            ratios.setdefault(name, []).append(ratio)
    for name, values in ratios.items():
        middle = median(values)
        print(f"\nmedian of {len(values)} files: ours is {middle:.2f} times as fast as {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
