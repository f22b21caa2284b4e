"""Whether a text holds a word or a name of a question: itself, a relative, another spelling."""

import re
from collections.abc import Collection
from functools import lru_cache

from corpus.language import HAN
from index.terms import simplify
from rag.evidence.evidence import text_terms
from rag.questions.naming import holds_alias, holds_version, initials, is_spelled_in
from rag.questions.question import Question

_LONG_STEM = 7  # letters
_HAN_CHAR = re.compile(f"[{HAN}]")


def is_named(term: str, question: Question, text: str) -> bool:
    """Say whether a name, in any of its forms, stands in a text."""
    others = tuple(question.aliases.get(term, ()))
    return _is_named(term, question.acronyms.get(term, ""), others, text)


@lru_cache(maxsize=1 << 14)
def _is_named(term: str, acronym: str, others: tuple[str, ...], text: str) -> bool:
    folded = _folded(text)
    # Where not even its letters stand it is no term, and cutting a long text into terms takes long.
    if _stem(term) in folded and term in text_terms(text):
        return True
    if term.isascii() and len(term) >= 3 and spelled(term).search(text):
        return True
    if acronym and acronym in initials(text):
        return True
    return holds_alias(term, {term: others}, text.casefold()) or is_spelled_in(term, text)


def _stem(term: str) -> str:
    """Return what any form of a term begins with: firefli is the stem of Firefly."""
    return term[:-1] if term.isascii() and len(term) > 2 else term


@lru_cache(maxsize=1 << 12)
def _folded(text: str) -> str:
    return simplify(text).casefold()


def versions_held(question: Question, everything: str) -> bool:
    """Say whether a text has all versions that a question names."""
    return all(holds_version(version, everything) for version in question.versions)


@lru_cache(maxsize=1 << 12)
def _has_han(term: str) -> bool:
    return _HAN_CHAR.search(term) is not None


def held(term: str, terms: Collection[str], text: str) -> float:
    """Return how far terms hold a term: 1.0 the term itself, less for a relative of it.

    A Chinese word that is not there may share its characters (按月 – 月度); an English one may
    have another ending or a typing error.
    """
    if term in terms:
        return 1.0
    if _has_han(term):
        if len(term) < 2:
            return 0.0
        return 0.5 * sum(char in text for char in term) / len(term)
    if term.endswith("s") and term[:-1] in terms:
        return 1.0  # LLMs, CNNs: the stemmer leaves acronyms alone
    if len(term) >= 5 and term.isascii() and term.isalpha():
        near = _long_words(frozenset(terms)).get(term[0], ())
        return 0.8 if any(_near_word(term, other) for other in near) else 0.0
    return 0.0


@lru_cache(maxsize=1 << 14)
def _long_words(terms: frozenset[str]) -> dict[str, list[str]]:
    """Return the Latin words of five letters and more by their first letter."""
    found: dict[str, list[str]] = {}
    for term in terms:
        if len(term) >= 5 and term.isascii():
            found.setdefault(term[0], []).append(term)
    return found


@lru_cache(maxsize=1 << 16)
def _near_word(a: str, b: str) -> bool:
    """Say whether two English words are one with another ending or one typing error."""
    if abs(len(a) - len(b)) > 3 or len(b) < 5 or not b.isascii() or a[0] != b[0]:
        return False
    common = 0
    for left, right in zip(a, b, strict=False):
        if left != right:
            break
        common += 1
    if common >= max(5, 0.75 * max(len(a), len(b))):
        return True
    return len(a) >= 6 and _edit_distance_is_one(a, b)


def _edit_distance_is_one(a: str, b: str) -> bool:
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    for position, char in enumerate(a):
        if char != b[position]:
            return a[position + (len(a) == len(b)) :] == b[position + 1 :]
    return True


@lru_cache(maxsize=1 << 12)
def spelled(term: str) -> re.Pattern[str]:
    """Compile a stem to what finds it in any spelling: W. A. L. T, Touch Designer."""
    letters = r"[\s.·‧-]*".join(re.escape(letter) for letter in term)
    # A long stem may have lost a long ending: multimod-ality.
    ending = 6 if len(term) >= _LONG_STEM else 3
    return re.compile(rf"(?<![a-z0-9]){letters}[a-z]{{0,{ending}}}(?![a-z0-9])", re.IGNORECASE)
