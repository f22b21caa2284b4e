"""The door: what answering and showing need of an opened index, wherever it lies.

`index.search.Index` serves it from one machine's folder; what stands behind it is not looked at.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from corpus.schema import Chunk, Document, Rendering
from index.encoder import Encoder
from index.filters import Filters
from index.schema import ScoredChunk, ShelfEntry
from index.term_table import TermTable


class Vocabulary(Protocol):
    """Which terms the texts of an index hold; a text is a view: a chunk in one language."""

    @property
    def terms(self) -> Sequence[str]:
        """Return all terms, sorted."""

    @property
    def num_documents(self) -> int:
        """Return how many texts there are."""

    def document_frequency(self, term: str) -> int:
        """Return in how many texts a term stands."""


class OpenedIndex(Protocol):
    """An opened index. It stays the generation it was opened as; see `is_current`."""

    def __hash__(self) -> int:
        """Return a number of this opening: what is remembered of one index is not of another."""

    @property
    def generation(self) -> int:
        """Return how many times the index had changed when it was opened."""

    @property
    def encoder(self) -> Encoder:
        """Return the encoder that it was built with."""

    @property
    def shelf(self) -> tuple[ShelfEntry, ...]:
        """Return its documents, sorted by id."""

    @property
    def chunks(self) -> Mapping[str, Chunk]:
        """Return the chunks by id, in the order of ids; each is read when it is looked up."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Return which terms its texts hold."""

    @property
    def term_table(self) -> TermTable:
        """Return the table that carries a query into the other language."""

    def is_current(self) -> bool:
        """Say whether the store still holds the generation that was opened."""

    def document(self, doc_id: str) -> Document:
        """Return a document.

        Raises:
            KeyError: No such document.
        """

    def renderings(self, doc_id: str) -> tuple[Rendering, ...]:
        """Return a document's units in the other language, in order; () without an edition."""

    def source(self, doc_id: str) -> bytes:
        """Return the bytes of the file that a document was read from.

        Raises:
            KeyError: No such document.
        """

    def neighbours(self, chunk_id: str, *, before: int = 1, after: int = 1) -> tuple[Chunk, ...]:
        """Return a chunk with those around it in its document, in reading order.

        Raises:
            KeyError: No such chunk.
        """

    def search(
        self,
        query: str,
        *,
        top_k: int,
        documents: Collection[str] | None = None,
        filters: Filters | None = None,
    ) -> list[ScoredChunk]:
        """Return the best chunks, each once, best first, ties by chunk_id.

        A chunk scores as its best view. With `documents`, only chunks of these doc_ids; with
        `filters`, only of documents that meet them too. Fewer than `top_k` come back when fewer
        share a term with the query or are near its vector.
        """
