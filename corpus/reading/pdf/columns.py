"""Reading order: a page → regions read one after another, columns left to right.

A column boundary is a gap that several lines in a row leave free. Two things look the same and
are not columns: the cells of a table without rulings, and numbers or labels before their text.
There the lines left and right share their baselines and one side holds short pieces.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from corpus.reading.pdf.grids import GridTable, is_figure
from corpus.reading.pdf.lines import Line
from corpus.reading.pdf.marks import Rect

_BIN = 2.0  # points
_MARGIN_SHARE = 0.1  # a boundary this near the edge of a region separates nothing
_MIN_LINES = 2  # per side
_MIN_PROSE = 3  # lines of running text; a title over a table has two
_PROSE_FILL = 0.6  # of the longest line: half of the lines of running text are that long
_MIN_ALIGNED = 4  # lines per side when they share baselines, as the rows of a table do
_LONG = 8  # lines per side that need no prose to be a column
_MIN_TOTAL = 6  # lines on both sides together
_ALIGNED = 0.7  # share of shared baselines from which on two sides may be one table
_TEXT_FILL = 0.55  # share of its column's width that a line of running text fills
_TEXT_COLUMNS = 14  # display columns of a line of running text
_MAX_DEPTH = 8
_SAME_BASELINE = 1.5  # points
_SAME_START = 12.0  # points
_SAME_ROW = 0.3  # of the size
_ROUNDING = 1e-6  # points: what sums in another order may differ by
_BESIDE = 0.6  # share of figures with a name beside them


@dataclass(frozen=True, slots=True)
class Piece:
    """A line segment or a whole table, as a box to be put in order."""

    rect: Rect
    content: Line | GridTable


@dataclass(frozen=True, slots=True)
class Region:
    """Pieces that are read row by row; `rect` is the room they share."""

    rect: Rect
    pieces: tuple[Piece, ...]


def order_regions(pieces: Sequence[Piece], depth: int = 0) -> list[Region]:
    """Cut pieces into regions in reading order."""
    if not pieces:
        return []
    rect = _around(pieces)
    best = _best_cut(pieces, rect) if len(pieces) >= _MIN_TOTAL and depth < _MAX_DEPTH else None
    if best is None:
        return [Region(rect, tuple(pieces))]
    regions: list[Region] = []
    waiting: list[Piece] = []
    for band in best:
        if band.is_columns:
            regions += _plain(waiting, depth)
            waiting = []
            regions += order_regions(band.left, depth + 1) + order_regions(band.right, depth + 1)
        else:
            waiting += band.left + band.right
    return regions + _plain(waiting, depth)


def _plain(pieces: list[Piece], depth: int) -> list[Region]:
    return order_regions(pieces, depth + 1)


@dataclass(slots=True)
class _Band:
    """Pieces between two that cross the boundary, or one crossing piece (all in `left`)."""

    left: list[Piece]
    right: list[Piece]
    is_columns: bool = False


def _best_cut(pieces: Sequence[Piece], rect: Rect) -> list[_Band] | None:
    """Return the bands of the boundary that puts the most text into columns, or None."""
    best: list[_Band] | None = None
    best_score = 0.0
    for boundary in _boundaries(pieces, rect):
        # Most boundaries are no better even if all text beside them, or between two pieces that
        # cross them, were in columns.
        if _height([p for p in pieces if not _crosses(p, boundary)]) < best_score - _ROUNDING:
            continue
        bands = _bands(pieces, boundary)
        heights = [
            _height(band.left) + _height(band.right) if band.left and band.right else 0.0
            for band in bands
        ]
        if sum(heights) <= best_score:
            continue
        score = 0.0
        for band, height in zip(bands, heights, strict=True):
            band.is_columns = height > 0.0 and _are_columns(band.left, band.right)
            if band.is_columns:
                score += height
        if score > best_score:
            best, best_score = bands, score
    return best


def _boundaries(pieces: Sequence[Piece], rect: Rect) -> list[float]:
    """Return x positions that few pieces cross: the middles of valleys of the ink profile."""
    x0, _, x1, _ = rect
    num_bins = int((x1 - x0) / _BIN) + 1
    if num_bins < 10:
        return []
    steps = [0.0] * (num_bins + 1)
    for piece in pieces:
        height = piece.rect[3] - piece.rect[1]
        steps[max(0, int((piece.rect[0] - x0) / _BIN))] += height
        steps[min(num_bins, int((piece.rect[2] - x0) / _BIN) + 1)] -= height
    profile = [round(total, 1) for total in accumulate(steps[:-1])]
    limit = 0.6 * max(profile)
    margin = int(num_bins * _MARGIN_SHARE)
    boundaries: list[float] = []
    start = None
    for place in range(margin, num_bins - margin + 1):
        is_low = place < num_bins - margin and profile[place] <= limit
        if is_low and start is None:
            start = place
        elif is_low and start is not None and profile[place] != profile[place - 1]:
            boundaries.append(x0 + (start + place) / 2 * _BIN)
            start = place
        elif not is_low and start is not None:
            boundaries.append(x0 + (start + place) / 2 * _BIN)
            start = None
    # Deep valleys first; a handful is enough.
    depth_at = {x: profile[min(num_bins - 1, int((x - x0) / _BIN))] for x in boundaries}
    return sorted(boundaries, key=lambda x: depth_at[x])[:12]


def _bands(pieces: Sequence[Piece], boundary: float) -> list[_Band]:
    crossing = sorted((p for p in pieces if _crosses(p, boundary)), key=_middle)
    cuts = [_middle(piece) for piece in crossing]
    free = [_Band([], []) for _ in range(len(crossing) + 1)]
    for piece in pieces:
        if _crosses(piece, boundary):
            continue
        band = free[bisect_left(cuts, _middle(piece))]
        (band.left if piece.rect[2] <= boundary else band.right).append(piece)
    bands = [free[0]]
    for piece, band in zip(crossing, free[1:], strict=True):
        bands += [_Band([piece], []), band]
    return bands


def _crosses(piece: Piece, boundary: float) -> bool:
    x0, _, x1, _ = piece.rect
    return x0 < boundary < x1


def _middle(piece: Piece) -> float:
    return (piece.rect[1] + piece.rect[3]) / 2


def _height(pieces: Sequence[Piece]) -> float:
    return sum([piece.rect[3] - piece.rect[1] for piece in pieces])


def _around(pieces: Sequence[Piece]) -> Rect:
    return (
        min(piece.rect[0] for piece in pieces),
        min(piece.rect[1] for piece in pieces),
        max(piece.rect[2] for piece in pieces),
        max(piece.rect[3] for piece in pieces),
    )


def _are_columns(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    if not left or not right or not _overlap(left, right):
        return False
    heights = _weight(left), _weight(right)
    least = min(heights)
    if least < _MIN_LINES or sum(heights) < _MIN_TOTAL or _are_names_and_figures(left, right):
        return False
    fewer, more = sorted((left, right), key=len)
    baselines = sorted(piece.content.baseline for piece in more if isinstance(piece.content, Line))
    lines = [piece.content for piece in fewer if isinstance(piece.content, Line)]
    shared = sum(_is_near(line.baseline, baselines) for line in lines)
    if not lines or shared < _ALIGNED * len(lines):
        # A header of several lines over columns of figures is not aligned either, but short.
        is_long = least >= _LONG
        return _has_prose(left) or _has_prose(right) or (is_long and shared < 0.4 * len(lines))
    return least >= _MIN_ALIGNED and _is_text(left) and _is_text(right)


def _are_names_and_figures(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Say whether the right side is the figures of rows that the left side names.

    Names and figures of one row may stand a little higher or lower, more than columns of text do.
    """
    lines = [piece.content for piece in right if isinstance(piece.content, Line)]
    firsts: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.baseline, line.x0)):
        if not firsts or line.baseline - firsts[-1].baseline > _SAME_ROW * line.size:
            firsts.append(line)
        elif line.x0 < firsts[-1].x0:
            firsts[-1] = line
    figures = [line for line in firsts if is_figure(line.text)]
    if len(figures) < _MIN_LINES or 2 * len(figures) < len(firsts):
        return False
    heights = sorted(p.content.baseline for p in left if isinstance(p.content, Line))
    beside = sum(_is_near(line.baseline, heights, _SAME_ROW * line.size) for line in figures)
    return beside >= _BESIDE * len(figures)


def _is_near(value: float, positions: Sequence[float], slack: float = _SAME_BASELINE) -> bool:
    place = bisect_left(positions, value - slack)
    return place < len(positions) and positions[place] <= value + slack


def _weight(pieces: Sequence[Piece]) -> int:
    """Count printed rows; segments on one baseline are one."""
    rows, last = 0, float("-inf")
    for piece in sorted(pieces, key=_middle):
        if isinstance(piece.content, GridTable):
            rows += len(piece.content.rows) + 1
        elif piece.content.baseline - last > _SAME_BASELINE:
            rows, last = rows + 1, piece.content.baseline
    return rows


def _overlap(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Say whether both sides stand next to each other for at least half of the shorter one."""
    a, b = _around(left), _around(right)
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared >= 0.5 * min(a[3] - a[1], b[3] - b[1])


def _has_prose(pieces: Sequence[Piece]) -> bool:
    """Say whether a side holds running text: long lines that start under each other."""
    lines = [piece.content for piece in pieces if isinstance(piece.content, Line)]
    starts: defaultdict[int, list[float]] = defaultdict(list)
    for line in lines:
        if line.columns >= _TEXT_COLUMNS:
            starts[round(line.x0 / _SAME_START)].append(line.width)
    num_prose = sum(
        len(widths)
        for widths in starts.values()
        if len(widths) >= _MIN_PROSE
        and 2 * sum(width >= _PROSE_FILL * max(widths) for width in widths) >= len(widths)
    )
    return num_prose > 0 and num_prose >= 0.4 * len(lines)


def _is_text(pieces: Sequence[Piece]) -> bool:
    """Say whether lines are running text: most fill their column and are no figures.

    The side may hold several columns, so each line is held against those that start where it does.
    """
    lines = [piece.content for piece in pieces if isinstance(piece.content, Line)]
    if not lines:
        return True
    widths: dict[int, float] = {}
    for line in lines:
        start = round(line.x0 / _SAME_START)
        widths[start] = max(widths.get(start, 0.0), line.width)
    full = sum(line.width >= _TEXT_FILL * widths[round(line.x0 / _SAME_START)] for line in lines)
    long = sum(line.columns >= _TEXT_COLUMNS for line in lines)
    figures = sum(is_figure(line.text) for line in lines)
    return full >= 0.5 * len(lines) and long >= 0.5 * len(lines) and figures <= 0.3 * len(lines)
