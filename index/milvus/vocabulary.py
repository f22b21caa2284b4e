"""In how many views each term stands, over all of a team's index; and each pair of Han characters.

BM25 wants this of the whole index. A Milvus counts it per segment, or per shard; so it is kept
here, as a document of its own, and a query's weights are made from it.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from index.latin import LatinWords, latin_words


@dataclass(frozen=True, eq=False)
class StoredVocabulary:
    """Terms, sorted, and in how many views each stands."""

    terms: Sequence[str] = ()
    frequencies: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    num_documents: int = 0

    def document_frequency(self, term: str) -> int:
        """Return in how many views a term stands."""
        row = bisect_left(self.terms, term)
        if row < len(self.terms) and self.terms[row] == term:
            return int(self.frequencies[row])
        return 0

    @cached_property
    def latin_words(self) -> LatinWords:
        """Return the terms that are written in Latin letters only."""
        return latin_words(self.terms)

    @cached_property
    def pair_keys(self) -> npt.NDArray[np.uint32]:
        """Return terms of two characters as numbers: first << 16 | second."""
        codes = np.frombuffer("".join(self.terms).encode("utf-16-le"), dtype="<u2")
        keys: npt.NDArray[np.uint32] = (codes[::2].astype(np.uint32) << 16) | codes[1::2]
        return keys

    def changed(
        self, added: Iterable[Mapping[str, int]], removed: Iterable[Mapping[str, int]]
    ) -> "StoredVocabulary":
        """Return it with the counts of some documents more and of some less.

        `num_documents` stays.
        """
        counts: Counter[str] = Counter()
        for document in added:
            counts.update(document)
        for document in removed:
            counts.subtract(document)
        for term, frequency in zip(self.terms, self.frequencies.tolist(), strict=True):
            counts[term] += frequency
        terms = sorted(term for term, count in counts.items() if count > 0)
        frequencies = np.array([counts[term] for term in terms], dtype=np.int64)
        return StoredVocabulary(tuple(terms), frequencies, self.num_documents)

    def to_bytes(self) -> bytes:
        """Write it as the terms, one a line, a zero, and the frequencies."""
        return "\n".join(self.terms).encode() + b"\0" + self.frequencies.astype("<i8").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, num_documents: int) -> "StoredVocabulary":
        """Read what `to_bytes` wrote.

        Raises:
            ValueError: It was something else.
        """
        terms, _, numbers = data.partition(b"\0")
        names = tuple(terms.decode().split("\n")) if terms else ()
        frequencies = np.frombuffer(numbers, dtype="<i8").astype(np.int64)
        if len(names) != len(frequencies):
            raise ValueError(f"{len(names)} terms and {len(frequencies)} frequencies")
        return cls(names, frequencies, num_documents)


def count_documents(views: Iterable[Sequence[str]]) -> dict[str, int]:
    """Return in how many views each term stands, from the terms of each view."""
    counts: Counter[str] = Counter()
    for terms in views:
        counts.update(set(terms))
    return dict(counts)
