"""What a question asks: its language, kind, terms, periods and the reports it is limited to.

Both languages go through one path; what differs between them is in the tables of this module.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus.glossary import names_in, names_of
from corpus.language import HAN, question_language
from corpus.quantities import Quantity, QuantityKind, parse_quantities
from corpus.schema import Language
from index.terms import analyze, simplify


class QuestionKind(StrEnum):
    """What form the answer takes."""

    NUMBER = "number"
    DATE = "date"
    ENTITY = "entity"  # who, which company, which product
    LIST = "list"
    DEFINITION = "definition"
    CAUSE = "cause"
    YES_NO = "yes_no"
    COMPARISON = "comparison"
    SUMMARY = "summary"
    CROSS_REPORT = "cross_report"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question. `terms` are in analyzer form, without the words that only ask."""

    text: str  # as asked, completed from the conversation
    language: Language
    kind: QuestionKind
    terms: tuple[str, ...]  # each once, in order
    recalled: frozenset[str]  # those of the terms that only the conversation gives
    names: frozenset[
        str
    ]  # those of the terms that name something: evidence without one is of another
    aliases: Mapping[str, tuple[str, ...]]  # other names of what a term names, in both languages
    periods: tuple[Quantity, ...]  # dates and years asked about
    figures: tuple[Quantity, ...]  # other quantities in the question
    unit_kinds: frozenset[QuantityKind]  # kinds of quantity that can answer a NUMBER question
    bigrams: frozenset[str]  # pairs of neighbouring Chinese characters, without the asking words
    documents: tuple[str, ...] | None  # doc_ids named by issuer, None when none is


# The first pattern that matches decides, so the narrow kinds come first.
_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            QuestionKind.CROSS_REPORT,
            r"(?:各家?|各个|几家|这些|不同|五[家份]|哪些)(?:券商|机构|报告|研报)|券商(?:之间|们)|分别怎么看|"
            r"\b(?:brokers|reports|houses|institutions|notes)\b.*\b(?:differ|disagree|agree|compare|each|say)"
            r"|\b(?:differ|disagree|agree|compare|each of)\b.*\b(?:brokers|reports|houses)\b|"
            r"\b(?:which|what) (?:brokers|reports|houses)\b",
        ),
        (
            QuestionKind.SUMMARY,
            r"总结|概括|概述|摘要|综述|主要观点|核心观点|主要内容|讲了(?:些)?什么|说了(?:些)?什么|"
            r"\b(?:summari[sz]e|summary|overview|key (?:points|takeaways|messages)|main (?:points|"
            r"arguments|message|takeaways)|gist|in a nutshell|sum up)\b",
        ),
        (
            QuestionKind.COMPARISON,
            r"比较|对比|相比|区别|差异|不同|哪个(?:更|最)|谁(?:更|最)|高于|低于|差多少|相差|"
            r"\b(?:compare[ds]?|comparison|versus|vs\.?|differ\w*|(?:cheap|large|high|low|fast|great|"
            r"small|short|long|bett)er|cheapest|largest|highest|lowest|most expensive)\b",
        ),
        (
            QuestionKind.CAUSE,
            r"为什么|为何|为啥|原因|怎么会|何以|缘何|凭什么|因为什么|\bwhy\b|\b(?:reasons?|causes?|"
            r"what (?:drives|drove|explains|led|makes|made))\b",
        ),
        (
            QuestionKind.NUMBER,
            r"多少|(?<!哪)几(?!个阶段|种|类|大)(?:个|组|篇|款|帧|块|道|条|步|层|家|张|倍|年|月|小时|万|亿|分|秒|次|人|美元|元|项|成)|多大|多高|多快|"
            r"多长|多久|多贵|占比|比例|规模|价格|售价|定价|收费|增速|增长率|多重|几何|市值|参数量|"
            r"\bhow (?:much|many|large|big|long|fast|high|often|expensive)\b|\bwhat (?:share|"
            r"percentage|proportion|size|price|rate|growth|number|is the (?:price|cost|fee|size|market "
            r"size|market cap\w*|number|rate|cagr|resolution))\b|\bcost\b|\bprice\b|"
            r"\b(?:what(?:'s| is| was| are| were)|number of)\b.*\b(?:share|revenue|income|profit|fee|size|"
            r"rate|growth|number|value|market cap\w*|resolution|length|duration|margin|parameters|"
            r"credits)\b|\b(?:market (?:value|cap\w*)|revenue|net profit|growth|parameter count)\b.*\?|"
            r"\b(?:expected|forecast|projected) to (?:reach|hit|total|exceed|be worth)\b|\bworth\b",
        ),
        (
            QuestionKind.DATE,
            r"什么时候|何时|哪(?:一)?(?:年|月|天|日)|几月|什么时间|哪个(?:年份|月份)|发布(?:时间|日期)|"
            r"\bwhen\b|\b(?:what|which) (?:year|month|date|day)\b",
        ),
        (
            QuestionKind.LIST,
            r"哪些|哪几|列出|列举|有什么|几(?:种|类|大|个阶段)|分别|包括什么|都有谁|"
            r"\b(?:list|name|which (?:\w+ )?(?:companies|stocks|products|models|firms|risks|names)|"
            r"what are|what (?:\w+ )?(?:risks|factors|stages|types|kinds|companies|stocks|names|steps|problems|"
            r"challenges|limitations|advantages|applications|products|models))\b",
        ),
        (
            QuestionKind.DEFINITION,
            r"是(?:什么|啥)(?:意思|模型|公司)?[?？]?$|(?:怎么|如何)(?:解释|界定|定义|理解)|什么是|什么叫|何谓|何为|含义|定义|指的?是|什么意思|全称|代表什么|"
            r"\bwhat (?:is|are) (?:an? |the )?[\w\s.·-]{1,30}\?|\bdefin|\bmean(?:s|ing)?\b|\bstand for\b",
        ),
        (
            QuestionKind.YES_NO,
            r"吗[?？]?$|是否|是不是|有没有|能不能|会不会|可不可以|对不对|"
            r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b",
        ),
        (
            QuestionKind.ENTITY,
            r"谁|哪(?:家|个|位|款|支|只|所|部|项|种|国)|什么(?:公司|机构|模型|产品|平台|数据集|技术|行业|评级)|"
            r"\b(?:who|whom|whose|which|what (?:company|firm|model|product|platform|dataset|rating))\b",
        ),
    )
)

# What kind of quantity a number question wants, by its own words.
_UNITS: tuple[tuple[frozenset[QuantityKind], re.Pattern[str]], ...] = tuple(
    (frozenset(kinds), re.compile(pattern, re.IGNORECASE))
    for kinds, pattern in (
        (
            {QuantityKind.MONEY},
            r"多少(?:钱|元|美元|美金|人民币)|几(?:块|元|美元)|价格|售价|定价|收费|费用|成本|市值|营收|收入|"
            r"利润|市场规模|产业规模|市场有多大|融资|\b(?:price|cost|fee|revenue|income|profit|market cap\w*|"
            r"market size|how expensive|charge[ds]?|pay|dollars|funding|raise)\b",
        ),
        (
            {QuantityKind.PERCENT, QuantityKind.POINTS, QuantityKind.MULTIPLE},
            r"占比|比例|增速|增长率|复合|同比|环比|百分|几成|\b(?:share|percent\w*|proportion|growth|cagr|rate)\b",
        ),
        (
            {QuantityKind.CODE},
            r"代码|证书|编号|牌照|电话|\b(?:ticker|stock code|licen[cs]e|certificate|phone)\b",
        ),
        ({QuantityKind.MULTIPLE, QuantityKind.PERCENT}, r"多少倍|几倍|\bhow many times\b"),
        (
            {QuantityKind.MEASURE, QuantityKind.NUMBER, QuantityKind.COUNT},
            r"分辨率|采样率|帧|存储|内存|带宽|\b(?:resolution|sampl\w+ rate|frames?|storage|bandwidth|fps)\b",
        ),
        (
            {QuantityKind.DURATION},
            r"多久|多长|多长时间|几(?:个)?(?:小时|分钟|秒|天|个月|年)(?![月底])|多少(?:小时|分钟|秒|天)|时长|"
            r"\bhow (?:long|many (?:hours|minutes|seconds|days|months|years))\b",
        ),
    )
)

# Words that ask or address the assistant and say nothing of the subject, in analyzer form.
_ASKING_WORDS_BY_LANGUAGE = """
    请问 请 告诉 一下 哪家 哪位 哪款 哪种 哪年 多大 多高 多久 多长 有没有 是否
    是不是 能否 具体 分别 情况 报告 研报 提到 认为 根据 按照 说 里 中 列出
    列举 介绍 解释 总结 概括 比较 对比 原因 多少钱 是多少 时候 主要 目前 大概
    大约 怎么看 如何看 指 叫 意思 含义 定义 个 家 种 份 款 有 没有 会 能
    可以 应该 上 下 给 券商 预计 这份 这篇 那份 那篇 列 列了 写 写了 讲 提
    tell give list name show explain describe summarize summary compare report reports note
    notes say says said mention mentions according much many long large big does mean means
    definition please kind kinds type main per use used using expect expected
"""
_ASKING = frozenset(term for word in _ASKING_WORDS_BY_LANGUAGE.split() for term in analyze(word))
_ASKING_WORDS = re.compile(
    r"什么|多少|意思|含义|定义|全称|解释|哪[些几个家位款种年]?|怎么样?|如何|为什么|为何|是否|有没有|请问?|几|吗|呢|是|的|了|有|在"
)
_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")

_ELLIPSIS = re.compile(
    r"^(?:那么?|那|它|其|他们?|这个?|该|再|还有|以及|然后|呢)|呢[?？]?$|^(?:and|what about|how about|"
    r"then|also|but)\b|\b(?:it|its|they|their|that|those|this one|the same|he|she)\b|^(?:它|其|该)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"什么|多少|谁|哪|几|吗|如何|怎|为何|是否|\b(?:what|which|who|whose|when|where|why|how|is|are|was|were|"
    r"do|does|did|has|have|can)\b",
    re.IGNORECASE,
)
# A question this short names at most one thing, so the rest is in the conversation.
_SHORT_TERMS = 3


def parse_question(
    text: str,
    *,
    history: Sequence[str] = (),
    language: Language | None = None,
    issuers: Mapping[str, Sequence[str]] | None = None,
) -> Question:
    """Analyse a question.

    Args:
        text: As the user asked it.
        history: The user's earlier questions, oldest first; completes ellipsis and pronouns.
        language: Overrules the language of the question.
        issuers: Names by which a question may limit itself to documents → their doc_ids.
    """
    asked_before = history[-1] if history and leaves_out(text) else ""
    completed = f"{text}（{asked_before}）" if asked_before else text
    # The patterns below know simplified characters and plain digits only.
    own, previous = simplify(text), simplify(asked_before)
    whole = simplify(completed)
    documents, rest = _limit(whole, issuers or {})
    own_rest = _limit(own, issuers or {})[1]
    periods, figures = _asked_quantities(own)
    if previous and not periods:
        periods, _ = _asked_quantities(previous)
    kind = _kind(own)
    if previous and kind is QuestionKind.OTHER:
        kind = _kind(previous)
    terms = _content_terms(rest)
    return Question(
        text=completed,
        language=language or question_language(own),
        kind=kind,
        terms=terms,
        recalled=frozenset(terms) - frozenset(_content_terms(own_rest)),
        names=_name_terms(own_rest) or _name_terms(rest),
        aliases=_aliases(rest),
        periods=periods,
        figures=figures,
        unit_kinds=_unit_kinds(whole) if kind is QuestionKind.NUMBER else frozenset(),
        bigrams=han_bigrams(_ASKING_WORDS.sub(" ", own_rest)),
        documents=documents,
    )


def _asked_quantities(text: str) -> tuple[tuple[Quantity, ...], tuple[Quantity, ...]]:
    """Return the periods and the figures of a question.

    A figure in words is mostly no figure (一年, 一次, two kinds of).
    """
    quantities = parse_quantities(text)
    periods = tuple(q for q in quantities if q.kind is QuantityKind.DATE)
    figures = tuple(
        q
        for q in quantities
        if q.kind is not QuantityKind.DATE and any(c.isdigit() for c in text[q.start : q.end])
    )
    return periods, figures


def leaves_out(text: str) -> bool:
    """Say whether a question leaves out what it is about: by a pronoun, or as a mere fragment.

    >>> leaves_out("那2020年呢？"), leaves_out("And the Pro plan?"), leaves_out("法国的GDP是多少？")
    (True, True, False)
    """
    text = simplify(text)
    if _ELLIPSIS.search(text):
        return True
    is_short = len([term for term in analyze(text) if term not in _ASKING]) < _SHORT_TERMS
    return is_short and not _ASKS.search(text)


@lru_cache(maxsize=1 << 14)
def han_bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese characters of a text.

    >>> sorted(han_bigrams("领先大市 AI"))
    ['先大', '大市', '领先']
    """
    return frozenset(
        run[start : start + 2] for run in _HAN_RUN.findall(text) for start in range(len(run) - 1)
    )


def _content_terms(text: str) -> tuple[str, ...]:
    """Return the terms that say what is asked about, each once, in order.

    A joined form ("on-device" → "ondevic") says nothing that its parts do not.
    """
    kept: list[str] = []
    for term in analyze(text):
        size = next((n for n in (2, 3, 4) if "".join(kept[-n:]) == term and len(kept) >= n), 0)
        if not size:
            kept.append(term)
        elif all(len(part) == 1 for part in kept[-size:]):
            # "A9", "W.A.L.T": the parts say nothing without each other.
            kept[-size:] = [term]
    return tuple(term for term in dict.fromkeys(kept) if term not in _ASKING)


# A capitalised word inside a sentence, or a Latin word among Chinese ones; "AI-enabled" is no name.
_CAPITALISED = re.compile(
    r"(?<=[a-z0-9,;:'’)\"] )[\"“(]?[A-Z][A-Za-z0-9&.·]*(?:-[A-Z0-9]\w*)*"
    r"|\b[a-z]*[A-Z][a-z]*[A-Z][A-Za-z0-9]*"
)
_LATIN_AMONG_HAN = re.compile(r"[A-Za-z][A-Za-z0-9&.·+-]*")
# Capitalised by habit, or measures and currencies: no company, product or person.
_NO_NAMES = frozenset(analyze("AI I Q1 Q2 Q3 Q4 H1 H2 FY RMB USD HKD CEO US China Chinese English"))
_MONTHS = frozenset(
    analyze("January February March April May June July August September October November December")
)


def _name_terms(text: str) -> frozenset[str]:
    """Return the terms of words that are names by their form.

    Chinese names cannot be told from other words by their form; the glossary knows some.
    """
    pattern = _LATIN_AMONG_HAN if question_language(text) is Language.ZH else _CAPITALISED
    words = " ".join(
        match[0].removesuffix("'s").removesuffix("’s") for match in pattern.finditer(text)
    )
    found = {term for term in _content_terms(words) if len(term) > 1 and not term.isdigit()}
    found |= {term for name in _aliases(text) for term in (name,)}
    return frozenset(found - _NO_NAMES - _MONTHS)


def _aliases(text: str) -> dict[str, tuple[str, ...]]:
    """Return, for each term of a name that the glossary knows, the other forms of that name."""
    found: dict[str, tuple[str, ...]] = {}
    for name in names_in(text):
        others = tuple(other.casefold() for other in names_of(name))
        for term in analyze(name):
            found[term] = found.get(term, ()) + others
    return found


def _kind(text: str) -> QuestionKind:
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), QuestionKind.OTHER)


def _unit_kinds(text: str) -> frozenset[QuantityKind]:
    found = [kinds for kinds, pattern in _UNITS if pattern.search(text)]
    return frozenset().union(*found) if found else frozenset()


def _limit(text: str, issuers: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...] | None, str]:
    """Return the documents of the issuers that a question names, and the question without them."""
    documents: set[str] = set()
    rest = text
    for name in sorted(issuers, key=len, reverse=True):
        pattern = re.compile(
            rf"(?<![A-Za-z0-9]){re.escape(name)}(?:'s)?(?![A-Za-z0-9])"
            if name.isascii()
            else re.escape(name),
            re.IGNORECASE,
        )
        if pattern.search(rest):
            documents |= set(issuers[name])
            rest = pattern.sub(" ", rest)
    return (tuple(sorted(documents)) if documents else None), rest
