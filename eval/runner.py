"""Cases × pipeline → one result per case and language."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.errors import AssistantError
from corpus.schema import Language
from eval.cases import Case
from eval.metrics import cites_evidence, in_language, is_concise, is_correct
from rag.pipeline import Pipeline
from rag.schema import Answer, AnswerStatus


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case in one language."""

    case: Case
    language: Language
    answer: Answer | None  # None when it crashed
    error: str
    correct: bool  # all facts; of an unanswerable case: declined
    concise: bool
    right_language: bool
    cited: bool  # a citation overlaps the evidence
    quotes_exact: bool
    seconds: float

    @property
    def passed(self) -> bool:
        """Say whether the answer can be used: right, in the right language and short."""
        return self.correct and self.concise and self.right_language

    @property
    def declined(self) -> bool:
        """Say whether the assistant abstained."""
        return self.answer is not None and self.answer.status is not AnswerStatus.ANSWERED


def run_cases(
    cases: Sequence[Case],
    pipeline: Pipeline,
    *,
    languages: Sequence[Language] = tuple(Language),
    on_case: Callable[[], None] = lambda: None,
) -> list[CaseResult]:
    """Ask every case in every language; a crash is a result that scores nothing."""
    results = []
    for case in cases:
        for language in languages:
            results.append(_run(case, language, pipeline))
            on_case()
    return results


def _run(case: Case, language: Language, pipeline: Pipeline) -> CaseResult:
    started = time.perf_counter()
    try:
        answer = pipeline.answer(case.questions[language])
        error = ""
    except AssistantError as caught:
        answer, error = None, str(caught)
    except Exception as caught:  # noqa: BLE001  (a crash must score zero, not end the run)
        answer, error = None, repr(caught)
    seconds = time.perf_counter() - started
    if answer is None:
        return CaseResult(case, language, None, error, False, False, False, False, False, seconds)
    return CaseResult(
        case=case,
        language=language,
        answer=answer,
        error="",
        correct=is_correct(case, answer, language),
        concise=is_concise(answer, case.kind),
        right_language=in_language(answer, language),
        cited=cites_evidence(case, answer),
        quotes_exact=all(
            pipeline.document(citation.doc_id).text[citation.start : citation.end] == citation.quote
            for citation in answer.citations
        ),
        seconds=seconds,
    )
