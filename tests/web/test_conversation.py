"""What the browser keeps comes back whole, and a forged history does no harm."""

import json

import pytest

from corpus.schema import Language
from rag.schema import Answer, AnswerStatus, Citation, Trace
from web.conversation import (
    MAX_CHARS,
    MAX_CONVERSATIONS,
    Conversation,
    History,
    Turn,
    deleted,
    dump_history,
    load_history,
    opened,
    renamed,
    started,
    with_turns,
    without_trace,
)


def turn(text: str = "问") -> Turn:
    cited = Citation(1, "“引文”\u2028", "d", "T", "", "", None, "", 3, 8, None)
    return Turn(text, Answer(text, "答 [1]", Language.ZH, AnswerStatus.ANSWERED, (cited,)))


def test_a_history_survives_the_browser() -> None:
    history = renamed(with_turns(History(), [turn(), Turn("b", problem="x")]), "1", "标题")
    assert load_history(dump_history(history)) == history


@pytest.mark.parametrize(
    "stored",
    [None, "", 3, [], "{}", "[]", "[1,0,[]]", "[1,5,[[\"1\",\"\",[]]]]", "[9,0,[[\"1\",\"\",[]]]]",
     '[1,0,[["1","",[[3]]]]]', "[[[[", json.dumps({"role": "system"}), "x" * (2 * MAX_CHARS + 1)],
)  # fmt: skip
def test_anything_else_is_a_new_history(stored: object) -> None:
    assert load_history(stored) == History()


def test_conversations_are_started_opened_and_deleted() -> None:
    history = with_turns(History(), [turn("a")])
    history = with_turns(started(history), [turn("b")])
    assert [item.name for item in history.conversations] == ["b", "a"]
    assert opened(history, "1").open.name == "a"
    assert opened(history, "none") == history
    left = deleted(history, "1")
    assert [item.name for item in left.conversations] == ["b"]
    assert left.open.name == "b"
    empty = deleted(left, "2")
    assert empty.open.turns == ()


def test_only_one_conversation_is_empty() -> None:
    history = started(started(History()))
    assert len(history.conversations) == 1


def test_the_oldest_conversations_make_room_but_never_the_open_one() -> None:
    many = tuple(
        Conversation(str(number), turns=(turn(str(number)),))
        for number in range(MAX_CONVERSATIONS + 5)
    )
    history = History(current=len(many) - 1, conversations=many)
    kept = load_history(dump_history(history))
    assert len(kept.conversations) == MAX_CONVERSATIONS
    assert kept.open == many[-1]
    big = Turn("x" * (MAX_CHARS // 2))
    heavy = History(0, 2, tuple(Conversation(str(n), turns=(big,)) for n in range(3)))
    kept = load_history(dump_history(History(current=2, conversations=heavy.conversations)))
    assert kept.open.conversation_id == "2"
    assert len(dump_history(kept)) <= MAX_CHARS


def test_of_the_trace_only_the_completed_question_is_kept() -> None:
    answer = Answer(
        "q", "t", Language.EN, AnswerStatus.NOT_IN_CORPUS,
        trace=Trace(chunk_ids=("a",), completed="q in full"),
    )  # fmt: skip
    assert without_trace(answer).trace == Trace(completed="q in full")
