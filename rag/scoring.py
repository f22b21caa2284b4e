"""How well a piece of evidence answers a question: one readable score from named parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.quantities import Quantity, QuantityKind, same_quantity, supports
from corpus.schema import Role
from rag.evidence import Evidence, text_quantities
from rag.question import Question, QuestionKind

# A question's figures and dates are asked about, so they are no answer to it.
_ANSWERING = {
    QuantityKind.NUMBER,
    QuantityKind.COUNT,
    QuantityKind.MONEY,
    QuantityKind.PERCENT,
    QuantityKind.POINTS,
    QuantityKind.MULTIPLE,
    QuantityKind.DURATION,
    QuantityKind.MEASURE,
}

# Weights of the parts, set on the development cases (docs/log.md).
_TYPE_WEIGHT = 0.25
_RETRIEVAL_WEIGHT = 0.1
_WRONG_PERIOD = -0.6
_BOILERPLATE = -0.5
_FRONT = -0.15


@dataclass(frozen=True, slots=True)
class ScoredEvidence:
    """Evidence with what it was judged by. `score` orders; `coverage` (0 to 1) decides."""

    evidence: Evidence
    score: float
    coverage: float
    missing: tuple[str, ...]  # terms of the question found neither in it nor around it
    period_fits: bool
    type_fits: bool


def score_evidence(
    question: Question,
    evidence: Sequence[Evidence],
    weight: Callable[[str], float],
) -> list[ScoredEvidence]:
    """Return the evidence with scores, best first, ties in the order given.

    Args:
        question: The analysed question.
        evidence: What the retrieved chunks offer.
        weight: How much a term says, higher for rarer ones; never negative.
    """
    weights = {term: weight(term) for term in question.terms}
    top = max((item.retrieval for item in evidence), default=1.0) or 1.0
    scored = [_score(question, item, weights, top) for item in evidence]
    return sorted(scored, key=lambda item: -item.score)


def _score(
    question: Question, evidence: Evidence, weights: Mapping[str, float], top: float
) -> ScoredEvidence:
    coverage, missing = _coverage(evidence, weights)
    period_fits = _period_fits(question, evidence)
    type_fits = _type_fits(question, evidence)
    score = coverage + _RETRIEVAL_WEIGHT * evidence.retrieval / top
    score += _TYPE_WEIGHT * type_fits
    score += _WRONG_PERIOD * (not period_fits)
    if evidence.role in (Role.BOILERPLATE, Role.CONTENTS):
        score += _BOILERPLATE
    elif evidence.role is Role.FRONT:
        score += _FRONT
    return ScoredEvidence(evidence, score, coverage, missing, period_fits, type_fits)


def _coverage(
    evidence: Evidence, weights: Mapping[str, float]
) -> tuple[float, tuple[str, ...]]:
    """Return the weighted share of the question's terms that the evidence carries, 0 to 1."""
    total = sum(weights.values())
    if not total:
        return 0.0, ()
    carried = 0.0
    missing = []
    own = evidence.terms
    for term, weight in weights.items():
        if term in own:
            carried += weight
            continue
        around = max((strength for terms, strength in evidence.fields if term in terms), default=0.0)
        carried += weight * around
        if not around:
            missing.append(term)
    return carried / total, tuple(missing)


def _period_fits(question: Question, evidence: Evidence) -> bool:
    """Say whether the evidence speaks of the periods asked about.

    It does when one of its dates carries the period, or when it names no date and what leads to it
    does. A question without a period fits everything.
    """
    if not question.periods:
        return True
    said = _dates(evidence.text) or _dates(evidence.lead) or _dates(
        f"{evidence.row} {evidence.column} {evidence.caption} {' '.join(evidence.section)}"
    )
    if evidence.is_cell:
        said = _dates(f"{evidence.row} {evidence.column} {evidence.text}") or said
    return any(_overlaps(date, period) for date in said for period in question.periods)


def _dates(text: str) -> list[Quantity]:
    return [q for q in text_quantities(text) if q.kind is QuantityKind.DATE]


def _overlaps(said: Quantity, period: Quantity) -> bool:
    if supports(said, period) or supports(period, said):
        return True
    if said.date is None or period.date is None:
        return False
    if period.date.year is None:
        return said.date.month == period.date.month
    return said.low <= period.low <= said.high and said.date_end is not None


def answering_quantities(question: Question, text: str) -> list[Quantity]:
    """Return the quantities of a text that can answer a number question, best kinds first."""
    asked = (*question.figures, *question.periods)
    found = [
        quantity
        for quantity in text_quantities(text)
        if quantity.kind in _ANSWERING and not any(same_quantity(quantity, q) for q in asked)
    ]
    wanted = [q for q in found if q.kind in question.unit_kinds]
    return wanted if question.unit_kinds else found


def _type_fits(question: Question, evidence: Evidence) -> bool:
    if question.kind is QuestionKind.NUMBER:
        unit = f"{evidence.text}{evidence.unit}" if evidence.unit else evidence.text
        return bool(answering_quantities(question, unit))
    if question.kind is QuestionKind.DATE:
        asked = question.periods
        return any(not any(same_quantity(date, q) for q in asked) for date in _dates(evidence.text))
    return False
