"""Words → lines: which words stand on one baseline, and how their text is joined."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter
from statistics import median

from corpus.reading.pdf.characters import HYPHEN_MARK, is_han
from corpus.reading.pdf.marks import Rect, Word
from corpus.reading.structure import display_columns

_SAME_BASELINE = 0.28  # of the smaller size: neighbours on one line
_RAISED = 0.85  # of the size of the letters beside it; a smaller mark may be raised
_SEGMENT_GAP = 0.75  # of the size: further apart, words belong to different columns or cells
_HAN_SPACE = 0.35  # of the size: narrower gaps between ideographs are artefacts of the file
_LATIN_SPACE = 0.17
_SPACED_GAP = 0.03  # beside an ideograph a space of the file is one if this much is left of it
_LETTER_SPACED = 0.5  # share of gaps between ideographs from which on a line is spaced out
_BY_BASELINE, _BY_START = attrgetter("baseline", "x0"), attrgetter("x0")
_FULL_WIDTH_MARKS = set("，。、；：！？（）《》【】「」『』“”‘’〈〉・")


class Line:
    """Words on one baseline, left to right, without a wide gap (a segment) or with (a row).

    Attributes:
        words: At least one.
        x0, top, x1, bottom: The box around them.
        baseline, size: Those of the longest word, which sets the style.
        bold: Whether most characters are bold.
        all_bold: Whether all are.
    """

    __slots__ = (
        "_columns",
        "_text",
        "all_bold",
        "baseline",
        "bold",
        "bottom",
        "size",
        "top",
        "words",
        "x0",
        "x1",
    )

    def __init__(self, words: tuple[Word, ...]) -> None:
        self.words = words
        self._text: str | None = None
        self._columns = -1
        if len(words) == 1:
            main = words[0]
            self.x0, self.top, self.x1, self.bottom = main.x0, main.top, main.x1, main.bottom
            self.bold = self.all_bold = main.bold
        else:
            main = max(words, key=lambda word: len(word.text) * word.size)
            self.x0 = words[0].x0
            self.x1 = max([word.x1 for word in words])
            self.top = min([word.top for word in words])
            self.bottom = max([word.bottom for word in words])
            num_bold = sum([len(word.text) for word in words if word.bold])
            num_chars = sum([len(word.text) for word in words])
            self.bold, self.all_bold = 2 * num_bold > num_chars, num_bold == num_chars
        self.baseline, self.size = main.baseline, main.size

    @property
    def text(self) -> str:
        """The line as it reads. Ends in HYPHEN_MARK where the file marks a hyphenated break."""
        if self._text is None:
            self._text = join_words(self.words)
        return self._text

    @property
    def columns(self) -> int:
        """Width of the text in display columns."""
        if self._columns < 0:
            self._columns = len(self.text) if self.text.isascii() else display_columns(self.text)
        return self._columns

    @property
    def rect(self) -> Rect:
        """The box around the line."""
        return self.x0, self.top, self.x1, self.bottom

    @property
    def width(self) -> float:
        """In points."""
        return self.x1 - self.x0


def join_words(words: Sequence[Word]) -> str:
    """Join words of one line, with a space where the print shows one.

    Ideographs that a file sets apart one by one (`绘 画`) are one word; a Latin word beside them
    keeps the space that the file gives it.
    """
    if len(words) == 1:
        return words[0].text
    pieces = [words[0].text]
    if all([word.text.isascii() for word in words]):
        for left, right in pairwise(words):
            pieces += (" ", right.text) if _has_latin_space(left, right) else (right.text,)
        return "".join(pieces)
    is_spaced_out = _is_spaced_out(words)
    for left, right in pairwise(words):
        if _has_space(left, right, is_spaced_out=is_spaced_out):
            pieces.append(" ")
        pieces.append(right.text)
    return "".join(pieces)


def _is_spaced_out(words: Sequence[Word]) -> bool:
    inner = sum(is_han(a) and is_han(b) for word in words for a, b in pairwise(word.text))
    gaps = sum(is_han(left.text[-1]) and is_han(right.text[0]) for left, right in pairwise(words))
    return (
        gaps > 0
        and gaps >= _LETTER_SPACED * (gaps + inner)
        and all(len(word.text) <= 2 or not is_han(word.text[0]) for word in words)
    )


def _has_space(left: Word, right: Word, *, is_spaced_out: bool) -> bool:
    before, after = left.text[-1], right.text[0]
    size = min(left.size, right.size)
    gap = right.x0 - left.x1
    if is_han(before) and is_han(after):
        if is_spaced_out:
            return False
        if before in _FULL_WIDTH_MARKS or after in _FULL_WIDTH_MARKS:
            return gap > 1.2 * size
        return gap > _HAN_SPACE * size
    if is_han(before) or is_han(after):
        if before in _FULL_WIDTH_MARKS or after in _FULL_WIDTH_MARKS:
            return gap > 1.2 * size
        return (right.spaced and gap > _SPACED_GAP * size) or gap > 0.6 * size
    return _has_latin_space(left, right)


def _has_latin_space(left: Word, right: Word) -> bool:
    return right.spaced or right.x0 - left.x1 > _LATIN_SPACE * min(left.size, right.size)


def group_rows(words: Iterable[Word]) -> list[list[Word]]:
    """Group words by baseline, top to bottom; each row left to right, raised marks included."""
    rows: list[list[Word]] = []
    last: Word | None = None
    for word in sorted(words, key=_BY_BASELINE):
        if last and word.baseline - last.baseline <= _SAME_BASELINE * min(word.size, last.size):
            rows[-1].append(word)
        else:
            rows.append([word])
        last = word
    rows = _attach_raised(rows)
    return [_without_doubles(sorted(row, key=_BY_START)) for row in rows]


def _attach_raised(rows: list[list[Word]]) -> list[list[Word]]:
    """Move superscripts and subscripts into the row of the letters they touch."""
    largest = [max([word.size for word in row]) for row in rows]
    smallest = [min([word.size for word in row]) for row in rows]
    moved: list[tuple[int, int, Word]] = []
    for index, row in enumerate(rows):
        for other in (index + 1, index - 1):
            # Most rows have neighbours in their own size and no small print to look for.
            if 0 <= other < len(rows) and smallest[index] < _RAISED * largest[other]:
                moved += [(index, other, word) for word in row if _touches(word, rows[other])]
    taken: set[int] = set()
    for index, other, word in moved:
        if id(word) not in taken:
            taken.add(id(word))
            rows[index] = [kept for kept in rows[index] if kept is not word]
            rows[other] = [*rows[other], word]
    return [row for row in rows if row]


def _touches(small: Word, row: Sequence[Word]) -> bool:
    middle = small.baseline - 0.35 * small.size
    return any(
        small.size < _RAISED * word.size
        and word.top - 0.1 * word.size <= middle <= word.bottom
        and (
            -0.5 * word.size < small.x0 - word.x1 < 0.4 * word.size
            or -0.5 * word.size < word.x0 - small.x1 < 0.4 * word.size
        )
        for word in row
    )


def _without_doubles(row: list[Word]) -> list[Word]:
    """Drop words printed twice on top of each other, a way to make letters bold."""
    if len({word.text for word in row}) == len(row):
        return row
    kept: list[Word] = []
    for word in row:
        for place in range(len(kept) - 1, max(-1, len(kept) - 4), -1):
            other = kept[place]
            if (
                other.text == word.text
                and abs(other.x0 - word.x0) < 0.15 * word.size
                and abs(other.baseline - word.baseline) < 0.15 * word.size
            ):
                kept[place] = other._replace(bold=True)
                break
        else:
            kept.append(word)
    return kept


def split_row(row: Sequence[Word], walls: Sequence[float] = ()) -> list[Line]:
    """Cut a row at wide gaps, and at vertical rulings (`walls`, x positions) inside a gap."""
    lines: list[Line] = []
    current = [row[0]]
    for left, right in pairwise(row):
        limit = _SEGMENT_GAP * max(left.size, right.size)
        wide = right.x0 - left.x1 > limit and right.x0 - max([w.x1 for w in current[-3:]]) > limit
        if wide or (walls and any(left.x1 - 1 <= wall <= right.x0 + 1 for wall in walls)):
            lines.append(Line(tuple(current)))
            current = []
        current.append(right)
    lines.append(Line(tuple(current)))
    return lines


def merge_lines(lines: Sequence[Line]) -> Line:
    """Make one line of the segments of a row."""
    if len(lines) == 1:
        return lines[0]
    return Line(tuple(sorted((word for line in lines for word in line.words), key=lambda w: w.x0)))


_CUT_NUMBER = re.compile(r"\d,$")
_THOUSANDS = re.compile(r"\d{3}(?!\d)")
_LAST_PART = re.compile(r"[^\W\d_]+$")
_FIRST_PART = re.compile(r"[^\W\d_]+")
_MIN_PART = 3  # letters of a half that can be a word of its own


def line_joint(left: str, right: str, known: frozenset[str] = frozenset()) -> tuple[int, str]:
    """Say how a line goes on in the next: how many characters to drop, and what to put between.

    Args:
        left: Text so far.
        right: The next line.
        known: The words of the document in lower case; they tell `re-port` from `open-domain`.

    >>> line_joint("the re\u0002", "port"), line_joint("the", "report"), line_joint("行业", "报告")
    ((1, ''), (0, ' '), (0, ''))
    >>> line_joint("an open\u0002", "domain task", frozenset({"open-domain"}))
    (1, '-')
    """
    if left.endswith((HYPHEN_MARK, "-", "\u2010")) and left[-2:-1].isalpha():
        return 1, _hyphen(left[:-1], right, known)
    before, after = left[-1:], right[:1]
    if is_han(before) or is_han(after):
        return 0, ""
    if _CUT_NUMBER.search(left) and _THOUSANDS.match(right):
        return 0, ""
    if before in "/–—-" and left[-2:-1] not in ("", " "):
        return 0, ""
    if before == HYPHEN_MARK:
        return 1, "-"
    return 0, " "


def _hyphen(left: str, right: str, known: frozenset[str]) -> str:
    """Return "-" when the hyphen at a line's end belongs to the word, "" when it only breaks it."""
    last, first = _LAST_PART.search(left), _FIRST_PART.match(right)
    if last is None or first is None or not first[0][0].islower():
        return "-"
    a, b = last[0].lower(), first[0].lower()
    if a + b in known:
        return ""
    both = a in known and b in known and min(len(a), len(b)) >= _MIN_PART
    return "-" if f"{a}-{b}" in known or both else ""


def body_size(words: Iterable[Word]) -> float:
    """Return the size that most characters are printed in, in points."""
    weights: dict[float, int] = {}
    for word in words:
        size = round(word.size * 2) / 2
        weights[size] = weights.get(size, 0) + len(word.text)
    return max(weights, key=lambda size: (weights[size], -size)) if weights else 10.0


def usual_leading(lines: Sequence[Line]) -> float:
    """Return the usual distance of two baselines in points, 0 when there is only one line."""
    steps = [
        below.baseline - above.baseline
        for above, below in pairwise(lines)
        if 0 < below.baseline - above.baseline < 4 * above.size
    ]
    return median(steps) if steps else 0.0
