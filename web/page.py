"""The page in Gradio: its parts, and which handler each event of a part goes to.

The parts that show text are `gr.HTML`: the server writes their HTML (all text escaped), and a
click on an element with `data-event` becomes a Gradio event with the element's data. That gives
markers that are buttons, which `gr.Chatbot` has not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import AssistantError
from corpus.loaders import READERS
from index.schema import BuildSummary
from web import conversation as conversations_of
from web import handlers
from web.chrome import header_html
from web.conversation import Turn, with_turns
from web.document_view import Span
from web.handlers import Desk, history_of, number_of
from web.programs import add_endpoints
from web.shelf import (
    add_with_progress,
    problem_html,
    read_files,
    reader_html,
    step_html,
    summary_html,
)
from web.source import empty_html
from web.texts import Texts, UiLanguage, choose_language, parse_language, translations

STATIC_DIR = Path(__file__).resolve().parent / "static"
MAX_FILE_MB = 200
_CONCURRENT_ANSWERS = 4

# An element with data-event="cite" sends its data-… values as the event "cite"; fields of the
# form around it go along. Only the events that a part declares are sent.
_SEND_EVENTS = """
const events = {events};
const send = (source) => {{
  const name = source.dataset.event || source.dataset.change;
  if (!events.includes(name)) return;
  const data = {{...source.dataset}};
  if (source.dataset.change) data.value = source.value;
  const form = source.closest('[data-form]');
  if (form) {{
    Object.assign(data, form.dataset);
    form.querySelectorAll('input').forEach((field) => {{ data[field.name] = field.value; }});
  }}
  trigger(name, data);
}};
element.addEventListener('click', (event) => {{
  const source = event.target.closest('[data-event]');
  if (source && !event.defaultPrevented) send(source);
}});
element.addEventListener('change', (event) => {{
  if (event.target.matches('[data-change]')) send(event.target);
}});
element.addEventListener('page-event', (event) => {{
  if (events.includes(event.detail.name)) trigger(event.detail.name, event.detail.data);
}});
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the page."""

    header: gr.HTML
    conversations: gr.HTML
    transcript: gr.HTML
    scope: gr.HTML
    question: gr.Textbox
    shelf: gr.HTML
    progress: gr.HTML
    files: gr.File
    add_text: gr.HTML
    reader: gr.HTML
    source: gr.HTML
    download: gr.HTML
    stored: gr.BrowserState  # conversations, as JSON
    language: gr.BrowserState
    chosen: gr.State  # doc_ids that are searched, None for all
    editing: gr.State  # number of the turn that is edited, None otherwise
    asked: gr.State  # the question that is being answered, "" otherwise


def build_page(desk: Desk) -> gr.Blocks:
    """Build the page; `page_options` says how it is served."""
    with gr.Blocks(title="研报问答 · Research reports, quoted", analytics_enabled=False) as page:
        parts = _lay_out()
        _wire_opening(page, desk, parts)
        _wire_asking(desk, parts)
        _wire_conversations(desk, parts)
        _wire_source(desk, parts)
        _wire_shelf(desk, parts)
        add_endpoints(desk.assistant)
    return page.queue(max_size=64, default_concurrency_limit=_CONCURRENT_ANSWERS)


def page_options() -> dict[str, Any]:
    """Return what `gr.mount_gradio_app` needs besides the page."""
    style = (STATIC_DIR / "page.css").read_text(encoding="utf-8")
    script = (STATIC_DIR / "page.js").read_text(encoding="utf-8")
    return {
        "theme": gr.themes.Base(
            primary_hue="teal",
            neutral_hue="slate",
            font=["system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
        # In the head and not as `css`, which Gradio puts inside its own container: rules for
        # `body` and media queries would be lost there.
        "head": f"<style>{style}</style><script>{script}</script>",
        "i18n": gr.I18n(**translations()),
        "footer_links": [],
        "run_history": False,
        "max_file_size": f"{MAX_FILE_MB}mb",
    }


def _html(elem_id: str, *events: str) -> gr.HTML:
    return gr.HTML(
        "",
        elem_id=elem_id,
        js_on_load=_SEND_EVENTS.format(events=list(events)),
        apply_default_css=False,
    )


def _lay_out() -> Parts:
    label = gr.I18n(**translations())
    header = _html("header", "language")
    with gr.Row(elem_id="layout"):
        with gr.Column(elem_id="side", min_width=0):
            conversations = _html("conversations", "new", "open", "rename", "delete", "export")
        with gr.Column(elem_id="main", min_width=0):
            with gr.Column(elem_id="ask-view", min_width=0):
                transcript = _html(
                    "transcript", "ask", "cite", "near", "retry", "edit", "vote"
                )
                with gr.Column(elem_id="composer", min_width=0):
                    scope = _html("scope", "all", "cancel")
                    question = gr.Textbox(
                        label=label("question"),
                        placeholder=label("question_hint"),
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=6,
                        submit_btn=True,
                        elem_id="question",
                        autofocus=True,
                    )
            with gr.Column(elem_id="shelf-view", min_width=0):
                with gr.Column(elem_id="drop", min_width=0):
                    add_text = _html("add-text")
                    files = gr.File(
                        file_count="multiple",
                        file_types=sorted(READERS),
                        type="filepath",
                        label=label("add_label"),
                        show_label=False,
                        elem_id="files",
                        height=92,
                    )
                progress = _html("progress")
                shelf = _html("shelf", "read", "remove", "tick")
            with gr.Column(elem_id="reader-view", min_width=0):
                reader = _html("reader")
        with gr.Column(elem_id="source", min_width=0):
            source = _html("source-html", "cite", "read")
    return Parts(
        header=header,
        conversations=conversations,
        transcript=transcript,
        scope=scope,
        question=question,
        shelf=shelf,
        progress=progress,
        files=files,
        add_text=add_text,
        reader=reader,
        source=source,
        download=_html("download"),
        # The secret only names the entry's cipher: what is stored never leaves the browser.
        stored=gr.BrowserState("", storage_key="report-conversations", secret="conversations-v1"),
        language=gr.BrowserState("", storage_key="report-language", secret="language-v1"),
        chosen=gr.State(None),
        editing=gr.State(None),
        asked=gr.State(""),
    )


def _quick(fn: Any, inputs: list[Any], outputs: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the options of an event that answers at once and is no endpoint for programs."""
    return {
        "fn": fn,
        "inputs": inputs,
        "outputs": outputs,
        "queue": False,
        "show_progress": "hidden",
        "api_visibility": "private",
    }


def _texts(language: object) -> Texts:
    return Texts(parse_language(language))


def _data(event: gr.EventData) -> Mapping[str, Any]:
    """Return an event's values; what is no text is dropped, for they come from outside."""
    data = event._data if isinstance(event._data, dict) else {}
    return {key: value for key, value in data.items() if isinstance(value, str)}


def _wire_opening(page: gr.Blocks, desk: Desk, parts: Parts) -> None:
    translated = [
        parts.header,
        parts.conversations,
        parts.transcript,
        parts.scope,
        parts.question,
        parts.add_text,
        parts.shelf,
        parts.source,
        parts.language,
        parts.reader,
        parts.progress,
    ]

    def translate(language: UiLanguage, stored: object, chosen: Any) -> tuple[Any, ...]:  # noqa: ANN401
        texts = Texts(language)
        shown = handlers.view(desk, history_of(stored), texts)
        return (
            header_html(texts),
            shown.conversations,
            shown.transcript,
            handlers.scope_line(desk, chosen, texts),
            gr.Textbox(label=texts("question"), placeholder=texts("question_hint")),
            f'<p class="drop-label">{texts("add_label")}</p>'
            f'<p class="muted">{texts("add_hint", size=MAX_FILE_MB)}</p>',
            handlers.shelf_view(desk, chosen, texts),
            empty_html(texts),
            language.value,
            "",
            "",
        )

    def open_page(
        stored: object, language: object, chosen: Any, request: gr.Request  # noqa: ANN401
    ) -> tuple[Any, ...]:
        asked_for = choose_language(request.headers.get("accept-language", ""))
        return translate(parse_language(language, asked_for), stored, chosen)

    def switch(stored: object, chosen: Any, event: gr.EventData) -> tuple[Any, ...]:  # noqa: ANN401
        return translate(parse_language(_data(event).get("value")), stored, chosen)

    def fill_examples(stored: object, language: object) -> Any:  # noqa: ANN401
        """Show the examples of an empty conversation once they are made."""
        conversation = history_of(stored).open
        texts = _texts(language)
        if conversation.turns or not handlers.await_examples(desk, texts):
            return gr.skip()
        return handlers.conversation_html(desk, conversation, texts)

    filled = _quick(fill_examples, [parts.stored, parts.language], parts.transcript)
    page.load(
        **_quick(open_page, [parts.stored, parts.language, parts.chosen], translated)
    ).then(**{**filled, "queue": True})
    parts.header.language(**_quick(switch, [parts.stored, parts.chosen], translated))


def _wire_asking(desk: Desk, parts: Parts) -> None:
    state = [parts.stored, parts.language, parts.chosen]
    outputs = [
        parts.question,
        parts.transcript,
        parts.conversations,
        parts.stored,
        parts.editing,
        parts.asked,
        parts.scope,
    ]

    def ask(
        question: str,
        stored: object,
        language: object,
        chosen: Any,  # noqa: ANN401
        editing: int | None,
    ) -> Iterator[dict[Any, Any]]:
        question = question.strip()
        if not question:
            return
        texts = _texts(language)
        history, waiting = handlers.asking(
            history_of(stored), question, texts, replaced=editing
        )
        yield {
            parts.question: gr.Textbox(value="", submit_btn=False, stop_btn=texts("stop")),
            parts.transcript: waiting,
            parts.asked: question,
        }
        documents = handlers.chosen_documents(desk, chosen)
        history = handlers.answered(desk, history, question, texts, documents=documents)
        yield _shown(history, texts, chosen)

    def _shown(history: Any, texts: Texts, chosen: Any) -> dict[Any, Any]:  # noqa: ANN401
        shown = handlers.view(desk, history, texts)
        return {
            parts.question: gr.Textbox(submit_btn=True, stop_btn=False),
            parts.transcript: shown.transcript,
            parts.conversations: shown.conversations,
            parts.stored: shown.stored,
            parts.editing: None,
            parts.asked: "",
            parts.scope: handlers.scope_line(desk, chosen, texts),
        }

    def ask_example(
        stored: object, language: object, chosen: Any, event: gr.EventData  # noqa: ANN401
    ) -> Iterator[dict[Any, Any]]:
        yield from ask(_data(event).get("question", ""), stored, language, chosen, None)

    def retry(
        stored: object, language: object, chosen: Any, event: gr.EventData  # noqa: ANN401
    ) -> Iterator[dict[Any, Any]]:
        number = number_of(_data(event).get("turn"))
        turns = history_of(stored).open.turns
        if 0 <= number < len(turns):
            yield from ask(turns[number].question, stored, language, chosen, number)

    def stop(
        stored: object, language: object, chosen: Any, editing: int | None, asked: str  # noqa: ANN401
    ) -> dict[Any, Any]:
        texts, history = _texts(language), history_of(stored)
        if asked:
            history, _ = handlers.asking(history, asked, texts, replaced=editing)
            history = with_turns(history, [*history.open.turns, Turn(asked)])
        return _shown(history, texts, chosen)

    def edit(
        stored: object, language: object, chosen: Any, event: gr.EventData  # noqa: ANN401
    ) -> tuple[Any, ...]:
        number = number_of(_data(event).get("turn"))
        turns = history_of(stored).open.turns
        if not 0 <= number < len(turns):
            return gr.skip(), gr.skip(), gr.skip()
        line = handlers.scope_line(desk, chosen, _texts(language), editing=True)
        return turns[number].question, number, line

    def cancel(language: object, chosen: Any) -> tuple[Any, ...]:  # noqa: ANN401
        return "", None, handlers.scope_line(desk, chosen, _texts(language))

    def vote(stored: object, language: object, event: gr.EventData) -> tuple[str, str]:
        history = handlers.voted(desk, history_of(stored), _data(event))
        shown = handlers.view(desk, history, _texts(language))
        return shown.transcript, shown.stored

    options: dict[str, Any] = {
        "outputs": outputs,
        "show_progress": "hidden",
        "api_visibility": "private",
        "concurrency_id": "ask",
        "concurrency_limit": _CONCURRENT_ANSWERS,
    }
    running = [
        parts.question.submit(ask, [parts.question, *state, parts.editing], **options),
        parts.transcript.ask(ask_example, state, **options),
        parts.transcript.retry(retry, state, **options),
    ]
    stopping = _quick(stop, [*state, parts.editing, parts.asked], outputs)
    parts.question.stop(**stopping, cancels=running)
    edited = [parts.question, parts.editing, parts.scope]
    parts.transcript.edit(**_quick(edit, state, edited))
    parts.scope.cancel(**_quick(cancel, [parts.language, parts.chosen], edited))
    parts.transcript.vote(
        **_quick(vote, [parts.stored, parts.language], [parts.transcript, parts.stored])
    )


def _wire_conversations(desk: Desk, parts: Parts) -> None:
    shown = [parts.transcript, parts.conversations, parts.stored]

    def changed(change: Any) -> Any:  # noqa: ANN401
        """Return an event's function that shows the history after a change of it."""

        def run(stored: object, language: object, event: gr.EventData) -> tuple[str, str, str]:
            history = change(history_of(stored), _data(event))
            after = handlers.view(desk, history, _texts(language))
            return after.transcript, after.conversations, after.stored

        return run

    changes = {
        parts.conversations.new: lambda history, data: conversations_of.started(history),  # noqa: ARG005
        parts.conversations.open: lambda history, data: conversations_of.opened(
            history, data.get("id", "")
        ),
        parts.conversations.rename: lambda history, data: conversations_of.renamed(
            history, data.get("id", ""), data.get("title", "")
        ),
        parts.conversations.delete: lambda history, data: conversations_of.deleted(
            history, data.get("id", "")
        ),
    }
    for event, change in changes.items():
        event(**_quick(changed(change), [parts.stored, parts.language], shown))

    def export(stored: object, language: object, event: gr.EventData) -> str:
        today = date.today()  # noqa: DTZ011  (the reader's own date stands on the file)
        return handlers.exported(history_of(stored), _data(event), _texts(language), today)

    parts.conversations.export(
        **_quick(export, [parts.stored, parts.language], parts.download)
    )


def _wire_source(desk: Desk, parts: Parts) -> None:
    def cite(stored: object, language: object, event: gr.EventData) -> str:
        return handlers.show_citation(desk, history_of(stored), _data(event), _texts(language))

    def near(stored: object, language: object, event: gr.EventData) -> str:
        return handlers.show_nearest(desk, history_of(stored), _data(event), _texts(language))

    def read(language: object, event: gr.EventData) -> str:
        data = _data(event)
        span = Span(number_of(data.get("start")), number_of(data.get("end")))
        return reader_html(desk.assistant, data.get("doc", ""), _texts(language), span)

    inputs = [parts.stored, parts.language]
    for event, handler in (
        (parts.transcript.cite, cite),
        (parts.transcript.near, near),
        (parts.source.cite, cite),
    ):
        event(**_quick(handler, inputs, parts.source))
    for event in (parts.source.read, parts.shelf.read):
        event(**_quick(read, [parts.language], parts.reader))


def _wire_shelf(desk: Desk, parts: Parts) -> None:
    shown = [parts.shelf, parts.chosen, parts.scope]

    def after(chosen: Any, texts: Texts, notice: str = "") -> tuple[Any, ...]:  # noqa: ANN401
        kept = handlers.chosen_documents(desk, chosen)
        return (
            handlers.shelf_view(desk, kept, texts, notice),
            kept,
            handlers.scope_line(desk, kept, texts),
        )

    def add(paths: list[str] | None, language: object, chosen: Any) -> Iterator[dict[Any, Any]]:  # noqa: ANN401
        if not paths:
            return
        texts = _texts(language)
        files = read_files(paths)
        names = [name for name, _ in files]
        try:
            for step in add_with_progress(desk.assistant, files):
                if isinstance(step, BuildSummary):
                    notice = summary_html(step, texts)
                else:
                    yield {parts.progress: step_html(step, names, texts)}
        except AssistantError as error:
            notice = problem_html(error)
        table, kept, line = after(chosen, texts)
        desk.examples.refresh()
        yield {
            parts.progress: notice,
            parts.files: None,
            parts.shelf: table,
            parts.chosen: kept,
            parts.scope: line,
        }

    def remove(language: object, chosen: Any, event: gr.EventData) -> tuple[Any, ...]:  # noqa: ANN401
        texts = _texts(language)
        doc_id = _data(event).get("doc", "")
        document = desk.assistant.document(doc_id)
        title = document.metadata.title or document.file_name if document else doc_id
        try:
            desk.assistant.remove(doc_id)
        except AssistantError as error:
            return *after(chosen, texts), problem_html(error)
        desk.examples.refresh()
        notice = problem_html(texts("removed", title=title)).replace("notice bad", "notice")
        return *after(chosen, texts), notice

    def tick(language: object, event: gr.EventData) -> tuple[Any, str]:
        data = event._data if isinstance(event._data, dict) else {}
        given = data.get("documents")
        documents = [str(item) for item in given] if isinstance(given, list) else None
        kept = handlers.chosen_documents(desk, documents)
        return kept, handlers.scope_line(desk, kept, _texts(language))

    def search_all(language: object) -> tuple[Any, ...]:
        return after(None, _texts(language))

    parts.files.upload(
        add,
        [parts.files, parts.language, parts.chosen],
        [parts.progress, parts.files, *shown],
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=1,
    )
    parts.shelf.remove(
        **_quick(remove, [parts.language, parts.chosen], [*shown, parts.progress])
    )
    parts.shelf.tick(**_quick(tick, [parts.language], [parts.chosen, parts.scope]))
    parts.scope.all(**_quick(search_all, [parts.language], shown))
