"""Fusion of score lists, and windows of sentences."""

import numpy as np
import pytest

from index.fusion import reciprocal_rank_sum, standardized_sum
from index.windows import best_window_scores, number_owners, split_windows

LEXICAL = np.array([3.0, 1.0, 2.0], dtype=np.float32)
DENSE = np.array([0.1, 0.9, 0.2], dtype=np.float32)


def test_standardized_sum_equals_the_formula():
    expected = (LEXICAL - 2) / np.std([3, 1, 2]) + 0.5 * (DENSE - 0.4) / np.std([0.1, 0.9, 0.2])
    np.testing.assert_allclose(standardized_sum([LEXICAL, DENSE], [1, 0.5]), expected, rtol=1e-5)


def test_standardized_sum_does_not_see_shift_and_scale():
    once = standardized_sum([LEXICAL, DENSE], [1, 1])
    np.testing.assert_allclose(standardized_sum([LEXICAL * 7 + 3, DENSE], [1, 1]), once, rtol=1e-4)


def test_list_of_equal_scores_adds_nothing():
    flat = np.full(3, 5.0, dtype=np.float32)
    np.testing.assert_array_equal(
        standardized_sum([LEXICAL, flat], [1, 1]), standardized_sum([LEXICAL], [1])
    )


def test_reciprocal_rank_sum_equals_the_formula():
    expected = [1 / 61 + 1 / 63, 1 / 63 + 1 / 61, 1 / 62 + 1 / 62]
    np.testing.assert_allclose(reciprocal_rank_sum([LEXICAL, DENSE], [1, 1]), expected, rtol=1e-6)


@pytest.mark.parametrize("fuse", [standardized_sum, reciprocal_rank_sum])
def test_no_documents_give_no_scores(fuse):
    empty = np.zeros(0, dtype=np.float32)
    assert len(fuse([empty, empty], [1, 1])) == 0


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("甲。乙。丙。", ["甲。乙。丙。", "甲。", "乙。", "丙。", "甲。乙。", "乙。丙。"]),
        (
            "One is here. Two is there.",
            ["One is here. Two is there.", "One is here.", "Two is there."],
        ),
        ("一句", ["一句"]),
        ("", [""]),
    ],
    ids=["zh", "en", "one", "empty"],
)
def test_windows_are_the_text_its_sentences_and_pairs(text, windows):
    assert [window.strip() for window in split_windows(text)] == windows


def test_document_scores_as_its_best_window():
    owners = number_owners([["a", "b"], ["c"], ["d", "e"]])
    assert owners.tolist() == [0, 0, 1, 2, 2]
    scores = np.array([0.1, 0.7, 0.2, 0.5, 0.4], dtype=np.float32)
    np.testing.assert_allclose(best_window_scores(scores, owners, 3), [0.7, 0.2, 0.5])
