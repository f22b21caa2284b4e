"""Rows of figures without rulings → cells: columns, the names of the rows, the header above."""

from collections.abc import Sequence

from corpus.reading.pdf.grids import is_figure
from corpus.reading.pdf.lines import Line
from corpus.reading.pdf.marks import Ruling

Row = tuple[Line, ...]
"""The segments of one printed row, left to right."""

Span = tuple[float, float]
"""x from, x to."""

_MIN_BETWEEN_COLUMNS = 2.0  # points
_SAME_END = 4.0  # points
_BELOW = 0.8  # of the size: a ruling this far under a baseline underlines it
_TOUCH = 1.0  # points: pieces of one ruling
_FULL = 0.88  # of the widest name: a name this long may go on in the next row


def figure_columns(rows: Sequence[Row]) -> list[Span]:
    """Return the x ranges of the columns of figures, left to right."""
    spans = [
        (line.x0, line.x1)
        for row in rows
        for place, line in enumerate(row)
        if (place or (len(row) > 1 and is_figure(line.text))) and is_figure(line.text)
    ]
    return _join_signs(_merge(spans), rows)


def _merge(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for x0, x1 in sorted(spans):
        if merged and x0 < merged[-1][1] + _MIN_BETWEEN_COLUMNS:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged


def _join_signs(columns: list[Span], rows: Sequence[Row]) -> list[Span]:
    """Join a column that holds only currency signs to the figures right of it, % to the left."""
    joined: list[Span] = []
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


def label_columns(rows: Sequence[Row], header: Sequence[Row], first: Span) -> list[Span]:
    """Return the x ranges of the columns of words before the first column of figures.

    More than one where half of the named rows hold several pieces with a gap between that none
    of them fills; a single such row is enough under a header that names its second piece.

    Args:
        rows: Rows with figures.
        header: Rows above them.
        first: The first column of figures.

    Returns:
        () where no row has a name.
    """
    names = [found for row in rows if (found := [x for x in row if _is_label(_span(x), first)])]
    heads = [line for row in header for line in row if _is_label(_span(line), first)]
    spans = [_span(line) for row in (*names, heads) for line in row]
    if not spans:
        return []
    several = [row for row in names if len(row) > 1]
    if several and 2 * len(several) >= len(names):
        columns = _merge([_span(line) for row in several for line in row])
        is_named = len(columns) > 1 and any(line.x0 > columns[0][1] for line in heads)
        if len(columns) > 1 and (len(several) > 1 or is_named):
            return columns
    return [(min(x0 for x0, _ in spans), max(x1 for _, x1 in spans))]


def _span(line: Line) -> Span:
    return line.x0, line.x1


def place_row(
    row: Sequence[Line],
    labels: Sequence[Span],
    columns: Sequence[Span],
    spans: Sequence[Span] | None = None,
) -> list[tuple[Line, ...]]:
    """Put the segments of a row into its cells; what spans columns goes to the first of them.

    Args:
        row: The segments.
        labels: The columns of words.
        columns: The columns of figures.
        spans: What each segment names, where that is more than it covers.
    """
    cells: list[tuple[Line, ...]] = [()] * (len(labels) + len(columns))
    for place, line in enumerate(row):
        span = spans[place] if spans is not None else _span(line)
        is_name = _is_label(span, columns[0]) and not is_figure(line.text)
        is_name = is_name and bool(labels)
        slot = _column_of(span, labels if is_name else columns)
        slot += 0 if is_name else len(labels)
        cells[slot] = (*cells[slot], line)
    return cells


def _is_label(span: Span, first: Span) -> bool:
    """Say whether a piece names its row: it stands left of the first column of figures.

    A long name may reach into that column; a header over it ends where the figures end.
    """
    if span[1] <= first[0] + 1:
        return True
    return span[1] <= first[1] - _SAME_END and (span[0] + span[1]) / 2 < first[0]


def _column_of(span: Span, columns: Sequence[Span]) -> int:
    shared = [min(span[1], x1) - max(span[0], x0) for x0, x1 in columns]
    if max(shared) > 0:
        least = 0.3 * min(max(shared), span[1] - span[0])
        return next(place for place, share in enumerate(shared) if share > least)
    middle = (span[0] + span[1]) / 2
    return min(
        range(len(columns)),
        key=lambda place: abs((columns[place][0] + columns[place][1]) / 2 - middle),
    )


def header_cells(
    rows: Sequence[Row],
    labels: Sequence[Span],
    columns: Sequence[Span],
    rulings: Sequence[Ruling],
) -> list[list[tuple[Line, ...]]]:
    """Put the printed rows of a header into cells; names of several lines become one row.

    A row that names several columns at once ("Three Months Ended") stays a row of its own. What a
    name covers is shown by the ruling under it, or else by its own width.
    """
    cells: list[list[tuple[Line, ...]]] = []
    was_group = True
    for row in rows:
        spans = [_underlined(line, row, rulings) for line in row]
        placed = place_row(row, labels, columns, spans)
        is_group = any(
            _num_columns_over(span, columns) > 1
            for span in spans
            if not (labels and _is_label(span, columns[0]))
        )
        if cells and not is_group and not was_group:
            cells[-1] = [(*above, *below) for above, below in zip(cells[-1], placed, strict=True)]
        else:
            cells.append(placed)
        was_group = is_group
    return cells


def _num_columns_over(span: Span, columns: Sequence[Span]) -> int:
    return sum(min(span[1], x1) - max(span[0], x0) > _MIN_BETWEEN_COLUMNS for x0, x1 in columns)


def _underlined(line: Line, row: Sequence[Line], rulings: Sequence[Ruling]) -> Span:
    """Return what the ruling right under a name covers; the name's own width without one.

    A ruling under several names of the row is the header's, and tells nothing of its columns.
    """
    x0, x1 = line.x0, line.x1
    low, high = line.baseline - 0.1 * line.size, line.baseline + _BELOW * line.size
    under = sorted((r.start, r.end) for r in rulings if low < r.at <= high)
    grown = True
    while grown:
        grown = False
        for start, end in under:
            if start <= x1 + _TOUCH and end >= x0 - _TOUCH and (start < x0 or end > x1):
                x0, x1, grown = min(x0, start), max(x1, end), True
    alone = all(other is line or other.x1 <= x0 or other.x0 >= x1 for other in row)
    return (x0, x1) if alone else (line.x0, line.x1)


def join_wrapped(rows: Sequence[Row], edge: float) -> list[Row]:
    """Join a row's name that takes several printed rows; its figures stand on one of them.

    Args:
        rows: The rows below the header.
        edge: Where the first column of figures begins.
    """
    names = [row[0] for row in rows if row[0].x1 <= edge + 1]
    widest = max((line.width for line in names), default=0.0)
    joined: list[Row] = []
    last: Line | None = None  # what the name above ends with
    for row in rows:
        name = row[0] if row[0].x1 <= edge + 1 and not is_figure(row[0].text) else None
        above = joined[-1] if joined else ()
        has_figures = any(line.x1 > edge + 1 for line in above)
        goes_on = (
            last is not None
            and name is not None
            and not (has_figures and len(row) > 1)
            and _goes_on(last, name, widest, has_figures=has_figures, is_last=len(row) > 1)
        )
        if goes_on:
            joined[-1] = (*above, *row)
        else:
            joined.append(row)
        last = name
    return joined


def _goes_on(first: Line, second: Line, widest: float, *, has_figures: bool, is_last: bool) -> bool:
    if first.text[-1:] in ":：" or second.baseline - first.baseline > 2.0 * first.size:
        return False
    if second.text[:1].islower():
        return True
    is_full = first.width >= _FULL * widest
    return is_full and is_last and not has_figures and first.bold == second.bold
