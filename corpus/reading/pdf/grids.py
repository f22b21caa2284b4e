"""A table as found on a page, and what a cell's text is. Shared by ruled and unruled tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.pdf.lines import Line
from corpus.reading.pdf.marks import Rect

Cells = tuple[tuple[tuple[Line, ...], ...], ...]
"""Rows of cells of printed lines; all rows have the same number of cells."""

_FIGURE = re.compile(
    r"^[\s$¥￥€£(（<>≤≥~≈+\-−–—]*(?:(?:RMB|US\$|HK\$|USD|CNY|HKD)\s*)?[(（+\-−–]?\d[\d,，.\s]*"
    r"(?:[%％‰xX倍pbE]|pct|bps?|pp|[AEF])?[)）]?\s*[%％xX倍*]?"
    r"(?:\s+[$¥￥€£])?$"  # the sign of the next column
)
_NOTHING = re.compile(
    r"^(?:[-–—−/]+\s*[%％]?|N/?[AM]\.?|n\.?[am]\.?|不适用|NM|\*{1,3})$", re.IGNORECASE
)
_SIGN = re.compile(r"^(?:[$¥￥€£(（%％)）]+|[✓✔✗✘√×●○])$")


_MAX_CELL_CHARS = 400  # of a table with up to three rows


@dataclass(frozen=True, slots=True)
class GridTable:
    """A table on one page."""

    rect: Rect
    rows: Cells
    edges: tuple[float, ...]  # x of the column borders, left to right; may hold more than columns
    header_rows: int | None = None  # where the page shows it; None to judge by the words
    label_columns: int | None = None  # the same
    slots: tuple[int, ...] = ()  # which of the page's columns these are; empty ones are dropped
    num_slots: int = 0  # columns before the empty ones were dropped

    @property
    def num_columns(self) -> int:
        """Cells per row."""
        return len(self.rows[0])


def is_figure(text: str) -> bool:
    """Say whether a cell is a figure, with or without a unit: "1,234", "(3.2)%", "2024E", "-".

    >>> [is_figure(text) for text in ("1,234.5", "(29.55)", "$", "2024E", "—", "3 units")]
    [True, True, True, True, True, False]
    """
    text = text.strip()
    return bool(_FIGURE.match(text) or _NOTHING.match(text) or _SIGN.match(text))


def make_table(
    rows: Sequence[Sequence[tuple[Line, ...]]], rect: Rect, edges: Sequence[float]
) -> GridTable | None:
    """Drop empty rows and columns; None when fewer than two of either remain."""
    kept_rows = [list(row) for row in rows if any(row)]
    if not kept_rows:
        return None
    filled = [
        column for column in range(len(kept_rows[0])) if any(row[column] for row in kept_rows)
    ]
    if len(filled) < 2:
        return None
    cells = tuple(tuple(row[column] for column in filled) for row in kept_rows)
    if sum(bool(cell) for row in cells for cell in row) < 2 or _is_frame(cells):
        return None
    return GridTable(
        rect=rect,
        rows=cells,
        edges=tuple(edges),
        slots=tuple(filled),
        num_slots=len(kept_rows[0]),
    )


def _is_frame(cells: Cells) -> bool:
    """Say whether a few rows hold so much text that the lines only frame columns of text."""
    sizes = [sum(len(line.text) for line in cell) for row in cells for cell in row if cell]
    num_long = sum(size > _MAX_CELL_CHARS / 2 for size in sizes)
    return len(cells) <= 3 and max(sizes) > _MAX_CELL_CHARS and 2 * num_long >= len(sizes)
