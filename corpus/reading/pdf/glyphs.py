"""Characters of a page → words, through pdfium; what cannot be seen is set apart.

Order of the words is the order of the file; reading order is found later, from the boxes.

Calling pdfium for every character costs more than all the rest, so the text comes in one piece
and boxes are asked for at the ends of runs only. Runs with a suspicious width, and runs that a
vertical ruling crosses, are looked at character by character.
"""

import ctypes
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from corpus.reading.pdf import native
from corpus.reading.pdf.characters import CLEANED, HYPHEN_MARK, UNMAPPED, is_han
from corpus.reading.pdf.frame import Frame
from corpus.reading.pdf.graphics import Painting, read_graphics
from corpus.reading.pdf.limits import Limits
from corpus.reading.pdf.marks import Direction, PageMarks, Rect, Word
from corpus.reading.pdf.styles import Style, StyleReader, is_seen

_WORD_GAP = 0.17  # of the size: closer Latin letters are one word (a space is 0.2 to 0.3)
_HAN_GAP = 0.5  # ideographs are set apart further than letters without a space being meant
_STEP_BACK = 0.5
_SCAN_SHARE = 0.6  # of the page under a picture: invisible text over it is an OCR layer
_RUN = re.compile(r"[^\x00\x01\x03-\x20\xa0\u3000]+")
_HAN_WIDTH, _LATIN_WIDTH = 1.0, 0.6  # of the size, at most, on average over a run
_WIDE_SHARE = 1.35


class _Run(NamedTuple):
    """Characters of one text object that follow each other."""

    text: str
    rect: Rect
    style: Style
    order: int
    spaced: bool  # a space of the file, or a gap, stands before it


class _Reader:
    """Reads the characters of one page; one instance per page."""

    def __init__(self, text_page: int, frame: Frame, marks: PageMarks, painting: Painting) -> None:
        self._text_page = text_page
        self._frame = frame
        self._marks = marks
        self._painting = painting
        self._verticals = sorted(marks.verticals)
        self._walls_at = [wall.at for wall in self._verticals]
        self._styles = StyleReader(text_page, frame)
        self._last: tuple[int | None, Style] | None = None
        self._invisible: list[tuple[Direction, Word]] = []

    def read(self, max_chars: int) -> None:
        """Fill the marks."""
        count = native.count_chars(self._text_page)
        if count > max_chars:
            self._marks.notes.append(
                f"只读了 {count} 个字符中的前 {max_chars} 个 / "
                f"only the first {max_chars} of {count} characters were read"
            )
            count = max_chars
        if count <= 0:
            return
        text = self._all_text(count)
        self._marks.num_unmapped = len(UNMAPPED.findall(text))
        waiting: list[_Run] = []
        for run in self._runs(text):
            if waiting and (run.spaced or not _is_one_word(waiting[-1], run)):
                self._add_word(waiting)
                waiting = [run]
            else:
                waiting.append(run)
        if waiting:
            self._add_word(waiting)
        self._settle_invisible()
        if self._styles.substituted and not self._marks.is_ocr_layer:
            self._marks.num_lost = self._styles.count_lost(text, self._painting)

    def _all_text(self, count: int) -> str:
        """Return the page's characters; character i of the string is pdfium's character i."""
        buffer = ctypes.create_string_buffer(2 * (count + 1))
        written = native.get_text(self._text_page, 0, count, buffer)
        text = buffer.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", errors="surrogatepass")
        if len(text) == count:
            return text.replace("\ufffe", HYPHEN_MARK)  # how pdfium writes its mark here
        # pdfium leaves characters out of the piece, or some take two units: ask one by one.
        codes = (native.char_code(self._text_page, index) for index in range(count))
        return "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)

    def _runs(self, text: str) -> Iterator[_Run]:
        char_object = native.char_object
        for match in _RUN.finditer(text):
            start, end = match.span()
            spaced = start > 0 and text[start - 1] not in "\r\n\x02"
            first = char_object(self._text_page, start)
            if end - start == 1 or char_object(self._text_page, end - 1) == first:
                yield from self._run(text, start, end, first, spaced=spaced)
                continue
            piece_start, piece_object = start, first
            for index in range(start + 1, end):
                address = char_object(self._text_page, index)
                if address != piece_object:
                    yield from self._run(text, piece_start, index, piece_object, spaced=spaced)
                    piece_start, piece_object, spaced = index, address, False
            yield from self._run(text, piece_start, end, piece_object, spaced=spaced)

    def _run(
        self, text: str, start: int, end: int, address: int | None, *, spaced: bool
    ) -> Iterable[_Run]:
        if self._last is not None and self._last[0] == address:
            style = self._last[1]
        else:
            style = self._styles.read(address, start)
            self._last = (address, style)
        order = self._painting.order_of.get(address or 0, 1 << 30)
        rect = self._rect(start, end - 1)
        piece = text[start:end]
        walls = self._walls(rect, style) if self._verticals else ()
        if end - start > 1 and (walls or _is_too_wide(piece, rect, style)):
            whole = _Run("", rect, style, order, spaced)
            return self._split_run(text, start, end, whole, walls)
        return (_Run(_cleaned(piece), rect, style, order, spaced),)

    def _rect(self, first: int, last: int) -> Rect:
        """Return the box around two characters."""
        left, top, right, bottom = native.char_box(self._text_page, first)
        if last != first:
            box = left, bottom, right, top
            left, top, right, bottom = native.char_box(self._text_page, last)
            left, bottom, right, top = _around(box, (left, bottom, right, top))
        return self._frame.rect(left, bottom, right, top)

    def _walls(self, rect: Rect, style: Style) -> list[float]:
        if style.direction is not Direction.ACROSS:
            return []
        height, slack = style.baseline - 0.3 * style.size, 0.3 * style.size
        first = bisect_right(self._walls_at, rect[0] + slack)
        last = bisect_left(self._walls_at, rect[2] - slack)
        near = self._verticals[first:last]
        return [wall.at for wall in near if wall.start <= height <= wall.end]

    def _split_run(
        self, text: str, start: int, end: int, whole: _Run, walls: Sequence[float]
    ) -> Iterator[_Run]:
        """Look at every character of a run and cut it at gaps and at vertical rulings."""
        style, spaced = whole.style, whole.spaced
        sideways = style.direction in (Direction.UP, Direction.DOWN)
        piece_start, rect = start, self._rect(start, start)
        for index in range(start + 1, end):
            box = self._rect(index, index)
            gap = (max(box[1] - rect[3], rect[1] - box[3])) if sideways else box[0] - rect[2]
            near = is_han(text[index]) or is_han(text[index - 1])
            middle = (box[0] + box[2]) / 2
            crossed = any(
                rect[0] < wall <= middle and rect[2] - wall < wall - rect[0] for wall in walls
            )
            if gap > (_HAN_GAP if near else _WORD_GAP) * style.size or crossed:
                yield _Run(_cleaned(text[piece_start:index]), rect, style, whole.order, spaced)
                piece_start, rect, spaced = index, box, True
            else:
                rect = _around(rect, box)
        yield _Run(_cleaned(text[piece_start:end]), rect, style, whole.order, spaced)

    def _add_word(self, runs: Sequence[_Run]) -> None:
        first = runs[0]
        text, rect, style = first.text, first.rect, first.style
        for run in runs[1:]:
            text += run.text
            rect = _around(rect, run.rect)
        text = text.strip()
        if not text:
            return
        word = _make_word(text, rect, style, spaced=first.spaced)
        if style.is_invisible:
            self._invisible.append((style.direction, word))
            return
        reason = style.hidden
        if not reason and style.direction is Direction.ACROSS:
            reason = is_seen(word, style, first.order, self._frame, self._painting)
        if reason:
            self._marks.hidden.setdefault(reason, []).append(text)
            self._marks.hidden_rects.append(rect)
        elif style.direction is Direction.ACROSS:
            self._marks.words.append(word)
        else:
            self._marks.sideways.append((style.direction, word))

    def _settle_invisible(self) -> None:
        """Take invisible text over a picture of the page for the text of that picture."""
        if not self._invisible:
            return
        self._marks.is_ocr_layer = self._marks.image_share() >= _SCAN_SHARE
        for direction, word in self._invisible:
            if not self._marks.is_ocr_layer:
                self._marks.hidden.setdefault("隐形文字 / invisible text", []).append(word.text)
                self._marks.hidden_rects.append((word.x0, word.top, word.x1, word.bottom))
            elif direction is Direction.ACROSS:
                self._marks.words.append(word)
            else:
                self._marks.sideways.append((direction, word))


def _cleaned(text: str) -> str:
    return text if text.isascii() else text.translate(CLEANED)


def _around(a: Rect, b: Rect) -> Rect:
    x0, top, x1, bottom = a
    left, above, right, below = b
    return (  # twice as fast as min() and max(), for every word
        left if left < x0 else x0,
        above if above < top else top,
        right if right > x1 else x1,
        below if below > bottom else bottom,
    )


def _is_one_word(left: _Run, right: _Run) -> bool:
    style = right.style
    if not left.style.looks_like(style):
        return False
    if style.direction in (Direction.UP, Direction.DOWN):
        gap = max(right.rect[1] - left.rect[3], left.rect[1] - right.rect[3])
        return gap <= _WORD_GAP * style.size
    gap = right.rect[0] - left.rect[2]
    near = is_han(right.text[:1]) or is_han(left.text[-1:])
    return -_STEP_BACK * style.size <= gap <= (_HAN_GAP if near else _WORD_GAP) * style.size


def _is_too_wide(text: str, rect: Rect, style: Style) -> bool:
    """Say whether a run is wider than its characters, so that it holds gaps."""
    if text.isascii():
        usual = _LATIN_WIDTH * len(text)
    else:
        usual = sum(_HAN_WIDTH if char > "\u2e7f" else _LATIN_WIDTH for char in text)
    is_wide = rect[2] - rect[0] > (_WIDE_SHARE * usual + 0.3) * style.size
    return is_wide and style.direction not in (Direction.UP, Direction.DOWN)


def _make_word(text: str, rect: Rect, style: Style, *, spaced: bool) -> Word:
    """Turn a run into a word; one that runs up or down is described along its own direction."""
    x0, top, x1, bottom = rect
    baseline, size, direction = style.baseline, style.size, style.direction
    if direction is not Direction.ACROSS:
        if direction is Direction.UP:
            x0, top, x1, bottom = -bottom, x0, -top, x1
        elif direction is Direction.DOWN:
            x0, top, x1, bottom = top, -x1, bottom, -x0
            baseline = -baseline
        else:
            baseline = bottom
    if bottom - top > 3 * size or size <= 0:
        size = max(bottom - top, 0.1)  # fonts that state a wrong size (Type 3)
    x1 = max(x1, x0 + 0.1)
    above, below = baseline - 0.86 * size, baseline + 0.2 * size
    return Word(text, x0, above, x1, below, baseline, size, style.bold, spaced)


def read_marks(page: int, number: int, frame: Frame, limits: Limits) -> PageMarks:
    """Read everything that stands on a loaded page.

    Args:
        page: Address of pdfium's page.
        number: Counted from 1.
        frame: Where the page's points are shown.
        limits: Characters and objects past its bounds are left out and noted.
    """
    marks = PageMarks(number, frame.width, frame.height)
    painting = read_graphics(page, frame, marks, max_objects=limits.page_objects)
    text_page = native.load_text(page)
    if not text_page:
        marks.notes.append("pdfium 没有找到文字 / pdfium found no text page")
        return marks
    try:
        _Reader(text_page, frame, marks, painting).read(limits.page_characters)
    finally:
        native.close_text(text_page)
    return marks
