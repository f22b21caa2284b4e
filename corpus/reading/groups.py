"""Tables: which rows head the rows below them, and where a second table begins in the first."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.reading.structure import numbering
from corpus.reading.tables import cell_type, is_label_row

_DEEPER = 1.5  # points: a name this much further in stands below the one above it
_TOTAL = re.compile(r"^(?:sub-?|grand )?total\b|(?:合计|总计|小计|合計|總計|小計)$", re.IGNORECASE)
# Names a figure, which is not there, and heads nothing: 离退休职工人数.
_OF_FIGURE = re.compile(r"(?:人数|數量|数量|金额|金額|比例|总额|余额)(?:[（(][^（）()]*[)）])?$")
_LONG_LABEL_CHARS = 22
_NEAR_ROWS = 2  # beside a header in the middle, that hold figures where it holds words
_LEAST_REPEATED = 2  # names that two blocks of rows share
_MAX_TITLES = 3  # lines of a title: company, statement, unit
_MIN_FIGURES = 0.6  # of the cells above a header in the middle of a table

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Head:
    row: int
    indent: float | None
    is_flat: bool  # the rows it heads stand no further in


def row_parents(
    rows: Rows,
    header_rows: int,
    indents: Sequence[float | None] = (),
    spanning: Collection[int] = (),
) -> tuple[int, ...]:
    """Return, per row, the row that heads it, -1 for none; () where no row heads another.

    A row of which only the first cell is filled heads what stands further in below it. Without a
    difference in indent it does if it is one cell over all columns, if it ends in a colon, or if it
    is numbered and every numbered row is such a row; then it holds up to the next such row, or up
    to a total. A name that the table repeats ("% of revenue") stands below the nearest row that is
    less far in, though that has figures of its own.

    Args:
        rows: Texts; all rows have the same number of cells.
        header_rows: How many of them head the columns.
        indents: How far in the first cell of each row stands, in points; () when unknown.
        spanning: Rows known to be one cell over all columns.

    >>> row_parents([["Current:", ""], ["Cash", "1"], ["Total current", "1"], ["Goodwill", "2"]], 0)
    (-1, 0, -1, -1)
    """
    numbered = [row for row in rows[header_rows:] if row[0] and numbering(row[0]) is not None]
    numbers_head = len(numbered) > 1 and all(_is_bare(row) for row in numbered)
    flat = {
        number
        for number, row in enumerate(rows)
        if number in spanning
        or row[0].strip().endswith((":", "："))
        or (numbers_head and numbering(row[0].strip()) is not None)
    } | _heads_of_repeated(rows, header_rows)
    depths = list(indents) or [None] * len(rows)
    names = [row[0].strip() for row in rows]
    stack: list[_Head] = []
    parents: list[int] = []
    for number, row in enumerate(rows):
        name = row[0].strip()
        if number < header_rows:
            parents.append(-1)
            continue
        if not name:  # goes on from the row above
            parents.append(parents[-1] if parents else -1)
            continue
        head = _head(rows, number, depths, is_flat=number in flat) if _is_bare(row) else None
        while stack and not _holds(stack[-1], depths[number], head):
            stack.pop()
        if stack and stack[-1].is_flat and _TOTAL.search(name):
            stack.pop()
        parent = stack[-1].row if stack else -1
        if names.count(name) > 1 and not _TOTAL.search(name):
            parent = max(parent, _less_far_in(depths, number, header_rows))
        parents.append(parent)
        if head is not None:
            stack.append(head)
    return tuple(parents) if any(parent >= 0 for parent in parents) else ()


def _heads_of_repeated(rows: Rows, header_rows: int) -> set[int]:
    """Return the rows of a name alone that each head the same names again: revenue, then profit, by segment."""
    bare = [number for number in range(header_rows, len(rows)) if _is_bare(rows[number])]
    blocks = {
        head: {
            row[0].strip()
            for row in rows[head + 1 : end]
            if row[0].strip() and not _TOTAL.search(row[0].strip())
        }
        for head, end in pairwise([*bare, len(rows)])
    }
    return {
        head
        for head, names in blocks.items()
        if any(
            len(names & others) >= max(_LEAST_REPEATED, len(names) / 2)
            for other, others in blocks.items()
            if other != head
        )
    }


def _less_far_in(depths: Sequence[float | None], number: int, header_rows: int) -> int:
    """Return the nearest row above that stands less far in, -1 where none does."""
    own = depths[number]
    if own is None:
        return -1
    above = range(number - 1, header_rows - 1, -1)
    return next(
        (row for row in above if (depth := depths[row]) is not None and depth < own - _DEEPER), -1
    )


def _is_bare(row: Sequence[str]) -> bool:
    return bool(row[0].strip()) and not any(cell.strip() for cell in row[1:])


def _head(
    rows: Rows, number: int, depths: Sequence[float | None], *, is_flat: bool
) -> _Head | None:
    """Return what a row with nothing but a name heads, None when it is an empty row."""
    own = depths[number]
    below = next(
        (
            place
            for place in range(number + 1, len(rows))
            if rows[place][0].strip() and not _TOTAL.search(rows[place][0].strip())
        ),
        None,
    )
    if below is None or (_OF_FIGURE.search(rows[number][0].strip()) and _is_bare(rows[below])):
        return None
    depth = depths[below]
    if own is not None and depth is not None and depth > own + _DEEPER:
        return _Head(number, own, is_flat=False)
    return _Head(number, own, is_flat=True) if is_flat else None


def _holds(head: _Head, depth: float | None, other: _Head | None) -> bool:
    """Say whether a row stands below a head; `other` is what the row heads itself."""
    if depth is None or head.indent is None:
        return head.is_flat and other is None
    if head.is_flat:
        is_next = other is not None and other.is_flat and depth <= head.indent + _DEEPER
        return depth > head.indent - _DEEPER and not is_next
    return depth > head.indent + _DEEPER


def indents_of(spans: Sequence[tuple[float, float] | None]) -> list[float | None]:
    """Return how far in names stand, given where they begin and end; none where they are centred.

    The middles of centred names agree, and their beginnings tell their length only.
    """
    filled = [span for span in spans if span is not None]
    uneven = [(a, b) for a, b in pairwise(filled) if abs((a[1] - a[0]) - (b[1] - b[0])) > 3.0]
    centred = sum(abs(sum(a) - sum(b)) < 2 * _DEEPER for a, b in uneven)
    left = sum(abs(a[0] - b[0]) < _DEEPER for a, b in uneven)
    if centred > left:
        return [None] * len(spans)
    return [span and span[0] for span in spans]


def table_starts(rows: Rows, header_rows: int) -> list[int]:
    """Return the rows at which a table begins: 0, and headers in the middle of the body.

    Statements print the header again, for other dates or another way of cutting up the same
    figures, often below a title of its own.

    >>> table_starts([["", "2023", "2022"], ["Sales", "1.5", "2.5"], ["", "2023", "2021"],
    ...               ["Assets", "3.5", "4.5"]], 1)
    [0, 2]
    """
    starts = [0]
    if not 1 <= header_rows < len(rows):
        return starts
    heads = [set(column) - {""} for column in zip(*rows[:header_rows], strict=True)]
    for number in range(header_rows + 1, len(rows) - 1):
        if number > starts[-1] and _is_inner_header(rows, starts[-1], number, heads):
            starts.append(_title_above(rows, starts[-1], number))
    return starts


def _title_above(rows: Rows, start: int, number: int) -> int:
    """Return the row at which the header that ends in a row begins, its title included."""
    while number - 1 > start and _is_upper_header(rows[number - 1]):
        number -= 1
    for _ in range(_MAX_TITLES):
        if number - 1 > start and _is_bare(rows[number - 1]):
            number -= 1
    return number


def _is_upper_header(row: Sequence[str]) -> bool:
    """Say whether a row names columns only: "52 Weeks Ended" over two."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return not row[0].strip() and bool(filled) and is_label_row(filled, _LONG_LABEL_CHARS)


def _is_inner_header(rows: Rows, start: int, number: int, heads: Sequence[set[str]]) -> bool:
    row = [cell.strip() for cell in rows[number]]
    filled = [column for column in range(1, len(row)) if row[column]]
    if len(filled) < 2 or 2 * len(filled) < len(row) - 1:
        return False
    if not is_label_row([row[column] for column in filled], _LONG_LABEL_CHARS):
        return False
    repeats = any(row[column] in heads[column] for column in filled)
    if not repeats and not any(cell_type(row[column]) == "period" for column in filled):
        return False
    above = [other for other in rows[start:number] if not _is_bare(other)][1:]
    above = [other for other in above if not _is_upper_header(other)]
    first = number + 1
    while first < len(rows) - 1 and _is_upper_header(rows[first]):
        first += 1
    below = rows[first : first + _NEAR_ROWS]
    return _are_figures(above[-_NEAR_ROWS:], filled) and _are_figures(below, filled)


def _are_figures(rows: Rows, columns: Sequence[int]) -> bool:
    kinds = [cell_type(row[column]) for row in rows for column in columns if row[column].strip()]
    return bool(kinds) and kinds.count("number") >= _MIN_FIGURES * len(kinds)
