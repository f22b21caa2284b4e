"""Answers without a language model: the sentence or the cell that answers, quoted exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.schema import Language
from rag.evidence import Evidence
from rag.messages import LABEL
from rag.question import Question, QuestionKind
from rag.scoring import ScoredEvidence

MAX_STATEMENTS = {
    QuestionKind.LIST: 6,
    QuestionKind.SUMMARY: 5,
    QuestionKind.CROSS_REPORT: 5,
    QuestionKind.COMPARISON: 3,
    QuestionKind.CAUSE: 2,
}
"""Most statements an answer of this kind has; every other kind has one."""

# Evidence this close to the best says the same thing as well as the best.
_CLOSE = 0.12


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer with the evidence that carries it."""

    text: str
    evidence: Evidence


def compose(question: Question, ranked: Sequence[ScoredEvidence]) -> list[Statement]:
    """Return the statements that answer, given evidence best first; ranked must not be empty."""
    limit = MAX_STATEMENTS.get(question.kind, 1)
    best = ranked[0]
    chosen = [best]
    for item in ranked[1:]:
        if len(chosen) == limit:
            break
        if best.score - item.score > _CLOSE * limit:
            break
        if not _repeats(item.evidence, [other.evidence for other in chosen]):
            chosen.append(item)
    return [Statement(_wording(item.evidence), item.evidence) for item in chosen]


def _wording(evidence: Evidence) -> str:
    text = evidence.text.strip()
    if not evidence.is_cell:
        return text
    unit = evidence.unit if evidence.unit and evidence.unit not in text and text[-1:].isdigit() else ""
    label = " · ".join(filter(None, [evidence.row, evidence.column]))
    return LABEL[evidence.language].format(label=label, text=f"{text}{unit}")


def _repeats(evidence: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Say whether the evidence says what was said already: most of its terms are there."""
    terms = evidence.terms
    return any(
        len(terms & other.terms) >= 0.7 * min(len(terms), len(other.terms)) for other in chosen
    )


def answer_language(evidence: Evidence) -> Language:
    """Return the language in which a statement with this evidence is read."""
    return evidence.language
