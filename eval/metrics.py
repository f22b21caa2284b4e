"""What is measured of one answer, and the means over many. Every case counts; a crash scores 0."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from corpus.language import count_han
from corpus.schema import Language
from eval.cases import Case, Fact, Span
from rag.schema import Answer, AnswerStatus

MAX_CONCISE_HAN = 240
MAX_CONCISE_WORDS = 140
"""Twice what a factual answer should have: beyond it nobody can paste it."""

_IGNORED = re.compile(r"[\s,，*□◆⚫■\\]|<[^<>]{1,30}>")
_LATIN = re.compile("[a-z]")
_MARKER = re.compile(r"\[\d+\]")


def normalise(text: str) -> str:
    """Reduce a text to what counts in a comparison: no spaces, commas, marks, widths or case.

    >>> normalise("RMB 1,144.1 Billion") == normalise("rmb1144.1billion")
    True
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


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


def is_correct(case: Case, answer: Answer, language: Language) -> bool:
    """Say whether an answer holds enough of the facts; of an unanswerable case, that it declines."""
    if not case.answerable:
        return answer.status is not AnswerStatus.ANSWERED
    if answer.status is not AnswerStatus.ANSWERED:
        return False
    text = _MARKER.sub("", answer.text)
    return sum(holds_fact(text, fact, language) for fact in case.facts) >= case.min_facts


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


def cites_evidence(case: Case, answer: Answer) -> bool:
    """Say whether some citation overlaps some evidence of the case, in the same document."""
    return any(
        _overlaps(citation.doc_id, citation.quote, span)
        for citation in answer.citations
        for span in case.evidence
    )


def citation_precision(case: Case, answer: Answer) -> float:
    """Return the share of citations that overlap evidence of the case; 0.0 without citations."""
    if not answer.citations:
        return 0.0
    hits = sum(
        any(_overlaps(citation.doc_id, citation.quote, span) for span in case.evidence)
        for citation in answer.citations
    )
    return hits / len(answer.citations)


def _overlaps(doc_id: str, quote: str, span: Span) -> bool:
    said, wanted = normalise(quote), normalise(span.quote)
    return doc_id == span.doc_id and bool(said) and (said in wanted or wanted in said)


def mean(values: Sequence[float]) -> float:
    """Return the mean, 0.0 of nothing."""
    return sum(values) / len(values) if values else 0.0
