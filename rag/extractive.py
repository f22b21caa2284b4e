"""Answers without a language model: the sentences or cells that answer, quoted exactly."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.schema import BlockKind
from index.search import Index
from rag.evidence import Evidence, neighbours, units_of_blocks
from rag.messages import LABEL
from rag.question import Question, QuestionKind
from rag.scoring import ScoredEvidence
from rag.trim import trim_evidence

MAX_STATEMENTS = {
    QuestionKind.LIST: 3,
    QuestionKind.SUMMARY: 5,
    QuestionKind.CROSS_REPORT: 5,
    QuestionKind.COMPARISON: 3,
    QuestionKind.CAUSE: 2,
    QuestionKind.DEFINITION: 1,
}
"""Most statements an answer of this kind takes from separate evidence; other kinds have one."""

MAX_LIST_ITEMS = 8

# Evidence this close to the best (as a share of its score) says it about as well.
_CLOSE = 0.15

_TIE = 0.12

_ENUMERATED = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）.、]|[①-⑳])")

_ENUMERATED_INSIDE = re.compile(r"[：:]\s*(?:[(（]?1[)）.、]|①)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer with the evidence that carries it."""

    text: str
    evidence: Evidence


def compose(
    question: Question,
    ranked: Sequence[ScoredEvidence],
    index: Index,
    weights: Mapping[str, float],
) -> list[Statement]:
    """Return the statements that answer, given evidence best first; ranked must not be empty."""
    best = ranked[0]
    listed = _list_around(question, best, index)
    chosen = listed or [item.evidence for item in _close_to_best(question, ranked)]
    # The items of a list are short, and their numbers would be the first thing to be cut.
    trimmed = listed or [trim_evidence(question, evidence, weights) for evidence in chosen]
    return [Statement(_wording(evidence), evidence) for evidence in trimmed]


def _close_to_best(question: Question, ranked: Sequence[ScoredEvidence]) -> list[ScoredEvidence]:
    best = ranked[0]
    limit = MAX_STATEMENTS.get(question.kind, 3 if best.evidence.is_cell else 1)
    chosen = [best]
    documents = {best.evidence.doc_id}
    for item in ranked[1:]:
        if len(chosen) == limit:
            break
        if question.kind is QuestionKind.CROSS_REPORT:
            if item.evidence.doc_id in documents:
                continue
        elif best.evidence.is_cell and question.kind not in MAX_STATEMENTS:
            # Which price, monthly or yearly? The question does not say, so both are given.
            if best.score - item.score > _TIE or item.evidence.block != best.evidence.block:
                break
        elif item.score < best.score * (1 - _CLOSE):
            break
        if not _repeats(item.evidence, [other.evidence for other in chosen]):
            chosen.append(item)
            documents.add(item.evidence.doc_id)
    return chosen


def _list_around(question: Question, best: ScoredEvidence, index: Index) -> list[Evidence]:
    """Return the items of the list that the best evidence introduces or belongs to, or nothing.

    A sentence that ends in a colon introduces the items after it. A list item whose heading
    answers the question better than its own words stands for all items under that heading. And
    "1) …; 2) …" in one paragraph is a list as well.
    """
    evidence = best.evidence
    if evidence.is_cell:
        return []
    wants_list = question.kind in (QuestionKind.LIST, QuestionKind.CAUSE, QuestionKind.SUMMARY)
    introduces = evidence.quote.rstrip().endswith(("：", ":"))
    by_heading = best.features["around"] > best.features["in_text"]
    siblings = neighbours(index, evidence)
    position = next((i for i, item in enumerate(siblings) if item.start == evidence.start), None)
    if position is None or not (wants_list or introduces):
        return []
    if introduces:
        following = units_of_blocks(index, evidence, after=True)
        return following[:MAX_LIST_ITEMS]
    # "… has three problems: 1) …; 2) …; 3) …": the first item stands in the introduction.
    opening = next((i for i in siblings[position:] if _ENUMERATED_INSIDE.search(i.text)), None)
    if opening is not None:
        following = siblings[siblings.index(opening) + 1 :]
        items = [item for item in following if _ENUMERATED.match(item.text)]
        if items:
            return [opening, *items][:MAX_LIST_ITEMS]
    enumerated = [item for item in siblings if _ENUMERATED.match(item.text)]
    if _ENUMERATED.match(evidence.text) and len(enumerated) > 1:
        return enumerated[:MAX_LIST_ITEMS]
    document = index.document(evidence.doc_id)
    is_item = document.blocks[evidence.block].kind is BlockKind.LIST_ITEM
    if is_item and by_heading:
        return units_of_blocks(index, evidence, after=False)[:MAX_LIST_ITEMS]
    return []


def _wording(evidence: Evidence) -> str:
    text = evidence.text.strip()
    if not evidence.is_cell:
        return text
    unit = (
        evidence.unit if evidence.unit and evidence.unit not in text and text[-1:].isdigit() else ""
    )
    label = " · ".join(filter(None, [evidence.row, evidence.column]))
    return LABEL[evidence.language].format(label=label, text=f"{text}{unit}")


def _repeats(evidence: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Say whether the evidence says what was said already: most of its terms are there."""
    if evidence.is_cell:
        return any((evidence.start, evidence.doc_id) == (o.start, o.doc_id) for o in chosen)
    terms = evidence.terms
    return any(
        len(terms & other.terms) >= 0.6 * min(len(terms), len(other.terms)) for other in chosen
    )
