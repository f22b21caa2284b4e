"""Running headers, footers and page numbers: what repeats at the edge of pages, and is no text."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.pdf.lines import Line, group_rows, split_row
from corpus.reading.pdf.marks import PageMarks, Word
from corpus.reading.structure import UNIT_LINE

_ZONE = 0.14  # of the page's height at either end
_MAX_ROWS = 5  # per end
_NUMBER_ZONE = 0.12
_MAX_NUMBER_CHARS = 4  # of a page number beside other text
_STEP = 6.0  # points: the same line stands no further up or down on another page
_MIN_SHARE = 0.2  # of all pages; left and right pages and chapters have their own lines
_MANY_PAGES = 5
# What heads the columns of a statement, and says in what it counts: on every page of it, and no furniture.
_HEADS = re.compile(
    r"(?:FY\s?)?(?:19|20)\d{2}(?:年度?)?$|(?:[$#%]?\s?(?:Inc|Change)\b|本期|上期|期[初末])"
)
_MIN_HEADS = 2
_MARGIN = 20.0  # points
_CLOSE = 2.0  # of the size, from line to line: rows this close are one block
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
        seen.update(
            {
                (text, row.is_top, place + shift)
                for row in rows
                for text, place in _keys(row)
                for shift in (-1, 0, 1)
            }
        )
    least = 3 if len(pages) > _MANY_PAGES else 2  # a statement may go on for two pages
    needed = max(least, round(_MIN_SHARE * len(pages)))
    shift = _usual_shift(pages, edges)
    removed: list[frozenset[int]] = []
    printed: list[str] = []
    for page, rows in zip(pages, edges, strict=True):
        ids: set[int] = set()
        label = ""
        for end in (True, False):
            for row in _outside_tables([row for row in rows if row.is_top is end]):
                in_zone = row.key_y <= _ZONE * page.height
                repeats = in_zone and any(
                    seen[text, row.is_top, place] >= needed for text, place in _keys(row)
                )
                number = _page_number(row)
                counts_up = number.isdigit() and int(number) - page.number == shift
                # Beside other text a number may be a figure of a table's first or last row.
                stands_out = len(row.segments) == 1 or repeats
                if not counts_up and not (stands_out and row.key_y <= _NUMBER_ZONE * page.height):
                    number = ""
                if not number and not repeats:
                    break
                ids |= {id(word) for word in row.words}
                label = label or number
        removed.append(frozenset(ids))
        printed.append(label)
    num_words = sum(len(page.words) for page in pages)
    if sum(map(len, removed)) == num_words:
        # Pages with nothing else on them: then this is what they say.
        return Furniture((frozenset(),) * len(pages), tuple(printed))
    return Furniture(tuple(removed), tuple(printed))


def _usual_shift(pages: Sequence[PageMarks], edges: Sequence[Sequence[_EdgeRow]]) -> int | None:
    """Return the distance of printed page numbers to positions that several pages share."""
    shifts = Counter(
        int(number) - page.number
        for page, rows in zip(pages, edges, strict=True)
        for number in {_page_number(row) for row in rows}
        if number.isdigit()
    )
    usual = shifts.most_common(1)
    return usual[0][0] if usual and usual[0][1] >= max(3, 0.3 * len(pages)) else None


def _edge_rows(page: PageMarks, inside: set[int]) -> list[_EdgeRow]:
    """Return the rows at both ends of a page, each end from the edge inwards."""
    found: list[_EdgeRow] = []
    words = sorted(page.words, key=lambda word: word.baseline)
    for is_top in (True, False):
        edge = (words[0] if is_top else words[-1]).baseline if words else 0.0
        reach = _ZONE * page.height
        near = [word for word in words if abs(word.baseline - edge) <= reach]
        rows = group_rows(near)
        for row in (rows if is_top else rows[::-1])[:_MAX_ROWS]:
            if any(id(word) in inside for word in row):
                break
            y = row[0].baseline if is_top else page.height - row[0].baseline
            found.append(_EdgeRow(tuple(row), tuple(split_row(row)), y, is_top))
    return found


def _belongs_to_table(row: _EdgeRow) -> bool:
    """Say whether a row heads the columns of a table, or says in which unit its figures are."""
    texts = [segment.text.strip() for segment in row.segments]
    return sum(_HEADS.match(text) is not None for text in texts) >= _MIN_HEADS or (
        len(texts) == 1 and UNIT_LINE.match(texts[0]) is not None
    )


def _outside_tables(rows: Sequence[_EdgeRow]) -> Sequence[_EdgeRow]:
    """Return the rows of an end of a page, from the edge inwards, up to a table and what names its columns."""
    inner = next((place for place, row in enumerate(rows) if _belongs_to_table(row)), None)
    if inner is None:
        return rows
    heads = [line.x0 for line in rows[inner].segments if _HEADS.match(line.text.strip())]
    left = min(heads, default=0.0)
    while inner > 0 and heads and rows[inner].is_top:
        above, below = rows[inner - 1], rows[inner]
        if below.key_y - above.key_y > _CLOSE * below.segments[0].size:
            break
        if min(line.x0 for line in above.segments) < left - _MARGIN:
            break  # it begins with the page's text, and not over the columns of figures
        inner -= 1
    return rows[:inner]


def _keys(row: _EdgeRow) -> list[tuple[str, int]]:
    place = round(row.key_y / _STEP)
    return [
        (_DIGITS.sub("#", segment.text), place) for segment in row.segments if len(segment.text) > 1
    ]


def _page_number(row: _EdgeRow) -> str:
    """Return the page number that a row holds, "" when it holds none, or several numbers."""
    found = [
        match["label"]
        for segment in row.segments
        if (match := _PAGE_NUMBER.match(segment.text))
        and (len(row.segments) == 1 or len(segment.text) <= _MAX_NUMBER_CHARS)
    ]
    return found[0] if len(found) == 1 else ""


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
    first = next(
        place
        for place, label in enumerate(printed)
        if label.isdigit() and int(label) - place - 1 == shift
    )
    for place in range(len(printed)):
        if place >= first:
            labels[place] = str(place + 1 + shift)
        elif re.fullmatch(_ROMAN, printed[place] or "-"):
            labels[place] = printed[place]
    return labels
