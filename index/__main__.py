"""Build and look after an index: python -m index build | add | remove | list | check | migrate."""

import argparse
import logging
import os
import sys
from contextlib import closing
from getpass import getpass
from pathlib import Path

from corpus.errors import AssistantError, DocumentError
from corpus.loaders import read_file
from index.build import add_documents, build_index, remove_document
from index.console import show_progress, write_summary
from index.integrity import damaged_documents, damaged_models, misplaced_chunks
from index.migrate import migrate
from index.opened import open_index, open_store
from index.place import Place
from index.schema import BuildSummary
from index.settings import DOCUMENTS_DIR, INDEX_DIR, encoder_from_env, place_from_env


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
    common.add_argument(
        "--index",
        metavar="PLACE",
        help="index folder, or milvus:URI (RAG_STORE, RAG_INDEX_DIR; index/built)",
    )
    build = commands.add_parser("build", parents=[common], help="index a folder of documents")
    build.add_argument("--documents", type=Path, default=DOCUMENTS_DIR, metavar="DIR")
    build.set_defaults(run=_build)
    add = commands.add_parser("add", parents=[common], help="add files, or newer versions of them")
    for command in (build, add):
        # Never the password itself: every user of the machine sees the arguments of a process.
        secret = command.add_mutually_exclusive_group()
        secret.add_argument(
            "--password-prompt", action="store_true", help="ask for the password of encrypted PDFs"
        )
        secret.add_argument(
            "--password-file", type=Path, metavar="FILE", help="its first line is that password"
        )
    add.add_argument("files", type=Path, nargs="+", metavar="FILE")
    add.set_defaults(run=_add)
    remove = commands.add_parser("remove", parents=[common], help="remove documents by id")
    remove.add_argument("doc_ids", nargs="+", metavar="DOC")
    remove.set_defaults(run=_remove)
    show = commands.add_parser("list", parents=[common], help="list the documents")
    show.set_defaults(run=_list)
    check = commands.add_parser("check", parents=[common], help="check that the index is whole")
    check.set_defaults(run=_check)
    move = commands.add_parser("migrate", help="copy an index: folder → milvus:URI, or back")
    move.add_argument("source", metavar="SRC", help="index folder, milvus:URI, or local")
    move.add_argument("target", metavar="DST", help="index folder, milvus:URI, or local")
    move.set_defaults(run=_migrate)
    return parser


def _place(options: argparse.Namespace) -> Place:
    return place_from_env(options.index)


def _build(options: argparse.Namespace) -> int:
    encoder = encoder_from_env()
    password = _password(options)
    with show_progress(sys.stderr) as on_progress:
        summary = build_index(
            options.documents, _place(options), encoder, password=password, on_progress=on_progress
        )
    return _show(summary)


def _add(options: argparse.Namespace) -> int:
    files, skipped = [], 0
    for path in options.files:
        try:
            files.append((path.name, read_file(path)))
        except DocumentError as error:
            print(f"跳过 / skipped  {error}", file=sys.stderr)
            skipped += 1
    password = _password(options)
    with show_progress(sys.stderr) as on_progress:
        summary = add_documents(
            files,
            _place(options),
            encoder_from_env(),
            password=password,
            on_progress=on_progress,
        )
    return _show(summary) or int(bool(skipped))


def _password(options: argparse.Namespace) -> str | None:
    """Return the password of encrypted files: asked for, from a file, or from RAG_PDF_PASSWORD.

    Raises:
        DocumentError: The password file cannot be read.
    """
    if options.password_prompt:
        return getpass("PDF 密码 / password: ") or None
    if options.password_file is None:
        return os.environ.get("RAG_PDF_PASSWORD") or None
    try:
        lines = read_file(options.password_file).decode("utf-8-sig").splitlines()
    except (DocumentError, UnicodeDecodeError) as error:
        raise DocumentError(
            f"{options.password_file}: the password file cannot be read ({error}); give a text "
            "file whose first line is the password"
        ) from error
    return lines[0] if lines else None


def _show(summary: BuildSummary) -> int:
    """Print what was done; return 1 when a file was refused, else 0."""
    write_summary(summary, sys.stdout, sys.stderr)
    return int(bool(summary.refused))


def _remove(options: argparse.Namespace) -> int:
    for doc_id in options.doc_ids:
        _show(remove_document(doc_id, _place(options)))
    return 0


def _list(options: argparse.Namespace) -> int:
    with closing(open_store(_place(options))) as store:
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
    problems = damaged_models()
    with closing(open_store(_place(options))) as store:
        problems += store.check()
        if not problems:
            problems += [f"{doc_id}: {what}" for doc_id, what in damaged_documents(store).items()]
        if not problems:
            problems += misplaced_chunks(store)
    for problem in problems:
        print(problem)
    if problems:
        return 1
    index = open_index(_place(options), encoder_from_env())
    print(
        f"第 {index.generation} 代 / generation {index.generation}: {len(index.shelf)} 份文档/documents, "
        f"{len(index.chunks)} 块/chunks, {len(problems)} 个问题/problems"
    )
    return int(bool(problems))


def _migrate(options: argparse.Namespace) -> int:
    source, target = (
        place_from_env(str(INDEX_DIR) if name == "local" else name)
        for name in (options.source, options.target)
    )
    with show_progress(sys.stderr) as on_progress:
        summary = migrate(source, target, encoder_from_env(), on_progress=on_progress)
    print(
        f"{source} → {target}: {len(summary.copied)} 份已复制/copied, {len(summary.kept)} 份已在/kept, "
        f"{len(summary.removed)} 份已移除/removed, {summary.num_chunks} 块/chunks; "
        f"{summary.num_queries} 个查询/queries, 前5相同/same top 5: {summary.same_top:.0%}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
