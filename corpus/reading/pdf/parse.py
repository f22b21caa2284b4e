"""PDF bytes → Document, inside the reading process. Limits on time and memory are the caller's."""

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium

from corpus.errors import DocumentError, EncryptedDocument
from corpus.reading.pdf.document import ReadPage, build_document
from corpus.reading.pdf.frame import Frame
from corpus.reading.pdf.furniture import find_furniture, page_labels
from corpus.reading.pdf.glyphs import read_marks
from corpus.reading.pdf.lines import body_size
from corpus.reading.pdf.marks import Direction, PageMarks
from corpus.reading.pdf.pages import page_blocks
from corpus.reading.pdf.rescue import Rescuer, without_text
from corpus.reading.pdf.ruled import find_ruled_tables
from corpus.reading.pdf.wire import Request
from corpus.schema import Document, Skipped

OnPage = Callable[[str, int, int], None]
"""Called with the stage ("read", "recognise", "lay out"), the page and the number of pages."""

_QUOTED_CHARS = 80
_MIN_HIDDEN_CHARS = 2
_PDFIUM_PASSWORD_ERROR = 4


@dataclass(slots=True)
class _Reading:
    """What is known so far."""

    pages: list[PageMarks] = field(default_factory=list)
    unread: dict[int, str] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)


def parse_pdf(data: bytes, request: Request, on_page: OnPage) -> Document:
    """Read a PDF.

    Raises:
        EncryptedDocument: A password is needed, or the given one is wrong.
        EmptyDocument: No page holds text.
        DocumentError: This is no PDF, it is damaged beyond reading, or it has too many pages.
    """
    if b"%PDF-" not in data[:8192] and b"%FDF-" not in data[:1024]:
        raise DocumentError(
            f"{request.file_name}: 不是 PDF（文件以 {data[:8].hex(' ')} 开头，PDF 以 '%PDF-' 开头）；请从原程序"
            f"导出为 PDF 后重新添加 / not a PDF (it begins with {data[:8].hex(' ')}, a PDF with "
            f"'%PDF-'); export it from its program as PDF and add it again"
        )
    pdf = _open(data, request)
    try:
        num_pages = len(pdf)
        if num_pages > request.limits.pages:
            raise DocumentError(
                f"{request.file_name}: 共 {num_pages} 页，最多读 {request.limits.pages} 页；请拆分后逐份添加 / "
                f"{num_pages} pages, at most {request.limits.pages} are read; "
                "split the file and add its parts"
            )
        if num_pages < 1:
            raise DocumentError(
                f"{request.file_name}: 文件没有页面，已损坏；请从原程序或阅读器另存一份 / "
                "the file has no pages; it is damaged, so save it again from "
                "its program or a viewer"
            )
        reading = _read_pages(pdf, data, request, on_page)
        own_labels = [pdf.get_page_label(index) for index in range(num_pages)]
        info = pdf.get_metadata_dict(skip_empty=True)
    finally:
        pdf.close()
    return _lay_out(reading, own_labels, info, data, request, on_page)


def _open(data: bytes, request: Request) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data, password=request.password)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", 0) == _PDFIUM_PASSWORD_ERROR:
            given = "the given password is wrong" if request.password else "it needs a password"
            lacking = "给出的密码不对" if request.password else "需要密码"
            raise EncryptedDocument(
                f"{request.file_name}: 文件已加密，{lacking}；请用能打开它的密码重新添加 / "
                f"the file is encrypted and {given}; add it again with the "
                "password that opens it"
            ) from error
        raise DocumentError(
            f"{request.file_name}: PDF 已损坏，无法打开；请在阅读器中打开，另存一份再添加 / "
            f"the PDF is damaged and cannot be opened ({error}); open it in a "
            "viewer, save a copy and add that"
        ) from error


def _read_pages(
    pdf: pdfium.PdfDocument, data: bytes, request: Request, on_page: OnPage
) -> _Reading:
    reading = _Reading()
    rescuer = Rescuer(pdf, data, request)
    for index in range(len(pdf)):
        number = index + 1
        on_page("read", number, len(pdf))
        if number in request.left_out:
            reading.pages.append(PageMarks(number, 595.0, 842.0))
            reading.unread[number] = (
                "读取所需的时间或内存超出限制 / reading it took more time or memory than is allowed"
            )
            continue
        marks = _read_page(pdf, index, request)
        if marks is None:
            reading.pages.append(PageMarks(number, 595.0, 842.0))
            reading.unread[number] = "页面已损坏 / the page is damaged"
            continue
        if rescuer.needs(marks):
            stage = "recognise" if rescuer.will_recognise(marks) else "read"
            on_page(stage, number, len(pdf))
            marks, reason, note = rescuer.rescue(marks)
            if note:
                reading.skipped.append(Skipped(f"page {number}", note))
            if reason:
                reading.unread[number] = reason
                marks = without_text(marks)
        reading.pages.append(marks)
    rescuer.close()
    return reading


def _read_page(pdf: pdfium.PdfDocument, index: int, request: Request) -> PageMarks | None:
    try:
        page = pdf[index]
    except pdfium.PdfiumError:
        return None
    try:
        width, height = page.get_size()
        address = ctypes.cast(page.raw, ctypes.c_void_p).value
        if address is None or width <= 0 or height <= 0:
            return None
        frame = Frame.of_page(page.raw, width, height)
        return read_marks(address, index + 1, frame, request.limits)
    finally:
        page.close()


def _lay_out(
    reading: _Reading,
    own_labels: Sequence[str],
    info: Mapping[str, str],
    data: bytes,
    request: Request,
    on_page: OnPage,
) -> Document:
    ruled = [find_ruled_tables(page) for page in reading.pages]
    furniture = find_furniture(reading.pages, [used for _, used in ruled])
    body = body_size(word for page in reading.pages for word in page.words)
    # The file's own labels first, then the numbers printed on the pages.
    labels = own_labels if any(own_labels) else page_labels(furniture.printed)
    pages: list[ReadPage] = []
    for marks, (tables, used), dropped in zip(
        reading.pages, ruled, furniture.word_ids, strict=True
    ):
        on_page("lay out", marks.number, len(reading.pages))
        words = [word for word in marks.words if id(word) not in used and id(word) not in dropped]
        pages.append(
            ReadPage(
                number=marks.number,
                label=_label(labels, marks.number),
                width=marks.width,
                height=marks.height,
                blocks=tuple(page_blocks(marks, tables, words, body)),
                unread=reading.unread.get(marks.number, ""),
            )
        )
    skipped = [*reading.skipped, *_skipped(reading)]
    return build_document(pages, skipped, data=data, file_name=request.file_name, info=info)


def _label(labels: Sequence[str], number: int) -> str:
    """Return the label of a page; files may label fewer pages than they have, or with nothing."""
    return (labels[number - 1] if number <= len(labels) else "") or str(number)


def _skipped(reading: _Reading) -> list[Skipped]:
    """List what was left out, page by page."""
    found: list[Skipped] = []
    for page in reading.pages:
        where = f"page {page.number}"
        if page.number in reading.unread:
            found.append(Skipped(where, reading.unread[page.number]))
        found += [Skipped(where, note) for note in page.notes]
        if page.is_ocr_layer and page.words:
            found.append(
                Skipped(
                    f"the picture of page {page.number}",
                    "文字取自扫描件自带的隐形识别层，可能有错 / "
                    "the text is the scan's own invisible OCR layer and may hold errors",
                )
            )
        for reason, texts in page.hidden.items():
            if sum(map(len, texts)) >= _MIN_HIDDEN_CHARS:
                found.append(Skipped(f"hidden text on {where}", f"{reason}: {_quote(texts)}"))
        slanted = [word.text for way, word in page.sideways if way is Direction.SLANTED]
        if slanted:
            found.append(
                Skipped(
                    f"slanted text on {where}",
                    f"水印或标签 / watermark or label: {_quote(slanted)}",
                )
            )
    return found


def _quote(texts: Sequence[str]) -> str:
    text = " ".join(texts)
    return f"“{text[:_QUOTED_CHARS]}{'…' if len(text) > _QUOTED_CHARS else ''}”"
