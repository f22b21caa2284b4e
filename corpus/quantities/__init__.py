"""Quantities in Chinese and English: find them, compare them across languages, print them.

`453亿元` and `RMB 45.3 billion` are one quantity. This module is the door: it compares what
`parser` finds and `printer` prints. Comparison is strict, because a checker that
guesses is none: no rounding, no conversion of currencies or of units of different size, and no
word such as over, under or about may be dropped, added or turned round.
"""

from corpus.quantities.parser import parse_quantities
from corpus.quantities.printer import render_quantity
from corpus.quantities.values import Bound, DateParts, Quantity, QuantityKind

__all__ = [
    "Bound",
    "DateParts",
    "Quantity",
    "QuantityKind",
    "missing_quantities",
    "parse_quantities",
    "render_quantity",
    "same_quantity",
    "supports",
]

_COUNTS = {QuantityKind.NUMBER, QuantityKind.COUNT}
_DATE_FIELDS = ("year", "month", "day", "quarter", "half", "decade")


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Say whether two quantities are equal, whatever language or scale they are printed in.

    Equal are: the values (both ends of a range), the bound, the forecast mark, and

    - dates: every part, so 23年9月 is September 2023 but not 2023;
    - codes: the code, without the exchange when one of them prints none (300624 is 300624.SZ);
    - NUMBER and COUNT: nothing more, as counters differ between languages; fractions need the
      same denominator;
    - "200 times": a MULTIPLE is also a COUNT of unit "time" (200次);
    - all others: kind and unit (a currency may be missing on one side).

    Digits alone are not always what they seem, so a NUMBER or COUNT is also equal to the date
    that is that year or that day and nothing more, and a NUMBER to the CODE of the same digits.
    The relation is symmetric; spans do not matter.
    """
    if (a.bound, a.forecast) != (b.bound, b.forecast):
        return False
    kinds = {a.kind, b.kind}
    if QuantityKind.CODE in kinds:
        return _same_code(a, b)
    if QuantityKind.DATE in kinds:
        return _same_date(a, b)
    return (a.low, a.high) == (b.low, b.high) and _same_unit(a, b)


def supports(evidence: Quantity, claim: Quantity) -> bool:
    """Say whether the evidence carries the claim: the same quantity, or a less precise date.

    A date of the claim may leave out parts that the evidence gives: December 2023 is carried by
    2023年12月18日, and not the other way round. It may not add a part, nor pick one end of a range
    of dates. Bounds are strict: "45" is not carried by 超45, nor "about 45" by 45.
    """
    if same_quantity(evidence, claim):
        return True
    if evidence.date is None or claim.date is None or evidence.forecast != claim.forecast:
        return False
    if (evidence.date_end is None) != (claim.date_end is None):
        return False
    if not _date_carries(evidence.date, claim.date):
        return False
    if evidence.date_end is None or claim.date_end is None:
        return True
    return _date_carries(evidence.date_end, claim.date_end)


def missing_quantities(claim_text: str, evidence_text: str) -> tuple[Quantity, ...]:
    """Return the quantities of the claim that no quantity of the evidence supports, in order.

    >>> [q.unit for q in missing_quantities("RMB 45.3 billion", "市场规模达453亿元")]
    []
    >>> [q.unit for q in missing_quantities("US$45.3 billion", "市场规模达453亿元")]
    ['USD']
    """
    evidence = parse_quantities(evidence_text)
    return tuple(
        claim
        for claim in parse_quantities(claim_text)
        if not any(supports(quantity, claim) for quantity in evidence)
    )


def _same_unit(a: Quantity, b: Quantity) -> bool:
    if a.kind in _COUNTS and b.kind in _COUNTS:
        return _denominator(a) == _denominator(b)
    if {a.kind, b.kind} == {QuantityKind.COUNT, QuantityKind.MULTIPLE}:
        return {a.unit, b.unit} == {"time", "x"}
    if a.kind is b.kind is QuantityKind.MONEY and not (a.unit and b.unit):
        return True
    return a.kind is b.kind and a.unit == b.unit


def _denominator(quantity: Quantity) -> str:
    return quantity.unit if quantity.unit.startswith("/") else ""


def _same_code(a: Quantity, b: Quantity) -> bool:
    if a.kind is not b.kind:
        number, code = (b, a) if a.kind is QuantityKind.CODE else (a, b)
        bare = number.kind is QuantityKind.NUMBER and number.low == number.high
        return bare and not number.unit and code.unit.partition(".")[0] == f"{number.low:f}"
    (code_a, dot_a, _), (code_b, dot_b, _) = a.unit.partition("."), b.unit.partition(".")
    return a.unit == b.unit or (code_a == code_b and not (dot_a and dot_b))


def _same_date(a: Quantity, b: Quantity) -> bool:
    if a.date is not None and b.date is not None:
        return (a.date, a.date_end) == (b.date, b.date_end)
    date, number = (a, b) if a.date is not None else (b, a)
    if number.kind not in _COUNTS or number.unit.startswith("/") or date.date is None:
        return False
    if date.date_end is not None or number.low != number.high:
        return False
    return date.date in {DateParts(year=int(number.low)), DateParts(day=int(number.low))} and (
        number.low == int(number.low)
    )


def _date_carries(evidence: DateParts, claim: DateParts) -> bool:
    if evidence.fiscal != claim.fiscal:
        return False
    given = [field for field in _DATE_FIELDS if getattr(claim, field) is not None]
    return all(getattr(evidence, field) == getattr(claim, field) for field in given)
