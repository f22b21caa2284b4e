"""Which dense index a shelf gets, and that it finds what an exact one finds."""

from pathlib import Path

import faiss
import numpy as np
import pytest

from index.dense import Dense, DenseIndex, build_dense, load_dense
from index.encoder import unit_rows


def vectors(num_rows: int) -> np.ndarray:
    return unit_rows(np.random.default_rng(0).normal(size=(num_rows, 64)).astype(np.float32))


def search(index: DenseIndex, queries: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
    return Dense([index], [None]).search(queries, depth)


def test_a_small_shelf_is_compared_exactly() -> None:
    rows = vectors(100)
    index = build_dense(rows, exact_rows=100)
    assert index.rounded is None
    scores, found = search(index, rows[:5], 3)
    assert found[:, 0].tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(scores[:, 0], 1.0, atol=1e-6)


def test_a_large_shelf_is_searched_in_a_quarter_and_finds_the_same() -> None:
    rows = vectors(4_000)
    exact, rounded = build_dense(rows), build_dense(rows, exact_rows=100)
    sizes = [len(faiss.serialize_index(index)) for index in (exact.exact, rounded.rounded)]
    assert sizes[1] < sizes[0] / 3.5
    queries = vectors(4_050)[-50:]
    expected, found = search(exact, queries, 10), search(rounded, queries, 10)
    np.testing.assert_array_equal(expected[1], found[1])
    np.testing.assert_array_equal(expected[0], found[0])


def test_the_same_rows_give_the_same_bytes() -> None:
    rows = vectors(300)
    first, second = (
        faiss.serialize_index(build_dense(rows, exact_rows=100).rounded) for _ in range(2)
    )
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("exact_rows", [10, 1_000], ids=["rounded", "exact"])
def test_parts_find_what_the_whole_finds_without_what_is_gone(exact_rows: int) -> None:
    rows = vectors(600)
    alive = np.random.default_rng(1).random(600) > 0.4
    places = np.flatnonzero(alive)
    whole = build_dense(rows[alive], exact_rows=exact_rows)
    parts = [
        build_dense(rows[start : start + 200], exact_rows=exact_rows) for start in (0, 200, 400)
    ]
    kept = [alive[start : start + 200] for start in (0, 200, 400)]
    queries = vectors(620)[-20:]
    scores, found = Dense(parts, kept).search(queries, 7)
    expected_scores, expected = search(whole, queries, 7)
    np.testing.assert_array_equal(found, places[expected])
    np.testing.assert_array_equal(scores, expected_scores)


@pytest.mark.parametrize("exact_rows", [10, 1_000], ids=["rounded", "exact"])
def test_what_is_loaded_finds_what_was_saved(tmp_path: Path, exact_rows: int) -> None:
    index = build_dense(vectors(100), exact_rows=exact_rows)
    index.save(tmp_path)
    loaded = load_dense(tmp_path)
    np.testing.assert_array_equal(loaded.vectors, index.vectors)
    for one, other in zip(search(loaded, vectors(5), 9), search(index, vectors(5), 9), strict=True):
        np.testing.assert_array_equal(one, other)


def test_where_fewer_are_found_the_rest_is_marked(tmp_path: Path) -> None:
    empty = build_dense(np.zeros((0, 8), dtype=np.float32))
    empty.save(tmp_path)
    for index in (empty, load_dense(tmp_path)):
        assert search(index, np.ones((1, 8), np.float32), 2)[1].tolist() == [[-1, -1]]
    rows = vectors(3)
    assert search(build_dense(rows), rows[:1], 5)[1][0, 3:].tolist() == [-1, -1]
