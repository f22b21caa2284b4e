"""What looks into the reports: the search, and the scoring of what it finds."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.glossary import names_in, names_of
from corpus.schema import Role
from index.opened import OpenedIndex
from index.schema import ScoredChunk
from rag.evidence.definitions import definitions_called
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.gathering import gather_evidence
from rag.evidence.holding import is_named
from rag.evidence.scoring import ScoredEvidence, score_evidence, term_weight
from rag.evidence.similarity import Similarity
from rag.evidence.statements import rows_called
from rag.questions.question import Question

_OF_NAME, _LOOKED_AT = 3, 20  # chunks for each name that no other chunk has, of so many looked at
_MOST_NAMES = 3
_OF_OWN = 4  # chunks of a company's own reports, where a search finds none of them


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
        depth = self.top_k if top_k is None else top_k
        own = self.own_reports(question)
        documents = self._without_others(own, documents)
        found = self.index.search(question.text, top_k=depth, documents=documents)
        own = own if documents is None else own & set(documents)
        if own and not any(chunk.chunk.doc_id in own for chunk in found):
            found += self.index.search(question.text, top_k=min(depth, _OF_OWN), documents=own)
        return found + self._with_names(question, documents, found)

    def _without_others(
        self, own: Collection[str], documents: Collection[str] | None
    ) -> Collection[str] | None:
        """Return the documents without the filings of companies that a question does not name.

        Nothing is left out where it names none, or where nothing would be left.
        """
        if not own:
            return documents
        others = {entry.doc_id for entry in self.index.shelf if entry.names} - set(own)
        if not others:
            return documents
        kept = {entry.doc_id for entry in self.index.shelf} if documents is None else set(documents)
        return kept - others or documents

    def _with_names(
        self, question: Question, documents: Collection[str] | None, found: Sequence[ScoredChunk]
    ) -> list[ScoredChunk]:
        """Return a few chunks that have the names of a question which none of those found has.

        Where a question says much besides, one rare name weighs little in the search.
        """
        texts = [chunk.chunk.text for chunk in found]
        missing = [
            name
            for name in sorted(question.names)
            if name.isascii()
            and self.index.vocabulary.document_frequency(name)
            and not any(is_named(name, question, text) for text in texts)
        ]
        least = min((chunk.score for chunk in found), default=0.0)
        known = {chunk.chunk.chunk_id for chunk in found}
        more: dict[str, ScoredChunk] = {}
        for name in missing[:_MOST_NAMES]:
            wanted = f"{name} {' '.join(sorted(question.heads))}"
            having = [
                item
                for item in self.index.search(wanted, top_k=_LOOKED_AT, documents=documents)
                if item.chunk.chunk_id not in known and is_named(name, question, item.chunk.text)
            ]
            for item in having[:_OF_NAME]:
                more[item.chunk.chunk_id] = replace(item, score=min(item.score, least))
        return list(more.values())

    def score(self, question: Question, chunks: Sequence[ScoredChunk]) -> list[ScoredEvidence]:
        """Return the evidence in chunks with scores, best first."""
        evidence = gather_evidence(self.index, chunks, question.language)
        known = {(item.doc_id, item.start, item.end) for item in evidence}
        best = max((chunk.score for chunk in chunks), default=0.0)
        evidence += [
            replace(item, retrieval=best)
            for item in self._called(question, {chunk.chunk.doc_id for chunk in chunks})
            if (item.doc_id, item.start, item.end) not in known
        ]
        return score_evidence(question, evidence, self.weight, self.similarity)

    def _called(self, question: Question, documents: set[str]) -> list[Evidence]:
        """Return the rows and definitions of what is asked for in filings; of a named company only its."""
        where = self.own_reports(question) & documents or documents
        return [
            evidence
            for look_up in (rows_called, definitions_called)
            for evidence in look_up(question, self.index, where, self.weight, self.similarity)
        ]

    def own_reports(self, question: Question) -> set[str]:
        """Return the filings of the companies that a question names."""
        named = names_in(question.text)
        names = {name.casefold() for one in named for name in (one, *names_of(one))}
        return {
            entry.doc_id
            for entry in (self.index.shelf if names else ())
            if not names.isdisjoint(name.casefold() for name in entry.names)
        }

    def filings(self, question: Question, documents: Collection[str] | None) -> set[str]:
        """Return the filings that a question is asked of: of the companies it names, or of those documents."""
        own = self.own_reports(question)
        if documents is None:
            return own
        filed = {entry.doc_id for entry in self.index.shelf if entry.names}
        return own & set(documents) or filed & set(documents)

    def echoes(self, question: Question, chunks: Sequence[ScoredChunk]) -> list[ScoredEvidence]:
        """Return the evidence that says nothing but what a question says, in order, without scores.

        It answers nothing, except whether it is so.
        """
        asked = frozenset(question.terms)
        evidence = gather_evidence(self.index, chunks, question.language)
        return [
            ScoredEvidence(item, 0.0, {}, ())
            for item in evidence
            if item.role is Role.CONTENT
            and item.terms <= asked
            # 是 has no terms: a cell that only says yes is of what its row is called.
            and (item.terms or (item.is_cell and not asked.isdisjoint(text_terms(item.row))))
        ]

    @property
    def weight(self) -> Callable[[str], float]:
        """Return what says how much a term of a question says, from 0 to 1."""
        vocabulary = self.index.vocabulary
        return lambda term: term_weight(
            term, vocabulary.document_frequency(term), vocabulary.num_documents
        )
