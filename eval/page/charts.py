"""Charts as inline SVG. Colours are CSS variables, so that they follow light and dark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from eval.intervals import Calibration, Estimate

_WIDTH = 560
_LABEL = 210
_ROW = 24
_LABEL_COLUMNS = 27


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of stacked segments: counts by class name, and what a click on it shows."""

    tag: str  # left of the bar: the language
    note: str  # right of the bar
    counts: Mapping[str, int]
    query: str = ""  # filters of the case list: "kind=number&language=zh"


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars under one label, given in Chinese and English."""

    label: tuple[str, str]
    bars: tuple[Bar, ...]


def stacked_bars(groups: Sequence[BarGroup], *, absolute: bool = False) -> str:
    """Draw rows of stacked segments: as shares of each row, or with `absolute` to one scale."""
    totals = [sum(bar.counts.values()) for group in groups for bar in group.bars]
    largest = max(totals, default=1)
    parts = []
    top = 4
    for group in groups:
        height = max(30, 17 * len(group.bars))
        middle = top + height / 2
        parts.append(_text(_LABEL - 38, middle - 2, _cut(group.label[0]), "end"))
        parts.append(_text(_LABEL - 38, middle + 11, _cut(group.label[1]), "end", "tick"))
        for number, bar in enumerate(group.bars):
            total = largest if absolute else max(1, sum(bar.counts.values()))
            y = middle + 17 * (number - len(group.bars) / 2)
            parts.append(_link(_stacked_bar(bar, y, total, absolute=absolute), bar.query))
        top += height + 9
    return _svg(_WIDTH, top, "".join(parts))


def _stacked_bar(bar: Bar, top: float, total: int, *, absolute: bool) -> str:
    room = _WIDTH - _LABEL - 70
    x = float(_LABEL)
    parts = [_text(_LABEL - 5, top + 12, bar.tag, "end", "tick")]
    for name, count in bar.counts.items():
        width = room * count / total
        if count:
            parts.append(
                f'<rect class="{name}" x="{x:.1f}" y="{top + 1:.1f}" width="{max(width - 1, 1):.1f}" '
                f'height="14" rx="2"><title>{escape(name)}: {count}</title></rect>'
            )
        x += width
    parts.append(_text(x + 8 if absolute else _LABEL + room + 8, top + 12, bar.note, css="number"))
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Dot:
    """A row of a dot plot: a value with its interval."""

    label: str
    css: str
    mean: float
    low: float
    high: float
    note: str


def dot_plot(dots: Sequence[Dot], *, low: float = 0.0, high: float = 1.0) -> str:
    """Draw values with their 95 % intervals on one axis."""
    room = _WIDTH - _LABEL - 96

    def x(value: float) -> float:
        return _LABEL + room * (min(high, max(low, value)) - low) / (high - low)

    bottom = len(dots) * _ROW + 8
    parts = []
    for step in range(5):
        value = low + (high - low) * step / 4
        css = "axis zero" if abs(value) < 1e-9 and low < 0 else "axis"
        parts.append(
            f'<line class="{css}" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="0" y2="{bottom}"/>'
        )
        parts.append(
            _text(x(value), bottom + 14, _percent(value, signed=low < 0), "middle", "tick")
        )
    for number, dot in enumerate(dots):
        y = number * _ROW + 14
        parts.append(_text(_LABEL - 8, y + 4, dot.label, "end"))
        parts.append(
            f'<line class="whisker {dot.css}" x1="{x(dot.low):.1f}" x2="{x(dot.high):.1f}" '
            f'y1="{y}" y2="{y}"/><circle class="{dot.css}" cx="{x(dot.mean):.1f}" cy="{y}" r="4.5">'
            f"<title>{dot.low:.3f} – {dot.high:.3f}</title></circle>"
        )
        parts.append(_text(_LABEL + room + 12, y + 4, dot.note, css="number"))
    return _svg(_WIDTH, bottom + 20, "".join(parts))


def curves(series: Mapping[str, Sequence[tuple[int, Estimate]]]) -> str:
    """Draw one line per name over the cutoffs k, with a legend that names the last value."""
    width, height, left, bottom = 320, 200, 34, 176
    cutoffs = [k for k, _ in next(iter(series.values()))]

    def x(position: int) -> float:
        return left + (width - left - 10) * position / max(1, len(cutoffs) - 1)

    def y(value: float) -> float:
        return bottom - (bottom - 10) * value

    parts = [
        f'<line class="axis" x1="{left}" x2="{width - 10}" y1="{y(v):.1f}" y2="{y(v):.1f}"/>'
        + _text(left - 6, y(v) + 4, _percent(v), "end", "tick")
        for v in (0, 0.25, 0.5, 0.75, 1)
    ]
    parts += [_text(x(i), bottom + 16, f"k={k}", "middle", "tick") for i, k in enumerate(cutoffs)]
    for number, (name, points) in enumerate(series.items()):
        css = f"series{number % 6}"
        line = " ".join(f"{x(i):.1f},{y(e.mean):.1f}" for i, (_, e) in enumerate(points))
        parts.append(f'<polyline class="line {css}" points="{line}"/>')
        parts += [
            f'<circle class="{css}" cx="{x(i):.1f}" cy="{y(e.mean):.1f}" r="3.5">'
            f"<title>{escape(name)} k={k}: {e.mean:.3f}</title></circle>"
            for i, (k, e) in enumerate(points)
        ]
        top = 16 + number * 22
        parts.append(
            f'<rect class="{css}" x="{width + 6}" y="{top - 9}" width="11" height="11" rx="2"/>'
        )
        label = f"{name} {_percent(points[-1][1].mean)}"
        parts.append(_text(width + 22, top + 1, label))
    return _svg(_WIDTH + 40, max(height, 24 * len(series)), "".join(parts))


def reliability(found: Calibration) -> str:
    """Draw how often answers were right against how sure they were; the diagonal is perfect."""
    size, left, above = 240, 40, 22

    def at(value: float) -> float:
        return size * value

    def y(value: float) -> float:
        return above + size * (1 - value)

    parts = [
        f'<line class="axis" x1="{left}" y1="{y(0)}" x2="{left + size}" y2="{y(0)}"/>'
        f'<line class="axis dashed" x1="{left}" y1="{y(0)}" x2="{left + size}" y2="{y(1)}"/>'
    ]
    for value in (0, 0.5, 1):
        parts.append(_text(left + at(value), y(0) + 16, _percent(value), "middle", "tick"))
        parts.append(_text(left - 6, y(value) + 4, _percent(value), "end", "tick"))
    largest = max((item.num for item in found.bins), default=1)
    for item in found.bins:
        radius = 4 + 9 * (item.num / largest) ** 0.5
        parts.append(
            f'<circle class="bubble" cx="{left + at(item.confidence):.1f}" '
            f'cy="{y(item.right):.1f}" r="{radius:.1f}">'
            f"<title>{item.num} answers, sure {item.confidence:.2f}, right {item.right:.2f}</title>"
            "</circle>"
        )
    parts.append(_text(left + size / 2, y(0) + 32, "把握 confidence", "middle", "tick"))
    parts.append(_text(left - 6, 11, "答对 right", css="tick"))
    return _svg(left + size + 16, above + size + 40, "".join(parts), css="square")


def histogram(values: Sequence[float], *, num_bins: int = 24) -> str:
    """Draw how often values occur, up to their 99th percentile; the last bin holds the rest."""
    if not values:
        return ""
    ordered = sorted(values)
    top = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] or 1.0
    counts = [0] * num_bins
    for value in values:
        counts[min(num_bins - 1, int(num_bins * value / top))] += 1
    width, height = 480, 130
    step = width / num_bins
    parts = [
        f'<rect class="series0" x="{i * step:.1f}" y="{height - 118 * count / max(counts):.1f}" '
        f'width="{step - 2:.1f}" height="{118 * count / max(counts):.1f}" rx="1.5">'
        f"<title>{top * i / num_bins:.0f}–{top * (i + 1) / num_bins:.0f} ms: {count}</title></rect>"
        for i, count in enumerate(counts)
    ]
    parts.append(f'<line class="axis" x1="0" x2="{width}" y1="{height}" y2="{height}"/>')
    for share, anchor in (
        (0.0, "start"),
        (0.25, "middle"),
        (0.5, "middle"),
        (0.75, "middle"),
        (1.0, "end"),
    ):
        parts.append(_text(width * share, height + 16, f"{top * share:.0f} ms", anchor, "tick"))
    return _svg(width, height + 22, "".join(parts))


def _cut(text: str) -> str:
    """Cut a label to what fits; a Chinese character is as wide as two letters."""
    width = 0
    for position, char in enumerate(text):
        width += 1 if char.isascii() else 2
        if width > _LABEL_COLUMNS:
            return text[:position] + "…"
    return text


def _percent(value: float, *, signed: bool = False) -> str:
    return f"{100 * value:+.0f}%" if signed and value else f"{100 * value:.0f}%"


def _text(x: float, y: float, text: str, anchor: str = "start", css: str = "") -> str:
    kind = f' class="{css}"' if css else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _link(content: str, query: str) -> str:
    return f'<a href="#cases" data-query="{escape(query)}">{content}</a>' if query else content


def _svg(width: float, height: float, content: str, css: str = "") -> str:
    return (
        f'<svg class="{css}" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img">'
        f"{content}</svg>"
    )
