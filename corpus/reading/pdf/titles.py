"""What a PDF is called: what is printed largest on its first page, or what the file says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from corpus.reading.dates import date_in_name
from corpus.reading.identity import base_name
from corpus.reading.structure import heading_key
from corpus.schema import Block, BlockKind, Metadata

_LARGER = 1.2  # of the usual size on the page
_SAME = 0.9  # of the largest: lines of one title
_MAX_CHARS = 120
_MAX_JOINED = 160
_MIN_LETTERS = 0.5  # share of a title's characters
_ENDS = re.compile(r"[\s*∗†‡§¶]+$")
_FILE_NAME = re.compile(
    r"^microsoft (?:word|powerpoint|excel)\b|\.(?:docx?|pptx?|xlsx?|pdf|indd|tex|html?|wps|rtf)\b|"
    r"^(?:untitled|document|无标题|未命名|文档|幻灯片|slide)\s*\d*$|^[\W\d_]+$|^[0-9a-f-]{16,}$",
    re.IGNORECASE,
)
_PDF_DATE = re.compile(r"^D:(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)")


def with_pdf_title(
    metadata: Metadata,
    sized: Sequence[tuple[float, Block]],
    text: str,
    info: Mapping[str, str],
    file_name: str,
) -> Metadata:
    """Complete what the text says of itself by print sizes, the file's own entries and its name.

    Args:
        metadata: As read from the text.
        sized: The blocks of the first page with text, each with its print size.
        text: The reading text.
        info: The file's document information: "Title", "CreationDate".
        file_name: As given.
    """
    if not metadata.names or not metadata.title.startswith(metadata.issuer or "\0"):
        own = _own_title(info, text)
        title = own or printed_title(sized, text) or metadata.title
        metadata = replace(metadata, title=title)
    title = _ENDS.sub("", metadata.title)
    title = title if _is_plausible(title) else Path(base_name(file_name)).stem
    date = metadata.date or date_in_name(Path(base_name(file_name)).stem) or _created(info, text)
    return replace(metadata, title=title, date=date)


def printed_title(sized: Sequence[tuple[float, Block]], text: str) -> str:
    """Return what is printed largest, "" when all is one size; lines of that size are joined."""
    if len(sized) < 2:
        return ""
    usual = median(size for size, _ in sized)
    candidates = [
        (place, size, text[block.start : block.end])
        for place, (size, block) in enumerate(sized)
        if size > _LARGER * usual and 4 <= block.end - block.start <= _MAX_CHARS
    ]
    if not candidates:
        return ""
    largest = max(size for _, size, _ in candidates)
    title, last = "", -1
    for place, size, line in candidates:
        if size < _SAME * largest:
            continue
        if title and (place != last + 1 or len(title) + len(line) > _MAX_JOINED):
            break
        between = "" if not title or not (title[-1].isascii() and line[0].isascii()) else " "
        title, last = f"{title}{between}{line}", place
    return title


def _own_title(info: Mapping[str, str], text: str) -> str:
    """Return the file's own title, if it is one and the first pages print it as well."""
    title = " ".join(info.get("Title", "").split())
    if not (4 <= len(title) <= _MAX_JOINED) or _FILE_NAME.search(title):
        return ""
    return title if heading_key(title) in heading_key(text[:4000]) else ""


def _is_plausible(title: str) -> bool:
    letters = sum(char.isalpha() for char in title)
    # A sentence that ends in a full stop was taken from running text.
    return letters >= max(2, _MIN_LETTERS * len(title)) and not title.endswith("。")


def _created(info: Mapping[str, str], text: str) -> str:
    """Return the day the file was made, if its year is one that the text speaks of."""
    match = _PDF_DATE.match(info.get("CreationDate", ""))
    if match is None or match["year"] not in text:
        return ""
    return f"{match['year']}-{match['month']}-{match['day']}"


def first_page(
    sizes: Sequence[tuple[int, float]], blocks: Sequence[Block]
) -> list[tuple[float, Block]]:
    """Return the blocks of the first page that holds any, without tables, each with its size.

    Args:
        sizes: Page and print size of each block; size 0 leaves it out.
        blocks: In the same order.
    """
    first = min((page for page, _ in sizes), default=1)
    return [
        (size, block)
        for (page, size), block in zip(sizes, blocks, strict=True)
        if page == first and size > 0 and block.kind is not BlockKind.TABLE
    ]
