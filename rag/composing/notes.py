"""What is added to a draft: of when it is, what a newer report says, figures a reader can read."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.quantities import (
    Quantity,
    QuantityKind,
    parse_quantities,
    render_quantity,
    same_quantity,
)
from corpus.schema import Language, Role
from index.opened import OpenedIndex
from rag.composing.dating import date_of, is_old
from rag.composing.draft import Draft, Grid, Statement
from rag.composing.extractive import wording
from rag.composing.parts import repeats
from rag.composing.trim import length_share
from rag.evidence.amounts import answering_amounts
from rag.evidence.evidence import Evidence
from rag.evidence.scoring import ScoredEvidence
from rag.messages import AS_OF, AS_OF_MENTIONED, NEWER
from rag.questions.issuers import issuer_in
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

# What does not age: what something is, and when it happened. A cause is as old as its report.
_AGELESS = frozenset({QuestionKind.DEFINITION, QuestionKind.DATE})
_ONE_POINT = frozenset(
    {QuestionKind.NUMBER, QuestionKind.ENTITY, QuestionKind.YES_NO, QuestionKind.OTHER}
)
_NO_DIGIT = re.compile(r"[^\d.]")
_MONTHS_NEWER = 6
_SAME_POINT = 0.85  # share of the best score that a newer report's statement must have
_MAX_SHARE = 1.2  # of a factual answer's length, with what is added
_SCALED = frozenset({QuantityKind.MONEY, QuantityKind.NUMBER, QuantityKind.COUNT})
_ZH_SCALES, _EN_SCALES = "万亿千", ("billion", "million", "trillion")


def finished(
    question: Question, draft: Draft, ranked: Sequence[ScoredEvidence], index: OpenedIndex
) -> Draft:
    """Return a draft with what a newer report says, its age, and figures in the reader's words.

    Args:
        question: The analysed question.
        draft: What answers it.
        ranked: Evidence that may be used, best first.
        index: Where the evidence is from.
    """
    draft = _with_newer(question, draft, ranked, index)
    draft = replace(draft, notes=(*draft.notes, *_ages(question, draft, index)))
    return _converted(question, draft)


def _ages(question: Question, draft: Draft, index: OpenedIndex) -> tuple[str, ...]:
    """Return how old the old reports are that a draft rests on."""
    if question.kind in _AGELESS or question.periods:
        return ()  # what is asked of a period is dated by it
    doc_ids = dict.fromkeys(evidence.doc_id for evidence in draft.evidence)
    notes = []
    for doc_id in doc_ids:
        dated = date_of(index, doc_id)
        if not is_old(index, doc_id) or (dated.is_printed and len(doc_ids) > 1):
            continue
        words = AS_OF if dated.is_printed else AS_OF_MENTIONED
        issuer = issuer_in(index, doc_id, question.language)
        notes.append(words[question.language].format(month=dated.month, issuer=issuer))
    return tuple(notes)


def _with_newer(
    question: Question, draft: Draft, ranked: Sequence[ScoredEvidence], index: OpenedIndex
) -> Draft:
    """Return a draft with the statement of a newer report on the same point, where there is one."""
    doc_ids = {evidence.doc_id for evidence in draft.evidence}
    if question.kind not in _ONE_POINT or len(doc_ids) != 1 or draft.grid or draft.opening:
        return draft
    (home,) = doc_ids
    best = next((item for item in ranked if item.evidence.doc_id == home), None)
    newest = date_of(index, home).months + _MONTHS_NEWER
    if best is None or not date_of(index, home).date:
        return draft
    for item in ranked:
        evidence = item.evidence
        if item.score < _SAME_POINT * best.score:
            break
        is_newer = evidence.doc_id != home and date_of(index, evidence.doc_id).months >= newest
        if (
            is_newer
            and _is_on_point(question, item, best)
            and not repeats(evidence, draft.evidence)
            and not _is_same_figure(evidence, draft.evidence)
        ):
            said = wording(evidence)
            length = sum(length_share(s.text) for s in draft.statements) + length_share(said)
            if length <= _MAX_SHARE:
                statement = Statement(_newer(evidence, said, index, question.language), evidence)
                return replace(draft, statements=(*draft.statements, statement))
    return draft


def _is_same_figure(evidence: Evidence, said: Sequence[Evidence]) -> bool:
    """Say whether a cell prints a figure again that another cell has said."""
    digits = _NO_DIGIT.sub("", evidence.text)
    return evidence.is_cell and any(
        one.is_cell and digits == _NO_DIGIT.sub("", one.text) for one in said
    )


def _is_on_point(question: Question, item: ScoredEvidence, best: ScoredEvidence) -> bool:
    """Say whether evidence answers the question as fully as the best does."""
    if item.evidence.role is not Role.CONTENT or set(item.missing) - set(best.missing):
        return False
    wants_number = QuestionKind.NUMBER in question.kinds
    return not wants_number or bool(answering_amounts(question, item.evidence))


def _newer(evidence: Evidence, said: str, index: OpenedIndex, language: Language) -> str:
    issuer = issuer_in(index, evidence.doc_id, language)
    date = index.document(evidence.doc_id).metadata.date
    return NEWER[language].format(issuer=f"{issuer} {date}".strip(), text=said)


def _converted(question: Question, draft: Draft) -> Draft:
    """Return a draft whose foreign figures have the reader's words beside them."""
    if all(evidence.language is question.language for evidence in draft.evidence):
        return draft

    def convert(statement: Statement) -> Statement:
        if statement.evidence.language is question.language:
            return statement
        return replace(statement, text=with_conversions(statement.text, question.language))

    grid = draft.grid
    if grid is not None:
        rows = tuple(
            (name, tuple(cell and convert(cell) for cell in cells)) for name, cells in grid.rows
        )
        grid = Grid(grid.columns, rows)
    return replace(draft, statements=tuple(map(convert, draft.statements)), grid=grid)


def with_conversions(text: str, language: Language) -> str:
    """Return a text in the other language with its large figures as `language` prints them.

    The figure is the same: its scale changes, never its currency or its value.

    >>> with_conversions("规模达453亿元", Language.EN)
    '规模达453亿元 (RMB 45.3 billion)'
    """
    for quantity in reversed(parse_quantities(text)):
        if printed := _conversion(text, quantity, language):
            text = f"{text[: quantity.end]} ({printed}){text[quantity.end :]}"
    return text


def _conversion(text: str, quantity: Quantity, language: Language) -> str:
    said = text[quantity.start : quantity.end]
    is_scaled = (
        any(char in said for char in _ZH_SCALES)
        if language is Language.EN
        else any(word in said.casefold() for word in _EN_SCALES)
    )
    if quantity.kind not in _SCALED or not is_scaled:
        return ""
    printed = render_quantity(quantity, language)
    again = parse_quantities(printed)
    is_same = len(again) == 1 and same_quantity(again[0], quantity)
    return printed if is_same and printed != said else ""
