"""The units a rendering is made of: a sentence of prose, a table cell, a heading, a caption."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.schema import Block, BlockKind, Document
from corpus.sentences import sentence_spans, trim_span


@dataclass(frozen=True, slots=True)
class Unit:
    """A span of the document that is rendered and quoted as one: `document.text[start:end]`."""

    block: int  # ordinal of its block
    start: int
    end: int


def block_units(document: Document, block: Block) -> Iterator[Unit]:
    """Yield the units of a block in order: cells of a table, sentences of anything else."""
    if block.table is not None:
        for row in block.table.rows:
            for cell in row:
                if cell.end > cell.start:
                    yield Unit(block.ordinal, cell.start, cell.end)
        return
    if block.kind in (BlockKind.HEADING, BlockKind.CAPTION):
        yield Unit(block.ordinal, block.start, block.end)
        return
    for start, end in sentence_spans(document.block_text(block)):
        start, end = trim_span(document.text, block.start + start, block.start + end)
        if end > start:
            yield Unit(block.ordinal, start, end)


def document_units(document: Document) -> list[Unit]:
    """Return all units of a document in order."""
    return [unit for block in document.blocks for unit in block_units(document, block)]
