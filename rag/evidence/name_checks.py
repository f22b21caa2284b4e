"""Whether evidence is of what a question names, or of something else."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from corpus.glossary import names_in
from corpus.language import HAN, count_han
from corpus.schema import Language
from index.terms import analyze, simplify
from rag.evidence.amounts import answering_amounts
from rag.evidence.cell_units import COUNT_HEADER
from rag.evidence.clauses import clause_spans
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.forms import defines, names_something
from rag.evidence.holding import is_named
from rag.evidence.line_items import line_items_in
from rag.evidence.subjects import by_surname
from rag.questions.kinds import COUNTS, QuestionKind
from rag.questions.metrics import metrics_in
from rag.questions.naming import name_terms
from rag.questions.period_words import without_periods
from rag.questions.question import Question

_COMPANY_FIRST = re.compile(
    rf"^(?:请问)?(?P<name>[{HAN}]{{3,8}}?)(?:公司|集团)?(?:在|的)?(?=(?:19|20)\d\d(?:财)?年)"
)
# What stands before a year and is no company.
_NO_COMPANY = re.compile(
    r"公司|集团|企业|行业|市场|报告|年报|中国|国内|全国|全球|海外|境[内外]|美国|截[至止]|根据|按照|按|在|从|到|于|的|去|今|本|该|这|"
    r"我们|他们|哪|什么|多少|分部|业务|地区"
)
# A section that names something this often only is not about it.
_FEW_MENTIONS = 2


# Who makes something, and that it does, need not be said: 微软 NÜWA, Runway's Gen-2.
_MAKERS = frozenset(
    analyze(
        "公司 企业 机构 厂商 团队 品牌 平台 一起 联合 合作 共同 做 推出 开发 出品 研发 制作 "
        "company firm lab institution institutions behind maker make made "
        "develop developed built team"
    )
)

# Words with which a question compares or joins, and by which no answer can be told.
_SAYS_LITTLE = frozenset(
    analyze(
        "按 要 更 截至 披露 还 又 再 期间 附注 分部 两个 谁 higher lower more less before than two figures "
        "ago division segment per footnote"
    )
)

# What the label of a row may answer by itself.
_ASK_WHICH = frozenset(
    {QuestionKind.ENTITY, QuestionKind.LIST, QuestionKind.COMPARISON, QuestionKind.SUMMARY}
)

_ASKS_NAME = re.compile(
    r"代码|简称|全称|名称|名字|叫什么|缩写|[中英外]文名|\b(?:codes?|tickers?|symbols?|names?|called|abbreviat\w*|acronym|"
    r"stands? for)\b",
    re.IGNORECASE,
)
_OF_NAMES = frozenset(
    analyze(
        "公司 股票 证券 代码 简称 全称 名称 名字 中文 英文 外文 缩写 法定 company stock code ticker symbol "
        "name full short legal registered chinese english foreign abbreviation"
    )
)
_NAME_LABELS = re.compile(
    r"(?:公司|股票|证券|法定)?的?(?:中文|英文|外文)?(?:代码|简称|全称|名称)(?:缩写)?|"
    r"\b(?:company|stock|ticker|trading)? ?(?:code|symbol|name)\b",
    re.IGNORECASE,
)

_MANY = 2
# Of a company's report all is of the company and of the period, so that a word in common says little.
_SEVERAL = 3
_MOST_MISSING = 0.65
_MOST_MISSING_ABROAD = 0.72  # in another language more words go unrecognised
_BARE = 8  # characters and words of a cell that tells no reason
_REASON = re.compile(
    r"原因|理由|因素|逻辑|由于|因为|受益|驱动|导致|"
    r"\b(?:reasons?|causes?|why|rationale|drivers?|because|due to|logic)\b",
    re.IGNORECASE,
)
_ASKS_PARTY = re.compile(
    r"[给跟和与向同由被]了?谁|\b(?:to|with|from|by) whom\b|\bwho (?:bought|acquired|purchased)\b|"
    r"\bwho (?:did|does|do|has|have|is|was) [^?]{1,60} (?:to|with|from)\s*\?",
    re.IGNORECASE,
)
# What claims something of its names is not answered by what else goes for them together.
_OF_A_CLAIM = frozenset({QuestionKind.CAUSE, QuestionKind.YES_NO})


def is_of_another(term: str, question: Question, evidence: Evidence) -> bool:
    """Say whether a name stands only elsewhere under the same headings, in passing.

    There the section speaks of several things, and the text, with names of its own, of another.
    """
    if evidence.is_cell or term in question.recalled:
        return False
    if by_surname(term, question.text, evidence.text):
        return False
    section = evidence.section_text.casefold()
    # The stemmer writes Mary mari.
    spelled = (term, re.sub("i$", "y", term), *question.aliases.get(term, ()))
    most = _FEW_MENTIONS if names_something(question, evidence) else 1
    return sum(section.count(name) for name in dict.fromkeys(spelled)) <= most and not is_named(
        term, question, evidence.nearby
    )


def only_names(question: Question, evidence: Evidence, missing: Sequence[str]) -> bool:
    """Say whether evidence has nothing but names in common with a question that says more.

    A price beside all names that are asked for answers "how much", whatever it is called, a definition
    "what is", and a clause with two of the names says how they go together.
    """
    # What a company's report says is all of its period.
    periods = _of_periods(question.text) if evidence.own else frozenset()
    rest = [
        term
        for term in question.terms
        if term not in question.names
        and term not in _MAKERS
        and term not in periods
        and term not in _SAYS_LITTLE
        and not (term.isdigit() or (len(term) == 1 and term.isascii()))
    ]
    lacking = sum(term in missing for term in rest)
    is_counted = QuestionKind.NUMBER in question.kinds and COUNT_HEADER.match(
        evidence.column.strip()
    )
    if is_counted and question.names.isdisjoint(missing):
        return False  # the header says that something is counted, not what
    is_foreign = evidence.language is not question.language
    most = _MOST_MISSING_ABROAD if is_foreign else _MOST_MISSING
    if evidence.own and len(rest) >= _SEVERAL and lacking > most * len(rest):
        return True
    if lacking < len(rest):
        return False
    if evidence.language is not question.language:
        # In another language a word or two may go unrecognised, and a period is no subject.
        return len(set(rest) - _of_periods(question.text)) >= _MANY
    is_of_a_kind = question.unit_kinds and question.unit_kinds != COUNTS
    if is_of_a_kind and answering_amounts(question, evidence):
        return False
    return bool(rest) and not (defines(question, evidence) or _joins_names(question, evidence))


@lru_cache(maxsize=256)
def _of_periods(text: str) -> frozenset[str]:
    """Return the terms of a question that only say of when something is."""
    return frozenset(analyze(text)) - frozenset(analyze(without_periods(text)))


def is_no_reason(question: Question, evidence: Evidence) -> bool:
    """Say whether evidence is a bare value in a table where a reason is asked for: Layoff Permanent."""
    if question.kind is not QuestionKind.CAUSE or not evidence.is_cell:
        return False
    is_bare = count_han(evidence.text) + len(evidence.text.split()) <= _BARE
    return is_bare and not _REASON.search(f"{evidence.label} {evidence.text}")


def lacks_party(question: Question, evidence: Evidence) -> bool:
    """Say whether it is asked with whom, or to whom, and an English text names nobody new."""
    if evidence.language is not Language.EN or not _ASKS_PARTY.search(question.text):
        return False
    # A month is no party.
    return name_terms(evidence.text) <= frozenset(analyze(question.text))


def only_a_name(question: Question, evidence: Evidence, missing: Collection[str]) -> bool:
    """Say whether evidence only gives a company its names, and the question asks for something else.

    "公司代码：603339 公司简称：四方科技" has all names of a question about that company's machinery.
    """
    if not evidence.is_own_report:
        return False
    text = _NAME_LABELS.sub(" ", evidence.text)
    for name in names_in(text):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    if re.search(r"\w", text):
        return False
    rest = [t for t in question.terms if t not in question.names and t not in _OF_NAMES]
    return not _ASKS_NAME.search(question.text) or (bool(rest) and all(t in missing for t in rest))


def only_labels(question: Question, evidence: Evidence) -> bool:
    """Say whether evidence is the label of a row that a question names: CNN, where its limits are asked for.

    The label of another row answers only who or which has something.
    """
    is_label = evidence.is_cell and not evidence.row
    if not is_label or not question.names or QuestionKind.DEFINITION in question.kinds:
        return False
    if any(is_named(name, question, evidence.text) for name in question.names):
        return True
    return question.kind not in _ASK_WHICH


def _joins_names(question: Question, evidence: Evidence) -> bool:
    """Say whether one clause of a sentence has two names of a question that stand apart in it."""
    if evidence.is_cell or len(question.names) < 2 or question.kind in _OF_A_CLAIM:
        return False
    order = {term: place for place, term in enumerate(question.terms)}
    for start, end in clause_spans(evidence.text):
        places = [order[t] for t in text_terms(evidence.text[start:end]) & question.names]
        if places and max(places) - min(places) > 1:
            return True
    return False


def is_of_another_company(question: Question, evidence: Evidence, missing: Collection[str]) -> bool:
    """Say whether something unknown is asked about, and evidence has nothing of its name.

    Chinese names have no form that tells them; before a year and a line of a statement stands a company:
    四方精创2019年净利润. Another one's own report must have the name itself.
    """
    if question.aliases:
        return False
    company = _company_asked(question.text)
    if not company or company in evidence.nearby:
        return False
    if evidence.is_own_report:
        return True
    terms = [term for term in analyze(company) if term in question.terms]
    return bool(terms) and all(term in missing for term in terms)


@lru_cache(maxsize=256)
def _company_asked(text: str) -> str:
    text = simplify(text)
    match = _COMPANY_FIRST.match(text)
    if match is None:
        return ""
    asked = text[match.end() :]
    if not (line_items_in(asked) or metrics_in(asked)):
        return ""
    name = match["name"]
    return "" if _NO_COMPANY.search(name) else name
