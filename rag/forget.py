"""Forget a document: python -m rag forget DOC [--index DIR] [--documents DIR].

Removes it from the index with its chunks, vectors and stored file, and what was derived from it: the
searches, votes on answers that quote it, its edition, copies that were uploaded. Then searches the raw
files for pieces of it and says what it found. Out of reach: backups, other copies of the file, what the
disk itself keeps of deleted blocks, and what a running program holds in memory.
"""

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.editions.edition import EDITIONS_DIR, edition_name
from corpus.errors import AssistantError, DocumentError
from corpus.schema import Document
from index.build import remove_document
from index.settings import DOCUMENTS_DIR, INDEX_DIR
from index.store import create_store, open_store
from rag.traces import Pieces, Trace, pieces_of, search_files

FEEDBACK_NAME = "feedback.jsonl"
"""Votes of the web page, beside the index (`web/feedback.py`)."""

_RESULTS_DIR = Path(__file__).resolve().parent.parent / "eval" / "results"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: a line each; and what a search of the files still finds."""

    done: tuple[str, ...]
    traces: tuple[Trace, ...]
    num_files: int  # searched
    num_pieces: int  # looked for


def forget_document(doc_id: str, index_dir: Path, documents_dir: Path) -> Forgotten:
    """Remove a document and everything made of it, and look for what is left.

    Raises:
        DocumentError: There is no such document.
        IndexMissing, IndexMismatch: The index cannot be used.
    """
    document, source, was_added, pieces = _read(doc_id, index_dir)
    remove_document(doc_id, index_dir)
    done = [f"{doc_id}: 已从索引删除 / removed from the index"]
    done.append(_compact(index_dir))
    shutil.rmtree(index_dir / "derived", ignore_errors=True)
    done.append("检索文件已删除，下次打开时重建 / search files deleted; made anew when next opened")
    if votes := _drop_votes(index_dir / FEEDBACK_NAME, doc_id, pieces):
        done.append(f"{votes} 条评价已删除 / votes deleted")
    edition = EDITIONS_DIR / edition_name(doc_id, document.language)
    if was_added and edition.is_file():
        edition.unlink()
        done.append(f"{edition.name} 已删除 / deleted")
    uploads = uploads_dir()
    if copies := _delete_copies(uploads, source):
        done.append(f"{copies} 份上传副本已删除 / uploaded copies deleted")
    places = (index_dir, *EDITIONS_DIR.glob("*.po"), uploads, _RESULTS_DIR, documents_dir)
    traces, num_files = search_files(places, pieces)
    return Forgotten(tuple(done), tuple(traces), num_files, pieces.number)


def _read(doc_id: str, index_dir: Path) -> tuple[Document, bytes, bool, Pieces]:
    """Return a document with its file, whether the user added it, and pieces to look for."""
    with closing(open_store(index_dir)) as store:
        entries = {entry.doc_id: entry for entry in store.shelf()}
        if doc_id not in entries:
            raise DocumentError(
                f"no document {doc_id!r} in {index_dir}; there are {', '.join(sorted(entries))}"
            )
        document = store.document(doc_id)
        source = store.source(doc_id)[1]
        renderings = [item.text for item in store.renderings(doc_id)]
        others = []
        for other in entries.keys() - {doc_id}:
            others.append(store.document(other).text)
            others += [item.text for item in store.renderings(other)]
        dim = int(store.meta("dim") or 0)
        vectors = store.views(dim=dim, documents=[doc_id])[1].astype("<f4")
    texts = [document.text, *renderings]
    pieces = pieces_of(texts, (row.tobytes() for row in vectors), source, others)
    return document, source, entries[doc_id].added, pieces


def _compact(index_dir: Path) -> str:
    """Write the index's file anew without what was removed; say whether the log could be emptied."""
    with closing(create_store(index_dir)) as store:
        is_alone = store.compact()
    if is_alone:
        return "索引文件已重写 / the index's file was written anew"
    return (
        "索引正被其他程序打开，其日志尚未清空；请关闭后重试 / another program has the index open, so its "
        "log was not emptied; close it and run this again"
    )


def _drop_votes(path: Path, doc_id: str, pieces: Pieces) -> int:
    """Rewrite the votes without those that quote a document or hold a piece of it; count them."""
    if not path.is_file():
        return 0
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not _quotes(line, doc_id, pieces)]
    if len(kept) < len(lines):
        unfinished = path.with_name(f".{path.name}.part")
        with unfinished.open("wb") as file:
            file.writelines(kept)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    return len(lines) - len(kept)


def _quotes(line: bytes, doc_id: str, pieces: Pieces) -> bool:
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        if any(citation["doc_id"] == doc_id for citation in json.loads(line)["citations"]):
            return True
    return any(True for _ in pieces.found_in(line))


def uploads_dir() -> Path:
    """Return where Gradio keeps what is uploaded to the page."""
    return Path(os.environ.get("GRADIO_TEMP_DIR") or Path(tempfile.gettempdir()) / "gradio")


def _delete_copies(folder: Path, source: bytes) -> int:
    """Delete files with exactly these bytes; count them."""
    wanted = hashlib.sha256(source).digest()
    copies = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_symlink() or not path.is_file() or path.stat().st_size != len(source):
            continue
        if hashlib.sha256(path.read_bytes()).digest() == wanted:
            path.unlink()
            copies += 1
    return copies


def forget_command(arguments: Sequence[str]) -> int:
    """Run `python -m rag forget`; 1 when something was not there or is left."""
    parser = argparse.ArgumentParser(prog="python -m rag forget", description=__doc__)
    parser.add_argument("doc_ids", nargs="+", metavar="DOC", help="ids as `index list` shows them")
    parser.add_argument(
        "--index", type=Path, default=Path(os.environ.get("RAG_INDEX_DIR") or INDEX_DIR)
    )
    parser.add_argument("--documents", type=Path, default=DOCUMENTS_DIR, metavar="DIR")
    options = parser.parse_args(arguments)
    is_left = False
    try:
        for doc_id in options.doc_ids:
            forgotten = forget_document(doc_id, options.index, options.documents)
            sys.stdout.write(report(forgotten))
            is_left |= bool(forgotten.traces)
    except AssistantError as error:
        sys.stderr.write(f"错误 / Error: {error}\n")
        return 1
    return int(is_left)


def report(forgotten: Forgotten) -> str:
    """Return what was done and what was found, as text."""
    lines = [*forgotten.done]
    lines.append(
        f"检查了 {forgotten.num_files} 个文件，查找 {forgotten.num_pieces} 个片段 / searched "
        f"{forgotten.num_files} files for {forgotten.num_pieces} pieces of text, vectors and file"
    )
    lines += [
        f"  仍在 / still in {trace.path}: {trace.count} × {trace.kind}"
        for trace in forgotten.traces
    ]
    if forgotten.traces:
        lines.append(
            "这些文件不属于索引或仍被占用，请自行删除；文档文件夹中的原件会在下次构建时再次加入 / these "
            "files are not the index's own, or are in use: delete them yourself. A file in the folder "
            "of documents comes back with the next build"
        )
    else:
        lines.append("没有找到任何片段 / nothing of it was found")
    return "\n".join(lines) + "\n"
