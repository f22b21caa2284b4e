"""Where a quote stands in a report: the spans that answers and rankings are judged against.

A case names its evidence by quote. Here the quote is found in the document's text, under the rules
of `cases/README.md`, so that every way of cutting documents is judged by the same characters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.schema import Block, Document, Rendering
from eval.cases import Case, Span
from eval.metrics import IGNORED, normalise


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a document: `document.text[start:end]`."""

    doc_id: str
    start: int
    end: int

    def overlap(self, other: "Place") -> int:
        """Return how many characters both have in common."""
        if self.doc_id != other.doc_id:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(eq=False)
class Source:
    """A document with its renderings, and what scoring looks up in it."""

    document: Document
    renderings: Mapping[tuple[int, int], str]

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        """Return the text as `normalise` makes it, and for each of its characters the offset."""
        chars: list[str] = []
        offsets: list[int] = []
        ignored = {
            offset
            for match in IGNORED.finditer(self.document.text)
            for offset in range(match.start(), match.end())
        }
        for offset, char in enumerate(self.document.text):
            if offset not in ignored:
                folded = normalise(char)
                chars.append(folded)
                offsets.extend([offset] * len(folded))
        return "".join(chars), offsets

    def find(self, quote: str) -> list[Place]:
        """Return every place where a quote stands, in order."""
        text, offsets = self._folded
        wanted = normalise(quote)
        places = []
        position = text.find(wanted) if wanted else -1
        while position >= 0:
            last = offsets[position + len(wanted) - 1]
            places.append(Place(self.document.doc_id, offsets[position], last + 1))
            position = text.find(wanted, position + 1)
        return places

    def block_at(self, offset: int) -> Block | None:
        """Return the block in which a character stands."""
        return next((b for b in self.document.blocks if b.start <= offset < b.end), None)

    def section_at(self, offset: int) -> str:
        """Return the headings above a character as a citation prints them."""
        block = self.block_at(offset)
        return " > ".join(block.section) if block else ""

    def row_at(self, offset: int) -> str:
        """Return the text of the table row in which a character stands, "" outside tables."""
        block = self.block_at(offset)
        for row in block.table.rows if block and block.table else ():
            if row[0].start <= offset <= row[-1].end:
                return " ".join(self.document.cell_text(cell) for cell in row)
        return ""

    def meaning_at(self, place: Place) -> str:
        """Return what a reader of a quote sees with it, in both languages.

        Its rendering; in a table its row, the header and the caption; the headings above; and what
        the report says of itself.
        """
        document = self.document
        spans = [(place.start, place.end)]
        block = self.block_at(place.start)
        texts = [document.text[place.start : place.end]]
        if block is not None:
            texts += [*block.section, *(self.headings.get(text, "") for text in block.section)]
            if block.table is not None:
                texts += [block.table.caption, self.headings.get(block.table.caption, "")]
                texts.append(block.table.unit)
                rows = [
                    row
                    for number, row in enumerate(block.table.rows)
                    if number < block.table.header_rows
                    or row[0].start <= place.start <= row[-1].end
                ]
                spans += [(cell.start, cell.end) for row in rows for cell in row]
                texts += [document.text[start:end] for start, end in spans[1:]]
        # A trimmed quote is part of a rendered unit.
        texts += [
            text
            for (start, end), text in self.renderings.items()
            if any(start < stop and begin < end for begin, stop in spans)
        ]
        meta = document.metadata
        return "\n".join([*texts, meta.title, meta.issuer, meta.date])

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """Return the renderings of units by their original text."""
        text = self.document.text
        return {text[start:end]: rendering for (start, end), rendering in self.renderings.items()}


class Sources:
    """The documents behind the answers, each prepared once."""

    def __init__(
        self,
        document: Callable[[str], Document],
        renderings: Callable[[str], Sequence[Rendering]] = lambda _: (),
    ) -> None:
        self._document = document
        self._renderings = renderings
        self._sources: dict[str, Source] = {}

    def source(self, doc_id: str) -> Source:
        """Return a document of the shelf.

        Raises:
            KeyError: No such document.
        """
        if doc_id not in self._sources:
            self._sources[doc_id] = Source(
                self._document(doc_id),
                {(item.start, item.end): item.text for item in self._renderings(doc_id)},
            )
        return self._sources[doc_id]

    def places(self, span: Span) -> list[Place]:
        """Return where a case's span stands: any of the places is right; [] when nowhere.

        Of a table cell only the places in a row that holds the row label, if there are any: the
        same figure may stand in other rows for something else.
        """
        try:
            source = self.source(span.doc_id)
        except KeyError:
            return []
        places = source.find(span.quote)
        label = normalise(span.row)
        in_row = [p for p in places if label and label in normalise(source.row_at(p.start))]
        return in_row or places

    def case_places(self, case: Case) -> list[list[Place]]:
        """Return the places of each span of a case, in its order."""
        return [self.places(span) for span in case.evidence]
