"""The charts of docs/: SVG files with colours of their own, readable on light and dark pages."""

import math
from collections.abc import Mapping, Sequence
from html import escape

_WIDTH = 720
_LABEL = 300
_ROW = 22
_COLOURS = ("#2f6fde", "#7aa7f0", "#d9822b", "#8f6bc1", "#3a9d6e", "#c2485f")
_STYLE = (
    "<style>text{font:12px system-ui,sans-serif;fill:#555}"
    "@media(prefers-color-scheme:dark){text{fill:#bbb}}</style>"
)


def ratio_bars(groups: Sequence[tuple[str, Mapping[str, float]]]) -> str:
    """Draw one group of bars per quantity, on a common logarithmic axis of ratios.

    Args:
        groups: (label, subject → how many times as much as the first subject, which is 1.0).
    """
    subjects = list(dict.fromkeys(name for _, values in groups for name in values))
    largest = max((value for _, values in groups for value in values.values()), default=1.0)
    smallest = min((value for _, values in groups for value in values.values()), default=1.0)
    low, high = math.floor(math.log10(smallest)), max(1, math.ceil(math.log10(largest)))
    room = _WIDTH - _LABEL - 60

    def x(value: float) -> float:
        return _LABEL + room * (math.log10(value) - low) / (high - low)

    parts = [_legend(subjects)]
    top = 40.0
    for label, values in groups:
        middle = top + _ROW * len(values) / 2
        parts.append(_text(_LABEL - 12, middle + 4, label, "end"))
        for name, value in values.items():
            colour = _COLOURS[subjects.index(name) % len(_COLOURS)]
            left, right = sorted((x(1.0), x(value)))
            parts.append(
                f'<rect x="{left:.1f}" y="{top + 3:.1f}" width="{max(2.0, right - left):.1f}" '
                f'height="{_ROW - 6}" rx="2" fill="{colour}"/>'
            )
            parts.append(_text(max(right, x(1.0)) + 6, top + 15, f"{value:.3g}×"))
            top += _ROW
        top += 10
    parts.append(_rule(x(1.0), 36, x(1.0), top - 6))
    return _svg(_WIDTH, top, parts)


def growth_lines(series: Mapping[str, Sequence[tuple[float, float]]], unit: str) -> str:
    """Draw one line per name over sizes, both axes logarithmic; the legend gives the exponent.

    Args:
        series: Name → points (chunks, value), sizes ascending.
        unit: Of the values.
    """
    points = [point for line in series.values() for point in line]
    xs, ys = [math.log10(a) for a, _ in points], [math.log10(max(b, 1e-6)) for _, b in points]
    left, bottom, width, height = 60.0, 300.0, 600.0, 250.0
    low_x, high_x = math.floor(min(xs)), math.ceil(max(xs) + 1e-9)
    low_y, high_y = math.floor(min(ys)), math.ceil(max(ys) + 1e-9)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        a, b = math.log10(point[0]), math.log10(max(point[1], 1e-6))
        return (
            left + width * (a - low_x) / max(1, high_x - low_x),
            bottom - height * (b - low_y) / max(1, high_y - low_y),
        )

    parts = []
    for power in range(low_x, high_x + 1):
        x, _ = place((10.0**power, 10.0**low_y))
        parts += [
            _rule(x, bottom - height, x, bottom),
            _text(x, bottom + 18, f"{10**power:,}", "middle"),
        ]
    for power in range(low_y, high_y + 1):
        _, y = place((10.0**low_x, 10.0**power))
        parts += [
            _rule(left, y, left + width, y),
            _text(left - 8, y + 4, f"{10.0**power:g}", "end"),
        ]
    for number, line in enumerate(series.values()):
        colour = _COLOURS[number % len(_COLOURS)]
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, line))
        parts.append(
            f'<polyline points="{corners}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
            for x, y in map(place, line)
        ]
    parts.append(_legend(list(series)))
    parts.append(_text(left + width / 2, bottom + 38, f"chunks → {unit}", "middle"))
    return _svg(_WIDTH, bottom + 46, parts)


def _legend(names: Sequence[str]) -> str:
    parts, x = [], 12.0
    for number, name in enumerate(names):
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(f'<rect x="{x:.0f}" y="10" width="12" height="12" rx="2" fill="{colour}"/>')
        parts.append(_text(x + 18, 20, name))
        x += 34 + 6.8 * len(name)
    return "".join(parts)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        'stroke="#999" stroke-opacity="0.35"/>'
    )


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">{_STYLE}{"".join(parts)}</svg>\n'
    )
