"""The Latin words of a vocabulary: sorted in one array, to be looked up by their beginnings."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

LatinWords = npt.NDArray[np.bytes_]
"""Words of the letters a to z, sorted, each once; shape (num_words,)."""

_MAX_LETTERS = 32
_BEYOND = b"{"  # the character after z
_WORD = f"S{_MAX_LETTERS + 1}"  # of words and what is looked up alike: numpy copies all for another


def latin_words(terms: Iterable[str]) -> LatinWords:
    """Return those of the terms that are words of 2 to 32 letters from a to z."""
    found = {
        term
        for term in terms
        if 2 <= len(term) <= _MAX_LETTERS and term.isascii() and term.isalpha() and term.islower()
    }
    return np.array(sorted(found), dtype=_WORD)


def are_beginnings(prefixes: Sequence[str], words: LatinWords) -> npt.NDArray[np.bool_]:
    """Say of each prefix (of letters a to z) whether a word begins with it.

    >>> are_beginnings(["lu", "ul", ""], latin_words(["luther"])).tolist()
    [True, False, True]
    """
    asked = np.array([prefix.encode() for prefix in prefixes], dtype=_WORD)
    beyond = np.array([prefix.encode() + _BEYOND for prefix in prefixes], dtype=_WORD)
    found: npt.NDArray[np.bool_] = np.searchsorted(words, asked) < np.searchsorted(words, beyond)
    return found


def is_word(text: str, words: LatinWords) -> bool:
    """Say whether a text is one of the words."""
    place = np.searchsorted(words, text.encode())
    return bool(place < len(words) and words[place] == text.encode())
