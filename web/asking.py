"""The events around a question: ask, stop, ask again, edit, vote."""

from collections.abc import Generator, Iterator, Sequence
from typing import Any

import gradio as gr

from web import handlers
from web.conversation import History, Turn, with_turns
from web.handlers import Desk, history_of, number_of
from web.parts import Parts, data_of, quick, texts_of
from web.texts import Texts

# More than may wait for their turn (`web.admission`), so that "busy" is said at once.
_CONCURRENT_ANSWERS = 40

Chosen = Sequence[str] | None
"""The doc_ids that are searched, None for all."""

Updates = dict[Any, Any]
"""New values by component."""


class Asking:
    """What the composer and the conversation do."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._parts = parts

    def wire(self) -> None:
        """Connect the events."""
        parts = self._parts
        state = [parts.stored, parts.language, parts.chosen]
        outputs = [
            parts.question,
            parts.transcript,
            parts.suggestions,
            parts.conversations,
            parts.stored,
            parts.editing,
            parts.asked,
            parts.scope,
        ]
        options: dict[str, Any] = {
            "outputs": outputs,
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_id": "ask",
            "concurrency_limit": _CONCURRENT_ANSWERS,
        }
        running = [
            parts.question.submit(self._ask, [parts.question, *state, parts.editing], **options),
            parts.transcript.ask(self._ask_example, state, **options),
            parts.suggestions.ask(self._ask_example, state, **options),
            parts.transcript.retry(self._retry, state, **options),
        ]
        for event in running:
            event.then(**quick(self._follow_ups, state[:2], parts.suggestions))
        whole = quick(self._show_earlier, state[:2], parts.transcript)
        parts.transcript.earlier(**whole)
        stopping = quick(self._stop, [*state, parts.editing, parts.asked], outputs)
        parts.question.stop(**stopping, cancels=running)
        edited = [parts.question, parts.editing, parts.scope]
        parts.transcript.edit(**quick(self._edit, state, edited))
        parts.scope.cancel(**quick(self._cancel, [parts.language, parts.chosen], edited))
        kept = [parts.transcript, parts.stored]
        parts.transcript.vote(**quick(self._vote, [parts.stored, parts.language], kept))

    def _ask(
        self, question: str, stored: object, language: object, chosen: Chosen, editing: int | None
    ) -> Iterator[Updates]:
        parts, texts = self._parts, texts_of(language)
        question = question.strip()
        if not question:
            return
        history, waiting = handlers.asking(history_of(stored), question, texts, replaced=editing)
        yield {
            parts.question: gr.Textbox(value="", submit_btn=False, stop_btn=texts("stop")),
            parts.transcript: waiting,
            parts.suggestions: "",
            parts.asked: question,
        }
        documents = handlers.chosen_documents(self._desk, chosen)
        steps = handlers.answering(self._desk, history, question, texts, documents=documents)
        history = yield from self._drawn(steps)
        yield self._shown(history, texts, chosen)

    def _drawn(self, steps: Generator[str, None, History]) -> Generator[Updates, None, History]:
        """Yield the transcripts as updates of the page; return what the steps return."""
        while True:
            try:
                transcript = next(steps)
            except StopIteration as end:
                history: History = end.value
                return history
            yield {self._parts.transcript: transcript}

    def _ask_example(
        self, stored: object, language: object, chosen: Chosen, event: gr.EventData
    ) -> Iterator[Updates]:
        yield from self._ask(data_of(event).get("question", ""), stored, language, chosen, None)

    def _retry(
        self, stored: object, language: object, chosen: Chosen, event: gr.EventData
    ) -> Iterator[Updates]:
        number = number_of(data_of(event).get("turn"))
        turns = history_of(stored).open.turns
        if 0 <= number < len(turns):
            yield from self._ask(turns[number].question, stored, language, chosen, number)

    def _stop(
        self, stored: object, language: object, chosen: Chosen, editing: int | None, asked: str
    ) -> Updates:
        texts, history = texts_of(language), history_of(stored)
        if asked:
            history, _ = handlers.asking(history, asked, texts, replaced=editing)
            history = with_turns(history, [*history.open.turns, Turn(asked)])
        return self._shown(history, texts, chosen)

    def _shown(self, history: History, texts: Texts, chosen: Chosen) -> Updates:
        parts, shown = self._parts, handlers.view(self._desk, history, texts)
        return {
            parts.question: gr.Textbox(submit_btn=True, stop_btn=False),
            parts.transcript: shown.transcript,
            parts.conversations: shown.conversations,
            parts.stored: shown.stored,
            parts.editing: None,
            parts.asked: "",
            parts.scope: handlers.scope_line(self._desk, chosen, texts),
        }

    def _follow_ups(self, stored: object, language: object) -> str:
        return handlers.follow_ups_html(self._desk, history_of(stored), texts_of(language))

    def _show_earlier(self, stored: object, language: object) -> str:
        return handlers.whole_conversation(history_of(stored), texts_of(language))

    def _edit(
        self, stored: object, language: object, chosen: Chosen, event: gr.EventData
    ) -> tuple[Any, Any, Any]:
        number = number_of(data_of(event).get("turn"))
        turns = history_of(stored).open.turns
        if not 0 <= number < len(turns):
            return gr.skip(), gr.skip(), gr.skip()
        line = handlers.scope_line(self._desk, chosen, texts_of(language), editing=True)
        return turns[number].question, number, line

    def _cancel(self, language: object, chosen: Chosen) -> tuple[str, None, str]:
        return "", None, handlers.scope_line(self._desk, chosen, texts_of(language))

    def _vote(self, stored: object, language: object, event: gr.EventData) -> tuple[str, str]:
        history = handlers.voted(self._desk, history_of(stored), data_of(event))
        shown = handlers.view(self._desk, history, texts_of(language))
        return shown.transcript, shown.stored
