"""Word files (docx) → documents, through python-docx.

Hidden text is left out and listed. Not covered: footnotes, headers and footers, text boxes of old
Word formats, pictures.
"""

import io
import re
import zipfile
from typing import TYPE_CHECKING

from corpus.errors import DocumentError, EncryptedDocument
from corpus.reading.collected import Collected
from corpus.schema import BlockKind, Document

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument
    from docx.table import Table as DocxTable
    from lxml.etree import _Element  # type: ignore[import-untyped,unused-ignore]

_MAX_FILE_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 500_000_000  # of a docx; a report with pictures has some ten million
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"  # old Word files, and encrypted new ones
_HEADING_STYLE = re.compile(r"^(?:heading|标题|標題)\s*(\d)", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"^(?:title|标题|標題|subtitle|副标题)$", re.IGNORECASE)
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
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table as DocxTable
    from docx.text.paragraph import Paragraph
    from lxml.etree import XMLSyntaxError

    try:
        opened = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise DocumentError(
            f"{file_name}: Word 文件已损坏，请在 Word 中另存为 docx / "
            f"the Word file is damaged ({error}); save it again from Word as docx"
        ) from error
    found = Collected()
    try:
        for part in opened.iter_inner_content():
            if isinstance(part, DocxTable):
                found.add_table(_docx_rows(part, found), spanning=_spanning_rows(part))
            elif isinstance(part, Paragraph):
                style = (part.style.name or "") if part.style is not None else ""
                kind, level = _docx_kind(style, part._p)
                found.add(kind, _docx_text(part._p, found), level)
        _add_notes(opened, found)
    except (LookupError, XMLSyntaxError, ValueError, AttributeError, RecursionError) as error:
        # What python-docx runs into where a part or an attribute that it counts on is missing.
        raise DocumentError(
            f"{file_name}: Word 文件内部已损坏，请在 Word 中另存为 docx / "
            f"the Word file is damaged inside ({type(error).__name__}: {error}); "
            "save it again from Word as docx"
        ) from error
    return found.document(data, file_name)


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
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise DocumentError(
            f"{file_name}: 不是 Word 文件，请另存为 docx / "
            f"not a Word file (it begins with {data[:4].hex(' ')}, a docx with "
            "50 4b 03 04); save it from Word as docx"
        ) from error
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
    if outline is not None and (depth := outline.get(f"{_W}val", "9")).isdigit() and int(depth) < 9:
        return BlockKind.HEADING, int(depth) + 1
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
    half_points = size.get(f"{_W}val", "") if size is not None else ""
    return half_points.isdigit() and int(half_points) < 4


def _spanning_rows(table: "DocxTable") -> list[int]:
    """Return the rows of which one cell takes all columns."""
    cells = [[cell._tc for cell in row.cells] for row in table.rows]
    return [number for number, row in enumerate(cells) if len(row) > 1 and len(set(row)) == 1]


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
