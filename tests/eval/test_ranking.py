from math import log2

import pytest

from eval.places import Place
from eval.ranking import finds, first_ranks, ranking_scores

A, B = [Place("d", 0, 10)], [Place("d", 50, 60), Place("e", 0, 10)]


def test_half_of_a_span_is_needed_at_one_of_its_places() -> None:
    assert finds(Place("d", 5, 40), A)
    assert not finds(Place("d", 6, 40), A)
    assert not finds(Place("e", 0, 40), A)
    assert finds(Place("e", 5, 40), B)


def test_every_span_has_the_rank_of_the_first_chunk_that_finds_it() -> None:
    chunks = [Place("x", 0, 99), Place("d", 40, 99), Place("d", 0, 99)]
    assert first_ranks(chunks, [A, B, []]) == [3, 2, None]
    assert first_ranks([], [A]) == [None]


def test_scores_equal_their_formulas() -> None:
    scores = ranking_scores([2, 6, None])
    assert scores["recall@1"] == 0.0
    assert scores["recall@5"] == 1 / 3
    assert scores["recall@10"] == 2 / 3
    assert scores["mrr"] == 1 / 2
    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert scores["ndcg@10"] == pytest.approx((1 / log2(3) + 1 / log2(7)) / ideal)


def test_a_perfect_ranking_has_one_everywhere() -> None:
    assert set(ranking_scores([1]).values()) == {1.0}
    assert ranking_scores([1, 1])["ndcg@10"] == 1.0  # one chunk holds both


def test_nothing_found_is_zero_everywhere() -> None:
    assert set(ranking_scores([None, None]).values()) == {0.0}
