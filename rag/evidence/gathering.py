"""Chunks → evidence: the sentences and table cells of what was retrieved.

A piece of evidence is read in the language of the question: the original, or its rendering. Its
quote is always the original.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.reading.structure import UNIT_LINE
from corpus.schema import Block, BlockKind, Cell, Document, Language, Rendering, Role, Table
from corpus.units import block_units
from index.opened import OpenedIndex
from index.schema import ScoredChunk
from rag.evidence.evidence import (
    WEIGHT_BLOCK,
    WEIGHT_CAPTION,
    WEIGHT_SECTION,
    WEIGHT_TITLE,
    Evidence,
)
from rag.evidence.fiscal import Calendar, calendar_of
from rag.evidence.own_period import OwnPeriod, own_period_of
from rag.evidence.periods import When, when_of
from rag.kept import kept_with_index
from rag.questions.spans import spelled_out

# A table of up to this many cells is read whole when a part of it was found.
_SMALL_TABLE = 300
_SPAN = re.compile(r"\b(?:ended|ending|as of)\b|截至|止", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_TOTAL_OF = re.compile(r"^(?:Total|Sum of) (?P<what>[a-z][\w ,&-]{3,60})", re.IGNORECASE)
_LONGEST_LABEL = 60  # characters; longer ones tell of more than a period
_QUANTITY_WORDS = re.compile(
    r"[年月日季度万亿元]|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads spans of one document in one language."""

    document: Document
    language: Language
    renderings: dict[tuple[int, int], str]
    headings: dict[str, str]  # any unit of the original by its text → its rendering
    # What was read before, by section and by block; a document does not change.
    sections: dict[tuple[str, ...], str] = field(default_factory=dict)
    evidence: dict[int, tuple[Evidence, ...]] = field(default_factory=dict)
    calendar: Calendar | None = None  # of the company whose own report it is
    own: OwnPeriod | None = None  # its period or day, where a company reports on itself

    def read(self, start: int, end: int) -> str:
        """Return a unit in the wanted language, the original where there is no rendering."""
        return self.renderings.get((start, end)) or self.document.text[start:end]

    def section_text(self, section: tuple[str, ...]) -> str:
        """Return what stands under the same headings, in the wanted language."""
        if section not in self.sections:
            self.sections[section] = " ".join(
                self.read(unit.start, unit.end)
                for block in self.document.blocks
                if block.section == section
                for unit in block_units(self.document, block)
            )
        return self.sections[section]

    def heading(self, text: str) -> str:
        """Return a heading or caption, given in the original, in the wanted language."""
        return self.headings.get(text, text)


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


@kept_with_index(maxsize=64)
def reader_of(index: OpenedIndex, doc_id: str, language: Language) -> Reader:
    """Return what reads a document in a language, the same one for the same index.

    Raises:
        KeyError: No such document.
    """
    document = index.document(doc_id)
    renderings: Sequence[Rendering] = ()
    if document.language is not language:
        renderings = index.renderings(doc_id)
    calendar = calendar_of(document)
    return Reader(
        document,
        language if renderings else document.language,
        {(item.start, item.end): item.text for item in renderings},
        {document.text[item.start : item.end]: item.text for item in renderings},
        calendar=calendar,
        own=own_period_of(document, calendar),
    )


def block_evidence(reader: Reader, block: Block) -> tuple[Evidence, ...]:
    """Return the sentences or cells of a block, in order; none of a heading."""
    if block.ordinal not in reader.evidence:
        found: Iterator[Evidence] = iter(())
        if block.table is not None:
            found = _cells(reader, block, block.table)
        elif block.kind is not BlockKind.HEADING:
            found = _sentences(reader, block)
        reader.evidence[block.ordinal] = tuple(found)
    return reader.evidence[block.ordinal]


def _surroundings(reader: Reader, block: Block) -> list[tuple[str, float]]:
    headings = reader.headings if reader.renderings else {}
    section = " ".join(headings.get(line, line) for line in block.section)
    title = reader.document.metadata.title
    return [
        (section, WEIGHT_SECTION),
        (headings.get(title, title), WEIGHT_TITLE),
    ]


def _sentences(reader: Reader, block: Block) -> Iterator[Evidence]:
    surroundings = _surroundings(reader, block)
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
            around=((f"{before}\n{first}", WEIGHT_BLOCK), *own, *surroundings),
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


def _cells(reader: Reader, block: Block, table: Table) -> Iterator[Evidence]:
    caption = reader.heading(table.caption) if table.caption else ""
    # A header row with one cell is a title over all columns.
    titles = [
        filled[0]
        for row in table.rows[: table.header_rows]
        if len(filled := [text for cell in row if (text := _cell(reader, cell))]) == 1
        and len(row) > 1
    ]
    columns = [_column_label(reader, table, column) for column in range(len(table.rows[0]))]
    periods = [spelled_out(column) for column in columns]
    # "Six Months Ended June 30," in the corner goes with the years of the columns.
    corner = " ".join(_cell(reader, row[0]) for row in table.rows[: table.header_rows]).strip()
    spans = corner if _SPAN.search(corner) and len(corner) <= _LONGEST_LABEL // 2 else ""
    whens = [
        _when(f"{spans} {column}" if spans and _YEAR.fullmatch(column) else column, reader.calendar)
        for column in columns
    ]
    caption_and_corner = " ".join(filter(None, [caption, corner if corner != caption else ""]))
    around = [
        (" ".join([caption_and_corner, table.unit, *titles]), WEIGHT_CAPTION),
        *_surroundings(reader, block),
    ]
    totals = _totals_below(reader, table)
    group = ""
    for number, row in enumerate(table.rows[table.header_rows :], start=table.header_rows):
        labels = [_cell(reader, cell) for cell in row[: table.label_columns]]
        group = labels[0] or group
        label = " ".join(dict.fromkeys(filter(None, [group, *labels[1:]])))
        if label and _is_quantity(label):
            # A date or a number names no row: the first cell in words does.
            words = (_cell(reader, cell) for cell in row[table.label_columns :])
            label = " ".join(
                filter(None, [label, next((w for w in words if not _is_quantity(w)), "")])
            )
        heads = [_cell(reader, table.rows[head][0]) for head in table.heads(number)]
        label = _below(heads[0], label) if heads and label else label
        for column, cell in enumerate(row):
            text = _cell(reader, cell)
            # A label is an answer too ("which company has code 300624?"): its row names it.
            if not text:
                continue
            rest = " ".join(_cell(reader, other) for other in row if other is not cell)
            when = whens[column] or _when(label, reader.calendar)
            yield Evidence(
                doc_id=reader.document.doc_id,
                block=block.ordinal,
                start=cell.start,
                end=cell.end,
                quote=reader.document.text[cell.start : cell.end],
                text=text,
                language=reader.language,
                role=block.role,
                section=block.section,
                page=reader.document.page_at(cell.start),
                around=(
                    (rest, WEIGHT_BLOCK),
                    (" ".join([*heads[1:], totals[number]]), WEIGHT_CAPTION),
                    (when.said if when else periods[column], WEIGHT_CAPTION),
                    *around,
                ),
                row=label if column >= table.label_columns else "",
                column=columns[column],
                caption=caption,
                unit=table.unit,
                kind=BlockKind.TABLE,
                when=when,
                own=reader.own,
            )


def _totals_below(reader: Reader, table: Table) -> list[str]:
    """Return, per row, what the next total below it is a total of: a part of "Total net revenues" is revenue."""
    found: list[str] = []
    named = ""
    for number in range(len(table.rows) - 1, -1, -1):
        cells = [_cell(reader, cell) for cell in table.rows[number]]
        if not any(cells[1:]):
            named = ""  # above a head of a group another group ends
        match = _TOTAL_OF.match(cells[0])
        if match:
            named = match["what"]
        found.append("" if match or number < table.header_rows else named)
    return found[::-1]


def _when(label: str, calendar: Calendar | None) -> When | None:
    """Return of when a row or column is by its label, where a company reports on itself."""
    return when_of(label, calendar) if calendar and 0 < len(label) <= _LONGEST_LABEL else None


def _below(head: str, label: str) -> str:
    """Return a row's label under the name of its group: "Domestic: Appliances"."""
    head = head.rstrip(":： ")
    return f"{head}{': ' if head.isascii() else '：'}{label}"


def _num_cells(table: Table) -> int:
    return sum(len(row) for row in table.rows)


def _is_quantity(text: str) -> bool:
    """Say whether a text is nothing but a date or a number, or nothing at all."""
    return not any(char.isalpha() for char in _QUANTITY_WORDS.sub("", text))


def _cell(reader: Reader, cell: Cell) -> str:
    return reader.read(cell.start, cell.end) if cell.end > cell.start else ""


def _column_label(reader: Reader, table: Table, column: int) -> str:
    """Return the header above a column; a merged header above several is said of each."""
    parts = []
    for row in table.rows[: table.header_rows]:
        label = _cell(reader, row[column])
        if UNIT_LINE.match(label):
            continue  # in which all columns count
        named = [text for cell in row[table.label_columns :] if (text := _cell(reader, cell))]
        if len(named) == 1 and row is not table.rows[table.header_rows - 1]:
            label = label or named[0]  # one name over all columns, wherever it is centred
        position = column
        while (
            not label
            and position > table.label_columns
            and row is not table.rows[table.header_rows - 1]
        ):
            position -= 1
            label = _cell(reader, row[position])
        parts.append(label)
    return " ".join(dict.fromkeys(filter(None, parts)))
