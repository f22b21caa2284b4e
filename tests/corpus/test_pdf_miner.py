"""Characters as pdfplumber reads them: the quick way must not differ from its own."""

import io

import pdfplumber
import pytest

from corpus.reading.pdf.miner import Unusual, read_characters
from tests.corpus.pdf_samples import make_pdf, paragraph, raw_pdf

_START = b"BT /F 12 Tf 72 700 Td "


def _page(data: bytes) -> pdfplumber.page.Page:
    return pdfplumber.open(io.BytesIO(data)).pages[0]


def _both(data: bytes) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    quick = read_characters(_page(data))
    return quick, [{key: char[key] for key in quick[0]} for char in _page(data).chars]


@pytest.mark.parametrize(
    "content",
    [
        _START + b"(plain) Tj ET",
        _START + rb"(a\(b\)c (nested) \101\7z \q \n end\\) Tj ET",
        _START + b"(split \\\r\nline) Tj ET",
        _START + b"<48 65 6c6C\n6f> Tj ET",
        _START + b"[(A)-120(B)-.5(C) 20 <44> +3.(E)]TJ ET",
        _START + b"14 TL (one) Tj T* (two) ' 1 2 (three) \" 3 Ts (four) Tj ET",
        b"q .5 0 0 -.5 10 20 cm 1 0 0 rg 0 0 10 10 re f* Q 2 w [3 2] 0 d 0 0 m 5 5 l S\n"
        + _START
        + b"50 Tz 1 Tc 2 Tw (over here) Tj ET",
        b"/Span <</MCID 0 /Lang (en) /Odd [1 2]>> BDC\n"
        + _START
        + b"% (not this)\n(this) Tj ET EMC",
        b"BT /F 12 Tf 0 1 -1 0 300 400 Tm 3 Tr (upwards) Tj ET",
        b"1 Tj 5 Td " + _START + b"(too few) Tj 7 Tm (operands) Tj ET",
        _START + b"(last)Tj",
    ],
)
def test_quick_characters_are_pdfplumbers_own(content: bytes) -> None:
    quick, own = _both(raw_pdf([content]))
    assert quick == own


def test_quick_characters_of_generated_pages() -> None:
    data = make_pdf(lambda canvas: paragraph(canvas, 72, 700, ["营业收入 12,345.6", "two lines"]))
    quick, own = _both(data)
    assert "".join(str(char["text"]) for char in quick).startswith("营业收入")
    assert quick == own


@pytest.mark.parametrize(
    "content",
    [
        b"BI /W 1 /H 1 ID \x00 EI (text) Tj",
        b"(((twice nested))) Tj",
        b"/F#31 12 Tf",
        b"<abc> Tj",
        b"[(in an array) Tj",
        b"]",
    ],
)
def test_rare_spellings_are_left_to_pdfminer(content: bytes) -> None:
    with pytest.raises(Unusual):
        read_characters(_page(raw_pdf([_START + content + b" ET"])))
