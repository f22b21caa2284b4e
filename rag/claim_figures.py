"""Do the figures and dates of a clause bear out those of a claim?"""

from collections.abc import Sequence
from decimal import Decimal

from corpus.quantities import Bound, Quantity, QuantityKind, same_quantity, supports
from rag.claim_words import EVENT
from rag.evidence import Evidence, text_quantities
from rag.forms import period_fit
from rag.question import Question

_NEAR = Decimal("0.1")  # of a figure that is "about" another


def figures_agree(question: Question, evidence: Evidence, clause: str) -> bool | None:
    """Say whether the figures and dates of a clause are those asked about; None when unclear."""
    text = f"{clause}{evidence.unit}" if evidence.is_cell else clause
    said = text_quantities(text)
    verdicts = [
        _figure_agrees(figure, said, question, is_cell=evidence.is_cell)
        for figure in question.figures
    ]
    dates = [q for q in said if q.kind is QuantityKind.DATE]
    for period in question.periods:
        if any(supports(date, period) or supports(period, date) for date in dates):
            verdicts.append(True)
        elif len(dates) == 1 and EVENT.search(question.text) and _same_parts(dates[0], period):
            verdicts.append(False)
        elif period_fit(question, evidence) is not True:
            return None
    if None in verdicts:
        return None
    return all(verdicts)


def _figure_agrees(
    asked: Quantity, said: Sequence[Quantity], question: Question, *, is_cell: bool
) -> bool | None:
    comparable = [q for q in said if _comparable(asked, q) and _is_of_period(q, said, question)]
    verdicts = {_holds(asked, q) for q in comparable}
    if True in verdicts and (asked.bound is Bound.EXACT or len(comparable) == 1):
        return True
    # Of several figures none need be the one that is asked about.
    is_alone = len(question.figures) == 1 and (len(comparable) == 1 or is_cell)
    return False if verdicts == {False} and is_alone else None


def _is_of_period(quantity: Quantity, said: Sequence[Quantity], question: Question) -> bool:
    """Say whether the date before a figure is one asked about, where any is."""
    before = [q for q in said if q.kind is QuantityKind.DATE and q.end <= quantity.start]
    if not question.periods or not before:
        return True
    return any(
        supports(before[-1], period) or supports(period, before[-1]) for period in question.periods
    )


def _comparable(a: Quantity, b: Quantity) -> bool:
    counts = {QuantityKind.NUMBER, QuantityKind.COUNT}
    if a.kind is not b.kind:
        return {a.kind, b.kind} == counts
    return a.kind is not QuantityKind.DATE and (a.unit == b.unit or not a.unit or not b.unit)


def _holds(asked: Quantity, said: Quantity) -> bool | None:
    """Say whether a figure bears out another: "over 100" is borne out by 120; None when unclear."""
    if same_quantity(asked, said):
        return True
    if said.low != said.high or asked.low != asked.high:
        return None
    value, limit = said.low, asked.low
    if asked.bound is Bound.OVER:
        if said.bound is Bound.UNDER:
            return False if value <= limit else None
        return (
            True
            if value > limit
            else (False if said.bound is Bound.EXACT and value < limit else None)
        )
    if asked.bound is Bound.UNDER:
        if said.bound is Bound.OVER:
            return False if value >= limit else None
        return True if value < limit else (False if value > limit else None)
    if value == limit:
        return True if said.bound in (Bound.EXACT, Bound.ABOUT) else None
    if said.bound is Bound.OVER and value < limit:
        return False if asked.bound is Bound.EXACT and limit >= 2 * value else None
    near = abs(value - limit) <= abs(limit) * _NEAR
    return None if near and asked.bound is Bound.ABOUT else False


def _same_parts(a: Quantity, b: Quantity) -> bool:
    """Say whether two single dates both give a year."""
    return all(
        q.date is not None and q.date.year is not None and q.date_end is None for q in (a, b)
    )
