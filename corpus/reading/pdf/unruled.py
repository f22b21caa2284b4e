"""Tables without lines between their columns: rows of figures that stand under each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.reading.pdf.grids import GridTable, is_figure, make_table
from corpus.reading.pdf.lines import Line
from corpus.reading.pdf.marks import Rect

Row = tuple[Line, ...]
"""The segments of one printed row, left to right."""

_MIN_ROWS = 3
_MAX_BETWEEN = 2  # rows of a table in a row that hold a label only
_MAX_HEADER = 5
_ROW_GAP = 2.6  # of the size: rows of one table stand no further apart
_FAR_GAP = 5.0  # of the size: an empty row may lie between, when the columns go on
_SAME_END = 4.0  # points
_WIDE_TEXT = 60  # display columns: a longer single segment is a sentence, not a label
_MIN_BETWEEN_COLUMNS = 2.0  # points


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table and the rows [first, last] of the region that it takes the place of."""

    table: GridTable
    first: int
    last: int


def find_unruled_tables(rows: Sequence[Row]) -> list[FoundTable]:
    """Find tables among the rows of a region, top to bottom, without overlap."""
    found: list[FoundTable] = []
    start = 0
    while start < len(rows):
        if not _is_data(rows[start]):
            start += 1
            continue
        end = _last_data_row(rows, start)
        data = [index for index in range(start, end + 1) if _is_data(rows[index])]
        table = None
        if _is_table(rows, data):
            low = found[-1].last + 1 if found else 0
            table = _build(rows, start, end, data, low)
        if table is not None:
            found.append(table)
        start = (table.last if table else end) + 1
    return found


def _is_data(row: Row) -> bool:
    """Say whether a row reads as label and figures, or as figures alone."""
    if len(row) < 2:
        return False
    figures = sum(is_figure(line.text) for line in row[1:])
    return figures >= 1 and 2 * figures >= len(row) - 1 and row[0].columns <= 2 * _WIDE_TEXT


def _last_data_row(rows: Sequence[Row], start: int) -> int:
    end = start
    between = 0
    for index in range(start + 1, len(rows)):
        row = rows[index]
        distance = _distance(rows[index - 1], row)
        if distance > _FAR_GAP * row[0].size:
            break
        is_far = distance > _ROW_GAP * row[0].size
        if _is_data(row):
            if is_far and not _stands_under(row, rows[start : end + 1]):
                break
            end, between = index, 0
            continue
        between += 1
        is_label = len(row) <= 2 and all(line.columns <= _WIDE_TEXT for line in row)
        if between > _MAX_BETWEEN or not is_label:
            break
    return end


def _stands_under(row: Row, above: Sequence[Row]) -> bool:
    """Say whether the figures of a row end where figures above it end."""
    ends = [line.x1 for other in above for line in other[1:] if is_figure(line.text)]
    figures = [line for line in row[1:] if is_figure(line.text)]
    aligned = sum(any(abs(line.x1 - end) <= _SAME_END for end in ends) for line in figures)
    return 2 * aligned >= len(figures)


def _distance(above: Row, below: Row) -> float:
    return max(line.baseline for line in below) - max(line.baseline for line in above)


def _is_table(rows: Sequence[Row], data: Sequence[int]) -> bool:
    if len(data) >= _MIN_ROWS:
        return True
    return len(data) >= 1 and sum(max(0, len(rows[index]) - 1) for index in data) >= 3


def _build(
    rows: Sequence[Row],
    start: int,
    end: int,
    data: Sequence[int],
    low: int,
) -> FoundTable | None:
    columns = _figure_columns([rows[index] for index in data])
    if not columns:
        return None
    first = _header_start(rows, start, columns, low)
    label_edge = columns[0][0]
    body = rows[first : end + 1]
    has_labels = any(
        line.x1 <= label_edge + 1 and line.x0 < label_edge - 4 for row in body for line in row
    )
    header = _header_cells(rows[first:start], columns, has_labels=has_labels)
    cells = [
        *header,
        *(_place(row, columns, has_labels=has_labels) for row in rows[start : end + 1]),
    ]
    rect: Rect = (
        min(line.x0 for row in body for line in row),
        min(line.top for row in body for line in row),
        max(line.x1 for row in body for line in row),
        max(line.bottom for row in body for line in row),
    )
    starts = [column[0] for column in columns]
    table = make_table(
        cells, rect, edges=[rect[0], *starts, rect[2]] if has_labels else [*starts, rect[2]]
    )
    if table is None or len(table.rows) < 2:
        return None
    if header:
        table = replace(table, header_rows=len(header))
    return FoundTable(table, first, end)


def _header_cells(
    rows: Sequence[Row], columns: Sequence[tuple[float, float]], *, has_labels: bool
) -> list[list[tuple[Line, ...]]]:
    """Put the printed rows of a header into cells; names of several lines become one row.

    A row that names several columns at once ("Three Months Ended") stays a row of its own.
    """
    cells: list[list[tuple[Line, ...]]] = []
    was_group = True
    for row in rows:
        placed = _place(row, columns, has_labels=has_labels)
        is_group = any(_num_columns_over(line, columns) > 1 for line in row)
        if cells and not is_group and not was_group:
            cells[-1] = [(*above, *below) for above, below in zip(cells[-1], placed, strict=True)]
        else:
            cells.append(placed)
        was_group = is_group
    return cells


def _num_columns_over(line: Line, columns: Sequence[tuple[float, float]]) -> int:
    return sum(min(line.x1, x1) - max(line.x0, x0) > _MIN_BETWEEN_COLUMNS for x0, x1 in columns)


def _figure_columns(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Return the x ranges of the columns of figures, left to right."""
    spans = sorted(
        (line.x0, line.x1)
        for row in rows
        for place, line in enumerate(row)
        if (place or (len(row) > 1 and is_figure(line.text))) and is_figure(line.text)
    )
    columns: list[list[float]] = []
    for x0, x1 in spans:
        if columns and x0 < columns[-1][1] + _MIN_BETWEEN_COLUMNS:
            columns[-1][1] = max(columns[-1][1], x1)
        else:
            columns.append([x0, x1])
    return _join_signs([(x0, x1) for x0, x1 in columns], rows)


def _join_signs(
    columns: list[tuple[float, float]], rows: Sequence[Row]
) -> list[tuple[float, float]]:
    """Join a column that holds only currency signs to the figures right of it, % to the left."""
    joined: list[tuple[float, float]] = []
    carry: float | None = None
    for x0, x1 in columns:
        texts = [
            line.text for row in rows for line in row if line.x0 >= x0 - 1 and line.x1 <= x1 + 1
        ]
        if texts and all(text.strip() in "$¥￥€£" for text in texts):
            carry = x0 if carry is None else carry
        elif texts and joined and all(text.strip() in "%％)）)%" for text in texts):
            joined[-1] = (joined[-1][0], x1)
        else:
            joined.append((x0 if carry is None else carry, x1))
            carry = None
    return joined


def _header_start(
    rows: Sequence[Row], start: int, columns: Sequence[tuple[float, float]], low: int
) -> int:
    """Return the first row of the header above a table; `start` when there is none."""
    first = start
    for index in range(start - 1, max(low, start - _MAX_HEADER) - 1, -1):
        row = rows[index]
        if _distance(row, rows[index + 1]) > _ROW_GAP * row[0].size:
            break
        heads = [line for line in row if line.x1 > columns[0][0] - 2]
        over = all(line.columns <= _WIDE_TEXT / 2 for line in heads)
        starts_left = (
            any(line.x0 < columns[0][0] - 10 and line.x1 > columns[0][1] for line in row)
            and len(row) == 1
        )
        if not heads or not over or starts_left:
            break
        first = index
    return first


def _place(
    row: Row, columns: Sequence[tuple[float, float]], *, has_labels: bool
) -> list[tuple[Line, ...]]:
    """Put the segments of a row into its cells; what spans columns goes to the first of them."""
    cells: list[tuple[Line, ...]] = [()] * (len(columns) + has_labels)
    for line in row:
        place = _column_of(line, columns)
        if has_labels and _is_label(line, columns[0]):
            place = -1
        slot = place + has_labels if place >= 0 else 0
        cells[slot] = (*cells[slot], line)
    return cells


def _is_label(line: Line, first: tuple[float, float]) -> bool:
    """Say whether a segment names its row: it stands left of the first column of figures.

    A long label may reach into that column; a header over it ends where the figures end.
    """
    if line.x1 <= first[0] + 1:
        return True
    reaches_in = line.x1 <= first[1] - _SAME_END and (line.x0 + line.x1) / 2 < first[0]
    return reaches_in and not is_figure(line.text)


def _column_of(line: Line, columns: Sequence[tuple[float, float]]) -> int:
    shared = [min(line.x1, x1) - max(line.x0, x0) for x0, x1 in columns]
    if max(shared) > 0:
        return next(
            place
            for place, share in enumerate(shared)
            if share > 0.3 * min(max(shared), line.width)
        )
    middle = (line.x0 + line.x1) / 2
    return min(
        range(len(columns)),
        key=lambda place: abs((columns[place][0] + columns[place][1]) / 2 - middle),
    )
