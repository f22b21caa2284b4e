"""The pdfium functions that run once per character, with plain integers as addresses.

pypdfium2's own declarations wrap every address in a new pointer object, which costs more than
the call. `_libs[name]` hands out a fresh function object, so nothing changes for other users.
Where results are to be written is an address too: a checked pointer takes as long as the call.
"""

import ctypes
from collections.abc import Callable
from ctypes import addressof, c_double, c_float, c_int, c_uint, c_ulong, c_void_p
from struct import Struct

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
_char_box = _declare("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, c_void_p)
_tight_box = _declare("FPDFText_GetCharBox", c_int, c_void_p, c_int, *[c_void_p] * 4)
char_origin = _declare("FPDFText_GetCharOrigin", c_int, c_void_p, c_int, c_void_p, c_void_p)
char_matrix = _declare("FPDFText_GetMatrix", c_int, c_void_p, c_int, c_void_p)
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
_object_matrix = _declare("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)
is_transparent = _declare("FPDFPageObj_HasTransparency", c_int, c_void_p)
_fill_color = _declare("FPDFPageObj_GetFillColor", c_int, c_void_p, *[c_void_p] * 4)
_stroke_color = _declare("FPDFPageObj_GetStrokeColor", c_int, c_void_p, *[c_void_p] * 4)
_bounds = _declare("FPDFPageObj_GetBounds", c_int, c_void_p, *[c_void_p] * 4)
_draw_mode = _declare("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
count_segments = _declare("FPDFPath_CountSegments", c_int, c_void_p)
path_segment = _declare("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
segment_type = _declare("FPDFPathSegment_GetType", c_int, c_void_p)
segment_closes = _declare("FPDFPathSegment_GetClose", c_int, c_void_p)
_segment_point = _declare("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)

# Results land here: making them anew for each call takes longer than the call. The reading process
# has one thread.
_INTEGERS = (c_uint * 4)()
_INTEGER_AT = tuple(addressof(_INTEGERS) + 4 * place for place in range(4))
_FLOATS = (c_float * 4)()
_FLOAT_AT = tuple(addressof(_FLOATS) + 4 * place for place in range(4))
_four_integers = Struct("4I").unpack_from
_four_floats = Struct("4f").unpack_from
_two_floats = Struct("2f").unpack_from

Color = tuple[int, int, int, int]
"""Red, green, blue, alpha; 0 to 255."""


def fill_color(address: int) -> Color | None:
    """Return the fill colour of an object, None when pdfium cannot tell (patterns)."""
    return _four_integers(_INTEGERS) if _fill_color(address, *_INTEGER_AT) else None


def stroke_color(address: int) -> Color | None:
    """Return the stroke colour of an object, None when pdfium cannot tell."""
    return _four_integers(_INTEGERS) if _stroke_color(address, *_INTEGER_AT) else None


def char_box(text_page: int, index: int) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of a character: as wide as its step, as high as its font."""
    _char_box(text_page, index, _FLOAT_AT[0])
    return _four_floats(_FLOATS)


def bounds(address: int) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right, top of an object in the space it is drawn in."""
    return _four_floats(_FLOATS) if _bounds(address, *_FLOAT_AT) else None


def has_glyph(text_page: int, index: int) -> bool:
    """Say whether the font has a shape for a character, so that it covers an area."""
    sides = (c_double * 4)()
    _tight_box(text_page, index, *(addressof(sides) + 8 * place for place in range(4)))
    left, right, bottom, top = sides
    return right > left and top - bottom > _NO_AREA


def object_matrix(address: int) -> tuple[float, float, float, float, float, float]:
    """Return the matrix of a form: from the space of its objects to the space it is drawn in."""
    matrix = (c_float * 6)()
    _object_matrix(address, addressof(matrix))
    a, b, c, d, e, f = matrix
    return a, b, c, d, e, f


def draw_mode(address: int) -> tuple[bool, bool]:
    """Say whether a path is filled and whether it is stroked."""
    _draw_mode(address, *_INTEGER_AT[:2])
    return bool(_INTEGERS[0]), bool(_INTEGERS[1])


def segment_point(address: int) -> tuple[float, float]:
    """Return the end point of a path segment."""
    _segment_point(address, *_FLOAT_AT[:2])
    return _two_floats(_FLOATS)


def font_name(address: int) -> str:
    """Return the base font name, "" when the font has none."""
    buffer = ctypes.create_string_buffer(256)
    length = _font_name(address, buffer, len(buffer))
    return buffer.value.decode("utf-8", errors="replace") if length else ""
