"""What happens on the page's events: values in, new HTML out. Knows nothing of Gradio."""

import base64
import time
from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape

from corpus.errors import AssistantError
from rag.schema import Answer, Event, EventKind
from web.admission import NotTaken, ShuttingDown
from web.chrome import conversations_html, scope_html, suggestions_html, welcome_html
from web.conversation import (
    Conversation,
    History,
    Turn,
    dump_history,
    load_history,
    with_turns,
    without_trace,
)
from web.examples import Examples, find_follow_ups
from web.export import export_name, to_markdown, to_word
from web.feedback import save_feedback
from web.page_image import PageImages
from web.render import Progress, transcript_html
from web.service import Assistant
from web.shelf import shelf_html
from web.source import cited_place, draw_ahead, empty_html, nearest_place, source_html
from web.texts import Texts

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DRAWN_EVERY_S = 0.2
_EXAMPLES_WAIT_S = 20.0  # until examples are at hand; the page is open and used meanwhile


@dataclass(frozen=True, slots=True)
class Desk:
    """What the handlers work with, one for all visitors."""

    assistant: Assistant
    examples: Examples
    images: PageImages


@dataclass(frozen=True, slots=True)
class View:
    """The parts of the page that depend on the conversations."""

    transcript: str
    conversations: str
    stored: str  # for the browser to keep


def view(desk: Desk, history: History, texts: Texts) -> View:
    """Return the page's parts for a history."""
    return View(
        conversation_html(desk, history.open, texts),
        conversations_html(history, texts),
        dump_history(history),
    )


def conversation_html(desk: Desk, conversation: Conversation, texts: Texts) -> str:
    """Return a conversation, or the welcome while it is empty."""
    empty = ""
    if not conversation.turns:
        desk.examples.refresh()
        examples = [texts.adapted(text) for text in desk.examples.get(texts.reader_language)]
        empty = welcome_html(examples, len(desk.assistant.shelf()), texts)
    return transcript_html(conversation.turns, texts, empty=empty)


def whole_conversation(history: History, texts: Texts) -> str:
    """Return the open conversation with all its turns."""
    turns = history.open.turns
    return transcript_html(turns, texts, shown=len(turns))


def follow_ups_html(desk: Desk, history: History, texts: Texts) -> str:
    """Return questions that go on from the last answer, "" when it is none."""
    last = history.open.turns[-1:]
    if not last or last[0].answer is None or desk.assistant.admission.running:
        return ""  # finding them takes longer than an answer: who waits for one goes first
    found = find_follow_ups(desk.assistant, last[0].answer, history.open.questions)
    return suggestions_html([texts.adapted(text) for text in found], texts)


def await_examples(desk: Desk, texts: Texts) -> bool:
    """Wait for example questions; say whether there are any."""
    return bool(desk.examples.get(texts.reader_language, wait_s=_EXAMPLES_WAIT_S))


def asking(
    history: History, question: str, texts: Texts, *, replaced: int | None = None
) -> tuple[History, str]:
    """Return the history to add the answer to, and what to show while it is found.

    Args:
        history: As the browser kept it.
        question: What is asked.
        texts: Of the page's language.
        replaced: Number of the turn that is asked again or edited; it and later ones go.
    """
    turns = history.open.turns[:replaced]
    return with_turns(history, turns), transcript_html(turns, texts, pending=question)


def answering(
    desk: Desk,
    history: History,
    question: str,
    texts: Texts,
    *,
    documents: Collection[str] | None,
) -> Generator[str, None, History]:
    """Yield the transcript while the answer is written; return the history with the answer.

    An answer that fails is a turn with the reason. A transcript is given out a few times a second
    at most: a model writes faster than a page should be drawn.
    """
    answer: Answer | None = None
    problem = ""
    progress, drawn = Progress(), 0.0
    try:
        for event in desk.assistant.stream(question, history.open.questions, documents=documents):
            answer = event.answer
            progress = _advanced(progress, event)
            if event.answer is None and time.monotonic() - drawn > _DRAWN_EVERY_S:
                turns = history.open.turns
                yield transcript_html(turns, texts, pending=question, progress=progress)
                drawn = time.monotonic()
    except NotTaken as error:
        problem = texts("closing" if isinstance(error, ShuttingDown) else "busy")
    except AssistantError as error:
        problem = str(error)
    except Exception:  # noqa: BLE001  # the outermost edge: the page must stay usable
        problem = texts("failed")  # the journal has noted it
    if answer is not None:
        draw_ahead(answer, desk.assistant, desk.images)
    kept = without_trace(answer) if answer else None
    limit = desk.assistant.settings.max_question_chars
    asked = question if len(question) <= limit else question[:limit] + "…"
    return with_turns(history, [*history.open.turns, Turn(asked, kept, problem)])


def _advanced(progress: Progress, event: Event) -> Progress:
    """Return the progress after an event, see `rag.schema.Event`."""
    if event.kind is EventKind.STATUS:
        return replace(progress, status=event.text)
    if event.kind is EventKind.TEXT and event.verified:
        return replace(progress, text=progress.text + event.text, draft="")
    if event.kind is EventKind.TEXT:
        return replace(progress, draft=progress.draft + event.text)
    return progress


def show_citation(desk: Desk, history: History, data: Mapping[str, str], texts: Texts) -> str:
    """Return the source panel for the marker of a turn."""
    turn = _turn(history, data)
    number = number_of(data.get("marker"))
    if turn is None or turn.answer is None:
        return empty_html(texts)
    for citation in turn.answer.citations:
        if citation.marker == number:
            place = cited_place(citation)
            return source_html(
                place,
                desk.assistant,
                texts,
                turn=number_of(data.get("turn")),
                answer=turn.answer,
            )
    return empty_html(texts)


def show_nearest(desk: Desk, history: History, data: Mapping[str, str], texts: Texts) -> str:
    """Return the source panel for a passage that an abstention offered."""
    turn = _turn(history, data)
    index = number_of(data.get("index"))
    if turn is None or turn.answer is None or not 0 <= index < len(turn.answer.nearest):
        return empty_html(texts)
    place = nearest_place(turn.answer.nearest[index], desk.assistant)
    return source_html(place, desk.assistant, texts)


def voted(desk: Desk, history: History, data: Mapping[str, str]) -> History:
    """Keep a vote on this machine and return the history that shows it."""
    turn = _turn(history, data)
    if turn is None or turn.answer is None:
        return history
    vote, comment = data.get("vote", ""), data.get("comment", "")
    if not save_feedback(desk.assistant.settings.index_dir, turn.answer, vote, comment):
        return history
    turns = list(history.open.turns)
    turns[number_of(data.get("turn"))] = replace(turn, vote=vote)
    return with_turns(history, turns)


def exported(history: History, data: Mapping[str, str], texts: Texts, on: date) -> str:
    """Return a link that the page's script follows, with the open conversation as a file."""
    conversation = history.open
    if data.get("format") == "word":
        content, kind, ending = to_word(conversation, texts, on), _WORD, "docx"
    else:
        content = to_markdown(conversation, texts, on).encode()
        kind, ending = "text/markdown", "md"
    name = escape(export_name(conversation, ending))
    encoded = base64.b64encode(content).decode()
    return f'<span data-download="{name}" data-type="{kind}" data-content="{encoded}"></span>'


def chosen_documents(desk: Desk, given: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the doc_ids to search, None for all; ids that are gone are dropped."""
    if given is None:
        return None
    there = [entry.doc_id for entry in desk.assistant.shelf()]
    kept = tuple(doc_id for doc_id in there if doc_id in given)
    return None if len(kept) == len(there) or not kept else kept


def scope_line(
    desk: Desk, chosen: Collection[str] | None, texts: Texts, *, editing: bool = False
) -> str:
    """Return the line that says which reports are searched."""
    return scope_html(chosen, len(desk.assistant.shelf()), texts, editing=editing)


def shelf_view(desk: Desk, chosen: Collection[str] | None, texts: Texts) -> str:
    """Return the shelf."""
    return shelf_html(desk.assistant.shelf(), texts, chosen=chosen)


def history_of(stored: object) -> History:
    """Return what the browser kept."""
    return load_history(stored)


def _turn(history: History, data: Mapping[str, str]) -> Turn | None:
    number = number_of(data.get("turn"))
    turns = history.open.turns
    return turns[number] if 0 <= number < len(turns) else None


def number_of(value: object) -> int:
    """Return a number that the browser sent, -1 if it is none."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 9 else -1
