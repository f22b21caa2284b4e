from pathlib import Path

import numpy as np
import pytest

from index import words
from index.errors import IndexMissing
from index.training.words import prepare_words


def test_the_shipped_words_are_those_of_the_dictionary() -> None:
    expected = dict(zip(*prepare_words(), strict=True))
    assert words.word_weights() == expected


def test_a_beginning_of_a_word_is_known_but_no_word() -> None:
    weights = words.word_weights()
    assert weights["人工智能"] > weights["人工智"] == -np.inf


@pytest.mark.parametrize("data", [None, b"", b"PK\x03\x04 no archive"])
def test_a_missing_or_damaged_file_is_named_with_the_remedy(
    data: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "words.npz"
    if data is not None:
        path.write_bytes(data)
    monkeypatch.setattr(words, "WORDS_PATH", path)
    words.word_weights.cache_clear()
    try:
        with pytest.raises(IndexMissing, match="restore it"):
            words.word_weights()
    finally:
        words.word_weights.cache_clear()
