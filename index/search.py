"""Hybrid search over one generation of an index: both searches, fused, chunks best first."""

from collections.abc import Collection
from contextlib import closing
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.glossary import ALIASES_NAME, use_aliases
from corpus.language import question_language
from index.changing import Store
from index.cross_language import translated_query
from index.derived import Derived, load_derived
from index.encoder import Encoder
from index.errors import IndexMismatch
from index.filters import Filters, accepted_documents
from index.fusion import DENSE_WEIGHT, standardized_sum
from index.lexical import Lexical, QueryTerm, Scores
from index.opened import ReportStore
from index.reports import Reports
from index.reranker import NUM_RERANKED, Reranker, reranked
from index.rescoring import Asked, rescored
from index.rows import Rows, rows_of
from index.schema import ScoredChunk, View, company_names
from index.store import open_store
from index.stored_chunks import StoredChunks
from index.terms import ANALYZER_VERSION, analyze

NUM_CANDIDATES = 200
"""Depth of the dense search before fusion, in views."""


class Index(Reports):
    """An opened index. It stays the generation it was opened as; see `is_current`.

    Texts stay on disk and are read when they are found. Views are counted in rows, see `Derived`.
    """

    def __init__(
        self, store: Store, folder: Path, encoder: Encoder, *, reranker: Reranker | None = None
    ) -> None:
        """Take a store that holds one state, and the folder of what is derived from it."""
        super().__init__(store, folder)
        self.generation = store.generation
        self.encoder = encoder
        self.reranker = reranker
        self.chunks = StoredChunks(store, self.shelf)  # by id, in the order of ids
        self.derived: Derived = load_derived(folder, store, dim=encoder.dim)
        self._store = store

    @classmethod
    def open(cls, folder: Path, encoder: Encoder, *, reranker: Reranker | None = None) -> "Index":
        """Open the index in a folder for searching with the encoder it was built with.

        With a reranker the best chunks of every search are put into its order.

        Raises:
            IndexMissing: There is none.
            IndexMismatch: Another version or encoder built it, or it is damaged.
            GlossaryError: The user's file of names is malformed.
        """
        store = open_store(folder)
        try:
            store.hold()
            store.verify()
            require_encoder(store, encoder)
            index = cls(store, folder, encoder, reranker=reranker)
            use_aliases(folder / ALIASES_NAME, company_names(index.shelf))
            return index
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Let go of the state that was opened; no text can be read from it afterwards."""
        self._store.close()

    def is_current(self) -> bool:
        """Say whether the store still holds the generation that was opened."""
        with closing(open_store(self.folder)) as store:
            return store.generation == self.generation

    @property
    def vocabulary(self) -> Lexical:
        """Return which terms the texts of the index hold."""
        return self.derived.lexical

    @cached_property
    def _rows(self) -> Rows:
        """Return what is known of every view."""
        return rows_of(self.derived, self._store.versions(), self.shelf)

    @property
    def views(self) -> tuple[View, ...]:
        """Read all views from the store, in the order of their rows."""
        return tuple(self._rows.views(self._store, dim=self.encoder.dim))

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
        if not len(self._rows) or top_k <= 0:
            return []
        allowed = self._allowed_rows(documents, filters)
        lexical, asked = self._lexical(query)
        dense = self._dense_scores(query)
        if allowed is not None:
            lexical = np.where(allowed, lexical, np.float32(0.0))
            dense = np.where(allowed, dense, np.float32(0.0))
        fused = standardized_sum([lexical, dense], [1.0, DENSE_WEIGHT])
        fused[(lexical <= 0) & (dense <= 0)] = -np.inf
        foreign = self._rows.foreign(question_language(query))

        def best_sentences(rows: npt.NDArray[np.int64]) -> Scores:
            places = self._rows.among_all(rows)
            return asked.best_sentences(self.derived.sentences, places, foreign[rows])

        fused = rescored(fused, float(lexical.std(dtype=np.float64)), best_sentences)
        depth = max(top_k, NUM_RERANKED) if self.reranker else top_k
        found = [
            ScoredChunk(self.chunks[chunk_id], score)
            for chunk_id, score in self._rows.best_chunks(fused, depth)
        ]
        return reranked(self.reranker, query, found)[:top_k]

    def lexical_scores(self, query: str) -> npt.NDArray[np.float32]:
        """Return the BM25 score of every view, shape (n_views,).

        A view in another language than the query is scored with the query's translations, unless
        its document has views in the language of the query as well.
        """
        return self._lexical(query)[0]

    def _lexical(self, query: str) -> tuple[Scores, Asked]:
        terms = dict.fromkeys(analyze(query))
        lexical = self.derived.lexical
        scores, plain = lexical.bm25([QueryTerm(((term, 1.0),)) for term in terms])
        scores = self._rows.alive(scores)
        foreign = self._rows.foreign(question_language(query))
        translated: list[QueryTerm] = []
        if foreign.any():
            others, translated = lexical.bm25(
                translated_query(query, self.term_table, lexical, self.derived.names)
            )
            scores = np.where(foreign, self._rows.alive(others), scores)
        return scores, Asked(plain, translated)

    def _dense_scores(self, query: str) -> npt.NDArray[np.float32]:
        scores = np.zeros(self._rows.num_all, dtype=np.float32)
        vector = self.encoder.encode_queries([query])
        if np.any(vector):
            found, rows = self.derived.dense.search(vector, NUM_CANDIDATES)
            scores[rows[0][rows[0] >= 0]] = np.maximum(found[0][rows[0] >= 0], 0.0)
        return self._rows.alive(scores)

    def _allowed_rows(
        self, documents: Collection[str] | None, filters: Filters | None
    ) -> npt.NDArray[np.bool_] | None:
        """Return which views may be found, None for all of them."""
        if documents is None and filters is None:
            return None
        accepted = accepted_documents(self.shelf, filters or Filters())
        if documents is not None:
            accepted &= frozenset(documents)
        return self._rows.of_documents(accepted)


def require_encoder(store: ReportStore, encoder: Encoder) -> None:
    """Raise IndexMismatch when another encoder or version of the analyzer built an index."""
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
