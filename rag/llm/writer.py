"""A question with its evidence → the events of an answer that a language model words.

The answer is the offline one whenever the model fails, or when too little of its draft passes the
checks; the reader is told. Whether there is an answer at all is decided before, by the same code
as without a model.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from corpus.chat.client import StreamingModel
from corpus.schema import Language
from index.opened import OpenedIndex
from rag.llm.drafting import Draft, draft_events
from rag.llm.judging import judged_unsupported
from rag.llm.request import Request, build_request, cited_evidence, taken_in_turn
from rag.llm.rewriting import rewritten
from rag.llm.summary import Summarising, reports_of_summary
from rag.llm.tokens import TokenCounter
from rag.llm.verifying import Verifier
from rag.messages import OFFLINE_INSTEAD, WRITING
from rag.questions.kinds import QuestionKind
from rag.reading import Reading
from rag.schema import Answer, AnswerStatus, Event, EventKind, ModelTrace
from rag.verification.vocabulary import Translate, translator

_COMPARING = frozenset({QuestionKind.CROSS_REPORT, QuestionKind.COMPARISON})


def told(answer: Answer) -> Iterator[Event]:
    """Yield an answer that needs no more checks: its text line by line, then the whole."""
    for line in answer.text.splitlines(keepends=True):
        yield Event(EventKind.TEXT, line)
    yield Event(EventKind.ANSWER, answer.text, answer)


@dataclass
class Writer:
    """Words answers. May be used from several threads."""

    model: StreamingModel
    index: OpenedIndex
    counter: TokenCounter
    context_tokens: int
    deadline_s: float
    judge: StreamingModel | None = None

    def completed(self, question: str, history: Sequence[str], language: Language) -> str:
        """Return a follow-up question completed from the conversation; "" to leave it to rules."""
        return rewritten(self.model, question, history, language, self.deadline_s / 3)

    def write(self, reading: Reading) -> Iterator[Event]:
        """Yield the events of an answer; the last one brings it."""
        summed_up = reports_of_summary(reading, self.index)
        if summed_up and not reading.from_cover:
            yield from self._summarise(reading, summed_up[0])
        elif reading.from_cover or reading.offline.status is not AnswerStatus.ANSWERED:
            yield from told(reading.offline)
        else:
            yield from self._answer(reading)

    def _answer(self, reading: Reading) -> Iterator[Event]:
        language = reading.question.language
        until = time.monotonic() + self.deadline_s
        request = self._request(reading)
        verifier = Verifier(self.index, language, self.translate, request.numbered())
        if not request.evidence:
            yield from told(reading.offline)
            return
        yield Event(EventKind.STATUS, WRITING[language])
        task = "comparison" if reading.question.kind is QuestionKind.CROSS_REPORT else "answer"
        # What a judge may still take away is not shown as verified.
        draft = yield from draft_events(
            self.model, task, request, verifier, self.deadline_s, shows_verified=self.judge is None
        )
        if not draft.fault:
            self._judge(verifier, max(0.1, until - time.monotonic()))
        fault = draft.fault or _shortcoming(draft, verifier, reading)
        trace = self._trace(draft, verifier, request, fault)
        if fault:
            yield _offline(reading.offline, fault, trace)
            return
        reply = composed(reading, verifier, self.model.name, trace)
        if self.judge is not None:
            yield Event(EventKind.TEXT, reply.text)
        yield Event(EventKind.ANSWER, reply.text, reply)

    def _request(self, reading: Reading) -> Request:
        """Return the request: what the offline answer cites first, then the rest, best first."""
        ranked = [item.evidence for item in reading.evidence]
        cited = cited_evidence(self.index, reading.offline.citations, ranked[0]) if ranked else []
        pieces = [*cited, *ranked]
        if reading.question.kind in _COMPARING:
            pieces = taken_in_turn(pieces)
        return build_request(
            self.index,
            pieces,
            self.counter,
            budget_tokens=self.context_tokens,
            question=reading.question.text,
        )

    def _summarise(self, reading: Reading, doc_id: str) -> Iterator[Event]:
        language = reading.question.language
        work = Summarising(
            self.model, self.index, self.counter, self.context_tokens, self.deadline_s,
            self.translate, language,
        )  # fmt: skip
        verifier, draft, request = yield from work.events(doc_id, reading.question.text)
        fault = draft.fault or ("" if verifier.kept else "unsupported")
        trace = self._trace(draft, verifier, request, fault)
        if fault:
            yield _offline(reading.offline, fault, trace)
            return
        yield from told(composed(reading, verifier, self.model.name, trace, note=work.note))

    def _judge(self, verifier: Verifier, seconds: float) -> None:
        if self.judge is not None and verifier.kept:
            verifier.refuse(
                judged_unsupported(
                    self.judge, verifier.kept, verifier.evidence, verifier.language, seconds
                )
            )

    def _trace(self, draft: Draft, verifier: Verifier, request: Request, fault: str) -> ModelTrace:
        return ModelTrace(
            model=self.model.name,
            draft=draft.text,
            sentences=tuple(verifier.checked),
            fault=fault,
            reason=draft.reason,
            prompt_tokens=request.tokens,
            tokens_exact=self.counter.exact,
            withheld=request.withheld,
        )

    @cached_property
    def translate(self) -> Translate:
        """Return what a word may be called in the other language."""
        return translator(self.index.term_table)


def composed(
    reading: Reading, verifier: Verifier, engine: str, trace: ModelTrace, note: str = ""
) -> Answer:
    """Return the answer that the kept sentences make, with their citations."""
    text = "".join(verifier.pieces())
    return Answer(
        question=reading.question.text,
        text=f"{text}\n{note}" if note else text,
        language=verifier.language,
        status=AnswerStatus.ANSWERED,
        citations=verifier.citations(),
        engine=engine,
        trace=replace(reading.offline.trace, model=trace),
    )


def _shortcoming(draft: Draft, verifier: Verifier, reading: Reading) -> str:
    """Say why a whole draft is not enough of an answer, "" when it is."""
    if draft.declines:
        return "no_answer"
    if not verifier.kept or verifier.num_refused > len(verifier.kept):
        return "unsupported"
    said = " ".join(sentence.text for sentence, _ in verifier.kept)
    wants_figure = reading.question.kind in {QuestionKind.NUMBER, QuestionKind.DATE}
    has_figure = any(char.isdigit() for char in reading.offline.text.split("[")[0])
    if wants_figure and has_figure and not any(char.isdigit() for char in said):
        return "unsupported"
    return ""


def _offline(answer: Answer, fault: str, trace: ModelTrace) -> Event:
    """Return the offline answer with a note that says why it is given."""
    note = OFFLINE_INSTEAD[fault][answer.language]
    reply = replace(answer, text=f"{answer.text}\n{note}", trace=replace(answer.trace, model=trace))
    return Event(EventKind.ANSWER, reply.text, reply)
