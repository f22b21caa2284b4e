"""Questions take turns, a full queue says so at once, and closing ends what is under way."""

import threading
import time
from collections.abc import Generator, Iterator

import pytest

from corpus.schema import Language
from rag.schema import Answer, AnswerStatus, Event, EventKind
from web import handlers
from web.admission import Admission, Busy, Limits, ShuttingDown, interruptible
from web.conversation import History
from web.handlers import Desk
from web.texts import Texts, UiLanguage

ANSWER = Answer("Q?", "No.", Language.EN, AnswerStatus.NOT_IN_CORPUS)


def wait_until(condition: object, said: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, said
        time.sleep(0.005)


def test_no_more_than_the_limit_run_and_the_rest_come_in_order() -> None:
    admission, release, order = Admission(Limits(2, 6)), threading.Event(), list[int]()
    most = 0

    def work(number: int) -> None:
        nonlocal most
        with admission.slot():
            order.append(number)
            most = max(most, admission.running)
            release.wait(20)

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=work, args=(number,)))
        threads[-1].start()
        wait_until(lambda n=number: admission.running + admission.waiting > n, "it came in")
    assert admission.is_full
    with pytest.raises(Busy), admission.slot():
        pass
    release.set()
    for thread in threads:
        thread.join(20)
    assert most == 2
    assert sorted(order[:2]) == [0, 1]
    assert sorted(order) == list(range(8))
    assert (admission.running, admission.waiting) == (0, 0)


def test_an_error_gives_the_place_back() -> None:
    admission = Admission(Limits(1, 0))
    for _ in range(3):
        with pytest.raises(ValueError, match="x"), admission.slot():
            raise ValueError("x")
    with admission.slot() as waited:
        assert waited < 1.0
        with pytest.raises(Busy), admission.slot():
            pass


def test_closing_turns_new_ones_away_and_waits_for_those_under_way() -> None:
    admission, release = Admission(Limits(1, 1)), threading.Event()
    said: list[str] = []

    def work(name: str) -> None:
        try:
            with admission.slot():
                release.wait(20)
                said.append(f"{name} done")
        except ShuttingDown:
            said.append(f"{name} turned away")

    first = threading.Thread(target=work, args=("first",))
    first.start()
    wait_until(lambda: admission.running == 1, "first runs")
    second = threading.Thread(target=work, args=("second",))
    second.start()
    wait_until(lambda: admission.waiting == 1, "second waits")
    closing = threading.Thread(target=admission.close, args=(20,))
    closing.start()
    second.join(20)
    assert said == ["second turned away"]
    assert not admission.aborted.is_set()
    release.set()
    closing.join(20)
    first.join(20)
    assert said[-1] == "first done"
    assert admission.aborted.is_set()
    with pytest.raises(ShuttingDown), admission.slot():
        pass


def test_an_answer_that_does_not_come_is_given_up_when_the_server_ends() -> None:
    aborted, release, closed = threading.Event(), threading.Event(), threading.Event()

    def events() -> Iterator[Event]:
        try:
            yield Event(EventKind.STATUS, "working")
            release.wait(20)
            yield Event(EventKind.ANSWER, "No.", ANSWER)
            yield Event(EventKind.ANSWER, "never", ANSWER)
        finally:
            closed.set()

    stream = interruptible(events(), aborted)
    assert next(stream).text == "working"
    aborted.set()
    with pytest.raises(ShuttingDown):
        next(stream)
    release.set()
    assert closed.wait(20)


def test_an_interruptible_answer_comes_through_with_its_errors() -> None:
    def events() -> Iterator[Event]:
        yield Event(EventKind.ANSWER, "No.", ANSWER)
        raise KeyError("x")

    stream = interruptible(events(), threading.Event())
    assert next(stream).answer is ANSWER
    with pytest.raises(KeyError):
        next(stream)


def history_of(steps: Generator[str, None, History]) -> History:
    """Run the steps of an answer to their end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            history: History = end.value
            return history


@pytest.mark.parametrize(
    ("language", "said"),
    [(UiLanguage.ZH_CN, "提问的人太多"), (UiLanguage.ZH_TW, "提問的人太多"),
     (UiLanguage.EN, "Too many questions")],
)  # fmt: skip
def test_the_page_says_that_it_is_busy_in_the_readers_language(
    desk: Desk, language: UiLanguage, said: str
) -> None:
    admission = desk.assistant.admission
    admission.limits = Limits(0, 0)
    steps = handlers.answering(desk, History(), "问题？", Texts(language), documents=None)
    turn = history_of(steps).open.turns[-1]
    assert turn.answer is None
    assert said in turn.problem


def test_questions_that_go_on_are_not_looked_for_while_somebody_waits(desk: Desk) -> None:
    texts = Texts(UiLanguage.ZH_CN)
    steps = handlers.answering(desk, History(), "蓝隼 A5 的售价是多少？", texts, documents=None)
    history = history_of(steps)
    assert handlers.follow_ups_html(desk, history, texts)
    with desk.assistant.admission.slot():
        assert handlers.follow_ups_html(desk, history, texts) == ""
