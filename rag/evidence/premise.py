"""What is wrong with the premise of a question that is declined: the other period, version.

Said only of evidence that has all the rest of the question, so that the reader learns what the
report does give.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from corpus.quantities import QuantityKind, render_quantity
from corpus.schema import Role
from index.terms import analyze
from rag.composing.extractive import wording
from rag.evidence.clauses import clause_spans
from rag.evidence.contraries import contrary_words
from rag.evidence.events import supposes_against
from rag.evidence.evidence import Evidence, text_quantities, text_terms
from rag.evidence.scoring import ScoredEvidence
from rag.messages import CONTRARY, OTHER_PERIOD, OTHER_VERSION, SEPARATOR
from rag.questions.kinds import QuestionKind
from rag.questions.naming import squash, versions
from rag.questions.question import Question
from rag.schema import Answer

_LOOKED_AT = 12
_LEAST_COVERED = 0.7  # of the question without what is contradicted
_MAX_QUOTE = 80  # characters
_MAX_DATES = 3


def with_premise(reply: Answer, question: Question, ranked: Sequence[ScoredEvidence]) -> Answer:
    """Return an abstention that names the false premise, if one is found."""
    found = false_premise(question, ranked)
    return replace(reply, text=f"{reply.text} {found[0]}") if found else reply


def false_premise(
    question: Question, ranked: Sequence[ScoredEvidence]
) -> tuple[str, Evidence] | None:
    """Return what the nearest passage says instead, with the passage; None when nothing is sure."""
    for item in ranked[:_LOOKED_AT]:
        if item.evidence.role is not Role.CONTENT or item.features["is_caption"]:
            continue
        turned = _turned_by(question, item.evidence)
        if not _is_on_topic(question, item, turned):
            continue
        text = ""
        if item.features["period_wrong"] and question.periods:
            text = _other_period(question, item.evidence)
        elif item.features["version_missing"]:
            text = _other_version(question, item.evidence)
        elif turned:
            text = CONTRARY[question.language].format(quote=_quoted(question, item.evidence))
        if text:
            return text, item.evidence
    return None


def _turned_by(question: Question, evidence: Evidence) -> frozenset[str]:
    """Return the terms of a house's turn against something where evidence says the contrary."""
    if not supposes_against(question) or evidence.role is not Role.CONTENT:
        return frozenset()
    return frozenset(
        term
        for word in contrary_words(question.text, f"{evidence.text} {evidence.quote}")
        for term in analyze(word)
    )


def _is_on_topic(question: Question, item: ScoredEvidence, turned: frozenset[str]) -> bool:
    """Say whether evidence has the names and most words of a question, without what it contradicts."""
    rest = [
        term
        for term in question.terms
        if term not in turned and not any(char.isdigit() for char in term)
    ]
    held = [term for term in rest if term not in item.missing]
    if not rest or set(question.names & set(rest)) - set(held):
        return False
    if len(held) < _LEAST_COVERED * len(rest):
        return False
    return QuestionKind.NUMBER not in question.kinds or any(
        q.kind is not QuantityKind.DATE for q in text_quantities(item.evidence.text)
    )


def _other_period(question: Question, evidence: Evidence) -> str:
    where = (
        f"{evidence.text} {evidence.row} {evidence.column}" if evidence.is_cell else evidence.text
    )
    said = [q for q in text_quantities(where) if q.kind is QuantityKind.DATE] or [
        q for q in text_quantities(evidence.lead) if q.kind is QuantityKind.DATE
    ]
    if not said:
        return ""
    language = question.language
    dates = dict.fromkeys(render_quantity(q, language) for q in said)
    asked = dict.fromkeys(render_quantity(q, language) for q in question.periods)
    return OTHER_PERIOD[language].format(
        asked=SEPARATOR[language].join(asked),
        said=SEPARATOR[language].join(list(dates)[:_MAX_DATES]),
        quote=_quoted(question, evidence),
    )


def _other_version(question: Question, evidence: Evidence) -> str:
    text = unicodedata.normalize("NFKC", f"{evidence.text} {evidence.row} {evidence.column}")
    for asked in question.versions:
        name = asked.rstrip("0123456789.")
        other = next(
            (v for v in versions(text) if v.rstrip("0123456789.") == name and v != asked), ""
        )
        if other and (said := _as_printed(other, text)):
            return OTHER_VERSION[question.language].format(
                asked=_as_printed(asked, question.text) or asked,
                said=said,
                quote=_quoted(question, evidence),
            )
    return ""


def _as_printed(squashed: str, text: str) -> str:
    """Return how a text spells a squashed name, "" when it does not have it."""
    pattern = r"[\s.·‧-]?".join(re.escape(char) for char in squash(squashed))
    match = re.search(rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])", text, re.IGNORECASE)
    return match[0] if match else ""


def _quoted(question: Question, evidence: Evidence) -> str:
    """Return the passage, of a long one the clause with most of the question."""
    if evidence.is_cell:
        return wording(evidence)
    text = evidence.text.strip()
    if len(text) <= _MAX_QUOTE:
        return text
    asked = frozenset(question.terms)
    start, end = max(
        clause_spans(text), key=lambda span: len(asked & text_terms(text[span[0] : span[1]]))
    )
    return text[start:end].strip(" ，；,;。")[: 2 * _MAX_QUOTE]
