"""The figure check: does a rendering say the same figures as its original, no more and no fewer?

Compared are the quantities of `corpus.quantities` (value, unit, scale, currency, percent, date,
code, hedge), the units that stand alone in captions and headers, and the digits of names and
numbering, each as often as it is printed. Not covered: figures that changed places within one
unit, words without a figure ("most", "doubled" on both sides), the currency of an order of
magnitude (数百万美元), and hedges before digits with a letter (about 970M).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from corpus.figure_words import read_labels, read_vague_scales, scaled_by, words_for
from corpus.numerals import fold_width, shift
from corpus.quantities import (
    Bound,
    DateParts,
    Quantity,
    QuantityKind,
    parse_quantities,
    same_quantity,
)
from corpus.schema import Block, Document, Rendering

_COUNTS = {QuantityKind.NUMBER, QuantityKind.COUNT}
# Digits of names and numbering, with the letter that may be their scale; a lone percent sign.
_LOOSE = re.compile(r"[0-9]+(?:[.,][0-9]+)*(?:[KMB](?![A-Za-z0-9]))?|%")
_LETTER_SCALES = {"K": 3, "M": 6, "B": 9}
_AFTER = 6  # characters after a figure that tell what it is: " disc" of "discount"

_Span = tuple[int, int, Quantity | None]  # [start, end) of a folded text, and what stands there


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A unit whose rendering says other figures than the original, `document.text[start:end]`."""

    block: int  # ordinal of its block
    start: int
    end: int
    original: str
    rendering: str
    missing: tuple[str, ...]  # as printed in the original, in order; not in the rendering
    added: tuple[str, ...]  # as printed in the rendering, in order; not in the original

    def describe(self) -> str:
        """Return what is wrong in one line, for a report or for the writer of the rendering."""
        parts = []
        if self.missing:
            parts.append("not in the rendering: " + ", ".join(self.missing))
        if self.added:
            parts.append("not in the original: " + ", ".join(self.added))
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity, or digits that are none, at `[start, end)` of a folded text."""

    start: int
    end: int
    text: str
    after: str  # the few characters that follow
    quantity: Quantity | None


@dataclass(slots=True)
class _Side:
    """One of the two texts, folded, with the figures that have found no partner yet."""

    text: str
    open: list[_Figure]
    paired: list[_Span] = field(default_factory=list)  # what is spoken for

    def close(self, figure: _Figure) -> None:
        self.open.remove(figure)
        self.paired.append((figure.start, figure.end, figure.quantity))


def check_figures(
    document: Document, renderings: Iterable[Rendering]
) -> tuple[FigureDifference, ...]:
    """Return the renderings whose figures differ from their originals', in order."""
    blocks = iter(document.blocks)
    block = next(blocks, None)
    known: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {}
    differences = []
    for item in sorted(renderings, key=lambda item: item.start):
        while block is not None and block.end <= item.start:
            block = next(blocks, None)
        if block is None:
            break
        original = document.text[item.start : item.end]
        if original == item.text:
            continue
        key = (original, item.text)
        if key not in known:
            known[key] = compare_figures(original, item.text)
        missing, added = known[key]
        if missing and added and block.table is not None:
            context = _cell_context(document, block, item.start)
            missing, added = compare_figures(original, item.text, context=context)
        if missing or added:
            differences.append(
                FigureDifference(
                    block.ordinal, item.start, item.end, original, item.text, missing, added
                )
            )
    return tuple(differences)


def compare_figures(
    original: str, rendering: str, *, context: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (missing, added) of a rendering: figures as printed, in the order of their text.

    Args:
        original: The text of a unit.
        rendering: The same in the other language.
        context: Of a table's cell: caption and header of its column, one per line. The unit that
            they name may be printed with the figure in the rendering.

    >>> compare_figures("2020年市场规模达453亿元", "The market reached RMB 4.53 billion in 2020")
    (('453亿元',), ('RMB 4.53 billion',))
    """
    left, right = _read_side(original), _read_side(rendering)
    for same in _RULES:
        _pair(left, right, same)
    if context:
        labels = [label for line in context.split("\n") for label in _labels(fold_width(line))]
        _pair(left, right, lambda a, b: _is_scaled(a, b, labels))
    _pair_ranges(left, right)
    _pair_ranges(right, left)
    _pair_words(left, right)
    _pair_words(right, left)
    return (
        tuple(original[figure.start : figure.end] for figure in left.open),
        tuple(rendering[figure.start : figure.end] for figure in right.open),
    )


def _cell_context(document: Document, block: Block, start: int) -> str:
    """Return caption, unit and column headers of the cell that starts there, one per line."""
    table = block.table
    if table is None:
        return ""
    lines = [table.caption, table.unit]
    column = next(
        (n for row in table.rows for n, cell in enumerate(row) if cell.start == start < cell.end),
        None,
    )
    if column is not None:
        headers = (row[column] for row in table.rows[: table.header_rows] if column < len(row))
        lines += [document.cell_text(cell) for cell in headers if cell.start != start]
    return "\n".join(line for line in lines if line)


def _read_side(text: str) -> _Side:
    """Read the figures of a text; loose digits are those that no quantity covers."""
    folded = fold_width(text)
    found: list[_Span] = [
        (quantity.start, quantity.end, quantity) for quantity in parse_quantities(text)
    ]
    extras: list[_Span] = [
        (q.start, q.end, q) for q in (*read_labels(folded), *read_vague_scales(folded))
    ]
    loose: list[_Span] = [(*match.span(), None) for match in _LOOSE.finditer(folded)]
    for extra in (*extras, *loose):
        if not _overlaps(found, *extra[:2]):
            found.append(extra)
    figures = [
        _Figure(start, end, folded[start:end], folded[end : end + _AFTER], quantity)
        for start, end, quantity in found
    ]
    return _Side(folded, sorted(figures, key=lambda figure: figure.start))


def _labels(text: str) -> Iterator[Quantity]:
    """Yield the units that a caption or header names, also the ones with a number: RMB 100 m."""
    yield from read_labels(text)
    yield from (q for q in parse_quantities(text) if q.low == q.high and _is_power_of_ten(q.low))


def _is_power_of_ten(value: Decimal) -> bool:
    return value >= 1 and value.normalize().as_tuple().digits == (1,)


def _overlaps(spans: Iterable[_Span], start: int, end: int) -> bool:
    return any(other_start < end and start < other_end for other_start, other_end, _ in spans)


def _pair(left: _Side, right: _Side, same: Callable[[_Figure, _Figure], bool]) -> None:
    for figure in tuple(left.open):
        partner = next((other for other in right.open if same(figure, other)), None)
        if partner is not None:
            left.close(figure)
            right.close(partner)


def _is_same(a: _Figure, b: _Figure) -> bool:
    if a.quantity is None or b.quantity is None:
        return a.quantity is b.quantity and a.text == b.text
    return same_quantity(a.quantity, b.quantity)


def _is_in_name(a: _Figure, b: _Figure) -> bool:
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


def _is_short_year(a: _Figure, b: _Figure) -> bool:
    """Say whether one prints a year (2023) and the other 23年, which may be one too."""
    if a.quantity is None or b.quantity is None:
        return False
    years, date = (a, b.quantity) if a.quantity.kind is QuantityKind.DURATION else (b, a.quantity)
    match = re.fullmatch("([0-9]{2})年", years.text)
    if match is None or date.date is None or date.date_end is not None:
        return False
    return date.date == DateParts(year=date.date.year) and int(date.low) % 100 == int(match[1])


def _is_discount(a: _Figure, b: _Figure) -> bool:
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


def _is_scaled(a: _Figure, b: _Figure, labels: Sequence[Quantity]) -> bool:
    if a.quantity is None or b.quantity is None or a.quantity.kind is not QuantityKind.NUMBER:
        return False
    return any(same_quantity(scaled_by(a.quantity, label), b.quantity) for label in labels)


def _pair_ranges(left: _Side, right: _Side) -> None:
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


def _pair_words(left: _Side, right: _Side) -> None:
    """Pair what is still open on the left with words on the right, each word once."""
    for figure in tuple(left.open):
        quantity = figure.quantity or _loose_number(figure)
        words = words_for(quantity) if quantity is not None else None
        if words is None:
            continue
        match = next(
            (m for m in words.finditer(right.text) if not _overlaps(right.paired, *m.span())), None
        )
        if match is not None:
            left.close(figure)
            right.paired.append((*match.span(), None))


def _loose_number(figure: _Figure) -> Quantity | None:
    value = _loose_value(figure.text)
    if value is None:
        return None
    return Quantity(figure.start, figure.end, QuantityKind.NUMBER, value, value)
