"""Answer or abstain: the one place that decides, and what is said instead of an answer."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.language import HAN
from index.opened import OpenedIndex
from index.terms import analyze, cut_words
from rag.evidence.evidence import Evidence
from rag.evidence.scoring import ScoredEvidence, learned_weights
from rag.messages import MISSING, NOT_FOUND, NOT_ON_COVER, SEPARATOR
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question
from rag.schema import Answer, AnswerStatus, Nearest

NUM_NEAREST = 3
# What a reader would call a word: a Latin one, or one of a Chinese sentence's words.
_WORD = re.compile(rf"(?P<latin>[A-Za-z0-9][A-Za-z0-9&.'-]*)|(?P<han>[{HAN}]+)")

# What no evidence may have: it speaks of another period, figure or version, no name of the question
# stands anywhere near or nothing but names, or it gives no amount or date where one is asked for. No weight
# can outvote these.
_EXCLUDED = (
    "period_wrong",
    "undated",
    "any_number_missing",
    "any_date_missing",
    "thin_caption",
    "figure_missing",
    "version_missing",
    "all_names_nowhere",
    "names_all_missing",
    "named_elsewhere",
    "qualifier_missing",
    "metric_missing",
    "person_missing",
    "only_names",
    "often_wrong",
)


# Kinds of question about several things, of which evidence need not name each.
_OF_SEVERAL = frozenset(
    {QuestionKind.COMPARISON, QuestionKind.CROSS_REPORT, QuestionKind.LIST, QuestionKind.SUMMARY}
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the evidence answers, and which evidence may be used, best first."""

    answerable: bool
    confidence: float  # from 0 to 1: how often such evidence was right on the development cases
    evidence: tuple[ScoredEvidence, ...]


NOTHING = Verdict(False, 0.0, ())
"""What is said of questions that no report can answer."""


def decide(ranked: Sequence[ScoredEvidence], question_kind: QuestionKind) -> Verdict:
    """Answer when the best admissible evidence is likely enough to be right.

    The likelihood is logistic in the features of the best evidence and its lead over the second;
    weights and threshold are in `scorer.json`, fitted by `python -m eval.fit`.
    """
    fit = tuple(item for item in ranked if not any(item.features[name] for name in _EXCLUDED))
    if question_kind not in _OF_SEVERAL:
        # What lacks a name of the question is of something else.
        fit = tuple(item for item in fit if not item.features["name_missing"])
    if not fit:
        return Verdict(False, 0.0, ())
    # What is called exactly what is asked for, of its company and period, comes before all else; of
    # that, what stands in the statements of the whole company.
    fit = tuple(sorted(fit, key=item_first))
    features = decision_features(fit)
    learned = learned_weights()["decision"]
    logit = sum(learned.get(name, 0.0) * value for name, value in features.items())
    confidence = 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
    is_sure = confidence >= learned["threshold"] or bool(fit[0].features["is_item"])
    return Verdict(is_sure, confidence, fit)


def item_first(item: ScoredEvidence) -> tuple[float, float]:
    """Return what sorts evidence: what is called as asked first, the statements before the notes."""
    return -item.features["is_item"], -item.features["in_statement"]


def decision_features(fit: Sequence[ScoredEvidence]) -> dict[str, float]:
    """Return what the decision reads: the best evidence's features, its score, its lead, 1."""
    best = fit[0]
    others = (item.score for item in fit if not _says_the_same(item.evidence, best.evidence))
    second = next(others, 0.0)
    return {
        **{name: value for name, value in best.features.items() if name not in _EXCLUDED},
        "score": best.score / 10,
        "lead": min(1.0, best.score - second),
        "one": 1.0,
    }


def _says_the_same(evidence: Evidence, best: Evidence) -> bool:
    """Say whether evidence repeats the best (reports do, in summary and body) or stands beside it."""
    if (evidence.doc_id, evidence.block) == (best.doc_id, best.block):
        return True
    shared = len(evidence.terms & best.terms)
    return shared >= 0.6 * min(len(evidence.terms), len(best.terms))


def abstention(question: Question, ranked: Sequence[ScoredEvidence], index: OpenedIndex) -> Answer:
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


def off_cover(question: Question, ranked: Sequence[ScoredEvidence], index: OpenedIndex) -> Answer:
    """Say that the cover of a report does not print what was asked of it, and what comes nearest."""
    language = question.language
    text = f"{NOT_FOUND[language]} {NOT_ON_COVER[language]}"
    return replace(abstention(question, ranked, index), text=text)


def _missing_words(question: Question, ranked: Sequence[ScoredEvidence]) -> list[str]:
    """Return the words of the question that the best evidence lacks, as they were typed."""
    if not ranked:
        return []
    lacking = set(ranked[0].missing)
    words = []
    for word in _words(question.text):
        terms = [term for term in analyze(word) if term in question.terms]
        if terms and all(term in lacking for term in terms):
            words.append(word)
    return list(dict.fromkeys(words))[:5]


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        if match["latin"]:
            yield match["latin"].removesuffix("'s").rstrip(".'-")
        else:
            yield from cut_words(match["han"])


def _nearest(item: ScoredEvidence, index: OpenedIndex) -> Nearest:
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
