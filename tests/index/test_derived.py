"""Which dense index a shelf gets, and that it finds what an exact one finds."""

import faiss
import numpy as np

from index.derived import build_dense
from index.encoder import unit_rows


def vectors(num_rows: int) -> np.ndarray:
    return unit_rows(np.random.default_rng(0).normal(size=(num_rows, 64)).astype(np.float32))


def test_a_small_shelf_is_compared_exactly() -> None:
    rows = vectors(100)
    scores, found = build_dense(rows, exact_rows=100).search(rows[:5], 3)
    assert found[:, 0].tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(scores[:, 0], 1.0, atol=1e-6)


def test_a_large_shelf_takes_a_quarter_and_finds_the_same() -> None:
    rows = vectors(4_000)
    exact, rounded = build_dense(rows), build_dense(rows, exact_rows=100)
    sizes = [len(faiss.serialize_index(index)) for index in (exact, rounded)]
    assert sizes[1] < sizes[0] / 3.5
    queries = vectors(4_050)[-50:]
    expected, found = exact.search(queries, 10)[1], rounded.search(queries, 10)[1]
    shared = [len(set(a) & set(b)) / 10 for a, b in zip(expected, found, strict=True)]
    assert np.mean(shared) > 0.95


def test_the_same_rows_give_the_same_bytes() -> None:
    rows = vectors(300)
    first, second = (faiss.serialize_index(build_dense(rows, exact_rows=100)) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_no_rows_are_an_index_without_any() -> None:
    assert build_dense(np.zeros((0, 8), dtype=np.float32)).ntotal == 0
