"""Editions of documents: python -m corpus translate DOC… | check-edition [DOC…].

DOC is a file or the id of a document in the documents folder.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.chat.client import LangChainModel
from corpus.chat.errors import ModelError
from corpus.chat.settings import model_settings
from corpus.editions.edition import (
    EDITIONS_DIR,
    edition_name,
    load_edition,
    other_language,
    read_entries,
    units_to_render,
)
from corpus.editions.translate import MAX_TERM_CHARS, Progress, Translation, translate_document
from corpus.errors import AssistantError, DocumentError
from corpus.loaders import list_files, read_document
from corpus.reading.identity import document_id
from corpus.schema import Document

DOCUMENTS_DIR = Path(__file__).parent / "documents"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0 when all is well, 1 when something is missing or wrong."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "已中断，已完成的译文已保存；再次运行即可继续。/ "
            "Interrupted; what was finished is saved, run the command again to go on.",
            file=sys.stderr,
        )
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m corpus", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--documents", type=Path, default=DOCUMENTS_DIR, metavar="DIR")
    common.add_argument("--editions", type=Path, default=EDITIONS_DIR, metavar="DIR")
    translate = commands.add_parser(
        "translate",
        parents=[common],
        help="write the edition of a document with the model that RAG_LLM names",
    )
    translate.add_argument("documents_named", nargs="+", metavar="DOC")
    translate.set_defaults(run=_translate)
    check = commands.add_parser(
        "check-edition", parents=[common], help="show what an edition lacks and gets wrong"
    )
    check.add_argument("documents_named", nargs="*", metavar="DOC")
    check.set_defaults(run=_check)
    return parser


def _translate(options: argparse.Namespace) -> int:
    settings = model_settings(os.environ)
    if settings is None:
        raise ModelError(
            "no language model is configured; set RAG_LLM=provider:model (and RAG_LLM_BASE_URL "
            "for a server of your own), and the provider's key variable"
        )
    documents = [_read(name, options.documents) for name in options.documents_named]
    model = LangChainModel(settings)
    status = 0
    for document in documents:
        path = options.editions / edition_name(document.doc_id, document.language)
        terms = _settled_terms(options.editions, path)
        with _progress_bar(document.doc_id) as on_progress:
            done = translate_document(document, path, model, terms=terms, on_progress=on_progress)
        _print_translation(document, path, done)
        status |= bool(done.left_out)
    return status


def _check(options: argparse.Namespace) -> int:
    names = options.documents_named or [str(path) for path in list_files(options.documents)]
    return max(_check_one(_read(name, options.documents), options.editions) for name in names)


def _check_one(document: Document, editions: Path) -> int:
    path = editions / edition_name(document.doc_id, document.language)
    edition = load_edition(document, path)
    if edition is None:
        print(f"{document.doc_id}: 没有译文 / no edition ({path.name})")
        return 1
    needed = {document.text[unit.start : unit.end] for unit in units_to_render(document)}
    missing = {document.text[unit.start : unit.end] for unit in edition.missing}
    print(
        f"{document.doc_id}: {len(needed) - len(missing & needed)}/{len(needed)} 句段/units, "
        f"{len(edition.stale)} 过时/stale, "
        f"{len(edition.differences)} 数字不符/figure differences"
    )
    refused = {difference.original for difference in edition.differences}
    for unit in edition.missing:
        original = document.text[unit.start : unit.end]
        if original not in refused:
            print(f"  block {unit.block}: 无译文 / no rendering: {_short(original)}")
    for original in edition.stale:
        print(f"  过时 / stale: {_short(original)}")
    for difference in edition.differences:
        print(f"  block {difference.block}: {difference.describe()}")
        print(f"    {_short(difference.original)}")
        print(f"    {_short(difference.rendering)}")
    return int(bool(edition.missing or edition.stale))


def _read(name: str, documents: Path) -> Document:
    path = Path(name)
    if not path.is_file():
        files = [file for file in list_files(documents) if document_id(file.name) == name]
        if not files:
            raise DocumentError(f"{name} is neither a file nor the id of a document in {documents}")
        path = files[0]
    return read_document(path.read_bytes(), path.name)


def _settled_terms(editions: Path, path: Path) -> dict[str, str]:
    """Return the short entries of the other editions in the same language, for consistency."""
    terms: dict[str, str] = {}
    for other in sorted(editions.glob("*" + "".join(path.suffixes[-2:]))):
        if other != path:
            entries = read_entries(other).items()
            terms |= {term: text for term, text in entries if len(term) <= MAX_TERM_CHARS}
    return terms


def _print_translation(document: Document, path: Path, done: Translation) -> None:
    language = other_language(document.language).value
    print(
        f"{document.doc_id} → {language}: {done.num_written} 新译/written, "
        f"{done.num_kept} 已有/kept, {len(done.left_out)} 略去/left out, "
        f"{done.num_units} 共/in all: {path}"
    )
    for item in done.left_out:
        print(f"  block {item.unit.block}: {item.reason}: {_short(item.original)}")


@contextmanager
def _progress_bar(name: str) -> Iterator[Progress]:
    from tqdm import tqdm

    with tqdm(desc=name, unit="unit", file=sys.stderr) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield report


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


if __name__ == "__main__":
    sys.exit(main())
