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
_FULL = 0.88  # of the widest name: a name this long may go on in the next row


def figure_columns(rows: Sequence[Row]) -> list[Span]:
    """Return the x ranges of the columns of figures, left to right."""
    spans = [
        (line.x0, line.x1)
        for row in rows
        for place, line in enumerate(row)
        if (place or (len(row) > 1 and is_figure(line.text))) and is_figure(line.text)
    ]
    return _join_signs(merge_spans(spans), rows)


def merge_spans(spans: Sequence[Span]) -> list[Span]:
    """Merge spans that overlap or nearly touch, left to right."""
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


def label_columns(
    rows: Sequence[Row], header: Sequence[Row], first: Span, bare: Sequence[Row] = ()
) -> list[Span]:
    """Return the x ranges of the columns of words before the first column of figures.

    More than one where half of the named rows hold several pieces with a gap between that none
    of them fills; a single such row is enough under a header that names its second piece, or one
    that names every piece where no name of any row fills the gap.

    Args:
        rows: Rows with figures.
        header: Rows above them.
        first: The first column of figures.
        bare: Rows between them that have names only.

    Returns:
        () where no row has a name.
    """
    names = [found for row in rows if (found := [x for x in row if is_label(_span(x), first)])]
    heads = [line for row in header for line in row if line.x1 <= first[0] + 1]
    spans = [_span(line) for row in (*names, heads) for line in row]
    if not spans:
        return []
    several = [row for row in names if len(row) > 1]
    if several and 2 * len(several) >= len(names):
        columns = merge_spans([_span(line) for row in several for line in row])
        is_named = len(columns) > 1 and any(line.x0 > columns[0][1] for line in heads)
        if len(columns) > 1 and (len(several) > 1 or is_named):
            return columns
    apart = merge_spans([*spans, *(_span(line) for row in bare for line in row)])
    if len(apart) > 1 and all(_is_over(heads, column) for column in apart):
        return apart
    return [(min(x0 for x0, _ in spans), max(x1 for _, x1 in spans))]


def _is_over(heads: Sequence[Line], column: Span) -> bool:
    return any(line.x0 < column[1] and line.x1 > column[0] for line in heads)


def raise_names(
    cells: Sequence[list[tuple[Line, ...]]], rulings: Sequence[Ruling], num_labels: int
) -> list[list[tuple[Line, ...]]]:
    """Put the name of a group of rows, set half way down between two rulings, on its first row.

    Args:
        cells: The rows below the header.
        rulings: Horizontal lines of the page.
        num_labels: Columns of words before the figures; with one only there are no such names.
    """
    if num_labels < 2:
        return list(cells)
    kept: list[list[tuple[Line, ...]]] = []
    block: list[list[tuple[Line, ...]]] = []
    last = 0.0
    for row in cells:
        baseline = max(line.baseline for cell in row for line in cell)
        if any(last < ruling.at < baseline for ruling in rulings):
            kept += _raised(block)
            block = []
        block.append(row)
        last = baseline
    return kept + _raised(block)


def _raised(block: list[list[tuple[Line, ...]]]) -> list[list[tuple[Line, ...]]]:
    named = [row for row in block if row[0]]
    if len(block) < 2 or len(named) != 1 or block[0][0]:
        return block
    (home,) = named
    block[0][0], home[0] = home[0], ()
    return [row for row in block if any(row)]


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
        is_name = bool(labels) and is_label(span, columns[0]) and not is_figure(line.text)
        if is_name and spans is not None and span[1] > columns[0][0] + 1:
            is_name = span[0] < labels[-1][1]  # else it is the centred head of narrow figures
        slot = _column_of(span, labels if is_name else columns)
        slot += 0 if is_name else len(labels)
        cells[slot] = (*cells[slot], line)
    return cells


def is_label(span: Span, first: Span) -> bool:
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
