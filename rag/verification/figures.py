"""Are the figures of a sentence those of its evidence, in value, unit, period and hedge?

Numbers are compared by `corpus.quantities`; a figure must also be of the period that the evidence
gives it, so 2025 may not take the figure of 2020. Where a figure stands among others is checked in
`rag.verification.places`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.editions.figure_words import hedge_words, read_vague_scales, words_for
from corpus.quantities import Bound, Quantity, QuantityKind, parse_quantities, supports
from corpus.quantities.numerals import HANZI_NUMERALS
from rag.verification.sources import Source, Statement

_COUNTS = {QuantityKind.NUMBER, QuantityKind.COUNT}
_DIGIT = re.compile("[0-9０-９]")
_FORECAST = re.compile(
    r"预测|预计|预期|有望|将|料|E\b|forecast|estimat|expect|project|will\b", re.IGNORECASE
)


def wrong_figure(claim: Statement, source: Source) -> str:
    """Return the first figure of a sentence that its evidence does not carry, as printed, or ""."""
    for quantity in claim.quantities:
        printed = claim.text[quantity.start : quantity.end]
        if quantity.kind is QuantityKind.DATE:
            if not _date_is_said(claim, quantity, source):
                return printed
        elif not (
            any(carriers(claim, quantity, statement) for statement in source.statements)
            or _is_elsewhere(claim, quantity, source)
            or _is_bare_scale(quantity, source)
        ):
            return printed
    for bare in _bare_scales(claim):
        carried = any(supports(q, bare) for s in source.statements for q in s.quantities)
        if not (carried or _is_bare_scale(bare, source)):
            return claim.text[bare.start : bare.end]
    vague = {q.low for statement in source.statements for q in _vague(statement)}
    return next(
        (
            claim.text[q.start : q.end]
            for q in read_vague_scales(claim.folded)
            if q.low not in vague
        ),
        "",
    )


def wrong_period(claim: Statement, source: Source) -> str:
    """Return the first figure of a sentence that the evidence gives for another period, or ""."""
    for quantity in claim.quantities:
        if quantity.kind is QuantityKind.DATE:
            continue
        said = _periods_of(claim, quantity)
        if not said:
            continue
        places = [
            (statement, found)
            for statement in source.statements
            for found in carriers(claim, quantity, statement)
        ]
        given = [_periods_of(statement, found) for statement, found in places]
        if places and not any(_agree(said, periods) for periods in given):
            return claim.text[quantity.start : quantity.end]
        own = _date_beside(claim, quantity)
        beside = [_date_beside(statement, found) for statement, found in places]
        if own and beside and not any(d is None or may_be_same(own, d) for d in beside):
            return claim.text[quantity.start : quantity.end]
    return ""


_BESIDE_CHARS = 12


def _date_beside(statement: Statement, quantity: Quantity) -> Quantity | None:
    """Return the one date that stands right beside a figure: "14 in 2022", 22年的14篇."""
    start, end = statement.clause_at(quantity.start)
    distances = sorted(
        (max(date.start - quantity.end, quantity.start - date.end), number, date)
        for number, date in enumerate(statement.dates)
        if start <= date.start < end
    )
    if not distances or distances[0][0] > _BESIDE_CHARS:
        return None
    is_clear = len(distances) == 1 or distances[1][0] > 2 * distances[0][0] + 1
    return distances[0][2] if is_clear else None


def carriers(claim: Statement, quantity: Quantity, statement: Statement) -> list[Quantity]:
    """Return the quantities of a statement that carry one of the claim's."""
    exact = [q for q in statement.quantities if supports(q, quantity)]
    return exact or [
        found
        for found in statement.quantities
        if _same_but_hedged(claim, quantity, statement, found)
        or _is_end_of_range(claim, quantity, found)
        or _is_range_of_ends(quantity, found, statement)
    ]


def _same_but_hedged(
    claim: Statement, quantity: Quantity, statement: Statement, found: Quantity
) -> bool:
    """Say whether two differ only in a hedge or forecast mark that is printed apart from one."""
    plain = replace(found, bound=quantity.bound, forecast=quantity.forecast)
    if not supports(plain, quantity):
        return False
    hedges = quantity.bound is found.bound or (
        _hedge_beside(claim, quantity, found.bound)
        and _hedge_beside(statement, found, quantity.bound)
    )
    forecasts = quantity.forecast == found.forecast or bool(
        _FORECAST.search(claim.folded if found.forecast else statement.folded)
    )
    return hedges and forecasts


def _hedge_beside(statement: Statement, quantity: Quantity, bound: Bound) -> bool:
    """Say whether a quantity has a bound, in its own print or as a word of its clause."""
    if bound in {Bound.EXACT, quantity.bound}:
        return True
    start, end = statement.clause_at(quantity.start)
    words = hedge_words(replace(quantity, bound=bound))
    return words.search(statement.folded, start, end) is not None


def _is_end_of_range(claim: Statement, quantity: Quantity, found: Quantity) -> bool:
    """Say whether a quantity is one end of a range whose other end the claim gives as well."""
    if found.low == found.high or quantity.low != quantity.high or found.unit == "px":
        return False
    ends = _ends(found)
    return any(supports(end, quantity) for end in ends) and all(
        any(supports(end, other) for other in claim.quantities) for end in ends
    )


def _is_range_of_ends(quantity: Quantity, found: Quantity, statement: Statement) -> bool:
    if quantity.low == quantity.high or quantity.unit == "px":
        return False
    first, last = _ends(quantity)
    start, end = statement.clause_at(found.start)
    near = [other for other in statement.quantities if start <= other.start < end]
    return supports(found, first) and any(supports(other, last) for other in near)


def _ends(quantity: Quantity) -> tuple[Quantity, Quantity]:
    if quantity.date is not None:
        first = replace(quantity, high=quantity.low, date_end=None, forecast=False)
        last = replace(quantity, low=quantity.high, date=quantity.date_end, date_end=None)
        return first, last
    return replace(quantity, high=quantity.low), replace(quantity, low=quantity.high)


def _is_elsewhere(claim: Statement, quantity: Quantity, source: Source) -> bool:
    """Say whether a quantity is carried in another form: a name, a word, an order of magnitude."""
    printed = claim.text[quantity.start : quantity.end]
    if quantity.kind in _COUNTS and not _DIGIT.search(printed):
        # Spelled in words: "both", 两家 and "three" may have words of another kind opposite.
        words = words_for(replace(quantity, bound=Bound.EXACT))
        said = words is not None and any(words.search(s.folded) for s in source.statements)
        return said or _counts_its_list(claim, quantity)
    if quantity.kind is QuantityKind.MULTIPLE or quantity.unit.startswith("/"):
        words = words_for(quantity)
        return words is not None and any(words.search(s.folded) for s in source.statements)
    if _is_in_name(claim, quantity, source):
        return True
    if quantity.kind in _COUNTS:
        return any(quantity.low == q.low for s in source.statements for q in _vague(s))
    return False


_SEPARATOR = re.compile(r"[、，,]\s*(?:and |以及|和|与)?|(?:\s+and\s+)|[和与及]")


def _counts_its_list(claim: Statement, quantity: Quantity) -> bool:
    """Say whether a number in words counts what the sentence lists after it: 两家公司：甲和乙."""
    rest = claim.folded[quantity.end :]
    opened = re.search(r"[:：]|是|为|即|包括|\b(?:are|namely|including)\b", rest)
    if opened is None:
        return False
    return len(_SEPARATOR.findall(rest[opened.end() :])) + 1 == quantity.low


_BARE_SCALE = re.compile(
    rf"(?<![0-9{HANZI_NUMERALS}几数上成])(?<![0-9{HANZI_NUMERALS}] )(?P<scale>[十百千]?(?:万亿|亿|万))"
    r"(?P<unit>美元|美金|港元|港币|欧元|英镑|人民币|元|人|个|名|倍|%|家|次|台)"
)


def _bare_scales(statement: Statement) -> Iterator[Quantity]:
    """Yield the scales without a number: 突破万亿元 is RMB 1 trillion, 万倍 ten thousand times."""
    for match in _BARE_SCALE.finditer(statement.folded):
        for quantity in parse_quantities(f"1{match[0]}"):
            yield replace(quantity, start=match.start(), end=match.end())


def _is_bare_scale(quantity: Quantity, source: Source) -> bool:
    """Say whether the evidence prints a power of ten without a number, hedged or not."""
    return any(
        supports(replace(bare, bound=quantity.bound), quantity)
        and _hedge_beside(statement, bare, quantity.bound)
        for statement in source.statements
        for bare in _bare_scales(statement)
    )


def _is_in_name(claim: Statement, quantity: Quantity, source: Source) -> bool:
    """Say whether a bare number belongs to a name that the evidence has: DALL·E 3, DALLE3."""
    if quantity.kind not in _COUNTS or quantity.bound is not Bound.EXACT:
        return False
    before = re.search(r"[A-Za-z][A-Za-z·.\- ]*$", claim.folded[: quantity.start])
    if before is None:
        return False
    letters = re.sub(r"[^a-z]", "", before[0].casefold())[-6:]
    digits = re.escape(claim.folded[quantity.start : quantity.end].strip())
    spread = r"[^a-z0-9]*".join(re.escape(letter) for letter in letters)
    return re.search(rf"{spread}[^a-z0-9]*{digits}(?![0-9])", source.all_text) is not None


def _vague(statement: Statement) -> Iterator[Quantity]:
    yield from read_vague_scales(statement.folded)


def _date_is_said(claim: Statement, date: Quantity, source: Source) -> bool:
    """Say whether a date stands in the evidence or in what surrounds it."""
    # A sentence that gives its years is not told another one by what surrounds it.
    has_years = any(item.date and item.date.year for s in source.statements for item in s.dates)
    for statement in source.statements if has_years else (*source.statements, *source.context):
        if carriers(claim, date, statement):
            return True
        if any(_short_year(other, date) for other in statement.quantities):
            return True
        # A whole year, or several, of which the evidence names a part: 2023 of 23年9月.
        if any(_year_of_range(other, date) for other in statement.dates):
            return True
    return False


def _short_year(found: Quantity, date: Quantity) -> bool:
    """Say whether a duration of two digits (23年) may be the year."""
    is_year = date.date is not None and date.date == replace(
        date.date, month=None, day=None, quarter=None, half=None, decade=None
    )
    two_digits = found.kind is QuantityKind.DURATION and found.unit == "year" and found.low >= 10
    return is_year and two_digits and int(date.low) % 100 == int(found.low)


def _year_of_range(found: Quantity, date: Quantity) -> bool:
    if found.date is None or found.date_end is None or date.date is None or date.date_end:
        return False
    return any(supports(end, date) for end in _ends(found))


def _periods_of(statement: Statement, quantity: Quantity) -> list[Quantity]:
    """Return the dates of a figure: those of its clause, else the last one before it."""
    start, end = statement.clause_at(quantity.start)
    dates = [d for d in statement.dates if not (d.start < quantity.end and quantity.start < d.end)]
    near = [date for date in dates if start <= date.start < end]
    if near:
        return near
    before = [date for date in dates if date.start < start]
    return before[-1:]


def _agree(said: Iterable[Quantity], given: list[Quantity]) -> bool:
    """Say whether two sets of periods can be of one figure; without any there is nothing to say."""
    if not given:
        return True
    return any(may_be_same(a, b) for a in said for b in given)


def may_be_same(a: Quantity, b: Quantity) -> bool:
    """Say whether two dates can be of one thing: one carries the other, or an end of it."""
    if supports(a, b) or supports(b, a) or supports(replace(a, forecast=b.forecast), b):
        return True
    ends = [*_ends(a), *_ends(b)] if a.date and b.date and (a.date_end or b.date_end) else []
    return any(supports(end, other) for end in ends for other in (a, b) if end.date != other.date)
