"""A file → everything that is stored of it, but the vectors."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.chunks import split_document
from corpus.editions.edition import (
    edition_name,
    edition_sha256,
    load_edition,
    other_language,
)
from corpus.errors import EditionError
from corpus.schema import BlockKind, Chunk, Document, Rendering, Skipped
from index.schema import FileSummary, Fingerprint, View


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with everything that is stored of it, but the vectors."""

    document: Document
    source: bytes
    added: bool
    renderings: tuple[Rendering, ...]
    edition_sha256: str
    chunks: tuple[Chunk, ...]
    views: tuple[View, ...]
    summary: FileSummary


def prepare(document: Document, data: bytes, *, added: bool, editions_dir: Path) -> Prepared:
    """Cut a document into chunks and say what is indexed of each; its edition is loaded."""
    notes = skipped_notes(document.skipped)
    path = editions_dir / edition_name(document.doc_id, document.language)
    renderings: tuple[Rendering, ...] = ()
    try:
        edition = load_edition(document, path)
    except EditionError as error:
        edition = None
        notes.append(str(error))
    if edition is not None:
        renderings = edition.renderings
        if edition.missing or edition.stale:
            notes.append(
                f"{path.name}: {len(edition.missing)} units without a rendering, "
                f"{len(edition.stale)} entries whose original is not in the document"
            )
    chunks = tuple(split_document(document))
    return Prepared(
        document=document,
        source=data,
        added=added,
        renderings=renderings,
        edition_sha256=edition_sha256(path),
        chunks=chunks,
        views=tuple(_views(document, chunks, renderings)),
        summary=summary_of(document, num_chunks=len(chunks), notes=notes),
    )


def summary_of(
    document: Document, *, num_chunks: int = 0, notes: Sequence[str] = ()
) -> FileSummary:
    """Return what was read of a document's file."""
    return FileSummary(
        doc_id=document.doc_id,
        file_name=document.file_name,
        title=document.metadata.title,
        num_pages=len(document.pages),
        num_unread=sum(bool(page.unread) for page in document.pages),
        num_chunks=num_chunks,
        num_tables=sum(block.kind is BlockKind.TABLE for block in document.blocks),
        notes=tuple(notes),
        names=document.metadata.names,
    )


_DIGITS = re.compile(r"\d+")


def skipped_notes(skipped: Sequence[Skipped]) -> list[str]:
    """Return one line for each reason why something was left out, with all its pages.

    >>> skipped_notes([Skipped(f"page {n}", "a scan") for n in (1, 2, 3, 7)])
    ['pages 1-3, 7: a scan']
    """
    groups: dict[tuple[str, str], tuple[str, list[int]]] = {}
    for item in skipped:
        what, number = _page_of(item.what)
        # A hidden footer that differs by its page number only is one.
        alike = _DIGITS.sub("#", item.reason)
        groups.setdefault((what, alike), (item.reason, []))[1].extend(number)
    lines = []
    for (what, _), (reason, pages) in groups.items():
        where = what.format(pages=_ranges(sorted(set(pages)))) if pages else what
        if len(set(pages)) > 1:
            where = where.replace("page ", "pages ", 1)
        lines.append(f"{where}: {reason}")
    return lines


def _page_of(what: str) -> tuple[str, list[int]]:
    """Take the page number out of "hidden text on page 2"."""
    head, _, number = what.rpartition("page ")
    if not number.isdecimal():
        return what, []
    return f"{head}page {{pages}}", [int(number)]


def _ranges(numbers: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _views(
    document: Document, chunks: Sequence[Chunk], renderings: Sequence[Rendering]
) -> Iterator[View]:
    """Yield what is indexed of each chunk: the original, and its rendering where there is one."""
    heading_texts = {document.text[item.start : item.end]: item.text for item in renderings}
    for chunk in chunks:
        context = f"{chunk.context}\n" if chunk.context else ""
        yield View(chunk.chunk_id, document.language, context + chunk.text)
        parts = [item.text for item in renderings if chunk.start <= item.start < chunk.end]
        if parts:
            above = [heading_texts.get(line, "") for line in chunk.context.split("\n")]
            text = "\n".join([*filter(None, above), " ".join(parts)])
            yield View(chunk.chunk_id, other_language(document.language), text)


def is_current(doc_id: str, data: bytes, known: dict[str, Fingerprint], editions_dir: Path) -> bool:
    """Say whether a document is stored as read from these bytes, with its present edition."""
    if doc_id not in known:
        return False
    stored = known[doc_id]
    edition = editions_dir / edition_name(doc_id, stored.language)
    return stored.sha256 == hashlib.sha256(
        data
    ).hexdigest() and stored.edition_sha256 == edition_sha256(edition)
