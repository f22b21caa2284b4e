"""Is everything whole that is stored and shipped? Used by `index check`, and before a build."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from index.encoder import MODEL_PATH
from index.errors import IndexMismatch
from index.opened import ReportStore
from index.stored import StoredIndex

MODELS_DIR = MODEL_PATH.parent
SUMS_NAME = "SHA256SUMS"
"""Names and checksums of the models that ship, as `sha256sum` writes them."""


def damaged_documents(store: ReportStore) -> dict[str, str]:
    """Return the documents of which something stored is damaged, with what it is, by doc_id.

    Reads everything: the files as they were given, contents, chunks, vectors. An engine that keeps
    the reports elsewhere looks after its own files.

    Raises:
        IndexMismatch: The list of documents itself is damaged.
    """
    if not isinstance(store, StoredIndex):
        return {}
    if store.generation:
        store.verify()
    damaged = {
        doc_id: "its chunks or vectors are damaged" for doc_id in sorted(store.damaged_parts())
    }
    for entry in store.shelf():
        for read in (store.document, store.renderings, store.source):
            if (problem := _problem(read, entry.doc_id)) and entry.doc_id not in damaged:
                damaged[entry.doc_id] = problem
    return damaged


def _problem(read: Callable[[str], object], doc_id: str) -> str:
    try:
        read(doc_id)
    except (IndexMismatch, ValueError) as error:
        return str(error)
    return ""


def misplaced_chunks(store: ReportStore) -> list[str]:
    """Return a line for every chunk whose text is not what its document says there."""
    problems = []
    for entry in store.shelf():
        text = store.document(entry.doc_id).text
        problems += [
            f"{chunk.chunk_id}: its text is not what the document says there"
            for chunk in store.chunks(entry.doc_id)
            if text[chunk.start : chunk.end] != chunk.text
        ]
    return problems


def damaged_models(folder: Path = MODELS_DIR) -> list[str]:
    """Return a line for every shipped model that is missing or not the one that was shipped."""
    try:
        lines = (folder / SUMS_NAME).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        return [f"{folder / SUMS_NAME} cannot be read ({error}); restore it from the repository"]
    problems = []
    for line in lines:
        expected, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or _sha256(path) != expected:
            problems.append(f"{path} is not the file that was shipped; restore it")
    return problems


def write_sums(folder: Path = MODELS_DIR) -> None:
    """Write the checksums of the models as they are; after training, see `index/training`."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix not in ("", ".md")
    )
    lines = [f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS_NAME).write_text("".join(lines), encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
