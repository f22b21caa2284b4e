"""Documents → HTML: blocks, tables and outline, with a span highlighted.

Everything that comes from a report is escaped; the only tags are the ones written here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from corpus.schema import Block, BlockKind, Cell, Document, Language, Rendering, Role, Table

_JOINER = {Language.ZH: "", Language.EN: " "}  # between renderings of one block, by their language
_TAGS = {
    BlockKind.PARAGRAPH: "p",
    BlockKind.LIST_ITEM: "p",
    BlockKind.CAPTION: "p",
    BlockKind.NOTE: "p",
}

_LEADERS = re.compile(r"(?:[.·…]\s?){4,}")  # between a heading and its page in a contents list
_SHORT_CELL_CHARS = 12  # a figure with its currency; broken over two lines it misleads


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a document's text, from start to before end."""

    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """Say whether a character of [start, end) is in the span."""
        return self.start < end and start < self.end


NOWHERE = Span(-1, -1)


def marked(text: str, start: int, end: int, span: Span) -> str:
    """Return text[start:end] escaped, with what is in the span inside <mark>."""
    inner_start, inner_end = max(start, span.start), min(end, span.end)
    if inner_start >= inner_end:
        return escape(text[start:end])
    return (
        f"{escape(text[start:inner_start])}<mark>{escape(text[inner_start:inner_end])}</mark>"
        f"{escape(text[inner_end:end])}"
    )


def blocks_html(document: Document, blocks: Iterable[Block], span: Span = NOWHERE) -> str:
    """Return blocks of the document in its own language."""
    text = document.text
    parts = []
    for block in blocks:
        if block.table is not None:
            cells = _CellText(text, span)
            parts.append(_table_html(block.table, block, cells, document.language))
        else:
            parts.append(
                _block_html(block, marked(text, block.start, block.end, span), document.language)
            )
    return "".join(parts)


def pairs_html(
    document: Document,
    blocks: Iterable[Block],
    renderings: Sequence[Rendering],
    span: Span = NOWHERE,
) -> str:
    """Return blocks beside their renderings, one pair a block; tables one below the other."""
    other = Language.EN if document.language is Language.ZH else Language.ZH
    parts = []
    for block in blocks:
        original = blocks_html(document, [block], span)
        units = [item for item in renderings if block.start <= item.start < block.end]
        if block.table is not None:
            rendered = _RenderedText(document.text, span, {item.start: item for item in units})
            beside = _table_html(block.table, block, rendered, other) if units else ""
        else:
            inner = _JOINER[other].join(
                f"<mark>{escape(item.text)}</mark>"
                if span.overlaps(item.start, item.end)
                else escape(item.text)
                for item in units
            )
            beside = _block_html(block, inner, other, anchored=False) if units else ""
        kind = "pair wide" if block.table is not None else "pair"
        parts.append(f'<div class="{kind}"><div>{original}</div><div>{beside}</div></div>')
    return "".join(parts)


def section_blocks(document: Document, span: Span, *, max_chars: int = 6000) -> tuple[Block, ...]:
    """Return the blocks of the section around a span, fewer when the section is long.

    Blocks nearest to the span are kept, and every block that the span touches.
    """
    blocks = document.blocks
    touched = [block.ordinal for block in blocks if span.overlaps(block.start, block.end)]
    if not touched:
        return ()
    first, last = touched[0], touched[-1]
    section = _section_of(document, blocks[first])
    budget = max_chars - (blocks[last].end - blocks[first].start)
    while True:
        grown = False
        for step in (first - 1, last + 1):
            if not 0 <= step < len(blocks) or _section_of(document, blocks[step]) != section:
                continue
            size = blocks[step].end - blocks[step].start
            if size > budget:
                continue
            budget -= size
            first, last = min(first, step), max(last, step)
            grown = True
        if not grown:
            return blocks[first : last + 1]


def outline(document: Document) -> Iterator[tuple[int, int, str]]:
    """Yield (block ordinal, depth from 1, heading) of every heading, in order."""
    levels = sorted({b.level for b in document.blocks if b.kind is BlockKind.HEADING})
    depths = {level: depth for depth, level in enumerate(levels, start=1)}
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            yield block.ordinal, depths[block.level], document.block_text(block)


def block_at(document: Document, position: int) -> Block | None:
    """Return the block that holds a character of the text."""
    return next((b for b in document.blocks if b.start <= position < b.end), None)


def _section_of(document: Document, block: Block) -> tuple[str, ...]:
    if block.kind is BlockKind.HEADING:
        return (*block.section, document.block_text(block))
    return block.section


def _block_html(block: Block, inner: str, language: Language, *, anchored: bool = True) -> str:
    anchor = f' id="block-{block.ordinal}"' if anchored else ""
    attributes = f'{anchor} class="block {block.kind.value} {block.role.value}" lang="{language}"'
    if block.role is Role.CONTENTS:
        inner = _LEADERS.sub(" … ", inner)
    if block.kind is BlockKind.HEADING:
        level = min(max(block.level, 1), 4) + 2  # the page's own headings are h1 and h2
        return f"<h{level}{attributes}>{inner}</h{level}>"
    tag = _TAGS.get(block.kind, "p")
    return f"<{tag}{attributes}>{inner}</{tag}>"


@dataclass(frozen=True, slots=True)
class _CellText:
    """Cells as the document has them."""

    text: str
    span: Span

    def html(self, cell: Cell) -> str:
        return marked(self.text, cell.start, cell.end, self.span)

    def is_quoted(self, cell: Cell) -> bool:
        return self.span.overlaps(cell.start, cell.end)


@dataclass(frozen=True, slots=True)
class _RenderedText:
    """Cells in the other language; a number has no rendering and stands as it is."""

    text: str
    span: Span
    units: dict[int, Rendering]  # by start

    def html(self, cell: Cell) -> str:
        unit = self.units.get(cell.start)
        inner = escape(unit.text if unit else self.text[cell.start : cell.end])
        return f"<mark>{inner}</mark>" if self.is_quoted(cell) else inner

    def is_quoted(self, cell: Cell) -> bool:
        return self.span.overlaps(cell.start, cell.end)


def _table_html(
    table: Table, block: Block, cells: _CellText | _RenderedText, language: Language
) -> str:
    anchor = f' id="block-{block.ordinal}"' if isinstance(cells, _CellText) else ""
    rows = []
    for number, row in enumerate(table.rows):
        is_header = number < table.header_rows
        quoted = any(cells.is_quoted(cell) for cell in row)
        columns = []
        for column, cell in enumerate(row):
            tag = "th" if is_header or column < table.label_columns else "td"
            scope = ' scope="col"' if is_header else ' scope="row"' if tag == "th" else ""
            names = ["quoted"] if cells.is_quoted(cell) else []
            names += ["short"] if cell.end - cell.start <= _SHORT_CELL_CHARS else []
            look = f' class="{" ".join(names)}"' if names else ""
            columns.append(f"<{tag}{scope}{look}>{cells.html(cell)}</{tag}>")
        mark = ' class="quoted-row"' if quoted and not is_header else ""
        rows.append(f"<tr{mark}>{''.join(columns)}</tr>")
    head = "".join(rows[: table.header_rows])
    body = "".join(rows[table.header_rows :])
    return (
        f'<div class="table-scroll"{anchor} tabindex="0"><table class="report" lang="{language}">'
        f"<thead>{head}</thead><tbody>{body}</tbody></table></div>"
    )
