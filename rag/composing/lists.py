"""The items of a list, when the best evidence introduces one or belongs to one."""

import re
from collections.abc import Collection, Sequence

from corpus.schema import BlockKind
from index.opened import OpenedIndex
from rag.composing.beside import neighbours, units_of_blocks
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.scoring import ScoredEvidence
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question
from rag.questions.thesaurus import same_meaning

MAX_LIST_ITEMS = 8
_NEARLY_BEST = 0.75  # of the best score
_NEAR = 2  # sentences up to the one that introduces a list

# Kinds of question that a list answers.
_WANT_LISTS = frozenset(
    {QuestionKind.LIST, QuestionKind.CAUSE, QuestionKind.SUMMARY, QuestionKind.COMPARISON}
)
_ENUMERATED = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）.、]|[①-⑳])")
_ENUMERATED_INSIDE = re.compile(r"[：:]\s*(?:[(（]?1[)）.、]|①)")


def list_around(question: Question, best: ScoredEvidence, index: OpenedIndex) -> list[Evidence]:
    """Return the items of the list that the best evidence introduces or belongs to, or nothing.

    A sentence that ends in a colon introduces the items after it. A list item whose heading
    answers the question better than its own words stands for all items under that heading, and a
    numbered one for those numbered with it. And "1) …; 2) …" in one paragraph is a list as well.
    """
    evidence = best.evidence
    if evidence.is_cell or question.kind is QuestionKind.DEFINITION:
        return []
    introduces = evidence.quote.rstrip().endswith(("：", ":"))
    siblings = neighbours(index, evidence)
    position = next((i for i, item in enumerate(siblings) if item.start == evidence.start), None)
    if position is None or not (question.kind in _WANT_LISTS or introduces):
        return []
    # "X builds on the problems of Y. They are:" – the next sentence introduces the list.
    last = siblings[-1]
    if question.kind is QuestionKind.LIST and 0 < len(siblings) - 1 - position <= _NEAR:
        introduces = introduces or last.quote.rstrip().endswith(("：", ":"))
    if introduces and (following := units_of_blocks(index, evidence, after=True)):
        return _one_list(following)[:MAX_LIST_ITEMS]
    if items := _enumerated_from(siblings, position):
        return items[:MAX_LIST_ITEMS]
    enumerated = [item for item in siblings if _ENUMERATED.match(item.text)]
    is_numbered = _ENUMERATED.match(evidence.text) is not None
    if is_numbered and len(enumerated) > 1:
        return enumerated[:MAX_LIST_ITEMS]
    if evidence.kind is not BlockKind.LIST_ITEM:
        return []
    items = units_of_blocks(index, evidence, after=False)
    if is_numbered and question.kind is QuestionKind.LIST:
        numbered = [item for item in items if _ENUMERATED.match(item.text)]
        return numbered[:MAX_LIST_ITEMS] if len(numbered) > 1 else []
    by_heading = best.features["around"] > best.features["in_text"]
    return items[:MAX_LIST_ITEMS] if by_heading else []


def opening_of_list(question: Question, ranked: Sequence[ScoredEvidence]) -> ScoredEvidence | None:
    """Return what opens a numbered list in the words of the question and scores nearly best, or None.

    "视频功能：1、…" lists what is asked for; a sentence with the same words once does not.
    """
    if question.kind is not QuestionKind.LIST:
        return None
    least = _NEARLY_BEST * ranked[0].score
    return next(
        (
            item
            for item in ranked
            if item.score >= least
            and not item.missing
            and opens_with(question.heads, item.evidence)
        ),
        None,
    )


def opens_with(terms: Collection[str], evidence: Evidence) -> bool:
    """Say whether a numbered list begins in a sentence, right behind some terms or their like, most of them."""
    opening = _ENUMERATED_INSIDE.search(evidence.text)
    if evidence.is_cell or opening is None:
        return False
    before = text_terms(evidence.text[: opening.start()])
    lacking = [
        term
        for term in terms
        if term not in before and before.isdisjoint(same_meaning().get(term, ()))
    ]
    return len(terms) - len(lacking) >= max(1, 2 * len(lacking))


def _one_list(items: Sequence[Evidence]) -> list[Evidence]:
    """Return the items up to where a numbered list gives way to something else."""
    numbered = [bool(_ENUMERATED.match(item.text)) for item in items]
    if not numbered[0] or all(numbered):
        return list(items)
    return list(items[: numbered.index(False)])


def _enumerated_from(siblings: Sequence[Evidence], position: int) -> list[Evidence]:
    """Return "… has three problems: 1) …" and the items after it: the introduction holds the first."""
    opening = next(
        (i for i, item in enumerate(siblings[position:]) if _ENUMERATED_INSIDE.search(item.text)),
        None,
    )
    if opening is None:
        return []
    opening += position
    items = [item for item in siblings[opening + 1 :] if _ENUMERATED.match(item.text)]
    return [siblings[opening], *items] if items else []
