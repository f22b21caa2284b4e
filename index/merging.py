"""Searches over some rows, put together from searches over others: nothing is analyzed again.

Rows of the parts are carried over where they have a new place, and dropped where they have none. The
result equals, byte for byte, what the texts give when all of them are analyzed anew in that order.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

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


def merge_names(parts: Sequence[tuple[NameIndex, NewRows]], num_rows: int) -> NameIndex:
    """Return the index of names of `num_rows` texts; each comes from one of the parts."""
    sizes = np.zeros(num_rows, dtype=np.int64)
    for part, new_rows in parts:
        sizes[new_rows[new_rows >= 0]] = np.diff(part.starts)[new_rows >= 0]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    characters = np.zeros(int(starts[-1]) + 1, dtype=np.uint16)
    for part, new_rows in parts:
        owner = np.repeat(np.arange(part.num_texts), np.diff(part.starts))
        stays = new_rows[owner] >= 0
        moved = starts[new_rows[owner]] + np.arange(len(owner)) - part.starts[owner]
        characters[moved[stays]] = part.characters[:-1][stays]
    return name_index(characters, starts.astype(np.int32))
