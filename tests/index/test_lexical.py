"""Lexical search: BM25 over terms and what may stand for them."""

import math

import numpy as np
import pytest

from index.lexical import QueryTerm, build_lexical

DOCUMENTS = [["price", "plan", "price"], ["plan"], ["价格", "模型"], []]


def plain(*terms):
    return [QueryTerm(((term, 1.0),)) for term in terms]


def test_bm25_equals_the_formula():
    scores = build_lexical(DOCUMENTS).bm25_scores(plain("price", "plan"), k1=1.2, b=0.75)
    mean = 6 / 4
    idf_price = math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
    idf_plan = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    norm_0 = 1.2 * (1 - 0.75 + 0.75 * 3 / mean)
    norm_1 = 1.2 * (1 - 0.75 + 0.75 * 1 / mean)
    expected = [
        idf_price * 2 / (2 + norm_0) + idf_plan * 1 / (1 + norm_0),
        idf_plan * 1 / (1 + norm_1),
        0.0,
        0.0,
    ]
    np.testing.assert_allclose(scores, expected, rtol=1e-5)


def test_bm25_equals_a_direct_computation_on_random_documents():
    random = np.random.default_rng(0)
    vocabulary = [f"t{i}" for i in range(30)]
    documents = [list(random.choice(vocabulary, size=random.integers(1, 40))) for _ in range(50)]
    query = ["t1", "t5", "t9"]
    mean = sum(map(len, documents)) / len(documents)
    expected = []
    for document in documents:
        score = 0.0
        for term in query:
            df = sum(term in other for other in documents)
            tf = document.count(term)
            idf = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
            score += idf * tf / (tf + 1.2 * (0.25 + 0.75 * len(document) / mean))
        expected.append(score)
    scores = build_lexical(documents).bm25_scores(plain(*query))
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-6)


def test_translation_finds_what_the_term_does_not_and_scores_less():
    index = build_lexical([["价格"], ["price"], ["其他"]])
    scores = index.bm25_scores([QueryTerm((("price", 1.0), ("价格", 0.5)))])
    assert scores[1] > scores[0] > scores[2] == 0.0


def test_alternatives_add_up_as_a_noisy_or():
    index = build_lexical([["价格", "定价"], ["x"]])
    score = index.bm25_scores([QueryTerm((("价格", 0.5), ("定价", 0.5)))], b=0.0)[0]
    df = 1 - 0.5 * 0.5
    idf = math.log(1 + (2 - df + 0.5) / (df + 0.5))
    assert score == pytest.approx(idf * (1 - (1 - 0.5 / 2.2) ** 2), rel=1e-5)


def test_weight_scales_a_query_term():
    index = build_lexical(DOCUMENTS)
    once = index.bm25_scores([QueryTerm((("plan", 1.0),))])
    np.testing.assert_allclose(index.bm25_scores([QueryTerm((("plan", 1.0),), 3.0)]), 3 * once)


def test_document_frequency_counts_documents():
    index = build_lexical(DOCUMENTS)
    assert [index.document_frequency(term) for term in ("price", "plan", "none")] == [1, 2, 0]


def test_matches_count_as_one_occurrence_with_their_probability():
    index = build_lexical([["x"], ["y"], ["x", "y"]])
    matches = (np.array([0, 2], np.int32), np.array([1.0, 0.5], np.float32))
    scores = index.bm25_scores([QueryTerm((), matches=matches)], b=0.0)
    df = 1.0 + 0.5
    idf = math.log(1 + (3 - df + 0.5) / (df + 0.5))
    np.testing.assert_allclose(scores, [idf / 2.2, 0.0, idf * 0.5 / 2.2], rtol=1e-5)


def test_matches_and_alternatives_are_one_term():
    index = build_lexical([["x"], ["y"], ["z"]])
    matches = (np.array([1], np.int32), np.array([1.0], np.float32))
    both = index.bm25_scores([QueryTerm((("x", 1.0),), matches=matches)])
    assert both[0] == pytest.approx(both[1])
    assert both[2] == 0.0
    assert both[0] < index.bm25_scores(plain("x"))[0]  # two documents hold it, not one


def test_many_alternatives_of_any_frequency_are_the_noisy_or_of_each():
    random = np.random.default_rng(3)
    often = [0.9 if number % 4 == 0 else 0.02 for number in range(20)]
    documents = [
        [f"t{number}" for number in range(20) if random.random() < often[number]]
        for _ in range(1500)
    ]
    probabilities = random.random(20)
    alternatives = tuple((f"t{number}", float(p)) for number, p in enumerate(probabilities))
    missing = [
        math.prod(1 - probabilities[int(term[1:])] / 2.2 for term in document)
        for document in documents
    ]
    df = sum(
        1 - math.prod(1 - probabilities[int(term[1:])] for term in document)
        for document in documents
    )
    idf = math.log(1 + (1500 - df + 0.5) / (df + 0.5))
    scores = build_lexical(documents).bm25_scores([QueryTerm(alternatives)], b=0.0)
    np.testing.assert_allclose(scores, [idf * (1 - value) for value in missing], rtol=1e-4)
