"""The truth of an index in a Milvus: what `index.changing.Store` is in a file, behind the same door."""

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.schema import Chunk
from index.errors import IndexMismatch, IndexMissing, StoreError
from index.milvus.connection import Milvus, connect
from index.milvus.draft import VOCABULARIES, Draft
from index.milvus.head import Head, read_heads
from index.milvus.record import Lease, Record, publish, read_record
from index.milvus.stored import MilvusReports
from index.milvus.tables import (
    DOCUMENTS,
    ensure_collections,
    in_ranges,
    views_of,
)
from index.place import MilvusPlace
from index.schema import FileSummary, Fingerprint, NewDocument, View

_changing = threading.Lock()  # the threads of a process take turns


class MilvusStore(MilvusReports):
    """A team's index in a Milvus, as its record said when it was opened or last written to."""

    def __init__(self, milvus: Milvus, record: Record) -> None:
        super().__init__(milvus, record)
        self._draft: Draft | None = None
        self._numbers: dict[str, int] = {}  # revision of what was put last, by doc_id
        self._lease: Lease | None = None  # kept from the first change to the end

    def close(self) -> None:
        """Let others write. The connection is the process's and stays."""
        if self._lease is not None:
            with suppress(StoreError):
                self._lease.give_back()
            self._lease = None

    def hold(self) -> None:
        """Do nothing: one state is read anyway, until this store changes it."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside one step: all of them on success, none on an error.

        Raises:
            StoreError: Another process writes, or the Milvus cannot be written.
        """
        self._lease = self._lease or Lease(self._milvus)
        with _changing:
            self._lease.ensure()
            self.record = read_record(self._milvus) or Record()
            self._heads = None
            self._sweep()
            draft = Draft(self._milvus, self.record, self.heads(), self._staged_heads())
            self._draft = draft
            try:
                yield
                vocabularies = {kind: self.vocabulary(kind) for kind in VOCABULARIES}
                record = draft.finish(vocabularies)
                self._lease.require()
                publish(self._milvus, record)
            except BaseException:
                draft.discard()
                raise
            finally:
                self._draft = self._heads = None
            self.record = record

    def _sweep(self) -> None:
        """Delete the rows of a writer that was killed, and those that were retired before."""
        left = f"{self._team} and revision >= {self.record.next_revision}"
        for name in self._milvus.collections():
            if name.startswith(views_of("")):
                self._milvus.load(name)
                self._milvus.delete(name, left)
        self._milvus.delete(DOCUMENTS, left)
        for dim, gone in self.record.retired.items():
            condition = f"{self._team} and {in_ranges(gone)}"
            self._milvus.delete(DOCUMENTS, condition)
            if int(dim):
                self._milvus.delete(views_of(dim), condition)
        self.record = replace(self.record, retired={})

    @property
    def _writing(self) -> Draft:
        if self._draft is None:
            raise RuntimeError("changes are made inside `with store.transaction()`")
        return self._draft

    def set_meta(self, **values: str) -> None:
        """Set values of the index's own description."""
        self._writing.set_meta(values)

    def put_document(self, new: NewDocument) -> None:
        """Store a document without chunks, in place of the one with the same id.

        One that is staged is put beside that one, and takes its place when it is published.
        """
        self._numbers[new.document.doc_id] = self._writing.put_document(new)

    def put_chunks(self, chunks: Iterable[Chunk]) -> None:
        """Store chunks of documents that this store has been given."""
        self._writing.put_chunks(chunks)

    def put_views(self, views: Sequence[View], vectors: np.ndarray) -> None:
        """Store what is indexed of chunks that are there; row i of the vectors is of views[i]."""
        self._writing.put_views(views, vectors)

    def number(self, doc_id: str) -> int:
        """Return the revision of the document that this store was given last under an id.

        Raises:
            KeyError: It was given none.
        """
        return self._numbers[doc_id]

    def staged(self, made_by: str) -> dict[str, tuple[int, Fingerprint, FileSummary]]:
        """Return what an unfinished build has left: revision, origin and summary, by doc_id."""
        return {
            head.doc_id: (head.revision, head.fingerprint(), head.file_summary())
            for head in self._staged_heads()
            if head.made_by == made_by
        }

    def publish(self, numbers: Collection[int]) -> None:
        """Make staged documents live, each in place of the one with its id.

        Raises:
            IndexMismatch: One of them is gone: another build has cleaned up meanwhile.
        """
        self._writing.publish(numbers)

    def drop_staged(self, *, keep: Collection[int] = ()) -> None:
        """Delete what unfinished builds have left, but for some revisions."""
        self._writing.drop_staged(keep)

    def delete_document(self, doc_id: str) -> bool:
        """Delete a document with all that was made of it; say whether it was there."""
        return self._writing.delete_document(doc_id)

    def _staged_heads(self) -> list[Head]:
        if not self.record.staged:
            return []
        condition = f"{self._team} and {in_ranges(self.record.staged)}"
        heads = read_heads(self._milvus, condition)
        return sorted(heads, key=lambda head: head.revision)


def create_milvus_store(place: MilvusPlace) -> MilvusStore:
    """Open a team's index in a Milvus, making the collections if they are missing.

    Raises:
        StoreError: It cannot be reached, or is too old.
        IndexMismatch: The index there is of another version, or damaged.
    """
    milvus = connect(place)
    ensure_collections(milvus, None)
    record = read_record(milvus) or Record()
    if record.dim:
        ensure_collections(milvus, record.dim)
    return MilvusStore(milvus, record)


def open_milvus_store(place: MilvusPlace) -> MilvusStore:
    """Open a finished index of a team.

    Raises:
        IndexMissing: There is none.
        StoreError: The Milvus cannot be reached, or is too old.
        IndexMismatch: It is of another version, or rows of it are missing.
    """
    is_there = not place.is_lite or Path(place.uri).exists()
    milvus = connect(place) if is_there else None
    record = read_record(milvus) if milvus else None
    if milvus is None or record is None or not record.generation:
        raise IndexMissing(
            f"no finished index in {place}; build one with `python -m index build`, or copy one "
            "there with `python -m index migrate`"
        )
    ensure_collections(milvus, record.dim or None)
    store = MilvusStore(milvus, record)
    found = len(store.heads()), store.count_views()
    expected = record.num_documents, record.num_views
    if found != expected:
        raise IndexMismatch(
            f"{place} holds {found[0]} documents and {found[1]} views, its record says "
            f"{expected[0]} and {expected[1]}: rows have been lost. Put back a copy, or build or "
            "migrate the index again"
        )
    return store
