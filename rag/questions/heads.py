"""What exactly is asked for: the words next to the interrogative.

"Midjourney有多少名员工" asks for 员工, "What is NÜWA's parameter count?" for the parameter count. A text
may have all other words of the question and a figure, and still answer another one.
"""

import re

from corpus.language import HAN, question_language
from corpus.schema import Language
from index.terms import analyze, cut_words, simplify

_ZH_ASKS = r"(?:多少|多大|多高|多快|多长|多久|几|什么|啥|谁|哪)"
# "多少名员工", "几种模态", "哪家机构", "什么架构": the noun after the interrogative.
_ZH_AFTER = re.compile(
    rf"(?:多少|几|什么|啥|哪)(?:[一两二三四五六七八九十]?[名个家款张种条项只台倍位篇次些类大层代])?(?P<head>[{HAN}]{{2,6}})"
)
# "参数量是多少", "创始人是谁", "邮箱是什么": the noun before it.
_ZH_BEFORE = re.compile(
    rf"(?P<head>(?:(?!能达|能够|可达|达到|高达)[{HAN}]){{2,8}}?)(?:大约|大概|约|预计|预期|将|会|要|能|可以|可|共|总共|一共|分别|主要|都|各)*"
    rf"(?:是|为|有|达到|达|到|叫|包括|包含)?{_ZH_ASKS}"
)
# "TPS能达到多少": a Latin one.
_ZH_LATIN = re.compile(
    rf"(?P<head>[A-Za-z][A-Za-z-]*)(?:大约|大概|约|预计|将|会|能够?|可以?|一共|分别)*(?:是|为|有|高?达到?|到)?{_ZH_ASKS}"
)
_WHAT_IS = r"\bwhat(?:'s| is| was| are| were)"
_EN_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bhow (?:many|much) (?P<head>[\w-]+(?: [\w-]+)?)",
        r"\bhow (?:large|big|high) (?:is|was|are|were) (?:the |an? )(?P<head>[\w-]+)\b",
        rf"{_WHAT_IS} [^?]*?['’]s? (?P<head>[\w-]+(?: [\w-]+){{0,2}})"
        r"\s*(?:[?？]|$|\bin\b|\bfor\b|\bper\b)",
        rf"{_WHAT_IS} (?:the |an? )?(?P<head>[\w-]+(?: [\w-]+){{0,3}}?)"
        r" (?:of|for|in|on|per|behind|to|from|that)\b",
        r"\bwho (?:is|was|are|were) (?:the |an? )?(?P<head>[\w-]+(?: [\w-]+){0,3}?) (?:of|at|for|in|behind)\b",
        r"\b(?:what|which) (?P<head>[\w/&-]+(?: [\w/&-]+){0,3}?) "
        r"(?:does|did|do|is|was|are|were|has|have|will|would|can)\b",
        r"\b(?:what|which) (?P<head>[\w-]+) (?!of\b)",
        r"\b(?:who|when|where|whom) (?:did |was |is |were |are |does |do |will |has |have )?(?P<head>[\w-]+)",
        r"^(?P<head>[\w-]+(?: [\w-]+){0,2}) (?:of|for) ",
        r"^[\w&. -]+['’]s? (?P<head>[\w-]+(?: [\w-]+){0,2})\s*[?？]?$",
    )
)
# Interrogatives and helpers that a pattern may catch, and words that any answer may lack.
_NO_HEADS = frozenset(
    analyze(
        "多少 钱 元 什么 时候 时间 年 月 日 天 报告 券商 公司 机构 企业 情况 方面 地方 东西 事 内容 "
        "问题 观点 例子 名字 "
        "can could does did will would should have has be been report brokers company companies firm name "
        "example kind type sort things thing ways way people much many long far often money cost costs"
    )
)
_MAX_WORDS = 2


def head_terms(text: str) -> frozenset[str]:
    """Return the terms of what is asked for; empty when the question does not show it.

    >>> sorted(head_terms("Midjourney有多少名员工？")), sorted(head_terms("TIAMAT的邮箱是什么？"))
    (['员工'], ['邮箱'])
    >>> sorted(head_terms("FISCO BCOS的TPS能达到多少？"))
    ['tps']
    >>> sorted(head_terms("What is NÜWA's parameter count?"))
    ['count', 'paramet']
    """
    text = simplify(text)
    found = _chinese(text) if question_language(text) is Language.ZH else _english(text)
    return frozenset(term for term in analyze(found) if term not in _NO_HEADS)


def _chinese(text: str) -> str:
    if match := _ZH_AFTER.search(text):
        words = cut_words(match["head"])
        if set(analyze(words[0])) - _NO_HEADS:
            return words[0]
    if match := _ZH_LATIN.search(text):
        return match["head"]
    if match := _ZH_BEFORE.search(text):
        words = [word for word in cut_words(match["head"]) if analyze(word)]
        return "，".join(words[-1:])
    return ""


def _english(text: str) -> str:
    for pattern in _EN_PATTERNS:
        if match := pattern.search(text):
            words = match["head"].split()
            return " ".join(words[-_MAX_WORDS:])
    return ""
