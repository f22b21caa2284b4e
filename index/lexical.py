"""Lexical search: an inverted index of term counts, scored with BM25, across languages too.

A question's term may stand in a chunk under another name: a translation, a spelling. Each such
name is an alternative with a probability, and the term's presence and document frequency become
expected values over its alternatives (probabilistic structured queries). With one alternative of
probability 1 this is plain BM25.

Knows nothing of languages: terms come from `index.terms`, alternatives from `index.term_table`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import IndexMismatch

Scores = npt.NDArray[np.float32]
"""Shape (num_documents,): one score per document, higher is better."""

K1 = 1.2  # Lucene's default; 0.6 to 2.0 moved recall@5 on BiPaR by 0.01 or less
B = 0.75  # Lucene's default

_ALMOST = 1 - 1e-9  # probability 1 where its complement's logarithm is taken


Rows = npt.NDArray[np.int64]

Matches = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]
"""Documents, ascending, each once, and a probability for each."""


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of a query with the names under which documents may carry it.

    `alternatives` are (term, probability) pairs; the term itself is one of them, usually with
    probability 1. Terms are not repeated. `weight` scales the score of the whole query term.
    `matches` are documents where something else was found that stands for the term, with the
    probability that it does: each counts as one occurrence.
    """

    alternatives: tuple[tuple[str, float], ...]
    weight: float = 1.0
    matches: Matches | None = None


@dataclass(frozen=True, eq=False)
class LexicalIndex:
    """Term counts by term. Documents are numbered from 0 in the order in which they were given.

    The postings of `terms[i]` are `documents[offsets[i]:offsets[i + 1]]`, ascending, with their
    `counts` beside them.
    """

    terms: tuple[str, ...]  # sorted
    offsets: npt.NDArray[np.int64]  # shape (len(terms) + 1,)
    documents: npt.NDArray[np.int32]  # shape (num_postings,)
    counts: npt.NDArray[np.float32]  # shape (num_postings,)
    lengths: npt.NDArray[np.float32]  # shape (num_documents,): terms per document

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {term: row for row, term in enumerate(self.terms)}

    @cached_property
    def _relative_lengths(self) -> npt.NDArray[np.float32]:
        mean = float(self.lengths.mean()) if len(self.lengths) else 0.0
        return np.asarray(self.lengths / (mean or 1.0), dtype=np.float32)

    def bm25_scores(self, query: Iterable[QueryTerm], *, k1: float = K1, b: float = B) -> Scores:
        """Score every document; those without any alternative of any query term get 0.

        A query term is found in a document with the strength of
        1 - product over alternatives a of (1 - p(a) * tf(a) / (tf(a) + k1 * norm)), where
        norm = 1 - b + b * length / mean length, and counts with weight * idf,
        idf = ln(1 + (N - df + 0.5) / (df + 0.5)). df is the expected number of documents that
        hold the term: the sum over documents of 1 - product over present alternatives of (1 - p).
        With one alternative of probability 1 this is BM25 as Lucene computes it.

        Source: Robertson and Zaragoza, FnTIR 2009, https://doi.org/10.1561/1500000019. The expected
        values follow Darwish and Oard, SIGIR 2003, https://doi.org/10.1145/860435.860497, with a
        noisy or in the place of their sum: recall@5 on BiPaR rose from 0.43 to 0.45.
        """
        num_documents = len(self.lengths)
        scores = np.zeros(num_documents, dtype=np.float32)
        for term in query:
            found, missing, absent = self._not_found(term, k1, b)
            df = len(found) - float(absent.sum())
            idf = np.log1p((num_documents - df + 0.5) / (df + 0.5))
            scores[found] += (term.weight * idf * (1 - missing)).astype(np.float32)
        return scores

    def _not_found(
        self, term: QueryTerm, k1: float, b: float
    ) -> tuple[Rows, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return documents, and for each 1 - strength and 1 - expected presence of a query term.

        Both are 1 in all other documents. Sums of logarithms over all postings at once: a term may
        have hundreds of alternatives.
        """
        alternatives = [
            (row, probability)
            for name, probability in term.alternatives
            if (row := self._rows.get(name)) is not None
        ]
        documents, counts, certainty = self._postings_of(alternatives)
        strengths = certainty * counts / (counts + self._saturation(documents, k1, b))
        if term.matches is not None:
            found, probabilities = term.matches
            documents = np.concatenate([documents, found])
            certainty = np.concatenate([certainty, probabilities])
            spelled = probabilities / (1 + self._saturation(found, k1, b))
            strengths = np.concatenate([strengths, spelled])
        if len(alternatives) == 1 and term.matches is None:
            distinct, places = documents.astype(np.int64), np.arange(len(documents))
        else:
            distinct, places = _distinct(documents, len(self.lengths))
        missing, absent = (
            np.exp(np.bincount(places, np.log1p(-values), len(distinct)))
            for values in (strengths, np.minimum(certainty, _ALMOST))
        )
        return distinct, missing, absent

    def _saturation(self, documents: npt.NDArray[np.int32], k1: float, b: float) -> Scores:
        return np.asarray(k1 * (1 - b + b * self._relative_lengths[documents]), dtype=np.float32)

    def _postings_of(
        self, alternatives: Sequence[tuple[int, float]]
    ) -> tuple[npt.NDArray[np.int32], Scores, npt.NDArray[np.float64]]:
        """Return the postings of terms, by row, end to end: documents, counts, probabilities."""
        rows = np.array([row for row, _ in alternatives], dtype=np.int64)
        probabilities = np.array([probability for _, probability in alternatives])
        starts = self.offsets[rows]
        sizes = self.offsets[rows + 1] - starts
        places = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        return self.documents[places], self.counts[places], np.repeat(probabilities, sizes)

    @property
    def num_documents(self) -> int:
        """Return how many documents are indexed."""
        return len(self.lengths)

    def document_frequency(self, term: str) -> int:
        """Return in how many documents a term stands."""
        row = self._rows.get(term)
        return 0 if row is None else int(self.offsets[row + 1] - self.offsets[row])

    def save(self, folder: Path) -> None:
        """Write the index as `lexical_*.npy` files into an existing folder."""
        blob = np.frombuffer("\n".join(self.terms).encode(), dtype=np.uint8)
        np.save(folder / "lexical_terms.npy", blob, allow_pickle=False)
        for name in _ARRAYS:
            np.save(folder / f"lexical_{name}.npy", getattr(self, name), allow_pickle=False)


_ARRAYS = {"offsets": np.int64, "documents": np.int32, "counts": np.float32, "lengths": np.float32}


def _distinct(documents: npt.NDArray[np.int32], num_documents: int) -> tuple[Rows, Rows]:
    """Return the distinct documents, ascending, and the place of each entry among them."""
    places = np.zeros(num_documents, dtype=np.int64)
    places[documents] = 1
    distinct = np.flatnonzero(places)
    places[distinct] = np.arange(len(distinct))
    return distinct, places[documents]


def build_lexical_index(documents: Sequence[Sequence[str]]) -> LexicalIndex:
    """Count the terms of documents (as `index.terms.analyze` gives them)."""
    counters = [Counter(terms) for terms in documents]
    vocabulary = sorted(set().union(*counters))
    rows = {term: row for row, term in enumerate(vocabulary)}
    sizes = [len(counter) for counter in counters]
    term_rows = np.fromiter(
        (rows[term] for counter in counters for term in counter), dtype=np.int64, count=sum(sizes)
    )
    counts = np.fromiter(
        (count for counter in counters for count in counter.values()),
        dtype=np.float32,
        count=sum(sizes),
    )
    numbers = np.repeat(np.arange(len(documents), dtype=np.int32), sizes)
    order = np.argsort(term_rows, kind="stable")  # stable: documents stay ascending within a term
    offsets = np.zeros(len(vocabulary) + 1, dtype=np.int64)
    np.cumsum(np.bincount(term_rows, minlength=len(vocabulary)), out=offsets[1:])
    lengths = np.array([len(terms) for terms in documents], dtype=np.float32)
    return LexicalIndex(tuple(vocabulary), offsets, numbers[order], counts[order], lengths)


def load_lexical_index(folder: Path) -> LexicalIndex:
    """Open what `LexicalIndex.save` wrote; the arrays are memory-mapped, read-only.

    Raises:
        IndexMismatch: A file is missing, unreadable, or they do not belong together.
    """
    try:
        blob = np.load(folder / "lexical_terms.npy", allow_pickle=False)
        arrays = {
            # As plain arrays: those of type memmap are slower to take a part of.
            name: np.load(folder / f"lexical_{name}.npy", mmap_mode="r", allow_pickle=False).view(
                np.ndarray
            )
            for name in _ARRAYS
        }
        terms = tuple(blob.tobytes().decode().split("\n")) if len(blob) else ()
    except (OSError, ValueError, EOFError) as error:
        raise IndexMismatch(
            f"{folder}: the lexical index cannot be read ({error}); build the index again"
        ) from error
    index = LexicalIndex(terms, **arrays)
    _check(index, folder)
    return index


def _check(index: LexicalIndex, folder: Path) -> None:
    typed = all(
        getattr(index, name).dtype == kind and getattr(index, name).ndim == 1
        for name, kind in _ARRAYS.items()
    )
    consistent = (
        typed
        and len(index.offsets) == len(index.terms) + 1
        and index.offsets[0] == 0
        and bool(np.all(np.diff(index.offsets) >= 0))
        and index.offsets[-1] == len(index.documents) == len(index.counts)
        and (
            not len(index.documents)
            or 0 <= int(index.documents.min()) <= int(index.documents.max()) < len(index.lengths)
        )
    )
    if not consistent:
        raise IndexMismatch(
            f"{folder}: the files of the lexical index do not belong together "
            f"({len(index.terms)} terms, {len(index.documents)} postings); build the index again"
        )
