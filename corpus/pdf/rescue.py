"""Pages that pdfium could not give as text: another reader, then recognition of the picture."""

import pypdfium2 as pdfium

from corpus.pdf.marks import PageMarks
from corpus.pdf.wire import Request


class Rescuer:
    """Tries to read what `quality.unread_reason` refused."""

    def __init__(self, pdf: pdfium.PdfDocument, data: bytes, request: Request) -> None:
        self._pdf = pdf
        self._data = data
        self._request = request

    def rescue(self, marks: PageMarks, reason: str) -> tuple[PageMarks, str, str]:
        """Return the marks, the reason they are unread ("" now they are read), and a note."""
        return marks, reason, ""
