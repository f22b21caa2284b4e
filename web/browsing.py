"""The events of the list of conversations and of the source panel."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import gradio as gr

from web import conversation as conversations_of
from web import handlers
from web.conversation import History
from web.document_view import Span
from web.handlers import Desk, history_of, number_of
from web.parts import Parts, data_of, quick, texts_of
from web.shelf import reader_html

Change = Callable[[History, Mapping[str, Any]], History]

_CHANGES: dict[str, Change] = {
    "new": lambda history, _: conversations_of.started(history),
    "open": lambda history, data: conversations_of.opened(history, data.get("id", "")),
    "rename": lambda history, data: conversations_of.renamed(
        history, data.get("id", ""), data.get("title", "")
    ),
    "delete": lambda history, data: conversations_of.deleted(history, data.get("id", "")),
}


def wire_conversations(desk: Desk, parts: Parts) -> None:
    """Connect the list of conversations."""
    shown = [parts.transcript, parts.conversations, parts.stored, parts.suggestions]

    def changed(change: Change) -> Callable[..., tuple[str, str, str, str]]:
        """Return an event's function that shows the history after a change of it."""

        def run(stored: object, language: object, event: gr.EventData) -> tuple[str, str, str, str]:
            history = change(history_of(stored), data_of(event))
            after = handlers.view(desk, history, texts_of(language))
            return after.transcript, after.conversations, after.stored, ""

        return run

    for name, change in _CHANGES.items():
        event = getattr(parts.conversations, name)
        event(**quick(changed(change), [parts.stored, parts.language], shown))

    def export(stored: object, language: object, event: gr.EventData) -> str:
        today = date.today()  # the reader's own date stands on the file
        return handlers.exported(history_of(stored), data_of(event), texts_of(language), today)

    parts.conversations.export(**quick(export, [parts.stored, parts.language], parts.download))


def wire_sources(desk: Desk, parts: Parts) -> None:
    """Connect the markers, the source panel and the reader."""

    def cite(stored: object, language: object, event: gr.EventData) -> str:
        return handlers.show_citation(desk, history_of(stored), data_of(event), texts_of(language))

    def near(stored: object, language: object, event: gr.EventData) -> str:
        return handlers.show_nearest(desk, history_of(stored), data_of(event), texts_of(language))

    def read(language: object, event: gr.EventData) -> str:
        data = data_of(event)
        span = Span(number_of(data.get("start")), number_of(data.get("end")))
        return reader_html(desk.assistant, data.get("doc", ""), texts_of(language), span)

    inputs = [parts.stored, parts.language]
    for event, handler in (
        (parts.transcript.cite, cite),
        (parts.transcript.near, near),
        (parts.source.cite, cite),
    ):
        event(**quick(handler, inputs, parts.source))
    for event in (parts.source.read, parts.shelf.read):
        event(**quick(read, [parts.language], parts.reader))
