"""Table cells as evidence: each with its row, its column and of when they are."""

import re
from collections.abc import Iterator

from corpus.language import HAN
from corpus.reading.structure import UNIT_LINE
from corpus.schema import Block, BlockKind, Cell, Table
from rag.evidence.cell_units import CENTS, EXCEPTS_SHARES, PER_SHARE_UNIT
from rag.evidence.evidence import WEIGHT_BLOCK, WEIGHT_CAPTION, Evidence
from rag.evidence.fiscal import Calendar
from rag.evidence.line_items import is_line_item, plain_label
from rag.evidence.periods import When, when_of
from rag.evidence.reader import Reader, surroundings
from rag.questions.spans import spelled_out

_SPAN = re.compile(r"\b(?:ended|ending|as of)\b|截至|止", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_TOTAL_OF = re.compile(
    rf"^(?:Total|Sum of) (?P<what>[a-z][\w ,&-]{{3,60}})|^(?P<zh>[{HAN}]{{2,12}})(?:合计|总计|小计)$",
    re.IGNORECASE,
)
_LEAST_LINES = 6  # rows
_MOSTLY = 0.6  # of the figures
_LONGEST_LABEL = 60  # characters; longer ones tell of more than a period
_QUANTITY_WORDS = re.compile(
    r"[年月日季度万亿元]|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\b",
    re.IGNORECASE,
)


def table_cells(reader: Reader, block: Block, table: Table) -> Iterator[Evidence]:
    """Yield the filled cells of a table, row by row, each with the labels that give it meaning."""
    caption = reader.heading(table.caption) if table.caption else ""
    # A header row with one cell is a title over all columns.
    titles = [
        filled[0]
        for row in table.rows[: table.header_rows]
        if len(filled := [text for cell in row if (text := _cell(reader, cell))]) == 1
        and len(row) > 1
    ]
    # "Six Months Ended June 30," in the corner goes with the years of the columns.
    corner = " ".join(_cell(reader, row[0]) for row in table.rows[: table.header_rows]).strip()
    span = corner if _SPAN.search(corner) and len(corner) <= _LONGEST_LABEL // 2 else ""
    headers = (_column_label(reader, table, column) for column in range(len(table.rows[0])))
    columns = [f"{span} {label}" if span and _YEAR.fullmatch(label) else label for label in headers]
    periods = [spelled_out(column) for column in columns]
    whens = [_when(column, reader.calendar) for column in columns]
    caption_and_corner = " ".join(filter(None, [caption, corner if corner != caption else ""]))
    around = [
        (" ".join([caption_and_corner, table.unit, *titles]), WEIGHT_CAPTION),
        *surroundings(reader, block),
    ]
    totals = _totals_below(reader, table)
    excepts = EXCEPTS_SHARES.search(table.unit) is not None and _is_whole(reader, table)
    in_statement = reader.calendar is not None and _is_statement(reader, table)
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
                unit=PER_SHARE_UNIT if excepts and CENTS.match(text) else table.unit,
                kind=BlockKind.TABLE,
                when=when,
                own=reader.own,
                in_statement=in_statement,
            )


def _is_statement(reader: Reader, table: Table) -> bool:
    """Say whether enough rows of a table are called as the lines of a financial statement are."""
    labels = (_cell(reader, row[0]) for row in table.rows[table.header_rows :])
    return sum(is_line_item(plain_label(label)) for label in labels) >= _LEAST_LINES


def _is_whole(reader: Reader, table: Table) -> bool:
    """Say whether nearly all figures of a table are whole numbers."""
    texts = (_cell(reader, cell) for row in table.rows[table.header_rows :] for cell in row[1:])
    figures = [text for text in texts if any(map(str.isdigit, text))]
    whole = sum("." not in text for text in figures)
    return bool(figures) and whole >= _MOSTLY * len(figures)


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
            named = match["what"] or match["zh"]
        found.append("" if match or number < table.header_rows else named)
    return found[::-1]


def _when(label: str, calendar: Calendar | None) -> When | None:
    """Return of when a row or column is by its label, where a company reports on itself."""
    return when_of(label, calendar) if calendar and 0 < len(label) <= _LONGEST_LABEL else None


def _below(head: str, label: str) -> str:
    """Return a row's label under the name of its group: "Domestic: Appliances"."""
    head = head.rstrip(":： ")
    return f"{head}{': ' if head.isascii() else '：'}{label}"


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
