"""Whose market or industry is sized: the market for AI painting is not that for AI and security."""

import re
from functools import lru_cache

from corpus.language import HAN
from index.terms import analyze, simplify
from rag.evidence.evidence import Evidence
from rag.questions.question import Question

# "AI+安防软硬件市场规模", "China's AIGC industry", "the size of the market for …": what stands before it.
_NOUN = r"[\w'’+&-]+(?: [\w'’+&-]+){0,5}"
_TRADE = r"(?:market|industry|sector|(?:value|industry) chain)"
_SIZED = re.compile(
    rf"(?P<zh>[{HAN}A-Za-z0-9+& ]{{1,16}}?)的?(?:市场|产业链?|行业)的?(?:规模|空间|容量)|"
    rf"\b(?P<before>(?!(?:the|an?|its|their|this|that|total) {_TRADE}){_NOUN}) {_TRADE}(?:'s)?"
    r"(?: size\b| space\b| worth\b| value|,? (?:is|was|in|by|will|reach))|"
    r"\b(?:market(?: size| space)?|(?:industry|value) chain) (?:of|for) (?P<behind>[^,.;?]{3,60}?)"
    r"(?: (?:reach|is\b|was\b|in\b|will\b|exceed|stood|hit)|[?]|$)|"
    rf"\bsize (?:\w+ ){{0,4}}?(?:of|for) (?:the )?(?P<of>{_NOUN}) {_TRADE}\b",
    re.IGNORECASE,
)
_OF_MARKETS = re.compile(
    r"市场|规模|产业|行业|产值|空间|\b(?:markets?|industr(?:y|ies)|sectors?|size|scale|value|output)\b",
    re.IGNORECASE,
)
_NOT_APART = frozenset(
    analyze(
        "中国 国内 全球 世界 整体 总体 我国 国外 海外 年 预计 预测 将 到 the china chinese global world whole "
        "overall total domestic number figure size iresearch forecast market industry sector expected expect of "
        "for how large big"
    )
)


def sizes_another(question: Question, evidence: Evidence) -> bool:
    """Say whether the size of a market is asked for and the evidence sizes another one."""
    asked = _sized(simplify(question.text))
    if not asked:
        return False
    said = _sized(evidence.text)
    if not said:
        return not evidence.is_cell and not _OF_MARKETS.search(f"{evidence.text} {evidence.quote}")
    if not asked.isdisjoint(said):
        return False
    others = (other for term in asked for other in question.aliases.get(term, ()))
    return not any(set(analyze(other)) <= said for other in others)


@lru_cache(maxsize=1 << 12)
def _sized(text: str) -> frozenset[str]:
    """Return the terms of the markets whose size a text speaks of.

    >>> sorted(_sized("2025年中国AIGC产业规模是多少？"))
    ['aigc']
    """
    words = " ".join(next(filter(None, match.groups()), "") for match in _SIZED.finditer(text))
    terms = {term for term in analyze(words) if term not in _NOT_APART and not term.isdigit()}
    # AI painting and AI security have AI in common, and little else.
    return frozenset(terms - {"ai"} or terms)
