"""Rulings, fills and pictures of a page, through pdfium. Knows nothing of text."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium_c

from corpus.reading.pdf import native
from corpus.reading.pdf.frame import IDENTITY, Frame, Matrix, concat
from corpus.reading.pdf.marks import PageMarks, Rect, Ruling

_MAX_FORM_DEPTH = 6  # forms inside forms; real files use two or three
_THIN = 3.0  # points: a filled bar up to this is a ruling, not a background
_MIN_RULING = 4.0
_MAX_SEGMENTS = 400  # of one path; a path with more is a drawing
_BUCKET = 20.0  # points: fills are looked up by horizontal strips of the page


@dataclass(frozen=True, slots=True)
class Fill:
    """A painted rectangle. `order` counts painted objects of the page from the bottom up."""

    order: int
    rect: Rect
    color: native.Color | None  # None: a pattern, picture or shading of unknown colour
    is_opaque: bool


@dataclass(slots=True)
class Painting:
    """What is painted where, to tell whether a word can be seen."""

    order_of: dict[int, int] = field(default_factory=dict)  # object address → order
    strips: dict[int, list[Fill]] = field(default_factory=lambda: defaultdict(list))
    last_opaque: int = -1  # order of the last opaque fill

    def add(self, fill: Fill) -> None:
        """Remember a fill in every strip it touches."""
        if fill.is_opaque:
            self.last_opaque = fill.order
        first, last = int(fill.rect[1] // _BUCKET), int(fill.rect[3] // _BUCKET)
        for strip in range(max(first, -1), min(last, 1000) + 1):
            self.strips[strip].append(fill)

    def under(self, x: float, y: float, order: int) -> Fill | None:
        """Return the topmost fill below an object at a point."""
        found = None
        for fill in self.strips.get(int(y // _BUCKET), ()):
            if fill.order < order and _holds(fill.rect, x, y):
                found = fill
        return found

    def covers(self, rect: Rect, order: int) -> bool:
        """Say whether an opaque fill painted later lies over the whole rectangle."""
        if order >= self.last_opaque:
            return False
        x0, top, x1, bottom = rect
        middle = (top + bottom) / 2
        return any(
            fill.order > order
            and fill.is_opaque
            and fill.rect[0] <= x0
            and fill.rect[2] >= x1
            and fill.rect[1] <= top + 1
            and fill.rect[3] >= bottom - 1
            for fill in self.strips.get(int(middle // _BUCKET), ())
        )


def _holds(rect: Rect, x: float, y: float) -> bool:
    return rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3]


def read_graphics(page: int, frame: Frame, marks: PageMarks, *, max_objects: int) -> Painting:
    """Add rulings, drawings and images to `marks`; return what is painted where."""
    painting = Painting()
    for order, (address, kind, matrix) in enumerate(_walk(page)):
        if order >= max_objects:
            marks.notes.append(
                f"只看了前 {max_objects} 个图形对象 / "
                f"only the first {max_objects} drawing objects were looked at"
            )
            break
        painting.order_of[address] = order
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            marks.num_paths += 1
            _read_path(address, matrix, frame, marks, painting, order)
        elif kind in (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING):
            rect = _shown_bounds(address, matrix, frame)
            if rect and kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                marks.images.append(rect)
            if rect:
                painting.add(Fill(order, rect, None, is_opaque=False))
    return painting


def _walk(page: int) -> Iterator[tuple[int, int, Matrix]]:
    """Yield (address, type, matrix of the space it is drawn in), bottom first, forms opened."""
    for index in range(native.count_objects(page)):
        address = native.page_object(page, index)
        if address:
            kind = native.object_type(address)
            if kind == pdfium_c.FPDF_PAGEOBJ_FORM:
                yield from _walk_form(address, IDENTITY, 0)
            else:
                yield address, kind, IDENTITY


def _walk_form(address: int, matrix: Matrix, depth: int) -> Iterator[tuple[int, int, Matrix]]:
    if depth >= _MAX_FORM_DEPTH:
        return
    inner = concat(native.object_matrix(address), matrix)
    for index in range(native.count_form_objects(address)):
        child = native.form_object(address, index)
        if child:
            kind = native.object_type(child)
            if kind == pdfium_c.FPDF_PAGEOBJ_FORM:
                yield from _walk_form(child, inner, depth + 1)
            else:
                yield child, kind, inner


def _shown_bounds(address: int, matrix: Matrix, frame: Frame) -> Rect | None:
    box = native.bounds(address)
    if box is None:
        return None
    if matrix is IDENTITY:
        x0, top, x1, bottom = frame.rect(*box)
    else:
        corners = [
            frame.point(*_apply(matrix, x, y)) for x in (box[0], box[2]) for y in (box[1], box[3])
        ]
        xs, ys = zip(*corners, strict=True)
        x0, top, x1, bottom = min(xs), min(ys), max(xs), max(ys)
    # A picture larger than the page is seen only where the page is.
    x0, top = max(x0, 0.0), max(top, 0.0)
    x1, bottom = min(x1, frame.width), min(bottom, frame.height)
    return (x0, top, x1, bottom) if x0 <= x1 and top <= bottom else None


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _read_path(
    address: int, matrix: Matrix, frame: Frame, marks: PageMarks, painting: Painting, order: int
) -> None:
    is_filled, is_stroked = native.draw_mode(address)
    if not (is_filled or is_stroked):
        return
    rect = _shown_bounds(address, matrix, frame)
    if rect is None:
        return
    x0, top, x1, bottom = rect
    width, height = x1 - x0, bottom - top
    if height <= _THIN and width >= max(_MIN_RULING, 2 * height):
        marks.horizontals.append(Ruling((top + bottom) / 2, x0, x1))
        return
    if width <= _THIN and height >= max(_MIN_RULING, 2 * width):
        marks.verticals.append(Ruling((x0 + x1) / 2, top, bottom))
        return
    lines, is_straight = _straight_lines(address, matrix, frame)
    if is_filled:
        is_rect = is_straight and len(lines) <= 5
        _add_fill(address, order, rect, painting, is_rect=is_rect)
        if is_rect:
            marks.fills.append(rect)
    if not is_straight:
        marks.drawings.append(rect)
    elif is_stroked:
        _add_rulings(lines, marks)


def _add_fill(address: int, order: int, rect: Rect, painting: Painting, *, is_rect: bool) -> None:
    color = native.fill_color(address)
    if color is None or color[3] > 0:
        # Of a shape that is no rectangle only the bounds are known, not what it covers.
        opaque = bool(color and color[3] == 255 and not native.is_transparent(address))
        painting.add(Fill(order, rect, color, is_opaque=opaque and is_rect))


def _add_rulings(lines: "list[_Line]", marks: PageMarks) -> None:
    for (ax, ay), (bx, by) in lines:
        if abs(ay - by) <= 1 and abs(ax - bx) >= _MIN_RULING:
            marks.horizontals.append(Ruling((ay + by) / 2, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) <= 1 and abs(ay - by) >= _MIN_RULING:
            marks.verticals.append(Ruling((ax + bx) / 2, min(ay, by), max(ay, by)))


_Line = tuple[tuple[float, float], tuple[float, float]]


def _straight_lines(address: int, matrix: Matrix, frame: Frame) -> tuple[list[_Line], bool]:
    """Return a path's lines as shown, and whether all of them run along the page's edges."""
    count = native.count_segments(address)
    if count > _MAX_SEGMENTS:
        return [], False
    is_direct = matrix is IDENTITY
    lines: list[_Line] = []
    start = last = (0.0, 0.0)
    for index in range(count):
        segment = native.path_segment(address, index)
        kind = native.segment_type(segment)
        if kind == pdfium_c.FPDF_SEGMENT_BEZIERTO:
            return lines, False
        x, y = native.segment_point(segment)
        point = frame.point(x, y) if is_direct else frame.point(*_apply(matrix, x, y))
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            start = last = point
            continue
        lines.append((last, point))
        last = point
        if native.segment_closes(segment) and last != start:
            lines.append((last, start))
    is_straight = all(abs(a[0] - b[0]) <= 1 or abs(a[1] - b[1]) <= 1 for a, b in lines)
    return lines, is_straight
