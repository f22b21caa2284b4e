"""Running headers, footers and page numbers: what repeats at the edge of pages, and is no text."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.pdf.lines import Line, group_rows, split_row
from corpus.pdf.marks import PageMarks, Word

_ZONE = 0.14  # of the page's height at either end
_MAX_ROWS = 5  # per end
_NUMBER_ZONE = 0.12
_STEP = 6.0  # points: the same line stands no further up or down on another page
_MIN_SHARE = 0.2  # of all pages; left and right pages and chapters have their own lines
_DIGITS = re.compile(r"\d+")
_ROMAN = r"[ivxlc]{1,7}|[IVXLC]{1,7}"
_PAGE_NUMBER = re.compile(
    rf"^[\s\-–—~|·.]*(?:P(?:age|\.)?\s*|第\s*)?(?P<label>\d{{1,4}}|{_ROMAN})\s*(?:页|頁)?"
    rf"[\s,，]*(?:(?:/|／|\||of|共)\s*(?:共\s*)?\d{{1,4}}\s*(?:页|頁)?)?[\s\-–—~|·.]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """Which words of each page are furniture, and the page numbers printed there."""

    word_ids: tuple[frozenset[int], ...]  # per page, `id(word)`
    printed: tuple[str, ...]  # per page, "" where none was found


@dataclass(frozen=True, slots=True)
class _EdgeRow:
    words: tuple[Word, ...]
    segments: tuple[Line, ...]
    key_y: float  # distance from the page's nearer end
    is_top: bool


def find_furniture(pages: Sequence[PageMarks], in_tables: Sequence[set[int]]) -> Furniture:
    """Find what repeats at the top and bottom of pages.

    Only the outermost rows count, and a row further in only when those further out are furniture
    as well, so that a table's header, repeated on each page, is kept.

    Args:
        pages: All pages of the file.
        in_tables: Per page, the ids of words inside ruled tables; they are never furniture.
    """
    edges = [_edge_rows(page, inside) for page, inside in zip(pages, in_tables, strict=True)]
    seen: Counter[tuple[str, bool, int]] = Counter()
    for rows in edges:
        keys = {
            (text, row.is_top, place + shift)
            for row in rows
            for text, place in _keys(row)
            for shift in (-1, 0, 1)
        }
        seen.update(keys)
    needed = max(2, round(_MIN_SHARE * len(pages))) if len(pages) > 3 else 2
    removed: list[frozenset[int]] = []
    printed: list[str] = []
    for page, rows in zip(pages, edges, strict=True):
        ids: set[int] = set()
        label = ""
        for end in (True, False):
            for row in [row for row in rows if row.is_top is end]:
                number = _page_number(row, page)
                repeats = [seen[text, row.is_top, place] >= needed for text, place in _keys(row)]
                if not number and not any(repeats):
                    break
                ids |= {id(word) for word in row.words}
                label = label or number
        removed.append(frozenset(ids))
        printed.append(label)
    return Furniture(tuple(removed), tuple(printed))


def _edge_rows(page: PageMarks, inside: set[int]) -> list[_EdgeRow]:
    """Return the rows near both ends of a page, each end from the edge inwards."""
    found: list[_EdgeRow] = []
    for is_top in (True, False):
        low = 0.0 if is_top else (1 - _ZONE) * page.height
        high = _ZONE * page.height if is_top else page.height
        words = [word for word in page.words if low <= word.baseline <= high]
        rows = group_rows(words)
        for row in (rows if is_top else rows[::-1])[:_MAX_ROWS]:
            if any(id(word) in inside for word in row):
                break
            y = row[0].baseline if is_top else page.height - row[0].baseline
            found.append(_EdgeRow(tuple(row), tuple(split_row(row)), y, is_top))
    return found


def _keys(row: _EdgeRow) -> list[tuple[str, int]]:
    place = round(row.key_y / _STEP)
    return [
        (_DIGITS.sub("#", segment.text), place) for segment in row.segments if len(segment.text) > 1
    ]


def _page_number(row: _EdgeRow, page: PageMarks) -> str:
    if row.key_y > _NUMBER_ZONE * page.height:
        return ""
    for segment in row.segments:
        match = _PAGE_NUMBER.match(segment.text)
        if match and (len(row.segments) == 1 or len(segment.text) <= 4):
            return match["label"]
    return ""


def page_labels(printed: Sequence[str]) -> list[str]:
    """Return each page's label: the printed numbers where they count up, else the position.

    Arabic numbers must keep one distance to the position on most pages that have one; pages
    without a number of their own then get theirs by counting.

    >>> page_labels(["", "1", "2", "", "4"]), page_labels(["7", "3", ""])
    (['1', '1', '2', '3', '4'], ['1', '2', '3'])
    """
    shifts = Counter(
        int(label) - position for position, label in enumerate(printed, start=1) if label.isdigit()
    )
    labels = [str(position) for position in range(1, len(printed) + 1)]
    if not shifts:
        return labels
    shift, count = shifts.most_common(1)[0]
    if count < max(2, 0.6 * sum(shifts.values())):
        return labels
    first = next(place for place, label in enumerate(printed) if label.isdigit() and int(label) - place - 1 == shift)
    for place in range(len(printed)):
        if place >= first:
            labels[place] = str(place + 1 + shift)
        elif re.fullmatch(_ROMAN, printed[place] or "-"):
            labels[place] = printed[place]
    return labels
