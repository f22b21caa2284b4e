"""Hybrid search in a Milvus: what `index.search.Index` is over a folder, behind the same door.

Both searches and the filters run in the engine. Their candidates are fused here as the local index
fuses its scores, over as many views as the index has, those that were not found counting 0.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from corpus.chunks import chunk_id_of, split_chunk_id
from corpus.codec import from_json
from corpus.glossary import ALIASES_NAME, use_aliases
from corpus.language import question_language
from corpus.schema import Chunk, Language
from index.encoder import Encoder
from index.filters import Filters, accepted_documents
from index.forward import build_forward_index
from index.fusion import DENSE_WEIGHT, moments_of_found, standardized_found
from index.lexical import Scores
from index.milvus.connection import Milvus, connect
from index.milvus.foreign import Shelves, foreign_scores
from index.milvus.record import read_record
from index.milvus.sparse import plain_query, query_vector
from index.milvus.store import MilvusStore, open_milvus_store
from index.milvus.tables import (
    as_ranges,
    has_field,
    in_ranges,
    parse_view_key,
    plain_text,
    views_of,
)
from index.milvus.vocabulary import StoredVocabulary
from index.place import MilvusPlace
from index.reports import Reports
from index.reranker import NUM_RERANKED, Reranker, reranked
from index.rescoring import Asked, Sentences, rescored
from index.schema import ScoredChunk, company_names
from index.search import NUM_CANDIDATES, require_encoder
from index.terms import analyze

NUM_LEXICAL = 1000
"""Depth of the lexical search before fusion, in views."""


class MilvusIndex(Reports):
    """An opened index. It stays the generation it was opened as; see `is_current`."""

    def __init__(
        self,
        milvus: Milvus,
        store: MilvusStore,
        encoder: Encoder,
        *,
        reranker: Reranker | None = None,
    ) -> None:
        super().__init__(store, milvus.place.folder)
        self.encoder = encoder
        self.reranker = reranker
        self.vocabulary: StoredVocabulary = store.vocabulary()
        self._pairs = store.vocabulary("pairs")
        self._milvus = milvus
        self._record = store.record
        self._heads = store.heads()
        self._doc_ids = {head.revision: doc_id for doc_id, head in self._heads.items()}
        self._collection = views_of(self._record.dim)

    @classmethod
    def open(
        cls, place: MilvusPlace, encoder: Encoder, *, reranker: Reranker | None = None
    ) -> "MilvusIndex":
        """Open a team's index for searching with the encoder it was built with.

        Raises:
            IndexMissing: There is none.
            IndexMismatch: Another version or encoder built it, or it is damaged.
            StoreError: The Milvus cannot be reached, or is too old.
            GlossaryError: The user's file of names is malformed.
        """
        store = open_milvus_store(place)
        require_encoder(store, encoder)
        index = cls(connect(place), store, encoder, reranker=reranker)
        use_aliases(place.folder / ALIASES_NAME, company_names(index.shelf))
        return index

    @property
    def generation(self) -> int:
        """Return how many times the index had changed when it was opened."""
        return self._record.generation

    def is_current(self) -> bool:
        """Say whether the Milvus still holds the generation that was opened."""
        record = read_record(self._milvus)
        return record is not None and record.generation == self._record.generation

    @cached_property
    def chunks(self) -> Mapping[str, Chunk]:
        """Return the chunks by id, in the order of ids; each is read when it is looked up."""
        return _Chunks(self)

    def search(
        self,
        query: str,
        *,
        top_k: int,
        documents: Collection[str] | None = None,
        filters: Filters | None = None,
    ) -> list[ScoredChunk]:
        """Return the best chunks, each once, best first, ties by chunk_id; as `Index.search`."""
        condition = self._condition(documents, filters)
        if not self._record.num_views or top_k <= 0 or condition is None:
            return []
        best: dict[str, tuple[float, str]] = {}  # of each chunk: its score, the key of its view
        for key, score in self._fused(query, condition).items():
            chunk_id = self._chunk_id(key)
            if score > best.get(chunk_id, (-np.inf, ""))[0]:
                best[chunk_id] = (score, key)
        depth = max(top_k, NUM_RERANKED) if self.reranker else top_k
        order = sorted(best, key=lambda chunk_id: (-best[chunk_id][0], chunk_id))[:depth]
        chunks = self._chunks_at([best[chunk_id][1] for chunk_id in order])
        found = [ScoredChunk(chunks[best[chunk_id][1]], best[chunk_id][0]) for chunk_id in order]
        return reranked(self.reranker, query, found)[:top_k]

    def _fused(self, query: str, condition: str) -> dict[str, float]:
        """Return the score of every candidate, by the key of its view."""
        lexical, asked = self._lexical(query, condition)
        dense = self._dense(query, condition)
        fused: dict[str, float] = dict.fromkeys([*lexical, *dense], 0.0)
        for scores, weight in ((lexical, 1.0), (dense, DENSE_WEIGHT)):
            found = np.array(list(scores.values()), dtype=np.float32)
            added, otherwise = standardized_found(found, weight, self._record.num_views)
            standardized = dict(zip(scores, added.tolist(), strict=True))
            for key in fused:
                fused[key] += standardized.get(key, float(otherwise))
        found = np.array(list(lexical.values()), dtype=np.float32)
        _, deviation = moments_of_found(found, self._record.num_views)
        return self._rescored(fused, deviation, asked, question_language(query))

    def _rescored(
        self, fused: dict[str, float], deviation: float, asked: Asked, language: Language
    ) -> dict[str, float]:
        """Return the fused scores as `index.rescoring` raises them; the best texts are analyzed here."""
        keys = list(fused)

        def best_sentences(rows: npt.NDArray[np.int64]) -> Scores:
            best = [keys[row] for row in rows.tolist()]
            found = self._milvus.get(self._collection, best, ["text"])
            texts = {str(row["key"]): plain_text(row["text"]) for row in found}
            sentences = Sentences([build_forward_index(texts[key] for key in best)])
            foreign = np.array([self._is_foreign(key, language) for key in best])
            return asked.best_sentences(sentences, np.arange(len(best)), foreign)

        scores = np.array(list(fused.values()), dtype=np.float32)
        raised = rescored(scores, deviation, best_sentences)
        return dict(zip(keys, raised.tolist(), strict=True))

    def _condition(self, documents: Collection[str] | None, filters: Filters | None) -> str | None:
        """Return the condition that searched views meet; None when none does."""
        condition = self._record.condition(self._milvus.place.team)
        if documents is None and filters is None:
            return condition
        accepted = accepted_documents(self.shelf, filters or Filters())
        if documents is not None:
            accepted &= frozenset(documents)
        if not accepted:
            return None
        # Revisions of one build are neighbours, so many documents are few ranges.
        wanted = as_ranges(self._heads[doc_id].revision for doc_id in accepted)
        return f"{condition} and {in_ranges(wanted)}"

    def _lexical(self, query: str, condition: str) -> tuple[dict[str, float], Asked]:
        """Return the BM25 scores of the best views, above 0, by key, and what was asked of them.

        As in `Index.lexical_scores`, a view in another language than the query is scored with the
        query's translations, unless its document has views in the language of the query as well.
        """
        language = question_language(query)
        readable = has_field(language)
        native = self._shelves(f"{condition} and {readable} == true")
        plain = plain_query(analyze(query), self.vocabulary)
        found = native.sparse(query_vector(plain), NUM_LEXICAL)
        scores = {key: score for key, score in found.items() if score > 0}
        if not self._has_foreign(language):
            return scores, Asked(plain)
        foreign = self._shelves(f"{condition} and {readable} == false")
        others, translated = foreign_scores(
            query, self.term_table, self.vocabulary, self._pairs, foreign
        )
        return scores | others, Asked(plain, translated)

    def _shelves(self, condition: str) -> Shelves:
        return Shelves(self._milvus, self._collection, condition, self._record.mean_length)

    def _has_foreign(self, language: Language) -> bool:
        return any(
            head.num_views and language.value not in head.languages for head in self._heads.values()
        )

    def _is_foreign(self, key: str, language: Language) -> bool:
        """Say whether a view's document has no view in a language."""
        head = self._heads[self._doc_ids[parse_view_key(key)[0]]]
        return language.value not in head.languages

    def _dense(self, query: str, condition: str) -> dict[str, float]:
        (vector,) = self.encoder.encode_queries([query])
        if not np.any(vector):
            return {}
        found = self._milvus.search(self._collection, "dense", vector, condition, NUM_CANDIDATES)
        return {key: score for key, score in found.items() if score > 0}

    def _chunk_id(self, key: str) -> str:
        revision, ordinal, _ = parse_view_key(key)
        return chunk_id_of(self._doc_ids[revision], ordinal)

    def _chunks_at(self, keys: Sequence[str]) -> dict[str, Chunk]:
        rows = self._milvus.get(self._collection, keys, ["chunk"])
        return {row["key"]: from_json(Chunk, plain_text(row["chunk"])) for row in rows}

    def doc_ids(self) -> tuple[str, ...]:
        """Return the ids of the documents, sorted."""
        return tuple(self._heads)

    def num_chunks(self) -> int:
        """Count the chunks."""
        return self._record.num_chunks


class _Chunks(Mapping[str, Chunk]):
    """The chunks of an index, read document by document."""

    def __init__(self, index: MilvusIndex) -> None:
        self._index = index

    def __getitem__(self, chunk_id: str) -> Chunk:
        return self._index.chunks_of(split_chunk_id(chunk_id)[0])[chunk_id]

    def __iter__(self) -> Iterator[str]:
        for doc_id in self._index.doc_ids():
            yield from self._index.chunks_of(doc_id)

    def __len__(self) -> int:
        return self._index.num_chunks()
