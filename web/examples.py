"""Questions that fit the shelf: made from its tables and headings, kept if they are answered.

A question that the assistant answers from another report, or not at all, is never offered.
"""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.errors import AssistantError
from corpus.schema import Block, BlockKind, Cell, Document, Language, Rendering, Role, Table
from rag.schema import AnswerStatus
from web.service import Assistant

NUM_EXAMPLES = 4
_TRIES_PER_DOCUMENT = 8
_LABEL_CHARS = 24  # longer ones read like a form
_CAPTION_CHARS = 60
_HEADING_CHARS = {Language.ZH: range(6, 28), Language.EN: range(14, 60)}
"""Shorter headings say nothing by themselves."""

_CLAUSE = re.compile(r"[，。：；！？,:;!?()（）]")  # a heading with these is a sentence
_NUMBERING = re.compile(r"^[\d.、\s]+")
_CAPTION_SIGN = re.compile(r"^(图表|图|表|Figure|Table|Chart)?\s*[\d-]*\s*[：:.]\s*")
_YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")

_CELL_QUESTION = {
    Language.ZH: "{caption}：{row}的{column}是多少？",
    Language.EN: "{caption}: what is {column} for {row}?",
}
_HEADING_QUESTION = {
    Language.ZH: "关于{heading}，研报怎么说？",
    Language.EN: "What do the reports say about {heading}?",
}


class Examples:
    """Example questions by language, made in the background, again when the shelf changes."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._made: dict[Language, tuple[str, ...]] = {}
        self._generation = 0
        self._ready = threading.Event()
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Start making examples unless those at hand are of this shelf."""
        with self._lock:
            if self._generation == self._assistant.generation:
                return
            self._generation = self._assistant.generation
            self._ready.clear()
        threading.Thread(target=self._make, daemon=True).start()

    def get(self, language: Language, *, wait_s: float = 0.0) -> tuple[str, ...]:
        """Return the examples at hand, at most `NUM_EXAMPLES`; () while there are none yet."""
        if wait_s:
            self._ready.wait(wait_s)
        return self._made.get(language, ())

    def _make(self) -> None:
        made = {language: tuple(find_examples(self._assistant, language)) for language in Language}
        self._made = made
        self._ready.set()


def find_examples(assistant: Assistant, language: Language) -> list[str]:
    """Return questions that are answered from the report they come from, one a report first."""
    found: list[str] = []
    generators = [_answered(assistant, entry.doc_id, language) for entry in assistant.shelf()[:12]]
    while generators and len(found) < NUM_EXAMPLES:
        for generator in list(generators):
            question = next(generator, None)
            if question is None:
                generators.remove(generator)
            elif question not in found:
                found.append(question)
            if len(found) == NUM_EXAMPLES:
                break
    return found


def _answered(assistant: Assistant, doc_id: str, language: Language) -> Iterator[str]:
    document = assistant.document(doc_id)
    if document is None:
        return
    renderings = {item.start: item for item in assistant.renderings(doc_id)}
    tries = 0
    for candidate in candidates(document, renderings, language):
        if tries == _TRIES_PER_DOCUMENT:
            return
        tries += 1
        try:
            answer = assistant.answer_offline(candidate.question, language)
        except AssistantError:
            continue
        if answer.status is not AnswerStatus.ANSWERED:
            continue
        best = answer.citations[0]
        if best.doc_id == doc_id and candidate.start <= best.start < candidate.end:
            yield candidate.question


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and the span of its report that an answer must come from."""

    question: str
    start: int
    end: int


def candidates(
    document: Document, renderings: dict[int, Rendering], language: Language
) -> Iterator[Candidate]:
    """Yield questions about cells with a figure, then about headings, in the given language.

    Args:
        document: Whose tables and headings are used.
        renderings: Its units in the other language, by start.
        language: Of the questions; parts without a rendering in it are passed over.
    """

    def said(start: int, end: int) -> str:
        if document.language is language:
            text = document.text[start:end]
        else:
            unit = renderings.get(start)
            text = unit.text if unit else ""
        text = " ".join(text.split())
        return text if sum(map(str.isalpha, text)) > 1 else ""

    caption = ""
    for block in document.blocks:
        if block.kind is BlockKind.CAPTION:
            caption = _CAPTION_SIGN.sub("", said(block.start, block.end))
        elif block.table is not None and block.role is Role.CONTENT and caption:
            for question in _cell_questions(document, block.table, said, (caption, language)):
                yield Candidate(question, block.start, block.end)
        else:
            caption = ""
    for block in document.blocks:
        heading = said(block.start, block.end) if _is_heading(block) else ""
        heading = _NUMBERING.sub("", heading)
        if len(heading) in _HEADING_CHARS[language] and not _CLAUSE.search(heading):
            question = _HEADING_QUESTION[language].format(heading=heading)
            yield Candidate(question, 0, len(document.text))


def _is_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING and block.role is Role.CONTENT


def _cell_questions(
    document: Document,
    table: Table,
    said: Callable[[int, int], str],
    asked: tuple[str, Language],
) -> Iterator[str]:
    """Yield one question a table: its first cell with a figure and both labels."""
    caption, language = asked
    if table.header_rows != 1 or not table.label_columns or len(caption) > _CAPTION_CHARS:
        return
    header = table.rows[0]
    for row in table.rows[1:]:
        label = said(row[0].start, row[0].end)
        for column in range(table.label_columns, len(row)):
            title = said(header[column].start, header[column].end)
            short = len(label) <= _LABEL_CHARS and len(title) <= _LABEL_CHARS
            if label and title and short and _has_figure(document, row[column]):
                yield _CELL_QUESTION[language].format(caption=caption, row=label, column=title)
                return


def _has_figure(document: Document, cell: Cell) -> bool:
    """Say whether a cell is an amount: mostly digits, and no date."""
    text = document.cell_text(cell).replace(" ", "")
    digits = sum(map(str.isdecimal, text))
    return len(text) < 20 and 2 * digits >= len(text) > 1 and not _YEAR.search(text)
