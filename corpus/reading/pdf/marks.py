"""What stands on a page before its layout is understood: words, rulings, fills, pictures.

All coordinates are points from the top left corner of the page as it is shown.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

Rect = tuple[float, float, float, float]
"""x0, top, x1, bottom."""


class Direction(StrEnum):
    """How a word runs."""

    ACROSS = "across"
    UP = "up"
    DOWN = "down"
    SLANTED = "slanted"


class Word(NamedTuple):
    """Characters that stand together without a gap, in one style."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float  # points, as shown
    bold: bool
    spaced: bool  # the file puts a space before it


class Ruling(NamedTuple):
    """A straight line; horizontal ones have a `at` in y, vertical ones in x."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class PageMarks:
    """Everything read from one page. Filled by `glyphs`, then only read."""

    number: int  # counted from 1
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    sideways: list[tuple[Direction, Word]] = field(default_factory=list)
    horizontals: list[Ruling] = field(default_factory=list)
    verticals: list[Ruling] = field(default_factory=list)
    drawings: list[Rect] = field(default_factory=list)  # curves, slanted lines: charts, logos
    fills: list[Rect] = field(default_factory=list)  # coloured rectangles: bars, shaded cells
    images: list[Rect] = field(default_factory=list)
    num_paths: int = 0
    num_unmapped: int = 0  # characters without a meaning in Unicode
    num_lost: int = 0  # pieces of text that pdfium leaves out for want of a font
    is_ocr_layer: bool = False  # invisible text over a picture of the page
    hidden: dict[str, list[str]] = field(default_factory=dict)  # why → what
    hidden_rects: list[Rect] = field(default_factory=list)  # where
    notes: list[str] = field(default_factory=list)  # limits that cut the page short

    def image_share(self) -> float:
        """Return the share of the page under pictures; overlaps count twice, at most 1."""
        area = sum((x1 - x0) * (bottom - top) for x0, top, x1, bottom in self.images)
        return min(1.0, area / max(self.width * self.height, 1.0))
