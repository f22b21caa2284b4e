"""Items in reading order → the text, blocks and origins of a Document. Shared by all readers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.reading.groups import row_parents
from corpus.reading.structure import BOILERPLATE_HEADING, UNIT_LINE, heading_level, numbering
from corpus.reading.tables import align_rows, count_header_rows, count_label_columns, table_unit
from corpus.reading.traced import Traced
from corpus.schema import Block, BlockKind, Cell, Origin, Role, Table

_EMPTY = Traced("", ())
BLOCK_BREAK = "\n\n"
ROW_BREAK = "\n"
CELL_BREAK = "\t"


@dataclass(frozen=True, slots=True)
class Item:
    """One block before it has a place in the text. A table has `rows`, everything else `text`."""

    kind: BlockKind
    text: Traced = _EMPTY
    level: int = 0  # of a heading, as marked up; its own number wins
    rows: tuple[tuple[Traced, ...], ...] = ()
    page: int | None = None
    header_rows: int | None = None  # where the file states it; None to find out
    label_columns: int | None = None  # the same
    is_grid: bool = False  # its columns are exact, no row can be out of place
    indents: tuple[float | None, ...] = ()  # of the rows' names, in points; () when unknown
    spanning: frozenset[int] = frozenset()  # rows known to be one cell over all columns


@dataclass(frozen=True, slots=True)
class Assembled:
    """The reading text and what stands where in it."""

    text: str
    blocks: tuple[Block, ...]
    origins: tuple[Origin, ...]


def assemble(items: Sequence[Item]) -> Assembled:
    """Lay items out one after another; see Document for the contract between text and blocks."""
    pieces: list[Traced] = []
    blocks: list[Block] = []
    offset = 0
    headings: list[tuple[int, str]] = []  # the open ones: (level, text)
    caption = ""
    for item in items:
        if pieces:
            pieces.append(Traced.added(BLOCK_BREAK))
            offset += len(BLOCK_BREAK)
        body, table = _lay_out_table(item, offset, caption) if item.rows else (item.text, None)
        level = 0
        if item.kind is BlockKind.HEADING:
            level = _level(item, headings)
            headings = [open_ for open_ in headings if open_[0] < level]
        blocks.append(
            Block(
                ordinal=len(blocks),
                kind=item.kind,
                role=Role.CONTENT,
                start=offset,
                end=offset + len(body.text),
                level=level,
                section=tuple(text for _, text in headings),
                page=item.page,
                table=table,
            )
        )
        if item.kind is BlockKind.HEADING:
            headings.append((level, item.text.text))
        if item.kind is BlockKind.CAPTION:
            caption = item.text.text
        elif item.kind not in (BlockKind.TABLE, BlockKind.NOTE):
            caption = ""
        pieces.append(body)
        offset += len(body.text)
    whole = Traced.join(pieces)
    return Assembled(whole.text, tuple(blocks), whole.origins())


def _level(item: Item, headings: list[tuple[int, str]]) -> int:
    """Return a heading's depth: by its number, else below the numbered heading it stands under.

    Slides and converted PDFs mark headings of one depth with one, two or three signs at random,
    so where numbers exist the marks do not decide. A number of one kind (1.) stands below the open
    heading with a number of an outer kind (（一）), whatever depth that has.
    """
    text = item.text.text
    if BOILERPLATE_HEADING.match(text):
        return 1
    number = numbering(text)
    if number is not None:
        rank, dots = number
        for level, above in reversed(headings):
            other = numbering(above)
            if other is None or other >= number:
                continue
            if other[0] == rank:
                return level + dots - other[1]
            # The first part of 1.2 counts what 一、 counts, where nothing is numbered 1. itself.
            return level + max(1, dots)
    numbered = [level for level, above in headings if heading_level(above)]
    return heading_level(text) or (max(numbered) + 1 if numbered else max(item.level, 1))


def _unit_below(header: Sequence[Sequence[str]]) -> str:
    """Return the unit that stands alone in a row of a header, below the names of the columns; "" for none."""
    alone = (filled[0] for row in header if len(filled := [text for text in row if text]) == 1)
    return next((table_unit(text) for text in alone if UNIT_LINE.match(text)), "")


def _lay_out_table(item: Item, offset: int, caption: str) -> tuple[Traced, Table]:
    width = max(len(row) for row in item.rows)
    rows = [(*row, *(_EMPTY,) * (width - len(row))) for row in item.rows]
    shifts = [0] * len(rows)
    if not item.is_grid:
        shifts = align_rows([[cell.text for cell in row] for row in rows])
    rows = [(*(_EMPTY,) * n, *row[: width - n]) for n, row in zip(shifts, rows, strict=True)]
    pieces: list[Traced] = []
    cells: list[tuple[Cell, ...]] = []
    position = offset
    for row_number, row in enumerate(rows):
        if row_number:
            pieces.append(Traced.added(ROW_BREAK))
            position += len(ROW_BREAK)
        spans = []
        for column, cell in enumerate(row):
            if column:
                pieces.append(Traced.added(CELL_BREAK))
                position += len(CELL_BREAK)
            spans.append(Cell(position, position + len(cell.text)))
            pieces.append(cell)
            position += len(cell.text)
        cells.append(tuple(spans))
    texts = [[cell.text for cell in row] for row in rows]
    header_rows = item.header_rows if item.header_rows is not None else count_header_rows(texts)
    table = Table(
        rows=tuple(cells),
        header_rows=header_rows,
        label_columns=item.label_columns or count_label_columns(texts, header_rows),
        caption=caption,
        unit=table_unit(caption, texts[0][0] if header_rows else "")
        or _unit_below(texts[:header_rows])
        or _unit_in_corner(texts, header_rows),
        parents=row_parents(texts, header_rows, item.indents, item.spanning),
    )
    return Traced.join(pieces), table


def _unit_in_corner(texts: Sequence[Sequence[str]], header_rows: int) -> str:
    """Return the unit that stands in the first column beside the header, or right below it by itself."""
    below = texts[header_rows : header_rows + 1] if header_rows else []
    corner = [row[0] for row in texts[1:header_rows]]
    corner += [row[0] for row in below if not any(cell.strip() for cell in row[1:])]
    return next((table_unit("", text) for text in corner if UNIT_LINE.match(text)), "")


def with_roles(blocks: Sequence[Block], roles: Sequence[Role]) -> tuple[Block, ...]:
    """Return the blocks with these roles, one per block."""
    return tuple(replace(block, role=role) for block, role in zip(blocks, roles, strict=True))
