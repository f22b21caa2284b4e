"""What looks into the reports: the search, and the scoring of what it finds."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from corpus.schema import Role
from index.opened import OpenedIndex
from index.schema import ScoredChunk
from rag.gathering import gather_evidence
from rag.question import Question
from rag.scoring import ScoredEvidence, score_evidence, term_weight
from rag.similarity import Similarity


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds evidence. Safe to share between threads."""

    index: OpenedIndex
    similarity: Similarity
    issuers: Mapping[str, Sequence[str]]  # names by which a question limits itself → doc_ids
    top_k: int  # chunks that are searched for one answer

    def search(
        self, question: Question, documents: Collection[str] | None, *, top_k: int | None = None
    ) -> list[ScoredChunk]:
        """Return the chunks nearest to a question, best first; of all documents, or only of some."""
        return self.index.search(
            question.text, top_k=self.top_k if top_k is None else top_k, documents=documents
        )

    def score(self, question: Question, chunks: Sequence[ScoredChunk]) -> list[ScoredEvidence]:
        """Return the evidence in chunks with scores, best first."""
        evidence = gather_evidence(self.index, chunks, question.language)
        return score_evidence(question, evidence, self.weight, self.similarity)

    def echoes(self, question: Question, chunks: Sequence[ScoredChunk]) -> list[ScoredEvidence]:
        """Return the evidence that says nothing but what a question says, in order, without scores.

        It answers nothing, except whether it is so.
        """
        asked = frozenset(question.terms)
        evidence = gather_evidence(self.index, chunks, question.language)
        return [
            ScoredEvidence(item, 0.0, {}, ())
            for item in evidence
            if item.role is Role.CONTENT and item.terms and item.terms <= asked
        ]

    @property
    def weight(self) -> Callable[[str], float]:
        """Return what says how much a term of a question says, from 0 to 1."""
        vocabulary = self.index.vocabulary
        return lambda term: term_weight(
            term, vocabulary.document_frequency(term), vocabulary.num_documents
        )
