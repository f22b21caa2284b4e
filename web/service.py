"""The assistant behind the page: one pipeline, opened again when the shelf has changed."""

import logging
import threading
from collections.abc import Collection, Iterator, Sequence

from corpus.errors import AssistantError
from corpus.schema import Document, Language, Rendering
from index.build import add_documents, remove_document
from index.progress import OnProgress, no_progress
from index.schema import BuildSummary, ScoredChunk, ShelfEntry
from rag.pipeline import Pipeline, encoder_of, index_of
from rag.schema import Answer, Event
from rag.settings import Settings

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
    ) -> Answer:
        """Answer from the reports, or abstain; as `Pipeline.answer`, errors included."""
        return self.pipeline.answer(question, history, language=language, documents=documents)

    def answer_offline(self, question: str, language: Language) -> Answer:
        """Answer without a language model, even when one is set up."""
        return self.pipeline.answer_offline(question, language=language)

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        documents: Collection[str] | None = None,
    ) -> Iterator[Event]:
        """Answer step by step; as `Pipeline.stream`, errors included."""
        return self.pipeline.stream(question, history, documents=documents)

    def search(self, query: str, top_k: int) -> list[ScoredChunk]:
        """Return the chunks nearest to a query, best first."""
        return self.pipeline.retrieve(query, top_k)

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
