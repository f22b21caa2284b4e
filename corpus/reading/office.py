"""Word (docx) and web (html) files → documents, through python-docx and Beautiful Soup with lxml.

Neither kind has pages or offsets into the file, so blocks have no page and text no origins. Hidden
text is left out and listed. Not covered: footnotes, headers and footers, text boxes of old Word
formats, pictures, and what a web page loads by script.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from corpus.errors import DocumentError, EmptyDocument, EncryptedDocument
from corpus.loaders import document_from_items
from corpus.reading.assemble import Item
from corpus.reading.structure import BULLET, CAPTION, NOTE
from corpus.reading.traced import Traced
from corpus.schema import BlockKind, Document, Skipped

if TYPE_CHECKING:
    from bs4.element import Tag
    from docx.table import Table as DocxTable
    from lxml.etree import _Element  # type: ignore[import-untyped,unused-ignore]

_MAX_FILE_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 500_000_000  # of a docx; a report with pictures has some ten million
_MAX_HTML_BYTES = 20_000_000
_MAX_DEPTH = 200  # of nested elements; browsers stop at about 500
# Elements that must be closed; building a tree of thousands inside each other takes minutes.
_NESTING = re.compile(
    rb"<(/?)(?:div|span|table|section|article|blockquote|ul|ol|font|b|i|a)\b", re.I
)
_MAX_OPEN = 1000
_MAX_SPAN = 100  # columns or rows of one cell
_QUOTED_CHARS = 80
_SPACES = re.compile(r"\s+")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"  # old Word files, and encrypted new ones
_HEADING_STYLE = re.compile(r"^(?:heading|标题|標題)\s*(\d)", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"^(?:title|标题|標題|subtitle|副标题)$", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list|列表|项目符号", re.IGNORECASE)


@dataclass(slots=True)
class _Found:
    """Items in order, and hidden text."""

    items: list[Item] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Add a block; what its own words say it is wins over how it is marked."""
        text = _SPACES.sub(" ", text).strip()
        if not text:
            return
        if CAPTION.match(text) and kind is BlockKind.PARAGRAPH and len(text) <= 120:
            kind = BlockKind.CAPTION
        elif NOTE.match(text) and kind is BlockKind.PARAGRAPH:
            kind = BlockKind.NOTE
        elif kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) and (match := BULLET.match(text)):
            kind, text = BlockKind.LIST_ITEM, text[match.end() :].strip() or text
        self.items.append(Item(kind, Traced.added(text), level=level))

    def add_table(self, rows: Sequence[Sequence[str]], header_rows: int | None = None) -> None:
        """Add a table of at least one filled cell."""
        cells = [[_SPACES.sub(" ", cell).strip() for cell in row] for row in rows]
        if any(any(row) for row in cells):
            traced = tuple(tuple(Traced.added(cell) for cell in row) for row in cells)
            self.items.append(
                Item(BlockKind.TABLE, rows=traced, header_rows=header_rows, is_grid=True)
            )

    def document(self, data: bytes, file_name: str) -> Document:
        """Build the document."""
        document = document_from_items(self.items, data=data, file_name=file_name)
        if not self.hidden:
            return document
        text = " ".join(self.hidden)
        quoted = f"“{text[:_QUOTED_CHARS]}{'…' if len(text) > _QUOTED_CHARS else ''}”"
        return replace(document, skipped=(Skipped("hidden text", f"not shown: {quoted}"),))


def read_docx(
    data: bytes, file_name: str, *, max_unpacked_bytes: int = MAX_UNPACKED_BYTES
) -> Document:
    """Read a Word file (docx).

    Raises:
        EncryptedDocument: The file is encrypted (Word wraps such files in another format).
        EmptyDocument: It holds no text.
        DocumentError: No docx, damaged, or it unpacks to more than is allowed.
    """
    _check_docx(data, file_name, max_unpacked_bytes)
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table as DocxTable
    from docx.text.paragraph import Paragraph
    from lxml.etree import XMLSyntaxError

    try:
        opened = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise DocumentError(
            f"{file_name}: the Word file is damaged ({error}); save it again from Word as docx"
        ) from error
    found = _Found()
    for part in opened.iter_inner_content():
        if isinstance(part, DocxTable):
            found.add_table(_docx_rows(part, found))
        elif isinstance(part, Paragraph):
            style = (part.style.name or "") if part.style is not None else ""
            kind, level = _docx_kind(style, part._p)
            found.add(kind, _docx_text(part._p, found), level)
    return found.document(data, file_name)


def _check_docx(data: bytes, file_name: str, max_unpacked_bytes: int) -> None:
    if len(data) > _MAX_FILE_BYTES:
        raise DocumentError(
            f"{file_name}: {len(data):,} bytes, at most {_MAX_FILE_BYTES:,} are read; split it"
        )
    if data.startswith(_OLE_MAGIC):
        raise EncryptedDocument(
            f"{file_name}: encrypted, or in the format of Word before 2007; remove the password or "
            "save it as docx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise DocumentError(
            f"{file_name}: not a Word file (it begins with {data[:4].hex(' ')}, a docx with "
            "50 4b 03 04); save it from Word as docx"
        ) from error
    if unpacked > max_unpacked_bytes:
        raise DocumentError(
            f"{file_name}: unpacks to {unpacked:,} bytes, at most {max_unpacked_bytes:,} are "
            "read; remove its pictures or split it"
        )


def _docx_kind(style: str, paragraph: "_Element") -> tuple[BlockKind, int]:
    if match := _HEADING_STYLE.match(style):
        return BlockKind.HEADING, int(match[1])
    if _TITLE_STYLE.match(style):
        return BlockKind.HEADING, 1
    outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    if outline is not None and (depth := outline.get(f"{_W}val", "9")).isdigit() and int(depth) < 9:
        return BlockKind.HEADING, int(depth) + 1
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    if numbered or _LIST_STYLE.search(style):
        return BlockKind.LIST_ITEM, 0
    return BlockKind.PARAGRAPH, 0


def _docx_text(element: "_Element", found: _Found) -> str:
    """Return the text of a paragraph or cell as shown: insertions in, deletions and hidden out."""
    pieces: list[str] = []
    for node in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}p"):
        if any(above.tag == _FALLBACK for above in node.iterancestors()):
            continue  # a second form of what was just read
        if node.tag != f"{_W}t":
            pieces.append(" ")
            continue
        run = node.getparent()
        if run is not None and _is_hidden_run(run):
            found.hidden.append(node.text or "")
        else:
            pieces.append(node.text or "")
    return "".join(pieces)


def _is_hidden_run(run: "_Element") -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    if vanish is not None and vanish.get(f"{_W}val", "true") not in ("0", "false", "off"):
        return True
    size = run.find(f"{_W}rPr/{_W}sz")
    half_points = size.get(f"{_W}val", "") if size is not None else ""
    return half_points.isdigit() and int(half_points) < 4


def _docx_rows(table: "DocxTable", found: _Found) -> list[list[str]]:
    """Return the cells of a table; a merged cell is followed by empty ones."""
    seen: set[object] = set()
    rows: list[list[str]] = []
    for row in table.rows:
        texts: list[str] = []
        for cell in row.cells:
            texts.append("" if cell._tc in seen else _docx_text(cell._tc, found))
            seen.add(cell._tc)
        rows.append(texts)
    return rows


_DROPPED = ("script", "style", "noscript", "template", "head", "svg", "iframe", "object", "form")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    (*_HEADINGS, "p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "ul",
     "ol", "li", "dl", "dt", "dd", "table", "blockquote", "pre", "figure", "figcaption", "body",
     "html", "hr", "address", "details", "summary", "caption", "center")
)  # fmt: skip
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?!\.?[1-9])|"
    r"opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|text-indent\s*:\s*-\d{3,}",
    re.IGNORECASE,
)


def read_html(data: bytes, file_name: str) -> Document:
    """Read a web page as saved.

    Raises:
        EmptyDocument: It shows no text.
        DocumentError: Larger than is allowed, or nested too deeply.
    """
    if len(data) > _MAX_HTML_BYTES:
        raise DocumentError(
            f"{file_name}: {len(data):,} bytes of HTML, at most {_MAX_HTML_BYTES:,} are read; "
            "save the article without its surroundings"
        )
    _check_nesting(data, file_name)
    from bs4 import BeautifulSoup
    from bs4.element import Tag

    soup = BeautifulSoup(data, "lxml")
    for tag in soup(_DROPPED):
        tag.decompose()
    found = _Found()
    for tag in soup.find_all(True):
        if not tag.decomposed and _is_hidden(tag):
            found.hidden.append(_SPACES.sub(" ", tag.get_text(" ")).strip())
            tag.decompose()
    root = soup.body or soup
    if not root.get_text().strip():
        raise EmptyDocument(f"{file_name}: the page shows no text ({len(data):,} bytes)")
    if isinstance(root, Tag):
        _walk_html(root, found, file_name, 0)
    found.hidden = [text for text in found.hidden if text]
    return found.document(data, file_name)


def _check_nesting(data: bytes, file_name: str) -> None:
    """Refuse a page whose elements are nested without end, before a tree is built of it."""
    depth = 0
    for match in _NESTING.finditer(data):
        depth = max(0, depth + (-1 if match[1] else 1))
        if depth > _MAX_OPEN:
            raise DocumentError(
                f"{file_name}: more than {_MAX_OPEN} elements are nested; save the page as PDF"
            )


def _is_hidden(tag: "Tag") -> bool:
    return tag.has_attr("hidden") or bool(_HIDING_STYLE.search(str(tag.get("style", ""))))


def _walk_html(tag: "Tag", found: _Found, file_name: str, depth: int) -> None:
    """Add the blocks of an element; text between its block children is a paragraph."""
    from bs4.element import Comment, NavigableString, Tag

    if depth > _MAX_DEPTH:
        raise DocumentError(
            f"{file_name}: elements are nested more than {_MAX_DEPTH} deep; save the page as PDF"
        )
    loose: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag) and _holds_blocks(child):
            found.add(BlockKind.PARAGRAPH, "".join(loose))
            loose = []
            _add_html_block(child, found, file_name, depth)
        elif isinstance(child, Tag):
            loose.append(" " if child.name == "br" else child.get_text())
        elif isinstance(child, NavigableString) and not isinstance(child, Comment):
            loose.append(str(child))
    found.add(_own_kind(tag), "".join(loose))


def _own_kind(tag: "Tag") -> BlockKind:
    return BlockKind.LIST_ITEM if tag.name == "li" else BlockKind.PARAGRAPH


def _holds_blocks(tag: "Tag") -> bool:
    return tag.name in _BLOCKS or tag.find(_BLOCKS) is not None


def _add_html_block(tag: "Tag", found: _Found, file_name: str, depth: int) -> None:
    if tag.name in _HEADINGS:
        found.add(BlockKind.HEADING, tag.get_text(), int(tag.name[1]))
    elif tag.name == "table" and tag.find("table") is None:
        caption = tag.find("caption")
        if caption is not None:
            found.add(BlockKind.CAPTION, caption.get_text())
        found.add_table(list(_html_rows(tag)), _header_rows(tag))
    elif tag.name == "figcaption":
        found.add(BlockKind.CAPTION, tag.get_text())
    else:  # also a table around tables, which only lays out the page
        _walk_html(tag, found, file_name, depth + 1)


def _header_rows(table: "Tag") -> int | None:
    """Count leading rows of th cells; None when the table marks none."""
    count = 0
    for row in table.find_all("tr"):
        if row.find("td") is not None or row.find("th") is None:
            break
        count += 1
    return count or None


def _html_rows(table: "Tag") -> Iterator[list[str]]:
    """Yield rows of cells; a cell over several columns or rows is followed by empty ones."""
    below: dict[int, int] = {}  # column → rows that a cell above still takes
    for row in table.find_all("tr"):
        texts: list[str] = []
        for cell in row.find_all(["td", "th"]):
            while below.get(len(texts), 0):
                below[len(texts)] -= 1
                texts.append("")
            columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
            for place in range(columns):
                below[len(texts)] = rows - 1
                texts.append(cell.get_text(" ") if place == 0 else "")
        while below.get(len(texts), 0):
            below[len(texts)] -= 1
            texts.append("")
        yield texts


def _span(cell: "Tag", name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(max(int(value), 1), _MAX_SPAN) if value.isdigit() else 1
