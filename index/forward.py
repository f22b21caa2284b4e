"""The forward index: which terms each sentence of a document holds, in reading order.

The inverted index finds documents; this one lets the best of them be read again, sentence by sentence
(`index.rescoring`). Terms are kept as hashes of 32 bits: a term of a text is taken for one of a
question's some hundred once in 10^7.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.sentences import sentence_spans
from index.arrays import Kinds, open_arrays, save_arrays
from index.errors import IndexMismatch
from index.inverted import term_hash
from index.terms import analyze

Hashes = npt.NDArray[np.uint32]
Lengths = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class ForwardIndex:
    """Terms by sentence. Documents are numbered from 0 in the order in which they were given.

    The i-th document has the terms `hashes[first_terms[i]:first_terms[i + 1]]`, and its sentences
    the `lengths[first_sentences[i]:first_sentences[i + 1]]`. No sentence is without terms.
    """

    hashes: Hashes  # shape (num_terms,), see `short_hashes`
    lengths: Lengths  # shape (num_sentences,): terms per sentence
    first_terms: npt.NDArray[np.int64]  # shape (num_documents + 1,)
    first_sentences: npt.NDArray[np.int64]  # shape (num_documents + 1,)

    @property
    def num_documents(self) -> int:
        """Return how many documents are indexed."""
        return len(self.first_terms) - 1

    def sentences(self, document: int) -> tuple[Hashes, Lengths]:
        """Return the terms of a document, and how many of them each sentence has."""
        first_term, end_term = self.first_terms[document : document + 2]
        first_sentence, end_sentence = self.first_sentences[document : document + 2]
        return self.hashes[first_term:end_term], self.lengths[first_sentence:end_sentence]

    def save(self, folder: Path) -> None:
        """Write the index as `forward_*.npy` files into an existing folder."""
        save_arrays(folder, _PREFIX, self, _ARRAYS)


_PREFIX = "forward"
_ARRAYS: Kinds = {
    "hashes": np.uint32,
    "lengths": np.int32,
    "first_terms": np.int64,
    "first_sentences": np.int64,
}


def short_hashes(terms: Iterable[str]) -> Hashes:
    """Return a number of 32 bits for each term, the same on every machine."""
    return np.array([term_hash(term) for term in terms], dtype=np.uint64).astype(np.uint32)


def analyze_sentences(text: str) -> list[list[str]]:
    """Return the terms of each sentence of a text, in reading order; none for those without."""
    analyzed = (analyze(text[start:end]) for start, end in sentence_spans(text))
    return [terms for terms in analyzed if terms]


class ForwardIndexBuilder:
    """Takes documents one by one, so that no more than one need be in memory as strings."""

    def __init__(self) -> None:
        self._hashes, self._lengths = array("I"), array("i")
        self._first_terms, self._first_sentences = array("q", [0]), array("q", [0])

    def add(self, sentences: Iterable[Sequence[str]]) -> None:
        """Add a document, given as `analyze_sentences` does."""
        for terms in sentences:
            self._hashes.frombytes(short_hashes(terms).tobytes())
            self._lengths.append(len(terms))
        self._first_terms.append(len(self._hashes))
        self._first_sentences.append(len(self._lengths))

    def build(self) -> ForwardIndex:
        """Return the index of the documents that were added."""
        return ForwardIndex(
            np.array(self._hashes, dtype=np.uint32),
            np.array(self._lengths, dtype=np.int32),
            np.array(self._first_terms, dtype=np.int64),
            np.array(self._first_sentences, dtype=np.int64),
        )


def build_forward_index(texts: Iterable[str]) -> ForwardIndex:
    """Analyze texts, sentence by sentence."""
    builder = ForwardIndexBuilder()
    for text in texts:
        builder.add(analyze_sentences(text))
    return builder.build()


def load_forward_index(folder: Path) -> ForwardIndex:
    """Open what `ForwardIndex.save` wrote; the arrays are memory-mapped, read-only.

    Raises:
        IndexMismatch: The files are missing, unreadable, or do not belong together.
    """
    index = ForwardIndex(**open_arrays(folder, _PREFIX, _ARRAYS))
    # The sizes of the arrays; what is in them, a checksum has compared.
    consistent = (
        len(index.first_terms) == len(index.first_sentences) >= 1
        and index.first_terms[-1] == len(index.hashes)
        and index.first_sentences[-1] == len(index.lengths)
    )
    if not consistent:
        raise IndexMismatch(
            f"{folder}: the files of the forward index do not belong together "
            f"({len(index.hashes)} terms, {len(index.lengths)} sentences); build the index again"
        )
    return index
