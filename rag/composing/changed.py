"""Whether a line of a statement rose or fell between two periods: "Did inventories drop between FY22 and FY23?".

Both figures stand in one row of a company's own table. They are compared, and both are quoted; nothing is
calculated that the report does not print.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from corpus.quantities import Quantity
from rag.composing.claim_words import ASKS_WHETHER
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import wording
from rag.evidence.abstain import item_first
from rag.evidence.evidence import Evidence
from rag.evidence.finding import Finder
from rag.evidence.line_items import line_items_in, plain_label
from rag.evidence.periods import period_of_column_fits
from rag.evidence.scoring import ScoredEvidence
from rag.messages import NO, YES
from rag.questions.issuers import common
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question, parse_question

_UP = re.compile(
    r"增加|增长|上升|提高|上涨|走高|改善|扩大|变多|变大|升高|多了|涨|"
    r"\b(?:increas\w*|gr[eo]w\w*|r[io]se[ns]?|rising|higher|improv\w*|gain\w*|expand\w*|climb\w*|up)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"减少|下降|下滑|降低|回落|走低|收缩|恶化|变少|变小|少了|降了|跌|缩水|"
    r"\b(?:decreas\w*|declin\w*|drop\w*|fall\w*|fell|lower|reduc\w*|shr[aiu]nk\w*|worsen\w*|down)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"变化|变动|相比|对比|[和与跟同较][^，。？]{1,12}比|(?<=年)对(?=(?:19|20)\d\d)|对多少|"
    r"\b(?:against|change[ds]?|changing|move[ds]?|evolve[ds]?|compare[ds]?|versus|vs)\b",
    re.IGNORECASE,
)
# What is left out to find the line itself: words of the change, and of what it is compared with.
_ABOUT_CHANGE = re.compile(
    r"^\s*(?:did|does|do|has|have|was|were|is|are|how)\b|['’]s\b|"
    r"\b(?:any|there|its|their|compare[ds]?|with|than|relative|versus|vs\.?|year[- ]over[- ]year|yoy|y/y|"
    r"the prior year|last year|a year (?:ago|earlier)|went|go|(?:the )?same (?:period|quarter) (?:of )?(?:the )?"
    r"(?:prior|previous|last) year)\b|"
    r"有没有|是不是|是否|出现|发生|有所|相比(?:之下)?|同比|比|较|去年|上年|上一年(?:度)?|[了吗呢]|怎么样|如何|情况|还是",
    re.IGNORECASE,
)
# By how much: the report may print the change itself.
_ASKS_RATE = re.compile(
    r"(?:增加|增长|减少|下降|下滑|上升|提高|降低|变动|变化|回落|涨|跌|降|升|多|少)了?(?:多少|几|百分)|幅度|增速|增长率|增幅|降幅|变动比例|"
    r"\bhow (?:much|fast|many)\b|\bpercent\w*|\bgrowth\b|\brate of\b",
    re.IGNORECASE,
)
_LOSS = re.compile(r"亏损|净损|\bloss(?:es)?\b", re.IGNORECASE)
# What is paid out is often printed below zero, and is more the further below it is.
_OUTFLOW = re.compile(
    r"\b(?:purchases?|payments?|paid|repurchases?|dividends?|additions?|spending|expenditures?|expenses?|costs?)\b|"
    r"支付|购建|回购|费用|成本|支出|股利",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?P<open>[(（])?\s*(?P<sign>[-−–])?\s*[$¥￥€£]?\s*(?P<number>\d[\d,]*(?:\.\d+)?)"
)
# That it is compared with the period before, where the question does not name two.
_BEFORE = re.compile(
    r"上年|去年|上期|同比|同期|"
    r"\b(?:year[- ]over[- ]year|yoy|y/y|prior|previous|last (?:year|quarter)|year (?:ago|earlier))\b",
    re.IGNORECASE,
)
_TWO = 2  # periods
_KINDS = frozenset(
    {QuestionKind.YES_NO, QuestionKind.COMPARISON, QuestionKind.OTHER, QuestionKind.NUMBER}
)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The figures of one row for two periods."""

    later: ScoredEvidence
    earlier: ScoredEvidence


def answer_changed(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return both figures of a line, and whether it moved as asked; None where it is not so asked or not there."""
    if question.kind not in _KINDS or question.recalled:
        return None
    asked = [bool(p.search(question.text)) for p in (_UP, _DOWN, _CHANGED)]
    lines = line_items_in(question.text)
    is_compared = len(_single(question.periods)) > 1 or bool(_BEFORE.search(question.text))
    if not any(asked) or len(lines) > 1 or not (lines or is_compared):
        return None
    if _ASKS_RATE.search(question.text) or not finder.filings(question, documents):
        return None
    text = question.text
    for pattern in (_UP, _DOWN, _CHANGED, _ABOUT_CHANGE):
        text = pattern.sub(" ", text)
    line = parse_question(text, language=question.language, issuers=finder.issuers)
    line = replace(
        line, kind=QuestionKind.NUMBER, kinds=(QuestionKind.NUMBER,), unit_kinds=frozenset()
    )
    where = common(line.documents, documents)
    ranked = finder.score(line, finder.search(line, where))
    two = next(_pairs(question, [i for i in ranked if i.features["is_item"]]), None)
    if two is None:
        return None
    said = tuple(Statement(wording(i.evidence), i.evidence) for i in (two.later, two.earlier))
    return Composed(Draft(said, opening=_ruling(question, two)), (two.later, two.earlier))


def _ruling(question: Question, two: _Pair) -> str:
    """Return the yes or no that the figures give, "" where none is asked for or they do not settle it."""
    later, earlier = _value(two.later.evidence), _value(two.earlier.evidence)
    is_up, is_down = (bool(p.search(question.text)) for p in (_UP, _DOWN))
    if later is None or earlier is None or not ASKS_WHETHER.search(question.text):
        return ""
    # "Did it rise or fall?" wants neither; whether a loss grew the sign of an income does not say.
    if (is_up and is_down) or _LOSS.search(question.text):
        return ""
    if later < 0 and earlier < 0 and _OUTFLOW.search(plain_label(two.later.evidence.row)):
        later, earlier = -later, -earlier
    is_so = later > earlier if is_up else later < earlier if is_down else later != earlier
    return (YES if is_so else NO)[question.language]


def _pairs(question: Question, items: Sequence[ScoredEvidence]) -> Iterator[_Pair]:
    """Yield the figures of two periods that a question compares, those of the best row first."""
    best = sorted(items, key=item_first)
    rows = dict.fromkeys((i.evidence.doc_id, i.evidence.block, i.evidence.row) for i in best)
    for doc_id, block, row in rows:
        cells = [
            i
            for i in best
            if (i.evidence.doc_id, i.evidence.block, i.evidence.row) == (doc_id, block, row)
            and _ends(i.evidence)
        ]
        if two := _of_periods(question, cells):
            yield two


def _of_periods(question: Question, cells: Sequence[ScoredEvidence]) -> _Pair | None:
    """Return the cells of the two periods asked about, or of one and the year before it."""
    periods = _single(question.periods)
    chosen: list[ScoredEvidence] = []
    for period in periods:
        fit = [c for c in cells if c not in chosen and _is_of(question, c.evidence, period)]
        # The end of a quarter is of its year too; a year ends with its last.
        chosen += sorted(fit, key=lambda c: not _ends_year(c.evidence))[:1]
    if not periods:
        chosen = sorted(cells, key=lambda c: _ends(c.evidence) or (0, 0))[-1:]
    if len(chosen) == 1 and len(periods) < _TWO:
        chosen += _year_before(chosen[0], cells)
    if len(chosen) != _TWO:
        return None
    earlier, later = sorted(chosen, key=lambda c: _ends(c.evidence) or (0, 0))
    return _Pair(later, earlier) if _ends(later.evidence) != _ends(earlier.evidence) else None


def _ends_year(evidence: Evidence) -> bool:
    dates = evidence.when.dates if evidence.when else ()
    return any(d.year and not (d.month or d.quarter or d.half) for d in dates)


def _single(periods: Sequence[Quantity]) -> list[tuple[Quantity, ...]]:
    """Return periods without where they stand, each once, of "FY20 and FY21" each by itself, the last first.

    A quarter without a year belongs to the year beside it: 2024财年第二季度 is one.
    """
    found: list[Quantity] = []
    for period in reversed(periods):
        plain = replace(period, start=0, end=0)
        if period.date is not None and period.date_end is not None:
            found.append(replace(plain, low=plain.high, date=period.date_end, date_end=None))
            plain = replace(plain, high=plain.low, date_end=None)
        found.append(plain)
    if any(period.date is not None and not period.date.year for period in found):
        return [tuple(dict.fromkeys(found))]
    return [(period,) for period in dict.fromkeys(found)]


def _is_of(question: Question, evidence: Evidence, period: tuple[Quantity, ...]) -> bool:
    when = evidence.when
    return when is not None and bool(
        period_of_column_fits(question.text, period, when, evidence.row)
    )


def _year_before(one: ScoredEvidence, cells: Sequence[ScoredEvidence]) -> list[ScoredEvidence]:
    ends = _ends(one.evidence)
    when = one.evidence.when
    if ends is None or when is None:
        return []
    return [
        cell
        for cell in cells
        if (other := cell.evidence.when) is not None
        and other.months == when.months
        and _is_year_before(_ends(cell.evidence), ends)
    ][:1]


def _is_year_before(one: tuple[int, int] | None, ends: tuple[int, int]) -> bool:
    """Say whether a month is a year before another; years of whole weeks may end a month later."""
    return one is not None and abs(12 * (ends[0] - one[0]) + ends[1] - one[1] - 12) <= 1


def _ends(evidence: Evidence) -> tuple[int, int] | None:
    """Return year and month in which the period of a cell ends; of a year alone, its last."""
    dates = evidence.when.dates if evidence.when else ()
    first = next((date for date in dates if date.year), None)
    return (first.year or 0, first.month or 12) if first else None


def _value(evidence: Evidence) -> Decimal | None:
    """Return the figure of a cell, below zero in brackets; None where it is none."""
    match = _FIGURE.search(evidence.text)
    if match is None:
        return None
    try:
        value = Decimal(match["number"].replace(",", ""))
    except InvalidOperation:
        return None
    return -value if match["open"] or match["sign"] else value
