"""Comparisons within a table: the things that a question names, side by side in what it asks.

Cells are taken from one table, of the same column (or row) for each thing, so that like is compared
with like. Several properties, or more than two things, make a small table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.opened import OpenedIndex
from index.terms import analyze
from rag.composing.draft import Composed, Draft, Grid, Statement
from rag.composing.extractive import cell_text, wording
from rag.evidence.amounts import amounts_of
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.scoring import ScoredEvidence
from rag.evidence.tables import Row, TableView, label_share, named_columns, named_rows, tables_among
from rag.questions.kinds import QuestionKind, unit_kinds_of
from rag.questions.question import Question

_LOOKED_AT = 40  # pieces of evidence, best first
# Share of the best score that a cell of the table must have; less where a comparison is asked for.
_NEAR_BEST, _NEAR_ENOUGH = 0.7, 0.5
_MAX_PROPERTIES = 4
_MAX_THINGS = 6
_MAX_CELL = 80  # characters; longer cells are said in lines
_LEAST_NAMED = 0.25  # share of what is asked besides the things that a label must say
GENERIC = frozenset(
    analyze(
        "套餐 方案 版本 版 模型 产品 公司 会员 之间 plan model product version tier company each"
    )
)
"""What a question calls the things that it compares."""
_SAYS_NOTHING = 0.1  # weight of what is asked besides the things


@dataclass(frozen=True, slots=True)
class _Side:
    """The cells of one thing, by property."""

    name: str
    cells: Mapping[str, Evidence]


def answer_comparison(
    question: Question,
    ranked: Sequence[ScoredEvidence],
    index: OpenedIndex,
    weights: Mapping[str, float],
) -> Composed | None:
    """Return the things that a question names side by side; None unless a table has two of them.

    Args:
        question: The analysed question.
        ranked: Evidence that may be used, best first.
        index: Where the evidence is from.
        weights: How much each term of the question says.
    """
    best: tuple[tuple[int, float, float], list[_Side], list[str]] | None = None
    near = _NEAR_ENOUGH if question.kind is QuestionKind.COMPARISON else _NEAR_BEST
    for view, items in tables_among(ranked, index, _LOOKED_AT):
        if items[0].score < near * ranked[0].score:
            continue
        for named_by in (_by_row, _by_column):
            sides = _told_apart(named_by(view, question))
            if not 2 <= len(sides) <= _MAX_THINGS:
                continue
            named, share = _properties(question, sides, items, weights)
            rank = (len(sides), share, items[0].score)
            if named and (best is None or rank > best[0]):
                best = (rank, sides, named)
    if best is None:
        return None
    draft = _draft(best[1], best[2])
    return Composed(draft, tuple(ranked)) if draft else None


def _by_row(view: TableView, question: Question) -> list[_Side]:
    return [
        _Side(row.names[-1].text, {view.columns[n]: e for n, e in row.cells.items()})
        for row in _distinct(named_rows(view, question))
    ]


def _told_apart(sides: Sequence[_Side]) -> list[_Side]:
    """Return the sides without those that only say what others say: revenue, domestic revenue."""
    terms = [text_terms(side.name) for side in sides]
    return [
        side
        for side, own in zip(sides, terms, strict=True)
        if not any(own < other for other in terms)
    ]


def _distinct(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that are of one thing each; a thing with several rows is no side."""
    labels = [row.names[-1].text if row.names else "" for row in rows]
    return [row for row, label in zip(rows, labels, strict=True) if labels.count(label) == 1]


def _by_column(view: TableView, question: Question) -> list[_Side]:
    return [
        _Side(view.columns[n], {row.label: row.cells[n] for row in view.rows if n in row.cells})
        for n in named_columns(view, question)
    ]


def _properties(
    question: Question,
    sides: Sequence[_Side],
    items: Sequence[ScoredEvidence],
    weights: Mapping[str, float],
) -> tuple[list[str], float]:
    """Return the properties that are asked for, and the share of the question they say."""
    names = frozenset().union(*(text_terms(side.name) for side in sides))
    rest = {t: w for t, w in weights.items() if t not in names | question.names | GENERIC}
    common = [label for label in sides[0].cells if all(label in side.cells for side in sides)]
    if kinds := unit_kinds_of(question.text):
        # "How long does each take?" is not answered by what they are built on.
        common = [
            label
            for label in common
            if any(amounts_of(question, side.cells[label], kinds) for side in sides)
        ]
    if sum(rest.values()) < _SAYS_NOTHING:
        is_asked = question.kind is QuestionKind.COMPARISON
        return (common[:_MAX_PROPERTIES] if is_asked else []), 0.0
    shares = {label: label_share(label, rest) for label in common}
    top = max(shares.values(), default=0.0)
    if top >= _LEAST_NAMED:
        return [label for label in common if shares[label] >= 0.9 * top][:_MAX_PROPERTIES], top
    # The word for the property is another one: that of the best cell of one of the things.
    cells = {(e.start, e.doc_id): label for s in sides for label, e in s.cells.items()}
    first = cells.get((items[0].evidence.start, items[0].evidence.doc_id))
    is_sure = question.kind is QuestionKind.COMPARISON and first in common
    return ([first] if first is not None and is_sure else []), 0.0


def _draft(sides: Sequence[_Side], named: Sequence[str]) -> Draft | None:
    cells = [side.cells[label] for side in sides for label in named]
    is_long = any(len(cell.text) > _MAX_CELL for cell in cells)
    if is_long and len(cells) > 4:
        return None
    if is_long or (len(named) == 1 and len(sides) == 2):
        return Draft(tuple(Statement(wording(cell), cell) for cell in cells))
    rows = tuple(
        (
            side.name,
            tuple(Statement(cell_text(side.cells[label]), side.cells[label]) for label in named),
        )
        for side in sides
    )
    statements = tuple(cell for _, row in rows for cell in row)
    return Draft(statements, grid=Grid(tuple(named), rows))
