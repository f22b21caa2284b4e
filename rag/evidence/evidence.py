"""A piece of evidence: a sentence or a table cell that may answer, with what gives it meaning."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from corpus.quantities import Quantity, parse_quantities
from corpus.schema import BlockKind, Language, Role
from index.terms import analyze
from rag.evidence.cell_units import measured
from rag.evidence.own_period import OwnPeriod
from rag.evidence.periods import When

# How much a term counts when it stands not in the evidence itself but in what surrounds it.
WEIGHT_CAPTION = 0.85
WEIGHT_BLOCK = 0.7  # the sentence before, and the block's first sentence
WEIGHT_SECTION = 0.6
WEIGHT_TITLE = 0.4


# "应用：办公、电商…", "3) 平台运营，包括…": what a list item is about.
_HEAD = re.compile(r"(?:[(（]?\d{1,2}[)）.、]\s*)?(?P<label>[^：:。；;]{2,60}?)\s*[：:]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence, or a table cell with its labels, that may answer a question.

    Contract: `document.text[start:end] == quote`; `text` is the quote or its rendering.
    """

    doc_id: str
    block: int  # ordinal
    start: int
    end: int
    quote: str
    text: str
    language: Language  # of `text`
    role: Role
    section: tuple[str, ...]  # as in the document
    page: int | None
    around: tuple[tuple[str, float], ...]  # texts around it, with how much their terms count
    retrieval: float = 0.0  # score of its chunk, higher is better
    lead: str = ""  # what is needed to understand the text: the sentence before, the labels
    row: str = ""  # of a cell
    column: str = ""  # of a cell
    caption: str = ""  # of a cell
    unit: str = ""  # of a cell
    kind: BlockKind = BlockKind.PARAGRAPH
    when: When | None = field(default=None, compare=False)  # of a cell: the period of its column
    # Of when the report is, where a company reports on itself.
    own: OwnPeriod | None = field(default=None, compare=False)
    # Of a cell: whether its table has the lines of a financial statement.
    in_statement: bool = field(default=False, compare=False)
    # Of a sentence: what stands under the same headings. A row of a table is of its own labels only.
    section_text: str = field(default="", compare=False)

    @property
    def is_own_report(self) -> bool:
        """Say whether a company reports on itself, over a period."""
        return self.own is not None and self.own.calendar is not None

    @property
    def is_cell(self) -> bool:
        """Say whether this is a table cell."""
        return self.kind is BlockKind.TABLE

    @property
    def label(self) -> str:
        """Return what names the text: a cell's row and column, a sentence's opening up to a colon."""
        if self.is_cell:
            return f"{self.row} {self.column}"
        return _head(self.text)

    @property
    def measured(self) -> str:
        """Return the text, with its unit where it is the bare figure of a cell."""
        if not self.is_cell:
            return self.text
        return measured(self.text, self.unit, self.row, self.column)

    @property
    def terms(self) -> frozenset[str]:
        """Return the terms of the text itself."""
        return text_terms(self.text)

    @property
    def matched_terms(self) -> frozenset[str]:
        """Return the terms of the text and of its original: a question may quote either."""
        return self.terms if self.text == self.quote else self.terms | text_terms(self.quote)

    @property
    def named_text(self) -> str:
        """Return the original with its label and the heading right above it."""
        return " ".join((self.quote, self.label, *self.section[-1:]))

    @property
    def nearby(self) -> str:
        """Return the text with its labels, what leads to it and the headings above it."""
        around = " ".join(text for text, _ in self.around)
        return " ".join((self.text, self.quote, self.label, around, *self.section))

    @property
    def everything(self) -> str:
        """Return the text with all that surrounds it, for finding names."""
        return f"{self.nearby} {self.section_text}"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Return the quantities in the text itself."""
        return text_quantities(self.text)


@lru_cache(maxsize=1 << 14)
def _head(text: str) -> str:
    """Return the opening of a text up to a colon, "" without one."""
    head = _HEAD.match(text)
    return head["label"] if head else ""


@lru_cache(maxsize=1 << 14)
def text_terms(text: str) -> frozenset[str]:
    """Return the terms of a text as a set."""
    return frozenset(analyze(text))


@lru_cache(maxsize=1 << 14)
def text_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text."""
    return parse_quantities(text)
