"""Small PDFs for tests, drawn with reportlab; Chinese through its built-in CID font."""

import io
import zlib
from collections.abc import Callable, Sequence

from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus.reading.pdf.limits import Limits
from corpus.reading.pdf.parse import parse_pdf
from corpus.reading.pdf.wire import Request
from corpus.schema import Document

SONG = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0

Draw = Callable[[Canvas], None]


def make_pdf(*pages: Draw) -> bytes:
    """Draw one function per page."""
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def encrypted(draw: Draw, password: str) -> bytes:
    """Draw one page and encrypt the file."""
    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf(draw))))
    writer.encrypt(password, "owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def read(data: bytes, password: str | None = None) -> Document:
    """Read in this process: fast, and with tracebacks."""
    request = Request("sample.pdf", Limits(), password)
    return parse_pdf(data, request, lambda stage, page, of: None)


def write(canvas: Canvas, x: float, y: float, text: str, size: float = 10, font: str = "") -> None:
    """Write a line; y counts from the top."""
    name = font or ("Helvetica" if text.isascii() else SONG)
    canvas.setFont(name, size)
    canvas.drawString(x, HEIGHT - y, text)


def paragraph(canvas: Canvas, x: float, y: float, lines: Sequence[str], size: float = 10) -> None:
    """Write lines under each other, 1.4 sizes apart."""
    for place, line in enumerate(lines):
        write(canvas, x, y + 1.4 * size * place, line, size)


def grid(canvas: Canvas, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Draw all lines of a table; y counts from the top."""
    for y in ys:
        canvas.line(xs[0], HEIGHT - y, xs[-1], HEIGHT - y)
    for x in xs:
        canvas.line(x, HEIGHT - ys[0], x, HEIGHT - ys[-1])


def cells(
    canvas: Canvas, xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[str]]
) -> None:
    """Write a table's cells near their top left corners."""
    for y, row in zip(ys, rows, strict=False):
        for x, text in zip(xs, row, strict=False):
            if text:
                write(canvas, x + 3, y + 13, text)


def picture(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """Paint a grey picture; x and y are its lower left corner in PDF coordinates."""
    from PIL import Image

    canvas.drawImage(ImageReader(Image.new("L", (8, 8), 200)), x, y, width, height)


def raw_pdf(contents: Sequence[bytes]) -> bytes:
    """Write a PDF by hand, one compressed content stream per page, with Helvetica as /F."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    kids = []
    packed_contents = {content: zlib.compress(content, 6) for content in set(contents)}
    for content in contents:
        packed = packed_contents[content]
        head = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
        objects.append(head + packed + b"\nendstream")
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
            b"/Contents %d 0 R>>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    out = b"%PDF-1.7\n"
    for number, body in enumerate(objects, start=1):
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    return out + b"trailer<</Size %d/Root 1 0 R>>\n%%%%EOF" % (len(objects) + 1)
