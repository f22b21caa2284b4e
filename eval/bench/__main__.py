"""Measure speed and size and write docs/speed.md and its charts: python -m eval.bench.

Parts: `peers` compares with LangChain's recipe and txtai, `clients` asks the web API, `growth` takes
synthetic shelves of growing size. Takes some minutes; nothing else should run meanwhile. `stores`, only
when it is asked for, compares an index in a folder with one in a Milvus.
"""

import argparse
import logging
import sys
from pathlib import Path

from corpus.errors import AssistantError
from corpus.loaders import list_files
from eval.bench.clients import measure_clients
from eval.bench.comparison import Material, compare, interpreters, questions_of
from eval.bench.growth import measure_growth
from eval.bench.process import ROOT
from eval.bench.report import text_size, write_clients, write_growth, write_peers, write_stores
from eval.bench.stores import compare_stores
from eval.cases import load_split
from index.place import MilvusPlace, parse_place
from index.settings import DOCUMENTS_DIR

PARTS = ("peers", "clients", "growth")


def main(arguments: list[str] | None = None) -> int:
    """Run the parts asked for."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    try:
        for part in options.parts or PARTS:
            _RUN[part](options)
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=tuple(_RUN), metavar="PART", help="default: all but stores"
    )
    parser.add_argument("--documents", type=Path, default=DOCUMENTS_DIR, metavar="DIR")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", metavar="DIR")
    parser.add_argument("--repeats", type=int, default=5, help="the median of N runs is shown")
    parser.add_argument("--questions", type=int, default=60, metavar="N")
    parser.add_argument("--txtai", metavar="PYTHON", help="an interpreter that can import txtai")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000], metavar="CHUNKS"
    )
    parser.add_argument(
        "--store", metavar="milvus:URI", help="of `stores`; default: a file of Milvus Lite"
    )
    return parser


def _questions(number: int) -> tuple[str, ...]:
    asked = [text for case in load_split("dev") for text in case.questions.values()]
    return questions_of(asked, number)


def _peers(options: argparse.Namespace) -> None:
    files = tuple(path for path in list_files(options.documents))
    characters, pages = text_size(files)
    material = Material(files, characters, pages, _questions(options.questions))
    rows = compare(material, interpreters(options.txtai), repeats=options.repeats)
    name = "peers" if options.documents == DOCUMENTS_DIR else "peers-files"
    write_peers(options.out, name, material, rows)


def _clients(options: argparse.Namespace) -> None:
    loads = measure_clients(_questions(options.questions), (1, 8, 32), total=320)
    write_clients(options.out, loads)


def _growth(options: argparse.Namespace) -> None:
    write_growth(options.out, measure_growth(options.sizes))


def _stores(options: argparse.Namespace) -> None:
    place = parse_place(options.store or "", folder=ROOT)
    target = place if isinstance(place, MilvusPlace) else None
    write_stores(
        options.out, list(compare_stores(_questions(options.questions), options.sizes, target))
    )


_RUN = {"peers": _peers, "clients": _clients, "growth": _growth, "stores": _stores}


if __name__ == "__main__":
    sys.exit(main())
