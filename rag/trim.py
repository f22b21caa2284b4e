"""Long sentences → the clauses that answer. A report's sentence can have 150 characters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.language import count_han
from corpus.sentences import trim_span
from rag.evidence import Evidence, text_terms
from rag.forms import answering_amounts
from rag.question import Question, QuestionKind

# A comma ends a clause, a thousands separator does not; brackets stay whole.
_CLAUSE_END = re.compile(r"[，；：]|[,;:](?=\s)|—{2}|[.!?](?=\s+[a-z]?[A-Z])")
_OPEN, _CLOSE = "（(《“「[", "）)》”」]"

# A window may have this much; a factual answer of more cannot be pasted.
MAX_CHARS = 110
MAX_WORDS = 60
# A sentence up to this share of it is left whole: it reads better than its clauses.
_WHOLE_SHARE = 0.65

# What a clause more costs, against the share of the question that it adds.
_CLAUSE_COST = 0.04


def trim_evidence(question: Question, evidence: Evidence, weights: Mapping[str, float]) -> Evidence:
    """Return the evidence cut to the clauses that answer, if it is too long to paste.

    The quote is cut with the text only where they are the same; a rendering keeps the whole quote.
    """
    if evidence.is_cell or question.kind in (QuestionKind.SUMMARY, QuestionKind.CAUSE):
        return evidence
    if not is_long(evidence.text, share=_WHOLE_SHARE):
        return evidence
    spans = clause_spans(evidence.text)
    start, end = _best_window(question, evidence, spans, weights)
    start, end = trim_span(evidence.text, start, end)
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
    if count_han(text) * 2 > len(text.split()):
        return len(text) > share * MAX_CHARS
    return len(text.split()) > share * MAX_WORDS


def clause_spans(text: str) -> list[tuple[int, int]]:
    """Cut a sentence into clauses [start, end) that cover it; nothing is cut inside brackets.

    >>> text = "规模达453亿元，增速（同比，全年）放缓。"
    >>> [text[start:end] for start, end in clause_spans(text)]
    ['规模达453亿元，', '增速（同比，全年）放缓。']
    """
    cuts = [0]
    depth = 0
    position = 0
    for match in _CLAUSE_END.finditer(text):
        between = text[position : match.start()]
        depth += sum(between.count(char) for char in _OPEN)
        depth = max(0, depth - sum(between.count(char) for char in _CLOSE))
        position = match.end()
        if depth == 0:
            cuts.append(match.end())
    cuts.append(len(text))
    return [(start, end) for start, end in pairwise(cuts) if start < end]


def _best_window(
    question: Question,
    evidence: Evidence,
    spans: Sequence[tuple[int, int]],
    weights: Mapping[str, float],
) -> tuple[int, int]:
    """Return the window of clauses with the most of the question for the fewest clauses.

    Where an amount can be the answer, the window holds one, so that the figure is never lost.
    """
    text = evidence.text
    total = sum(weights.values()) or 1.0
    terms = [text_terms(text[start:end]) for start, end in spans]
    # An amount of the period asked for is the point of the answer, whatever form the question has.
    wants_amount = question.kind is QuestionKind.NUMBER or bool(question.periods)
    amounts = answering_amounts(question, evidence) if wants_amount else []
    best, best_value = (spans[0][0], spans[-1][1]), float("-inf")
    for first in range(len(spans)):
        held: set[str] = set()
        for last in range(first, len(spans)):
            held |= terms[last]
            start, end = spans[first][0], spans[last][1]
            if is_long(text[start:end]) and last > first:
                break
            has_amount = any(start <= amount.start < end for amount in amounts)
            value = sum(weight for term, weight in weights.items() if term in held) / total
            value += has_amount - _CLAUSE_COST * (last - first)
            if value > best_value:
                best, best_value = (start, end), value
    return best
