"""The inverted index: in which documents each term stands, and how often.

Documents are lists of terms, as `index.terms` gives them; what is scored with their counts is in
`index.lexical`.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import Kinds, open_arrays, save_arrays
from index.errors import IndexMismatch

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class InvertedIndex:
    """Term counts by term. Documents are numbered from 0 in the order in which they were given.

    The postings of the i-th term are `documents[offsets[i]:offsets[i + 1]]`, ascending, with their
    `counts` beside them. A term is looked up by its hash, so that no vocabulary stands in memory as
    Python strings: among a million terms, one that is not there is taken for another once in 10^13.
    """

    spelled: npt.NDArray[np.uint8]  # the terms, sorted, in UTF-8 with line feeds between them
    hashes: npt.NDArray[np.uint64]  # ascending, see `term_hash`
    hashed: npt.NDArray[np.int32]  # the row of each of the hashes
    offsets: npt.NDArray[np.int64]  # shape (num_terms + 1,)
    documents: npt.NDArray[np.int32]  # shape (num_postings,)
    counts: npt.NDArray[np.uint16]  # shape (num_postings,)
    lengths: npt.NDArray[np.float32]  # shape (num_documents,): terms per document

    @property
    def terms(self) -> tuple[str, ...]:
        """Return all terms, sorted; made anew each time."""
        return tuple(self.spelled.tobytes().decode().split("\n")) if len(self.hashes) else ()

    @property
    def num_documents(self) -> int:
        """Return how many documents are indexed."""
        return len(self.lengths)

    def rows_of(self, hashes: npt.NDArray[np.uint64]) -> Rows:
        """Return the row of every term, by its hash; -1 where it is not indexed."""
        if not len(self.hashes):
            return np.full(len(hashes), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[places] == hashes, self.hashed[places], -1).astype(np.int64)

    def postings(self, row: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16]]:
        """Return the documents that hold a term, ascending, and how often each does."""
        start, end = self.offsets[row], self.offsets[row + 1]
        return self.documents[start:end], self.counts[start:end]

    def save(self, folder: Path) -> None:
        """Write the index as `lexical_*.npy` files into an existing folder."""
        save_arrays(folder, _PREFIX, self, _ARRAYS)


_PREFIX = "lexical"
_ARRAYS: Kinds = {
    "spelled": np.uint8,
    "hashes": np.uint64,
    "hashed": np.int32,
    "offsets": np.int64,
    "documents": np.int32,
    "counts": np.uint16,
    "lengths": np.float32,
}


@lru_cache(maxsize=1 << 16)
def term_hash(term: str) -> int:
    """Return a number of 64 bits for a term, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


def build_inverted_index(documents: Iterable[Sequence[str]]) -> InvertedIndex:
    """Count the terms of documents (as `index.terms.analyze` gives them)."""
    rows: dict[str, int] = {}
    posted, counted = array("i"), array("H")
    sizes, lengths = array("i"), array("f")
    for terms in documents:
        counter = Counter(terms)
        posted.extend(rows.setdefault(term, len(rows)) for term in counter)
        counted.extend(min(count, _MOST) for count in counter.values())
        sizes.append(len(counter))
        lengths.append(len(terms))
    vocabulary = sorted(rows)
    sorted_rows = np.empty(len(rows), dtype=np.int64)
    sorted_rows[[rows[term] for term in vocabulary]] = np.arange(len(rows))
    term_rows = sorted_rows[np.array(posted, dtype=np.int64)]
    numbers = np.repeat(np.arange(len(sizes), dtype=np.int32), np.array(sizes, dtype=np.int64))
    order = np.argsort(term_rows, kind="stable")  # stable: documents stay ascending within a term
    offsets = np.zeros(len(vocabulary) + 1, dtype=np.int64)
    np.cumsum(np.bincount(term_rows, minlength=len(vocabulary)), out=offsets[1:])
    return inverted_index(
        vocabulary,
        offsets,
        numbers[order],
        np.array(counted, dtype=np.uint16)[order],
        np.array(lengths, dtype=np.float32),
    )


_MOST = 65_535  # a count beyond it says no more


def inverted_index(
    vocabulary: Sequence[str],
    offsets: npt.NDArray[np.int64],
    documents: npt.NDArray[np.int32],
    counts: npt.NDArray[np.uint16],
    lengths: npt.NDArray[np.float32],
) -> InvertedIndex:
    """Make an index of postings in the order of a sorted vocabulary."""
    hashes = np.array([term_hash.__wrapped__(term) for term in vocabulary], dtype=np.uint64)
    order = np.argsort(hashes)
    spelled = np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8)
    return InvertedIndex(
        spelled, hashes[order], order.astype(np.int32), offsets, documents, counts, lengths
    )


def load_inverted_index(folder: Path) -> InvertedIndex:
    """Open what `InvertedIndex.save` wrote; the arrays are memory-mapped, read-only.

    Raises:
        IndexMismatch: A file is missing, unreadable, or they do not belong together.
    """
    index = InvertedIndex(**open_arrays(folder, _PREFIX, _ARRAYS))
    # The sizes of the arrays; what is in them, a checksum has compared.
    consistent = (
        len(index.offsets) == len(index.hashes) + 1 == len(index.hashed) + 1
        and index.offsets[0] == 0
        and index.offsets[-1] == len(index.documents) == len(index.counts)
        and (not len(index.documents) or len(index.lengths) > 0)
    )
    if not consistent:
        raise IndexMismatch(
            f"{folder}: the files of the inverted index do not belong together "
            f"({len(index.hashes)} terms, {len(index.documents)} postings); build the index again"
        )
    return index
