"""Whether an answer is right: its facts, its language, its length, its yes or no.

The rules by which a reply states a fact are in `cases/README.md`. What an answer cites is judged in
`grounding.py`, what was retrieved for it in `ranking.py`.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from corpus.language import count_han
from corpus.schema import Language
from eval.cases import Case, Fact
from rag.schema import Answer, AnswerStatus

MAX_CONCISE_HAN = 240
MAX_CONCISE_WORDS = 140
"""Twice what a factual answer should have: beyond it nobody can paste it."""

# What does not count in a comparison: white space, commas, marks of lists and tables, HTML tags.
IGNORED = re.compile(r"[\s,，*□◆⚫■\\]|<[^<>]{1,30}>")
_LATIN = re.compile("[a-z]")
_MARKER = re.compile(r"\[\d+\]")


def normalise(text: str) -> str:
    """Reduce a text to what counts in a comparison: no spaces, commas, marks, widths or case.

    >>> normalise("RMB 1,144.1 Billion") == normalise("rmb1144.1billion")
    True
    """
    return IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=8192)
def _form_pattern(form: str) -> re.Pattern[str]:
    """Compile an accepted form to what finds it in a reply; the rules are in cases/README.md."""
    form = _fold(form).strip()
    pieces = []
    for position, char in enumerate(form):
        inside_word = position and _LATIN.match(form[position - 1]) and _LATIN.match(char)
        if position and not inside_word:
            pieces.append(r"\s*")
        if char != " ":
            pieces.append(re.escape(char))
    pattern = "".join(pieces)
    if form[0].isdigit():
        pattern = r"(?<!\d)(?<!\d\.)" + pattern
    elif _LATIN.match(form[0]):
        pattern = "(?<![a-z])" + pattern
    if form[-1].isdigit():
        pattern += r"(?!\d)(?!\.\d)"
    elif _LATIN.match(form[-1]) and len(form) <= 3:
        pattern += "s?(?![a-z])"
    return re.compile(pattern)


def _fold(text: str) -> str:
    """Fold widths and case, drop thousands separators and close up white space."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", " ", re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text))


def holds_fact(text: str, fact: Fact, language: Language) -> bool:
    """Say whether a text states a fact in one of its accepted forms."""
    said = _fold(text)
    return any(_form_pattern(form).search(said) for form in fact.forms.get(language, ()))


def held_facts(case: Case, text: str, language: Language) -> list[bool]:
    """Say of each fact of a case whether a reply states it; markers are no figures of the reply."""
    said = _MARKER.sub("", text)
    return [holds_fact(said, fact, language) for fact in case.facts]


# How a reply begins that says yes or no before it says why.
_YES = re.compile(
    r"[\s-]*(?:yes|correct|是的?|对的?|能|可以|会|有|支持|存在)(?=[\s，,。.；;：:!！—-]|$)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"[\s-]*(?:no|not quite|否|不是|不对|不能|不可以|不会|没有|并非|不|不支持|不存在)(?=[\s，,。.；;：:!！—-]|$)",
    re.IGNORECASE,
)


def polarity_of(text: str) -> str:
    """Return "yes" or "no" as a reply begins, "" when it begins with neither.

    >>> polarity_of("No, it can extend a video backward as well. [1]")
    'no'
    """
    if _YES.match(text):
        return "yes"
    return "no" if _NO.match(text) else ""


def is_correct(case: Case, answer: Answer, language: Language) -> bool:
    """Say whether an answer holds enough of the facts; of an unanswerable case, that it declines.

    An answer that says yes where no is right, or no for yes, is wrong whatever else it says. One
    that says neither and quotes the supporting facts is not.
    """
    if not case.answerable:
        return answer.status is not AnswerStatus.ANSWERED
    if answer.status is not AnswerStatus.ANSWERED:
        return False
    if case.polarity and polarity_of(answer.text) not in ("", case.polarity):
        return False
    return sum(held_facts(case, answer.text, language)) >= case.min_facts


def is_concise(answer: Answer, kind: str) -> bool:
    """Say whether an answer is short enough to paste; lists and summaries have twice the room."""
    room = 2 if kind in ("list", "summary", "cross_report", "comparison") else 1
    words = len(re.findall(r"[A-Za-z0-9][\w.'-]*", answer.text))
    return count_han(answer.text) <= MAX_CONCISE_HAN * room and words <= MAX_CONCISE_WORDS * room


def in_language(answer: Answer, language: Language) -> bool:
    """Say whether an answer is written in a language: by its Chinese characters against words."""
    han = count_han(answer.text)
    words = len(re.findall(r"[A-Za-z]{2,}", answer.text))
    return han >= words / 2 if language is Language.ZH else han <= words


def mean(values: Sequence[float]) -> float:
    """Return the mean, 0.0 of nothing."""
    return sum(values) / len(values) if values else 0.0
