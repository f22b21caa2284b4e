"""The values of this package: Question → Evidence → Draft → Answer."""

from dataclasses import dataclass
from enum import StrEnum

from corpus.schema import Language


class AnswerStatus(StrEnum):
    """What came of a question."""

    ANSWERED = "answered"
    NOT_IN_CORPUS = "not_in_corpus"  # the reports do not say it
    UNSUPPORTED = "unsupported"  # a draft was written, but its claims have no source


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quote of a report: `document.text[start:end] == quote`."""

    marker: int  # 1 for [1] in the text
    quote: str
    doc_id: str
    title: str
    issuer: str
    date: str  # ISO 8601 as far as the report gives it, or ""
    page: int | None  # counted from 1; None where the file has no pages
    section: str  # headings above the quote, outermost first, joined by " > "
    start: int  # characters of the document's text
    end: int
    translation: str | None = None  # the quote in the answer's language, when it is another


@dataclass(frozen=True, slots=True)
class Nearest:
    """A passage offered with an abstention: near the question, but no answer to it."""

    doc_id: str
    title: str
    section: str
    text: str
    page: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a model's draft, and what the checks said of it."""

    text: str  # without its markers
    evidence: tuple[int, ...]  # ids of the evidence that it was held against
    refusal: str = (
        ""  # why it is not in the answer, "" when it is: `rag.verification.verify.Refusal`
    )
    detail: str = ""  # the figure, name or words that the evidence does not have


@dataclass(frozen=True, slots=True)
class ModelTrace:
    """What a language model did for an answer; empty when none was asked."""

    model: str = ""  # provider:model
    draft: str = ""  # as it was written
    sentences: tuple[CheckedSentence, ...] = ()
    fault: str = ""  # why the offline answer was given instead, "" when it was not
    reason: str = ""  # the same for a developer
    prompt_tokens: int = 0
    tokens_exact: bool = False  # counted by the model's own tokenizer; else estimated
    withheld: int = 0  # pieces of evidence that speak to a model and were not sent


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about, for developers and the evaluation."""

    chunk_ids: tuple[str, ...] = ()  # retrieved, best first
    kind: str = ""  # of the question
    coverage: float = 0.0  # of the best evidence, from 0 to 1
    confidence: float = 0.0  # that an answer from it is right, from 0 to 1; also when declined
    missing: tuple[str, ...] = ()  # what was looked for and not found
    completed: str = ""  # the question as completed from the conversation
    model: ModelTrace = ModelTrace()


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question. An abstention is an answer too, with no citations."""

    question: str
    text: str  # in `language`, with markers [1], [2] …
    language: Language
    status: AnswerStatus
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Nearest, ...] = ()  # with an abstention only
    engine: str = "extractive"
    trace: Trace = Trace()

    def __post_init__(self) -> None:
        answered = self.status is AnswerStatus.ANSWERED
        if answered != bool(self.citations):
            raise ValueError(f"{self.status} with {len(self.citations)} citations")


class EventKind(StrEnum):
    """What an event of a streamed answer brings."""

    STATUS = "status"  # what is being done, in the language of the question
    TEXT = "text"  # the next piece of text, see `Event.verified`
    ANSWER = "answer"  # the whole answer; always last


@dataclass(frozen=True, slots=True)
class Event:
    """One step of `Pipeline.stream`.

    Verified pieces of text have passed the checks; joined they are the answer's text. An unverified
    piece belongs to a sentence that a model is still writing: it stands after the verified ones,
    until the next verified piece takes the place of all unverified ones. That piece is "" for a
    sentence that did not pass. When too little passes, the answer has another text than was
    streamed: the event with the answer has the last word.
    """

    kind: EventKind
    text: str = ""
    answer: Answer | None = None  # with ANSWER only
    verified: bool = True  # False for a piece of a draft that is not checked yet
