"""Score the best documents of a search again, by the best sentence of each.

In a passage the words of a question may be strewn over sentences that say other things; where one
sentence, or two neighbours, hold most of them, it more likely answers. An index over sentences
would have five times the rows; a few documents read again cost a millisecond (docs/log.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.forward import ForwardIndex, Hashes, Lengths, short_hashes
from index.fusion import best_first
from index.inverted import Rows
from index.lexical import K1, QueryTerm, Scores

NUM_RESCORED = 30
"""Documents that are read again: 20 and 50 give the same to 0.001 recall@1 and @5."""

SENTENCE_WEIGHT = 0.6
"""Weight of the best sentence's score beside the 1.0 of the whole document's."""

B = 0.4
"""Length normalisation. Sentences differ less in how much they say than documents; at Lucene's 0.75
short ones come first that hold little but a name."""

USUAL_LENGTH = 20
"""Terms of a sentence at which its length does not matter. A constant, so that the score of a
sentence is the same whatever else is on the shelf."""


def rescored(fused: Scores, deviation: float, best_sentences: Callable[[Rows], Scores]) -> Scores:
    """Return the fused scores, those of the best documents raised by their best sentences.

    Args:
        fused: Shape (n,); -inf for documents that are not found.
        deviation: The standard deviation of the lexical scores that were fused: the unit in which
            a sentence's score counts.
        best_sentences: Rows → the score of the best sentence of each, at least 0.
    """
    rows = best_first(fused, NUM_RESCORED + 1)
    if len(rows) > NUM_RESCORED:
        # Of documents that tie with the first one that is left out, none is taken: which come
        # first depends on how the shelf is spread over segments.
        rows = rows[fused[rows] > fused[rows[-1]]]
    if deviation == 0.0 or not len(rows):
        return fused
    raised = fused.copy()
    raised[rows] += np.float32(SENTENCE_WEIGHT / deviation) * best_sentences(rows)
    return raised


class Sentences:
    """The sentences of several forward indexes, whose documents are numbered on, part by part."""

    def __init__(self, parts: Sequence[ForwardIndex]) -> None:
        self._parts = tuple(parts)
        self._starts = np.cumsum([0, *(part.num_documents for part in parts)])

    def best_scores(self, query: Sequence[QueryTerm], documents: Rows) -> Scores:
        """Return the BM25 score of the best sentence or pair of neighbours of each document.

        Scored as in `Lexical.bm25_scores`, with USUAL_LENGTH for the mean length. What a term found
        elsewhere than in the text's terms (`QueryTerm.matches`) does not count.

        Args:
            query: Terms whose weight holds their idf, as `Lexical.bm25` returns them.
            documents: Shape (n,).

        Returns:
            Shape (n,); 0 for documents without any alternative of any query term.
        """
        parts = np.searchsorted(self._starts, documents, side="right") - 1
        read = [
            self._parts[part].sentences(document - self._starts[part])
            for part, document in zip(parts, documents, strict=True)
        ]
        return _best_scores(query, read)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as queries whose weights hold the idf, as `Lexical.bm25` returns them."""

    plain: Sequence[QueryTerm]
    translated: Sequence[QueryTerm] = ()

    def best_sentences(
        self, sentences: Sentences, documents: Rows, foreign: npt.NDArray[np.bool_]
    ) -> Scores:
        """Return the scores of `Sentences.best_scores`, by the translated query where foreign."""
        scores = np.zeros(len(documents), dtype=np.float32)
        scores[~foreign] = sentences.best_scores(self.plain, documents[~foreign])
        scores[foreign] = sentences.best_scores(self.translated, documents[foreign])
        return scores


def _best_scores(query: Sequence[QueryTerm], documents: Sequence[tuple[Hashes, Lengths]]) -> Scores:
    best = np.zeros(len(documents), dtype=np.float32)
    names = [(name, p, row) for row, term in enumerate(query) for name, p in term.alternatives]
    if not names or not any(len(lengths) for _, lengths in documents):
        return best
    lengths = np.concatenate([lengths for _, lengths in documents])
    owners = np.repeat(np.arange(len(documents)), [len(lengths) for _, lengths in documents])
    tf, used = _term_counts(
        short_hashes(name for name, _, _ in names),
        np.concatenate([hashes for hashes, _ in documents]),
        lengths,
    )
    if not len(used):
        return best
    first = np.flatnonzero(owners[:-1] == owners[1:])  # of each pair of neighbours
    scores = _bm25(
        query,
        rows=np.array([names[place][2] for place in used]),
        probabilities=np.array([names[place][1] for place in used]),
        tf=np.concatenate([tf, tf[first] + tf[first + 1]]),
        lengths=np.concatenate([lengths, lengths[first] + lengths[first + 1]]),
    )
    np.maximum.at(best, np.concatenate([owners, owners[first]]), scores)
    return best


def _term_counts(
    wanted: Hashes, hashes: Hashes, lengths: Lengths
) -> tuple[npt.NDArray[np.float64], Rows]:
    """Count in each sentence those wanted terms that stand in any.

    A term that is wanted twice, as an alternative of two query terms, is counted for both.

    Args:
        wanted: Shape (n,).
        hashes: The terms of the sentences, end to end.
        lengths: Shape (num_sentences,): terms per sentence.

    Returns:
        Counts, shape (num_sentences, num_used), and which of `wanted` they are of, ascending.
    """
    order = np.argsort(wanted, kind="stable")
    ordered = wanted[order]
    starts = np.searchsorted(ordered, hashes, side="left")
    stands = np.flatnonzero(ordered.take(starts, mode="clip") == hashes)
    starts = starts[stands]
    sizes = np.searchsorted(ordered, hashes[stands], side="right") - starts
    ends = np.cumsum(sizes)
    within = np.arange(sizes.sum()) - np.repeat(ends - sizes, sizes)
    used, columns = np.unique(order[np.repeat(starts, sizes) + within], return_inverse=True)
    counts = np.zeros((len(lengths), len(used)))
    sentences = np.repeat(np.repeat(np.arange(len(lengths)), lengths)[stands], sizes)
    np.add.at(counts, (sentences, columns), 1)
    return counts, used


def _bm25(
    query: Sequence[QueryTerm],
    *,
    rows: Rows,
    probabilities: npt.NDArray[np.float64],
    tf: npt.NDArray[np.float64],
    lengths: Lengths,
) -> Scores:
    """Return the score of each text, shape (num_texts,), by the formula of `Lexical.bm25`.

    Args:
        query: Terms whose weight holds their idf.
        rows: Shape (num_alternatives,), ascending: of which query term each is an alternative.
        probabilities: Of each alternative.
        tf: Shape (num_texts, num_alternatives).
        lengths: Of each text, in terms.
    """
    saturation = K1 * (1 - B + B * lengths / USUAL_LENGTH)
    strengths = probabilities * (tf / (tf + saturation[:, None]))
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    present = 1 - np.multiply.reduceat(1 - strengths, starts, axis=1)
    weights = np.array([query[row].weight for row in rows[starts]])
    # Not a matrix product: there the last bits of equal texts may differ, and ties would break.
    return np.asarray((present * weights).sum(axis=1), dtype=np.float32)
