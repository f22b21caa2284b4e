"""A second reader, pdfplumber: slower than pdfium, but right for some broken fonts."""

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.reading.pdf.characters import CLEANED, UNMAPPED
from corpus.reading.pdf.marks import PageMarks, Rect, Word

if TYPE_CHECKING:
    import pdfplumber

_NO_UNICODE = re.compile(r"\(cid:\d+\)")
_BOLD = re.compile(r"bold|heavy|black|demi|simhei", re.IGNORECASE)


class Plumber:
    """Reads single pages of one file; opened at the first page."""

    def __init__(self, data: bytes, password: str | None) -> None:
        self._data = data
        self._password = password
        self._pdf: pdfplumber.pdf.PDF | None = None
        self._is_broken = False

    def close(self) -> None:
        """Free the file."""
        self._pdf = None

    def read(self, marks: PageMarks) -> PageMarks | None:
        """Return a page's marks with pdfplumber's words, None when it cannot read the page.

        Words where pdfium found hidden text are left out: pdfplumber does not tell hidden text.
        """
        from pdfminer.pdfexceptions import PDFException
        from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

        if self._is_broken:
            return None
        try:
            words = self._words(marks)
        except (
            PDFException, MalformedPDFException, PdfminerException, RecursionError, ValueError,
            TypeError, KeyError, IndexError, AttributeError, AssertionError, OverflowError, OSError,
        ):  # fmt: skip
            # Damaged files raise anything here; pdfium's reading stands.
            self._is_broken = self._pdf is None
            return None
        unmapped = sum(len(UNMAPPED.findall(word.text)) for word in words)
        cleaned = [word._replace(text=word.text.translate(CLEANED)) for word in words]
        return replace(
            marks, words=[word for word in cleaned if word.text.strip()], num_unmapped=unmapped
        )

    def _words(self, marks: PageMarks) -> list[Word]:
        import pdfplumber
        from pdfplumber.utils.text import extract_words

        from corpus.reading.pdf.miner import Unusual, read_characters

        if self._pdf is None:
            self._pdf = pdfplumber.open(io.BytesIO(self._data), password=self._password or "")
        page = self._pdf.pages[marks.number - 1]
        try:
            characters = read_characters(page)
        except Unusual:
            characters = page.chars
        found = extract_words(
            characters,
            x_tolerance_ratio=0.2,
            extra_attrs=["size", "fontname"],
            keep_blank_chars=False,
        )
        page.close()
        words = [_word(item) for item in found if item.get("upright", True) and item["size"] > 0]
        return [word for word in words if not _is_hidden(word, marks.hidden_rects)]


def _word(item: dict[str, object]) -> Word:
    x0, x1, bottom, size = (float(str(item[key])) for key in ("x0", "x1", "bottom", "size"))
    top = float(str(item["top"]))
    # pdfplumber's box is the font's; the baseline lies about a fifth of it above the bottom.
    size = min(size, bottom - top) or size
    baseline = bottom - 0.2 * size
    return Word(
        text=_NO_UNICODE.sub("\ufffd", str(item["text"])),
        x0=x0,
        top=baseline - 0.86 * size,
        x1=x1,
        bottom=baseline + 0.2 * size,
        baseline=baseline,
        size=size,
        bold=bool(_BOLD.search(str(item["fontname"]))),
        spaced=True,
    )


def _is_hidden(word: Word, rects: list[Rect]) -> bool:
    middle_x, middle_y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return any(x0 <= middle_x <= x1 and top <= middle_y <= bottom for x0, top, x1, bottom in rects)
