"""The rows of a search: which chunk of which document each view is, in arrays.

A million views as Python objects would take gigabytes; as arrays they take a dozen bytes each.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from corpus.chunks import chunk_id_of
from corpus.schema import Language
from index.derived import Derived
from index.fusion import best_first
from index.lexical import Scores
from index.schema import ShelfEntry, View
from index.segment import LANGUAGES
from index.stored import StoredIndex

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rows:
    """What is known of every view that is on the shelf, by document, then chunk, then language.

    The rows of the searches (`Derived`) may hold more: `alive` leaves out what has left the shelf.
    """

    doc_ids: tuple[str, ...]  # of the shelf, sorted
    documents: npt.NDArray[np.int32]  # of each row: the place of its document in `doc_ids`
    ordinals: npt.NDArray[np.int32]  # of each row: its chunk in the document
    languages: npt.NDArray[np.uint8]  # of each row: its place in `LANGUAGES`
    living: Mask | None  # which rows of the searches these are; None for all
    num_all: int  # rows of the searches

    def __len__(self) -> int:
        return len(self.documents)

    def alive(self, scores: Scores) -> Scores:
        """Return the scores of these rows, given those of all rows of the searches."""
        return scores if self.living is None else scores[self.living]

    def among_all(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the rows of the searches that some of these rows are."""
        return rows if self._places is None else self._places[rows]

    @cached_property
    def _places(self) -> npt.NDArray[np.int64] | None:
        return None if self.living is None else np.flatnonzero(self.living)

    def of_documents(self, wanted: Collection[str]) -> Mask:
        """Return which rows belong to some documents."""
        accepted = np.array([doc_id in wanted for doc_id in self.doc_ids], dtype=bool)
        return np.asarray(accepted[self.documents], dtype=bool)

    def foreign(self, language: Language) -> Mask:
        """Return which rows belong to documents without a row in a language."""
        return self._foreign[language]

    @cached_property
    def _foreign(self) -> Mapping[Language, Mask]:
        readable = np.zeros((len(self.doc_ids), len(LANGUAGES)), dtype=bool)
        readable[self.documents, self.languages] = True
        return {
            language: np.asarray(~readable[self.documents, column], dtype=bool)
            for column, language in enumerate(LANGUAGES)
        }

    @cached_property
    def _chunk_starts(self) -> npt.NDArray[np.int64]:
        """Return the first row of every chunk: views of one chunk stand together."""
        other = np.diff(self.documents) != 0
        other |= np.diff(self.ordinals) != 0
        return np.flatnonzero(np.concatenate([[True], other]))

    def best_chunks(self, scores: Scores, depth: int) -> list[tuple[str, float]]:
        """Return ids and scores of the best chunks, best first, ties by id; none of -inf.

        A chunk scores as its best row.
        """
        best = np.maximum.reduceat(scores, self._chunk_starts)
        # Rows are in the order of segments, not of ids: all that tie with the last are looked at.
        found = best_first(best, depth)
        if len(found) == depth:
            found = np.flatnonzero(best >= best[found[-1]])
        rows = self._chunk_starts[found]
        order = np.lexsort((self.ordinals[rows], self.documents[rows], -best[found]))[:depth]
        return [
            (
                chunk_id_of(
                    self.doc_ids[self.documents[rows[place]]], int(self.ordinals[rows[place]])
                ),
                float(best[found[place]]),
            )
            for place in order
        ]

    def views(self, store: StoredIndex, *, dim: int) -> Iterator[View]:
        """Read the views from the store, in the order of the rows."""
        changes = np.flatnonzero(np.diff(self.documents, prepend=-1))
        for place in self.documents[changes].tolist():
            yield from store.views(dim=dim, documents=[self.doc_ids[place]])[0]


def rows_of(derived: Derived, versions: Mapping[str, str], shelf: Sequence[ShelfEntry]) -> Rows:
    """Collect the rows of all segments.

    Args:
        derived: The searches.
        versions: Of every document, by doc_id.
        shelf: The documents, sorted by id.
    """
    doc_ids = tuple(entry.doc_id for entry in shelf)
    place = {versions[doc_id]: number for number, doc_id in enumerate(doc_ids)}
    documents = np.concatenate(
        [
            np.repeat(
                np.array([place.get(v, -1) for v in part.segment.documents], dtype=np.int32),
                np.diff(part.segment.bounds),
            )
            for part in derived.parts
        ]
    )
    living = None
    if any(alive is not None for alive in derived.alive):
        living = np.concatenate(
            [
                np.ones(part.segment.num_rows, dtype=bool) if alive is None else alive
                for part, alive in zip(derived.parts, derived.alive, strict=True)
            ]
        )
    kept = slice(None) if living is None else living
    return Rows(
        doc_ids=doc_ids,
        documents=documents[kept],
        ordinals=np.concatenate([part.segment.ordinals for part in derived.parts])[kept],
        languages=np.concatenate([part.segment.languages for part in derived.parts])[kept],
        living=living,
        num_all=len(documents),
    )
