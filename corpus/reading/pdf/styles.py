"""How the characters of one text object look: size, weight, direction, colour, visibility."""

import ctypes
import re
from dataclasses import dataclass
from math import hypot
from struct import Struct

import pypdfium2.raw as pdfium_c

from corpus.reading.pdf import native
from corpus.reading.pdf.characters import is_han
from corpus.reading.pdf.frame import Frame
from corpus.reading.pdf.graphics import Painting
from corpus.reading.pdf.marks import Direction, Word

_four_floats, _two_doubles = Struct("4f").unpack_from, Struct("2d").unpack_from
_NO_WIDTH = 0.01  # points
_MIN_SIZE = 2.0  # points; smaller print cannot be read and is used to hide text
_BOLD_WEIGHT = 600
_FORCE_BOLD = 1 << 18  # font descriptor flag, PDF 32000-1 table 123
_IDEOGRAPHIC = re.compile(
    r"song|hei|kai|fang|ming|sun|gothic|mincho|batang|gulim|[^\x00-\x7f]", re.IGNORECASE
)
"""Names of fonts with ideographs: SimSun, STSong-Light, 宋体, MSung, KozMinPro …"""
_BOLD_NAMES = ("bold", "heavy", "black", "demi", "simhei")
_UNSEEN_MODES = (3, 7)  # neither filled nor stroked
_STROKED_MODES = (1, 5)


@dataclass(frozen=True, slots=True)
class Style:
    """What all characters of one text object share."""

    size: float
    bold: bool
    direction: Direction
    baseline: float  # across the direction of writing
    hidden: str  # why it cannot be seen wherever it stands, "" when it can
    color: native.Color | None
    is_invisible: bool  # drawn neither filled nor stroked: OCR layers, and hidden text

    def looks_like(self, other: "Style") -> bool:
        """Say whether characters of both can be one word."""
        return self is other or (
            abs(self.baseline - other.baseline) <= 0.1 * self.size
            and abs(self.size - other.size) <= 0.05 * self.size
            and self.bold == other.bold
            and self.direction is other.direction
            and self.hidden == other.hidden
            and self.color == other.color
            and self.is_invisible == other.is_invisible
        )


class StyleReader:
    """Asks pdfium for styles; equal ones come back as the same object. One per page."""

    def __init__(self, text_page: int, frame: Frame) -> None:
        self._text_page = text_page
        self._frame = frame
        self._bold: dict[int | None, bool] = {None: False}
        self.substituted: set[int] = set()  # fonts of ideographs that the file does not bring along
        self._known: dict[object, Style] = {}
        self._matrix = (ctypes.c_float * 6)()
        self._matrix_at = ctypes.addressof(self._matrix)
        self._origin = (ctypes.c_double * 2)()
        self._x_at = ctypes.addressof(self._origin)

    def read(self, address: int | None, index: int) -> Style:
        """Return the style of a text object, at one of its characters."""
        native.char_matrix(self._text_page, index, self._matrix_at)
        native.char_origin(self._text_page, index, self._x_at, self._x_at + 8)
        size = native.char_size(self._text_page, index)
        font, mode, color = None, 0, None
        if address:
            font = native.text_font(address)
            mode = native.text_mode(address)
            stroked = mode in _STROKED_MODES
            color = native.stroke_color(address) if stroked else native.fill_color(address)
        shown_x, shown_y = self._frame.point(*_two_doubles(self._origin))
        a, b, c, d = _four_floats(self._matrix)
        is_level = b == 0.0 and a > 0.0
        key = (a, b, c, d, size, font, mode, color, shown_y if is_level else (shown_x, shown_y))
        style = self._known.get(key)
        if style is None:
            direction = self._frame.direction(a, b)
            sideways = direction in (Direction.UP, Direction.DOWN)
            style = self._make(
                size * hypot(c, d), font, mode, color, direction, shown_x if sideways else shown_y
            )
            self._known[key] = style
        return style

    def count_lost(self, text: str, painting: Painting) -> int:
        """Count pieces of text without an extent: pdfium drops what its font has no glyphs for.

        Single ideographs are lost this way where the system has no font to stand in for the file's;
        longer pieces have at least the extent of their steps. After all styles were read.
        """
        lost = sum(
            native.object_type(address) == pdfium_c.FPDF_PAGEOBJ_TEXT
            and native.text_font(address) in self.substituted
            and ((box := native.bounds(address)) is None or box[2] - box[0] < _NO_WIDTH)
            for address in painting.order_of
        )
        first = next((index for index, char in enumerate(text) if is_han(char)), None)
        return (
            0 if lost and first is not None and native.has_glyph(self._text_page, first) else lost
        )

    def _make(
        self,
        size: float,
        font: int | None,
        mode: int,
        color: native.Color | None,
        direction: Direction,
        baseline: float,
    ) -> Style:
        hidden = ""
        if mode in _UNSEEN_MODES:
            hidden = "隐形文字 / invisible text"
        elif color is not None and color[3] == 0:
            hidden = "完全透明的文字 / fully transparent text"
        elif size < _MIN_SIZE:
            hidden = f"小于 {_MIN_SIZE:g} 磅的文字 / text smaller than {_MIN_SIZE:g} points"
        return Style(
            size=size,
            bold=self._is_bold(font) or mode == pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE,
            direction=direction,
            baseline=baseline,
            hidden=hidden,
            color=color,
            is_invisible=mode in _UNSEEN_MODES,
        )

    def _is_bold(self, font: int | None) -> bool:
        known = self._bold.get(font)
        if known is None and font is not None:
            name = native.font_name(font).lower()
            heavy = native.font_weight(font) >= _BOLD_WEIGHT
            forced = bool(native.font_flags(font) & _FORCE_BOLD)
            known = heavy or forced or any(part in name for part in _BOLD_NAMES)
            self._bold[font] = known
            if _IDEOGRAPHIC.search(name) and not native.is_embedded(font):
                self.substituted.add(font)
        return bool(known)


def is_seen(word: Word, style: Style, order: int, frame: Frame, painting: Painting) -> str:
    """Say why a word cannot be seen where it stands, "" when it can.

    Args:
        word: One that runs across.
        style: How it looks.
        order: When its text object is painted.
        frame: The page.
        painting: What else is painted.
    """
    x0, x1, baseline = word.x0, word.x1, word.baseline
    top = baseline - 0.6 * word.size
    middle_x, middle_y = (x0 + x1) / 2, (top + baseline) / 2
    if not (0 <= middle_x <= frame.width and 0 <= middle_y <= frame.height):
        return "页面之外的文字 / text outside the page"
    color = style.color
    if not painting.strips and (color is None or min(color[:3]) < 255 - _NEAR):
        return ""  # nothing is painted but text: the usual page
    if painting.covers((x0, top, x1, baseline), order):
        return "被色块盖住的文字 / text covered by a painted area"
    if style.color is None:
        return ""
    under = painting.under(middle_x, middle_y, order)
    ground = (255, 255, 255, 255) if under is None else under.color
    if ground is None or (under is not None and not under.is_opaque):
        return ""
    red, green, blue, _ = style.color
    apart = max(abs(red - ground[0]), abs(green - ground[1]), abs(blue - ground[2]))
    return "与底色相同的文字 / text in the colour of its background" if apart <= _NEAR else ""


_NEAR = 24  # of 255: colours this close cannot be told apart
