"""The rows of a company's own tables that are called what a question asks for.

A search finds the notes that speak of an item more often than the statement that has it in one line of
a hundred. So the rows of filings are looked up by their names as well.
"""

from collections.abc import Callable, Collection, Iterator

from corpus.schema import Language
from index.opened import OpenedIndex
from rag.evidence.evidence import Evidence
from rag.evidence.gathering import block_evidence
from rag.evidence.items import Item
from rag.evidence.preference import STATEMENT
from rag.evidence.reader import Reader, reader_of
from rag.evidence.similarity import Similarity
from rag.kept import kept_with_index
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

_MAX_ROWS = 40
_ASKS_ENTRY = frozenset(
    {QuestionKind.NUMBER, QuestionKind.OTHER, QuestionKind.ENTITY, QuestionKind.DEFINITION}
)

Row = tuple[str, str, int, int]
"""The name of a row, under that of its group; what stands above its table; the block of the table; the
row's first character."""


@kept_with_index(maxsize=64)
def rows_of(index: OpenedIndex, doc_id: str) -> tuple[Row, ...]:
    """Return the named rows of a filing's tables in order; none of any other document.

    Raises:
        KeyError: No such document.
    """
    reader = reader_of(index, doc_id, index.document(doc_id).language)
    return tuple(_rows(reader)) if reader.calendar else ()


def _rows(reader: Reader) -> Iterator[Row]:
    document = reader.document
    for block in document.blocks:
        table = block.table
        if table is None:
            continue
        above = " ".join((table.caption, *block.section[-1:]))
        for number, row in enumerate(table.rows[table.header_rows :], start=table.header_rows):
            label = next((c for c in row[: table.label_columns] if c.end > c.start), None)
            if label is None:
                continue
            heads = [document.cell_text(table.rows[head][0]) for head in table.heads(number)]
            name = " ".join(document.cell_text(label).split())
            yield f"{heads[0]}: {name}" if heads else name, above, block.ordinal, row[0].start


def rows_called(
    question: Question,
    index: OpenedIndex,
    documents: Collection[str],
    weight: Callable[[str], float],
    similarity: Similarity,
) -> list[Evidence]:
    """Return the cells of the rows that are called what a question asks for, in order.

    Args:
        question: The analysed question.
        index: Holds the documents.
        documents: Those that are looked into.
        weight: How much a term says, from 0 to 1.
        similarity: Gives what may stand for a term.
    """
    if question.kind not in _ASKS_ENTRY:
        return []
    rows = [(doc_id, *row) for doc_id in sorted(documents) for row in rows_of(index, doc_id)]
    if not rows:
        return []
    labels = (f"{name} {above}" for _, name, above, _, _ in rows)
    item = Item(question, labels, weight, similarity)
    if not item.is_known:
        return []
    found = [
        (doc_id, block, start)
        for doc_id, name, above, block, start in sorted(rows, key=lambda row: not _heads(row[2]))
        if item.is_called(name, above=above)
    ]
    return [
        cell
        for doc_id, block, start in found[:_MAX_ROWS]
        for cell in _cells(index, doc_id, block, start, question.language)
    ]


def _heads(above: str) -> bool:
    """Say whether what stands above a table calls it a financial statement."""
    return STATEMENT.search(above) is not None


def _cells(
    index: OpenedIndex, doc_id: str, block: int, start: int, language: Language
) -> Iterator[Evidence]:
    reader = reader_of(index, doc_id, language)
    found = reader.document.blocks[block]
    table = found.table
    row = next((r for r in table.rows if r[0].start == start), ()) if table else ()
    starts = {cell.start for cell in row if cell.end > cell.start}
    return (cell for cell in block_evidence(reader, found) if cell.start in starts and cell.row)
