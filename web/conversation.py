"""Conversations as the browser keeps them: JSON in, JSON out, and nothing in it is trusted.

What comes back from the browser may be forged or of an older version. It is read by its types,
shown escaped, and a quote counts as a quote only if its document still says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.codec import from_json, to_json
from rag.schema import Answer, Trace

VERSION = 2
"""Raised when the fields of `History` or `Answer` change; older histories are then left behind."""

MAX_CONVERSATIONS = 50
MAX_CHARS = 2_000_000  # browsers keep about 5 MB, encrypted and in UTF-16


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer; `answer` is None when it was stopped or failed."""

    question: str
    answer: Answer | None = None
    problem: str = ""  # shown in place of an answer
    vote: str = ""  # "good", "bad", or ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation; without a title its first question names it."""

    conversation_id: str
    title: str = ""
    turns: tuple[Turn, ...] = ()

    @property
    def name(self) -> str:
        """Return the title, or the first question, or ""."""
        return self.title or (self.turns[0].question if self.turns else "")

    @property
    def questions(self) -> tuple[str, ...]:
        """Return what was asked, oldest first."""
        return tuple(turn.question for turn in self.turns)


@dataclass(frozen=True, slots=True)
class History:
    """All conversations of a browser, newest first; the first one may be empty."""

    version: int = VERSION
    current: int = 0  # position of the open conversation
    conversations: tuple[Conversation, ...] = (Conversation("1"),)

    @property
    def open(self) -> Conversation:
        """Return the open conversation."""
        return self.conversations[self.current]


def load_history(stored: object) -> History:
    """Read what the browser kept; a new history when it is none of ours."""
    if not isinstance(stored, str) or len(stored) > 2 * MAX_CHARS:
        return History()
    try:
        history = from_json(History, stored)
    except ValueError:
        return History()
    if history.version != VERSION or not 0 <= history.current < len(history.conversations):
        return History()
    return history


def dump_history(history: History) -> str:
    """Write a history for the browser, the oldest conversations left out beyond the limits."""
    conversations = list(history.conversations[:MAX_CONVERSATIONS])
    if history.current >= len(conversations):
        conversations[-1] = history.open
    current = min(history.current, len(conversations) - 1)
    text = to_json(History(VERSION, current, tuple(conversations)))
    while len(text) > MAX_CHARS and len(conversations) > 1:
        last = len(conversations) - 1
        del conversations[last - 1 if current == last else last]
        current = min(current, len(conversations) - 1)
        text = to_json(History(VERSION, current, tuple(conversations)))
    return text


def with_turns(history: History, turns: Sequence[Turn]) -> History:
    """Return the history with other turns in the open conversation."""
    opened = replace(history.open, turns=tuple(turns))
    return _with_conversation(history, opened)


def renamed(history: History, conversation_id: str, title: str) -> History:
    """Return the history with a new title; an empty one brings back the first question."""
    conversations = tuple(
        replace(item, title=title.strip()[:80]) if item.conversation_id == conversation_id else item
        for item in history.conversations
    )
    return replace(history, conversations=conversations)


def opened(history: History, conversation_id: str) -> History:
    """Return the history with another conversation open; unchanged if there is none such."""
    for position, item in enumerate(history.conversations):
        if item.conversation_id == conversation_id:
            return replace(history, current=position)
    return history


def started(history: History) -> History:
    """Return the history with a new, empty conversation open, the empty one if there is one."""
    for position, item in enumerate(history.conversations):
        if not item.turns:
            return replace(history, current=position)
    new = Conversation(_next_id(history))
    return replace(history, current=0, conversations=(new, *history.conversations))


def deleted(history: History, conversation_id: str) -> History:
    """Return the history without a conversation; the open one stays open unless it is that one."""
    open_id = history.open.conversation_id
    left = tuple(
        item for item in history.conversations if item.conversation_id != conversation_id
    ) or (Conversation(_next_id(history)),)
    return opened(replace(history, current=0, conversations=left), open_id)


def without_trace(answer: Answer) -> Answer:
    """Return the answer as it is kept: of its trace only how the question was understood."""
    return replace(answer, trace=Trace(completed=answer.trace.completed))


def _with_conversation(history: History, conversation: Conversation) -> History:
    conversations = list(history.conversations)
    conversations[history.current] = conversation
    return replace(history, conversations=tuple(conversations))


def _next_id(history: History) -> str:
    used = [int(item.conversation_id) for item in history.conversations
            if item.conversation_id.isdecimal()]  # fmt: skip
    return str(max(used, default=0) + 1)
