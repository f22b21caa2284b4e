"""Tables whose lines leave out rows or columns: cells that hold several of either are cut apart."""

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.reading.pdf.grids import is_figure
from corpus.reading.pdf.lines import Line, split_row
from corpus.reading.structure import TERMINAL

Row = Sequence[tuple[Line, ...]]
"""Cells of one row, each a tuple of printed lines."""

_MIN_CROWDED = 2  # cells of a column
_MIN_SHARE = 0.25  # of its filled cells
_SAME_ROW = 0.3  # of the size
_MIN_ALIGNED = 3  # columns with as many lines, the first among them
_ENDS_EARLY = 0.8  # of its column: a line that goes further may go on in the next
_LEADER = re.compile(r"[.…·]{4,}\s*$")


def split_crowded(rows: Sequence[Row]) -> list[list[tuple[Line, ...]]]:
    """Cut each column in which cells hold several figures in a row, at their white space."""
    columns = [[row[place] for row in rows] for place in range(len(rows[0]))] if rows else []
    cut = [piece for column in columns for piece in _split_column(column)]
    return [[column[place] for column in cut] for place in range(len(rows))]


def _split_column(cells: Sequence[tuple[Line, ...]]) -> list[list[tuple[Line, ...]]]:
    parts = [[part for line in cell for part in split_row(line.words)] for cell in cells]
    crowded = [
        row
        for row, cell in zip(parts, cells, strict=True)
        if len(cell) == 1 and len(row) >= 2 and all(is_figure(part.text) for part in row)
    ]
    num_filled = sum(bool(cell) for cell in cells)
    if len(crowded) < max(_MIN_CROWDED, _MIN_SHARE * num_filled):
        return [list(cells)]
    spans = _merge([(part.x0, part.x1) for row in crowded for part in row])
    if len(spans) < 2:
        return [list(cells)]
    columns: list[list[tuple[Line, ...]]] = [[] for _ in spans]
    for row in parts:
        placed: list[list[Line]] = [[] for _ in spans]
        for part in row:
            placed[_nearest(part, spans)].append(part)
        for column, lines in zip(columns, placed, strict=True):
            column.append(tuple(lines))
    return columns


def _merge(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for x0, x1 in sorted(spans):
        if merged and x0 <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged


def _nearest(part: Line, spans: Sequence[tuple[float, float]]) -> int:
    """Return the first span that a part stands over, else the one whose middle is nearest."""
    for place, (x0, x1) in enumerate(spans):
        if min(part.x1, x1) - max(part.x0, x0) > 0.3 * min(part.width, x1 - x0):
            return place
    middle = (part.x0 + part.x1) / 2
    return min(range(len(spans)), key=lambda p: abs((spans[p][0] + spans[p][1]) / 2 - middle))


def split_rows(cells: Row, edges: Sequence[float]) -> list[list[tuple[Line, ...]]]:
    """Cut a ruled row that holds several printed rows.

    They are seen by equally many figures in two columns; or by lines side by side in three columns,
    the first among them, none of which goes on in the next.

    Args:
        cells: The lines of each cell.
        edges: x of the column borders.
    """
    counts = [
        len(lines)
        for lines in cells[1:]
        if len(lines) > 1 and all(is_figure(line.text) for line in lines)
    ]
    if _are_side_by_side(cells, edges):
        cuts = [below.top for below in cells[0][1:]]
    elif len(counts) >= 2 and len(set(counts)) == 1:
        leader = next(
            lines for lines in cells[1:] if len(lines) == counts[0] and is_figure(lines[0].text)
        )
        cuts = [(above.baseline + below.top) / 2 for above, below in pairwise(leader)]
    else:
        return [list(cells)]
    rows: list[list[tuple[Line, ...]]] = [[() for _ in cells] for _ in range(len(cuts) + 1)]
    for column, lines in enumerate(cells):
        for line in lines:
            place = sum(line.baseline - 0.3 * line.size > cut for cut in cuts)
            rows[place][column] = (*rows[place][column], line)
    return rows


def _are_side_by_side(cells: Row, edges: Sequence[float]) -> bool:
    names = cells[0]
    if len(names) < 2 or len(cells) < _MIN_ALIGNED or len(edges) != len(cells) + 1:
        return False
    aligned = [
        column
        for column, lines in enumerate(cells)
        if len(lines) == len(names)
        and all(
            abs(line.baseline - name.baseline) <= _SAME_ROW * line.size
            for line, name in zip(lines, names, strict=True)
        )
    ]
    return len(aligned) >= max(_MIN_ALIGNED, len(cells) // 2 + 1) and all(
        _LEADER.search(line.text)
        or line.text[-1:] in TERMINAL
        or is_figure(line.text)
        or line.x1 < edges[column] + _ENDS_EARLY * (edges[column + 1] - edges[column])
        for column in aligned
        for line in cells[column]
    )
