"""What reads the spans of one document in the language of a question."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.schema import Block, Document, Language, Rendering
from corpus.units import block_units
from index.opened import OpenedIndex
from rag.evidence.evidence import WEIGHT_SECTION, WEIGHT_TITLE, Evidence
from rag.evidence.fiscal import Calendar, calendar_of
from rag.evidence.own_period import OwnPeriod, own_period_of
from rag.kept import kept_with_index


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads spans of one document in one language."""

    document: Document
    language: Language
    renderings: dict[tuple[int, int], str]
    headings: dict[str, str]  # any unit of the original by its text → its rendering
    # What was read before, by section and by block; a document does not change.
    sections: dict[tuple[str, ...], str] = field(default_factory=dict)
    evidence: dict[int, tuple[Evidence, ...]] = field(default_factory=dict)
    calendar: Calendar | None = None  # of the company whose own report it is
    own: OwnPeriod | None = None  # its period or day, where a company reports on itself

    def read(self, start: int, end: int) -> str:
        """Return a unit in the wanted language, the original where there is no rendering."""
        return self.renderings.get((start, end)) or self.document.text[start:end]

    def section_text(self, section: tuple[str, ...]) -> str:
        """Return what stands under the same headings, in the wanted language."""
        if section not in self.sections:
            self.sections[section] = " ".join(
                self.read(unit.start, unit.end)
                for block in self.document.blocks
                if block.section == section
                for unit in block_units(self.document, block)
            )
        return self.sections[section]

    def heading(self, text: str) -> str:
        """Return a heading or caption, given in the original, in the wanted language."""
        return self.headings.get(text, text)


@kept_with_index(maxsize=64)
def reader_of(index: OpenedIndex, doc_id: str, language: Language) -> Reader:
    """Return what reads a document in a language, the same one for the same index.

    Raises:
        KeyError: No such document.
    """
    document = index.document(doc_id)
    renderings: Sequence[Rendering] = ()
    if document.language is not language:
        renderings = index.renderings(doc_id)
    calendar = calendar_of(document)
    return Reader(
        document,
        language if renderings else document.language,
        {(item.start, item.end): item.text for item in renderings},
        {document.text[item.start : item.end]: item.text for item in renderings},
        calendar=calendar,
        own=own_period_of(document, calendar),
    )


def surroundings(reader: Reader, block: Block) -> list[tuple[str, float]]:
    """Return the headings above a block and the title of its report, with how much their terms count."""
    headings = reader.headings if reader.renderings else {}
    section = " ".join(headings.get(line, line) for line in block.section)
    title = reader.document.metadata.title
    return [
        (section, WEIGHT_SECTION),
        (headings.get(title, title), WEIGHT_TITLE),
    ]
