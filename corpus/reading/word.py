"""Word files (docx) → documents, through python-docx.

Hidden text is left out and listed. Not covered: footnotes, headers and footers, text boxes of old
Word formats, pictures.
"""

import io
import re
import zipfile
from typing import TYPE_CHECKING

from corpus.errors import DocumentError, EncryptedDocument
from corpus.reading.collected import Collected, small_number
from corpus.schema import BlockKind, Document

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument
    from docx.table import Table as DocxTable
    from lxml.etree import _Element  # type: ignore[import-untyped,unused-ignore]

_MAX_FILE_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 500_000_000  # of a docx; a report with pictures has some ten million
MAX_XML_BYTES = 50_000_000  # of its text; it is held as a tree of some ten times that
_MAX_SPAN = 100  # columns of one cell
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"  # old Word files, and encrypted new ones
_HEADING_STYLE = re.compile(r"^(?:heading|标题|標題)\s*(\d)", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"^(?:title|标题|標題|subtitle|副标题)$", re.IGNORECASE)
_ZIP_MAGIC = b"PK\x03\x04"
_LIST_STYLE = re.compile(r"list|列表|项目符号", re.IGNORECASE)


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
    found = Collected()
    try:
        _collect(data, found)
    except Exception as error:  # of many kinds, see below
        # python-docx counts on what Word writes: where a part or an attribute is missing or the zip
        # is damaged inside, it runs into errors of many kinds, zlib's and AttributeError among them.
        raise _damaged(file_name, error) from error
    return found.document(data, file_name)


def _damaged(file_name: str, error: Exception) -> DocumentError:
    return DocumentError(
        f"{file_name}: Word 文件已损坏，请在 Word 中另存为 docx / "
        f"the Word file is damaged ({type(error).__name__}: {str(error)[:200]}); "
        "save it again from Word as docx"
    )


def _collect(data: bytes, found: Collected) -> None:
    import docx
    from docx.table import Table as DocxTable
    from docx.text.paragraph import Paragraph

    opened = docx.Document(io.BytesIO(data))
    for part in opened.iter_inner_content():
        if isinstance(part, DocxTable):
            found.add_table(_docx_rows(part, found), spanning=_spanning_rows(part))
        elif isinstance(part, Paragraph):
            style = (part.style.name or "") if part.style is not None else ""
            kind, level = _docx_kind(style, part._p)
            found.add(kind, _docx_text(part._p, found), level)
    _add_notes(opened, found)


def _check_docx(data: bytes, file_name: str, max_unpacked_bytes: int) -> None:
    if len(data) > _MAX_FILE_BYTES:
        raise DocumentError(
            f"{file_name}: 共 {len(data):,} 字节，最多读 {_MAX_FILE_BYTES:,} 字节；请拆分 / "
            f"{len(data):,} bytes, at most {_MAX_FILE_BYTES:,} are read; split it"
        )
    if data.startswith(_OLE_MAGIC):
        raise EncryptedDocument(
            f"{file_name}: 文件已加密，或是 Word 2007 之前的格式；请去掉密码或另存为 docx / "
            f"encrypted, or in the format of Word before 2007; remove the password or "
            "save it as docx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            repeated = len(sizes) < len(archive.infolist())
    # zipfile raises NotImplementedError for an archive that claims a later version of the format.
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        if data.startswith(_ZIP_MAGIC):
            raise _damaged(file_name, error) from error
        raise DocumentError(
            f"{file_name}: 不是 Word 文件，请另存为 docx / "
            f"not a Word file (it begins with {data[:4].hex(' ')}, a docx with "
            "50 4b 03 04); save it from Word as docx"
        ) from error
    if repeated:
        raise DocumentError(
            f"{file_name}: Word 文件中有重复的部分，请在 Word 中另存为 docx / "
            "a part of the Word file is there twice; save it again from Word as docx"
        )
    unpacked = sum(sizes.values())
    text = sum(size for name, size in sizes.items() if name.lower().endswith((".xml", ".rels")))
    if text > MAX_XML_BYTES:
        raise DocumentError(
            f"{file_name}: 解压后有 {text:,} 字节文字，最多读 {MAX_XML_BYTES:,} 字节 / "
            f"unpacks to {text:,} bytes of text, at most {MAX_XML_BYTES:,} are read; split it"
        )
    if unpacked > max_unpacked_bytes:
        raise DocumentError(
            f"{file_name}: 解压后有 {unpacked:,} 字节，最多读 {max_unpacked_bytes:,} 字节 / "
            f"unpacks to {unpacked:,} bytes, at most {max_unpacked_bytes:,} are "
            "read; remove its pictures or split it"
        )


def _docx_kind(style: str, paragraph: "_Element") -> tuple[BlockKind, int]:
    if match := _HEADING_STYLE.match(style):
        return BlockKind.HEADING, int(match[1])
    if _TITLE_STYLE.match(style):
        return BlockKind.HEADING, 1
    outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    depth = 9 if outline is None else small_number(outline.get(f"{_W}val", ""), 9)
    if depth < 9:
        return BlockKind.HEADING, depth + 1
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    if numbered or _LIST_STYLE.search(style):
        return BlockKind.LIST_ITEM, 0
    return BlockKind.PARAGRAPH, 0


def _docx_text(element: "_Element", found: Collected) -> str:
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
    return size is not None and small_number(size.get(f"{_W}val", ""), 4) < 4


def _spanning_rows(table: "DocxTable") -> list[int]:
    """Return the rows of which one cell takes all columns, more than one."""
    spans = [[min(cell.grid_span, _MAX_SPAN) for cell in row._tr.tc_lst] for row in table.rows]
    width = max((sum(row) for row in spans), default=0)
    return [n for n, row in enumerate(spans) if width > 1 and len(row) == 1 and row[0] == width]


def _add_notes(document: "DocxDocument", found: Collected) -> None:
    """Add footnotes and endnotes, which Word keeps apart from the text, as notes at the end."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(("/footnotes", "/endnotes")):
            continue
        for note in parse_xml(relation.target_part.blob):
            if note.get(f"{_W}type") is None:  # the others are the lines between text and notes
                found.add(BlockKind.NOTE, _docx_text(note, found))


def _docx_rows(table: "DocxTable", found: Collected) -> list[list[str]]:
    """Return the cells of a table; a merged cell is followed by empty ones.

    The XML is read as it stands: python-docx repeats a cell as often as its span says, which may be
    a thousand million times, and looks through all rows above for each cell that is merged.
    """
    rows: list[list[str]] = []
    for row in table.rows:
        texts: list[str] = []
        for cell in row._tr.tc_lst:
            is_below = cell.vMerge == "continue"
            texts.append("" if is_below else _docx_text(cell, found))
            texts += [""] * (min(cell.grid_span, _MAX_SPAN) - 1)
        rows.append(texts)
    return rows
