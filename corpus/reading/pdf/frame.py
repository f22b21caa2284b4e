"""From the file's coordinates (origin anywhere, y upwards, rotated) to the page as shown."""

import ctypes
from dataclasses import dataclass

import pypdfium2.raw as pdfium_c

from corpus.reading.pdf.marks import Direction, Rect

_SCALE = 100  # pdfium answers in whole pixels; 1/100 point is finer than any print
_UPRIGHT = 0.05  # how far, as a share, a direction may lean and still count as straight

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def concat(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that applies `inner`, then `outer` (PDF's row vectors)."""
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """The affine map of one page; `width` and `height` are those of the page as shown."""

    width: float
    height: float
    matrix: Matrix

    @classmethod
    def of_page(cls, page: ctypes.c_void_p, width: float, height: float) -> "Frame":
        """Ask pdfium where three points of the file's space land."""
        size_x, size_y = max(1, int(width * _SCALE)), max(1, int(height * _SCALE))
        x, y = ctypes.c_int(), ctypes.c_int()

        def land(page_x: float, page_y: float) -> tuple[float, float]:
            pdfium_c.FPDF_PageToDevice(
                page, 0, 0, size_x, size_y, 0, page_x, page_y, ctypes.byref(x), ctypes.byref(y)
            )
            return x.value / _SCALE, y.value / _SCALE

        span = 1000.0
        e, f = land(0, 0)
        right, up = land(span, 0), land(0, span)
        # pdfium rounds to whole pixels; a page that is not scaled must come out as exactly 1.
        a, b = round((right[0] - e) / span, 3), round((right[1] - f) / span, 3)
        c, d = round((up[0] - e) / span, 3), round((up[1] - f) / span, 3)
        return cls(width, height, (a, b, c, d, e, f))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Map a point."""
        a, b, c, d, e, f = self.matrix
        return a * x + c * y + e, b * x + d * y + f

    def rect(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """Map a rectangle; rotations by 90 degrees keep it one."""
        a, b, c, d, e, f = self.matrix
        if b == 0.0 and c == 0.0 and a > 0.0 and d < 0.0:
            return a * left + e, d * top + f, a * right + e, d * bottom + f
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def direction(self, a: float, b: float) -> Direction:
        """Say how text runs whose own matrix starts with `a` and `b`."""
        along_x = self.matrix[0] * a + self.matrix[2] * b
        along_y = self.matrix[1] * a + self.matrix[3] * b
        if abs(along_y) <= _UPRIGHT * abs(along_x) and along_x > 0:
            return Direction.ACROSS
        if abs(along_x) <= _UPRIGHT * abs(along_y):
            return Direction.DOWN if along_y > 0 else Direction.UP
        return Direction.SLANTED
