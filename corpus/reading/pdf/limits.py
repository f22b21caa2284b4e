"""What reading one file may cost, and whether scanned pages can be recognised here."""

from dataclasses import dataclass
from importlib.util import find_spec


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file; past any of them reading ends with a message.

    A page that breaks `page_s` or `memory_bytes` is left out and named; the rest is still read.
    """

    file_bytes: int = 200 * 1024 * 1024
    pages: int = 2000
    wall_s: float = 180.0
    """For the whole file, however many pages it has."""
    page_s: float = 20.0
    """Without any sign of progress. Recognising a scanned page gets `ocr_page_s` instead."""
    ocr_page_s: float = 120.0
    ocr_wall_s: float = 1800.0
    """For recognition in all, on top of `wall_s`; scanned pages after that stay unread."""
    memory_bytes: int = 2 * 1024 * 1024 * 1024
    """Address space of the reading process; OCR, which maps its models, gets twice that."""
    page_characters: int = 100_000
    page_objects: int = 50_000
    result_bytes: int = 256 * 1024 * 1024
    """Of the reading process's reply."""
    broken_pages: int = 3
    """How many pages may be left out before the file is given up."""


def has_ocr() -> bool:
    """Say whether the optional recognition is installed (requirements-ocr.txt)."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None
