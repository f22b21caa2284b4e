"""Web pages as saved (html) → documents, through Beautiful Soup with lxml.

Hidden text is left out and listed. Not covered: pictures, and what a page loads by script.
"""

import re
from typing import TYPE_CHECKING

from corpus.errors import DocumentError, EmptyDocument
from corpus.reading.collected import SPACES, Collected, small_number
from corpus.schema import BlockKind, Document

if TYPE_CHECKING:
    from bs4.element import Tag

_MAX_HTML_BYTES = 20_000_000
_MAX_DEPTH = 200  # of nested elements; browsers stop at about 500
# Elements that must be closed; building a tree of thousands inside each other takes minutes.
_NESTING = re.compile(
    rb"<(/?)(?:div|span|table|section|article|blockquote|ul|ol|font|b|i|a)\b", re.I
)
_MAX_OPEN = 1000
_MAX_SPAN = 100  # columns or rows of one cell
_MAX_CELLS = 500_000  # of one table, those that a wide cell covers among them
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
            f"{file_name}: HTML 共 {len(data):,} 字节，最多读 {_MAX_HTML_BYTES:,} 字节 / "
            f"{len(data):,} bytes of HTML, at most {_MAX_HTML_BYTES:,} are read; "
            "save the article without its surroundings"
        )
    _check_nesting(data, file_name)
    from bs4 import BeautifulSoup
    from bs4.element import Tag

    soup = BeautifulSoup(data, "lxml")
    for tag in soup(_DROPPED):
        tag.decompose()
    found = Collected()
    for tag in soup.find_all(True):
        if not tag.decomposed and _is_hidden(tag):
            found.hidden.append(SPACES.sub(" ", tag.get_text(" ")).strip())
            tag.decompose()
    root = soup.body or soup
    if not root.get_text().strip():
        raise EmptyDocument(
            f"{file_name}: 网页没有显示任何文字 / the page shows no text ({len(data):,} bytes)"
        )
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
                f"{file_name}: 嵌套元素太多，请把网页存成 PDF / "
                f"more than {_MAX_OPEN} elements are nested; save the page as PDF"
            )


def _is_hidden(tag: "Tag") -> bool:
    return tag.has_attr("hidden") or bool(_HIDING_STYLE.search(str(tag.get("style", ""))))


def _walk_html(tag: "Tag", found: Collected, file_name: str, depth: int) -> None:
    """Add the blocks of an element; text between its block children is a paragraph."""
    from bs4.element import Comment, NavigableString, Tag

    if depth > _MAX_DEPTH:
        raise DocumentError(
            f"{file_name}: 元素嵌套太深，请把网页存成 PDF / "
            f"elements are nested more than {_MAX_DEPTH} deep; save the page as PDF"
        )
    loose: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag) and _holds_blocks(child):
            found.add(_own_kind(tag), "".join(loose))
            loose = []
            _add_html_block(child, found, file_name, depth)
        elif isinstance(child, Tag):
            loose.append(" " if child.name == "br" else child.get_text())
        elif isinstance(child, NavigableString) and not isinstance(child, Comment):
            loose.append(str(child))
    found.add(_own_kind(tag), "".join(loose))


def _own_kind(tag: "Tag") -> BlockKind:
    """An item of a list may hold paragraphs: the first of them is the item."""
    parent = tag.parent
    opens_item = parent is not None and parent.name == "li" and parent.find(True) is tag
    return BlockKind.LIST_ITEM if tag.name == "li" or opens_item else BlockKind.PARAGRAPH


def _holds_blocks(tag: "Tag") -> bool:
    return tag.name in _BLOCKS or tag.find(_BLOCKS) is not None


def _add_html_block(tag: "Tag", found: Collected, file_name: str, depth: int) -> None:
    if tag.name in _HEADINGS:
        found.add(BlockKind.HEADING, tag.get_text(), int(tag.name[1]))
    elif tag.name == "table" and tag.find("table") is None:
        caption = tag.find("caption")
        if caption is not None:
            found.add(BlockKind.CAPTION, caption.get_text())
        found.add_table(_html_rows(tag, file_name), _header_rows(tag), _spanning_rows(tag))
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


def _spanning_rows(table: "Tag") -> list[int]:
    """Return the rows of which one cell takes all columns."""
    rows = [row.find_all(["td", "th"]) for row in table.find_all("tr")]
    width = max((sum(_span(cell, "colspan") for cell in row) for row in rows), default=0)
    return [
        number
        for number, row in enumerate(rows)
        if width > 1 and len(row) == 1 and _span(row[0], "colspan") >= width
    ]


def _html_rows(table: "Tag", file_name: str) -> list[list[str]]:
    """Return rows of cells; a cell over several columns or rows is followed by empty ones."""
    below: dict[int, int] = {}  # column → rows that a cell above still takes
    rows_of_texts: list[list[str]] = []
    num_cells = 0
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
        rows_of_texts.append(texts)
        num_cells += len(texts)
        if num_cells > _MAX_CELLS:
            raise DocumentError(
                f"{file_name}: a table of more than {_MAX_CELLS:,} cells; split it or leave it out"
            )
    return rows_of_texts


def _span(cell: "Tag", name: str) -> int:
    return min(max(small_number(str(cell.get(name, "1")), 1), 1), _MAX_SPAN)
