"""A change of an index in a Milvus while it is made: rows that no record speaks of yet."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np

from corpus.codec import to_json
from corpus.schema import Chunk, Document, Language, Rendering
from index.errors import StoreError
from index.milvus.connection import Milvus, Row
from index.milvus.head import Head
from index.milvus.record import Lease, Record
from index.milvus.sparse import document_vector, pairs_of
from index.milvus.tables import (
    DOCUMENTS,
    Ranges,
    as_ranges,
    ensure_collections,
    field_text,
    has_field,
    join_parts,
    part_rows,
    view_key,
    views_of,
)
from index.milvus.vocabulary import StoredVocabulary, count_documents
from index.schema import View
from index.terms import analyze

VOCABULARIES = ("vocabulary", "pairs")
"""What is counted over the whole index, and for each document so that it can be taken off."""

Counts = Mapping[str, Mapping[str, int]]
"""By kind of VOCABULARIES: in how many views of a document each term stands."""

_BUFFERED_VIEWS = 20_000
"""Views from which those of finished documents are written before the change is complete."""


@dataclass(eq=False)
class _Pending:
    """A document whose rows have not been written."""

    revision: int
    document: Document
    source: bytes
    added: bool
    renderings: Sequence[Rendering]
    edition_sha256: str
    chunks: dict[str, Chunk] = field(default_factory=dict)
    views: list[tuple[View, np.ndarray]] = field(default_factory=list)


class Draft:
    """One change: documents that come and documents that go."""

    def __init__(
        self, milvus: Milvus, record: Record, heads: Mapping[str, Head], held: Lease
    ) -> None:
        self._milvus = milvus
        self._record = record
        self._heads = dict(heads)
        self._held = held
        self._next = record.next_revision
        self._pending: dict[str, _Pending] = {}
        self._num_buffered = 0
        self._written: dict[str, tuple[Head, Counts]] = {}
        self._gone: list[Head] = []
        self._spoiled: list[int] = []  # revisions that were written and replaced in this change
        self._dim = record.dim
        self._dims = {record.dim} - {0}  # of which rows may have been written
        self._mean_length = 0.0
        self._meta = dict(record.meta)
        self._generation = record.generation

    def set_meta(self, values: Mapping[str, str]) -> None:
        """Set values of the index's own description."""
        for key, value in values.items():
            if key == "generation":
                self._generation = int(value)
            else:
                self._meta[key] = value

    def delete_document(self, doc_id: str) -> bool:
        """Retire a document; say whether it was there."""
        if self._pending.pop(doc_id, None) is not None:
            return True
        if doc_id in self._written:
            self._spoiled.append(self._written.pop(doc_id)[0].revision)
            return True
        head = self._heads.pop(doc_id, None)
        if head is not None:
            self._gone.append(head)
        return head is not None

    def put_document(
        self,
        document: Document,
        *,
        source: bytes,
        added: bool,
        renderings: Sequence[Rendering],
        edition_sha256: str,
    ) -> None:
        """Take a document in the place of the one with its id."""
        self.delete_document(document.doc_id)
        self._pending[document.doc_id] = _Pending(
            self._next, document, source, added, renderings, edition_sha256
        )
        self._next += 1

    def put_chunks(self, chunks: Iterable[Chunk]) -> None:
        """Take chunks of documents that were put before."""
        for chunk in chunks:
            self._pending[chunk.doc_id].chunks[chunk.chunk_id] = chunk

    def put_views(self, views: Sequence[View], vectors: np.ndarray) -> None:
        """Take views of chunks that were put before."""
        self._dim = int(vectors.shape[1])
        for view, vector in zip(views, vectors, strict=True):
            doc_id = view.chunk_id.rpartition("#")[0]
            self._pending[doc_id].views.append((view, vector))
        self._num_buffered += len(views)
        if views and self._num_buffered >= _BUFFERED_VIEWS:
            last = views[-1].chunk_id.rpartition("#")[0]  # more of its views may follow
            self._flush([item for doc_id, item in self._pending.items()
                         if doc_id != last and item.views])  # fmt: skip

    def finish(self, vocabularies: Mapping[str, StoredVocabulary]) -> Record:
        """Write what is left; return the record that makes it the index."""
        self._flush(list(self._pending.values()))
        kept = [*self._heads.values(), *(head for head, _ in self._written.values())]
        added = [counts for _, counts in self._written.values()]
        revision = self._next
        self._next += 1
        removed = [self._counts_of(head) for head in self._gone]
        for kind, old in vocabularies.items():
            new = old.changed([item[kind] for item in added], [item[kind] for item in removed])
            rows = part_rows(self._milvus.place, revision, kind, new.to_bytes())
            self._milvus.insert(DOCUMENTS, rows)
        for name in (DOCUMENTS, *(views_of(dim) for dim in self._dims)):
            self._milvus.flush(name)
        return replace(
            self._record,
            generation=self._generation,
            next_revision=self._next,
            num_documents=len(kept),
            num_chunks=sum(head.num_chunks for head in kept),
            num_views=sum(head.num_views for head in kept),
            num_terms=sum(head.num_terms for head in kept),
            mean_length=self._mean_length or self._record.mean_length,
            vocabulary=revision,
            retired=self._retired(),
            meta={**self._meta, "dim": str(self._dim)} if self._dim else self._meta,
        )

    def discard(self) -> None:
        """Delete what was written; where that fails, the next writer does."""
        left = f'team == "{self._milvus.place.team}" and revision >= {self._record.next_revision}'
        with suppress(StoreError):
            for name in (DOCUMENTS, *(views_of(dim) for dim in self._dims)):
                self._milvus.delete(name, left)

    def _retired(self) -> dict[str, Ranges]:
        gone = [head.revision for head in self._gone]
        if self._record.vocabulary:
            gone.append(self._record.vocabulary)
        retired = {self._record.dim: gone}
        retired[self._dim] = retired.get(self._dim, []) + self._spoiled
        return {str(dim): as_ranges(numbers) for dim, numbers in retired.items() if numbers}

    def _flush(self, documents: Sequence[_Pending]) -> None:
        if not documents:
            return
        self._held.renew()
        analyzed = [[analyze(view.text) for view, _ in item.views] for item in documents]
        if not self._mean_length:
            self._mean_length = self._first_mean_length(analyzed)
        if self._dim and self._dim not in self._dims:
            ensure_collections(self._milvus, self._dim)
            self._dims.add(self._dim)
        for item, terms in zip(documents, analyzed, strict=True):
            pairs = [pairs_of(view.text) for view, _ in item.views]
            if item.views:
                rows = self._view_rows(item, terms, pairs)
                self._milvus.insert(views_of(self._dim), rows)
            counts = {"vocabulary": count_documents(terms), "pairs": count_documents(pairs)}
            head = self._head(item, num_terms=sum(map(len, terms)))
            self._milvus.insert(DOCUMENTS, self._document_rows(item, head, counts))
            self._written[item.document.doc_id] = (head, counts)
            self._num_buffered -= len(item.views)
            del self._pending[item.document.doc_id]

    def _first_mean_length(self, analyzed: Sequence[Sequence[Sequence[str]]]) -> float:
        """Return what lengths are measured by: the record's, or in a new index these texts' mean."""
        if self._record.mean_length and self._heads:
            return self._record.mean_length
        lengths = [len(terms) for views in analyzed for terms in views]
        return float(np.mean(lengths)) if lengths else 0.0

    def _view_rows(
        self, item: _Pending, analyzed: Sequence[Sequence[str]], pairs: Sequence[Sequence[str]]
    ) -> Iterator[Row]:
        place = self._milvus.place
        languages = {view.language for view, _ in item.views}
        for (view, vector), terms, own in zip(item.views, analyzed, pairs, strict=True):
            yield {
                "key": view_key(place, item.revision, view.chunk_id, view.language),
                "team": place.team,
                "revision": item.revision,
                **{has_field(language): language in languages for language in Language},
                "chunk": field_text(to_json(item.chunks[view.chunk_id]), view.chunk_id),
                "text": field_text(view.text, view.chunk_id),
                "dense": vector.astype(np.float32),
                "sparse": document_vector(terms, own, self._mean_length),
            }

    def _document_rows(self, item: _Pending, head: Head, counts: Counts) -> Iterator[Row]:
        place = self._milvus.place
        for kind, data in (
            ("document", to_json(item.document).encode()),
            ("renderings", to_json(tuple(item.renderings)).encode()),
            ("terms", json.dumps(counts, ensure_ascii=False).encode()),
            ("source", item.source),
        ):
            yield from part_rows(place, item.revision, kind, data)
        (row,) = part_rows(place, item.revision, "head", b"")
        yield {**row, "data": field_text(head.to_json(), item.document.doc_id)}

    def _head(self, item: _Pending, *, num_terms: int) -> Head:
        document, metadata = item.document, item.document.metadata
        return Head(
            revision=item.revision,
            doc_id=document.doc_id,
            file_name=document.file_name,
            sha256=document.sha256,
            edition_sha256=item.edition_sha256,
            added=item.added,
            title=metadata.title,
            issuer=metadata.issuer,
            date=metadata.date,
            language=document.language.value,
            languages=tuple(sorted({view.language.value for view, _ in item.views})),
            num_pages=len(document.pages),
            num_chunks=len(item.chunks),
            num_views=len(item.views),
            num_renderings=len(item.renderings),
            num_terms=num_terms,
            source_bytes=len(item.source),
        )

    def _counts_of(self, head: Head) -> Counts:
        """Return in how many views of a stored document each term stands."""
        condition = (
            f'team == "{self._milvus.place.team}" and revision == {head.revision} '
            'and kind == "terms"'
        )
        rows = self._milvus.iterate(DOCUMENTS, condition, ["key", "data"])
        counts: Counts = json.loads(join_parts(rows, f"{head.doc_id} (terms)"))
        return counts
