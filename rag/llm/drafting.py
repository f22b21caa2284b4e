"""One request to a model → the events of a draft: pieces as they come, sentences once they pass."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from corpus.chat.client import StreamingModel
from corpus.chat.errors import Fault, ModelError
from rag.llm.prompts import NO_ANSWER, instructions
from rag.llm.request import Request
from rag.llm.verifying import Verifier
from rag.schema import Event, EventKind
from rag.verification.drafts import DraftReader, DraftSentence

MAX_SENTENCES = 60
"""Of a draft; a model that writes more is not answering the question."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote; `fault` is why it is not whole, "" when it is."""

    text: str
    fault: str = ""
    reason: str = ""

    @property
    def declines(self) -> bool:
        """Say whether the model found no answer in the evidence."""
        return self.text.strip().startswith(NO_ANSWER)


def draft_events(
    model: StreamingModel,
    task: str,
    request: Request,
    verifier: Verifier,
    deadline_s: float,
    *,
    shows_verified: bool = True,
) -> Generator[Event, None, Draft]:
    """Yield the text of a draft while it is written and checked; return the draft.

    Args:
        model: Is asked once.
        task: Whose instructions it gets, see `rag.llm.prompts`.
        request: What they are applied to.
        verifier: Takes the sentences.
        deadline_s: For the whole draft.
        shows_verified: Whether a sentence that passes is shown at once; else the draft alone is.
    """
    reader = DraftReader()
    text = held = ""
    try:
        pieces = model.stream(
            instructions(task, verifier.language), request.text, deadline_s=deadline_s
        )
        for piece in pieces:
            text += piece
            held += piece
            if NO_ANSWER.startswith(text.strip()) or text.strip().startswith(NO_ANSWER):
                continue  # the word for "no answer" is not for the reader
            sentences = reader.feed(held)
            if len(verifier.checked) + len(sentences) > MAX_SENTENCES:
                return Draft(text, Fault.TOO_LONG.value, f"more than {MAX_SENTENCES} sentences")
            found = list(_checked(sentences, verifier))
            if shows_verified:
                yield from found
                held = reader.pending if found else held
            if held:
                yield Event(EventKind.TEXT, held, verified=False)
            held = ""
    except ModelError as error:
        return Draft(text, error.fault.value, str(error))
    rest = "" if text.strip().startswith(NO_ANSWER) else held
    found = list(_checked([*reader.feed(rest), *reader.finish()], verifier))
    if shows_verified:
        yield from found
    return Draft(text)


def _checked(sentences: list[DraftSentence], verifier: Verifier) -> Iterator[Event]:
    """Yield for each sentence what takes the place of its draft."""
    for sentence in sentences:
        passed = verifier.take(sentence)
        yield Event(EventKind.TEXT, verifier.pieces()[-1] if passed else "")
