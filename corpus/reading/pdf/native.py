"""The pdfium functions that run once per character, with plain integers as addresses.

pypdfium2's own declarations wrap every address in a new pointer object, which costs more than
the call. `_libs[name]` hands out a fresh function object, so nothing changes for other users.
"""

import ctypes
from collections.abc import Callable
from ctypes import POINTER, byref, c_double, c_float, c_int, c_uint, c_ulong, c_void_p

import pypdfium2.raw as pdfium_c
from pypdfium2_raw import bindings  # type: ignore[import-untyped]

_LIBRARY = bindings._libs["pdfium"]
_NO_AREA = 0.05  # points; pdfium gives a missing shape a height of a hundredth


def _declare(name: str, result: object, *arguments: object) -> Callable[..., int]:
    function = _LIBRARY[name]
    function.restype = result
    function.argtypes = arguments
    declared: Callable[..., int] = function
    return declared


load_text = _declare("FPDFText_LoadPage", c_void_p, c_void_p)
close_text = _declare("FPDFText_ClosePage", None, c_void_p)
count_chars = _declare("FPDFText_CountChars", c_int, c_void_p)
get_text = _declare("FPDFText_GetText", c_int, c_void_p, c_int, c_int, c_void_p)
char_code = _declare("FPDFText_GetUnicode", c_uint, c_void_p, c_int)
char_object = _declare("FPDFText_GetTextObject", c_void_p, c_void_p, c_int)
char_box = _declare("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, POINTER(pdfium_c.FS_RECTF))
_tight_box = _declare("FPDFText_GetCharBox", c_int, c_void_p, c_int, *[POINTER(c_double)] * 4)
char_origin = _declare(
    "FPDFText_GetCharOrigin", c_int, c_void_p, c_int, POINTER(c_double), POINTER(c_double)
)
char_matrix = _declare("FPDFText_GetMatrix", c_int, c_void_p, c_int, POINTER(pdfium_c.FS_MATRIX))
char_size = _declare("FPDFText_GetFontSize", c_double, c_void_p, c_int)
char_unmapped = _declare("FPDFText_HasUnicodeMapError", c_int, c_void_p, c_int)
text_font = _declare("FPDFTextObj_GetFont", c_void_p, c_void_p)
text_mode = _declare("FPDFTextObj_GetTextRenderMode", c_int, c_void_p)
font_weight = _declare("FPDFFont_GetWeight", c_int, c_void_p)
is_embedded = _declare("FPDFFont_GetIsEmbedded", c_int, c_void_p)
font_flags = _declare("FPDFFont_GetFlags", c_int, c_void_p)
_font_name = _declare("FPDFFont_GetBaseFontName", c_ulong, c_void_p, ctypes.c_char_p, c_ulong)
count_objects = _declare("FPDFPage_CountObjects", c_int, c_void_p)
page_object = _declare("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
count_form_objects = _declare("FPDFFormObj_CountObjects", c_int, c_void_p)
form_object = _declare("FPDFFormObj_GetObject", c_void_p, c_void_p, c_ulong)
object_type = _declare("FPDFPageObj_GetType", c_int, c_void_p)
object_matrix = _declare("FPDFPageObj_GetMatrix", c_int, c_void_p, POINTER(pdfium_c.FS_MATRIX))
is_transparent = _declare("FPDFPageObj_HasTransparency", c_int, c_void_p)
_fill_color = _declare("FPDFPageObj_GetFillColor", c_int, c_void_p, *[POINTER(c_uint)] * 4)
_stroke_color = _declare("FPDFPageObj_GetStrokeColor", c_int, c_void_p, *[POINTER(c_uint)] * 4)
_bounds = _declare("FPDFPageObj_GetBounds", c_int, c_void_p, *[POINTER(c_float)] * 4)
_draw_mode = _declare("FPDFPath_GetDrawMode", c_int, c_void_p, POINTER(c_int), POINTER(c_int))
count_segments = _declare("FPDFPath_CountSegments", c_int, c_void_p)
path_segment = _declare("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
segment_type = _declare("FPDFPathSegment_GetType", c_int, c_void_p)
segment_closes = _declare("FPDFPathSegment_GetClose", c_int, c_void_p)
_segment_point = _declare(
    "FPDFPathSegment_GetPoint", c_int, c_void_p, POINTER(c_float), POINTER(c_float)
)

# Results land here: making them anew for each call takes longer than the call. The reading process
# has one thread.
_COLOR = tuple(c_uint() for _ in range(4))
_COLOR_REFS = tuple(map(byref, _COLOR))
_BOUNDS = tuple(c_float() for _ in range(4))
_BOUNDS_REFS = tuple(map(byref, _BOUNDS))
_MODE = (c_int(), c_int())
_MODE_REFS = tuple(map(byref, _MODE))
_POINT = (c_float(), c_float())
_POINT_REFS = tuple(map(byref, _POINT))

Color = tuple[int, int, int, int]
"""Red, green, blue, alpha; 0 to 255."""


def fill_color(address: int) -> Color | None:
    """Return the fill colour of an object, None when pdfium cannot tell (patterns)."""
    return _color() if _fill_color(address, *_COLOR_REFS) else None


def stroke_color(address: int) -> Color | None:
    """Return the stroke colour of an object, None when pdfium cannot tell."""
    return _color() if _stroke_color(address, *_COLOR_REFS) else None


def _color() -> Color:
    red, green, blue, alpha = _COLOR
    return red.value, green.value, blue.value, alpha.value


def bounds(address: int) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right, top of an object in the space it is drawn in."""
    if not _bounds(address, *_BOUNDS_REFS):
        return None
    left, bottom, right, top = _BOUNDS
    return left.value, bottom.value, right.value, top.value


def has_glyph(text_page: int, index: int) -> bool:
    """Say whether the font has a shape for a character, so that it covers an area."""
    sides = [c_double() for _ in range(4)]
    _tight_box(text_page, index, *map(byref, sides))
    left, right, bottom, top = (side.value for side in sides)
    return right > left and top - bottom > _NO_AREA


def draw_mode(address: int) -> tuple[bool, bool]:
    """Say whether a path is filled and whether it is stroked."""
    _draw_mode(address, *_MODE_REFS)
    return bool(_MODE[0].value), bool(_MODE[1].value)


def segment_point(address: int) -> tuple[float, float]:
    """Return the end point of a path segment."""
    _segment_point(address, *_POINT_REFS)
    return _POINT[0].value, _POINT[1].value


def font_name(address: int) -> str:
    """Return the base font name, "" when the font has none."""
    buffer = ctypes.create_string_buffer(256)
    length = _font_name(address, buffer, len(buffer))
    return buffer.value.decode("utf-8", errors="replace") if length else ""
