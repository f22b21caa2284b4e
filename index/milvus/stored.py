"""Reading a team's index in a Milvus: what its rows hold, as values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from corpus.chunks import chunk_id_of, split_chunk_id
from corpus.codec import from_json
from corpus.schema import Chunk, Document, Rendering
from index.arrays import as_vectors
from index.errors import IndexMismatch
from index.milvus.connection import Milvus, Row
from index.milvus.head import Head, read_heads
from index.milvus.record import Record
from index.milvus.tables import DOCUMENTS, join_parts, parse_view_key, plain_text, views_of
from index.milvus.vocabulary import StoredVocabulary
from index.schema import Fingerprint, ShelfEntry, View


class MilvusReports:
    """The part of a store that changes nothing: a state, as its record said when it was opened."""

    def __init__(self, milvus: Milvus, record: Record) -> None:
        self._milvus = milvus
        self.record = record
        self._team = f'team == "{milvus.place.team}"'
        self._heads: dict[str, Head] | None = None

    @property
    def path(self) -> str:
        """Return where it lies, for messages."""
        return str(self._milvus.place)

    def meta(self, key: str) -> str:
        """Return a value of the index's own description, "" when it is not set."""
        if key == "generation":
            return str(self.record.generation)
        return self.record.meta.get(key, "")

    @property
    def generation(self) -> int:
        """Return how many times the index has changed; 0 before the first build is finished."""
        return self.record.generation

    def heads(self) -> Mapping[str, Head]:
        """Return what is stored of each document but its text, by doc_id, sorted."""
        if self._heads is None:
            condition = self.record.condition(self._milvus.place.team)
            found = {head.doc_id: head for head in read_heads(self._milvus, condition)}
            self._heads = dict(sorted(found.items()))
        return self._heads

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
        values = np.array(vectors, dtype=np.float32)
        return views, as_vectors(values, len(views), dim, self.path)

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
