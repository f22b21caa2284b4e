"""What the page shows while an answer is written."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from corpus.schema import Language
from rag.schema import Answer, AnswerStatus, Event, EventKind
from web import handlers
from web.conversation import History
from web.handlers import Desk, answering
from web.render import Progress, transcript_html
from web.texts import Texts, UiLanguage

TEXTS = Texts(UiLanguage.EN)
ANSWER = Answer("Q?", "The reports do not say.", Language.EN, AnswerStatus.NOT_IN_CORPUS)
EVENTS = [
    Event(EventKind.STATUS, "Drafting <b>"),
    Event(EventKind.TEXT, "It was US$9", verified=False),
    Event(EventKind.TEXT, "It was US$9. [1]"),
    Event(EventKind.TEXT, "And US$99 <img src=x>", verified=False),
    Event(EventKind.TEXT, ""),
    Event(EventKind.ANSWER, ANSWER.text, ANSWER),
]


def steps_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], History]:
    def stream(*args: Any, **kwargs: Any) -> Iterator[Event]:
        yield from EVENTS

    monkeypatch.setattr(desk.assistant, "stream", stream)
    monkeypatch.setattr(handlers, "_DRAWN_EVERY_S", -1.0)
    steps, shown = answering(desk, History(), "Q?", TEXTS, documents=None), []
    while True:
        try:
            shown.append(next(steps))
        except StopIteration as end:
            return shown, end.value


def test_drafts_are_marked_until_they_are_checked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, history = steps_of(desk, monkeypatch)
    assert len(shown) == 5
    assert "Drafting &lt;b&gt;" in shown[0]
    assert "Not checked yet" in shown[1]
    assert "Not checked yet" not in shown[2]
    assert "It was US$9. [1]" in shown[2]
    assert "&lt;img" in shown[3]
    assert "US$99" not in shown[4]
    assert history.open.turns[-1].answer == replace(
        ANSWER, trace=history.open.turns[-1].answer.trace
    )


def test_a_pending_answer_has_no_marker_to_click() -> None:
    progress = Progress(text="It was US$9. [1]")
    shown = transcript_html([], TEXTS, pending="Q?", progress=progress)
    assert "data-marker" not in shown
