"""Questions that a column answers: which rows meet a condition, which has the most.

"Which models are by Meta?" is answered by the labels of the rows whose cell says Meta; "which has
the largest market value?" by comparing all figures of the column, when they are of one unit.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from corpus.quantities import Quantity, QuantityKind
from index.opened import OpenedIndex
from rag.composing.claim_words import SAYS_NO, SAYS_YES, WHETHER
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import wording
from rag.composing.lists import MAX_LIST_ITEMS
from rag.composing.trim import cut_evidence, length_share
from rag.evidence.evidence import Evidence, text_quantities, text_terms
from rag.evidence.scoring import ScoredEvidence
from rag.evidence.tables import Row, TableView, is_named_in, label_share, named_rows, tables_among
from rag.messages import LABEL, SEPARATOR
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

_LOOKED_AT = 60
_MOST = re.compile(
    r"最(?:高|大|多|贵|长|快)|(?:哪[个家款]|谁)更(?:高|大|多|贵|长|快)|\b(?:largest|highest|biggest|"
    r"longest|fastest|most expensive|priciest|"
    r"(?:the )?most)\b|\bwhich\b.*\b(?:larger|higher|bigger|longer|faster|more expensive)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"最(?:低|小|少|便宜|短|慢)|(?:哪[个家款]|谁)更(?:低|小|少|便宜|短|慢)|\b(?:smallest|lowest|cheapest|"
    r"shortest|slowest|(?:the )?least)\b|"
    r"\bwhich\b.*\b(?:smaller|lower|cheaper|shorter|slower)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(?:合计|总计|小计|总额|共计)$|(?:sub)?totals?\b", re.IGNORECASE)
_LEAST_SAID = 0.6  # share of the question that column, caption and headings must say
_LEAST_CAPTION = 0.7  # share of the question that a caption must say, to be what is asked
_MAX_ITEM, _MIN_ITEM = 0.4, 8  # of a factual answer's length; characters
_LEAST_PARSED = 0.8  # share of the filled cells that must be figures of one unit
_MIN_ROWS = 3
_MAX_ROWS = 15
_MAX_VALUE = 40  # characters of a cell that is a value and no text
_ITEMS = re.compile(r"[、,，/+&]|\band\b")
_DENIES = re.compile(r"不|未|没有?|闭源|\bnot\b|\bclosed\b|n['’]t\b", re.IGNORECASE)
_WANTS_ROWS = frozenset({QuestionKind.LIST, QuestionKind.ENTITY})


def answer_by_column(
    question: Question,
    ranked: Sequence[ScoredEvidence],
    index: OpenedIndex,
    weights: Mapping[str, float],
) -> Composed | None:
    """Return the rows that a question picks out of a table; None where it picks none for sure."""
    views = [view for view, _ in tables_among(ranked, index, _LOOKED_AT)]
    sign = 1 if _MOST.search(question.text) else -1 if _LEAST.search(question.text) else 0
    if sign:
        found = (_extreme(view, question, weights, sign) for view in views)
    elif question.kind in _WANTS_ROWS:
        whole = (_whole(view, question, weights) for view in views)
        if statements := next(filter(None, whole), None):
            return Composed(Draft(tuple(statements)), tuple(ranked))
        found = (_matching(view, question, weights) for view in views)
    else:
        return None
    cells = next(filter(None, found), [])
    if not cells:
        return None
    return Composed(Draft(tuple(Statement(wording(cell), cell) for cell in cells)), tuple(ranked))


def _whole(view: TableView, question: Question, weights: Mapping[str, float]) -> list[Statement]:
    """Return all rows of a table whose caption is what the question asks to list.

    The names of the rows when their header is what is asked for, else what the one column says.
    """
    labels = [row.names[-1] for row in view.rows if row.names]
    columns = range(view.num_labels, len(view.columns))
    header = labels[0].column if labels else ""
    is_all = label_share(f"{view.caption} {header}", weights) >= _LEAST_CAPTION
    is_open = not any(is_named_in(label.text, question.text) for label in labels)
    if not (is_all and is_open and 2 <= len(labels) <= _MAX_ROWS):
        return []
    if label_share(header, weights) > 0:
        text = SEPARATOR[question.language].join(label.text.strip() for label in labels)
        said = LABEL[question.language].format(label=header, text=text)
        return [Statement(said, labels[0], tuple(labels[1:]))]
    if len(columns) != 1:
        return []
    cells = [_first_clause(row.cells[columns[0]]) for row in view.rows if columns[0] in row.cells]
    return [Statement(wording(cell), cell) for cell in cells[:MAX_LIST_ITEMS]]


def _first_clause(cell: Evidence) -> Evidence:
    """Return a cell, of a long one what it says up to the first stop."""
    if length_share(cell.text) <= _MAX_ITEM:
        return cell
    stop = re.search(r"[。；;]|\.\s|，|, ", cell.text[_MIN_ITEM:])
    return cut_evidence(cell, 0, _MIN_ITEM + stop.start()) if stop else cell


def _extreme(
    view: TableView, question: Question, weights: Mapping[str, float], sign: int
) -> list[Evidence]:
    """Return the cell with the greatest figure of the column asked about, or the least."""
    rest = {
        term: weight
        for term, weight in weights.items()
        if not (_MOST.search(term) or _LEAST.search(term) or term in _DEGREES)
    }
    named = named_rows(view, question)
    if len(named) == 1 or any(
        _MOST.search(c) and is_named_in(c, question.text) for c in view.columns
    ):
        return []  # "the largest parameter count of A" is a cell
    rows = named if len(named) > 1 else list(view.rows)
    labels = " ".join(row.label for row in named)
    best: tuple[float, int] | None = None
    for column in range(view.num_labels, len(view.columns)):
        own = label_share(view.columns[column], rest)
        whole = label_share(f"{view.columns[column]} {view.about} {labels}", rest)
        if own > 0 and whole >= _LEAST_SAID and (best is None or own > best[0]):
            best = (own, column)
    if best is None:
        return []
    rows = [row for row in rows if not _TOTAL.match(row.label.strip())]
    cells = [row.cells[best[1]] for row in rows if best[1] in row.cells]
    figures = [(figure, cell) for cell in cells if (figure := _figure(cell)) is not None]
    units = {(figure.kind, figure.unit) for figure, _ in figures}
    least = 2 if len(named) > 1 else _MIN_ROWS
    if len(units) != 1 or len(figures) < max(least, _LEAST_PARSED * len(cells)):
        return []
    top = max(sign * figure.low for figure, _ in figures)
    return [cell for figure, cell in figures if sign * figure.low == top][:3]


def _figure(cell: Evidence) -> Quantity | None:
    """Return the one figure of a cell, with its unit; None of a text or of several."""
    unit = cell.unit if len(cell.unit) < 8 else ""
    found = [q for q in text_quantities(f"{cell.text}{unit}") if q.kind is not QuantityKind.DATE]
    if len(found) != 1 or len(cell.text) > _MAX_VALUE or found[0].low != found[0].high:
        return None
    return found[0] if isinstance(found[0].low, Decimal) else None


def _matching(view: TableView, question: Question, weights: Mapping[str, float]) -> list[Evidence]:
    """Return the cells of one column that say what the question names, of two rows or more."""
    for column in range(view.num_labels, len(view.columns)):
        is_so = _wanted_of(view.columns[column], question)
        held = [
            (row, row.cells[column])
            for row in view.rows
            if column in row.cells
            and (
                is_so.match(row.cells[column].text)
                if is_so
                else _says_value(row.cells[column], question)
            )
        ]
        least = 1 if is_so else 2
        if not is_so and question.heads & text_terms(view.columns[column]):
            continue  # the column is asked for, not searched
        if not least <= len(held) <= _MAX_ROWS or (len(held) == len(view.rows) and not is_so):
            continue
        if _is_asked_of(view, column, held, question, weights):
            return [cell for _, cell in held]
    return []


def _wanted_of(column: str, question: Question) -> re.Pattern[str] | None:
    """Return what the cells of a yes/no column must say, None of a column of another kind.

    "Which models are open source?" wants yes in the column "是否开源" or "Open source?".
    """
    match = WHETHER.match(column.strip())
    asked = (match["zh"] or match["en"] or "").strip() if match else ""
    if not asked or not is_named_in(asked, question.text):
        return None
    return SAYS_NO if _DENIES.search(question.text) else SAYS_YES


def _says_value(cell: Evidence, question: Question) -> bool:
    """Say whether a short cell is a value that a question names: a company, a type."""
    if len(cell.text) > _MAX_VALUE:
        return False
    return any(is_named_in(item, question.text) for item in _ITEMS.split(cell.text))


def _is_asked_of(
    view: TableView,
    column: int,
    held: Sequence[tuple[Row, Evidence]],
    question: Question,
    weights: Mapping[str, float],
) -> bool:
    """Say whether a question asks for the rows of a table: their labels are what it does not name."""
    if any(is_named_in(row.names[-1].text, question.text) for row, _ in held if row.names):
        return False
    values = frozenset().union(*(text_terms(cell.text) for _, cell in held))
    rest = {t: w for t, w in weights.items() if t not in values and t not in question.names}
    headers = " ".join((*view.columns[: view.num_labels], view.columns[column]))
    return not rest or label_share(f"{headers} {view.about}", rest) >= _LEAST_SAID


_DEGREES = frozenset(
    [
        "最",
        "更",
        "高",
        "低",
        "大",
        "小",
        "多",
        "少",
        "贵",
        "便宜",
        "largest",
        "highest",
        "biggest",
        "most",
        "least",
        "lowest",
        "cheapest",
        "high",
        "low",
        "larg",
        "big",
        "cheap",
        "expens",
    ]
)
