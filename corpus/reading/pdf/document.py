"""Blocks of all pages → Document: page breaks are closed, boxes become origins."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import EmptyDocument
from corpus.language import detect_language
from corpus.loaders import document_id
from corpus.reading.assemble import Item, assemble, with_roles
from corpus.reading.metadata import read_metadata
from corpus.reading.pdf.blocks import PageBlock, is_bullet
from corpus.reading.pdf.captions import with_table_context
from corpus.reading.pdf.continued import join_pages, table_rows
from corpus.reading.pdf.lines import Line, line_joint
from corpus.reading.pdf.titles import first_page, with_pdf_title
from corpus.reading.roles import assign_roles
from corpus.reading.structure import BULLET
from corpus.reading.tables import count_header_rows
from corpus.reading.traced import Traced
from corpus.schema import BlockKind, Box, Document, Origin, Page, Role, Skipped

_STRIDE = 1 << 14
"""Source numbers per line: character 5 of line 3 has source 3 * _STRIDE + 5. Lines end there."""


LABEL_BREAK = " · "  # between the labels of a chart


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
    pages: Sequence[ReadPage],
    skipped: Sequence[Skipped],
    *,
    data: bytes,
    file_name: str,
    info: Mapping[str, str] | None = None,
) -> Document:
    """Lay out the pages' blocks as one document.

    Args:
        pages: In order.
        skipped: What was left out.
        data: The file.
        file_name: As given.
        info: The file's own entries on itself.

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
    blocks = with_table_context(assembled.text, assembled.blocks)
    roles = [
        entry[0][1].role or role
        for (entry, _), role in zip(kept, assign_roles(assembled.text, blocks), strict=True)
    ]
    blocks = with_roles(blocks, roles)
    origins = tracer.origins(assembled.origins)
    metadata = read_metadata(assembled.text, blocks)
    sizes = [(entry[0][0], 0.0 if entry[0][1].role else entry[0][1].size) for entry, _ in kept]
    metadata = with_pdf_title(
        metadata, first_page(sizes, blocks), assembled.text, info or {}, file_name
    )
    return Document(
        doc_id=document_id(file_name),
        file_name=Path(file_name).name,
        sha256=hashlib.sha256(data).hexdigest(),
        language=detect_language(assembled.text),
        metadata=metadata,
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
        rows = tuple(
            tuple(_without_leader(tracer.join(cell).strip()) for cell in row)
            for row in table_rows(entry)
        )
        header_rows = block.table.header_rows
        if header_rows is None:
            plain = [[_SPACE.sub("", cell.text) for cell in row] for row in rows]
            header_rows = count_header_rows(plain)
        return Item(
            BlockKind.TABLE,
            rows=rows,
            page=page,
            header_rows=header_rows,
            label_columns=block.table.label_columns,
            is_grid=True,
        )
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
