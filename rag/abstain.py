"""Answer or abstain: the one place that decides, and what is said instead of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.search import Index
from rag.messages import MISSING, NOT_FOUND, SEPARATOR
from rag.question import Question
from rag.schema import Answer, AnswerStatus, Nearest
from rag.scoring import ScoredEvidence

# Least share of the question (by weight of its terms) that evidence must carry. Set on the
# development cases (docs/log.md): lower answers more of the unanswerable ones.
MIN_COVERAGE = 0.5
NUM_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the evidence answers, and which evidence may be used, best first."""

    answerable: bool
    evidence: tuple[ScoredEvidence, ...]


def decide(question: Question, ranked: Sequence[ScoredEvidence]) -> Verdict:
    """Keep the evidence that carries enough of the question and contradicts none of it."""
    fit = tuple(
        item
        for item in ranked
        if item.coverage >= MIN_COVERAGE
        and not item.features["period_wrong"]
        and not item.features["number_missing"]
        and not item.features["date_missing"]
        and not item.features["figure_missing"]
        and not item.features["period_unsaid"]
    )
    return Verdict(bool(fit), fit)


def abstention(
    question: Question, ranked: Sequence[ScoredEvidence], verdict: Verdict, index: Index
) -> Answer:
    """Say that the reports do not say it, what was not found, and what comes nearest."""
    del verdict
    language = question.language
    text = NOT_FOUND[language]
    missing = _missing_words(question, ranked)
    if missing:
        text += " " + MISSING[language].format(terms=SEPARATOR[language].join(missing))
    return Answer(
        question=question.text,
        text=text,
        language=language,
        status=AnswerStatus.NOT_IN_CORPUS,
        nearest=tuple(_nearest(item, index) for item in ranked[:NUM_NEAREST]),
    )


def _missing_words(question: Question, ranked: Sequence[ScoredEvidence]) -> list[str]:
    """Return the words of the question that the best evidence lacks, as they were typed."""
    if not ranked:
        return []
    typed = question.text.casefold()
    return [term for term in ranked[0].missing if term in typed and len(term) > 1][:5]


def _nearest(item: ScoredEvidence, index: Index) -> Nearest:
    evidence = item.evidence
    document = index.document(evidence.doc_id)
    return Nearest(
        doc_id=evidence.doc_id,
        title=document.metadata.title,
        section=" > ".join(evidence.section),
        text=evidence.text,
        page=evidence.page,
        start=evidence.start,
        end=evidence.end,
    )
