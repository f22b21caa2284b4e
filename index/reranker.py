"""An optional second look at the best chunks: a cross-encoder reads question and chunk together.

Off unless RAG_RERANKER names a model. Slower than both searches by orders of magnitude; for whoever
has the model and the cores.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from index.errors import EncoderError
from index.lexical import Scores
from index.schema import ScoredChunk

NUM_RERANKED = 30
"""Chunks that are read again; the others keep their order behind them."""


class Reranker(Protocol):
    """Scores texts against a query; higher is better, comparable within one call."""

    def score(self, query: str, texts: Sequence[str]) -> Scores:
        """Return one score per text, shape (len(texts),)."""


class CrossEncoderReranker:
    """Any cross-encoder that sentence-transformers loads, by path or name. Imports torch."""

    def __init__(self, model: str, *, device: str = "cpu", batch_size: int = 16) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(
                model, device=device, local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError) as error:
            raise EncoderError(
                f"the reranker {model!r} cannot be loaded from this machine ({error}); download it "
                "first, or leave RAG_RERANKER empty"
            ) from error
        self._batch_size = batch_size
        self.name = model

    def score(self, query: str, texts: Sequence[str]) -> Scores:
        """Return the model's score of each text; what is not finite counts as the lowest."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        scores = np.asarray(
            self._model.predict(
                [(query, text) for text in texts],
                batch_size=self._batch_size,
                show_progress_bar=False,
            ),
            dtype=np.float32,
        ).reshape(len(texts), -1)[:, -1]
        return np.where(np.isfinite(scores), scores, np.float32(-np.inf))


def load_reranker(spec: str, *, device: str = "cpu", batch_size: int = 16) -> Reranker | None:
    """Return the reranker that a setting names, None for "".

    Raises:
        EncoderError: There is no such model here.
    """
    return CrossEncoderReranker(spec, device=device, batch_size=batch_size) if spec else None


def reranked(
    reranker: Reranker | None, query: str, found: Sequence[ScoredChunk]
) -> list[ScoredChunk]:
    """Put the first chunks into the reranker's order, with its scores; ties keep theirs.

    The others follow, shifted below the lowest of them, so that scores still descend.
    """
    if reranker is None or not found:
        return list(found)
    head, tail = found[:NUM_RERANKED], found[NUM_RERANKED:]
    scores = reranker.score(query, [item.chunk.text for item in head])
    order = np.argsort(-scores, kind="stable")
    ranked = [ScoredChunk(head[row].chunk, float(scores[row])) for row in order]
    shift = min(0.0, ranked[-1].score - tail[0].score) if tail else 0.0
    return ranked + [ScoredChunk(item.chunk, item.score + shift) for item in tail]
