"""Question → chunks → evidence → statements → verified Answer, the steps in order."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from corpus.language import question_language
from corpus.schema import Document, Language
from index.build import build_index, is_stale
from index.encoder import load_encoder
from index.errors import IndexMissing
from index.schema import ScoredChunk, ShelfEntry
from index.search import Index
from index.settings import DOCUMENTS_DIR, INDEX_DIR
from rag.about import about_reports
from rag.abstain import abstention, decide
from rag.citations import cite
from rag.errors import QuestionError
from rag.evidence import gather_evidence
from rag.extractive import Statement, compose
from rag.issuers import issuer_names
from rag.messages import ASKED_EMPTY, ASKED_TOO_LONG, SEARCHING
from rag.question import parse_question
from rag.schema import Answer, Event, EventKind, Trace
from rag.scoring import score_evidence, term_weight
from rag.settings import Settings
from rag.similarity import Similarity

# Least probability of a translation that counts as the term itself.
_LIKELY = 0.08


class Pipeline:
    """Answers questions from one index. Load it once; it may be used from several threads."""

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        self.settings = settings

    @classmethod
    def load(cls, settings: Settings | None = None) -> "Pipeline":
        """Open the index that the settings name; slow, once.

        Raises:
            IndexMissing: There is no index in the folder.
            IndexMismatch: Another version or encoder built it, or it is damaged.
        """
        settings = settings or Settings()
        encoder = load_encoder(settings.encoder)
        return cls(Index.open(settings.index_dir, encoder), settings)

    def documents(self) -> tuple[ShelfEntry, ...]:
        """Return what is on the shelf, sorted by id."""
        return self.index.shelf

    def document(self, doc_id: str) -> Document:
        """Return a document; every citation's offsets count characters of its text.

        Raises:
            KeyError: No such document.
        """
        return self.index.document(doc_id)

    def retrieve(
        self, question: str, top_k: int = 10, *, documents: Collection[str] | None = None
    ) -> list[ScoredChunk]:
        """Return the chunks nearest to a question, each once, best first, ties by chunk_id."""
        return self.index.search(question, top_k=top_k, documents=documents)

    def answer(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        language: Language | str | None = None,
        documents: Collection[str] | None = None,
    ) -> Answer:
        """Answer from the reports, or abstain.

        Args:
            question: In Chinese or English.
            history: The user's earlier questions, oldest first.
            language: Of the answer; by default the language of the question.
            documents: Only these doc_ids are read; by default all.

        Raises:
            QuestionError: The question is empty or too long.
        """
        self._check(question)
        parsed = parse_question(
            question,
            history=history,
            language=Language(language) if language else None,
            issuers=self.issuers,
        )
        allowed = _intersection(documents, parsed.documents)
        candidates = self.index.search(parsed.text, top_k=self.settings.top_k, documents=allowed)
        evidence = gather_evidence(self.index, candidates, parsed.language)
        ranked = score_evidence(parsed, evidence, self.term_weight, self.similarity, self.translate)
        trace = Trace(
            chunk_ids=tuple(candidate.chunk.chunk_id for candidate in candidates),
            kind=parsed.kind.value,
            coverage=ranked[0].coverage if ranked else 0.0,
            missing=ranked[0].missing if ranked else parsed.terms,
            completed=parsed.text if parsed.recalled else "",
        )
        verdict = decide(ranked)
        cover = about_reports(replace(parsed, documents=tuple(allowed or ())), self.index)
        if cover:
            reply = cite(parsed, [Statement(line.text, line) for line in cover], self.index)
        elif not verdict.answerable:
            reply = abstention(parsed, ranked, self.index)
        else:
            weights = {term: self.term_weight(term) for term in parsed.terms}
            statements = compose(parsed, verdict.evidence, self.index, weights)
            reply = cite(parsed, statements, self.index)
        return replace(reply, question=question, trace=trace)

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        language: Language | str | None = None,
        documents: Collection[str] | None = None,
    ) -> Iterator[Event]:
        """Answer as `answer` does, step by step: a status, the text line by line, the answer.

        Every piece of text has passed the same checks as the whole answer.
        """
        spoken = Language(language) if language else question_language(question)
        yield Event(EventKind.STATUS, SEARCHING[spoken])
        reply = self.answer(question, history, language=language, documents=documents)
        for line in reply.text.splitlines(keepends=True):
            yield Event(EventKind.TEXT, line)
        yield Event(EventKind.ANSWER, reply.text, reply)

    def _check(self, question: str) -> None:
        if not question.strip():
            raise QuestionError(ASKED_EMPTY)
        if len(question) > self.settings.max_question_chars:
            raise QuestionError(
                ASKED_TOO_LONG.format(found=len(question), limit=self.settings.max_question_chars)
            )

    def translate(self, term: str) -> Collection[str]:
        """Return the likely names of a term in the other language."""
        table = self.index.term_table
        return [name for name, probability in table.translate(term) if probability > _LIKELY]

    @cached_property
    def similarity(self) -> Similarity:
        """Return nearness in meaning by the index's encoder."""
        return Similarity(self.index.encoder)

    @cached_property
    def issuers(self) -> Mapping[str, Sequence[str]]:
        """Return the names by which a question may limit itself to documents."""
        return issuer_names(self.index)

    def term_weight(self, term: str) -> float:
        """Return how much a term of a question says, from 0 to 1."""
        df = self.index.derived.lexical.document_frequency(term)
        return term_weight(term, df, len(self.index.views))


def _intersection(
    given: Collection[str] | None, named: Collection[str] | None
) -> Collection[str] | None:
    if given is None or named is None:
        return given if named is None else named
    return set(given) & set(named)


def ensure_index(settings: Settings) -> None:
    """Build the index of the shipped documents if the default folder has none, or an old one.

    An index elsewhere is the user's own and never touched.
    """
    if settings.index_dir.resolve() != INDEX_DIR.resolve():
        return
    encoder = load_encoder(settings.encoder)
    try:
        if not is_stale(DOCUMENTS_DIR, settings.index_dir, encoder):
            return
    except IndexMissing:
        pass
    build_index(DOCUMENTS_DIR, settings.index_dir, encoder)
