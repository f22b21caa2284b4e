"""The documents of an opened index, wherever it lies: read when asked for, the last ones kept."""

from collections.abc import Mapping
from functools import cached_property, lru_cache, partial
from pathlib import Path

from corpus.chunks import split_chunk_id
from corpus.glossary import ALIASES_NAME
from corpus.schema import Chunk, Document, Rendering
from index.opened import ReportStore
from index.schema import ShelfEntry, company_names
from index.term_table import TermTable

_DOCUMENTS_KEPT = 256  # that were read last
_CHUNKS_KEPT = 64  # documents whose chunks were read last


class Reports:
    """The part of an opened index that does not search."""

    def __init__(self, store: ReportStore, folder: Path) -> None:
        """Take the store that holds them, and the folder that the user's names lie in."""
        self.folder = folder
        self.shelf: tuple[ShelfEntry, ...] = tuple(store.shelf())
        self._reports = store
        # Of the store alone: what refers to itself stays open until it is collected.
        self._read = lru_cache(maxsize=_DOCUMENTS_KEPT)(partial(_read_document, store))
        self._read_chunks = lru_cache(maxsize=_CHUNKS_KEPT)(partial(_read_chunks, store))

    def document(self, doc_id: str) -> Document:
        """Return a document of this index.

        Raises:
            KeyError: No such document.
        """
        return self._read(doc_id)[0]

    def renderings(self, doc_id: str) -> tuple[Rendering, ...]:
        """Return a document's units in the other language, in order; () without an edition."""
        return self._read(doc_id)[1]

    def source(self, doc_id: str) -> bytes:
        """Return the bytes of the file that a document was read from.

        Raises:
            KeyError: No such document.
        """
        return self._reports.source(doc_id)[1]

    def chunks_of(self, doc_id: str) -> Mapping[str, Chunk]:
        """Return the chunks of a document by id, in the order of ids; none of an unknown one."""
        return self._read_chunks(doc_id)

    def neighbours(self, chunk_id: str, *, before: int = 1, after: int = 1) -> tuple[Chunk, ...]:
        """Return a chunk with those around it in its document, in reading order.

        Raises:
            KeyError: No such chunk.
        """
        chunks = self.chunks_of(split_chunk_id(chunk_id)[0])
        row = sorted(chunks.values(), key=lambda chunk: (chunk.start, chunk.chunk_id))
        place = row.index(chunks[chunk_id])
        return tuple(row[max(0, place - before) : place + after + 1])

    @cached_property
    def term_table(self) -> TermTable:
        """Return the table that carries a query into the other language; read on first use.

        The names that the user put beside the index, and those of companies, are part of it.
        """
        aliases = self.folder / ALIASES_NAME
        return TermTable.load(
            glossaries=[aliases] if aliases.is_file() else [], companies=company_names(self.shelf)
        )


def _read_document(store: ReportStore, doc_id: str) -> tuple[Document, tuple[Rendering, ...]]:
    return store.document(doc_id), store.renderings(doc_id)


def _read_chunks(store: ReportStore, doc_id: str) -> Mapping[str, Chunk]:
    return {chunk.chunk_id: chunk for chunk in store.chunks(doc_id)}
