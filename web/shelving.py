"""The events of the shelf: add, remove, choose what is searched."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import AssistantError
from index.schema import BuildSummary
from web import handlers
from web.adding import add_with_progress, read_files, step_html, summary_html
from web.asking import Chosen, Updates
from web.handlers import Desk
from web.parts import Parts, data_of, quick, texts_of
from web.shelf import notice_html, problem_html
from web.texts import Texts


class Shelving:
    """What the shelf does."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._parts = parts

    def wire(self) -> None:
        """Connect the events."""
        parts = self._parts
        shown = [parts.shelf, parts.chosen, parts.scope]
        options: dict[str, Any] = {
            "outputs": [parts.progress, parts.files, parts.locked, *shown],
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": 1,
            "concurrency_id": "add",
        }
        state = [parts.language, parts.chosen]
        parts.files.upload(self._add, [parts.files, *state], **options)
        parts.progress.unlock(self._unlock, [parts.locked, *state], **options)
        removed = [*shown, parts.progress]
        parts.shelf.remove(**quick(self._remove, [parts.language, parts.chosen], removed))
        parts.shelf.tick(**quick(self._tick, [parts.language], [parts.chosen, parts.scope]))
        parts.scope.all(**quick(self._search_all, [parts.language], shown))

    def _add(
        self, paths: Sequence[str] | None, language: object, chosen: Chosen
    ) -> Iterator[Updates]:
        if paths:
            yield from self._add_files(paths, None, texts_of(language), chosen)

    def _unlock(
        self, locked: Sequence[str], language: object, chosen: Chosen, event: gr.EventData
    ) -> Iterator[Updates]:
        """Add the files that were encrypted again, with the password that was entered."""
        texts = texts_of(language)
        password = data_of(event).get("password", "")
        paths = [path for path in locked if Path(path).is_file()]
        if not paths:
            yield {self._parts.progress: problem_html(texts("locked_gone"))}
        elif password:
            yield from self._add_files(paths, password, texts, chosen)

    def _add_files(
        self, paths: Sequence[str], password: str | None, texts: Texts, chosen: Chosen
    ) -> Iterator[Updates]:
        parts = self._parts
        notice = ""
        locked: tuple[str, ...] = ()
        try:
            for step in add_with_progress(self._desk.assistant, read_files(paths), password):
                if isinstance(step, BuildSummary):
                    notice = summary_html(step, texts)
                    names = {item.file_name for item in step.refused if item.needs_password}
                    locked = tuple(path for path in paths if Path(path).name in names)
                else:
                    yield {parts.progress: step_html(step, texts)}
        except AssistantError as error:
            notice = problem_html(error)
        self._discard(set(paths) - set(locked))
        table, kept, line = self._shown(chosen, texts)
        self._desk.examples.refresh()
        yield {
            parts.progress: notice,
            parts.files: None,
            parts.locked: locked,
            parts.shelf: table,
            parts.chosen: kept,
            parts.scope: line,
        }

    def _discard(self, paths: Collection[str]) -> None:
        """Delete uploads that have been read: the index holds their bytes.

        The paths come from the browser, so nothing outside the folder of uploads is touched.
        """
        uploads = Path(self._parts.files.GRADIO_CACHE).resolve()
        for path in map(Path, paths):
            if path.resolve().is_relative_to(uploads):
                path.unlink(missing_ok=True)

    def _remove(self, language: object, chosen: Chosen, event: gr.EventData) -> tuple[Any, ...]:
        texts = texts_of(language)
        doc_id = data_of(event).get("doc", "")
        document = self._desk.assistant.document(doc_id)
        title = document.metadata.title or document.file_name if document else doc_id
        try:
            self._desk.assistant.remove(doc_id)
        except AssistantError as error:
            return *self._shown(chosen, texts), problem_html(error)
        self._desk.examples.refresh()
        return *self._shown(chosen, texts), notice_html(texts("removed", title=title))

    def _tick(self, language: object, event: gr.EventData) -> tuple[Chosen, str]:
        data = event._data if isinstance(event._data, dict) else {}
        given = data.get("documents")
        documents = [str(item) for item in given] if isinstance(given, list) else None
        kept = handlers.chosen_documents(self._desk, documents)
        return kept, handlers.scope_line(self._desk, kept, texts_of(language))

    def _search_all(self, language: object) -> tuple[str, Chosen, str]:
        return self._shown(None, texts_of(language))

    def _shown(self, chosen: Chosen, texts: Texts) -> tuple[str, Chosen, str]:
        kept = handlers.chosen_documents(self._desk, chosen)
        return (
            handlers.shelf_view(self._desk, kept, texts),
            kept,
            handlers.scope_line(self._desk, kept, texts),
        )
