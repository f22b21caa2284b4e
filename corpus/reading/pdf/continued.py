"""Blocks that go on over a page or column break: paragraphs and tables cut in two."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from corpus.reading.pdf.blocks import PageBlock
from corpus.reading.pdf.characters import HYPHEN_MARK, is_han
from corpus.reading.pdf.grids import GridTable, is_figure
from corpus.reading.pdf.lines import Line
from corpus.reading.structure import ENUMERATOR, TERMINAL, heading_level
from corpus.schema import BlockKind

Placed = tuple[int, PageBlock]
"""A block and the number of its page."""

_SAME_EDGE = 6.0  # points: a column border stands no further off on the next page
_SAME_SIZE = 0.06
_MIN_OPEN_COLUMNS = 24  # display columns of a last line that may be cut in a sentence


def join_pages(blocks: Sequence[Placed]) -> list[list[Placed]]:
    """Group the pieces of one block; most groups have one. Order is kept."""
    groups: list[list[Placed]] = []
    for number, block in blocks:
        target = _continued(groups, number, block)
        if target is None:
            groups.append([(number, block)])
        elif block.table is not None:
            first = target[0][1].table
            assert first is not None  # only tables continue tables
            target.append((number, _without_header(_fitted(block, first), first)))
        else:
            target.append((number, block))
    return groups


def table_rows(pieces: Sequence[Placed]) -> list[list[list[tuple[int, Line]]]]:
    """Return the rows of a table's pieces as cells of (page, line), cut rows put together.

    A column that is empty on one page and filled on another has its place on both.
    """
    tables = [(number, block.table) for number, block in pieces if block.table is not None]
    slots = sorted({slot for _, table in tables for slot in table.slots})
    rows: list[list[list[tuple[int, Line]]]] = []
    for number, table in tables:
        places = {slot: place for place, slot in enumerate(table.slots)}
        for row_number, cells in enumerate(table.rows):
            full = [cells[places[slot]] if slot in places else () for slot in slots]
            placed = [[(number, line) for line in cell] for cell in full]
            is_first = bool(rows) and row_number == 0
            if is_first and _is_rest_of_row(rows[-1], full, table.edges):
                rows[-1] = [above + below for above, below in zip(rows[-1], placed, strict=True)]
            else:
                rows.append(placed)
    return rows


def _is_rest_of_row(
    above: Sequence[Sequence[tuple[int, Line]]],
    below: Sequence[Sequence[Line]],
    edges: Sequence[float],
) -> bool:
    """Say whether a page break cut one row: few cells go on, each from a text that was open."""
    filled = [place for place, cell in enumerate(below) if cell]
    if filled == [0]:
        return _is_rest_of_name(above, below[0], edges)
    if below[0] or not filled or 2 * len(filled) > len(below):
        return False
    return all(
        above[place]
        and not is_figure(above[place][-1][1].text)
        and not is_figure(below[place][0].text)
        and above[place][-1][1].text[-1] not in TERMINAL
        for place in filled
    )


def _is_rest_of_name(
    above: Sequence[Sequence[tuple[int, Line]]], rest: Sequence[Line], edges: Sequence[float]
) -> bool:
    """Say whether a name alone goes on from the row above, whose name fills its column."""
    if len(edges) < 2 or not above[0]:
        return False
    last, text = above[0][-1][1], rest[0].text
    is_full = edges[1] - 1.5 * last.size <= last.x1 <= edges[1] + 1.0
    is_open = last.text[-1] not in TERMINAL and is_full
    starts_anew = ENUMERATOR.match(text) or heading_level(text) is not None or text[:1].isdigit()
    return is_open and not starts_anew and not is_figure(text)


def _continued(groups: list[list[Placed]], number: int, block: PageBlock) -> list[Placed] | None:
    """Return the group that a block goes on from, None when it starts anew."""
    if block.table is not None:
        group = next((g for g in reversed(groups[-2:]) if g[-1][1].role is None), None)
        if group is None or group[-1][0] != number - 1 or group[-1][1].table is None:
            return None
        return group if _same_columns(group[-1][1].table, block.table) else None
    if block.kind is not BlockKind.PARAGRAPH or block.role is not None:
        return None
    for group in reversed(groups[-6:]):
        last_page, last = group[-1]
        if last.role is not None and last_page >= number - 1:
            continue  # labels of a chart between the two halves
        if last.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            starts_column = last_page != number or last.room != block.room
            return (
                group
                if starts_column and number - last_page <= 1 and _goes_on(last, block)
                else None
            )
        # Figures, tables and notes may stand between the two halves.
        if last.kind is BlockKind.HEADING or last_page < number - 1:
            return None
    return None


def _goes_on(last: PageBlock, block: PageBlock) -> bool:
    end, start = last.lines[-1], block.lines[0]
    if abs(end.size - start.size) > _SAME_SIZE * end.size or end.bold != start.bold:
        return False
    before, after = end.text[-1:], start.text[:1]
    if before == HYPHEN_MARK:
        return True
    if before in TERMINAL or end.columns < _MIN_OPEN_COLUMNS:
        return False
    # A cut line is full, and the next one is not set in like the start of a paragraph.
    widest = max(line.x1 for line in last.lines)
    if end.x1 < widest - 2.5 * end.size:
        return False
    is_indented = len(block.lines) > 1 and start.x0 - min(x.x0 for x in block.lines[1:]) > end.size
    if is_indented:
        return False
    return (
        (is_han(before) and is_han(after))
        or after.islower()
        or ((before.isascii() or is_han(before)) and not after.isupper())
        or (before.isalpha() and before.isascii() and end.columns >= _MIN_OPEN_COLUMNS)
    )


def _same_columns(above: GridTable | None, below: GridTable) -> bool:
    if above is None:
        return False
    if above.num_slots == below.num_slots and len(above.edges) == len(below.edges):
        if all(abs(a - b) <= _SAME_EDGE for a, b in zip(above.edges, below.edges, strict=True)):
            return True
        return above.slots == below.slots and _header_texts(above)[:1] == _header_texts(below)[:1]
    return _are_nested(above, below)


def _are_nested(above: GridTable, below: GridTable) -> bool:
    """Say whether all borders of the one table are borders of the other as well.

    Where cells are merged on one of two pages only, its table shows fewer columns or more.
    """
    if any(table.num_slots != len(table.edges) - 1 for table in (above, below)):
        return False
    coarse, fine = sorted((above.edges, below.edges), key=len)
    return len(coarse) > 2 and all(
        any(abs(edge - other) <= _SAME_EDGE for other in fine) for edge in coarse
    )


def _fitted(block: PageBlock, first: GridTable) -> PageBlock:
    """Put a continuation's cells into the columns of the table's first page."""
    table = block.table
    if table is None or table.num_slots == first.num_slots:
        return block
    lefts = [table.edges[slot] + _SAME_EDGE for slot in table.slots]
    slots = [max(0, min(bisect_right(first.edges, x) - 1, first.num_slots - 1)) for x in lefts]
    kept = sorted(set(slots))
    rows = tuple(
        tuple(
            tuple(
                line
                for cell, slot in zip(row, slots, strict=True)
                if slot == place
                for line in cell
            )
            for place in kept
        )
        for row in table.rows
    )
    fitted = replace(
        table, rows=rows, slots=tuple(kept), edges=first.edges, num_slots=first.num_slots
    )
    return replace(block, table=fitted)


def _header_texts(table: GridTable) -> list[tuple[str, ...]]:
    return [tuple("".join(line.text for line in cell) for cell in row) for row in table.rows]


def _without_header(block: PageBlock, first: GridTable) -> PageBlock:
    """Drop the rows at the start of a continuation that repeat the table's first rows."""
    assert block.table is not None
    ours, theirs = _header_texts(block.table), _header_texts(first)
    repeated = 0
    while repeated < min(len(ours) - 1, len(theirs), 4) and ours[repeated] == theirs[repeated]:
        repeated += 1
    if not repeated:
        return block
    table = replace(block.table, rows=block.table.rows[repeated:])
    return replace(block, table=table)
