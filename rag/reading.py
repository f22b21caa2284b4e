"""What was found for a question before anything is said about it."""

from dataclasses import dataclass

from rag.evidence.scoring import ScoredEvidence
from rag.questions.question import Question
from rag.schema import Answer


@dataclass(frozen=True, slots=True)
class Reading:
    """A question with its evidence and the answer that needs no language model."""

    question: Question
    evidence: tuple[ScoredEvidence, ...]  # that may be used, best first
    offline: Answer
    from_cover: bool = False  # the answer is a report's own particulars, to be quoted as they are
    documents: tuple[str, ...] | None = None  # that are read, None for all
