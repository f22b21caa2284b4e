"""Recognition of scanned pages, where the optional extra is installed; offline, in the child."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import EmptyDocument
from corpus.reading.pdf import has_ocr, read_pdf
from corpus.reading.pdf import reader as pdf_reader
from tests.corpus.pdf_samples import HEIGHT, WIDTH, make_pdf

LINES = ("Quarterly report", "Revenue rose to 48217 dollars", "Margin was stable")


def scan() -> bytes:
    """Return a PDF of one page that is a picture of text."""
    picture = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(picture)
    for place, line in enumerate(LINES):
        draw.text((150, 200 + 120 * place), line, fill="black", font=ImageFont.load_default(44))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")

    def page(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(io.BytesIO(buffer.getvalue())), 0, 0, WIDTH, HEIGHT)

    return make_pdf(page)


@pytest.mark.skipif(not has_ocr(), reason="needs requirements-ocr.txt: rapidocr and onnxruntime")
def test_a_scanned_page_is_recognised_and_says_so() -> None:
    stages: list[tuple[int, int]] = []
    document = read_pdf(
        scan(), file_name="scan.pdf", on_page=lambda page, of: stages.append((page, of))
    )
    for line in LINES:
        assert line.replace(" ", "") in document.text.replace(" ", "")
    (skipped,) = document.skipped
    assert "recognised from the picture" in skipped.reason
    assert not document.pages[0].unread
    assert document.page_at(document.text.index("48217")) == 1
    box = next(origin.box for origin in document.origins if origin.box)
    assert box.x0 == pytest.approx(150 * WIDTH / 1240, abs=8)
    assert stages == [(1, 1), (1, 1)]  # read, then recognised


def test_without_recognition_a_scan_is_named_and_not_indexed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_reader, "has_ocr", lambda: False)
    with pytest.raises(EmptyDocument, match=r"scanned picture.*requirements-ocr\.txt"):
        read_pdf(scan(), file_name="scan.pdf")
