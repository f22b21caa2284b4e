"""Does a figure stand where the evidence has it, or in the place of another one?

A figure may be in the evidence and still be wrong: 10% said of what the evidence says 60% of, or
two figures that have changed places. Told by the words beside the figures. Not covered: figures
whose surroundings are the same (a list of years), or wholly other words.
"""

from itertools import combinations

from corpus.quantities import Quantity, QuantityKind
from rag.verification.alignment import SAME_WORDS, Aligned, aligned, clause_terms, shares
from rag.verification.figures import carriers, may_be_same
from rag.verification.sources import Source, Statement
from rag.verification.vocabulary import Translate

_BESIDE_CHARS = {True: 12, False: 36}  # how far the words beside a figure reach: Chinese, English
_BETTER = 0.3  # share of the words of a clause by which another figure's clause must fit better
_FITS = 0.5  # least share for that
_CROSSED = 0.45  # sum of two shares by which the crossed reading must win


def misplaced(claim: Statement, source: Source, translate: Translate) -> str:
    """Return a figure of a sentence that the evidence has in another place, as printed, or ""."""
    found = _too_often(claim, source) or _other_dates(claim, source, translate)
    if found is None:
        found = _of_another_clause(claim, source, translate)
    if found is None:
        found = _crossed(claim, source, translate)
    return claim.text[found.start : found.end] if found else ""


def _too_often(claim: Statement, source: Source) -> Quantity | None:
    """Return a figure that one clause of a sentence has more often than the evidence."""
    for first, second in combinations(claim.quantities, 2):
        is_same = (first.kind, first.low, first.high, first.unit) == (
            second.kind, second.low, second.high, second.unit,
        )  # fmt: skip
        spans_differ = first.end <= second.start
        if not (is_same and spans_differ and first.kind is not QuantityKind.DATE):
            continue
        if claim.clause_at(first.start) != claim.clause_at(second.start):
            continue
        if all(len({q.start for q in carriers(claim, first, s)}) < 2 for s in source.statements):
            return second
    return None


def _other_dates(claim: Statement, source: Source, translate: Translate) -> Quantity | None:
    """Return a date of a clause that the evidence says of other dates.

    A clause that says the same as one of the evidence has its dates, each as often; one that says
    only something like it shares at least one.
    """
    for start, end in claim.clauses:
        dates = [date for date in claim.dates if start <= date.start < end]
        beside = aligned(claim.folded[start:end], source, translate) if dates else []
        if not beside or beside[0].said < _FITS:
            continue
        best = [item for item in beside if item.said >= _FITS and item.both >= 0.9 * beside[0].both]
        # The period of a figure is checked with the figure, wherever the evidence has it.
        has_figure = any(
            q.kind is not QuantityKind.DATE and start <= q.start < end for q in claim.quantities
        )
        strangers = [_strange_date(dates, item, strict_only=has_figure) for item in best]
        if all(stranger is not None for stranger in strangers):
            return strangers[0]
    return None


def _strange_date(dates: list[Quantity], item: Aligned, *, strict_only: bool) -> Quantity | None:
    start, end = item.span
    theirs = [date for date in item.statement.dates if start <= date.start < end]
    if not theirs:
        return None
    if not any(may_be_same(date, other) for date in dates for other in theirs):
        return None if strict_only and item.nearness < SAME_WORDS else dates[0]
    if item.nearness < SAME_WORDS or len(dates) != len(theirs):
        return None
    left = list(theirs)
    for date in dates:
        partner = next((other for other in left if may_be_same(date, other)), None)
        if partner is None:
            return date
        left.remove(partner)
    return None


def _of_another_clause(claim: Statement, source: Source, translate: Translate) -> Quantity | None:
    """Return a figure whose clause says what the evidence says of another figure of its kind."""
    for quantity in claim.quantities:
        if quantity.kind is QuantityKind.DATE:
            continue
        start, end = claim.clause_at(quantity.start)
        clause = claim.folded[start:end]
        if len(clause_terms(clause)) < 2:
            continue
        readings = [
            _fits_another(clause, quantity, claim, statement, translate)
            for statement in source.statements
            if carriers(claim, quantity, statement)
        ]
        if readings and all(readings):
            return quantity
    return None


def _fits_another(
    clause: str, quantity: Quantity, claim: Statement, statement: Statement, translate: Translate
) -> bool:
    def share(found: Quantity) -> float:
        start, end = statement.clause_at(found.start)
        return shares(clause, statement.folded[start:end], translate)[0]

    own = carriers(claim, quantity, statement)
    best = max(share(found) for found in own)
    others = [
        other
        for other in statement.quantities
        if (other.kind, other.unit) == (quantity.kind, quantity.unit)
        and other not in own
        and not any(carriers(claim, q, Statement(statement.text[other.start : other.end]))
                    for q in claim.quantities if q.kind is other.kind)
    ]  # fmt: skip
    return any(share(other) >= max(_FITS, best + _BETTER) for other in others)


def _crossed(claim: Statement, source: Source, translate: Translate) -> Quantity | None:
    """Return the second of two figures that stand beside each other's words."""
    pairs = [
        (a, b)
        for a, b in combinations(claim.quantities, 2)
        if a.kind is b.kind and a.end <= b.start and (a.low, a.high) != (b.low, b.high)
    ]
    for a, b in pairs:
        readings = [
            _is_crossed(claim, statement, a, b, translate)
            for statement in source.statements
            if carriers(claim, a, statement) and carriers(claim, b, statement)
        ]
        if readings and all(readings):
            return b
    return None


def _is_crossed(
    claim: Statement, statement: Statement, a: Quantity, b: Quantity, translate: Translate
) -> bool:
    at_a, at_b = carriers(claim, a, statement), carriers(claim, b, statement)

    def share(mine: Quantity, theirs: Quantity) -> float:
        total = 0.0
        for side in (-1, 1):
            beside = _beside(claim, mine, side)
            total += shares(beside, _beside(statement, theirs, side), translate)[0]
        return total

    straight = max(share(a, x) + share(b, y) for x in at_a for y in at_b)
    crossed = max(share(a, y) + share(b, x) for x in at_a for y in at_b)
    return crossed >= straight + _CROSSED


def _beside(statement: Statement, quantity: Quantity, side: int) -> str:
    """Return the words on one side of a figure, up to the next figure of its kind."""
    text = statement.folded
    is_chinese = any("\u4e00" <= char <= "\u9fff" for char in text)
    reach = _BESIDE_CHARS[is_chinese]
    others = [q for q in statement.quantities if q.kind is quantity.kind]
    if side < 0:
        floor = max((q.end for q in others if q.end <= quantity.start), default=0)
        return text[max(floor, quantity.start - reach) : quantity.start]
    ceiling = min((q.start for q in others if q.start >= quantity.end), default=len(text))
    return text[quantity.end : min(ceiling, quantity.end + reach)]
