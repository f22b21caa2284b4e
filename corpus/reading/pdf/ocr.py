"""Recognition of scanned pages through RapidOCR (optional: requirements-ocr.txt). No network.

The models are files of the package (PP-OCRv6 small, Chinese and English).
"""

from dataclasses import replace
from statistics import median

import pypdfium2 as pdfium

from corpus.reading.pdf.marks import PageMarks, Word

_SCALE = 200 / 72  # 200 dots per inch
_MAX_PIXELS = 2400  # of the longer side
_JITTER = 0.25  # of the usual size
_MIN_SCORE = 0.6  # of 1; below it a line is noise more often than text


class Recogniser:
    """Recognises pages of a file; the models are loaded at the first one."""

    def __init__(self) -> None:
        self._engine: object | None = None

    def read(self, pdf: pdfium.PdfDocument, marks: PageMarks) -> PageMarks:
        """Return a page's marks with the words seen in its picture; none when nothing is seen."""
        if self._engine is None:
            from rapidocr import RapidOCR  # type: ignore[import-not-found,unused-ignore]

            self._engine = RapidOCR(
                params={
                    "Global.log_level": "error",
                    "EngineConfig.onnxruntime.intra_op_num_threads": 2,
                }
            )
        scale = min(_SCALE, _MAX_PIXELS / max(marks.width, marks.height, 1.0))
        page = pdf[marks.number - 1]
        try:
            picture = page.render(scale=scale).to_numpy()
        finally:
            page.close()
        seen = self._engine(picture)  # type: ignore[operator]
        if seen.txts is None:
            return replace(marks, words=[], sideways=[])
        words = [
            _word(str(text), box, scale)
            for text, box, score in zip(seen.txts, seen.boxes, seen.scores, strict=True)
            if score >= _MIN_SCORE and str(text).strip()
        ]
        return replace(marks, words=_even(words), sideways=[], num_unmapped=0, is_ocr_layer=False)


def _even(words: list[Word]) -> list[Word]:
    """Give lines of about the usual height the same size: the boxes jitter, the print does not."""
    if not words:
        return words
    usual = median(word.size for word in words)
    near = _JITTER * usual
    return [word._replace(size=usual) if abs(word.size - usual) <= near else word for word in words]


def _word(text: str, box: list[tuple[float, float]], scale: float) -> Word:
    """Make one word of a recognised line; its corners are in pixels of the picture."""
    xs = [float(x) / scale for x, _ in box]
    ys = [float(y) / scale for _, y in box]
    x0, top, x1, bottom = min(xs), min(ys), max(xs), max(ys)
    height = bottom - top
    # The box has some air around the letters.
    return Word(
        text=text.strip(),
        x0=x0,
        top=top,
        x1=x1,
        bottom=bottom,
        baseline=bottom - 0.22 * height,
        size=0.8 * height,
        bold=False,
        spaced=True,
    )
