"""Pages that pdfium could not give as text: another reader, then recognition of the picture.

Tried in this order, cheapest first, and only for pages whose text looks wrong or is missing.
"""

import time
from dataclasses import replace

import pypdfium2 as pdfium

from corpus.reading.pdf.marks import PageMarks
from corpus.reading.pdf.ocr import Recogniser
from corpus.reading.pdf.plumber import Plumber
from corpus.reading.pdf.quality import count_wrong, has_thin_layer, nonsense_reason, unread_reason
from corpus.reading.pdf.wire import Request

_THIN = "文字层不全 / a thin text layer"
_MIN_KEPT = 0.6  # of the characters: a reading that loses more is no better


class Rescuer:
    """Reads what looks wrong a second time. One per file; its tools are loaded when needed."""

    def __init__(self, pdf: pdfium.PdfDocument, data: bytes, request: Request) -> None:
        self._pdf = pdf
        self._plumber = Plumber(data, request.password)
        self._recogniser = Recogniser() if request.ocr else None
        self._ocr_deadline = time.monotonic() + request.limits.ocr_wall_s
        self._ocr_s = request.limits.ocr_wall_s

    def close(self) -> None:
        """Free what was opened."""
        self._plumber.close()

    def needs(self, marks: PageMarks) -> bool:
        """Say whether a page should be read again."""
        return bool(
            marks.num_lost or unread_reason(marks) or count_wrong(marks) or has_thin_layer(marks)
        )

    def will_recognise(self, marks: PageMarks) -> bool:
        """Say whether recognition, which is slow, may be used for this page."""
        return self._recogniser is not None and bool(unread_reason(marks) or has_thin_layer(marks))

    def rescue(self, marks: PageMarks) -> tuple[PageMarks, str, str]:
        """Return the better marks, the reason they are unread ("" when read), and a note."""
        if marks.words or marks.num_unmapped or marks.num_lost:
            second = self._plumber.read(marks)
            if second is not None and _is_better(second, marks):
                marks = second
            elif second is not None and marks.num_lost:
                marks = _completed(marks, second)
        reason = unread_reason(marks)
        if not reason and not has_thin_layer(marks):
            return marks, "", ""
        if self._recogniser is None:
            return marks, reason, ""
        if time.monotonic() > self._ocr_deadline:
            late = f"识别时间已用完（{self._ocr_s:g} 秒）/ no time was left to recognise it: {reason or _THIN}"
            return marks, late if reason else "", "" if reason else late
        seen = self._recogniser.read(self._pdf, marks)
        if not seen.words:
            found_none = (
                f"没有识别出文字 / recognition found no text on it: {reason}" if reason else ""
            )
            return marks, found_none, ""
        return (
            seen,
            "",
            f"文字由图片识别而来 / the text was recognised from the picture: {reason or _THIN}",
        )


def _is_better(second: PageMarks, first: PageMarks) -> bool:
    """Say whether a second reading makes more sense than the first."""
    num_first = sum(len(word.text) for word in first.words) + first.num_unmapped
    num_second = sum(len(word.text) for word in second.words)
    if has_thin_layer(first):
        return num_second > num_first and not nonsense_reason(second.words, second.num_unmapped)
    return num_second >= _MIN_KEPT * num_first and count_wrong(second) < count_wrong(first)


def _completed(first: PageMarks, second: PageMarks) -> PageMarks:
    """Return a reading with the words of a second one that stand where the first has none."""
    added = [
        word
        for word in second.words
        if not any(
            known.x0 < (word.x0 + word.x1) / 2 < known.x1
            and known.top < (word.top + word.bottom) / 2 < known.bottom
            for known in first.words
        )
    ]
    return replace(first, words=[*first.words, *added], num_lost=0)


def without_text(marks: PageMarks) -> PageMarks:
    """Return a page's marks without its words: what cannot be read is not indexed."""
    return replace(marks, words=[], sideways=[])
