"""The searches of a new generation from those of the one before: only new texts are analyzed.

Adding a report to a large shelf changes few rows of it. What is carried over is shifted and the rest
is merged in, with arrays as a whole; the result equals, byte for byte, what the texts give when all of
them are analyzed anew.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.lexical import LexicalIndex
from index.names import NameIndex, build_name_index
from index.schema import View

Rows = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Carried:
    """Which rows of the old generation are which of the new one; both ascending, equally long."""

    old: Rows
    new: Rows
    num_old: int
    num_new: int

    @property
    def fresh(self) -> Rows:
        """Return the rows of the new generation that were not in the old one, ascending."""
        return np.setdiff1d(np.arange(self.num_new), self.new, assume_unique=True)

    def new_row_of(self) -> Rows:
        """Return the new row of every old one, -1 where it is gone; shape (num_old,)."""
        rows = np.full(self.num_old, -1, dtype=np.int64)
        rows[self.old] = self.new
        return rows


def row_keys(views: Sequence[View]) -> Keys:
    """Return a number per view, of its chunk, language and text; shape (n_views,)."""
    digests = b"".join(
        hashlib.blake2b(
            f"{view.chunk_id}\0{view.language}\0{view.text}".encode(), digest_size=8
        ).digest()
        for view in views
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def carried_rows(old: Keys, new: Keys) -> Carried | None:
    """Match the rows of two generations; None where their order differs or a key is not unique."""
    common, old_rows, new_rows = np.intersect1d(old, new, return_indices=True)
    order = np.argsort(new_rows)
    old_rows, new_rows = old_rows[order], new_rows[order]
    if len(np.unique(old)) < len(old) or len(np.unique(new)) < len(new):
        return None
    if len(common) and np.any(np.diff(old_rows) <= 0):
        return None
    return Carried(old_rows.astype(np.int64), new_rows.astype(np.int64), len(old), len(new))


def renew_lexical(
    old: LexicalIndex, carried: Carried, fresh: Sequence[Sequence[str]]
) -> LexicalIndex:
    """Return the index of the new generation.

    Args:
        old: The index of the old one.
        carried: Which of its documents stay.
        fresh: The terms of the others, in the order of `carried.fresh`.
    """
    new_documents = carried.new_row_of()[old.documents]
    kept = new_documents >= 0
    old_terms = np.repeat(np.arange(len(old.terms)), np.diff(old.offsets))[kept]
    counters = [Counter(terms) for terms in fresh]
    used = np.bincount(old_terms, minlength=len(old.terms)) > 0
    vocabulary = sorted({old.terms[row] for row in np.flatnonzero(used)}.union(*counters))
    rows = {term: row for row, term in enumerate(vocabulary)}
    renumbered = np.array([rows.get(term, -1) for term in old.terms], dtype=np.int64)
    kept_keys = renumbered[old_terms] * carried.num_new + new_documents[kept]
    added = sorted(
        (rows[term] * carried.num_new + document, count)
        for document, counter in zip(carried.fresh.tolist(), counters, strict=True)
        for term, count in counter.items()
    )
    added_keys = np.array([key for key, _ in added], dtype=np.int64)
    places = np.searchsorted(kept_keys, added_keys)
    keys = np.insert(kept_keys, places, added_keys)
    counts = np.insert(old.counts[kept], places, [count for _, count in added])
    lengths = np.zeros(carried.num_new, dtype=np.float32)
    lengths[carried.new] = old.lengths[carried.old]
    lengths[carried.fresh] = [len(terms) for terms in fresh]
    offsets = np.searchsorted(keys, np.arange(len(vocabulary) + 1) * carried.num_new)
    return LexicalIndex(
        terms=tuple(vocabulary),
        offsets=offsets.astype(np.int64),
        documents=(keys % max(1, carried.num_new)).astype(np.int32),
        counts=counts.astype(np.float32),
        lengths=lengths,
    )


def renew_names(old: NameIndex, carried: Carried, fresh: Sequence[str]) -> NameIndex:
    """Return the index of names of the new generation; `fresh` are the texts of its new rows."""
    added = build_name_index(fresh)
    sizes = np.zeros(carried.num_new, dtype=np.int64)
    sizes[carried.new] = np.diff(old.starts)[carried.old]
    sizes[carried.fresh] = np.diff(added.starts)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    every_old, every_added = np.arange(carried.num_old), np.arange(len(fresh))
    old_shift = np.full(carried.num_old, -1, dtype=np.int64)
    old_shift[carried.old] = starts[carried.new]
    characters = np.zeros(int(starts[-1]) + 1, dtype=np.uint16)
    parts = []
    for part, owners, begins in (
        (old, every_old, old_shift),
        (added, every_added, starts[carried.fresh]),
    ):
        owner = np.repeat(owners, np.diff(part.starts))
        begin = begins[owner]
        moved = begin + np.arange(len(owner)) - part.starts[owner]
        alive = begin >= 0
        characters[moved[alive]] = part.characters[:-1][alive]
        parts.append(_moved_pairs(part, moved, alive))
    (old_keys, old_places), (added_keys, added_places) = parts
    width = len(characters)
    kept = old_keys.astype(np.int64) * width + old_places
    coming = added_keys.astype(np.int64) * width + added_places
    merged = np.insert(kept, np.searchsorted(kept, coming), coming)
    pairs = merged // width
    first = np.flatnonzero(np.concatenate([[True], np.diff(pairs) > 0]))[: len(pairs)]
    return NameIndex(
        characters=characters,
        starts=starts.astype(np.int32),
        keys=pairs[first].astype(np.uint32),
        offsets=np.append(first, len(pairs)).astype(np.int32),
        places=(merged % width).astype(np.int32),
    )


def _moved_pairs(
    names: NameIndex, moved: Rows, alive: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.uint32], Rows]:
    """Return the pairs that stay, by key and then place, with their new places."""
    keys = np.repeat(names.keys, np.diff(names.offsets))
    stays = alive[names.places]
    return keys[stays], moved[names.places[stays]]
