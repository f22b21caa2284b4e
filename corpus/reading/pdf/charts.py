"""Charts and diagrams drawn on a page, and the labels that belong to them.

Labels of axes, legends and boxes are no sentences. They are kept together, apart from the text, so
that a year of an axis is not read as a paragraph. Captions and source notes stay in the text.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.reading.pdf.grids import GridTable, is_figure
from corpus.reading.pdf.lines import Line
from corpus.reading.pdf.marks import PageMarks, Rect
from corpus.reading.structure import CAPTION, NOTE, TERMINAL, heading_level

_NEAR = 18.0  # points: shapes this close are one drawing
_MIN_WIDTH, _MIN_HEIGHT = 60.0, 40.0  # points
_MAX_SHARE = 0.6  # of the page: larger ones are backgrounds
_MIN_SHAPES = 3
_MARGIN = 40.0  # points around the shapes where labels of axes stand
_MAX_LABEL = 32  # display columns of a label inside
_MAX_AXIS_LABEL = 16  # of one outside
_SMALL = 0.92  # of the running text
_MIN_LABELS = 3
_MIN_SHORT = 0.8  # share of labels among the text inside
_SAME_EDGE = 1.0  # points: bars stand on one line
_BAR_GAP = 1.1  # of a bar's width, from one bar to the next; cells of a table touch
_SAME_ROW = 0.3  # of the size
_MIN_NAMED = 3  # rows of a table
_NAMED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Chart:
    """The labels of one drawing, top to bottom."""

    rect: Rect
    labels: tuple[Line, ...]


def find_charts(
    page: PageMarks, tables: Sequence[GridTable], segments: Sequence[Line], body: float
) -> list[Chart]:
    """Find drawings with labels; a segment belongs to one of them at most.

    Args:
        page: For what is drawn.
        tables: Ruled tables; their lines are no drawings.
        segments: The text outside them.
        body: Size of the document's running text, in points.
    """
    charts: list[Chart] = []
    taken: set[int] = set()
    for rect in _drawn_areas(page, tables):
        inside = [line for line in segments if id(line) not in taken and _holds(rect, line, 2.0)]
        short = [line for line in inside if _is_label(line, _MAX_LABEL)]
        if len(short) < _MIN_SHORT * len(inside):
            continue
        around = [
            line
            for line in segments
            if id(line) not in taken
            and not _holds(rect, line, 2.0)
            and _holds(rect, line, _MARGIN)
            and _is_label(line, _MAX_AXIS_LABEL)
            # A heading or a short paragraph may stand as near as that, in its own size.
            and (line.size <= _SMALL * body or is_figure(line.text))
        ]
        labels = sorted([*short, *around], key=lambda line: (round(line.baseline), line.x0))
        if len(labels) < _MIN_LABELS or _is_table(labels):
            continue
        taken |= {id(line) for line in labels}
        charts.append(Chart(rect, tuple(labels)))
    return charts


def _is_table(labels: Sequence[Line]) -> bool:
    """Say whether labels are rows of names and figures: a shaded table, or bars with their names.

    Either is worth more as a table.
    """
    rows: list[list[Line]] = []
    for line in labels:
        if rows and line.baseline - rows[-1][0].baseline <= _SAME_ROW * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered = [sorted(row, key=lambda line: line.x0) for row in rows]
    named = sum(
        not is_figure(row[0].text) and any(is_figure(line.text) for line in row[1:])
        for row in ordered
    )
    return named >= _MIN_NAMED and named >= _NAMED_SHARE * len(rows)


def _is_label(line: Line, max_columns: int) -> bool:
    text = line.text
    return (
        line.columns <= max_columns
        and text[-1] not in TERMINAL
        and not CAPTION.match(text)
        and not NOTE.match(text)
        and (heading_level(text) is None or is_figure(text))
    )


def _holds(rect: Rect, line: Line, margin: float) -> bool:
    x, y = (line.x0 + line.x1) / 2, line.baseline - 0.3 * line.size
    return rect[0] - margin <= x <= rect[2] + margin and rect[1] - margin <= y <= rect[3] + margin


def _drawn_areas(page: PageMarks, tables: Sequence[GridTable]) -> list[Rect]:
    """Return where something is drawn: curves and slanted lines, bars that stand on one line."""
    shapes = [*((rect, 1) for rect in page.drawings), *_bars(page.fills)]
    groups: list[tuple[Rect, int]] = []
    for shape, number in sorted(shapes, key=lambda found: (found[0][1], found[0][0])):
        if any(_overlaps(shape, table.rect, 0.0) for table in tables):
            continue
        rect, count = shape, number
        apart: list[tuple[Rect, int]] = []
        for other, others in groups:
            if _overlaps(rect, other, _NEAR):
                rect, count = _around(rect, other), count + others
            else:
                apart.append((other, others))
        groups = [*apart, (rect, count)]
    largest = _MAX_SHARE * page.width * page.height
    return [
        rect
        for rect, count in groups
        if count >= _MIN_SHAPES
        and rect[2] - rect[0] >= _MIN_WIDTH
        and rect[3] - rect[1] >= _MIN_HEIGHT
        and (rect[2] - rect[0]) * (rect[3] - rect[1]) <= largest
    ]


def _bars(fills: Sequence[Rect]) -> list[tuple[Rect, int]]:
    """Return rows of filled rectangles of one width, apart, at several heights; with their number.

    Lying bars look like the shaded rows of a table; with their names they read as one.
    """
    groups: defaultdict[int, list[Rect]] = defaultdict(list)
    for fill in fills:
        groups[round(fill[3] / _SAME_EDGE)].append(fill)
    found: list[tuple[Rect, int]] = []
    for group in groups.values():
        bars = sorted(group)
        apart = sum(b[0] - a[0] >= _BAR_GAP * (a[2] - a[0]) for a, b in pairwise(bars))
        heights = {round(bar[1] / _SAME_EDGE) for bar in bars}
        alike = Counter(round(bar[2] - bar[0]) for bar in bars).most_common(1)[0][1]
        if min(apart + 1, len(heights), alike) >= _MIN_SHAPES:
            tops, rights = [bar[1] for bar in bars], [bar[2] for bar in bars]
            found.append(((bars[0][0], min(tops), max(rights), bars[0][3]), len(bars)))
    return found


def _overlaps(a: Rect, b: Rect, margin: float) -> bool:
    return (
        a[0] <= b[2] + margin
        and b[0] <= a[2] + margin
        and a[1] <= b[3] + margin
        and b[1] <= a[3] + margin
    )


def _around(a: Rect, b: Rect) -> Rect:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
