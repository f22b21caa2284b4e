"""Whether a text holds a word or a name of a question: itself, a relative, another spelling."""

import re
from collections.abc import Collection
from functools import lru_cache

from corpus.language import HAN
from rag.evidence.evidence import text_terms
from rag.questions.naming import holds_alias, holds_version, initials, is_spelled_in, squash
from rag.questions.question import Question

_LONG_STEM = 7  # letters
_HAN_CHAR = re.compile(f"[{HAN}]")


def is_named(term: str, question: Question, everything: str) -> bool:
    """Say whether a name, in any of its forms, stands somewhere around the evidence."""
    if term in text_terms(everything):
        return True
    if term.isascii() and len(term) >= 3 and spelled(term).search(everything):
        return True
    acronym = question.acronyms.get(term)
    if acronym and acronym in initials(everything):
        return True
    return holds_alias(term, question.aliases, everything.casefold()) or is_spelled_in(
        term, everything
    )


def versions_held(question: Question, everything: str) -> bool:
    """Say whether a text has all versions that a question names."""
    if not question.versions:
        return True
    squashed = squash(everything)
    return all(holds_version(version, squashed) for version in question.versions)


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
        return 0.8 if any(_near_word(term, other) for other in terms) else 0.0
    return 0.0


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
