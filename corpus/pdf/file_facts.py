"""What pypdf tells about a file: its page labels. Never fatal: pdfium has opened the file already."""

import io
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Labels in page order; empty when the file has none of its own."""

    labels: tuple[str, ...] = ()


def read_file_facts(data: bytes, password: str | None) -> FileFacts:
    """Read the page labels, if the file states any."""
    if b"/PageLabels" not in data and b"/ObjStm" not in data:
        return FileFacts()
    from pypdf import PdfReader  # a tenth of a second that most files do not need
    from pypdf.errors import DependencyError, DeprecationError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            reader.decrypt(password or "")
        if "/PageLabels" not in reader.root_object:
            return FileFacts()
        return FileFacts(tuple(reader.page_labels))
    except (
        PyPdfError, DependencyError, DeprecationError, RecursionError, ValueError, TypeError,
        KeyError, IndexError, AttributeError, AssertionError, OSError, NotImplementedError,
    ):  # fmt: skip
        # pypdf is stricter than pdfium; a file that only it refuses keeps its counted pages.
        return FileFacts()
