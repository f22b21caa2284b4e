"""Tables whose lines leave out columns: cells with several figures side by side are cut apart."""

from collections.abc import Sequence

from corpus.reading.pdf.grids import is_figure
from corpus.reading.pdf.lines import Line, split_row

Row = Sequence[tuple[Line, ...]]
"""Cells of one row, each a tuple of printed lines."""

_MIN_CROWDED = 2  # cells of a column
_MIN_SHARE = 0.25  # of its filled cells


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
