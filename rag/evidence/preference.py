"""What of several figures a question means, where its words stand beside all of them.

The tables of a filing give one item for the group and for its parent company, for this period and the
last, as an amount, a share and a change. What the question does not ask for comes after what it does.
The steps are rules, not learned: no report of the development cases has such tables.
"""

import re
from functools import lru_cache

from corpus.quantities import QuantityKind
from index.terms import analyze
from rag.evidence.cell_units import COUNT_HEADER, PER_SHARE_UNIT
from rag.evidence.evidence import Evidence, text_quantities, text_terms
from rag.evidence.items import Item
from rag.evidence.line_items import is_line_item, plain_label
from rag.evidence.periods import When
from rag.questions.kinds import QuestionKind
from rag.questions.metrics import PER_SHARE
from rag.questions.period_words import Standing, says_span
from rag.questions.question import Question

# Steps in units of the score, in which rivals of one table lie 0.1 to 1 apart.
_OTHER_ENTITY = 2.0
_OTHER_MEASURE = 1.0
_PART = 1.0
_OTHER_PERIOD = 0.5
_OTHER_SPAN = 1.0
_ADJUSTED = 0.5
_COUNTED = 1.0
_EXACT = 1.5
_VERBATIM = 0.7
_LIKE_STATEMENT = 0.4
_IN_STATEMENT = 1.0  # where the figures of the whole company stand

_STATEMENTS = (
    r"(?:财务报表|财务状况表|资产负债表|利润表|损益表|现金流量表|综合收益表|"
    r"(?:所有者|股东)权益(?:变动)?表)"
)
_OF_PARENT = re.compile(
    rf"(?:母公司|本公司|^[\d一二三四五六七八九十、.（）() ]*公司){_STATEMENTS}|"
    r"\b(?:parent[- ]company|company|standalone|separate|unconsolidated)(?:[- ](?:only|level))? "
    r"(?:financial statements?|statements? of|balance sheets?|income statements?)",
    re.IGNORECASE,
)
_OF_GROUP = re.compile(
    rf"合并(?:及母?公司)?{_STATEMENTS}|\bconsolidated\b|\bgroup (?:statement|balance)", re.I
)
# 归属于母公司股东的净利润 is an item of the group.
_SHARE_OF_PARENT = re.compile(
    r"归属?于?(?:上市公司|母公司|本公司)?(?:的)?(?:普通股)?(?:股东|所有者)|归母|归属于?母公司|"
    r"attributable to [^?.,]*(?:parent|company)|parent company (?:share|stock)holders?",
    re.IGNORECASE,
)
_ASKS_PARENT = re.compile(
    r"母公司|单体报表|\bparent(?:[- ]company|['’]s)?\b|\bstand-?alone\b|\bcompany[- ]only\b|\bunconsolidated\b",
    re.IGNORECASE,
)
_RATIOS = frozenset({QuantityKind.PERCENT, QuantityKind.POINTS, QuantityKind.MULTIPLE})
_ASKS_RATIO = re.compile(
    r"[%％率]|比例|占比|比重|份额|百分|几成|多少倍|同比|环比|增[长速减幅]|变动|变化|涨|跌|降|升|提高|"
    r"\b(?:percent\w*|share|proportion|rates?|ratio|margins?|growth|grew|grow|chang\w+|increas\w+|decreas\w+|"
    r"declin\w+|rose|rise|fell|fall|yield|times|mix|how fast|return)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"增减|变动|增长|增幅|\b(?:change|growth|increase|decrease|variance)\b", re.IGNORECASE
)
# Groups of a cash flow statement: what stands below is how an item changed, or what is added back.
_ADJUSTS = re.compile(
    r"调节|变动[:：]|\b(?:changes in|adjustments? (?:to|for)|reconcil\w+)\b", re.IGNORECASE
)
_ASKS_CHANGE = re.compile(
    r"增[长速减加幅]|减少|变动|变化|涨|跌|降|升|提高|多少倍|同比|环比|"
    r"\b(?:growth|grew|grow|chang\w+|increas\w+|decreas\w+|declin\w+|rose|rise|fell|fall|gain\w*|up|down)\b",
    re.IGNORECASE,
)
_ADJUSTED_BASIS = re.compile(
    r"剔除|扣除|不含|不包括|调整后|经调整|非公认|固定汇率|(?<![a-z])core\b|"
    r"\b(?:excluding|adjusted|non-?GAAP|constant[- ]currenc\w+|organic|exclud\w+|without)\b",
    re.IGNORECASE,
)
STATEMENT = re.compile(
    r"资产负债表|财务状况表|利润表|损益表|现金流量表|\bbalance sheets?\b|"
    r"\bstatements? of (?:\w+ ){0,2}(?:earnings|income|operations|cash flows?|financial position)\b",
    re.IGNORECASE,
)
"""What the statements of a company are headed by."""
_OF_WHICH = re.compile(r"^\s*其中|^\s*of (?:which|these|this)\b|^\s*including\b", re.IGNORECASE)
_SEGMENT = re.compile(r"分部|\bsegments?\b|\bdivisions?\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"多少|几|\bhow many\b|\bnumber of\b", re.IGNORECASE)
_NUMBER = frozenset(analyze("no num number count qty quantity 数 数量 人数 总数"))
_FIGURE = re.compile(r"^\W*(?:增加|减少)?(?:[A-Z]{1,3})?[\s$¥￥€£]*\W*\d[^A-Za-z]{0,20}$")
_IN_WORDS = frozenset({QuestionKind.ENTITY, QuestionKind.DEFINITION, QuestionKind.OTHER})
_SEVERAL = frozenset(
    {QuestionKind.COMPARISON, QuestionKind.CROSS_REPORT, QuestionKind.LIST, QuestionKind.SUMMARY}
)


def unasked(question: Question, evidence: Evidence, item: Item) -> float:
    """Return how far evidence is of something that the question does not ask for.

    In units of the score: 0.0 for not at all, below for what is called exactly what is asked for.
    """
    if question.kind in _SEVERAL:
        return 0.0
    found = _OTHER_ENTITY * _of_another_entity(question.text, evidence)
    found += _OTHER_MEASURE * _is_adjusted(question, evidence)
    if not evidence.is_cell:
        asks_part = _OF_WHICH.search(question.text) is not None or "其中" in question.text
        is_part = evidence.is_own_report and _OF_WHICH.search(evidence.text) is not None
        return found + _PART * (is_part and not asks_part)
    if not _is_figure(evidence.text):
        return found
    found += _OTHER_MEASURE * _of_another_measure(question, evidence)
    found -= _COUNTED * _counts_asked(question, evidence, item)
    if evidence.when is None:
        return found  # of a report on others: its tables are of their own making
    return (
        found
        - _IN_STATEMENT * (standing_in_statements(evidence) > 1)
        - _LIKE_STATEMENT * evidence.in_statement
        - _VERBATIM * item.is_verbatim(evidence.row)
        + _OTHER_PERIOD * _of_another_period(question, evidence.when)
        + _OTHER_SPAN * (not evidence.when.is_usual and not says_span(question.text))
        + _ADJUSTED * (_ADJUSTS.search(evidence.row) is not None and not _asks_change(question))
        + _OTHER_ENTITY * _of_a_part(question, evidence, item)
        + (-_EXACT if item.is_it(evidence) else item.distance(evidence))
    )


def is_item(question: Question, evidence: Evidence, item: Item) -> bool:
    """Say whether evidence is a cell of a filing that is called exactly what is asked for.

    A figure of the entity asked for, and of a period that is, or an entry in words: 办公地址. The company is the
    reader's to compare.
    """
    if question.kind in _SEVERAL or item.is_of_stranger:
        return False
    if not evidence.is_cell or not item.is_it(evidence):
        return False
    if not _is_figure(evidence.text):
        is_entry = evidence.is_own_report and bool(evidence.row) and not question.unit_kinds
        return is_entry and question.kind in _IN_WORDS and item.is_called(evidence.row)
    # What is of no column is of the report's own period: the number of staff.
    is_dated = evidence.when is not None or (evidence.is_own_report and not evidence.column)
    return (
        is_dated
        and item.fits_column(evidence.column)
        and (_ADJUSTS.search(evidence.row) is None or _asks_change(question))
        and not _of_another_entity(question.text, evidence)
        and not _of_another_measure(question, evidence)
    )


def standing_in_statements(evidence: Evidence) -> int:
    """Return 2 for a cell of a statement by its heading, 1 by its lines, 0 for one of any other table."""
    headings = (*evidence.section[-1:], evidence.caption)
    is_headed = any(STATEMENT.search(line) for line in headings)
    return 2 if is_headed else int(evidence.in_statement)


def names_another_line(question: Question, evidence: Evidence, item: Item) -> bool:
    """Say whether a question asks for one line of a statement and a row is called by the name of another."""
    return (
        question.kind not in _SEVERAL
        and evidence.is_own_report
        and evidence.is_cell
        and item.is_line
        and is_line_item(plain_label(evidence.row))
        and not item.is_it(evidence)
    )


def _of_another_entity(text: str, evidence: Evidence) -> bool:
    """Say whether evidence is of the parent company where the group is asked for, or the reverse."""
    headings = " ".join((*evidence.section, evidence.caption))
    asks_parent = _ASKS_PARENT.search(_SHARE_OF_PARENT.sub(" ", text)) is not None
    if asks_parent:
        return _OF_GROUP.search(headings) is not None and not _of_parent(evidence)
    return _of_parent(evidence)


def _of_parent(evidence: Evidence) -> bool:
    return any(_OF_PARENT.search(line) for line in (*evidence.section, evidence.caption))


@lru_cache(maxsize=1 << 12)
def _is_figure(text: str) -> bool:
    return _FIGURE.match(text) is not None


def _of_another_measure(question: Question, evidence: Evidence) -> bool:
    """Say whether a cell is a share or a change where neither is asked for."""
    labels = f"{evidence.row} {evidence.column}"
    if _CHANGE.search(labels) and not _asks_change(question):
        return True
    is_by_share = PER_SHARE.search(labels) or evidence.unit == PER_SHARE_UNIT
    if is_by_share and not PER_SHARE.search(question.text):
        return True
    if question.unit_kinds & _RATIOS or _ASKS_RATIO.search(question.text):
        return False
    kinds = {quantity.kind for quantity in text_quantities(evidence.measured)}
    return bool(kinds) and kinds <= _RATIOS


def _is_adjusted(question: Question, evidence: Evidence) -> bool:
    """Say whether a company's figure leaves something out or is adjusted, and none such is asked for."""
    if not evidence.is_own_report or QuestionKind.NUMBER not in question.kinds:
        return False
    if _ADJUSTED_BASIS.search(question.text):
        return False
    said = f"{evidence.row} {evidence.column}" if evidence.is_cell else evidence.text
    return _ADJUSTED_BASIS.search(said) is not None


def _asks_change(question: Question) -> bool:
    return _ASKS_CHANGE.search(question.text) is not None


def _counts_asked(question: Question, evidence: Evidence, item: Item) -> bool:
    """Say whether a label is "Number of X" where it is asked how many X there are."""
    if not _HOW_MANY.search(question.text):
        return False
    counted = (
        text_terms(label) - _NUMBER
        for label in (evidence.row, evidence.column)
        if COUNT_HEADER.match(label.strip())
    )
    return any(terms and item.covers(terms) for terms in counted)


def _of_another_period(question: Question, when: When) -> bool:
    """Say whether a cell is of another period than its report where none is asked for."""
    if question.periods or Standing.NOW in when.standings:
        return False
    return not when.standings.isdisjoint({Standing.BEFORE, Standing.EARLIER})


def _of_a_part(question: Question, evidence: Evidence, item: Item) -> bool:
    """Say whether a table is of one segment, and the question does not name it."""
    headings = [*evidence.section[-1:], evidence.caption]
    named = [_SEGMENT.sub(" ", heading) for heading in headings if _SEGMENT.search(heading)]
    if not named or _SEGMENT.search(question.text):
        return False
    return not item.names(frozenset().union(*map(text_terms, named)))
