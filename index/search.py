"""Hybrid search over one generation of an index: both searches, fused, chunks best first."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.codec import from_json
from corpus.glossary import ALIASES_NAME, use_aliases
from corpus.language import question_language
from corpus.schema import Chunk, Document, Language, Rendering
from index.cross_language import translated_query
from index.derived import Derived, load_derived
from index.encoder import Encoder
from index.errors import IndexMismatch
from index.filters import Filters, accepted_documents
from index.fusion import DENSE_WEIGHT, best_first, standardized_sum
from index.lexical import QueryTerm
from index.reranker import NUM_RERANKED, Reranker
from index.schema import ScoredChunk, ShelfEntry, View
from index.store import Store, open_store
from index.stored_chunks import StoredChunks
from index.term_table import TermTable
from index.terms import ANALYZER_VERSION, analyze

NUM_CANDIDATES = 200
"""Depth of the dense search before fusion, in views."""


@dataclass(eq=False)
class Index:
    """An opened index. It stays the generation it was opened as; see `is_current`."""

    folder: Path
    generation: int
    encoder: Encoder
    chunks: StoredChunks  # by id, in the order of ids
    shelf: tuple[ShelfEntry, ...]
    views: tuple[View, ...]
    derived: Derived
    reranker: Reranker | None = None
    _stored: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # JSON, by doc_id
    _documents: dict[str, tuple[Document, tuple[Rendering, ...]]] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, encoder: Encoder, *, reranker: Reranker | None = None) -> "Index":
        """Open the index in a folder for searching with the encoder it was built with.

        With a reranker the best chunks of every search are put into its order.

        Raises:
            IndexMissing: There is none.
            IndexMismatch: Another version or encoder built it, or it is damaged.
            GlossaryError: The user's file of names is malformed.
        """
        use_aliases(folder / ALIASES_NAME)
        with closing(open_store(folder)) as store, store.snapshot():
            store.verify()
            _require_encoder(store, encoder)
            generation = store.generation
            chunks = StoredChunks(store.stored_chunks())
            views, vectors = store.views(dim=encoder.dim)
            shelf = tuple(store.shelf())
            stored = store.stored_documents()
            store.verify_parts()
        return cls(
            folder=folder,
            generation=generation,
            encoder=encoder,
            chunks=chunks,
            shelf=shelf,
            views=tuple(views),
            derived=load_derived(folder, generation, views, vectors),
            reranker=reranker,
            _stored=stored,
        )

    def is_current(self) -> bool:
        """Say whether the store still holds the generation that was opened."""
        with closing(open_store(self.folder)) as store:
            return store.generation == self.generation

    def document(self, doc_id: str) -> Document:
        """Return a document of this index.

        Raises:
            KeyError: No such document.
        """
        return self._load(doc_id)[0]

    def renderings(self, doc_id: str) -> tuple[Rendering, ...]:
        """Return a document's units in the other language, in order; () without an edition."""
        return self._load(doc_id)[1]

    def _load(self, doc_id: str) -> tuple[Document, tuple[Rendering, ...]]:
        if doc_id not in self._documents:
            document, renderings = self._stored[doc_id]
            self._documents[doc_id] = (
                from_json(Document, document),
                from_json(tuple[Rendering, ...], renderings),
            )
        return self._documents[doc_id]

    @cached_property
    def _view_chunk(self) -> npt.NDArray[np.int64]:
        """Return the chunk row of every view row, shape (n_views,)."""
        rows = {chunk_id: row for row, chunk_id in enumerate(self.chunks)}
        return np.array([rows[view.chunk_id] for view in self.views], dtype=np.int64)

    @cached_property
    def _chunk_ids(self) -> tuple[str, ...]:
        return tuple(self.chunks)

    @cached_property
    def _by_document(self) -> Mapping[str, tuple[str, ...]]:
        """Return the ids of the chunks of every document, in the order of ids."""
        ids: dict[str, list[str]] = {}
        for chunk_id in self._chunk_ids:
            ids.setdefault(self.chunks.doc_id(chunk_id), []).append(chunk_id)
        return {doc_id: tuple(found) for doc_id, found in ids.items()}

    def neighbours(self, chunk_id: str, *, before: int = 1, after: int = 1) -> tuple[Chunk, ...]:
        """Return a chunk with those around it in its document, in reading order.

        Raises:
            KeyError: No such chunk.
        """
        chunk = self.chunks[chunk_id]
        row = sorted(
            (self.chunks[other] for other in self._by_document[chunk.doc_id]),
            key=lambda other: (other.start, other.chunk_id),
        )
        place = row.index(chunk)
        return tuple(row[max(0, place - before) : place + after + 1])

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
        if not self.views or top_k <= 0:
            return []
        allowed = self._allowed_views(documents, filters)
        lexical = np.where(allowed, self.lexical_scores(query), np.float32(0.0))
        dense = np.where(allowed, self._dense_scores(query), np.float32(0.0))
        fused = standardized_sum([lexical, dense], [1.0, DENSE_WEIGHT])
        fused[~allowed | ((lexical <= 0) & (dense <= 0))] = -np.inf
        best = np.full(len(self.chunks), -np.inf, dtype=np.float32)
        np.maximum.at(best, self._view_chunk, fused)
        depth = max(top_k, NUM_RERANKED) if self.reranker else top_k
        found = [
            ScoredChunk(self.chunks[self._chunk_ids[row]], float(best[row]))
            for row in best_first(best, depth)
        ]
        return self._reranked(query, found)[:top_k]

    def _reranked(self, query: str, found: Sequence[ScoredChunk]) -> list[ScoredChunk]:
        """Put the first chunks into the reranker's order, with its scores; ties keep theirs.

        The others follow, shifted below the lowest of them, so that scores still descend.
        """
        if self.reranker is None or not found:
            return list(found)
        head, tail = found[:NUM_RERANKED], found[NUM_RERANKED:]
        scores = self.reranker.score(query, [item.chunk.text for item in head])
        order = np.argsort(-scores, kind="stable")
        ranked = [ScoredChunk(head[row].chunk, float(scores[row])) for row in order]
        shift = min(0.0, ranked[-1].score - tail[0].score) if tail else 0.0
        return ranked + [ScoredChunk(item.chunk, item.score + shift) for item in tail]

    def lexical_scores(self, query: str) -> npt.NDArray[np.float32]:
        """Return the BM25 score of every view, shape (n_views,).

        A view in another language than the query is scored with the query's translations, unless
        its document has views in the language of the query as well.
        """
        terms = dict.fromkeys(analyze(query))
        lexical = self.derived.lexical
        scores = lexical.bm25_scores([QueryTerm(((term, 1.0),)) for term in terms])
        foreign = self._foreign_views[question_language(query)]
        if foreign.any():
            translated = lexical.bm25_scores(
                translated_query(query, self.term_table, lexical, self.derived.names)
            )
            scores = np.where(foreign, translated, scores)
        return scores

    @cached_property
    def term_table(self) -> TermTable:
        """Return the table that carries a query into the other language; read on first use.

        The names that the user put beside the index are part of it.
        """
        aliases = self.folder / ALIASES_NAME
        return TermTable.load(glossaries=[aliases] if aliases.is_file() else [])

    @cached_property
    def _foreign_views(self) -> Mapping[Language, npt.NDArray[np.bool_]]:
        """Return, per language, which views belong to documents without a view in it."""
        doc_ids = [self.chunks.doc_id(view.chunk_id) for view in self.views]
        readable = {
            (doc_id, view.language) for doc_id, view in zip(doc_ids, self.views, strict=True)
        }
        return {
            language: np.array(
                [(doc_id, language) not in readable for doc_id in doc_ids], dtype=bool
            )
            for language in Language
        }

    def _dense_scores(self, query: str) -> npt.NDArray[np.float32]:
        scores = np.zeros(len(self.views), dtype=np.float32)
        vector = self.encoder.encode_queries([query])
        if not np.any(vector):
            return scores
        found, rows = self.derived.dense.search(vector, min(NUM_CANDIDATES, len(self.views)))
        scores[rows[0][rows[0] >= 0]] = np.maximum(found[0][rows[0] >= 0], 0.0)
        return scores

    def _allowed_views(
        self, documents: Collection[str] | None, filters: Filters | None
    ) -> npt.NDArray[np.bool_]:
        if documents is None and filters is None:
            return np.ones(len(self.views), dtype=bool)
        accepted = accepted_documents(self.shelf, filters or Filters())
        if documents is not None:
            accepted &= frozenset(documents)
        by_chunk = np.array(
            [self.chunks.doc_id(chunk_id) in accepted for chunk_id in self._chunk_ids], dtype=bool
        )
        return by_chunk[self._view_chunk]


def _require_encoder(store: Store, encoder: Encoder) -> None:
    found = store.meta("encoder")
    if found != encoder.name:
        raise IndexMismatch(
            f"{store.path} was built with the encoder {found!r}, {encoder.name!r} is set; build it "
            "again with `python -m index build`, or set RAG_ENCODER to the encoder it has"
        )
    if store.meta("analyzer") != str(ANALYZER_VERSION):
        raise IndexMismatch(
            f"{store.path} was built by another version of the analyzer "
            f"({store.meta('analyzer')}, now {ANALYZER_VERSION}); run `python -m index build`"
        )
