"""A change of an index in a Milvus while it is made: rows that no record speaks of yet."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np

from corpus.chunks import split_chunk_id
from corpus.codec import to_json
from corpus.schema import Chunk, Language
from index.errors import IndexMismatch, StoreError
from index.milvus.connection import Milvus, Row
from index.milvus.head import Head, head_of
from index.milvus.record import Record
from index.milvus.sparse import document_vector, pairs_of
from index.milvus.tables import (
    DOCUMENTS,
    Ranges,
    as_ranges,
    ensure_collections,
    field_text,
    has_field,
    join_parts,
    numbers_in,
    part_rows,
    view_key,
    views_of,
)
from index.milvus.vocabulary import StoredVocabulary, count_documents
from index.prepare import summary_of
from index.schema import NewDocument, View
from index.terms import analyze

VOCABULARIES = ("vocabulary", "pairs")
"""What is counted over the whole index, and for each document so that it can be taken off."""

Counts = Mapping[str, Mapping[str, int]]
"""By kind of VOCABULARIES: in how many views of a document each term stands."""


@dataclass(eq=False)
class _Pending:
    """A document whose rows have not been written."""

    revision: int
    new: NewDocument
    chunks: dict[str, Chunk] = field(default_factory=dict)
    views: list[tuple[View, np.ndarray]] = field(default_factory=list)


class Draft:
    """One change: documents that come, live or staged, and documents that go."""

    def __init__(
        self, milvus: Milvus, record: Record, live: Mapping[str, Head], staged: Iterable[Head]
    ) -> None:
        self._milvus = milvus
        self._record = record
        self._live = dict(live)
        self._staged = {head.revision: head for head in staged}
        self._next = record.next_revision
        self._pending: dict[str, _Pending] = {}
        self._gone: list[Head] = []  # that were live
        self._dropped: list[Head] = []  # that were staged
        self._come: list[Head] = []  # staged before, live now
        self._dims: set[int] = set()  # of which rows have been written
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
        head = self._live.pop(doc_id, None)
        if head is not None:
            self._gone.append(head)
        return head is not None

    def put_document(self, new: NewDocument) -> int:
        """Take a document; return its revision."""
        revision, self._next = self._next, self._next + 1
        if new.staged is None:
            self.delete_document(new.document.doc_id)
        self._pending[new.document.doc_id] = _Pending(revision, new)
        return revision

    def put_chunks(self, chunks: Iterable[Chunk]) -> None:
        """Take chunks of documents that were put before."""
        for chunk in chunks:
            self._pending[chunk.doc_id].chunks[chunk.chunk_id] = chunk

    def put_views(self, views: Sequence[View], vectors: np.ndarray) -> None:
        """Take views of chunks that were put before."""
        for view, vector in zip(views, vectors, strict=True):
            doc_id, _ = split_chunk_id(view.chunk_id)
            self._pending[doc_id].views.append((view, vector))

    def publish(self, revisions: Collection[int]) -> None:
        """Make staged documents live, each in place of the one with its id.

        Raises:
            IndexMismatch: One of them is gone: another build has cleaned up meanwhile.
        """
        for revision in revisions:
            head = self._staged.pop(revision, None)
            if head is None:
                raise IndexMismatch(
                    f"{self._milvus.place}: another build of this index ran at the same time and "
                    "has removed what this one had read; run `python -m index build` again"
                )
            self.delete_document(head.doc_id)
            self._live[head.doc_id] = head
            self._come.append(head)

    def drop_staged(self, keep: Collection[int]) -> None:
        """Drop what unfinished builds have left, but for some revisions."""
        for revision in set(self._staged) - set(keep):
            self._dropped.append(self._staged.pop(revision))

    def finish(self, vocabularies: Mapping[str, StoredVocabulary]) -> Record:
        """Write what is pending; return the record that makes it the index.

        Args:
            vocabularies: As they are, by kind.
        """
        analyzed = {
            item.revision: [analyze(view.text) for view, _ in item.views]
            for item in self._pending.values()
        }
        mean_length = self._record.mean_length or _mean_length(analyzed.values())
        added: list[Counts] = []
        for item in self._pending.values():
            head, counts = self._write(item, analyzed[item.revision], mean_length)
            if item.new.staged is None:
                self._live[head.doc_id] = head
                added.append(counts)
            else:
                self._staged[head.revision] = head
        added += [self._counts_of(head) for head in self._come]
        vocabulary = self._record.vocabulary
        if added or self._gone:
            vocabulary = self._write_vocabularies(vocabularies, added)
        for name in (DOCUMENTS, *map(views_of, self._dims)):
            self._milvus.flush(name)
        return replace(
            self._record,
            generation=self._generation,
            next_revision=self._next,
            num_documents=len(self._live),
            num_chunks=sum(head.num_chunks for head in self._live.values()),
            num_views=sum(head.num_views for head in self._live.values()),
            mean_length=mean_length,
            vocabulary=vocabulary,
            staged=as_ranges(self._staged),
            retired=self._retired(vocabulary),
            meta=self._meta,
        )

    def discard(self) -> None:
        """Delete what was written; where that fails, the next writer does."""
        left = f'team == "{self._milvus.place.team}" and revision >= {self._record.next_revision}'
        with suppress(StoreError):
            for name in (DOCUMENTS, *map(views_of, self._dims)):
                self._milvus.delete(name, left)

    def _retired(self, vocabulary: int) -> dict[str, Ranges]:
        """Return what the next writer deletes: what was retired by this one, and by the last."""
        retired = {
            int(dim): list(numbers_in(ranges)) for dim, ranges in self._record.retired.items()
        }
        for head in (*self._gone, *self._dropped):
            retired.setdefault(head.dim, []).append(head.revision)
        if self._record.vocabulary and self._record.vocabulary != vocabulary:
            retired.setdefault(0, []).append(self._record.vocabulary)
        return {str(dim): as_ranges(numbers) for dim, numbers in retired.items() if numbers}

    def _write(
        self, item: _Pending, terms: Sequence[Sequence[str]], mean_length: float
    ) -> tuple[Head, Counts]:
        pairs = [pairs_of(view.text) for view, _ in item.views]
        dim = 0
        if item.views:
            dim = len(item.views[0][1])
            if dim not in self._dims:
                ensure_collections(self._milvus, dim)
                self._dims.add(dim)
            rows = self._view_rows(item, terms, pairs, mean_length)
            self._milvus.insert(views_of(dim), rows)
        counts = {"vocabulary": count_documents(terms), "pairs": count_documents(pairs)}
        head = head_of(
            item.new.document,
            revision=item.revision,
            dim=dim,
            added=item.new.added,
            edition_sha256=item.new.edition_sha256,
            languages=tuple(sorted({view.language.value for view, _ in item.views})),
            num_chunks=len(item.chunks),
            num_views=len(item.views),
            num_renderings=len(item.new.renderings),
            source_bytes=len(item.new.source),
            made_by=item.new.staged.made_by if item.new.staged else "",
            summary=to_json(
                item.new.staged.summary if item.new.staged else summary_of(item.new.document)
            ),
        )
        self._milvus.insert(DOCUMENTS, self._document_rows(item, head, counts))
        return head, counts

    def _view_rows(
        self,
        item: _Pending,
        terms: Sequence[Sequence[str]],
        pairs: Sequence[Sequence[str]],
        mean_length: float,
    ) -> Iterator[Row]:
        place = self._milvus.place
        languages = {view.language for view, _ in item.views}
        for (view, vector), own_terms, own_pairs in zip(item.views, terms, pairs, strict=True):
            yield {
                "key": view_key(place, item.revision, view.chunk_id, view.language),
                "team": place.team,
                "revision": item.revision,
                **{has_field(language): language in languages for language in Language},
                "chunk": field_text(to_json(item.chunks[view.chunk_id]), view.chunk_id),
                "text": field_text(view.text, view.chunk_id),
                "dense": vector.astype(np.float32),
                "sparse": document_vector(own_terms, own_pairs, mean_length),
            }

    def _document_rows(self, item: _Pending, head: Head, counts: Counts) -> Iterator[Row]:
        place = self._milvus.place
        for kind, data in (
            ("document", to_json(item.new.document).encode()),
            ("renderings", to_json(item.new.renderings).encode()),
            ("terms", json.dumps(counts, ensure_ascii=False).encode()),
            ("source", item.new.source),
        ):
            yield from part_rows(place, item.revision, kind, data)
        (row,) = part_rows(place, item.revision, "head", b"")
        yield {**row, "data": field_text(head.to_json(), item.new.document.doc_id)}

    def _write_vocabularies(
        self, vocabularies: Mapping[str, StoredVocabulary], added: Sequence[Counts]
    ) -> int:
        """Write what is counted over the whole index under a revision of its own; return that."""
        removed = [self._counts_of(head) for head in self._gone]
        revision, self._next = self._next, self._next + 1
        for kind, old in vocabularies.items():
            new = old.changed([item[kind] for item in added], [item[kind] for item in removed])
            rows = part_rows(self._milvus.place, revision, kind, new.to_bytes())
            self._milvus.insert(DOCUMENTS, rows)
        return revision

    def _counts_of(self, head: Head) -> Counts:
        """Return in how many views of a stored document each term stands."""
        condition = (
            f'team == "{self._milvus.place.team}" and revision == {head.revision} '
            'and kind == "terms"'
        )
        rows = self._milvus.iterate(DOCUMENTS, condition, ["key", "data"])
        counts: Counts = json.loads(join_parts(rows, f"{head.doc_id} (terms)"))
        return counts


def _mean_length(analyzed: Iterable[Sequence[Sequence[str]]]) -> float:
    """Return what lengths are measured by in a new index: the mean of the first texts."""
    lengths = [len(terms) for views in analyzed for terms in views]
    return float(np.mean(lengths)) if lengths else 0.0
