"""Typing errors in names: Midjourny → Midjourney, where the reports know only the latter."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from corpus.glossary import names_in
from index.background import rarity
from index.opened import Vocabulary
from index.terms import analyze

# A word that general text knows is no typing error, even where the reports do not have it.
_UNKNOWN = 0.75
_LEAST_LETTERS = 5
# British spellings; the reports may have the American ones, or neither.
_BRITISH = (
    (re.compile(r"is(?=(?:e[drs]?|ing|ations?|ational|able)$)", re.IGNORECASE), "iz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|able|ite|al|ful)?$)", re.IGNORECASE), "or"),
    (re.compile(r"(?<=[a-z]{2})yse(?=[drs]?$)", re.IGNORECASE), "yze"),
    (re.compile(r"(?<=[a-z]{3})tre(?=s?$)", re.IGNORECASE), "ter"),
)
_WORD = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{{_LEAST_LETTERS},}}(?:\dD)?(?![A-Za-z0-9])")


class Spelling:
    """Corrects Latin words by the words of an index. Safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def correct(self, text: str) -> str:
        """Return a text with each unknown word replaced by the one index word an edit away.

        An edit is a letter more, less, other, or two letters in the other order (Damerau). Of
        several words the most frequent is taken; a word that the index has in any form is left
        alone, and so are the names of the glossary.
        """
        known = {word for name in names_in(text) for word in name.split()}
        return _WORD.sub(
            lambda match: match[0] if match[0].casefold() in known else self._corrected(match[0]),
            text,
        )

    def _corrected(self, word: str) -> str:
        terms = analyze(word)
        if (
            len(terms) != 1
            or self._vocabulary.document_frequency(terms[0])
            or rarity(terms[0]) < _UNKNOWN
        ):
            return word
        for pattern, american in _BRITISH:
            other = pattern.sub(american, word)
            if other != word and self._is_word(other):
                return other
        # The index has stems: "Difusion" is as near to "diffus" as its own stem is.
        near = {
            other
            for form in {word.casefold(), terms[0]}
            for size in (-1, 0, 1)
            for other in self._words.get((form[0], len(form) + size), ())
            if is_one_edit(form, other)
        }
        if word.isupper():
            # Capitals name something; no common word is meant.
            near = {other for other in near if rarity(other) >= _UNKNOWN}
        if not near:
            return word
        return max(near, key=lambda other: (self._vocabulary.document_frequency(other), other))

    def _is_word(self, word: str) -> bool:
        """Say whether the index has a word, or general text does."""
        return any(
            self._vocabulary.document_frequency(term) or rarity(term) < _UNKNOWN
            for term in analyze(word)
        )

    @cached_property
    def _words(self) -> Mapping[tuple[str, int], Sequence[str]]:
        """Return the Latin words of the index by first letter and length."""
        words: dict[tuple[str, int], list[str]] = {}
        for term in self._vocabulary.terms:
            if (
                len(term) >= _LEAST_LETTERS
                and term.isascii()
                and term.rstrip("0123456789d").isalpha()
            ):
                words.setdefault((term[0], len(term)), []).append(term)
        return words


def is_one_edit(a: str, b: str) -> bool:
    """Say whether two different words are one Damerau edit apart.

    >>> is_one_edit("midjourny", "midjourney"), is_one_edit("difusion", "diffusion")
    (True, True)
    >>> is_one_edit("phnix", "phinx"), is_one_edit("gpt", "gpt")
    (True, False)
    """
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])
