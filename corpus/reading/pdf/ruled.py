"""Tables drawn with lines: rulings → grid → cells with their words."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.pdf.crowded import split_crowded, split_rows
from corpus.reading.pdf.grids import GridTable, is_figure, make_table
from corpus.reading.pdf.lines import Line, group_rows, split_row
from corpus.reading.pdf.marks import PageMarks, Ruling, Word
from corpus.reading.pdf.unruled import find_unruled_tables

_SNAP = 2.5  # points: rulings this close bound the same row or column
_PARALLEL = 1.5  # points: rulings this close are drawn as one
_REACH = 3.5  # points: a ruling that ends this short of another still meets it
_OVERHANG = 8.0  # points: horizontals that go further than the last vertical leave a side open
_MAX_RULINGS = 600  # of either kind after merging; more is a drawing
_MIN_FILLED = 0.25  # share of cells with text; below it is a diagram or a form
_FEW_LINES = 2  # pieces in a row, per column that the lines show: they do not show all
_YEAR = re.compile(r"^(?:19|20)\d{2}$")
_YEARS = re.compile(r"(?:19|20)\d{2}")
_OF_HEADS = re.compile(
    r"\b(?:(?:19|20)\d{2}|\d{1,2}(?=,)|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*|"
    r"(?:three|six|nine|twelve|\d{1,2}) (?:months?|weeks?)|quarters?|years?|months?|weeks?|fiscal|ended|ending|"
    r"as|of|at|change|increase|decrease|inc|dec|vs|unaudited|and|or|for|the)\b",
    re.IGNORECASE,
)
"""What the names of columns of figures are made of."""
_STACKED = 3  # figures in a cell: its row is several
_BESIDE = 20.0  # points between pieces of a table that its lines do not show whole
_MIN_NAMED = 4  # rows of a table that may be emptier, when its first column names them


@dataclass(slots=True)
class _Grid:
    xs: list[float]
    ys: list[float]
    horizontals: list[Ruling]
    verticals: list[Ruling]


def find_ruled_tables(marks: PageMarks) -> tuple[list[GridTable], set[int]]:
    """Find tables with lines between rows and columns.

    Returns:
        The tables from top to bottom, and the ids (`id(word)`) of the words inside them.
    """
    horizontals = _merge(marks.horizontals)
    verticals = _merge(marks.verticals)
    if not horizontals or not verticals or max(len(horizontals), len(verticals)) > _MAX_RULINGS:
        return [], set()
    found: list[tuple[GridTable, set[int]]] = []
    used: set[int] = set()
    for grid in _grids(horizontals, verticals):
        inside = [word for word in marks.words if id(word) not in used and _is_inside(word, grid)]
        table = _without_rulings(grid, inside) or _fill(grid, inside)
        if table is not None and not (_leaves_header_out(table, grid) or _only_heads(table)):
            ids = {id(word) for word in inside}
            found.append((table, ids))
            used |= ids
    kept = _without_broken(found)
    tables = sorted((table for table, _ in kept), key=lambda table: (table.rect[1], table.rect[0]))
    return tables, set().union(*(ids for _, ids in kept))


def _without_broken(
    found: Sequence[tuple[GridTable, set[int]]],
) -> list[tuple[GridTable, set[int]]]:
    """Drop tables of which a row holds many: their lines are the gaps between shaded cells.

    With one go those beside it, which are parts of the same table; white space shows it whole.
    """
    broken = [table.rect for table, _ in found if _stacks_figures(table)]
    kept = list(found)
    while broken:
        top, bottom = broken[-1][1] - _BESIDE, broken[-1][3] + _BESIDE
        broken.pop()
        for entry in [e for e in kept if e[0].rect[1] < bottom and e[0].rect[3] > top]:
            kept.remove(entry)
            broken.append(entry[0].rect)
    return kept


def _leaves_header_out(table: GridTable, grid: _Grid) -> bool:
    """Say whether lines around several printed rows of figures leave the header above them."""
    is_split = len(table.rows) > len(grid.ys) - 1
    return (
        is_split
        and all(is_figure(line.text) for cell in table.rows[0][1:] for line in cell)
        and not any(_YEAR.match(line.text) for cell in table.rows[0][1:] for line in cell)
    )


def _only_heads(table: GridTable) -> bool:
    """Say whether lines frame nothing but the names of columns: "Quarters Ended", March 26, 2023, % Change."""
    texts = [" ".join(line.text for line in cell) for row in table.rows for cell in row if cell]
    return any(_YEARS.search(text) for text in texts) and not any(
        re.search(r"\w", _OF_HEADS.sub(" ", text)) for text in texts
    )


def _stacks_figures(table: GridTable) -> bool:
    """Say whether a cell behind the first holds several figures one below the other."""
    return any(
        len(cell) >= _STACKED and all(is_figure(line.text) for line in cell)
        for row in table.rows
        for cell in row[1:]
    )


def _without_rulings(grid: _Grid, words: Sequence[Word]) -> GridTable | None:
    """Read a grid by its white space, where its few upright lines only set off blocks of columns.

    None where the lines show at least half of the columns, or the space shows no table.
    """
    walls = grid.verticals
    rows = [
        split_row(row, [wall.at for wall in walls if wall.start <= row[0].baseline <= wall.end])
        for row in group_rows(words)
    ]
    if max((len(row) for row in rows), default=0) < _FEW_LINES * (len(grid.xs) - 1):
        return None
    found = find_unruled_tables([tuple(row) for row in rows], grid.horizontals)
    if len(found) != 1 or (found[0].first, found[0].last) != (0, len(rows) - 1):
        return None
    return found[0].table


def _merge(rulings: Sequence[Ruling]) -> list[Ruling]:
    """Put pieces of one line together; near parallels become one."""
    merged: list[Ruling] = []
    for ruling in sorted(rulings):
        twin = None
        for place in range(len(merged) - 1, -1, -1):
            other = merged[place]
            if ruling.at - other.at > _PARALLEL:
                break
            if ruling.start <= other.end + _REACH and ruling.end >= other.start - _REACH:
                twin = place
                break
        if twin is None:
            merged.append(ruling)
        else:
            other = merged[twin]
            merged[twin] = Ruling(
                other.at, min(other.start, ruling.start), max(other.end, ruling.end)
            )
    return merged


def _grids(horizontals: list[Ruling], verticals: list[Ruling]) -> list[_Grid]:
    """Group rulings that meet into grids."""
    parent = list(range(len(horizontals) + len(verticals)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row, line in enumerate(horizontals):
        for column, wall in enumerate(verticals):
            meets = (
                line.start - _REACH <= wall.at <= line.end + _REACH
                and wall.start - _REACH <= line.at <= wall.end + _REACH
            )
            if meets:
                parent[root(row)] = root(len(horizontals) + column)
    members: defaultdict[int, _Grid] = defaultdict(lambda: _Grid([], [], [], []))
    for row, line in enumerate(horizontals):
        members[root(row)].horizontals.append(line)
    for column, wall in enumerate(verticals):
        members[root(len(horizontals) + column)].verticals.append(wall)
    grids = [grid for grid in members.values() if grid.horizontals and grid.verticals]
    for grid in grids:
        _close(grid)
    return [grid for grid in grids if len(grid.xs) >= 3 and len(grid.ys) >= 2]


def _close(grid: _Grid) -> None:
    """Find the grid's lines, adding the outer ones that open tables leave out."""
    left = min(line.start for line in grid.horizontals)
    right = max(line.end for line in grid.horizontals)
    top = min(wall.start for wall in grid.verticals)
    bottom = max(wall.end for wall in grid.verticals)
    xs = _positions([wall.at for wall in grid.verticals])
    ys = _positions([line.at for line in grid.horizontals])
    if xs[0] - left > _OVERHANG:
        xs.insert(0, left)
        grid.verticals.append(Ruling(left, ys[0], ys[-1]))
    if right - xs[-1] > _OVERHANG:
        xs.append(right)
        grid.verticals.append(Ruling(right, ys[0], ys[-1]))
    if ys[0] - top > _OVERHANG:
        ys.insert(0, top)
        grid.horizontals.append(Ruling(top, xs[0], xs[-1]))
    if bottom - ys[-1] > _OVERHANG:
        ys.append(bottom)
        grid.horizontals.append(Ruling(bottom, xs[0], xs[-1]))
    grid.xs, grid.ys = xs, ys


def _positions(values: Sequence[float]) -> list[float]:
    positions: list[float] = []
    for value in sorted(values):
        if not positions or value - positions[-1] > _SNAP:
            positions.append(value)
    return positions


def _is_inside(word: Word, grid: _Grid) -> bool:
    middle_x, middle_y = (word.x0 + word.x1) / 2, word.baseline - 0.3 * word.size
    return grid.xs[0] - 1 <= middle_x <= grid.xs[-1] + 1 and (
        grid.ys[0] - 1 <= middle_y <= grid.ys[-1] + 1
    )


def _cell_roots(grid: _Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Map each elementary cell to the top left one of the merged cell it belongs to."""
    num_rows, num_columns = len(grid.ys) - 1, len(grid.xs) - 1
    walls: defaultdict[int, list[Ruling]] = defaultdict(list)
    for wall in grid.verticals:
        walls[_nearest(grid.xs, wall.at)].append(wall)
    floors: defaultdict[int, list[Ruling]] = defaultdict(list)
    for line in grid.horizontals:
        floors[_nearest(grid.ys, line.at)].append(line)
    roots = {
        (row, column): (row, column) for row in range(num_rows) for column in range(num_columns)
    }

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while roots[cell] != cell:
            cell = roots[cell]
        return cell

    def unite(a: tuple[int, int], b: tuple[int, int]) -> None:
        first, second = sorted((root(a), root(b)))
        roots[second] = first

    for row in range(num_rows):
        middle_y = (grid.ys[row] + grid.ys[row + 1]) / 2
        for column in range(num_columns):
            middle_x = (grid.xs[column] + grid.xs[column + 1]) / 2
            if column + 1 < num_columns and not _blocks(walls[column + 1], middle_y):
                unite((row, column), (row, column + 1))
            if row + 1 < num_rows and not _blocks(floors[row + 1], middle_x):
                unite((row, column), (row + 1, column))
    return {cell: root(cell) for cell in roots}


def _nearest(positions: Sequence[float], value: float) -> int:
    return min(range(len(positions)), key=lambda place: abs(positions[place] - value))


def _blocks(rulings: Sequence[Ruling], at: float) -> bool:
    return any(ruling.start - 1 <= at <= ruling.end + 1 for ruling in rulings)


def _fill(grid: _Grid, words: Sequence[Word]) -> GridTable | None:
    """Put words into their cells; None when this is no table after all."""
    if len(words) < 2:
        return None
    roots = _cell_roots(grid)
    cells: defaultdict[tuple[int, int], list[Word]] = defaultdict(list)
    for word in words:
        row = _slot(grid.ys, word.baseline - 0.3 * word.size)
        column = _slot(grid.xs, (word.x0 + word.x1) / 2)
        cells[roots[row, column]].append(word)
    num_cells = len(set(roots.values()))
    num_rows, num_columns = len(grid.ys) - 1, len(grid.xs) - 1
    is_full = len(cells) >= _MIN_FILLED * num_cells
    if num_cells < 2 or len(cells) < 2 or not (is_full or _names_its_rows(cells, num_rows)):
        return None
    rows: list[list[tuple[Line, ...]]] = []
    for row in range(num_rows):
        lines = [_cell_lines(cells.get((row, column), [])) for column in range(num_columns)]
        rows.extend(split_rows(lines, grid.xs))
    rows = split_crowded(rows)
    rect = (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    return make_table(rows, rect, edges=grid.xs)


def _names_its_rows(cells: dict[tuple[int, int], list[Word]], num_rows: int) -> bool:
    """Say whether the first column is filled and most of the rest are figures.

    Statements of changes in equity are like that: a form of many rows and few figures.
    """
    named = sum(column == 0 for _, column in cells)
    others = [words for (_, column), words in cells.items() if column > 0]
    figures = sum(is_figure(words[0].text) for words in others)
    return num_rows >= _MIN_NAMED and named >= 0.8 * num_rows and figures > 0.5 * len(others)


def _cell_lines(words: Sequence[Word]) -> tuple[Line, ...]:
    return tuple(Line(tuple(row)) for row in group_rows(words))


def _slot(positions: Sequence[float], value: float) -> int:
    place = bisect_right(positions, value) - 1
    return min(max(place, 0), len(positions) - 2)
