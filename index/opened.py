"""The doors of an index, wherever it lies: what answering needs of it, and what building does.

Behind them are a folder of this machine (`index.search`, `index.store`) and a Milvus
(`index.milvus`); `index.place` says which.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np

from corpus.schema import Chunk, Document, Rendering
from index.encoder import Encoder
from index.filters import Filters
from index.latin import LatinWords
from index.place import MilvusPlace, Place
from index.reranker import Reranker
from index.schema import (
    FileSummary,
    Fingerprint,
    NewDocument,
    ScoredChunk,
    ShelfEntry,
    View,
)
from index.term_table import TermTable


class Vocabulary(Protocol):
    """Which terms the texts of an index hold; a text is a view: a chunk in one language."""

    @property
    def terms(self) -> Sequence[str]:
        """Return all terms, sorted."""

    @property
    def latin_words(self) -> LatinWords:
        """Return the terms that are written in Latin letters only."""

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


class ReportStore(Protocol):
    """The truth of an index: documents, chunks, views, vectors, and the files as given.

    What each method promises is written at `index.changing.Store`.
    """

    @property
    def path(self) -> object:
        """Return where it lies, for messages."""

    def close(self) -> None:
        """Close it."""

    def hold(self) -> None:
        """Read one state from now on, until the store is closed: what others write is not seen."""

    def transaction(self) -> AbstractContextManager[None]:
        """Make the changes inside one step: all of them on success, none on an error."""

    @property
    def generation(self) -> int:
        """Return how many times the index has changed; 0 before the first build is finished."""

    def meta(self, key: str) -> str:
        """Return a value of the index's own description, "" when it is not set."""

    def set_meta(self, **values: str) -> None:
        """Set values of the index's own description."""

    def put_document(self, new: NewDocument) -> None:
        """Store a document without chunks, in place of the one with the same id.

        One that is staged is put beside that one, and takes its place when it is published.
        """

    def put_chunks(self, chunks: Iterable[Chunk]) -> None:
        """Store chunks of documents that this store has been given."""

    def put_views(self, views: Sequence[View], vectors: np.ndarray) -> None:
        """Store what is indexed of chunks that are there; row i of the vectors is of views[i]."""

    def number(self, doc_id: str) -> int:
        """Return the number of the document that this store was given last under an id."""

    def staged(self, made_by: str) -> dict[str, tuple[int, Fingerprint, FileSummary]]:
        """Return what an unfinished build has left: number, origin and summary, by doc_id."""

    def publish(self, numbers: Collection[int]) -> None:
        """Make staged documents live, each in place of the one with its id."""

    def drop_staged(self, *, keep: Collection[int] = ()) -> None:
        """Delete what unfinished builds have left, but for some numbers."""

    def delete_document(self, doc_id: str) -> bool:
        """Delete a document with all that was made of it; say whether it was there."""

    def shelf(self) -> list[ShelfEntry]:
        """Return the documents, sorted by id."""

    def fingerprints(self) -> dict[str, Fingerprint]:
        """Return what each document was made from, by doc_id."""

    def document(self, doc_id: str) -> Document:
        """Return a document; KeyError when there is none."""

    def renderings(self, doc_id: str) -> tuple[Rendering, ...]:
        """Return a document's units in the other language, in order."""

    def source(self, doc_id: str) -> tuple[str, bytes]:
        """Return the name and the bytes of a document's file; KeyError when there is none."""

    def source_size(self, doc_id: str) -> int:
        """Return how many bytes that file has, 0 for an unknown document."""

    def chunks(self, doc_id: str | None = None) -> list[Chunk]:
        """Return all chunks, of one document or of all, sorted by document and place."""

    def views(
        self, *, dim: int, documents: Iterable[str] | None = None
    ) -> tuple[list[View], np.ndarray]:
        """Return the views of some documents, by default of all, and their vectors, (n, dim)."""

    def check(self) -> list[str]:
        """Return what is wrong with it; an empty list when nothing is."""


def open_index(place: Place, encoder: Encoder, *, reranker: Reranker | None = None) -> OpenedIndex:
    """Open an index for searching with the encoder it was built with.

    Raises:
        IndexMissing: There is none.
        IndexMismatch: Another version or encoder built it, or it is damaged.
        StoreError: It lies in a Milvus that cannot be reached.
        GlossaryError: The user's file of names is malformed.
    """
    if isinstance(place, MilvusPlace):
        from index.milvus.search import MilvusIndex

        return MilvusIndex.open(place, encoder, reranker=reranker)
    from index.search import Index

    return Index.open(place, encoder, reranker=reranker)


def open_store(place: Place) -> ReportStore:
    """Open a finished index.

    Raises:
        IndexMissing: There is none.
        IndexMismatch: It is of another version, or damaged.
        StoreError: It lies in a Milvus that cannot be reached.
    """
    if isinstance(place, MilvusPlace):
        from index.milvus.store import open_milvus_store

        return open_milvus_store(place)
    from index import store

    return store.open_store(place)


def create_store(place: Place) -> ReportStore:
    """Open an index, making what it needs if it is missing; it may be unfinished.

    Raises:
        IndexMismatch: What is there is no index of this version.
        StoreError: It lies in a Milvus that cannot be reached.
    """
    if isinstance(place, MilvusPlace):
        from index.milvus.store import create_milvus_store

        return create_milvus_store(place)
    from index import store

    return store.create_store(place)
