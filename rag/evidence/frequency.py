"""How often something is paid, or over how long it is counted: by the month, by the year."""

import re
from functools import lru_cache

from corpus.quantities import QuantityKind
from rag.evidence.evidence import Evidence
from rag.questions.question import Question

# How often something is paid, or over how long it is counted.
_EACH = r"\b(?<!half )(?:per|a|each|every) "
_FREQUENCIES = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        ("day", rf"每[天日]|按[天日]|日均|/[天日]|{_EACH}day\b|\bdaily\b|/day"),
        ("week", rf"每周|按周|/周|{_EACH}week\b|\bweekly\b|/week"),
        (
            "month",
            r"每月|每个月|按月|一个月|月付|包月|月费|月度|月卡|/月|"
            rf"{_EACH}month\b|\bmonthly\b|/month|\bmonth[- ](?:to|by)[- ]month\b",
        ),
        (
            "quarter",
            r"季度|单季|[一二三四1-4]季|三个月|\bquarter(?:ly)?\b|\bQ[1-4]\b|"
            r"\bthree (?:months|and (?:six|nine) months)\b",
        ),
        (
            "half",
            r"半年|[上下]半年|六个月|\b(?:first|second) half\b|\b[12]H\b|\bH[12]\b|\bsix months\b",
        ),
        (
            "year",
            r"每年|按年|一年|年付|包年|年费|年度|年卡|/年|"
            rf"{_EACH}year\b|\bby the year\b|\b(?:yearly|annual(?:ly)?)\b|/year",
        ),
    )
}
# "six months after", 半年后: of when something is.
_AFTER = re.compile(
    r"[之以]?[前后内来]|时间|\s(?:after|before|later|earlier|ago|since|on\b|into|post|from)",
    re.IGNORECASE,
)


def frequency_fit(question: Question, evidence: Evidence) -> bool | None:
    """Say whether a price is for the time asked about: by month or by year; None when unsaid.

    The labels of a cell say it before its text: "$576 ($48/month)" under "Annual" is a year's.
    """
    asked = _frequencies(question.text)
    if len(asked) != 1:
        return None
    labels = f"{evidence.row} {evidence.column} {evidence.caption}"
    said = _frequencies(labels) or _frequencies(evidence.text)
    return bool(said & asked) if said else None


def is_seldom_paid(question: Question) -> bool:
    """Say whether a price is asked for other than by the month, which is what an unmarked one is for."""
    asked = _frequencies(question.text)
    return QuantityKind.MONEY in question.unit_kinds and bool(asked) and "month" not in asked


@lru_cache(maxsize=1 << 14)
def _frequencies(text: str) -> frozenset[str]:
    """Return how often something is, by the words of a text; "six months after" says when."""
    matches = ((name, pattern.search(text)) for name, pattern in _FREQUENCIES.items())
    return frozenset(
        name
        for name, match in matches
        if match and (match[0][0] in "每按" or not _AFTER.match(text, match.end()))
    )
