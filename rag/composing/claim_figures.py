"""Do the figures and dates of a clause bear out those of a claim?"""

import re
from collections.abc import Sequence
from decimal import Decimal

from corpus.quantities import (
    Bound,
    Quantity,
    QuantityKind,
    parse_quantities,
    same_quantity,
    supports,
)
from rag.composing.claim_words import EVENT
from rag.evidence.amounts import period_fit
from rag.evidence.evidence import Evidence, text_quantities
from rag.questions.question import Question

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MEASURE = re.compile(r"(\d+(?:[.,]\d+)*)\s?([A-Za-zμΩ°²³]+(?:[/·][A-Za-z²³]+)*)")
_NEAR = Decimal("0.1")  # of a figure that is "about" another


def figures_agree(question: Question, evidence: Evidence, clause: str) -> bool | None:
    """Say whether the figures and dates of a clause are those asked about; None when unclear."""
    text = f"{clause}{evidence.unit}" if evidence.is_cell else clause
    if not set(_bare_numbers(question.text)) <= set(_NUMBER.findall(clause)):
        # In a unit that is not known, another figure of the same unit is another figure.
        asked, said_here = _measures(question.text), _measures(clause)
        is_other = len(asked) == len(said_here) == 1 and asked[0][1] == said_here[0][1]
        return False if is_other and not question.periods else None
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


def _measures(text: str) -> list[tuple[str, str]]:
    """Return the numbers of a text with the letters behind them: 145, "wh/kg"."""
    return [(m[1], m[2].casefold()) for m in _MEASURE.finditer(text)]


def _bare_numbers(text: str) -> list[str]:
    """Return the digits of a text that are in no quantity that was understood."""
    known = [(q.start, q.end) for q in parse_quantities(text) if q.kind is not QuantityKind.NUMBER]
    return [
        match[0]
        for match in _NUMBER.finditer(text)
        if not any(start <= match.start() < end for start, end in known)
    ]


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
