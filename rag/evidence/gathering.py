"""Chunks → evidence: the sentences and table cells of what was retrieved.

A piece of evidence is read in the language of the question: the original, or its rendering. Its
quote is always the original.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.schema import Block, BlockKind, Language, Role, Table
from corpus.units import block_units
from index.opened import OpenedIndex
from index.schema import ScoredChunk
from rag.evidence.cells import table_cells
from rag.evidence.evidence import WEIGHT_BLOCK, WEIGHT_TITLE, Evidence
from rag.evidence.reader import Reader, reader_of, surroundings

# A table of up to this many cells is read whole when a part of it was found.
_SMALL_TABLE = 300


def gather_evidence(
    index: OpenedIndex, candidates: Sequence[ScoredChunk], language: Language
) -> list[Evidence]:
    """Return the evidence in retrieved chunks, in the order of the chunks and of the text."""
    found: dict[tuple[str, int, int], Evidence] = {}
    readers: dict[str, Reader] = {}
    for candidate in candidates:
        chunk = candidate.chunk
        if chunk.doc_id not in readers:
            readers[chunk.doc_id] = reader_of(index, chunk.doc_id, language)
        reader = readers[chunk.doc_id]
        for ordinal in range(chunk.first_block, chunk.last_block + 1):
            block = reader.document.blocks[ordinal]
            is_small = block.table is not None and _num_cells(block.table) <= _SMALL_TABLE
            for evidence in block_evidence(reader, block):
                # A long block comes back in several chunks; its best one counts.
                key = (evidence.doc_id, evidence.start, evidence.end)
                whole = evidence.is_cell and is_small
                if key not in found and (whole or chunk.start <= evidence.start < chunk.end):
                    found[key] = replace(evidence, retrieval=candidate.score)
    return list(found.values())


def block_evidence(reader: Reader, block: Block) -> tuple[Evidence, ...]:
    """Return the sentences or cells of a block, in order; none of a heading."""
    if block.ordinal not in reader.evidence:
        found: Iterator[Evidence] = iter(())
        if block.table is not None:
            found = table_cells(reader, block, block.table)
        elif block.kind is not BlockKind.HEADING:
            found = _sentences(reader, block)
        reader.evidence[block.ordinal] = tuple(found)
    return reader.evidence[block.ordinal]


def _sentences(reader: Reader, block: Block) -> Iterator[Evidence]:
    above = surroundings(reader, block)
    units = list(block_units(reader.document, block))
    texts = [reader.read(unit.start, unit.end) for unit in units]
    own = [(reader.own.when.said, WEIGHT_TITLE)] if reader.own else []
    introduction = _introduction(reader, block) or _cover_lines_above(reader, block)
    for position, (unit, text) in enumerate(zip(units, texts, strict=True)):
        before = texts[position - 1] if position else introduction
        first = texts[0] if position > 1 else ""
        yield Evidence(
            doc_id=reader.document.doc_id,
            block=block.ordinal,
            start=unit.start,
            end=unit.end,
            quote=reader.document.text[unit.start : unit.end],
            text=text,
            language=reader.language,
            role=block.role,
            section=block.section,
            page=reader.document.page_at(unit.start),
            around=((f"{before}\n{first}", WEIGHT_BLOCK), *own, *above),
            lead=before,
            kind=block.kind,
            own=reader.own,
            section_text=reader.section_text(block.section),
        )


def _cover_lines_above(reader: Reader, block: Block) -> str:
    """Return the two lines above a line of the cover: whose address or licence number it is."""
    if block.role is not Role.FRONT:
        return ""
    above = reader.document.blocks[max(0, block.ordinal - 2) : block.ordinal]
    return " ".join(
        reader.read(unit.start, unit.end)
        for other in above
        if other.role is Role.FRONT
        for unit in block_units(reader.document, other)
    )


def _introduction(reader: Reader, block: Block) -> str:
    """Return the line that introduces a list, for its items: the last block that ends in a colon."""
    if block.kind is not BlockKind.LIST_ITEM:
        return ""
    for ordinal in range(block.ordinal - 1, max(-1, block.ordinal - 12), -1):
        above = reader.document.blocks[ordinal]
        if above.section != block.section or above.table is not None:
            return ""
        text = reader.document.block_text(above)
        if text.endswith(("：", ":")):
            units = list(block_units(reader.document, above))
            return " ".join(reader.read(unit.start, unit.end) for unit in units[-1:])
    return ""


def _num_cells(table: Table) -> int:
    return sum(len(row) for row in table.rows)
