"""Whether evidence measures what a question asks for: revenue is no profit, a share price no market value."""

from index.terms import simplify
from rag.evidence.amounts import asks_date
from rag.evidence.cell_units import COUNT_HEADER
from rag.evidence.evidence import Evidence
from rag.questions.kinds import COUNTS, TIMES, QuestionKind
from rag.questions.metrics import (
    PER_SHARE,
    PROFIT,
    REVENUE,
    SHARES,
    metric_terms,
    metrics_asked,
    names_metric,
)
from rag.questions.question import Question

_MEASURED = frozenset({QuestionKind.NUMBER, QuestionKind.OTHER})
_OF_SEVERAL = frozenset({QuestionKind.LIST, QuestionKind.SUMMARY, QuestionKind.CROSS_REPORT})


def lacks_metric(question: Question, evidence: Evidence, missing: frozenset[str]) -> bool:
    """Say whether a metric is asked for and the evidence, with what names it, has none of its words.

    A cell is named by its own labels: what else stands in the row is of other metrics.
    """
    # Why a company cut its dividend is not said by what it says of its sales.
    is_measured = question.kind in _MEASURED or (
        question.kind is QuestionKind.CAUSE and evidence.is_own_report
    )
    if not evidence.is_cell and not is_measured:
        return False
    if _is_total(question, evidence):
        return True
    if evidence.is_own_report and evidence.is_cell and not (metric_terms(question.text) & missing):
        return False  # the label has its words, in whatever language
    if question.unit_kinds == TIMES:
        return False  # hours are asked for, of whatever
    if COUNT_HEADER.match(evidence.column.strip()):
        return False  # the header says that something is counted, not what
    if QuestionKind.DATE in question.kinds[1:] and asks_date(question, evidence):
        return False  # it answers the other thing asked for
    # The heads of a question of several things are those of one of them.
    heads = frozenset() if question.kinds[1:] else question.heads
    asked = metrics_asked(simplify(question.text), heads)
    if question.unit_kinds == COUNTS:
        asked -= SHARES  # "how many shares" asks for no share of anything
    if not asked or question.kind in _OF_SEVERAL:
        return False
    own = (evidence.text, evidence.quote, evidence.label, evidence.caption, evidence.unit)
    if not evidence.is_cell and _of_other_earnings(asked, f"{evidence.text} {evidence.quote}"):
        return True
    return not names_metric(" ".join(own) if evidence.is_cell else evidence.nearby, asked)


def _is_total(question: Question, evidence: Evidence) -> bool:
    """Say whether something is asked by the share and a cell is none: by its labels, its group or its caption."""
    if not (evidence.is_own_report and evidence.is_cell and PER_SHARE.search(question.text)):
        return False
    named = f"{evidence.label} {evidence.around[1][0]} {evidence.caption} {evidence.text}"
    return PER_SHARE.search(named) is None


def _of_other_earnings(asked: frozenset[int], said: str) -> bool:
    """Say whether revenue is asked for and only profit is said, or the reverse."""
    return any(
        one <= asked
        and not other & asked
        and names_metric(said, other)
        and not names_metric(said, one)
        for one, other in ((REVENUE, PROFIT), (PROFIT, REVENUE))
    )
