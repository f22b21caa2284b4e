"""The components of the page, where they stand, and how a click in their HTML becomes an event.

The parts that show text are `gr.HTML`: the server writes their HTML (all text escaped), and a
click on an element with `data-event` becomes a Gradio event with the element's data. That gives
markers that are buttons, which `gr.Chatbot` has not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from corpus.loaders import READERS
from web.texts import Texts, parse_language, translations

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
document.addEventListener('page-event', ({{ detail }}) => {{
  if (detail.part === '{part}' && events.includes(detail.name)) trigger(detail.name, detail.data);
}});
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the page."""

    header: gr.HTML
    conversations: gr.HTML
    transcript: gr.HTML
    suggestions: gr.HTML  # questions to go on with
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
    locked: gr.State  # paths of uploaded files that wait for their password


def _html(elem_id: str, *events: str) -> gr.HTML:
    return gr.HTML(
        "",
        elem_id=elem_id,
        js_on_load=_SEND_EVENTS.format(part=elem_id, events=list(events)),
        apply_default_css=False,
    )


def lay_out() -> Parts:
    """Make the components, inside the Blocks that is being built."""
    label = gr.I18n(**translations())
    header = _html("header", "language")
    with gr.Row(elem_id="layout"):
        with gr.Column(elem_id="side", min_width=0):
            conversations = _html("conversations", "new", "open", "rename", "delete", "export")
        with gr.Column(elem_id="main", min_width=0):
            with gr.Column(elem_id="ask-view", min_width=0):
                transcript = _html(
                    "transcript", "ask", "cite", "near", "retry", "edit", "vote", "earlier"
                )
                with gr.Column(elem_id="composer", min_width=0):
                    suggestions = _html("suggestions", "ask")
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
                progress = _html("progress", "unlock")
                shelf = _html("shelf", "read", "remove", "tick")
            with gr.Column(elem_id="reader-view", min_width=0):
                reader = _html("reader")
        with gr.Column(elem_id="source", min_width=0):
            source = _html("source-html", "cite", "read")
    return Parts(
        header=header,
        conversations=conversations,
        transcript=transcript,
        suggestions=suggestions,
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
        locked=gr.State(()),
    )


def quick(fn: Any, inputs: list[Any], outputs: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the options of an event that answers at once and is no endpoint for programs."""
    return {
        "fn": fn,
        "inputs": inputs,
        "outputs": outputs,
        "queue": False,
        "show_progress": "hidden",
        "api_visibility": "private",
    }


def texts_of(language: object) -> Texts:
    """Return the texts of the language that the browser kept."""
    return Texts(parse_language(language))


def data_of(event: gr.EventData) -> Mapping[str, Any]:
    """Return an event's values; what is no text is dropped, for they come from outside."""
    data = event._data if isinstance(event._data, dict) else {}
    return {key: value for key, value in data.items() if isinstance(value, str)}
