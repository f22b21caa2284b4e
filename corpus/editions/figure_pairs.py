"""Pair the figures of a text with those of its rendering: equal ones first, then excused ones.

Knows nothing of documents. Each figure finds at most one partner, so figures are compared as often
as they are printed. What is excused has a reason that holds in both directions; see the rules.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.editions.figure_words import (
    hedge_words,
    read_labels,
    read_vague_scales,
    scaled_by,
    share_units,
    units_named,
    words_for,
)
from corpus.quantities import (
    Bound,
    DateParts,
    Quantity,
    QuantityKind,
    parse_quantities,
    same_quantity,
)
from corpus.quantities.numerals import fold_width, shift

_COUNTS = {QuantityKind.NUMBER, QuantityKind.COUNT}
# Digits of names and numbering, with the letter that may be their scale; a lone percent sign.
_LOOSE = re.compile(r"[0-9]+(?:[.,][0-9]+)*(?:[KMB](?![A-Za-z0-9]))?|%")
_LETTER_SCALES = {"K": 3, "M": 6, "B": 9}
_AFTER = 6  # characters after a figure that tell what it is: " disc" of "discount"


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity, or digits that are none, at `[start, end)` of a folded text."""

    start: int
    end: int
    text: str
    after: str  # the few characters that follow
    quantity: Quantity | None


@dataclass(slots=True)
class Side:
    """One of the two texts, folded, with the figures that have found no partner yet."""

    text: str
    open: list[Figure]
    taken: bytearray  # per character: 1 where a word or a paired figure stands

    def close(self, figure: Figure) -> None:
        """Take a figure off the open ones; it has found its partner."""
        self.open.remove(figure)
        self.take(figure.start, figure.end)

    def take(self, start: int, end: int) -> None:
        """Mark a span as spoken for."""
        self.taken[start:end] = b"\1" * (end - start)


def read_side(text: str) -> Side:
    """Read the figures of a text; loose digits are those that no quantity covers."""
    folded = fold_width(text)
    covered = bytearray(len(folded))
    found: list[Figure] = []

    def add(start: int, end: int, quantity: Quantity | None) -> None:
        if not any(covered[start:end]):
            covered[start:end] = b"\1" * (end - start)
            after = folded[end : end + _AFTER]
            found.append(Figure(start, end, folded[start:end], after, quantity))

    quantities = share_units(parse_quantities(text), folded)
    for quantity in (*quantities, *read_labels(folded), *read_vague_scales(folded)):
        add(quantity.start, quantity.end, quantity)
    for match in _LOOSE.finditer(folded):
        add(match.start(), match.end(), None)
    found.sort(key=lambda figure: figure.start)
    return Side(folded, found, bytearray(len(folded)))


def pair_figures(left: Side, right: Side, context: str) -> None:
    """Pair what can be paired; what stays in `open` on either side is a difference."""
    for same in _RULES:
        _pair(left, right, same)
    if context:
        labels = [label for line in context.split("\n") for label in units_named(fold_width(line))]
        _pair(left, right, lambda a, b: _is_scaled(a, b, labels))
    for pair_one_way in (_pair_hedged, _pair_ranges, _pair_words):
        pair_one_way(left, right)
        pair_one_way(right, left)


def _pair(left: Side, right: Side, same: Callable[[Figure, Figure], bool]) -> None:
    for figure in tuple(left.open):
        partner = next((other for other in right.open if same(figure, other)), None)
        if partner is not None:
            left.close(figure)
            right.close(partner)


def _is_same(a: Figure, b: Figure) -> bool:
    if a.quantity is None or b.quantity is None:
        return a.quantity is b.quantity and a.text == b.text
    return same_quantity(a.quantity, b.quantity)


def _is_in_name(a: Figure, b: Figure) -> bool:
    """Say whether one is a bare number and the other the same in a name: DALL·E 3, DALLE3."""
    if (a.quantity is None) is (b.quantity is None):
        return False
    name, number = (a, b.quantity) if a.quantity is None else (b, a.quantity)
    value = _loose_value(name.text)
    if number is None or value is None:
        return False
    exact = number.low == number.high and number.bound is Bound.EXACT
    return number.kind in _COUNTS and exact and number.low == value


def _loose_value(text: str) -> Decimal | None:
    """Return the value of loose digits such as 3, 1.0 and 970M, None for 2.1.3 and a percent."""
    digits = text.rstrip("KMB").replace(",", "")
    if not digits.replace(".", "", 1).isdigit():
        return None
    return shift(Decimal(digits), _LETTER_SCALES.get(text[-1], 0))


def _is_short_year(a: Figure, b: Figure) -> bool:
    """Say whether one prints a year (2023) and the other 23年, which may be one too."""
    if a.quantity is None or b.quantity is None:
        return False
    years, date = (a, b.quantity) if a.quantity.kind is QuantityKind.DURATION else (b, a.quantity)
    match = re.fullmatch("([0-9]{2})年", years.text)
    if match is None or date.date is None or date.date_end is not None:
        return False
    return date.date == DateParts(year=date.date.year) and int(date.low) % 100 == int(match[1])


def _is_discount(a: Figure, b: Figure) -> bool:
    """Say whether one is 9折 and the other "10% off" or "at 90%"."""
    for price, percent in ((a, b), (b, a)):
        tenths, other = price.quantity, percent.quantity
        if tenths is None or other is None or not price.after.lstrip().startswith("折"):
            continue
        if other.kind is QuantityKind.PERCENT and tenths.kind in _COUNTS:
            is_off = percent.after.lstrip().startswith(("off", "disc"))
            return other.low == (100 - 10 * tenths.low if is_off else 10 * tenths.low)
    return False


_RULES = (_is_same, _is_in_name, _is_short_year, _is_discount)


def _is_scaled(a: Figure, b: Figure, labels: Sequence[Quantity]) -> bool:
    if a.quantity is None or b.quantity is None or a.quantity.kind is not QuantityKind.NUMBER:
        return False
    return any(same_quantity(scaled_by(a.quantity, label), b.quantity) for label in labels)


def _pair_hedged(left: Side, right: Side) -> None:
    """Pair figures that differ in a hedge or a forecast mark which the right prints elsewhere.

    约占销售额的8% is "about 8% of sales", and FY25E is 2025财年 beside 预测. The hedge must stand
    in the clause of its figure.
    """
    for figure in tuple(left.open):
        quantity = figure.quantity
        if quantity is None or (quantity.bound is Bound.EXACT and not quantity.forecast):
            continue
        plain = replace(figure, quantity=replace(quantity, bound=Bound.EXACT, forecast=False))
        partner = next((other for other in right.open if _is_same(plain, other)), None)
        if partner is None:
            continue
        hedged = quantity.bound is not Bound.EXACT
        clause = _clause(right.text, partner) if hedged else (0, len(right.text))
        word = _free_match(right, hedge_words(quantity), clause, beside=partner)
        if word is not None:
            left.close(figure)
            right.close(partner)
            right.take(*word)


_CLAUSE_END = re.compile(r"[，。；,;]")


def _clause(text: str, figure: Figure) -> tuple[int, int]:
    before = [match.end() for match in _CLAUSE_END.finditer(text, 0, figure.start)]
    after = _CLAUSE_END.search(text, figure.end)
    return (before[-1] if before else 0), (after.start() if after else len(text))


def _free_match(
    side: Side, words: re.Pattern[str], span: tuple[int, int], beside: Figure | None = None
) -> tuple[int, int] | None:
    """Return the first match that no paired figure covers, nor an open one other than `beside`."""
    others = [figure for figure in side.open if figure is not beside]
    for match in words.finditer(side.text, *span):
        start, end = match.span()
        if any(side.taken[start:end]):
            continue
        if not any(figure.start < end and start < figure.end for figure in others):
            return start, end
    return None


def _pair_ranges(left: Side, right: Side) -> None:
    """Pair a range with its two ends printed apart: -5%与5%, between -5% and 5%."""
    for figure in tuple(left.open):
        quantity = figure.quantity
        if quantity is None or quantity.low == quantity.high or quantity.unit == "px":
            continue
        ends = _ends(quantity)
        partners = [
            next((f for f in right.open if f.quantity and same_quantity(f.quantity, end)), None)
            for end in ends
        ]
        first, second = partners
        if first is not None and second is not None:
            left.close(figure)
            right.close(first)
            right.close(second)


def _ends(quantity: Quantity) -> tuple[Quantity, Quantity]:
    """Return both ends of a range."""
    if quantity.date is not None:
        first = replace(quantity, high=quantity.low, date_end=None, forecast=False)
        last = replace(quantity, low=quantity.high, date=quantity.date_end, date_end=None)
        return first, last
    return replace(quantity, high=quantity.low), replace(quantity, low=quantity.high)


def _pair_words(left: Side, right: Side) -> None:
    """Pair what is still open on the left with words on the right, each word once."""
    for figure in tuple(left.open):
        quantity = figure.quantity or _loose_number(figure)
        words = words_for(quantity) if quantity is not None else None
        if words is None:
            continue
        word = _free_match(right, words, (0, len(right.text)))
        if word is not None:
            left.close(figure)
            right.take(*word)


def _loose_number(figure: Figure) -> Quantity | None:
    value = _loose_value(figure.text)
    if value is None:
        return None
    return Quantity(figure.start, figure.end, QuantityKind.NUMBER, value, value)
