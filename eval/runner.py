"""Cases × assistant → one result per case and language. Every case counts; a crash scores 0."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.errors import AssistantError
from corpus.schema import Language
from eval.cases import Case
from eval.catalogue import METRICS, Scope
from eval.grounding import evidence_scores, grounding_scores
from eval.metrics import in_language, is_concise, is_correct, polarity_of
from eval.places import Place, Sources
from eval.ranking import first_ranks, ranking_scores
from rag.pipeline import Pipeline
from rag.schema import Answer, AnswerStatus


class Answerer(Protocol):
    """What is evaluated: the assistant, or a baseline."""

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question."""
        ...


@dataclass(frozen=True, slots=True)
class Stand:
    """What an answer is judged with: the documents, and where each retrieved chunk stands."""

    sources: Sources
    chunks: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case in one language."""

    case: Case
    language: Language
    answer: Answer | None  # None when it crashed
    error: str
    scores: Mapping[str, float]  # by the names of the catalogue; only what applies
    ranks: tuple[int | None, ...]  # of the first chunk with each span of the evidence
    seconds: float

    @property
    def passed(self) -> bool:
        """Say whether the answer can be used: right, in the right language and short."""
        return self.scores["passed"] == 1.0

    @property
    def declined(self) -> bool:
        """Say whether the assistant abstained."""
        return self.answer is not None and self.answer.status is not AnswerStatus.ANSWERED

    @property
    def confidence(self) -> float:
        """Return how likely the assistant thought an answer to be right; 0 after a crash."""
        return self.answer.trace.confidence if self.answer else 0.0


def stand_of(pipeline: Pipeline) -> Stand:
    """Return what the answers of a pipeline are judged with."""
    index = pipeline.index
    chunks = {
        chunk.chunk_id: Place(chunk.doc_id, chunk.start, chunk.end)
        for chunk in index.chunks.values()
    }
    return Stand(Sources(pipeline.document, index.renderings), chunks)


def run_cases(
    cases: Sequence[Case],
    answerer: Answerer,
    stand: Stand,
    *,
    languages: Sequence[Language] = tuple(Language),
    on_case: Callable[[], None] = lambda: None,
) -> list[CaseResult]:
    """Ask every case in every language it is written in, in order."""
    results = []
    for case in cases:
        for language in languages:
            if language in case.questions:
                results.append(_run(case, language, answerer, stand))
            on_case()
    return results


def _run(case: Case, language: Language, answerer: Answerer, stand: Stand) -> CaseResult:
    answer: Answer | None = None
    error = ""
    started = time.perf_counter()
    try:
        answer = answerer.answer(case.questions[language], case.history.get(language, ()))
    except AssistantError as caught:
        error = str(caught)
    except Exception as caught:  # noqa: BLE001  (a crash must score zero, not end the run)
        error = repr(caught)
    seconds = time.perf_counter() - started
    return score_answer(case, language, answer, stand, error=error, seconds=seconds)


def score_answer(
    case: Case,
    language: Language,
    answer: Answer | None,
    stand: Stand,
    *,
    error: str = "",
    seconds: float = 0.0,
) -> CaseResult:
    """Judge an answer; None is a crash, for which everything that applies to the case is 0."""
    retrieved = answer.trace.chunk_ids if answer else ()
    chunks = [stand.chunks[chunk_id] for chunk_id in retrieved]
    ranks = first_ranks(chunks, stand.sources.case_places(case))
    scores = _scores(case, language, answer, stand.sources)
    if ranks:
        scores |= ranking_scores(ranks)
    return CaseResult(case, language, answer, error, scores, tuple(ranks), seconds)


def _scores(
    case: Case, language: Language, answer: Answer | None, sources: Sources
) -> dict[str, float]:
    if answer is None:
        return {metric.name: 0.0 for metric in METRICS if _counts_a_crash(metric.scope, case)}
    correct = is_correct(case, answer, language)
    spoken = in_language(answer, language)
    short = is_concise(answer, case.kind)
    scores: dict[str, float | None] = {
        "passed": float(correct and spoken and short),
        "correct": float(correct),
        "right_language": float(spoken),
        "concise": float(short),
    }
    if case.polarity and case.answerable:
        scores["polarity"] = float(polarity_of(answer.text) == case.polarity)
    if case.evidence:
        scores |= evidence_scores(case, answer, sources)
    if not case.answerable:
        scores["abstention_recall"] = float(correct)
    if answer.status is AnswerStatus.ANSWERED:
        scores |= grounding_scores(answer, sources)
    else:
        scores["abstention_precision"] = float(not case.answerable)
    return {name: value for name, value in scores.items() if value is not None}


def _counts_a_crash(scope: Scope, case: Case) -> bool:
    """Say whether a metric is 0 for a crashed case; nobody was declined, so that is left out."""
    return {
        Scope.ALL: True,
        Scope.ANSWERED: case.answerable,
        Scope.ANSWERABLE: case.answerable,
        Scope.UNANSWERABLE: not case.answerable,
        Scope.YES_NO: case.answerable and bool(case.polarity),
        Scope.DECLINED: False,
    }[scope]
