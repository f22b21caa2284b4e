"""Several cells of one row or column: "what is its budget, and how much of it was spent?", "79.4, and BM25?".

The question as a whole finds the row; each of its parts then asks only which of the cells beside.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.language import question_language
from corpus.schema import Language
from index.terms import analyze, simplify
from rag.composing.by_part import ASKS, CUT_ZH
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import wording
from rag.evidence.abstain import decide
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.finding import Finder
from rag.evidence.scoring import ScoredEvidence, score_evidence
from rag.evidence.tables import TableView, is_named_in, table_of
from rag.questions.asking import only_asks
from rag.questions.kinds import QuestionKind
from rag.questions.period_words import standings_in, without_periods
from rag.questions.question import Question, parse_question

_CUT_EN = re.compile(
    r"[?;]|,? and (?=(?:(?:in|at|on|by|from|for|to|of|with) )?"
    r"(?:what|who|whose|when|where|which|how|the|its|their)\b)",
    re.IGNORECASE,
)
_OF_ONE = frozenset(
    {
        QuestionKind.NUMBER,
        QuestionKind.DATE,
        QuestionKind.ENTITY,
        QuestionKind.OTHER,
        QuestionKind.COMPARISON,
        QuestionKind.LIST,
    }
)
_MOST_PARTS = 4
_PLACING = 5  # pieces of evidence, best first, that may tell which row is meant
_PER = re.compile(r"[每单]|\b(?:per|each|every|unit)\b", re.IGNORECASE)
# What a part asks for by its form: an amount, a date.
_FITS = ("number_for_number", "date_for_date")
_BRACKETS = re.compile(r"[（(][^（）()]*[)）]")
_LONGEST_FRAGMENT = 6  # words that may ask without a word that asks: "and the cost per airplane?"
# Share of the best score that a cell which places the row must have.
_LEAST_OF_BEST = 0.7


def answer_same_row(
    question: Question, ranked: Sequence[ScoredEvidence], finder: Finder
) -> Composed | None:
    """Return a cell for each part of a question, all of one row or one column; None where one is missing.

    Args:
        question: The analysed question.
        ranked: All evidence found for it, best first.
        finder: Looks into the reports.
    """
    if question.recalled or question.kind not in _OF_ONE:
        return None
    parts = [parse_question(text, language=question.language) for text in _pieces(question.text)]
    if not 2 <= len(parts) <= _MOST_PARTS:
        return None
    fit = decide(ranked, question.kind).evidence
    placing = [item for item in fit[:_PLACING] if item.evidence.is_cell and item.evidence.row]
    if not placing or placing[0].score < _LEAST_OF_BEST * fit[0].score:
        return None
    view = table_of(finder.index, placing[0].evidence)
    if view is None:
        return None
    found = {item.evidence.start for item in placing}
    for cells in _lines_through(view, placing[0].evidence):
        # Where the question names the column and no row, its cells are as those of a row.
        is_column = len({cell.row for cell in cells}) > 1 and (
            not is_named_in(cells[0].column, question.text)
            or any(_is_row_named(cell, question) for cell in cells)
        )
        chosen: list[Evidence] = []
        for part in parts:
            cell = _in_other_period(part, chosen[-1:], cells) or _best(part, cells, finder)
            if cell is None or cell.start in (e.start for e in chosen):
                break
            if is_column and not (_is_row_named(cell, part) or standings_in(part.text)):
                break
            chosen.append(cell)
        if len(chosen) == len(parts) and found & {cell.start for cell in chosen}:
            said = tuple(Statement(wording(cell), cell) for cell in chosen)
            return Composed(Draft(said), tuple(ranked))
    return None


def _in_other_period(
    part: Question, before: Sequence[Evidence], cells: Sequence[Evidence]
) -> Evidence | None:
    """Return the cell of what was told before in the period that a part asks for: "and a year earlier?"."""
    standings = standings_in(part.text)
    if not (standings and before) or not all(map(only_asks, analyze(without_periods(part.text)))):
        return None
    found = [
        cell
        for cell in cells
        if cell.start != before[0].start
        and _plain(cell) == _plain(before[0])
        and standings & (cell.when.standings if cell.when else standings_in(cell.label))
    ]
    return found[0] if len(found) == 1 else None


def _is_row_named(cell: Evidence, part: Question) -> bool:
    """Say whether a part of a question has a word of the label of a row: in a column nothing else tells it."""
    return not text_terms(cell.row).isdisjoint(part.terms)


def _plain(cell: Evidence) -> frozenset[str]:
    """Return what the labels of a cell say, without of when it is."""
    return text_terms(without_periods(f"{cell.row} {cell.column}"))


def _lines_through(view: TableView, cell: Evidence) -> Iterator[list[Evidence]]:
    """Yield the cells of the row of a cell, then those of its column."""
    for row in view.rows:
        if any(e.start == cell.start for e in row.cells.values()):
            yield list(row.cells.values())
    for column in range(view.num_labels, len(view.columns)):
        found = [row.cells[column] for row in view.rows if column in row.cells]
        if any(e.start == cell.start for e in found):
            yield found


def _best(part: Question, cells: Sequence[Evidence], finder: Finder) -> Evidence | None:
    """Return the cell of a line that a part of a question asks for; None where nothing tells it."""
    scored = [
        # Of when the row is was settled by the question as a whole.
        replace(item, features={**item.features, "undated": 0.0})
        for item in score_evidence(part, cells, finder.weight, finder.similarity)
    ]
    fit = decide(scored, part.kind).evidence
    return fit[0].evidence if fit and _is_told(part, fit[0], scored) else None


def _is_told(part: Question, best: ScoredEvidence, others: Sequence[ScoredEvidence]) -> bool:
    """Say whether anything tells the best cell from another: a word of its label, of when it is, its form."""
    label = f"{best.evidence.row} {best.evidence.column}"
    if standings_in(part.text) & standings_in(label) or (
        _PER.search(part.text) and _PER.search(label)
    ):
        return True
    rest = [other for other in others if other.evidence.start != best.evidence.start]
    if any(t not in best.missing and any(t in other.missing for other in rest) for t in part.terms):
        return True
    return any(best.features[name] and not any(o.features[name] for o in rest) for name in _FITS)


def _asks(piece: str) -> bool:
    return ASKS.search(piece) is not None or piece.endswith("呢")


def _pieces(text: str) -> list[str]:
    """Return the parts of a question that ask, each with what stands before it; [] for one part.

    >>> _pieces("冷链项目预算多少，累计投入占预算的比例是多少？")
    ['冷链项目预算多少', '累计投入占预算的比例是多少']
    >>> _pieces("What is the total cost, and the cost per airplane?")
    ['What is the total cost', 'the cost per airplane']
    """
    is_chinese = question_language(text) is Language.ZH
    text = _BRACKETS.sub(" ", simplify(text))
    cut = CUT_ZH if is_chinese else _CUT_EN
    before = ""
    pieces: list[str] = []
    for piece in filter(None, (piece.strip() for piece in cut.split(text))):
        if not (pieces or _asks(piece)):
            before = f"{before} {piece}".strip()
            continue
        if not _asks(piece) and (is_chinese or len(piece.split()) > _LONGEST_FRAGMENT):
            return []
        pieces.append(f"{before} {piece}".strip() if not pieces else piece)
    is_empty = any(all(only_asks(term) for term in analyze(piece)) for piece in pieces)
    return pieces if len(pieces) > 1 and not is_empty else []
