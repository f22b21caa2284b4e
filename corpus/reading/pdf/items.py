"""Blocks of a page → items: text joined from lines, tables from rows, with where each came from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.reading.assemble import Item
from corpus.reading.groups import indents_of, table_starts
from corpus.reading.pdf.blocks import PageBlock, is_bullet
from corpus.reading.pdf.continued import table_rows
from corpus.reading.pdf.grids import GridTable
from corpus.reading.pdf.lines import Line, line_joint
from corpus.reading.structure import BULLET
from corpus.reading.tables import count_header_rows, num_header_rows_below
from corpus.reading.traced import Traced
from corpus.schema import BlockKind, Box, Origin, Role

_STRIDE = 1 << 14
"""Source numbers per line: character 5 of line 3 has source 3 * _STRIDE + 5. Lines end there."""

LABEL_BREAK = " · "  # between the labels of a chart
_SIGN = re.compile(r"^(?:(?:US|HK|NT|C|A|S)?\$|[¥￥€£])$")
_ENDS_IN_SIGN = re.compile(r"^(?P<figure>.*\d\)?)\s*(?P<sign>(?:US|HK)?[$¥￥€£])$")
_SPACE = re.compile(r"\s+")  # "2021 年" is a year like "2021年"

Rows = Sequence[Sequence[Sequence[tuple[int, Line]]]]
"""Rows of cells of lines with their pages."""


@dataclass(slots=True)
class Tracer:
    """Hands out source numbers to lines and remembers their boxes."""

    boxes: list[Box]
    words: frozenset[str]  # of the document, in lower case

    def trace(self, line: Line, page: int) -> Traced:
        """Return a line's text; its sources lead back to its box."""
        x0, top, x1, bottom = (round(value, 2) for value in line.rect)
        self.boxes.append(Box(page, x0, top, x1, bottom))
        return Traced.of(line.text[: _STRIDE - 1], (len(self.boxes) - 1) * _STRIDE)

    def join(self, lines: Sequence[tuple[int, Line]]) -> Traced:
        """Join (page, line) pairs into one running text."""
        whole = Traced("", ())
        pieces: list[Traced] = []
        for page, line in lines:
            traced = self.trace(line, page)
            if pieces:
                dropped, between = line_joint(pieces[-1].text, traced.text, self.words)
                if dropped:
                    pieces[-1] = pieces[-1][: len(pieces[-1].text) - dropped]
                if between:
                    pieces.append(Traced.added(between))
            pieces.append(traced)
        if pieces:
            whole = Traced.join(pieces)
        if whole.text.endswith("\u0002"):
            whole = Traced(whole.text[:-1] + "-", whole.sources)
        return whole

    def origins(self, origins: Sequence[Origin]) -> tuple[Origin, ...]:
        """Replace source numbers by boxes."""
        return tuple(
            Origin(origin.start, origin.end, box=self.boxes[origin.source // _STRIDE])
            for origin in origins
            if origin.source is not None
        )


def heading_ranks(blocks: Sequence[PageBlock]) -> dict[float, int]:
    """Rank the sizes that headings are printed in: the largest is 1; 6 at most."""
    sizes = sorted(
        {round(block.size) for block in blocks if block.kind is BlockKind.HEADING}, reverse=True
    )
    return {size: min(rank, 6) for rank, size in enumerate(sizes, start=1)}


def make_items(
    entry: Sequence[tuple[int, PageBlock]], tracer: Tracer, ranks: dict[float, int]
) -> list[Item]:
    """Make items of a block, or of the pieces of one block on several pages.

    One, but for tables that are printed in one grid.
    """
    block = entry[0][1]
    if block.table is not None:
        return _table_items(entry, block.table, tracer)
    return [_text_item(entry, tracer, ranks)]


def _table_items(
    entry: Sequence[tuple[int, PageBlock]], table: GridTable, tracer: Tracer
) -> list[Item]:
    placed = table_rows(entry)
    rows = [tuple(_without_leader(tracer.join(cell).strip()) for cell in row) for row in placed]
    rows = without_sign_columns(rows)
    plain = [[_SPACE.sub("", cell.text) for cell in row] for row in rows]
    header_rows = table.header_rows
    if header_rows is None:
        header_rows = count_header_rows(plain)
    texts = [[cell.text for cell in row] for row in rows]
    header_rows += num_header_rows_below(texts, header_rows)
    indents = indents_of(_name_spans(placed))
    starts = table_starts(plain, header_rows)
    return [
        Item(
            BlockKind.TABLE,
            rows=tuple(rows[start:end]),
            page=min((page for cell in placed[start] for page, _ in cell), default=entry[0][0]),
            header_rows=header_rows
            if start == 0
            else _num_header_rows(plain[start:end], texts[start:end]),
            label_columns=table.label_columns,
            is_grid=True,
            indents=tuple(indents[start:end]),
        )
        for start, end in pairwise([*starts, len(rows)])
    ]


def _num_header_rows(rows: Sequence[Sequence[str]], texts: Sequence[Sequence[str]]) -> int:
    """Count the header rows of a table that begins below another, a title of its own first.

    Args:
        rows: Texts without spaces.
        texts: The same with them.
    """
    titles = 0
    while titles < len(rows) - 2 and rows[titles][0] and not any(rows[titles][1:]):
        titles += 1
    own = count_header_rows(rows[titles:]) or 1
    return titles + own + num_header_rows_below(texts[titles:], own)


def without_sign_columns(rows: Sequence[tuple[Traced, ...]]) -> list[tuple[Traced, ...]]:
    """Put currency signs together with the figures to their right: from columns of signs, and from cells."""
    kept = [_with_signs_moved(row) for row in rows]
    for column in range(len(kept[0]) - 2, 0, -1):
        cells = [row[column].text for row in kept]
        signs = [number for number, text in enumerate(cells) if _SIGN.match(text)]
        others = [number for number, text in enumerate(cells) if text and number not in set(signs)]
        beside = [kept[number][column + 1].text for number in others]
        if not signs or any(beside):
            continue
        if not all(kept[number][column + 1].text for number in signs):
            continue
        for row in kept:
            pair = [part for part in row[column : column + 2] if part.text]
            between = [Traced.added(" ")] * (len(pair) - 1)
            row[column : column + 2] = [Traced.join([*pair[:1], *between, *pair[1:]])]
    return [tuple(row) for row in kept]


def _with_signs_moved(row: Sequence[Traced]) -> list[Traced]:
    """Return a row in which no figure ends in the sign of the next one: "3,226.8 $", "2,729.4"."""
    cells = list(row)
    for place in range(len(cells) - 1):
        match = _ENDS_IN_SIGN.match(cells[place].text)
        if match and cells[place + 1].text[:1].isdigit():
            sign = cells[place][match.start("sign") :]
            cells[place] = cells[place][: match.end("figure")]
            cells[place + 1] = Traced.join([sign, Traced.added(" "), cells[place + 1]])
    return cells


def _name_spans(rows: Rows) -> list[tuple[float, float] | None]:
    """Return where the first cells of rows begin and end, from the leftmost of their page."""
    lefts: dict[int, float] = {}
    for row in rows:
        for page, line in row[0]:
            lefts[page] = min(lefts.get(page, line.x0), line.x0)
    firsts = [row[0][0] if row[0] else None for row in rows]
    return [
        (first[1].x0 - lefts[first[0]], first[1].x1 - lefts[first[0]]) if first else None
        for first in firsts
    ]


def _text_item(
    entry: Sequence[tuple[int, PageBlock]], tracer: Tracer, ranks: dict[float, int]
) -> Item:
    page, block = entry[0]
    lines = [(number, line) for number, piece in entry for line in piece.lines]
    if block.role is Role.FIGURE:
        labels = [tracer.join([line]) for line in lines]
        return Item(block.kind, text=Traced.join(_between(labels, LABEL_BREAK)), page=page)
    text = tracer.join(lines)
    if block.kind is BlockKind.LIST_ITEM:
        while is_bullet(text.text) and (match := BULLET.match(text.text)):
            text = text[match.end() :].strip()
    level = ranks.get(round(block.size), 6) if block.kind is BlockKind.HEADING else 0
    return Item(block.kind, text=text.strip(), level=level, page=page)


_LEADER = re.compile(r"(?:\s[.…·]{2,}|[.…·]{4,})$")


def _without_leader(cell: Traced) -> Traced:
    """Drop the dots that lead the eye to the next column."""
    match = _LEADER.search(cell.text)
    return cell[: match.start()].strip() if match and match.start() else cell


def _between(pieces: Sequence[Traced], mark: str) -> list[Traced]:
    """Put a mark between pieces."""
    return [part for piece in pieces for part in (Traced.added(mark), piece)][1:]
