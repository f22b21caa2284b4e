"""Sentences → the text of an answer: long ones cut to what answers, thin ones read on.

A report's sentence can have 150 characters, and a reader wants to paste the answer. But what is cut
cannot answer any more, so only what is clearly beside the point goes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.language import count_han
from corpus.quantities import Quantity, QuantityKind
from corpus.schema import Language
from corpus.sentences import trim_span
from rag.evidence.amounts import answering_amounts
from rag.evidence.clauses import clause_spans
from rag.evidence.evidence import Evidence, text_quantities, text_terms
from rag.evidence.holding import spelled
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

# A factual answer may have this much; with more nobody can paste it.
MAX_CHARS = 120
MAX_WORDS = 70
# A sentence up to this share of it is left whole: it reads better than its clauses.
_WHOLE_SHARE = 0.75
# A text up to this share of it is read on, when it says little that the question does not say.
_THIN_SHARE = 0.4
# Kinds whose answer is a whole thought, or a series: they have twice the room and are not cut.
_UNCUT = frozenset(
    {QuestionKind.SUMMARY, QuestionKind.CAUSE, QuestionKind.LIST, QuestionKind.COMPARISON}
)

_JOINT = re.compile(
    r"(?:and|but|while|whereas|so) (?=\w)|(?:但是?|而且?|并且?|同时|其中)[，,]?(?=\S)",
    re.IGNORECASE,
)

# What a clause more costs, against the share of the question that it adds.
_CLAUSE_COST = 0.03


def trim_evidence(question: Question, evidence: Evidence, weights: Mapping[str, float]) -> Evidence:
    """Return the evidence cut to the clauses that answer, if it is too long to paste.

    The quote is cut with the text only where they are the same; a rendering keeps the whole quote.
    """
    room = 2.0 if question.kind in _UNCUT else _WHOLE_SHARE
    if evidence.is_cell or not is_long(evidence.text, share=room):
        return evidence
    spans = clause_spans(evidence.text)
    limit = max(1.0, room)
    first, last = _best_window(question, evidence, spans, weights, limit)
    last = _read_on(question, evidence, spans, (first, last), room)
    return cut_evidence(evidence, spans[first][0], spans[last][1])


def cut_evidence(evidence: Evidence, start: int, end: int) -> Evidence:
    """Return evidence cut to text[start:end]; the quote with it only where they are the same."""
    start, end = trim_span(evidence.text, start, end)
    if start and (joint := _JOINT.match(evidence.text, start)):
        start = joint.end()  # a clause that stands alone joins nothing
    text = evidence.text[start:end].rstrip("，；：,;: ")
    if evidence.text == evidence.quote:
        return replace(
            evidence,
            text=text,
            quote=text,
            start=evidence.start + start,
            end=evidence.start + start + len(text),
        )
    return replace(evidence, text=text)


def is_long(text: str, *, share: float = 1.0) -> bool:
    """Say whether a text is longer than a share of what a factual answer may have."""
    return length_share(text) > share


def length_share(text: str) -> float:
    """Return the length of a text as a share of what a factual answer may have."""
    if count_han(text) * 2 > len(text.split()):
        return len(text) / MAX_CHARS
    return len(text.split()) / MAX_WORDS


def is_thin(question: Question, evidence: Evidence) -> bool:
    """Say whether a text is short and mostly what the question says: an announcement, a heading."""
    if evidence.is_cell or is_long(evidence.text, share=_THIN_SHARE):
        return False
    if QuestionKind.NUMBER in question.kinds or QuestionKind.DATE in question.kinds:
        return not text_quantities(evidence.text)
    asked = frozenset(question.terms)
    return len(evidence.terms - asked) <= max(4, len(evidence.terms & asked))


def _best_window(
    question: Question,
    evidence: Evidence,
    spans: Sequence[tuple[int, int]],
    weights: Mapping[str, float],
    limit: float,
) -> tuple[int, int]:
    """Return the first and last clause of the window with the most of the question and the answer.

    Where an amount or a date can be the answer, the window holds as many as it can.
    """
    text = evidence.text
    total = sum(weights.values()) or 1.0
    terms = [_held_in(text[start:end], weights) for start, end in spans]
    wanted = _wanted(question, evidence)
    best, best_value = (0, len(spans) - 1), float("-inf")
    for first in range(len(spans)):
        held: set[str] = set()
        for last in range(first, len(spans)):
            held |= terms[last]
            start, end = spans[first][0], spans[last][1]
            if is_long(text[start:end], share=limit) and last > first:
                break
            value = sum(weight for term, weight in weights.items() if term in held) / total
            value -= _CLAUSE_COST * (last - first)
            if wanted:
                value += sum(start <= q.start < end for q in wanted) / len(wanted)
            if value > best_value:
                best, best_value = (first, last), value
    return best


def _held_in(clause: str, weights: Mapping[str, float]) -> frozenset[str]:
    """Return the terms of a clause, with those of the question that it spells in another way."""
    held = text_terms(clause)
    latin = (term for term in weights if term.isascii() and len(term) > 2 and term not in held)
    return held | frozenset(term for term in latin if spelled(term).search(clause))


def _wanted(question: Question, evidence: Evidence) -> list[Quantity]:
    """Return the quantities that can be the answer, or the point of it: those of its period."""
    wanted = []
    if QuestionKind.NUMBER in question.kinds or question.periods:
        wanted = answering_amounts(question, evidence)
    if QuestionKind.DATE in question.kinds:
        wanted += [q for q in text_quantities(evidence.text) if q.kind is QuantityKind.DATE]
    return wanted


def _latin_among_han(question: Question) -> frozenset[str]:
    """Return the Latin terms of a Chinese question, which tell things apart: the beta of a model."""
    if question.language is not Language.ZH:
        return frozenset()
    return frozenset(term for term in question.terms if term.isascii() and term.isalpha())


def _read_on(
    question: Question,
    evidence: Evidence,
    spans: Sequence[tuple[int, int]],
    window: tuple[int, int],
    room: float,
) -> int:
    """Return the last clause after adding those that follow, as far as there is room for them.

    Where figures matter, a clause with a figure of its own is of something else, unless it has a name of
    the question; the items of a series may each have their own.
    """
    first, last = window
    counts = QuestionKind.NUMBER in question.kinds or bool(question.periods)
    counts = counts and question.kind not in _UNCUT
    names = (question.names | _latin_among_han(question)) & evidence.terms
    for following in range(last + 1, len(spans)):
        start, end = spans[following]
        is_named = bool(names & text_terms(evidence.text[start:end]))
        if is_long(evidence.text[spans[first][0] : end], share=1.0 if is_named else room):
            break
        if counts and not is_named and text_quantities(evidence.text[start:end]):
            break
        last = following
    return last
