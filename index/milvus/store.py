"""The truth of an index in a Milvus: what `index.store.Store` is in a file, behind the same door."""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.chunks import chunk_id_of, split_chunk_id
from corpus.codec import from_json
from corpus.schema import Chunk, Document, Rendering
from index.errors import IndexMismatch, IndexMissing, StoreError
from index.milvus.connection import Milvus, Row, connect
from index.milvus.draft import VOCABULARIES, Draft
from index.milvus.head import Head, read_heads
from index.milvus.record import Lease, Record, publish, read_record
from index.milvus.tables import (
    DOCUMENTS,
    ensure_collections,
    in_ranges,
    join_parts,
    parse_view_key,
    plain_text,
    views_of,
)
from index.milvus.vocabulary import StoredVocabulary
from index.place import MilvusPlace
from index.schema import FileSummary, Fingerprint, ShelfEntry, Staged, View

_changing = threading.Lock()  # the threads of a process take turns


class MilvusStore:
    """A team's index in a Milvus, as its record said when it was opened or last written to."""

    def __init__(self, milvus: Milvus, record: Record) -> None:
        self._milvus = milvus
        self.record = record
        self._team = f'team == "{milvus.place.team}"'
        self._heads: dict[str, Head] | None = None
        self._draft: Draft | None = None
        self._numbers: dict[str, int] = {}  # revision of what was put last, by doc_id
        self._lease: Lease | None = None  # kept from the first change to the end

    @property
    def path(self) -> str:
        """Return where it lies, for messages."""
        return str(self._milvus.place)

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

    def heads(self) -> Mapping[str, Head]:
        """Return what is stored of each document but its text, by doc_id, sorted."""
        if self._heads is None:
            condition = self.record.condition(self._milvus.place.team)
            found = {head.doc_id: head for head in read_heads(self._milvus, condition)}
            self._heads = dict(sorted(found.items()))
        return self._heads

    def _staged_heads(self) -> list[Head]:
        if not self.record.staged:
            return []
        condition = f"{self._team} and {in_ranges(self.record.staged)}"
        heads = read_heads(self._milvus, condition)
        return sorted(heads, key=lambda head: head.revision)

    def meta(self, key: str) -> str:
        """Return a value of the index's own description, "" when it is not set."""
        if key == "generation":
            return str(self.record.generation)
        return self.record.meta.get(key, "")

    def set_meta(self, **values: str) -> None:
        """Set values of the index's own description."""
        self._writing.set_meta(values)

    @property
    def generation(self) -> int:
        """Return how many times the index has changed; 0 before the first build is finished."""
        return self.record.generation

    def put_document(
        self,
        document: Document,
        *,
        source: bytes,
        added: bool,
        renderings: Sequence[Rendering] = (),
        edition_sha256: str = "",
        staged: Staged | None = None,
    ) -> None:
        """Store a document without chunks, in place of the one with the same id.

        With `staged` it is put beside that one, and takes its place when it is published.
        """
        self._numbers[document.doc_id] = self._writing.put_document({
            "document": document, "source": source, "added": added, "renderings": renderings,
            "edition_sha256": edition_sha256, "staged": staged,
        })  # fmt: skip

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

    def shelf(self) -> list[ShelfEntry]:
        """Return the documents, sorted by id."""
        return [head.entry() for head in self.heads().values()]

    def fingerprints(self) -> dict[str, Fingerprint]:
        """Return what each document was made from, by doc_id."""
        return {doc_id: head.fingerprint() for doc_id, head in self.heads().items()}

    def part(self, doc_id: str, kind: str) -> bytes:
        """Return the bytes of a kind that are stored of a document.

        Raises:
            KeyError: No such document.
            IndexMismatch: They are damaged.
        """
        revision = self.heads()[doc_id].revision
        return self._joined(revision, kind, f"{doc_id} ({kind}) in {self.path}")

    def _joined(self, revision: int, kind: str, what: str) -> bytes:
        condition = f'{self._team} and revision == {revision} and kind == "{kind}"'
        return join_parts(self._milvus.iterate(DOCUMENTS, condition, ["key", "data"]), what)

    def document(self, doc_id: str) -> Document:
        """Return a document; its text is what every offset counts in.

        Raises:
            KeyError: No such document.
        """
        return from_json(Document, self.part(doc_id, "document").decode())

    def renderings(self, doc_id: str) -> tuple[Rendering, ...]:
        """Return a document's units in the other language, in order."""
        head = self.heads().get(doc_id)
        if head is None or not head.num_renderings:
            return ()
        return from_json(tuple[Rendering, ...], self.part(doc_id, "renderings").decode())

    def source(self, doc_id: str) -> tuple[str, bytes]:
        """Return the name and the bytes of the file that a document was read from.

        Raises:
            KeyError: No such document.
        """
        return self.heads()[doc_id].file_name, self.part(doc_id, "source")

    def source_size(self, doc_id: str) -> int:
        """Return how many bytes that file has, 0 for an unknown document."""
        head = self.heads().get(doc_id)
        return head.source_bytes if head else 0

    def vocabulary(self, kind: str = "vocabulary") -> StoredVocabulary:
        """Return in how many views each term stands; or each of the "pairs" of Han characters."""
        if not self.record.vocabulary:
            return StoredVocabulary()
        what = f"the {kind} of {self.path}"
        data = self._joined(self.record.vocabulary, kind, what)
        try:
            return StoredVocabulary.from_bytes(data, self.record.num_views)
        except ValueError as error:
            raise IndexMismatch(f"{what} is damaged ({error}); build the index again") from error

    def chunks(self, doc_id: str | None = None) -> list[Chunk]:
        """Return all chunks, of one document or of all, sorted by document and place."""
        found = {}
        for one in self.heads() if doc_id is None else [doc_id]:
            for row in self._view_rows(one, ["chunk"]):
                chunk = from_json(Chunk, plain_text(row["chunk"]))
                found[split_chunk_id(chunk.chunk_id)] = chunk
        return [found[place] for place in sorted(found)]

    def views(
        self, *, dim: int, documents: Iterable[str] | None = None
    ) -> tuple[list[View], np.ndarray]:
        """Return views and their vectors, (n_views, dim), of some documents in the order given.

        By default of all, sorted by id. Within a document by chunk and language.

        Raises:
            IndexMismatch: The vectors have another width.
        """
        views: list[View] = []
        vectors: list[Sequence[float]] = []
        for doc_id in self.heads() if documents is None else documents:
            rows = list(self._view_rows(doc_id, ["text", "dense"]))
            for row in sorted(rows, key=lambda row: parse_view_key(str(row["key"]))):
                _, ordinal, language = parse_view_key(row["key"])
                views.append(View(chunk_id_of(doc_id, ordinal), language, plain_text(row["text"])))
                vectors.append(row["dense"])
        matrix = np.array(vectors, dtype=np.float32)
        if matrix.size != len(views) * dim:
            raise IndexMismatch(
                f"{self.path}: {matrix.size} vector values for {len(views)} views of {dim}; "
                "build the index again with `python -m index build`"
            )
        return views, matrix.reshape(len(views), dim)

    def _view_rows(self, doc_id: str, fields: Sequence[str]) -> Iterator[Row]:
        head = self.heads().get(doc_id)
        if head is None or not head.num_views:
            return iter(())
        condition = f"{self._team} and revision == {head.revision}"
        return self._milvus.iterate(views_of(head.dim), condition, ["key", *fields])

    def check(self) -> list[str]:
        """Return what is wrong with the rows; an empty list when nothing is."""
        problems = []
        heads = self.heads()
        if len(heads) != self.record.num_documents:
            problems.append(
                f"{self.path}: {len(heads)} documents, the record says {self.record.num_documents}"
            )
        found = self.count_views()
        if found != self.record.num_views:
            problems.append(f"{self.path}: {found} views, the record says {self.record.num_views}")
        for doc_id, head in heads.items():
            if len(self.chunks(doc_id)) != head.num_chunks:
                problems.append(f"{doc_id}: chunks are missing, {head.num_chunks} were written")
            try:
                _ = self.document(doc_id), self.renderings(doc_id), self.source(doc_id)
            except (IndexMismatch, ValueError) as error:
                problems.append(f"{doc_id}: {error}")
        return problems

    def count_views(self) -> int:
        """Count the views that are there, whatever the record says."""
        if not self.record.dim:
            return 0
        condition = self.record.condition(self._milvus.place.team)
        return self._milvus.count(views_of(self.record.dim), condition)


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
    found = store.count_views()
    if found != store.record.num_views:
        raise IndexMismatch(
            f"{place} holds {found} views, its record says {store.record.num_views}: rows have been "
            "lost or are not loaded. Put back a copy, or build or migrate the index again"
        )
    return store
