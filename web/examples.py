"""Questions that fit the shelf: made from its tables and headings, kept if they are answered.

A question that the assistant answers from another report, or not at all, is never offered.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from corpus.errors import AssistantError
from corpus.schema import Block, BlockKind, Cell, Document, Language, Rendering, Role, Table
from rag.schema import Answer, AnswerStatus
from web.service import Assistant

NUM_EXAMPLES = 4
NUM_FOLLOW_UPS = 3
_TRIES_TO_FOLLOW_UP = 6
_TRIES_PER_DOCUMENT = 8
_LABEL_CHARS = 24  # longer ones read like a form
_CAPTION_CHARS = 60
_HEADING_CHARS = {Language.ZH: range(6, 28), Language.EN: range(14, 60)}
"""Shorter headings say nothing by themselves."""

_CLAUSE = re.compile(r"[，。：；！？,:;!?()（）]")  # a heading with these is a sentence
_NUMBERING = re.compile(r"^[\d.、\s]+")
_CAPTION_SIGN = re.compile(r"^(图表|图|表|Figure|Table|Chart)?\s*[\d-]*\s*[：:.]\s*")
_UNIT_NOTE = re.compile(r"[（(]\s*(?:单位|units?)\s*[：:][^）)]*[）)]", re.IGNORECASE)
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
    tried = islice(candidates(document, renderings, language), _TRIES_PER_DOCUMENT)
    for candidate in _kept(tried, assistant, doc_id, language):
        yield candidate.question


def find_follow_ups(assistant: Assistant, answer: Answer, asked: Collection[str]) -> list[str]:
    """Return questions on what stands near the first quote of an answer, nearest first.

    Each is answered from the same report. At most `NUM_FOLLOW_UPS`, of which two on one table;
    none that is in `asked`, and none on the cell that was quoted.
    """
    if not answer.citations:
        return []
    cited = answer.citations[0]
    document = assistant.document(cited.doc_id)
    if document is None:
        return []
    renderings = {item.start: item for item in assistant.renderings(cited.doc_id)}
    near = sorted(
        candidates(document, renderings, answer.language, every_cell=True),
        key=lambda candidate: (abs(candidate.at - cited.start), candidate.question),
    )
    quoted = {citation.start for citation in answer.citations}
    per_place: Counter[tuple[int, int]] = Counter()
    chosen: list[Candidate] = []
    for candidate in near:
        place = (candidate.start, candidate.end)
        if candidate.question in asked or candidate.at in quoted or per_place[place] == 2:
            continue
        per_place[place] += 1
        chosen.append(candidate)
    tried = islice(chosen, _TRIES_TO_FOLLOW_UP)
    kept = _kept(tried, assistant, cited.doc_id, answer.language)
    return [candidate.question for candidate in islice(kept, NUM_FOLLOW_UPS)]


def _kept(
    tried: Iterable["Candidate"], assistant: Assistant, doc_id: str, language: Language
) -> Iterator["Candidate"]:
    """Yield the candidates that are answered from where they were found."""
    for candidate in tried:
        try:
            answer = assistant.answer_offline(candidate.question, language)
        except AssistantError:
            continue
        if answer.status is not AnswerStatus.ANSWERED:
            continue
        best = answer.citations[0]
        if best.doc_id == doc_id and candidate.start <= best.start < candidate.end:
            yield candidate


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and the span of its report that an answer must come from."""

    question: str
    start: int
    end: int
    at: int  # where in the report it was found


def candidates(
    document: Document,
    renderings: dict[int, Rendering],
    language: Language,
    *,
    every_cell: bool = False,
) -> Iterator[Candidate]:
    """Yield questions about cells with a figure, then about headings, in the given language.

    Args:
        document: Whose tables and headings are used.
        renderings: Its units in the other language, by start.
        language: Of the questions; parts without a rendering in it are passed over.
        every_cell: Ask about all cells with a figure, not about the first one of each table.
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
            caption = _CAPTION_SIGN.sub("", _UNIT_NOTE.sub("", said(block.start, block.end)))
        elif block.table is not None and block.role is Role.CONTENT and caption:
            found = _cell_questions(document, block.table, said, (caption, language))
            for question, at in found if every_cell else islice(found, 1):
                yield Candidate(question, block.start, block.end, at)
        else:
            caption = ""
    for block, after in pairwise(document.blocks):
        # A heading above another one is the name of a part, or of the series on the cover.
        says = _is_heading(block) and after.kind is not BlockKind.HEADING
        heading = said(block.start, block.end) if says else ""
        heading = _NUMBERING.sub("", heading)
        fits = len(heading) in _HEADING_CHARS[language] and not _is_in_capitals(heading)
        if fits and not _CLAUSE.search(heading):
            question = _HEADING_QUESTION[language].format(heading=heading)
            yield Candidate(question, 0, len(document.text), block.start)


def _is_in_capitals(heading: str) -> bool:
    """Say whether most of a heading is in capitals, as forms name their parts."""
    return 2 * sum(map(str.isupper, heading)) > len(heading)


def _is_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING and block.role is Role.CONTENT


def _cell_questions(
    document: Document,
    table: Table,
    said: Callable[[int, int], str],
    asked: tuple[str, Language],
) -> Iterator[tuple[str, int]]:
    """Yield (question, start of the cell) of cells with a figure that their labels single out."""
    caption, language = asked
    if table.header_rows != 1 or not table.label_columns or len(caption) > _CAPTION_CHARS:
        return
    header = table.rows[0]
    labels = Counter(document.cell_text(row[0]) for row in table.rows)
    for row in table.rows[1:]:
        label = said(row[0].start, row[0].end) if labels[document.cell_text(row[0])] == 1 else ""
        for column in range(table.label_columns, len(row)):
            title = said(header[column].start, header[column].end)
            short = len(label) <= _LABEL_CHARS and len(title) <= _LABEL_CHARS
            if label and title and short and _has_figure(document, row[column]):
                question = _CELL_QUESTION[language].format(caption=caption, row=label, column=title)
                yield question, row[column].start


def _has_figure(document: Document, cell: Cell) -> bool:
    """Say whether a cell is an amount: mostly digits, and no date."""
    text = document.cell_text(cell).replace(" ", "")
    digits = sum(map(str.isdecimal, text))
    return len(text) < 20 and 2 * digits >= len(text) > 1 and not _YEAR.search(text)
