"""The values of this package."""

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.schema import Chunk, Document, Language, Rendering


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk with its score: higher is better, comparable only within one ranking."""

    chunk: Chunk
    score: float


@dataclass(frozen=True, slots=True)
class View:
    """What is indexed of a chunk in one language: the original, or its rendering."""

    chunk_id: str
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """A document of the index as a list shows it."""

    doc_id: str
    file_name: str
    title: str
    issuer: str
    date: str
    language: Language
    num_pages: int  # 0 where the file has no pages
    num_chunks: int
    num_renderings: int
    added: bool  # added by the user, not part of the documents folder
    names: tuple[str, ...] = ()  # of the company whose own report it is


def company_names(shelf: Iterable[ShelfEntry]) -> tuple[tuple[str, ...], ...]:
    """Return the names of each company that files reports of its own, each group once, in order."""
    return tuple(dict.fromkeys(entry.names for entry in shelf if entry.names))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a stored document was made from; it is read again when one of these differs."""

    sha256: str  # of the file
    edition_sha256: str  # of its edition, "" without one
    language: Language
    added: bool  # by the user, not part of the documents folder


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that did not become a document, and why."""

    file_name: str
    reason: str
    needs_password: bool = False  # adding it again with the right password helps


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What was read of one file."""

    doc_id: str
    file_name: str
    title: str
    num_pages: int  # 0 where the file has no pages
    num_unread: int  # pages of which nothing usable was read
    num_chunks: int
    num_tables: int
    notes: tuple[str, ...] = ()  # what was left out and why; stale renderings
    names: tuple[str, ...] = ()  # see `corpus.schema.Metadata`


@dataclass(frozen=True, slots=True)
class Staged:
    """What a document that is not live yet was made by, and what was read of its file."""

    made_by: str  # reader, analyzer and encoder: only the same ones may finish the build
    summary: FileSummary


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to be stored, with what it was made from."""

    document: Document
    source: bytes  # its file
    added: bool  # by the user, not part of the documents folder
    renderings: tuple[Rendering, ...] = ()
    edition_sha256: str = ""
    staged: Staged | None = None  # then it is put beside the live one with its id


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build, an addition or a removal did."""

    added: tuple[str, ...] = ()  # doc_ids
    replaced: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    files: tuple[FileSummary, ...] = ()  # what was read now, in order

    @property
    def num_pages(self) -> int:
        """Count the pages of what was read now."""
        return sum(file.num_pages for file in self.files)

    @property
    def num_chunks(self) -> int:
        """Count the chunks of what was read now."""
        return sum(file.num_chunks for file in self.files)

    @property
    def num_tables(self) -> int:
        """Count the tables of what was read now."""
        return sum(file.num_tables for file in self.files)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was left out and why, each line with its document."""
        return tuple(f"{file.doc_id}: {note}" for file in self.files for note in file.notes)

    @property
    def changed(self) -> bool:
        """Say whether the index is another one than before."""
        return bool(self.added or self.replaced or self.removed)
