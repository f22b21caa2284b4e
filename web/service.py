"""The assistant behind the page: one pipeline, opened again when the shelf has changed."""

import logging
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from corpus.errors import AssistantError
from corpus.schema import Document, Language, Rendering
from index.build import add_documents, remove_document
from index.filters import Filters, accepted_documents
from index.progress import OnProgress, no_progress
from index.schema import BuildSummary, ScoredChunk, ShelfEntry
from rag.pipeline import Pipeline, encoder_of, index_of
from rag.schema import Answer, Event, EventKind
from rag.settings import Settings
from web.admission import OFFLINE, WITH_MODEL, Admission, NotTaken, interruptible
from web.journal import Channel, Entry, Journal
from web.metrics import Metrics

_log = logging.getLogger(__name__)


class Assistant:
    """Answers, and looks after the shelf. May be used from several threads."""

    def __init__(self, settings: Settings) -> None:
        """Open the index that the settings name; slow, once.

        Raises:
            IndexMissing: There is no index in the folder.
            IndexMismatch: Another version or encoder built it, or it is damaged.
        """
        self.settings = settings
        self._encoder = encoder_of(settings)
        self._pipeline = Pipeline(index_of(settings, self._encoder), settings)
        self._lock = threading.Lock()  # one change of the shelf at a time
        self.admission = Admission(WITH_MODEL if settings.llm else OFFLINE)
        self.metrics = Metrics()
        self._journal = Journal(self.metrics)
        self._opening = threading.Lock()  # while it is held, somebody opens the changed index

    @property
    def pipeline(self) -> Pipeline:
        """Return the pipeline over the shelf as it is; a change by another process counts.

        While a changed index is being opened, questions go on being answered from the one before;
        when what another process left cannot be opened, the shelf as it was goes on serving.
        """
        try:
            if not self._pipeline.index.is_current() and self._opening.acquire(blocking=False):
                try:
                    self.reload()
                finally:
                    self._opening.release()
        except AssistantError as error:
            _log.warning("generation %d goes on serving: %s", self.generation, error)
        return self._pipeline

    @property
    def generation(self) -> int:
        """Return the number of the shelf's state; it grows with every change."""
        return self._pipeline.index.generation

    def reload(self) -> None:
        """Open the index again. Answers under way finish on the one they began with."""
        index = index_of(self.settings, self._encoder)
        self._pipeline = Pipeline(index, self.settings)

    def answer(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        language: Language | str | None = None,
        documents: Collection[str] | None = None,
        channel: Channel = Channel.ENDPOINT,
    ) -> Answer:
        """Answer from the reports, or abstain; errors as in `stream`."""
        events = self.stream(
            question, history, language=language, documents=documents, channel=channel
        )
        return next(event.answer for event in events if event.answer is not None)

    def answer_offline(self, question: str, language: Language) -> Answer:
        """Answer without a language model, even when one is set up."""
        return self.pipeline.answer_offline(question, language=language)

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        language: Language | str | None = None,
        documents: Collection[str] | None = None,
        channel: Channel = Channel.PAGE,
    ) -> Iterator[Event]:
        """Answer step by step; as `Pipeline.stream`, in its turn, with a line in the log.

        Raises:
            Busy, ShuttingDown: The question is not taken, or not answered to its end.
            QuestionError: It is empty or too long.
        """
        searched = None if documents is None else len(documents)
        entry = Entry(channel, len(question), len(history), searched)
        with self._journal.question(entry), self.admission.slot() as entry.waited_s:
            pipeline = self.pipeline
            events = pipeline.stream(question, history, language=language, documents=documents)
            if self.settings.llm:
                events = interruptible(events, self.admission.aborted)
            for event in events:
                entry.answer = event.answer
                if event.text.strip() and event.kind is not EventKind.STATUS:
                    entry.show()
                yield event

    def turned_away(self, channel: Channel) -> NotTaken:
        """Write the line of a question that is refused unread, and return what it is told."""
        refusal = self.admission.refusal
        unread = Entry(channel, num_chars=0, num_earlier=0, num_documents=None)
        with suppress(NotTaken), self._journal.question(unread):
            raise refusal
        return refusal

    def search(self, query: str, top_k: int, filters: Filters | None = None) -> list[ScoredChunk]:
        """Return the chunks nearest to a query, best first."""
        with self.admission.slot():
            return self.pipeline.retrieve(query, top_k, filters=filters)

    def chosen(self, filters: Filters | None) -> frozenset[str] | None:
        """Return the doc_ids that meet conditions, None when there are none."""
        return None if filters is None else accepted_documents(self.shelf(), filters)

    def shelf(self) -> tuple[ShelfEntry, ...]:
        """Return what is on the shelf, newest report first, undated ones last."""
        entries = sorted(self.pipeline.documents(), key=lambda entry: entry.doc_id)
        return tuple(sorted(entries, key=lambda entry: entry.date, reverse=True))

    def document(self, doc_id: str) -> Document | None:
        """Return a document, None when it is not on the shelf (any more)."""
        try:
            return self.pipeline.document(doc_id)
        except KeyError:
            return None

    def renderings(self, doc_id: str) -> tuple[Rendering, ...]:
        """Return a document's units in the other language; () without an edition."""
        try:
            return self.pipeline.index.renderings(doc_id)
        except KeyError:
            return ()

    def source(self, doc_id: str) -> bytes:
        """Return the bytes of a document's file.

        Raises:
            KeyError: No such document.
        """
        return self.pipeline.index.source(doc_id)

    def add(
        self,
        files: Sequence[tuple[str, bytes]],
        on_progress: OnProgress = no_progress,
        *,
        password: str | None = None,
    ) -> BuildSummary:
        """Add files, given as (file name, bytes), and answer from them at once."""
        with self._lock, self._opening:
            summary = add_documents(
                files,
                self.settings.place,
                self._encoder,
                password=password,
                on_progress=on_progress,
            )
            self.reload()
        return summary

    def remove(self, doc_id: str) -> BuildSummary:
        """Remove a document.

        Raises:
            DocumentError: There is no such document.
        """
        with self._lock, self._opening:
            summary = remove_document(doc_id, self.settings.place)
            self.reload()
        return summary
