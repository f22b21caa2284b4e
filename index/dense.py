"""Dense search: the nearest vectors by inner product, exact or from rounded values.

Up to `EXACT_ROWS` rows are compared exactly. Above, FAISS compares values rounded to 8 bits, a
quarter of the memory and less than half the time, and twice as many neighbours as wanted are then
scored exactly; so what is found hardly depends on how rows are spread over parts (docs/log.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.lexical import Alive

Vectors = npt.NDArray[np.float32]
"""Shape (n, dim)."""

EXACT_ROWS = 20_000

_EXACT_NAME, _ROUNDED_NAME = "vectors.faiss", "rounded.faiss"
_OVERSAMPLED = 2
# The vectors of 10 million views of 256 dimensions; more than that in a file is damage.
_MAX_FAISS_BYTES = 12_000_000_000


@dataclass(frozen=True, eq=False)
class DenseIndex:
    """The vectors of some rows, and FAISS's way to search them."""

    vectors: Vectors
    exact: Any  # faiss.IndexFlatIP over the vectors
    rounded: Any | None = None  # faiss.IndexScalarQuantizer, for many rows

    def candidates(
        self, queries: Vectors, depth: int, alive: Alive | None
    ) -> tuple[Vectors, npt.NDArray[np.int64]]:
        """Return scores, which may be rounded, and rows of the nearest; -1 where there are fewer."""
        import faiss

        index = self.exact if self.rounded is None else self.rounded
        depth = min(depth, len(self.vectors))
        if not depth:
            shape = (len(queries), 0)
            return np.zeros(shape, np.float32), np.zeros(shape, np.int64)
        if alive is None:
            found: tuple[Vectors, npt.NDArray[np.int64]] = index.search(queries, depth)
            return found
        bits = np.packbits(alive, bitorder="little")
        selector = faiss.IDSelectorBitmap(len(alive), faiss.swig_ptr(bits))
        # `selector` does not keep its bits alive, so both live until the search is done.
        found = index.search(queries, depth, params=_parameters(selector))
        del bits
        return found

    def save(self, folder: Path) -> None:
        """Write the index as FAISS files into an existing folder."""
        import faiss

        faiss.write_index(self.exact, str(folder / _EXACT_NAME))
        if self.rounded is not None:
            faiss.write_index(self.rounded, str(folder / _ROUNDED_NAME))


def build_dense(vectors: Vectors, *, exact_rows: int | None = None) -> DenseIndex:
    """Index the rows of a matrix; the same for the same rows."""
    import faiss

    exact_rows = EXACT_ROWS if exact_rows is None else exact_rows
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    exact = faiss.IndexFlatIP(rows.shape[1])
    exact.add(rows)
    rounded = None
    if len(rows) > exact_rows:
        kind = faiss.ScalarQuantizer.QT_8bit
        rounded = faiss.IndexScalarQuantizer(rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        rounded.train(rows)  # the range of each dimension
        rounded.add(rows)
    return DenseIndex(rows, exact, rounded)


def _parameters(selector: Any) -> Any:  # noqa: ANN401
    import faiss

    make: Any = faiss.SearchParameters
    return make(sel=selector)


def load_dense(folder: Path) -> DenseIndex:
    """Open what `DenseIndex.save` wrote, memory-mapped where the platform can.

    FAISS trusts what it reads: check the files' checksums before.

    Raises:
        RuntimeError: FAISS cannot read a file.
    """
    import faiss

    faiss.set_deserialization_vector_byte_limit(_MAX_FAISS_BYTES)
    exact = _read(folder / _EXACT_NAME)
    count = exact.ntotal * exact.d
    pointer = exact.get_xb()
    vectors = faiss.rev_swig_ptr(pointer, count) if count else np.zeros(0, np.float32)
    rounded = folder / _ROUNDED_NAME
    return DenseIndex(
        vectors.reshape(exact.ntotal, exact.d), exact, _read(rounded) if rounded.is_file() else None
    )


def _read(path: Path) -> Any:  # noqa: ANN401
    import faiss

    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError:  # no memory map of this kind here
        return faiss.read_index(str(path))


class Dense:
    """Several dense indexes as one; their rows are numbered on, part by part."""

    def __init__(self, parts: Sequence[DenseIndex], alive: Sequence[Alive | None]) -> None:
        """Take the parts, and of each which rows count: None is all of them."""
        self._parts = tuple(zip(parts, alive, strict=True))
        self._starts = np.cumsum([0, *(len(part.vectors) for part in parts)])

    def search(self, queries: Vectors, depth: int) -> tuple[Vectors, npt.NDArray[np.int64]]:
        """Return the nearest rows of each query, best first, ties by row.

        Returns:
            Scores and rows, each of shape (n_queries, depth); where fewer are found, row -1.
        """
        scores = np.full((len(queries), depth), -np.inf, dtype=np.float32)
        rows = np.full((len(queries), depth), -1, dtype=np.int64)
        for place, query in enumerate(queries):
            found, near = self._nearest(query, depth)
            scores[place, : len(found)], rows[place, : len(near)] = found, near
        return scores, rows

    def _nearest(self, query: Vectors, depth: int) -> tuple[Vectors, npt.NDArray[np.int64]]:
        wider = _OVERSAMPLED * depth
        found = [part.candidates(query[None], wider, alive) for part, alive in self._parts]
        scores = np.concatenate([part[0][0] for part in found])
        rows = np.concatenate(
            [
                np.where(part[1][0] >= 0, part[1][0] + start, -1)
                for part, start in zip(found, self._starts[:-1], strict=True)
            ]
        )
        scores, rows = scores[rows >= 0], rows[rows >= 0]
        if len(rows) > wider:
            best = np.argpartition(-scores, wider)[:wider]
            rows = rows[best]
        rows = np.sort(rows)
        # Row by row, so that a score does not depend on which other rows are scored with it.
        scores = (self._vectors(rows) * query).sum(axis=1, dtype=np.float32)
        order = np.argsort(-scores, kind="stable")[:depth]
        return scores[order], rows[order]

    def _vectors(self, rows: npt.NDArray[np.int64]) -> Vectors:
        """Return vectors by their rows, which are ascending."""
        bounds = np.searchsorted(rows, self._starts)
        return np.concatenate(
            [
                part.vectors[rows[first:last] - start]
                for (part, _), start, first, last in zip(
                    self._parts, self._starts[:-1], bounds[:-1], bounds[1:], strict=True
                )
            ]
        )
