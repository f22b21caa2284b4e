"""Searches over some rows, put together from searches over others: nothing is analyzed again.

Rows of the parts are carried over where they have a new place, and dropped where they have none. The
result equals, byte for byte, what the texts give when all of them are analyzed anew in that order.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from index.forward import ForwardIndex
from index.inverted import InvertedIndex, inverted_index
from index.names import NameIndex, name_index

NewRows = npt.NDArray[np.int64]
"""The new row of every row of a part, -1 where it is dropped; no two rows have the same."""


def merge_lexical(parts: Sequence[tuple[InvertedIndex, NewRows]], num_rows: int) -> InvertedIndex:
    """Return the inverted index of `num_rows` documents; each comes from one of the parts."""
    kept = [_kept_postings(part, new_rows) for part, new_rows in parts]
    vocabulary = sorted(set().union(*(terms for terms, _, _, _ in kept)))
    places = {term: row for row, term in enumerate(vocabulary)}
    width = max(1, num_rows)
    keys = np.concatenate(
        [
            np.array([places[term] for term in terms], dtype=np.int64)[rows] * width + documents
            for terms, rows, documents, _ in kept
        ]
    )
    counts = np.concatenate([counted for _, _, _, counted in kept])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    lengths = np.zeros(num_rows, dtype=np.float32)
    for part, new_rows in parts:
        lengths[new_rows[new_rows >= 0]] = part.lengths[new_rows >= 0]
    offsets = np.searchsorted(keys, np.arange(len(vocabulary) + 1) * width)
    documents = (keys % width).astype(np.int32)
    return inverted_index(vocabulary, offsets.astype(np.int64), documents, counts[order], lengths)


def _kept_postings(
    part: InvertedIndex, new_rows: NewRows
) -> tuple[list[str], NewRows, NewRows, npt.NDArray[np.uint16]]:
    """Return the terms that stay; of each posting that stays its term among them, row and count."""
    documents = new_rows[part.documents]
    stays = documents >= 0
    terms = np.repeat(np.arange(len(part.hashes)), np.diff(part.offsets))[stays]
    used = np.flatnonzero(np.bincount(terms, minlength=len(part.hashes)))
    spelled = part.terms
    rows = np.searchsorted(used, terms)
    return [spelled[row] for row in used], rows, documents[stays], part.counts[stays]


def merge_forward(parts: Sequence[tuple[ForwardIndex, NewRows]], num_rows: int) -> ForwardIndex:
    """Return the forward index of `num_rows` documents; each comes from one of the parts."""
    hashes, first_terms = _merged_runs(
        [(part.hashes, part.first_terms, new_rows) for part, new_rows in parts], num_rows
    )
    lengths, first_sentences = _merged_runs(
        [(part.lengths, part.first_sentences, new_rows) for part, new_rows in parts], num_rows
    )
    return ForwardIndex(hashes, lengths, first_terms, first_sentences)


def merge_names(parts: Sequence[tuple[NameIndex, NewRows]], num_rows: int) -> NameIndex:
    """Return the index of names of `num_rows` texts; each comes from one of the parts."""
    characters, starts = _merged_runs(
        [(part.characters[:-1], part.starts, new_rows) for part, new_rows in parts], num_rows
    )
    return name_index(np.append(characters, np.uint16(0)), starts.astype(np.int32))


def _merged_runs(
    parts: Sequence[tuple[npt.NDArray[Any], npt.NDArray[Any], NewRows]], num_rows: int
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """Put together values that stand in runs, one run per row: row i has values[starts[i]:starts[i + 1]].

    Args:
        parts: Values, starts and the new rows of each part.
        num_rows: Of the result.

    Returns:
        The values and the starts of the result, shape (num_rows + 1,).
    """
    sizes = np.zeros(num_rows, dtype=np.int64)
    for _, starts, new_rows in parts:
        sizes[new_rows[new_rows >= 0]] = np.diff(starts)[new_rows >= 0]
    merged_starts = np.concatenate([[0], np.cumsum(sizes)])
    merged = np.zeros(int(merged_starts[-1]), dtype=parts[0][0].dtype)
    for values, starts, new_rows in parts:
        rows = np.repeat(new_rows, np.diff(starts))
        stays = rows >= 0
        within = np.arange(len(rows)) - np.repeat(starts[:-1], np.diff(starts))
        merged[merged_starts[rows[stays]] + within[stays]] = values[stays]
    return merged, merged_starts
