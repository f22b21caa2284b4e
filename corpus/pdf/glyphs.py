"""Characters of a page → words, through pdfium; what cannot be seen is set apart.

Order of the words is the order of the file; reading order is found later, from the boxes.
"""

import ctypes
from dataclasses import dataclass, field
from math import hypot

import pypdfium2.raw as pdfium_c

from corpus.pdf import native
from corpus.pdf.characters import CLEANED, is_han
from corpus.pdf.frame import Frame
from corpus.pdf.graphics import Painting, read_graphics
from corpus.pdf.limits import Limits
from corpus.pdf.marks import Direction, PageMarks, Word

_MIN_SIZE = 2.0  # points; smaller print cannot be read and is used to hide text
_WORD_GAP = 0.17  # of the size: closer Latin letters are one word (a space is 0.2 to 0.3)
_HAN_GAP = 0.5  # ideographs are set apart further than letters without a space being meant
_STEP_BACK = 0.5
_SCAN_SHARE = 0.6  # of the page under a picture: invisible text over it is an OCR layer
_NEAR = 24  # of 255: colours this close cannot be told apart
_BOLD_WEIGHT = 600
_FORCE_BOLD = 1 << 18  # font descriptor flag, PDF 32000-1 table 123
_BOLD_NAMES = ("bold", "heavy", "black", "semibold", "demi", "simhei")


@dataclass(frozen=True, slots=True)
class _Style:
    """What all characters of one text object share."""

    size: float
    bold: bool
    direction: Direction
    baseline: float  # across the direction of writing
    hidden: str  # why it cannot be seen, "" when it can
    order: int
    color: native.Color | None
    is_invisible: bool  # render mode 3


@dataclass(slots=True)
class _Pen:
    """The word being put together."""

    chars: list[str] = field(default_factory=list)
    lefts: list[float] = field(default_factory=list)
    x0: float = 0.0
    x1: float = 0.0
    low: float = 0.0
    high: float = 0.0
    spaced: bool = False
    style: _Style | None = None


class _Reader:
    """Reads the characters of one page; one instance per page."""

    def __init__(self, page: int, text_page: int, frame: Frame, marks: PageMarks) -> None:
        self._text_page = text_page
        self._frame = frame
        self._marks = marks
        self._page = page
        self._fonts: dict[int, tuple[bool, str]] = {}
        self._pen = _Pen()
        self._invisible: list[tuple[_Style, Word]] = []
        self._painting = Painting()

    def read(self, painting: Painting, max_chars: int) -> None:
        """Fill the marks."""
        self._painting = painting
        count = native.count_chars(self._text_page)
        if count > max_chars:
            self._marks.notes.append(f"only the first {max_chars} of {count} characters were read")
            count = max_chars
        box = pdfium_c.FS_RECTF()
        box_ref = ctypes.byref(box)
        last_object, style = None, None
        spaced = False
        char_code, char_object, char_box = native.char_code, native.char_object, native.char_box
        text_page, cleaned = self._text_page, CLEANED
        upright = self._frame.matrix[0] == 1.0 and self._frame.matrix[3] == -1.0
        offset_x, offset_y = self._frame.matrix[4], self._frame.matrix[5]
        for index in range(count):
            code = char_code(text_page, index)
            if code <= 32 and code != 2:
                spaced = True
                continue
            address = char_object(text_page, index)
            if address != last_object or style is None:
                last_object, style = address, self._style(address, index)
            char = cleaned.get(code)
            if char is None:
                char = self._clean(code, index)
            if char in ("", " "):
                spaced = spaced or char == " "
                continue
            char_box(text_page, index, box_ref)
            if upright:
                x0, x1 = box.left + offset_x, box.right + offset_x
                low, high = offset_y - box.top, offset_y - box.bottom
            else:
                x0, low, x1, high = self._frame.rect(box.left, box.bottom, box.right, box.top)
            self._take(char, (x0, low, x1, high), style, spaced=spaced)
            spaced = False
        self._finish_word()
        self._settle_invisible()

    def _clean(self, code: int, index: int) -> str:
        if 0xD800 <= code <= 0xDFFF or 0xE000 <= code <= 0xF8FF or code in (0xFFFD, 0xFFFE):
            self._marks.num_unmapped += 1
            return ""
        if code < 0xA0 and native.char_unmapped(self._text_page, index):
            self._marks.num_unmapped += 1
        return chr(code) if code <= 0x10FFFF else ""

    def _style(self, address: int | None, index: int) -> _Style:
        matrix = pdfium_c.FS_MATRIX()
        native.char_matrix(self._text_page, index, matrix)
        size = native.char_size(self._text_page, index) * hypot(matrix.c, matrix.d)
        x, y = ctypes.c_double(), ctypes.c_double()
        native.char_origin(self._text_page, index, x, y)
        shown_x, shown_y = self._frame.point(x.value, y.value)
        direction = self._frame.direction(matrix.a, matrix.b)
        bold, color, mode = False, None, 0
        if address:
            bold = self._is_bold(native.text_font(address))
            mode = native.text_mode(address)
            stroked = mode in (1, 5)
            color = (native.stroke_color if stroked else native.fill_color)(address)
            bold = bold or mode == pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE
        hidden = ""
        if mode in (3, 7):
            hidden = "invisible text"
        elif color is not None and color[3] == 0:
            hidden = "fully transparent text"
        elif size < _MIN_SIZE:
            hidden = f"text smaller than {_MIN_SIZE:g} points"
        across = direction in (Direction.ACROSS, Direction.SLANTED)
        return _Style(
            size=size,
            bold=bold,
            direction=direction,
            baseline=shown_y if across else shown_x,
            hidden=hidden,
            order=self._painting.order_of.get(address or 0, 1 << 30),
            color=color,
            is_invisible=mode in (3, 7),
        )

    def _is_bold(self, font: int | None) -> bool:
        if not font:
            return False
        known = self._fonts.get(font)
        if known is None:
            name = native.font_name(font).lower()
            heavy = native.font_weight(font) >= _BOLD_WEIGHT
            forced = bool(native.font_flags(font) & _FORCE_BOLD)
            known = (heavy or forced or any(part in name for part in _BOLD_NAMES), name)
            self._fonts[font] = known
        return known[0]

    def _take(
        self, char: str, rect: tuple[float, float, float, float], style: _Style, *, spaced: bool
    ) -> None:
        pen = self._pen
        x0, low, x1, high = rect
        if style.direction in (Direction.UP, Direction.DOWN):
            # Seen from the text's own direction, so that words form the same way.
            x0, low, x1, high = (-high, x0, -low, x1) if style.direction is Direction.UP else (low, -x1, high, -x0)
        previous = pen.style
        if previous is not None and (spaced or self._breaks(pen, char, x0, style)):
            self._finish_word()
            pen = self._pen
        if not pen.chars:
            pen.x0, pen.low, pen.high, pen.spaced, pen.style = x0, low, high, spaced, style
        pen.chars.append(char)
        if len(char) == 1:
            pen.lefts.append(x0)
        else:  # a ligature: its letters share the width
            step = (x1 - x0) / len(char)
            pen.lefts.extend(x0 + step * place for place in range(len(char)))
        pen.x1 = x1

    @staticmethod
    def _breaks(pen: _Pen, char: str, x0: float, style: _Style) -> bool:
        last = pen.style
        assert last is not None  # the caller has just looked
        if style is not last and (
            abs(style.baseline - last.baseline) > 0.1 * style.size
            or abs(style.size - last.size) > 0.05 * style.size
            or style.bold != last.bold
            or style.direction != last.direction
            or style.hidden != last.hidden
            or style.color != last.color
        ):
            return True
        gap = x0 - pen.x1
        allowed = _HAN_GAP if is_han(char) or is_han(pen.chars[-1][-1]) else _WORD_GAP
        return gap > allowed * style.size or gap < -_STEP_BACK * style.size

    def _finish_word(self) -> None:
        pen, self._pen = self._pen, _Pen()
        style = pen.style
        if style is None:
            return
        size = style.size
        if pen.high - pen.low > 3 * size or size <= 0:
            size = max(pen.high - pen.low, 0.1)  # fonts that state a wrong size (Type 3)
        word = self._word(pen, style, size)
        reason = style.hidden or self._hidden_by_place(word, style)
        if style.is_invisible:
            self._invisible.append((style, word))
        elif reason:
            self._marks.hidden.setdefault(reason, []).append(word.text)
        elif style.direction is Direction.ACROSS:
            self._marks.words.append(word)
        else:
            self._marks.sideways.append((style.direction, word))

    @staticmethod
    def _word(pen: _Pen, style: _Style, size: float) -> Word:
        baseline = style.baseline
        if style.direction is Direction.SLANTED:
            baseline = pen.high
        elif style.direction is Direction.DOWN:
            baseline = -style.baseline
        return Word(
            text="".join(pen.chars),
            x0=pen.x0,
            top=baseline - 0.86 * size,
            x1=max(pen.x1, pen.x0 + 0.1),
            bottom=baseline + 0.2 * size,
            baseline=baseline,
            size=size,
            bold=style.bold,
            spaced=pen.spaced,
            lefts=tuple(pen.lefts),
        )

    def _hidden_by_place(self, word: Word, style: _Style) -> str:
        if style.direction is not Direction.ACROSS:
            return ""
        frame, painting = self._frame, self._painting
        middle_x, middle_y = (word.x0 + word.x1) / 2, word.baseline - 0.3 * word.size
        if not (0 <= middle_x <= frame.width and 0 <= middle_y <= frame.height):
            return "text outside the page"
        tight = (word.x0, word.baseline - 0.6 * word.size, word.x1, word.baseline)
        if painting.covers(tight, style.order):
            return "text covered by a painted area"
        if style.color is None:
            return ""
        under = painting.under(middle_x, middle_y, style.order)
        ground = (255, 255, 255, 255) if under is None else under.color
        if ground is None or (under is not None and not under.is_opaque):
            return ""
        if max(abs(a - b) for a, b in zip(style.color[:3], ground[:3], strict=True)) <= _NEAR:
            return "text in the colour of its background"
        return ""

    def _settle_invisible(self) -> None:
        """Take invisible text over a picture of the page for the text of that picture."""
        if not self._invisible:
            return
        self._marks.is_ocr_layer = self._marks.image_share() >= _SCAN_SHARE
        for style, word in self._invisible:
            if not self._marks.is_ocr_layer:
                self._marks.hidden.setdefault("invisible text", []).append(word.text)
            elif style.direction is Direction.ACROSS:
                self._marks.words.append(word)
            else:
                self._marks.sideways.append((style.direction, word))


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
        marks.notes.append("pdfium found no text page")
        return marks
    try:
        _Reader(page, text_page, frame, marks).read(painting, limits.page_characters)
    finally:
        native.close_text(text_page)
    return marks
