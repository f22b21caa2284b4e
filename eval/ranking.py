"""How well a ranking finds the evidence: recall@k, MRR and nDCG, judged by spans of the reports.

A chunk finds a span when it holds at least half of the span's characters at one of its places.
Relevance is not tied to chunks, so every way of cutting is judged by the same cases.
"""

from collections.abc import Mapping, Sequence
from math import log2

from eval.places import Place

CUTOFFS = (1, 5, 10)
NDCG_CUTOFF = 10
MIN_SHARE = 0.5
"""Of a span that a chunk must hold: below it a reader of the chunk would not have the sentence."""


def finds(chunk: Place, places: Sequence[Place]) -> bool:
    """Say whether a chunk holds enough of a span at one of its places."""
    return any(chunk.overlap(place) >= MIN_SHARE * (place.end - place.start) for place in places)


def first_ranks(chunks: Sequence[Place], spans: Sequence[Sequence[Place]]) -> list[int | None]:
    """Return for each span the rank, from 1, of the first chunk that finds it; None if none."""
    return [
        next((rank for rank, chunk in enumerate(chunks, start=1) if finds(chunk, places)), None)
        for places in spans
    ]


def ranking_scores(ranks: Sequence[int | None]) -> Mapping[str, float]:
    """Return recall@k, MRR and nDCG@10 of one question, given the rank of each of its spans.

    - recall@k: share of the spans found in the first k chunks.
    - mrr: 1 / rank of the first chunk that finds any span, 0 when none does. Source: Voorhees,
      TREC-8 Question Answering Track, 1999.
    - ndcg@10: a chunk gains 1 for every span that it is the first to find, discounted by
      log2(1 + rank); the ideal finds one span per rank. Clipped at 1, as one chunk can hold several
      spans. Source: Järvelin and Kekäläinen, TOIS 2002, https://doi.org/10.1145/582415.582418

    >>> ranking_scores([1, None])["recall@5"]
    0.5
    """
    found = [rank for rank in ranks if rank is not None]
    num = len(ranks)
    scores = {f"recall@{k}": sum(rank <= k for rank in found) / num for k in CUTOFFS}
    scores["mrr"] = 1 / min(found) if found else 0.0
    gain = sum(1 / log2(1 + rank) for rank in found if rank <= NDCG_CUTOFF)
    ideal = sum(1 / log2(1 + rank) for rank in range(1, num + 1))
    scores[f"ndcg@{NDCG_CUTOFF}"] = min(1.0, gain / ideal)
    return scores
