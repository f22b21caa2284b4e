"""Document → chunks, along its structure: sections, whole sentences, whole table rows.

Offsets are exact: `document.text[chunk.start:chunk.end] == chunk.text`.
"""

from collections.abc import Iterator

from corpus.language import detect_language
from corpus.reading.structure import display_columns
from corpus.schema import Block, BlockKind, Chunk, Document
from corpus.sentences import sentence_spans, trim_span

MAX_CHUNK_COLUMNS = 720
"""Largest chunk in terminal columns: 360 Chinese characters or 720 Latin ones, about 120 words.

One paragraph of a report; a paragraph and a half is already about two things."""


def split_document(document: Document) -> list[Chunk]:
    """Cut a document into chunks, in order.

    A chunk holds neighbouring blocks of one section and one role; captions and notes stay with
    their neighbours. A longer block is cut between sentences, a longer table between rows, and
    each part of a table carries the caption and header rows in `context`.
    """
    chunks: list[Chunk] = []
    for blocks, start, end in _spans(document):
        chunks.append(_chunk(document, len(chunks), blocks, start, end))
    return chunks


def chunk_id_of(doc_id: str, ordinal: int) -> str:
    """Return the id of a document's chunk; they are counted from 0 without a gap.

    >>> chunk_id_of("2023_report", 7)
    '2023_report#0007'
    """
    return f"{doc_id}#{ordinal:04d}"


def split_chunk_id(chunk_id: str) -> tuple[str, int]:
    """Return the document and the place of a chunk in it.

    Raises:
        KeyError: It is no id of a chunk.
    """
    doc_id, _, digits = chunk_id.rpartition("#")
    if not digits.isdecimal() or chunk_id_of(doc_id, int(digits)) != chunk_id:
        raise KeyError(chunk_id)
    return doc_id, int(digits)


def _spans(document: Document) -> Iterator[tuple[tuple[Block, ...], int, int]]:
    """Yield (blocks covered, start, end) of each chunk."""
    group: list[Block] = []
    for block in document.blocks:
        if group and not _belongs(document, group, block):
            yield tuple(group), group[0].start, group[-1].end
            group = []
        if block.table:
            yield from _table_spans(document, block)
        elif _columns(document, block.start, block.end) > MAX_CHUNK_COLUMNS:
            yield from _sentence_spans(document, block)
        elif block.kind is not BlockKind.HEADING:
            # Headings are in `section` of every chunk below them, so they need none of their own.
            group.append(block)
    if group:
        yield tuple(group), group[0].start, group[-1].end


def _belongs(document: Document, group: list[Block], block: Block) -> bool:
    first = group[0]
    return (
        block.section == first.section
        and block.role is first.role
        and block.kind is not BlockKind.HEADING
        and block.table is None
        and block.page == first.page
        and _columns(document, first.start, block.end) <= MAX_CHUNK_COLUMNS
    )


def _columns(document: Document, start: int, end: int) -> int:
    return display_columns(document.text[start:end])


def _sentence_spans(
    document: Document, block: Block
) -> Iterator[tuple[tuple[Block, ...], int, int]]:
    text = document.block_text(block)
    start = 0
    for sentence_start, sentence_end in sentence_spans(text):
        if sentence_start > start and display_columns(text[start:sentence_end]) > MAX_CHUNK_COLUMNS:
            yield (block,), *_trimmed(document, block.start + start, block.start + sentence_start)
            start = sentence_start
    yield (block,), *_trimmed(document, block.start + start, block.end)


def _trimmed(document: Document, start: int, end: int) -> tuple[int, int]:
    return trim_span(document.text, start, end)


def _table_spans(document: Document, block: Block) -> Iterator[tuple[tuple[Block, ...], int, int]]:
    assert block.table is not None  # by the caller
    rows = block.table.rows
    first = 0
    for number, row in enumerate(rows):
        too_long = _columns(document, rows[first][0].start, row[-1].end) > MAX_CHUNK_COLUMNS
        if number > first and too_long:
            yield (block,), rows[first][0].start, rows[number - 1][-1].end
            first = number
    yield (block,), rows[first][0].start, rows[-1][-1].end


def _chunk(
    document: Document, ordinal: int, blocks: tuple[Block, ...], start: int, end: int
) -> Chunk:
    first = blocks[0]
    text = document.text[start:end]
    return Chunk(
        chunk_id=chunk_id_of(document.doc_id, ordinal),
        doc_id=document.doc_id,
        start=start,
        end=end,
        text=text,
        language=detect_language(text) if any(map(str.isalpha, text)) else document.language,
        kind=first.kind,
        role=first.role,
        section=first.section,
        page=first.page,
        first_block=first.ordinal,
        last_block=blocks[-1].ordinal,
        context=_context(document, first, start),
    )


def _context(document: Document, block: Block, start: int) -> str:
    """Return what a reader of this chunk has seen above it: title, headings, table header."""
    lines = [document.metadata.title, *block.section]
    table = block.table
    if table is not None:
        lines.append(table.caption)
        header = table.rows[: table.header_rows]
        if header and start > header[0][0].start:
            lines += ["\t".join(document.cell_text(cell) for cell in row) for row in header]
    return "\n".join(dict.fromkeys(line for line in lines if line))
