"""How well a piece of evidence answers a question: named features and their learned weights.

The features are plain counts and shares that can be read off the question and the evidence. The
weights are those of a linear model fitted on the development cases (`python -m eval.fit`), kept in
`scorer.json` beside this file, so that anybody can see what counts for how much.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.language import HAN
from corpus.quantities import Quantity, QuantityKind, same_quantity, supports
from corpus.schema import Role
from rag.evidence import Evidence, text_quantities
from rag.question import Question, QuestionKind

WEIGHTS_PATH = Path(__file__).parent / "scorer.json"

# Quantities that say how much; a date says when, a code says who.
_AMOUNTS = frozenset(QuantityKind) - {QuantityKind.DATE, QuantityKind.CODE}
_LIST_MARK = re.compile(r"、|；|;|(?:^|\s)[(（]?\d[)）]|, \w+,")
_CAUSE = re.compile(
    r"由于|因此|因为|原因|导致|受益于|驱动|有望|使得|从而|以便|because|due to|owing to|as a result|"
    r"therefore|driven by|thanks to|lead(?:s|ing)? to|since\b|so that",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"(?:是一(?:种|类|个|款)|是指|指的是|即|全称|也被?称为|又称|简称|定义为|指|是)|[（(][A-Z][\w\s,.-]+[)）]|"
    r"\b(?:is an?|are|refers? to|means?|defined as|also (?:known|called)|stands? for|denotes?)\b",
    re.IGNORECASE,
)
_HAN_CHAR = re.compile(f"[{HAN}]")
_LATIN_TERM = re.compile(r"^[a-z][a-z0-9.+-]*$")


@dataclass(frozen=True, slots=True)
class ScoredEvidence:
    """Evidence with what it was judged by. `score` orders; the decision reads the features."""

    evidence: Evidence
    score: float
    features: Mapping[str, float]
    missing: tuple[str, ...]  # terms of the question found neither in it nor around it

    @property
    def coverage(self) -> float:
        """Return the weighted share of the question that it carries, 0 to 1."""
        return self.features["covered"]


def score_evidence(
    question: Question,
    evidence: Sequence[Evidence],
    weight: Callable[[str], float],
) -> list[ScoredEvidence]:
    """Return the evidence with scores, best first, ties in the order given.

    Args:
        question: The analysed question.
        evidence: What the retrieved chunks offer.
        weight: How much a term says, from 0 to 1, higher for rarer ones.
    """
    weights = {term: weight(term) for term in question.terms}
    top = max((item.retrieval for item in evidence), default=1.0) or 1.0
    learned = learned_weights()
    scored = []
    for item in evidence:
        features, missing = evidence_features(question, item, weights, item.retrieval / top)
        score = sum(learned.get(name, 0.0) * value for name, value in features.items())
        scored.append(ScoredEvidence(item, score, features, missing))
    return sorted(scored, key=lambda item: -item.score)


@lru_cache(maxsize=1)
def learned_weights() -> Mapping[str, float]:
    """Return the weight of every feature."""
    weights: Mapping[str, float] = json.loads(WEIGHTS_PATH.read_text(encoding="utf-8"))["evidence"]
    return weights


def evidence_features(
    question: Question, evidence: Evidence, weights: Mapping[str, float], retrieval: float
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the features of a piece of evidence, and the terms that it lacks.

    All are shares from 0 to 1 or flags, so that their weights can be compared.
    """
    own = evidence.terms
    total = sum(weights.values()) or 1.0
    in_text = in_label = around = names = name_total = 0.0
    missing = []
    for term, weight in weights.items():
        is_name = bool(_LATIN_TERM.match(term)) and question.language == "zh" or term.isdigit()
        name_total += weight * is_name
        held = _held(term, own, evidence.text)
        labelled = near = 0.0
        for terms, strength in evidence.fields:
            if evidence.is_cell and terms is evidence.fields[0][0]:
                labelled = _held(term, terms, "")
            else:
                near = max(near, strength * _held(term, terms, ""))
        in_text += weight * held
        in_label += weight * labelled
        around += weight * near
        best = max(held, labelled, near)
        names += weight * best * is_name
        if best < 0.3:
            missing.append(term)
    covered = total - sum(
        weight * (1 - max(_held(term, own, evidence.text), _around(term, evidence)))
        for term, weight in weights.items()
    )
    asked = frozenset(question.terms)
    features = {
        "covered": covered / total,
        "in_text": in_text / total,
        "in_label": in_label / total,
        "around": around / total,
        "names_missing": (name_total - names) / total,
        "precision": len(own & asked) / (len(own) or 1),
        "retrieval": retrieval,
        "length": min(1.0, len(own) / 40),
        "is_cell": float(evidence.is_cell),
        "is_front": float(evidence.role is Role.FRONT),
        "is_boilerplate": float(evidence.role is Role.BOILERPLATE),
        "is_contents": float(evidence.role is Role.CONTENTS),
        **_form_features(question, evidence),
    }
    return features, tuple(missing)


def _around(term: str, evidence: Evidence) -> float:
    return max(
        (strength * _held(term, terms, "") for terms, strength in evidence.fields), default=0.0
    )


def _held(term: str, terms: frozenset[str], text: str) -> float:
    """Return how far terms hold a term: 1.0 the term itself, less for a relative of it.

    A Chinese word that is not there may share its characters (按月 – 月度); an English one may
    have another ending or a typing error.
    """
    if term in terms:
        return 1.0
    if _HAN_CHAR.search(term):
        if len(term) < 2 or not text:
            return 0.0
        return 0.5 * sum(char in text for char in term) / len(term)
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


def _form_features(question: Question, evidence: Evidence) -> dict[str, float]:
    """Return what the form of the evidence says: a figure for "how much", a date for "when"."""
    kind = question.kind
    wants_number = kind is QuestionKind.NUMBER
    amounts = answering_quantities(question, f"{evidence.text}{evidence.unit}")
    typed = [q for q in amounts if q.kind in question.unit_kinds]
    dates = [q for q in _dates(evidence.text) if not _is_asked(question, q)]
    fits = period_fit(question, evidence)
    return {
        "number_for_number": float(wants_number and bool(amounts)),
        "unit_for_number": float(wants_number and bool(typed)),
        "number_missing": float(wants_number and not amounts),
        "unit_missing": float(wants_number and bool(question.unit_kinds) and not typed),
        "date_for_date": float(kind is QuestionKind.DATE and bool(dates)),
        "date_missing": float(kind is QuestionKind.DATE and not dates),
        "list_for_list": float(
            kind is QuestionKind.LIST and bool(_LIST_MARK.search(evidence.text))
        ),
        "cause_for_cause": float(kind is QuestionKind.CAUSE and bool(_CAUSE.search(evidence.text))),
        "definition_for_definition": float(
            kind is QuestionKind.DEFINITION and bool(_DEFINITION.search(evidence.text))
        ),
        "period_said": float(fits is True),
        "period_wrong": float(fits is False),
    }


def period_fit(question: Question, evidence: Evidence) -> bool | None:
    """Say whether the evidence speaks of a period asked about; None when none is asked or said.

    The evidence's own dates decide; where it has none, those of the sentence before, the labels,
    the caption and the headings.
    """
    if not question.periods:
        return None
    labels = f"{evidence.row} {evidence.column} {evidence.caption}"
    for text in (
        f"{evidence.text} {labels}" if evidence.is_cell else evidence.text,
        evidence.lead,
        " ".join(evidence.section),
    ):
        if said := _dates(text):
            return any(_overlaps(date, period) for date in said for period in question.periods)
    return None


def _dates(text: str) -> list[Quantity]:
    return [q for q in text_quantities(text) if q.kind is QuantityKind.DATE]


def _is_asked(question: Question, quantity: Quantity) -> bool:
    asked = (*question.figures, *question.periods)
    return any(same_quantity(quantity, other) for other in asked)


def _overlaps(said: Quantity, period: Quantity) -> bool:
    if supports(said, period) or supports(period, said):
        return True
    if said.date is None or period.date is None:
        return False
    if period.date.year is None:
        return said.date.month == period.date.month
    return said.date_end is not None and said.low <= period.low <= said.high


def answering_quantities(question: Question, text: str) -> list[Quantity]:
    """Return the amounts in a text that the question does not itself state."""
    return [
        quantity
        for quantity in text_quantities(text)
        if quantity.kind in _AMOUNTS and not _is_asked(question, quantity)
    ]


def term_weight(rarity: float, document_frequency: int, num_views: int) -> float:
    """Return how much a question's term says, from 0 to 1.

    The square of its rarity in general text, so that colloquial words say next to nothing, times
    its rarity on the shelf: a word that every report uses separates none of them.
    """
    on_shelf = math.log1p(num_views / (1 + document_frequency)) / math.log1p(num_views or 1)
    return rarity**2 * (0.4 + 0.6 * min(1.0, on_shelf))
