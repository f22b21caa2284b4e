"""Build and look after an index: python -m index build | add | remove | list | check."""

import argparse
import logging
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from corpus.errors import AssistantError
from index.build import Progress, add_documents, build_index, remove_document
from index.encoder import load_encoder
from index.schema import BuildSummary
from index.search import Index
from index.settings import DOCUMENTS_DIR, INDEX_DIR, encoder_from_env
from index.store import open_store


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0 when it did all it was asked, 1 when something was refused."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        return int(options.run(options))
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断，索引保持原样。/ Interrupted; the index is as it was.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--index", type=Path, default=INDEX_DIR, metavar="DIR", help="index folder")
    build = commands.add_parser("build", parents=[common], help="index a folder of documents")
    build.add_argument("--documents", type=Path, default=DOCUMENTS_DIR, metavar="DIR")
    build.set_defaults(run=_build)
    add = commands.add_parser("add", parents=[common], help="add files, or newer versions of them")
    add.add_argument("files", type=Path, nargs="+", metavar="FILE")
    add.set_defaults(run=_add)
    remove = commands.add_parser("remove", parents=[common], help="remove documents by id")
    remove.add_argument("doc_ids", nargs="+", metavar="DOC")
    remove.set_defaults(run=_remove)
    show = commands.add_parser("list", parents=[common], help="list the documents")
    show.set_defaults(run=_list)
    check = commands.add_parser("check", parents=[common], help="check that the index is whole")
    check.set_defaults(run=_check)
    return parser


def _build(options: argparse.Namespace) -> int:
    encoder = load_encoder(encoder_from_env())
    with progress_bar() as on_progress:
        summary = build_index(options.documents, options.index, encoder, on_progress=on_progress)
    return print_summary(summary)


def _add(options: argparse.Namespace) -> int:
    files = []
    missing = [path for path in options.files if not path.is_file()]
    for path in missing:
        print(f"跳过 / skipped  {path}: 没有这个文件 / no such file", file=sys.stderr)
    for path in options.files:
        if path.is_file():
            files.append((path.name, path.read_bytes()))
    with progress_bar() as on_progress:
        summary = add_documents(
            files, options.index, load_encoder(encoder_from_env()), on_progress=on_progress
        )
    return print_summary(summary) or int(bool(missing))


def _remove(options: argparse.Namespace) -> int:
    for doc_id in options.doc_ids:
        print_summary(remove_document(doc_id, options.index))
    return 0


def _list(options: argparse.Namespace) -> int:
    with closing(open_store(options.index)) as store:
        for entry in store.shelf():
            pages = f"{entry.num_pages} 页/pages, " if entry.num_pages else ""
            mark = "+" if entry.added else " "
            print(
                f"{mark} {entry.doc_id}  {entry.date or '----------'}  "
                f"{entry.issuer or '—'}  {entry.title}  "
                f"({pages}{entry.num_chunks} 块/chunks, {entry.language})"
            )
    return 0


def _check(options: argparse.Namespace) -> int:
    with closing(open_store(options.index)) as store:
        problems = store.check()
        for entry in () if problems else store.shelf():
            document = store.document(entry.doc_id)
            problems += [
                f"{chunk.chunk_id}: its text is not what the document says there"
                for chunk in store.chunks()
                if chunk.doc_id == entry.doc_id
                and document.text[chunk.start : chunk.end] != chunk.text
            ]
    for problem in problems:
        print(problem)
    if problems:
        return 1
    index = Index.open(options.index, load_encoder(encoder_from_env()))
    print(
        f"第 {index.generation} 代 / generation {index.generation}: {len(index.shelf)} 份文档/documents, "
        f"{len(index.chunks)} 块/chunks, {len(problems)} 个问题/problems"
    )
    return int(bool(problems))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show progress on the terminal once a step takes longer than a second."""
    from tqdm import tqdm

    bars: dict[str, tqdm] = {}

    def report(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            bars[stage] = tqdm(total=total, desc=stage, delay=1.0, leave=False, file=sys.stderr)
        bars[stage].total = total
        bars[stage].update(done - bars[stage].n)

    try:
        yield report
    finally:
        for bar in bars.values():
            bar.close()


def print_summary(summary: BuildSummary) -> int:
    """Print what was done; return 1 when a file was refused, else 0."""
    for item in summary.refused:
        print(f"未读取 / not read  {item.reason}", file=sys.stderr)
    for note in summary.notes:
        print(f"注意 / note  {note}", file=sys.stderr)
    parts = {
        "新增/added": summary.added,
        "更新/replaced": summary.replaced,
        "移除/removed": summary.removed,
        "未变/unchanged": summary.unchanged,
        "未读取/not read": summary.refused,
    }
    counts = "  ".join(f"{name} {len(items)}" for name, items in parts.items() if items)
    made = f"{summary.num_chunks} 块/chunks, {summary.num_tables} 张表/tables"
    pages = f"{summary.num_pages} 页/pages, " if summary.num_pages else ""
    print(f"{counts or '没有变化/nothing to do'}  ({pages}{made})")
    return int(bool(summary.refused))


if __name__ == "__main__":
    sys.exit(main())
