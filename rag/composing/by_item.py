"""Several items of a company's statements: 利息支出和利息收入分别是多少, "what were net sales and net income?".

An item is what a row of the company's own tables is called. Each is asked for on its own, and answered only by a
cell that is called just so.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from corpus.language import HAN
from index.opened import OpenedIndex
from index.terms import simplify
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import wording
from rag.evidence.abstain import decide
from rag.evidence.finding import Finder
from rag.evidence.line_items import forms_of, names_of_line, plain_label
from rag.evidence.scoring import ScoredEvidence
from rag.evidence.statements import rows_of
from rag.kept import kept_with_index
from rag.questions.issuers import common
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question, parse_question

_ASKED_OF = frozenset(
    {QuestionKind.NUMBER, QuestionKind.LIST, QuestionKind.OTHER, QuestionKind.COMPARISON}
)
_MOST_ITEMS = 5
_LEAST_HAN, _LEAST_LATIN = 2, 4  # characters of a name
_TOTAL = re.compile(r"(?:合计|总计|净额|总额)$|^total ", re.IGNORECASE)
# What stands between two items: 利息支出和利息收入, 货币资金是多少以及存货是多少.
_JOIN = re.compile(
    r"(?:总额|合计|金额|余额)?(?:(?:分别)?(?:是|为)?多少[元]?[，,]?)?\s*(?:、|，|,|和|与|及|以及|还有|跟|/|&|\band\b|,\s*and\b)"
    r"\s*(?:其|它的|公司的?|its |the |total )?",
    re.IGNORECASE,
)
_EACH = re.compile(r"分别|各自?(?=[是为有])|\s*\b(?:respectively|each|both)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Named:
    """An item that a question names, and where."""

    name: str
    start: int
    end: int


def answer_by_item(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return a cell for each of several items; None where it is not so asked, or one is not there."""
    if question.kind not in _ASKED_OF or question.recalled:
        return None
    where = finder.filings(question, documents)
    if not where:
        return None
    text = simplify(question.text)
    names = frozenset().union(*(_names(finder.index, doc_id) for doc_id in sorted(where)))
    items = _joined(text, _named(text, names))
    if not 2 <= len(items) <= _MOST_ITEMS:
        return None
    before, behind = text[: items[0].start], _EACH.sub("", text[items[-1].end :])
    statements: list[Statement] = []
    evidence: list[ScoredEvidence] = []
    for item in items:
        part = parse_question(
            f"{before}{item.name}{behind}", language=question.language, issuers=finder.issuers
        )
        ranked = finder.score(part, finder.search(part, common(part.documents, documents)))
        verdict = decide(ranked, part.kind)
        if not verdict.answerable or not verdict.evidence[0].features["is_item"]:
            return None
        found = verdict.evidence[0].evidence
        if any(found.start == said.evidence.start for said in statements):
            return None
        statements.append(Statement(wording(found), found))
        evidence += verdict.evidence
    return Composed(Draft(tuple(statements)), tuple(evidence))


@kept_with_index(maxsize=64)
def _names(index: OpenedIndex, doc_id: str) -> frozenset[str]:
    """Return what the rows of a filing's tables are called, case-folded, and what such lines are called else.

    Raises:
        KeyError: No such document.
    """
    found = set()
    for label, *_ in rows_of(index, doc_id):
        for form in forms_of(simplify(label)):
            name = plain_label(form).casefold()
            found |= {name, _TOTAL.sub("", name), *names_of_line(name)}
    return frozenset(name for name in found if _is_name(name))


def _is_name(name: str) -> bool:
    is_han = re.fullmatch(f"[{HAN}]+", name) is not None
    return len(name) >= (_LEAST_HAN if is_han else _LEAST_LATIN) and not name[:1].isdigit()


def _named(text: str, names: Collection[str]) -> list[_Named]:
    """Return the items that a text names, in order; of those that overlap the longest."""
    folded = text.casefold()
    taken: list[_Named] = []
    for name in sorted((n for n in names if n in folded), key=lambda n: (-len(n), n)):
        edges = ("(?<![a-z0-9])", "(?![a-z0-9])") if name.isascii() else ("", "")
        for match in re.finditer(edges[0] + re.escape(name) + edges[1], folded):
            if not any(match.start() < one.end and one.start < match.end() for one in taken):
                taken.append(_Named(text[match.start() : match.end()], *match.span()))
    return sorted(taken, key=lambda one: one.start)


def _joined(text: str, items: list[_Named]) -> list[_Named]:
    """Return the longest run of items with nothing but joins between them."""
    runs: list[list[_Named]] = []
    for item in items:
        if runs and _JOIN.fullmatch(text[runs[-1][-1].end : item.start]):
            runs[-1].append(item)
        else:
            runs.append([item])
    return max(runs, key=len, default=[])
