"""Question → chunks → evidence → statements → verified Answer, the steps in order."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from corpus.language import question_language
from corpus.schema import Document, Language
from index.build import build_index, is_stale
from index.encoder import Encoder, load_encoder
from index.errors import IndexMissing, IndexOutdated
from index.filters import Filters, accepted_documents
from index.opened import OpenedIndex, open_index
from index.reranker import load_reranker
from index.schema import ScoredChunk, ShelfEntry
from index.settings import DOCUMENTS_DIR, INDEX_DIR
from index.threads import use_one_thread
from rag.composing.about import about_reports, cover_statements, covers_lack
from rag.composing.citations import cite
from rag.composing.composing import compose_special
from rag.composing.draft import draft_of
from rag.composing.extractive import compose
from rag.composing.notes import finished
from rag.errors import QuestionError
from rag.evidence.abstain import NOTHING, abstention, decide, off_cover
from rag.evidence.finding import Finder
from rag.evidence.premise import with_premise
from rag.evidence.similarity import Similarity
from rag.llm.setup import load_counter, load_judge, load_model
from rag.llm.writer import Writer, told
from rag.messages import ASKED_EMPTY, ASKED_TOO_LONG, COMPLETING, SEARCHING
from rag.questions.companies import by_short_names
from rag.questions.issuers import common, issuer_names
from rag.questions.plain import in_plain_words
from rag.questions.question import leaves_out, parse_question
from rag.questions.requests import is_out_of_reach
from rag.questions.spelling import Spelling
from rag.questions.titles import Titles
from rag.reading import Reading
from rag.schema import Answer, Event, EventKind, Trace
from rag.settings import Settings


class Pipeline:
    """Answers questions from one index. Load it once; it may be used from several threads."""

    def __init__(self, index: OpenedIndex, settings: Settings) -> None:
        self.index = index
        self.settings = settings
        use_one_thread()
        _ = self.writer  # what is wrong with the settings of a model is said at the start

    @classmethod
    def load(
        cls, settings: Settings | None = None, *, encoder: Encoder | None = None
    ) -> "Pipeline":
        """Open the index that the settings name; slow, once.

        An encoder that is loaded already, the one that the settings name, is used again.

        Raises:
            IndexMissing: There is no index in the folder.
            IndexMismatch: Another version or encoder built it, or it is damaged.
        """
        settings = settings or Settings()
        return cls(index_of(settings, encoder or encoder_of(settings)), settings)

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
        self,
        question: str,
        top_k: int = 10,
        *,
        documents: Collection[str] | None = None,
        filters: Filters | None = None,
    ) -> list[ScoredChunk]:
        """Return the chunks nearest to a question, each once, best first, ties by chunk_id."""
        return self.index.search(question, top_k=top_k, documents=documents, filters=filters)

    def answer(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        language: Language | str | None = None,
        documents: Collection[str] | None = None,
        filters: Filters | None = None,
    ) -> Answer:
        """Answer from the reports, or abstain.

        With a language model set up, it words the answer; whether there is one is decided before,
        and what it writes is checked sentence by sentence.

        Args:
            question: In Chinese or English.
            history: The user's earlier questions, oldest first.
            language: Of the answer; by default the language of the question.
            documents: Only these doc_ids are read; by default all.
            filters: Only documents that meet them are read: issuer, date range.

        Raises:
            QuestionError: The question is empty or too long.
        """
        events = self.stream(
            question, history, language=language, documents=documents, filters=filters
        )
        return next(event.answer for event in events if event.answer is not None)

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        language: Language | str | None = None,
        documents: Collection[str] | None = None,
        filters: Filters | None = None,
    ) -> Iterator[Event]:
        """Answer as `answer` does, step by step: a status, pieces of text, the answer.

        See `Event` for what a piece of text promises.
        """
        self._check(question)
        wanted = Language(language) if language else None
        spoken = wanted or question_language(question)
        if filters is not None:
            documents = common(documents, accepted_documents(self.documents(), filters))
        yield Event(EventKind.STATUS, SEARCHING[spoken])
        completed = ""
        if self.writer is not None and history and leaves_out(question):
            yield Event(EventKind.STATUS, COMPLETING[spoken])
            completed = self.writer.completed(question, history, spoken)
        if completed:
            reading = self._read(completed, (), spoken, documents)
            trace = replace(reading.offline.trace, completed=completed)
            reading = replace(reading, offline=replace(reading.offline, trace=trace))
        else:
            reading = self._read(question, history, wanted, documents)
        events = told(reading.offline) if self.writer is None else self.writer.write(reading)
        for event in events:
            if event.answer is not None:
                event = replace(event, answer=replace(event.answer, question=question))
            yield event

    def answer_offline(self, question: str, *, language: Language | str | None = None) -> Answer:
        """Answer as `answer` does when no language model is set up.

        Raises:
            QuestionError: The question is empty or too long.
        """
        self._check(question)
        reading = self._read(question, (), Language(language) if language else None, None)
        return replace(reading.offline, question=question)

    def _read(
        self,
        question: str,
        history: Sequence[str],
        language: Language | None,
        documents: Collection[str] | None,
    ) -> Reading:
        """Return what is found for a question, with the answer that needs no language model."""
        asked, titled = self.titles.named(by_short_names(question), history)
        parsed = parse_question(
            in_plain_words(self.spelling.correct(asked)),
            history=tuple(in_plain_words(by_short_names(earlier)) for earlier in history),
            language=language,
            issuers=self.issuers,
            is_titled=titled is not None,
        )
        allowed = common(common(documents, titled), parsed.documents)
        candidates = self.finder.search(parsed, allowed)
        ranked = self.finder.score(parsed, candidates)
        verdict = NOTHING if is_out_of_reach(question) else decide(ranked, parsed.kind)
        trace = Trace(
            chunk_ids=tuple(found.chunk.chunk_id for found in candidates),
            kind=parsed.kind.value,
            coverage=ranked[0].coverage if ranked else 0.0,
            confidence=verdict.confidence,
            missing=ranked[0].missing if ranked else parsed.terms,
            completed=parsed.text if parsed.recalled else "",
        )
        # Without a single document allowed, none of the covers may be read either.
        limited = replace(parsed, documents=tuple(allowed or ()))
        is_read = verdict is not NOTHING and (allowed is None or bool(allowed))
        cover = about_reports(limited, self.index) if is_read else []
        used = verdict.evidence
        if verdict is NOTHING:
            reply = abstention(parsed, ranked, self.index)
        elif cover:
            reply = cite(parsed, draft_of(cover_statements(cover, parsed.language)), self.index)
        elif covers_lack(limited, self.index):
            reply = off_cover(parsed, ranked, self.index)
        elif composed := compose_special(parsed, candidates, ranked, self.finder, allowed):
            used = (*used, *composed.evidence)
            reply = cite(parsed, finished(parsed, composed.draft, (), self.index), self.index)
        elif not verdict.answerable:
            reply = with_premise(abstention(parsed, ranked, self.index), parsed, ranked)
        else:
            weights = {term: self.term_weight(term) for term in parsed.terms}
            draft = compose(parsed, used, self.index, weights)
            reply = cite(parsed, finished(parsed, draft, used, self.index), self.index)
        return Reading(
            question=parsed,
            evidence=used,
            offline=replace(reply, trace=trace),
            from_cover=bool(cover),
            documents=None if allowed is None else tuple(sorted(allowed)),
        )

    def _check(self, question: str) -> None:
        limit = self.settings.max_question_chars
        if not question.strip():
            raise QuestionError(ASKED_EMPTY)
        if len(question) > limit:
            raise QuestionError(ASKED_TOO_LONG.format(found=len(question), limit=limit))

    @cached_property
    def writer(self) -> Writer | None:
        """Return what words the answers with a language model, None to answer offline."""
        model = load_model(self.settings)
        if model is None:
            return None
        return Writer(
            model=model,
            index=self.index,
            counter=load_counter(self.settings),
            context_tokens=self.settings.llm_context_tokens,
            deadline_s=self.settings.llm_deadline_s,
            judge=load_judge(self.settings),
        )

    @cached_property
    def spelling(self) -> Spelling:
        """Return what corrects names by the words of the index."""
        return Spelling(self.index.vocabulary)

    @cached_property
    def similarity(self) -> Similarity:
        """Return nearness in meaning by the index's encoder."""
        return Similarity(self.index.encoder, self.index.term_table)

    @cached_property
    def issuers(self) -> Mapping[str, Sequence[str]]:
        """Return the names by which a question may limit itself to documents."""
        return issuer_names(self.index)

    @cached_property
    def titles(self) -> Titles:
        """Return what tells which document a question means by what it is called."""
        return Titles(self.index, self.issuers)

    @cached_property
    def finder(self) -> Finder:
        """Return what looks into the reports."""
        return Finder(self.index, self.similarity, self.issuers, self.settings.top_k)

    def term_weight(self, term: str) -> float:
        """Return how much a term of a question says, from 0 to 1."""
        return self.finder.weight(term)


def encoder_of(settings: Settings) -> Encoder:
    """Load the encoder that the settings name."""
    return load_encoder(
        settings.encoder,
        device=settings.encoder_device,
        batch_size=settings.encoder_batch_size,
    )


def index_of(settings: Settings, encoder: Encoder) -> OpenedIndex:
    """Open the index that the settings name, with their reranker if they name one."""
    reranker = load_reranker(settings.reranker, device=settings.encoder_device)
    return open_index(settings.place, encoder, reranker=reranker)


def ensure_index(settings: Settings, encoder: Encoder | None = None) -> None:
    """Build the index of the shipped documents if the default folder has none, or an old one.

    An index elsewhere is the user's own and never touched.
    """
    if settings.store or settings.index_dir.resolve() != INDEX_DIR.resolve():
        return
    encoder = encoder or encoder_of(settings)
    try:
        if not is_stale(DOCUMENTS_DIR, settings.index_dir, encoder):
            return
    except (IndexMissing, IndexOutdated):
        pass
    build_index(DOCUMENTS_DIR, settings.index_dir, encoder)
