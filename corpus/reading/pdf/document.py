"""Blocks of all pages → Document: page breaks are closed, boxes become origins."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from corpus.errors import EmptyDocument
from corpus.language import detect_language
from corpus.loaders import document_id
from corpus.reading.assemble import Item, assemble, with_roles
from corpus.reading.metadata import read_metadata
from corpus.reading.pdf.blocks import PageBlock, is_bullet
from corpus.reading.pdf.continued import join_pages, table_rows
from corpus.reading.pdf.lines import Line, line_joint
from corpus.reading.roles import assign_roles
from corpus.reading.structure import BULLET, TERMINAL
from corpus.reading.tables import count_header_rows, table_unit
from corpus.reading.traced import Traced
from corpus.schema import Block, BlockKind, Box, Document, Origin, Page, Role, Skipped, Table

_STRIDE = 1 << 14
"""Source numbers per line: character 5 of line 3 has source 3 * _STRIDE + 5. Lines end there."""


_MAX_CONTEXT_CHARS = 200  # a longer line above a table is prose, not its title or unit


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page after layout."""

    number: int
    label: str
    width: float
    height: float
    blocks: tuple[PageBlock, ...]
    unread: str = ""


@dataclass(slots=True)
class _Tracer:
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


def build_document(
    pages: Sequence[ReadPage], skipped: Sequence[Skipped], *, data: bytes, file_name: str
) -> Document:
    """Lay out the pages' blocks as one document.

    Raises:
        EmptyDocument: No page holds text; the message says why each was left out.
    """
    tracer = _Tracer([], _words(pages))
    joined = join_pages([(page.number, block) for page in pages for block in page.blocks])
    ranks = _heading_ranks([block for entry in joined for _, block in entry])
    items = [_item(entry, tracer, ranks) for entry in joined]
    kept = [
        (entry, item) for entry, item in zip(joined, items, strict=True) if item.text or item.rows
    ]
    if not kept:
        raise EmptyDocument(_empty_message(pages, skipped, file_name))
    assembled = assemble([item for _, item in kept])
    blocks = _with_table_context(assembled.text, assembled.blocks)
    roles = [
        Role.BOILERPLATE if _is_side_note(entry[0][1]) else role
        for (entry, _), role in zip(kept, assign_roles(assembled.text, blocks), strict=True)
    ]
    blocks = with_roles(blocks, roles)
    origins = tracer.origins(assembled.origins)
    metadata = read_metadata(assembled.text, blocks)
    title = _title(pages, [entry for entry, _ in kept], blocks, assembled.text)
    return Document(
        doc_id=document_id(file_name),
        file_name=Path(file_name).name,
        sha256=hashlib.sha256(data).hexdigest(),
        language=detect_language(assembled.text),
        metadata=replace(metadata, title=title or metadata.title),
        text=assembled.text,
        blocks=blocks,
        pages=_page_spans(pages, origins, len(assembled.text)),
        origins=origins,
        skipped=tuple(skipped),
    )


_SPACE = re.compile(r"\s+")  # "2021 年" is a year like "2021年"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def _words(pages: Sequence[ReadPage]) -> frozenset[str]:
    """Return the Latin words of the document, as a judge of hyphens at line ends."""
    texts = (
        word.text.lower()
        for page in pages
        for block in page.blocks
        for line in block.lines
        for word in line.words[1:-1]  # at the ends stand halves
        if word.text.isascii()
    )
    return frozenset(match[0] for text in texts for match in _WORD.finditer(text))


def _is_side_note(block: PageBlock) -> bool:
    return block.kind is BlockKind.NOTE and block.room == (0.0, 0.0, 0.0, 0.0)


def _empty_message(pages: Sequence[ReadPage], skipped: Sequence[Skipped], file_name: str) -> str:
    reasons = sorted({page.unread for page in pages if page.unread})
    why = "; ".join(reasons) or "its pages are empty"
    advice = ""
    if any("scan" in reason or "nonsense" in reason or "shapes" in reason for reason in reasons):
        advice = "; install requirements-ocr.txt to have such pages recognised"
    if skipped and not reasons:
        why += "; left out: " + "; ".join(f"{entry.what} ({entry.reason})" for entry in skipped[:3])
    return f"{file_name}: no text was found on {len(pages)} page(s): {why}{advice}"


def _heading_ranks(blocks: Sequence[PageBlock]) -> dict[float, int]:
    """Rank the sizes that headings are printed in: the largest is 1; 6 at most."""
    sizes = sorted(
        {round(block.size) for block in blocks if block.kind is BlockKind.HEADING}, reverse=True
    )
    return {size: min(rank, 6) for rank, size in enumerate(sizes, start=1)}


def _item(entry: Sequence[tuple[int, PageBlock]], tracer: _Tracer, ranks: dict[float, int]) -> Item:
    """Make an item of a block, or of the pieces of one block on several pages."""
    page, block = entry[0]
    if block.table is not None:
        rows = tuple(tuple(tracer.join(cell).strip() for cell in row) for row in table_rows(entry))
        header_rows = block.table.header_rows
        if header_rows is None:
            plain = [[_SPACE.sub("", cell.text) for cell in row] for row in rows]
            header_rows = count_header_rows(plain)
        return Item(BlockKind.TABLE, rows=rows, page=page, header_rows=header_rows, is_grid=True)
    text = tracer.join([(number, line) for number, piece in entry for line in piece.lines])
    if block.kind is BlockKind.LIST_ITEM:
        while is_bullet(text.text) and (match := BULLET.match(text.text)):
            text = text[match.end() :].strip()
    level = ranks.get(round(block.size), 6) if block.kind is BlockKind.HEADING else 0
    return Item(block.kind, text=text.strip(), level=level, page=page)


def _with_table_context(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give tables the caption and unit printed above them, or else the caption below."""
    placed: list[Block] = []
    for place, block in enumerate(blocks):
        if block.table:
            table = _in_context(block.table, text, blocks[max(0, place - 3) : place])
            below = blocks[place + 1 : place + 3]
            is_free = len(below) < 2 or below[1].table is None
            if not block.table.caption and below and _names_table(text, below[0]) and is_free:
                caption = text[below[0].start : below[0].end]
                table = replace(table, caption=caption, unit=table.unit or table_unit(caption))
            block = replace(block, table=table)
        placed.append(block)
    return tuple(placed)


def _names_table(text: str, block: Block) -> bool:
    named = text[block.start : block.start + 5].lower().startswith(("table", "表", "附表"))
    return block.kind is BlockKind.CAPTION and named


def _in_context(table: Table, text: str, before: Sequence[Block]) -> Table:
    caption, unit = table.caption, table.unit
    for block in reversed(before):
        line = text[block.start : block.end]
        if block.table or len(line) > _MAX_CONTEXT_CHARS:
            break
        unit = unit or table_unit(line)
        is_title = block.kind in (BlockKind.CAPTION, BlockKind.HEADING)
        leads_in = line.endswith((":", "：")) or block.kind is BlockKind.LIST_ITEM
        if not caption and (is_title or (leads_in and line[-1] not in "。.;；")):
            caption = line
        if caption or line[-1] in TERMINAL:
            break
    return replace(table, caption=caption, unit=unit)


def _title(
    pages: Sequence[ReadPage],
    entries: Sequence[Sequence[tuple[int, PageBlock]]],
    blocks: Sequence[Block],
    text: str,
) -> str:
    """Return what is printed largest on the first page with text, "" when all is one size."""
    first = next((page.number for page in pages if page.blocks), 1)
    on_cover = [
        (entry[0][1].size, block)
        for entry, block in zip(entries, blocks, strict=True)
        if entry[0][0] == first and block.table is None and not _is_side_note(entry[0][1])
    ]
    if len(on_cover) < 2:
        return ""
    usual = median(size for size, _ in on_cover)
    candidates = [
        (size, text[block.start : block.end])
        for size, block in on_cover
        if size > 1.2 * usual and 4 <= block.end - block.start <= 120
    ]
    if not candidates:
        return ""
    largest = max(size for size, _ in candidates)
    return next(title for size, title in candidates if size >= 0.95 * largest)


def _page_spans(
    pages: Sequence[ReadPage], origins: Sequence[Origin], length: int
) -> tuple[Page, ...]:
    """Cut the text at the first character of each page; a page without text is an empty span."""
    first_at: dict[int, int] = {}
    for origin in origins:
        if origin.box is not None:
            first_at.setdefault(origin.box.page, origin.start)
    starts: list[int] = []
    position = length
    for page in reversed(pages):
        position = min(position, first_at.get(page.number, position))
        starts.append(position)
    starts.reverse()
    if starts:
        starts[0] = 0
    ends = [*starts[1:], length]
    return tuple(
        Page(
            page.number,
            page.label,
            round(page.width, 2),
            round(page.height, 2),
            start,
            end,
            page.unread,
        )
        for page, start, end in zip(pages, starts, ends, strict=True)
    )
