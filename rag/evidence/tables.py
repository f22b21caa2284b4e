"""A table as evidence: its rows by label, and which of its labels a question names."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.glossary import names_of
from corpus.language import HAN
from corpus.schema import Block
from index.opened import OpenedIndex
from index.terms import analyze, simplify
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.gathering import block_evidence
from rag.evidence.reader import Reader, reader_of
from rag.evidence.scoring import ScoredEvidence
from rag.questions.question import Question

_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
_SEPARATORS = re.compile(r"[\s.·‧-]")
_LEAST_LABEL = 2  # characters; shorter labels stand in any question
# What a label may lack when it is named: "Pro 版", "the Pro plan".
_SUFFIX = re.compile(r"(?<=.{2})(?:模型|版|套餐|会员|方案|公司|集团|控股|科技|股份)$")


# Words of labels that a question leaves out.
_TOTALS = frozenset(analyze("合计 总计 小计 其中 总 total net subtotal sum of which"))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table below its header."""

    label: str  # what names it
    names: tuple[Evidence, ...]  # its label cells that are filled
    cells: Mapping[int, Evidence]  # by column; only filled ones, without the labels


@dataclass(frozen=True, slots=True)
class TableView:
    """A table in the language of a question."""

    rows: tuple[Row, ...]
    columns: tuple[str, ...]  # labels, "" where there is none
    num_labels: int
    caption: str
    about: str  # caption, unit and headings


def table_of(index: OpenedIndex, evidence: Evidence) -> TableView | None:
    """Return the table that a cell stands in; None of a sentence."""
    reader = reader_of(index, evidence.doc_id, evidence.language)
    block = reader.document.blocks[evidence.block]
    return _view(reader, block) if block.table is not None else None


def _view(reader: Reader, block: Block) -> TableView | None:
    table = block.table
    cells = block_evidence(reader, block)
    if table is None or not cells:
        return None
    by_start = {cell.start: cell for cell in cells}
    columns = [""] * len(table.rows[0])
    rows = []
    for row in table.rows[table.header_rows :]:
        found = {
            n: by_start[cell.start]
            for n, cell in enumerate(row)
            if cell.end > cell.start and cell.start in by_start
        }
        for n, evidence in found.items():
            columns[n] = evidence.column
        names = tuple(e for n, e in found.items() if n < table.label_columns)
        values = {n: e for n, e in found.items() if n >= table.label_columns}
        label = next((e.row for e in values.values()), names[-1].text if names else "")
        rows.append(Row(label, names, values))
    headings = " ".join(reader.heading(heading) for heading in block.section)
    about = f"{cells[0].caption} {table.unit} {headings} {reader.document.metadata.title}"
    return TableView(tuple(rows), tuple(columns), table.label_columns, cells[0].caption, about)


def tables_among(
    ranked: Sequence[ScoredEvidence], index: OpenedIndex, num_looked_at: int
) -> list[tuple[TableView, list[ScoredEvidence]]]:
    """Return the tables of the best cells, each with those cells, in the order of the best one."""
    found: dict[tuple[str, int], list[ScoredEvidence]] = {}
    for item in ranked[:num_looked_at]:
        if item.evidence.is_cell:
            found.setdefault((item.evidence.doc_id, item.evidence.block), []).append(item)
    views = ((table_of(index, items[0].evidence), items) for items in found.values())
    return [(view, items) for view, items in views if view is not None]


@lru_cache(maxsize=1 << 14)
def is_named_in(label: str, text: str) -> bool:
    """Say whether a text names what a label names, under any of its names.

    >>> is_named_in("DALL·E2", "DALL-E 2 和 Midjourney 谁更好？"), is_named_in("Pro", "What products?")
    (True, False)
    """
    folded = simplify(unicodedata.normalize("NFKC", text)).casefold()
    return any(_stands_in(form, folded) for form in _forms(label))


def _forms(label: str) -> set[str]:
    label = simplify(unicodedata.normalize("NFKC", label)).casefold().strip()
    plain = _BRACKETS.sub("", label).strip()
    forms = {plain, *(inner[1:-1].strip() for inner in _BRACKETS.findall(label))}
    forms |= {_SUFFIX.sub("", form) for form in forms}
    forms |= {other.casefold() for form in forms for other in names_of(form)}
    return {form for form in forms if len(form) >= _LEAST_LABEL and any(map(str.isalpha, form))}


def _stands_in(form: str, folded: str) -> bool:
    if re.search(f"[{HAN}]", form):
        return form in folded
    letters = _SEPARATORS.sub("", form)
    if letters not in _SEPARATORS.sub("", folded):
        return False  # much cheaper than what follows
    return _spelled(letters).search(folded) is not None


@lru_cache(maxsize=1 << 10)
def _spelled(letters: str) -> re.Pattern[str]:
    spaced = r"[\s.·‧-]*".join(map(re.escape, letters))
    return re.compile(rf"(?<![a-z0-9]){spaced}(?![a-z0-9]|\.\d)")


def named_rows(view: TableView, question: Question) -> list[Row]:
    """Return the rows whose label a question names, in the order of the table."""
    return [
        row
        for row in view.rows
        if any(
            is_named_in(e.text, question.text)
            or is_named_in(e.quote, question.text)
            or _is_asked(e.text, question)
            for e in row.names
        )
    ]


def named_columns(view: TableView, question: Question) -> list[int]:
    """Return the columns whose label a question names, label columns left out."""
    return [
        n
        for n, label in enumerate(view.columns)
        if n >= view.num_labels
        and (is_named_in(label, question.text) or _is_asked(label, question))
    ]


def _is_asked(label: str, question: Question) -> bool:
    """Say whether a question has every word of a label: "Total Domestic revenue"."""
    terms = text_terms(label) - _TOTALS
    return len(terms) > 1 and terms <= frozenset(question.terms)


def label_share(label: str, weights: Mapping[str, float]) -> float:
    """Return the weight of the terms that a label has, as a share of all."""
    total = sum(weights.values()) or 1.0
    held = text_terms(label)
    return sum(weight for term, weight in weights.items() if term in held) / total
