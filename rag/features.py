"""What is counted of a piece of evidence for a question: shares from 0 to 1, and flags."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from corpus.language import HAN
from corpus.schema import Role
from rag.evidence import WEIGHT_SECTION, Evidence, text_terms
from rag.forms import form_features
from rag.question import Question, han_bigrams

_HAN_CHAR = re.compile(f"[{HAN}]")
# Held less than this, a term counts as missing.
_HELD_AT_ALL = 0.3


def evidence_features(
    question: Question,
    evidence: Evidence,
    weights: Mapping[str, float],
    nearness: Mapping[str, float],
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the features of a piece of evidence, and the terms that it lacks.

    All are shares from 0 to 1 or flags, so that their weights can be compared.

    Args:
        question: The analysed question.
        evidence: A sentence or a cell.
        weights: How much each term of the question says.
        nearness: How near the evidence's nearest term is to each term of the question.
    """
    total = sum(weights.values()) or 1.0
    sums = dict.fromkeys(("covered", "in_text", "in_label", "around", "name", "near"), 0.0)
    names = 0.0
    missing = []
    own_terms = evidence.matched_terms
    label_terms = text_terms(evidence.label)
    everything = evidence.everything if question.names else ""
    phrases = question.bigrams
    nameless = False
    around = [(text_terms(text), strength) for text, strength in evidence.around]
    for term, weight in weights.items():
        in_text = _held(term, own_terms, evidence.text)
        in_label = _held(term, label_terms, evidence.label)
        near = max((strength for terms, strength in around if term in terms), default=0.0)
        best = max(in_text, in_label if evidence.is_cell else 0.0, near)
        sums["covered"] += weight * best
        sums["in_text"] += weight * in_text
        sums["in_label"] += weight * in_label
        sums["around"] += weight * near
        if term in question.names or term.isdigit():
            if best < _HELD_AT_ALL and _named(term, question, everything):
                best = WEIGHT_SECTION
                sums["covered"] += weight * best
            nameless = nameless or (term in question.names and best < _HELD_AT_ALL)
            names += weight
            sums["name"] += weight * best
        else:
            # A name has no synonyms: Pro is not nearly Ultra.
            if evidence.language is not question.language:
                sums["covered"] += weight * max(0.0, nearness[term] - best)
                sums["in_text"] += weight * max(0.0, nearness[term] - in_text)
            best = max(best, nearness[term])
            sums["near"] += weight * best
        if best < _HELD_AT_ALL:
            missing.append(term)
    own = evidence.terms
    features = {
        "covered": sums["covered"] / total,
        "near_terms": (sums["near"] + sums["name"]) / total,
        "in_text": sums["in_text"] / total,
        "in_label": sums["in_label"] / total,
        "around": sums["around"] / total,
        "names_missing": (names - sums["name"]) / total,
        "name_missing": float(nameless),
        "only_names": float(_only_names(question, missing)),
        "worst_missing": max((weights[term] for term in missing), default=0.0),
        "verbatim": len(phrases & han_bigrams(evidence.named_text)) / (len(phrases) or 1),
        "precision": len(own & frozenset(question.terms)) / (len(own) or 1),
        "length": min(1.0, len(own) / 40),
        "is_cell": float(evidence.is_cell),
        "cell_covered": evidence.is_cell * sums["covered"] / total,
        "is_front": float(evidence.role is Role.FRONT),
        **form_features(question, evidence),
    }
    return features, tuple(missing)


def _only_names(question: Question, missing: Sequence[str]) -> bool:
    """Say whether evidence has nothing but names in common with a question that says more."""
    rest = [term for term in question.terms if term not in question.names and not term.isdigit()]
    return bool(rest) and all(term in missing for term in rest)


def _named(term: str, question: Question, everything: str) -> bool:
    """Say whether a name, or another form of it, stands somewhere around the evidence."""
    if term in text_terms(everything):
        return True
    return any(
        re.search(rf"(?<![a-z0-9]){re.escape(alias)}(?![a-z0-9])", everything)
        if alias.isascii()
        else alias in everything
        for alias in question.aliases.get(term, ())
    )


def _held(term: str, terms: frozenset[str], text: str) -> float:
    """Return how far terms hold a term: 1.0 the term itself, less for a relative of it.

    A Chinese word that is not there may share its characters (按月 – 月度); an English one may
    have another ending or a typing error.
    """
    if term in terms:
        return 1.0
    if _HAN_CHAR.search(term):
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
