"""The printed rows of a header above figures → cells: which columns each name covers."""

from collections.abc import Sequence
from itertools import combinations, pairwise

from corpus.reading.pdf.lines import Line
from corpus.reading.pdf.marks import Ruling
from corpus.reading.pdf.unruled_cells import Row, Span, is_label, place_row

_MIN_OVER = 2.0  # points
_BELOW = 0.8  # of the size: a ruling this far under a baseline underlines it
_TOUCH = 1.0  # points: pieces of one ruling
_HEAD_GAP = 0.4  # of the size: words of a header this far apart may head columns of their own
_OFF_CENTRE = 0.3  # of a column's pitch: a name stands over the middle of what it covers
_MAX_COLUMNS = 16  # past it, ways of cutting columns into groups are too many to try


def header_cells(
    rows: Sequence[Row],
    labels: Sequence[Span],
    columns: Sequence[Span],
    rulings: Sequence[Ruling],
) -> list[list[tuple[Line, ...]]]:
    """Put the printed rows of a header into cells; names of several lines become one row.

    A row that names several columns at once ("Three Months Ended") stays a row of its own. What a
    name covers is shown by the ruling under it, by its place over the middle of several columns, or
    else by its own width.
    """
    cells: list[list[tuple[Line, ...]]] = []
    was_group = True
    for number, row in enumerate(rows):
        spans = [_underlined(line, row, rulings) for line in row]
        if spans == [(line.x0, line.x1) for line in row] and number + 1 < len(rows):
            spans = _centred(row, rows[number + 1], labels, columns) or spans
        placed = place_row(row, labels, columns, spans)
        is_group = any(
            _num_columns_over(span, columns) > 1
            for span in spans
            if not (labels and is_label(span, columns[0]))
        )
        if cells and not is_group and not was_group:
            cells[-1] = [(*above, *below) for above, below in zip(cells[-1], placed, strict=True)]
        else:
            cells.append(placed)
        was_group = is_group
    return cells


def _num_columns_over(span: Span, columns: Sequence[Span]) -> int:
    return sum(min(span[1], x1) - max(span[0], x0) > _MIN_OVER for x0, x1 in columns)


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


def split_heads(row: Row, columns: Sequence[Span]) -> Row:
    """Cut names that stand close together where each is over a column of its own.

    Only the whole piece or none of it is cut, so that no name loses a word to its neighbour.
    """
    return tuple(part for line in row for part in _split_head(line, columns))


def _split_head(line: Line, columns: Sequence[Span]) -> list[Line]:
    groups = [[line.words[0]]]
    for left, right in pairwise(line.words):
        if right.x0 - left.x1 >= _HEAD_GAP * line.size:
            groups.append([])
        groups[-1].append(right)
    parts = [Line(tuple(group)) for group in groups]
    over = [
        [place for place, column in enumerate(columns) if _shares(part, column)] for part in parts
    ]
    apart = all(len(places) == 1 for places in over) and len({p[0] for p in over}) == len(parts)
    return parts if len(parts) > 1 and apart else [line]


def _shares(line: Line, column: Span) -> bool:
    return min(line.x1, column[1]) - max(line.x0, column[0]) > 0


def _centred(
    row: Row, below: Row, labels: Sequence[Span], columns: Sequence[Span]
) -> list[Span] | None:
    """Return what the names of a row cover, when each stands over the middle of several columns.

    All columns must be covered, and the row below must name more of them; None otherwise.
    """
    names = [line for line in row if not (labels and is_label((line.x0, line.x1), columns[0]))]
    fuller = sum(not (labels and is_label((line.x0, line.x1), columns[0])) for line in below)
    if not 1 <= len(names) < fuller or len(columns) > _MAX_COLUMNS:
        return None
    pitch = (columns[-1][1] - columns[0][0]) / len(columns)
    if len(names) == 1 and len(columns) % 2 and names[0].width < pitch:
        return None  # as well the first line of the middle column's own name
    best: list[Span] | None = None
    least = _OFF_CENTRE * pitch
    for cuts in combinations(range(1, len(columns)), len(names) - 1):
        groups = [columns[a:b] for a, b in pairwise((0, *cuts, len(columns)))]
        covered = [(group[0][0], group[-1][1]) for group in groups]
        off = max(
            abs(sum(span) - name.x0 - name.x1) / 2
            for span, name in zip(covered, names, strict=True)
        )
        if off <= least:
            best, least = covered, off
    if best is None:
        return None
    spans = {id(name): span for name, span in zip(names, best, strict=True)}
    return [spans.get(id(line), (line.x0, line.x1)) for line in row]
