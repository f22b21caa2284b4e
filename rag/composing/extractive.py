"""Answers without a language model: the sentences or cells that answer, quoted exactly."""

import re
from collections.abc import Mapping, Sequence

from index.opened import OpenedIndex
from rag.composing.beside import read_on, to_closing, with_antecedent, with_reason
from rag.composing.draft import Draft, Statement
from rag.composing.lists import list_around, opening_of_list
from rag.composing.parts import choose
from rag.composing.trim import cut_evidence, is_long, is_thin, length_share, trim_evidence
from rag.evidence.cell_units import scale_of, table_unit_of
from rag.evidence.evidence import Evidence, text_quantities, text_terms
from rag.evidence.scoring import ScoredEvidence
from rag.messages import LABEL
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

# A text up to this share of an answer's room has room for the sentence after it.
_WORTH_READING_ON = 0.7
# The next sentence is read if it scores this share of the best: together they are one thought.
_NEARLY = 0.75
# Of what a factual answer may have, for all statements together; twice that for several things.
_ROOM = 1.4
# Kinds whose answer must say what it speaks of.
_EXPLAINED = frozenset({QuestionKind.DEFINITION, QuestionKind.ENTITY, QuestionKind.OTHER})
_ROOM_FOR_BOTH = 2.0  # of a factual answer's length
_OF_SEVERAL = frozenset({QuestionKind.COMPARISON, QuestionKind.CROSS_REPORT, QuestionKind.LIST})
# "3. ", "(2) ", "4)": not "3.5", and not a line that holds a list of its own.
_NUMBER = re.compile(
    r"\s*[(（]?\d{1,2}(?:[)）、]|\.(?!\d))\s*(?=\S)(?!.*[；;。\s][(（]?[2-9][)）.、])", re.DOTALL
)
_ENDS_IN_DIGIT = re.compile(r"\d\)?$")
_DATED = re.compile(r"\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}/\d{1,2}/\d{4}")  # no amount
_CURRENCY = re.compile(r"[$€£¥￥]|\b(?:dollars?|USD|RMB|CNY|HKD|EUR|yuan)\b", re.IGNORECASE)
_LONGEST_UNIT = 8  # characters; longer ones are phrases: "$ in millions"


def compose(
    question: Question,
    ranked: Sequence[ScoredEvidence],
    index: OpenedIndex,
    weights: Mapping[str, float],
) -> Draft:
    """Return the statements that answer, given evidence best first; ranked must not be empty."""
    # The items of a list are short, and their numbers would be the first thing to be cut.
    best = opening_of_list(question, ranked) or ranked[0]
    evidence = list_around(question, best, index)
    if not evidence:
        scores = {(item.evidence.doc_id, item.evidence.start): item.score for item in ranked}
        if ranked[0].features["is_item"]:
            # What is called just what is asked for needs no second figure beside it.
            evidence = [
                _definition(ranked) or to_size(question, ranked[0].evidence, index, weights, scores)
            ]
        else:
            chosen = choose(question, ranked, weights)
            evidence = [to_size(question, item, index, weights, scores) for item in chosen]
            evidence = _pasteable(question, _without_contained(evidence))
    kept = unnumbered(_without_contained(evidence))
    return Draft(tuple(Statement(wording(item), item) for item in kept))


def _definition(ranked: Sequence[ScoredEvidence]) -> Evidence | None:
    """Return the best sentence that defines what is asked for and fits an answer whole, None without one."""
    fit = (
        item.evidence for item in ranked if item.features["is_item"] and not item.evidence.is_cell
    )
    return next((item for item in fit if not is_long(item.text)), None)


def unnumbered(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return evidence without the number of a list item where it is the only one of its list."""
    numbers = [_NUMBER.match(item.text) if not item.is_cell else None for item in evidence]
    if sum(number is not None for number in numbers) != 1:
        return list(evidence)
    return [
        cut_evidence(item, number.end(), len(item.text)) if number else item
        for item, number in zip(evidence, numbers, strict=True)
    ]


def _pasteable(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Drop what makes an answer too long to paste, the least likely first; the best always stays."""
    room = _ROOM * (2 if question.kind in _OF_SEVERAL else 1)
    kept: list[Evidence] = []
    taken = 0.0
    for item in evidence:
        taken += length_share(wording(item))
        if kept and taken > room:
            break
        kept.append(item)
    return kept


def to_size(
    question: Question,
    evidence: Evidence,
    index: OpenedIndex,
    weights: Mapping[str, float],
    scores: Mapping[tuple[str, int], float],
) -> Evidence:
    """Return evidence cut to what can be pasted, or read on.

    Read on where it only announces, and where the next sentence answers nearly as well.
    """
    if question.kind is QuestionKind.LIST and not evidence.is_cell:
        evidence = to_closing(index, evidence)
    if question.kind is QuestionKind.CAUSE:
        evidence = with_reason(index, evidence)
    if question.kind in _EXPLAINED:
        told = with_antecedent(index, evidence)
        if told is not evidence and not is_long(told.text):
            return told
    if both := _with_other_side(question, evidence, index):
        return both
    if evidence.is_cell or is_long(evidence.text, share=_WORTH_READING_ON):
        return trim_evidence(question, evidence, weights)
    following = read_on(index, evidence)
    if following is not None:
        longer, start = following
        own = scores.get((evidence.doc_id, evidence.start), 0.0)
        answers = scores.get((evidence.doc_id, start), 0.0) >= _NEARLY * own > 0
        if (answers or is_thin(question, evidence)) and not is_long(longer.text):
            return longer
    return trim_evidence(question, evidence, weights)


def _with_other_side(question: Question, evidence: Evidence, index: OpenedIndex) -> Evidence | None:
    """Return a sentence with the next one, which says the figure of the other thing compared; else None."""
    if question.kind is not QuestionKind.COMPARISON or evidence.is_cell:
        return None
    following = read_on(index, evidence)
    if following is None:
        return None
    longer, _ = following
    behind = longer.text[len(evidence.text) :]
    kinds = {q.kind for q in evidence.quantities} & {q.kind for q in text_quantities(behind)}
    is_of_it = not text_terms(behind).isdisjoint(question.terms)
    return longer if kinds and is_of_it and not is_long(longer.text, share=_ROOM_FOR_BOTH) else None


def _without_contained(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Drop evidence whose quote lies within that of another."""
    return [
        item
        for item in evidence
        if not any(
            other is not item
            and other.doc_id == item.doc_id
            and other.start <= item.start
            and item.end <= other.end
            and (other.end - other.start) > (item.end - item.start)
            for other in evidence
        )
    ]


def wording(evidence: Evidence) -> str:
    """Return how evidence is said: a sentence as it is, a cell with its labels and unit."""
    if not evidence.is_cell:
        return evidence.text.strip()
    label = " · ".join(filter(None, [evidence.row, evidence.column]))
    return LABEL[evidence.language].format(label=label, text=cell_text(evidence))


def cell_text(evidence: Evidence) -> str:
    """Return the text of a cell with its unit, without its labels."""
    text = evidence.text.strip()
    return f"{text}{_unit(evidence, text)}"


def _unit(evidence: Evidence, text: str) -> str:
    """Return the table's unit for a bare figure: right behind it, in brackets when it is a phrase."""
    unit = table_unit_of(evidence.unit, f"{evidence.row} {evidence.column}")
    if not unit or unit in text or not _ENDS_IN_DIGIT.search(text) or _DATED.search(text):
        return ""
    if scale := scale_of(unit):
        has_currency = _CURRENCY.search(text) is not None or not _CURRENCY.search(unit)
        return f" {scale}" if has_currency else f" {scale} ({unit})"
    if len(unit) > _LONGEST_UNIT:
        return f" ({unit})"
    if not text[:1].isdigit() and text[:1] not in "-−(（":
        return ""  # $1.25 has its currency
    return f" {unit}" if unit[:1].isascii() else unit
