"""Tables without lines between their columns: rows of figures that stand under each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.reading.pdf.grids import GridTable, is_figure, make_table
from corpus.reading.pdf.marks import Rect, Ruling
from corpus.reading.pdf.unruled_cells import (
    Row,
    Span,
    figure_columns,
    join_wrapped,
    label_columns,
    merge_spans,
    place_row,
    raise_names,
)
from corpus.reading.pdf.unruled_header import header_cells, split_heads
from corpus.reading.structure import UNIT_LINE, display_columns
from corpus.reading.tables import COMPARED_YEARS

_MIN_ROWS = 3
_MAX_BETWEEN = 2  # rows of a table in a row that hold a label only
_MAX_BETWEEN_ALIGNED = 6  # the same, where the columns go on after them
_MAX_HEADER = 5
_MAX_ABOVE = 3  # names without figures between the header and the first figures
_ROW_GAP = 2.6  # of the size: rows of one table stand no further apart
_FAR_GAP = 5.0  # of the size: an empty row may lie between, when the columns go on
_SAME_END = 4.0  # points
_WIDE_TEXT = 60  # display columns: a longer single segment is a sentence, not a label
_YEAR = re.compile(r"^(?:(?:FY)?(?:19|20)\d{2}(?:年|[AEF])?|\d{1,2},)$")
_CHANGE = re.compile(
    rf"^(?:{COMPARED_YEARS}|[$%#]?\s?(?:change|inc\.?\s?/?\s?\(?dec\.?\)?))$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*[（(][^()（）]*[)）]$")  # a unit behind the name of a column
# Longer than other names of columns: "Twelve Months Ended September 30, 2022".
_PERIOD_HEAD = re.compile(r"\b(?:ended|ending|as of)\b|截至|止年度", re.IGNORECASE)
_MIN_ENTRIES = 6  # of a table of contents


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table and the rows [first, last] of the region that it takes the place of."""

    table: GridTable
    first: int
    last: int


def find_unruled_tables(rows: Sequence[Row], rulings: Sequence[Ruling] = ()) -> list[FoundTable]:
    """Find tables among the rows of a region, top to bottom, without overlap.

    Args:
        rows: Printed rows, each cut into segments.
        rulings: Horizontal lines of the page; they show what the names of a header cover.
    """
    found: list[FoundTable] = []
    start = 0
    while start < len(rows):
        if not _is_data(rows[start]) or _names_years(rows[start]):
            start += 1  # years head the figures below them
            continue
        end = _without_next_header(rows, start, _last_data_row(rows, start))
        data = [index for index in range(start, end + 1) if _is_data(rows[index])]
        table = None
        if all(_heads_only(rows[index]) for index in data):
            start += 1  # they head the table below
            continue
        if _is_table(rows, data) and not _is_contents([rows[index] for index in data]):
            low = found[-1].last + 1 if found else 0
            table = _build(rows, start, end, low, rulings)
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
    edge = _edge(rows[start])
    for index in range(start + 1, len(rows)):
        row = rows[index]
        distance = _distance(rows[index - 1], row)
        if distance > _FAR_GAP * row[0].size:
            break
        is_far = distance > _ROW_GAP * row[0].size
        if _is_data(row):
            is_doubtful = is_far or between > _MAX_BETWEEN
            if is_doubtful and not _stands_under(row, rows[start : end + 1]):
                break
            end, between = index, 0
            edge = min(edge, _edge(row))
            continue
        between += 1
        is_short = len(row) <= 2 and all(line.columns <= _WIDE_TEXT for line in row)
        is_label = is_short or all(line.x1 <= edge for line in row)
        if between > _MAX_BETWEEN_ALIGNED or not is_label:
            break
    return end


def _heads_only(row: Row) -> bool:
    """Say whether the figures of a row are years and days of dates: "28,", 2023."""
    return all(_YEAR.match(line.text.strip()) for line in row[1:] if is_figure(line.text))


def _without_next_header(rows: Sequence[Row], start: int, end: int) -> int:
    """Return the last row of a table without the years that head the next one."""
    last = end
    while last > start and _names_years(rows[last]):
        last -= 1
    while last > start and last < end and not _is_data(rows[last]):
        last -= 1
    return last


def _names_years(row: Row) -> bool:
    """Say whether a row is years, and changes between them: 2022, 2021, 2022 vs. 2021."""
    texts = [line.text.strip() for line in row]
    return any(map(_YEAR.match, texts)) and all(
        _YEAR.match(text) or _CHANGE.match(text) for text in texts
    )


def _is_unit_line(row: Row) -> bool:
    """Say whether a row only says in which unit the figures below are."""
    return len(row) == 1 and UNIT_LINE.match(row[0].text.strip()) is not None


def _edge(row: Row) -> float:
    """Return where the figures of a row begin."""
    return min(line.x0 for line in row[1:] if is_figure(line.text))


def _is_contents(rows: Sequence[Row]) -> bool:
    """Say whether rows are names with page numbers: one whole number each, never going down."""
    if len(rows) < _MIN_ENTRIES or any(is_figure(line.text) for row in rows for line in row[:-1]):
        return False
    numbers = [row[-1].text.strip() for row in rows]
    if not all(number.isdecimal() and len(number) <= 3 for number in numbers):
        return False
    pages = [int(number) for number in numbers]
    return pages == sorted(pages) and len(set(pages)) > 1


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
    rows: Sequence[Row], start: int, end: int, low: int, rulings: Sequence[Ruling]
) -> FoundTable | None:
    data = [row for row in rows[start : end + 1] if _is_data(row)]
    columns = figure_columns(data)
    if not columns:
        return None
    first, below = _header(rows, start, columns, low)
    bare = [row for row in rows[below : end + 1] if not _is_data(row)]
    while first < below < start and _is_unit_line(rows[below]):
        below += 1
    units = [row for row in rows[first:below] if _is_unit_line(row)]
    named = [row for row in rows[first:below] if not _is_unit_line(row)]
    head = [_heads_apart(row, bare, data, columns) for row in named]
    labels = label_columns(data, head, columns[0], bare)
    body = rows[first : end + 1]
    if labels and not any(line.x0 < columns[0][0] - _SAME_END for row in body for line in row):
        labels = []
    header = header_cells(head, labels, columns, rulings)
    if header and units:
        header[0][0] = (*header[0][0], *units[0])  # in the corner, where it names no column
    printed = join_wrapped(rows[below : end + 1], columns[0][0])
    below_header = [place_row(row, labels, columns) for row in printed]
    cells = [*header, *raise_names(below_header, rulings, len(labels))]
    rect: Rect = (
        min(line.x0 for row in body for line in row),
        min(line.top for row in body for line in row),
        max(line.x1 for row in body for line in row),
        max(line.bottom for row in body for line in row),
    )
    starts = [column[0] for column in (*labels[1:], *columns)]
    table = make_table(cells, rect, edges=[*([rect[0]] if labels else []), *starts, rect[2]])
    if table is None or len(table.rows) < 2:
        return None
    if header:
        table = replace(table, header_rows=len(header))
    if len(labels) > 1:
        table = replace(table, label_columns=len(labels))
    return FoundTable(table, first, end)


def _heads_apart(
    row: Row, bare: Sequence[Row], data: Sequence[Row], columns: Sequence[Span]
) -> Row:
    """Cut the names of a header that are set closer than words of a row, as the rows below show."""
    names = [
        (line.x0, line.x1) for other in (*data, *bare) for line in other if line.x1 < columns[0][0]
    ]
    return split_heads(row, [*merge_spans(names), *columns])


def _header(rows: Sequence[Row], start: int, columns: Sequence[Span], low: int) -> tuple[int, int]:
    """Return the rows [first, below) of the header above a table; (start, start) without one.

    Between it and the first figures there may be names of groups ("Assets", "Current assets").
    """
    first, below, skipped = start, start, 0
    for index in range(start - 1, max(low, start - _MAX_HEADER - _MAX_ABOVE) - 1, -1):
        row = rows[index]
        if _distance(row, rows[index + 1]) > _ROW_GAP * row[0].size:
            break
        if _is_unit_line(row):
            continue  # between the names of the columns and the figures
        heads = [line for line in row if line.x1 > columns[0][0] - 2]
        if not heads and all(line.columns <= _WIDE_TEXT for line in row):
            skipped += 1
            if skipped > _MAX_ABOVE:
                break
            continue
        over = all(
            display_columns(_BRACKET.sub("", line.text))
            <= _WIDE_TEXT / (1 if _PERIOD_HEAD.search(line.text) else 2)
            for line in heads
        )
        starts_left = (
            any(line.x0 < columns[0][0] - 10 and line.x1 > columns[0][1] for line in row)
            and len(row) == 1
        )
        if not heads or not over or starts_left or below - index > _MAX_HEADER:
            break
        if first == start:
            below = index + 1
        first, skipped = index, 0
    return first, below
