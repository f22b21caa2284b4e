"""Answer or abstain: the one place that decides, and what is said instead of an answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.search import Index
from rag.messages import MISSING, NOT_FOUND, SEPARATOR
from rag.question import Question
from rag.schema import Answer, AnswerStatus, Nearest
from rag.scoring import ScoredEvidence, learned_weights

NUM_NEAREST = 3

# What no evidence may have: it speaks of another period or figure, or gives no amount or date
# where one is asked for. No weight can outvote these.
_EXCLUDED = (
    "period_wrong",
    "period_unsaid",
    "number_missing",
    "date_missing",
    "figure_missing",
    "name_missing",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the evidence answers, and which evidence may be used, best first."""

    answerable: bool
    confidence: float  # from 0 to 1: how often such evidence was right on the development cases
    evidence: tuple[ScoredEvidence, ...]


def decide(ranked: Sequence[ScoredEvidence]) -> Verdict:
    """Answer when the best admissible evidence is likely enough to be right.

    The likelihood is logistic in the features of the best evidence and its lead over the second;
    weights and threshold are in `scorer.json`, fitted by `python -m eval.fit`.
    """
    fit = tuple(
        item for item in ranked if not any(item.features[name] for name in _EXCLUDED)
    )
    if not fit:
        return Verdict(False, 0.0, ())
    features = decision_features(fit)
    learned = learned_weights()["decision"]
    logit = sum(learned.get(name, 0.0) * value for name, value in features.items())
    confidence = 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
    return Verdict(confidence >= learned["threshold"], confidence, fit)


def decision_features(fit: Sequence[ScoredEvidence]) -> dict[str, float]:
    """Return what the decision reads: the best evidence's features, its score, its lead, 1."""
    best = fit[0]
    second = fit[1].score if len(fit) > 1 else 0.0
    return {
        **{name: value for name, value in best.features.items() if name not in _EXCLUDED},
        "score": best.score / 10,
        "lead": min(1.0, best.score - second),
        "one": 1.0,
    }


def abstention(question: Question, ranked: Sequence[ScoredEvidence], index: Index) -> Answer:
    """Say that the reports do not say it, what was not found, and what comes nearest."""
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
