"""The values of this package. Frozen: no step changes what it was given.

Offsets count characters (Unicode code points) of `Document.text`, which is the reading text:
hard wraps joined, markup removed, tables as rows of tab-separated cells. It is fixed once by the
loader and never normalised again, so `document.text[start:end]` is an exact quote for ever.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum


class Language(StrEnum):
    """A language the assistant reads and answers in."""

    ZH = "zh"
    EN = "en"


class BlockKind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CAPTION = "caption"  # 图 1：…  表：…  Figure 3: …
    NOTE = "note"  # 资料来源：…  注：…  Source: …


class Role(StrEnum):
    """What a block is for. Only CONTENT is evidence for a question about the market."""

    CONTENT = "content"
    FRONT = "front"  # cover matter: analysts, dates, related reports
    CONTENTS = "contents"  # table of contents, list of figures
    BOILERPLATE = "boilerplate"  # disclaimers, rating definitions, contact blocks
    FIGURE = "figure"  # labels inside a chart or diagram: no sentences


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points (1/72 inch) from the page's top left corner."""

    page: int  # counted from 1 in the file
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Where `text[start:end]` came from; origins are sorted by start and never overlap.

    For text files `source` is the offset of the same characters in the decoded file:
    `decoded[source : source + end - start] == text[start:end]`. For PDFs `box` is where the
    characters stand on their page. Characters without an origin were added by the reader
    (a space where lines were joined, a line break between blocks).
    """

    start: int
    end: int
    source: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: `document.text[start:end]`. An empty cell has start == end."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of cells, header first.

    Every row has the same number of cells; a merged cell is followed by empty ones.
    """

    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 1  # 0 when the first row is data already
    label_columns: int = 1  # leading columns that name the row
    caption: str = ""
    unit: str = ""  # as printed: "亿元", "US$ in millions"
    parents: tuple[int, ...] = ()  # per row, the row that heads it, -1 for none; () for none at all

    def heads(self, row: int) -> list[int]:
        """Return the rows that head a row, the nearest first."""
        found: list[int] = []
        while self.parents and (row := self.parents[row]) >= 0:
            found.append(row)
        return found


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table, caption or note: `document.text[start:end]`."""

    ordinal: int  # position in the document, counted from 0
    kind: BlockKind
    role: Role
    start: int
    end: int
    level: int = 0  # of a heading: 1 is the top; otherwise 0
    section: tuple[str, ...] = ()  # headings above, outermost first; a heading excludes itself
    page: int | None = None  # counted from 1; None where the file has no pages
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paged document: `document.text[start:end]` is what stands on it."""

    number: int  # counted from 1 in the file
    label: str  # as printed or as the file labels it: "iv", "12"
    width: float  # points
    height: float  # points
    start: int
    end: int
    unread: str = ""  # why nothing usable was read, "" when it was


@dataclass(frozen=True, slots=True)
class Analyst:
    """An author of a report, with the licence number if the report prints one."""

    name: str
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Security:
    """A listed company as the report names it."""

    name: str
    ticker: str
    rating: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the report says of itself. An empty string means that it does not say it."""

    title: str
    issuer: str = ""
    date: str = ""  # ISO 8601: "2023-12-18", "2022-11", or ""
    analysts: tuple[Analyst, ...] = ()
    rating: str = ""  # of the industry or company covered
    securities: tuple[Security, ...] = ()
    has_forecasts: bool = False  # its tables hold estimates: 2025E, FY26F
    names: tuple[str, ...] = ()  # of the company whose own report it is, in any language


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in the file that was left out of the text, and why."""

    what: str  # "page 3", "hidden text on page 2", …
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """One source as read. Blocks are in reading order and do not overlap.

    Contract: `text[block.start:block.end]` is the block, and between two blocks of `text` there
    is only white space.
    """

    doc_id: str
    file_name: str
    sha256: str  # of the file's bytes
    language: Language
    metadata: Metadata
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    origins: tuple[Origin, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the page on which a character of the text stands; None in a file without pages.

        A block may cross pages (a joined paragraph, a continued table); its `page` is where it
        starts.
        """
        position = bisect_right(self.origins, offset, key=lambda origin: origin.start) - 1
        if position >= 0 and (box := self.origins[position].box) is not None:
            return box.page
        return next((page.number for page in self.pages if page.start <= offset < page.end), None)

    def block_text(self, block: Block) -> str:
        """Return the text of a block of this document."""
        return self.text[block.start : block.end]

    def cell_text(self, cell: Cell) -> str:
        """Return the text of a cell of this document."""
        return self.text[cell.start : cell.end]


@dataclass(frozen=True, slots=True)
class Rendering:
    """A unit of a document in the other language: the original is `document.text[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of one document; what is indexed, retrieved and cited.

    Contract: `document.text[chunk.start:chunk.end] == chunk.text`.
    """

    chunk_id: str  # f"{doc_id}#{ordinal:04d}"
    doc_id: str
    start: int
    end: int
    text: str
    language: Language
    kind: BlockKind  # TABLE for rows of a table, otherwise the kind of its first block
    role: Role
    section: tuple[str, ...] = ()
    page: int | None = None
    first_block: int = 0  # ordinals of the blocks it covers, both included
    last_block: int = 0
    context: str = field(default="", compare=False)  # caption and header rows: indexed, not quoted
