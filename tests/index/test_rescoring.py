"""Scoring the best documents again: by which sentence, with which weight, and which of them."""

import numpy as np
import pytest

from index.forward import build_forward_index
from index.lexical import K1, QueryTerm
from index.rescoring import (
    NUM_RESCORED,
    SENTENCE_WEIGHT,
    USUAL_LENGTH,
    Asked,
    B,
    Sentences,
    rescored,
)


def plain(*terms: str) -> list[QueryTerm]:
    return [QueryTerm(((term, 1.0),)) for term in terms]


def best(query, *texts):
    return Sentences([build_forward_index(texts)]).best_scores(query, np.arange(len(texts)))


def saturated(count: int, length: int) -> float:
    return count / (count + K1 * (1 - B + B * length / USUAL_LENGTH))


def test_words_in_one_sentence_beat_words_that_are_strewn():
    query = plain("price", "plan")
    together, neighbours, strewn, none = best(
        query,
        "The plan has a price. Cats sleep. Dogs bark.",
        "The plan grows. A price falls. Dogs bark.",
        "The plan grows. Cats sleep. A price falls.",
        "Dogs bark.",
    )
    assert together > neighbours > strewn > none == 0


def test_a_pair_of_neighbours_counts_as_one_longer_sentence():
    (score,) = best(plain("price"), "Price rose. Price fell.")
    assert score == pytest.approx(max(saturated(1, 2), saturated(2, 4)))


def test_alternatives_are_a_noisy_or_and_weights_scale():
    query = [QueryTerm((("price", 1.0), ("价格", 0.5), ("定价", 0.5)), weight=2.0)]
    (score,) = best(query, "价格定价")
    missing = (1 - 0.5 * saturated(1, 2)) ** 2
    assert score == pytest.approx(2 * (1 - missing))


def test_an_alternative_of_two_terms_stands_for_both():
    shared = (("价格", 0.5),)
    (one,) = best([QueryTerm(shared)], "价格")
    (two,) = best([QueryTerm(shared), QueryTerm(shared)], "价格")
    assert two == pytest.approx(2 * one)


@pytest.mark.parametrize("texts", [[], [""], ["……", ""], ["Dogs bark."]])
@pytest.mark.parametrize("query", [[], plain("price"), [QueryTerm(())]])
def test_where_nothing_is_found_the_score_is_zero(texts, query):
    assert best(query, *texts).tolist() == [0.0] * len(texts)


def test_parts_are_numbered_on():
    texts = ["Dogs bark.", "", "A price.", "The price of a plan."]
    whole = Sentences([build_forward_index(texts)])
    parts = Sentences([build_forward_index(part) for part in (texts[:2], [], texts[2:])])
    order = np.array([3, 0, 2, 1])
    query = plain("price", "plan")
    assert parts.best_scores(query, order).tolist() == whole.best_scores(query, order).tolist()


def test_foreign_documents_are_read_with_the_translated_query():
    sentences = Sentences([build_forward_index(["Price.", "价格。", "Price."])])
    asked = Asked(plain("price"), plain("价格"))
    foreign = np.array([False, True, True])
    scores = asked.best_sentences(sentences, np.arange(3), foreign)
    assert (scores > 0).tolist() == [True, True, False]


def test_the_best_are_raised_in_units_of_the_deviation():
    fused = np.array([1.0, -np.inf, 3.0], dtype=np.float32)
    raised = rescored(fused, 2.0, lambda rows: np.ones(len(rows), dtype=np.float32))
    gain = SENTENCE_WEIGHT / 2.0
    np.testing.assert_allclose(raised, [1.0 + gain, -np.inf, 3.0 + gain], rtol=1e-6)
    assert rescored(fused, 0.0, lambda rows: np.ones(len(rows))).tolist() == fused.tolist()


def test_of_ties_at_the_end_none_is_read():
    fused = np.zeros(NUM_RESCORED + 5, dtype=np.float32)
    fused[7] = 1.0
    read = []

    def note(rows):
        read.extend(rows.tolist())
        return np.ones(len(rows), dtype=np.float32)

    rescored(fused, 1.0, note)
    assert read == [7]
