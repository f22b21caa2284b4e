"""PDF files → documents. `read_pdf` is all that others use."""

from corpus.pdf.limits import Limits
from corpus.pdf.ocr import has_ocr
from corpus.pdf.reader import read_pdf

__all__ = ["Limits", "has_ocr", "read_pdf"]
