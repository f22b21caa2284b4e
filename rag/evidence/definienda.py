"""What a question wants defined: 超级人工智能, "unit case". What a report says of a part of a term is of another.

The words of a Chinese term say little one by one: 通用人工智能 has all but one of them.
"""

import re
from collections.abc import Sequence

from corpus.language import HAN
from index.terms import cut_words, simplify
from rag.evidence.evidence import Evidence
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

# 超级人工智能是什么意思, 怎么界定弱人工智能, 什么叫公转
_TERM = re.compile(
    rf"(?:什么(?:是|叫)|何谓|何为|(?:界定|定义|解释|理解)一?下?)[“\"「]?(?P<behind>[{HAN}]{{4,12}}?)(?=[”\"」？?，。的]|$)|"
    rf"(?P<before>[{HAN}]{{4,20}}?)[”\"」]?(?:到底|究竟)?"
    r"(?:是指|指的是|指的?(?:什么|啥)|是(?:什么|啥)(?:意思|概念)?|的(?:定义|含义|意思)|(?:怎么|如何)(?:定义|界定|理解|解释)|是?(?:怎么|咋)回事|"
    r"的?口径|由(?:哪|什么).{0,6}(?:构成|组成)|(?:都|具体|各自)?(?:包括|包含|涵盖)(?:哪|什么|啥))"
)
_WORDS = "里 中 上 里面 说 的 讲 谈 提到 所谓 报告 文中 这 那 这个 那个 个 对 把"
_OTHERWISE = frozenset(
    {
        QuestionKind.DATE,
        QuestionKind.CAUSE,
        QuestionKind.SUMMARY,
        QuestionKind.CROSS_REPORT,
        QuestionKind.COMPARISON,
        QuestionKind.YES_NO,
    }
)
_BEFORE = frozenset(_WORDS.split())
_LEAST = 4  # characters
# What is quoted, with what stands in brackets behind it: “标准箱”（unit case）.
_QUOTED = re.compile(
    r"(?:[“\"「『‘]|(?<!\w)')(?P<quoted>[^“”\"「」『』‘’']{2,60})(?:[”\"」』’]|'(?!\w))"
    r"(?:\s*[（(](?P<other>[^（）()]{2,60})[)）])?"
)
# GMV（商品交易总额）是如何定义的
_NAMED_TWICE = re.compile(
    rf"(?P<name>[{HAN}]{{2,12}}|[A-Za-z][A-Za-z ]{{1,40}}?)[（(](?P<other>[^（）()]{{2,60}})[)）]"
    r"(?=的?(?:口径|定义|含义|意思|构成|计算)|是?(?:如何|怎么|怎样|指|什么))"
)
# What asks for a meaning: 预算 and 指标 do not, nor does "is" beside a quoted name.
_ASKS_MEANING = re.compile(
    r"是指|指的|指(?:什么|啥|哪)|定义|界定|口径|才算|算(?:作|是|进)|(?:怎么|如何|怎样)(?:计)?算|含义|意思|解释|理解|"
    r"(?:构|组)成|(?:包[括含]|涵盖)(?:哪|什么|啥)|(?:是|叫)(?:什么|啥)|什么(?:是|叫)|"
    r"\b(?:mean(?:s|t|ing)?|defin\w+|counts? (?:as|towards?)|counted|calculat\w+|comput\w+|explain\w*|refers? to|"
    r"includ\w+ (?:in|under)|consists? of|compris\w+|stands? for)\b|\bwhat (?:is|are) (?:an? |the )?[“\"]",
    re.IGNORECASE,
)
_LED = r"(?:the (?:term|phrase|metric|measure|line item) )?(?:an? |the |its |their |our )?"
_X = _LED + r"(?P<{0}>[A-Za-z][\w&/’' -]{{2,60}}?)"
_ENDS = r"(?= (?:in|under|for|by|per|according|as|on|within|at|when|line|figure|metric|measure)\b|\s*[,;:?.(]|$)"
_ENGLISH = re.compile(
    rf"\bhow (?:is|are|was|were) {_X.format('a')} (?:defined|calculated|computed|measured|determined|counted)\b|"
    r"\bhow (?:does|do|did) .{1,60}? (?:define|calculate|compute|measure|count|explain(?= the (?:term|phrase))) "
    rf"{_X.format('b')}{_ENDS}|"
    rf"\bwhat (?:does|do|did) .{{1,60}}? mean (?:by|with) {_X.format('c')}{_ENDS}|"
    rf"\b(?:count\w*|regard\w*|treat\w*|classif\w+|qualif\w+) (?:as|towards?) {_X.format('d')}{_ENDS}|"
    rf"\bwhat (?:is|are) (?:included|counted) (?:in|under) {_X.format('e')}{_ENDS}|"
    rf"\b(?:definition|meaning) of {_X.format('f')}{_ENDS}|"
    rf"\bwhat (?:does|do|did) {_X.format('g')} (?:mean|include|consist|comprise|cover|refer|stand|represent)\b",
    re.IGNORECASE,
)
# "What is working capital?" wants a meaning, "What is Northwind's revenue?" a figure.
_WHAT_IS = re.compile(
    rf"\bwhat (?:is|are) (?:meant by )?{_X.format('what')}\s*(?:[?,]|$)", re.IGNORECASE
)
_DEFINES = r"[”\"」]?(?:[（(][^（）()]*[)）])?[^，。；]{0,6}?(?:是|指|即|被定义|定义为|又称|也被?称|也叫|[：:]|——)"


def defined_elsewhere(question: Question, evidence: Sequence[Evidence]) -> set[tuple[str, int]]:
    """Return where evidence stands that lacks the term to be defined, while other evidence defines it."""
    if QuestionKind.DEFINITION not in question.kinds:
        return set()
    term = term_to_define(question.text)
    if not term:
        return set()
    pattern = re.compile(re.escape(term) + _DEFINES)
    if not any(pattern.search(simplify(item.quote)) for item in evidence):
        return set()
    return {(e.doc_id, e.start) for e in evidence if term not in simplify(f"{e.quote} {e.label}")}


def wanted_terms(question: Question) -> tuple[str, ...]:
    """Return the terms that a question wants defined, in either language, none where it asks otherwise.

    >>> from rag.questions.question import parse_question
    >>> wanted_terms(parse_question('What does Coca-Cola mean by a "unit case"?'))
    ('unit case',)
    >>> wanted_terms(parse_question("How is comparable sales defined in the annual report?"))
    ('comparable sales',)
    """
    if question.kind in _OTHERWISE:
        return ()
    text = simplify(question.text)
    quoted = [term for m in _QUOTED.finditer(text) for term in (m["quoted"], m["other"]) if term]
    if quoted:
        return tuple(map(str.strip, quoted)) if _ASKS_MEANING.search(text) else ()
    if twice := _NAMED_TWICE.search(text):
        return _last_words(twice["name"]), twice["other"].strip()
    match = _ENGLISH.search(text)
    if match is None and question.kind is QuestionKind.DEFINITION:
        match = _WHAT_IS.search(text)
    if match is not None:
        return (next(term for term in match.groups() if term).strip(),)
    term = term_to_define(text)
    return (term,) if term else ()


def term_to_define(text: str) -> str:
    """Return the Chinese term of four characters or more that a question wants defined, "" for others.

    >>> term_to_define("报告里超级人工智能指的是什么水平的智能？"), term_to_define("浙商怎么界定弱人工智能？")
    ('超级人工智能', '弱人工智能')
    """
    match = _TERM.search(simplify(text))
    if match is None:
        return ""
    term = _last_words(match["behind"] or match["before"])
    return term if len(term) >= _LEAST else ""


def _last_words(text: str) -> str:
    """Return what stands behind the last word that only leads to a term."""
    if text.isascii():
        return text.strip()
    words = cut_words(text)
    last = max((n for n, word in enumerate(words) if word in _BEFORE), default=-1)
    return "".join(words[last + 1 :])
