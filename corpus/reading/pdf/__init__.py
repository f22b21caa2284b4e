"""PDF files → documents. `read_pdf` is all that others use."""

from corpus.reading.pdf.limits import Limits, has_ocr
from corpus.reading.pdf.reader import read_pdf

__all__ = ["Limits", "has_ocr", "read_pdf"]
