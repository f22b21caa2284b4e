"""True sentences → false ones, each wrong in one thing: a digit, a unit, a year, a name, a "not".

Deterministic: the same sentence gives the same mutants in the same order.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.glossary import names_in
from corpus.quantities import QuantityKind, parse_quantities
from corpus.quantities.numerals import fold_width


@dataclass(frozen=True, slots=True)
class Mutant:
    """A sentence made false; `kind` says by what."""

    kind: str
    text: str


# Pairs that are turned into each other; the first that matches a place is taken there.
_SCALES = (
    ("万亿", "亿"), ("亿", "万"), ("万", "亿"), ("billion", "million"), ("million", "billion"),
    ("trillion", "billion"), ("thousand", "million"),
)  # fmt: skip
_UNITS = (
    ("%", "个百分点"), ("percent", "percentage points"), ("美元", "元"), ("美金", "元"),
    ("港币", "元"), ("元", "美元"), ("US$", "RMB "), ("HK$", "US$"), ("RMB", "US$"), ("£", "US$"),
    ("$", "HK$"), ("小时", "分钟"), ("hours", "minutes"), ("hour", "minute"), ("分钟", "秒"),
    ("minutes", "seconds"), ("seconds", "minutes"), ("秒", "分钟"), ("kHz", "Hz"), ("GB", "MB"),
    ("倍", "%"), ("-fold", "%"), ("个月", "年"), ("months", "years"), ("per month", "per day"),
)  # fmt: skip
_BOUNDS = (
    ("超过", "不到"), ("超", "不足"), ("以上", "以下"), ("突破", "低于"), ("约", "超过"),
    ("over", "under"), ("more than", "less than"), ("exceeds", "is below"), ("exceed", "fall below"),
    ("about", "more than"), ("above", "below"),
)  # fmt: skip
_DIRECTIONS = (
    ("增长", "下降"), ("上升", "下降"), ("增加", "减少"), ("提升", "下降"), ("减少", "增加"),
    ("下降", "上升"), ("降低", "提高"), ("低于", "高于"), ("领先", "落后"), ("优于", "不如"),
    ("rose", "fell"), ("up 1", "down 1"), ("catch up", "fall behind"),
    ("fell", "rose"), ("increased", "decreased"), ("grew", "shrank"),
    ("outperformed", "underperformed"), ("growth", "decline"), ("reduced", "increased"),
    ("beats", "lags"), ("better", "worse"),
)  # fmt: skip
# Patterns: a 不 or 有 inside of a word is no negation that could be taken away or put in.
_DENIED = (
    ("没有", "有"), ("尚未", "已"), (r"(?<!从)未(?!来|必)", "已"), ("从未", "曾经"), ("不是", "是"),
    ("不支持", "支持"), ("不允许", "允许"), ("不能", "能"), ("无法", "可以"), ("不会", "会"),
    (r"(?<=意愿)不强", "很强"), (r"不(?=[可需适得愿存])", ""), (r"(?<= )not (?!only)", ""),
    ("never ", ""), ("Neither", "Both"), ("neither", "both"), ("without", "with"), ("cannot", "can"),
    (r"(?<= )no (?!longer)", "a "),
)  # fmt: skip
_SAID = (
    ("可以", "不可以"), ("能够", "不能够"), (r"(?<=[\u4e00-\u9fff])可(?=[用实为检])", "不可"),
    (r"(?<![尤但还就或不也正可于都既即若总凡要])是(?!否|指|不)", "不是"),
    (r"(?<![具所拥没只仅还含占])有(?!限|所|望|机|关|效|利|益|助|时|的|些|待|人|着|力)", "没有"),
    ("支持", "不支持"), ("推荐", "不推荐"), ("采用", "不采用"), ("包括", "不包括"), ("已获得", "未获得"),
    ("达到", "未达到"), (r"(?<=[\u4e00-\u9fff])能(?=[识向够替实])", "不能"),
    (r" is (?!not)", " is not "), (r" are (?!not)", " are not "), (r" was (?!not)", " was not "),
    (r" has (?!not)(?=\w+ed\b)", " has not "), (r" can (?!not)", " cannot "),
    (r" will (?!not)", " will not "), (r" should (?!not)", " should not "),
    (r" keeps ", " does not keep "), (r" supports ", " does not support "),
    (r" could (?!not)", " could not "),
)  # fmt: skip
_NUMBER_WORDS = (
    ("two", "four"), ("three", "five"), ("five", "six"), ("six", "seven"), ("four", "three"),
    ("两", "四"), ("三", "五"), ("五", "六"), ("六", "七"), ("四", "三"), ("first", "third"),
)  # fmt: skip


def mutants(text: str, *, strangers: Sequence[str], neighbours: Sequence[str]) -> Iterator[Mutant]:
    """Yield what can be made wrong in a sentence.

    Args:
        text: A true sentence.
        strangers: Names that its report does not know.
        neighbours: Names that its report gives elsewhere.
    """
    yield from _digits(text)
    yield from _years(text)
    for kind, pairs in (
        ("scale", _SCALES),
        ("unit", _UNITS),
        ("bound", _BOUNDS),
        ("direction", _DIRECTIONS),
        ("number word", _NUMBER_WORDS),
    ):
        near_figure = kind in {"scale", "unit", "bound"}
        yield from _replaced(text, kind, pairs, near_figure=near_figure)
    yield from _replaced(text, "negation removed", _DENIED, patterns=True)
    yield from _replaced(text, "negation added", _SAID, patterns=True)
    yield from _swapped(text)
    yield from _names(text, "name, stranger", strangers)
    yield from _names(text, "name, neighbour", neighbours)


def _digits(text: str) -> Iterator[Mutant]:
    """Change every digit of every figure that is no date, one at a time."""
    for quantity in parse_quantities(text):
        if quantity.kind is QuantityKind.DATE:
            continue
        for position in range(quantity.start, quantity.end):
            if text[position].isdecimal():
                other = str((int(text[position]) + 3) % 9 + 1)
                if other != text[position]:
                    yield Mutant("digit", text[:position] + other + text[position + 1 :])


def _years(text: str) -> Iterator[Mutant]:
    """Change every number of every date, by one up, and a year by two down."""
    for quantity in parse_quantities(text):
        if quantity.kind is not QuantityKind.DATE:
            continue
        for match in re.finditer("[0-9]+", fold_width(text)[quantity.start : quantity.end]):
            start, end = quantity.start + match.start(), quantity.start + match.end()
            steps = (1, -2) if len(match[0]) == 4 else (1,)
            for step in steps:
                number = str(int(match[0]) + step).zfill(len(match[0]))
                yield Mutant("year", text[:start] + number + text[end:])


def _replaced(
    text: str,
    kind: str,
    pairs: Sequence[tuple[str, str]],
    *,
    near_figure: bool = False,
    patterns: bool = False,
) -> Iterator[Mutant]:
    # A hedge may stand a word before or after its figure.
    beside = 4 if kind == "bound" else 0
    spans = [(q.start - beside, q.end + beside) for q in parse_quantities(text)]
    taken: set[int] = set()
    for old, new in pairs:
        for match in re.finditer(old if patterns else _whole(old), text):
            start, end = match.span()
            inside = any(begin <= start and end <= finish for begin, finish in spans)
            if taken & set(range(start, end)) or (near_figure and not inside):
                continue
            taken |= set(range(start, end))
            yield Mutant(kind, text[:start] + new + text[end:])


def _whole(word: str) -> str:
    before = r"(?<![A-Za-z])" if word[0].isascii() and word[0].isalpha() else ""
    after = r"(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return before + re.escape(word) + after


def _swapped(text: str) -> Iterator[Mutant]:
    """Let each two neighbouring figures of one kind change places."""
    found = [q for q in parse_quantities(text) if q.kind is not QuantityKind.CODE]
    for a, b in pairwise(found):
        first, second = text[a.start : a.end], text[b.start : b.end]
        if a.kind is b.kind and (a.low, a.unit) != (b.low, b.unit):
            middle = text[a.end : b.start]
            yield Mutant("swap", text[: a.start] + second + middle + first + text[b.end :])


def _names(text: str, kind: str, others: Sequence[str]) -> Iterator[Mutant]:
    """Put another name in the place of every name, one at a time; case is that of the other."""
    folded = text.casefold()
    names = dict.fromkeys(name for name in names_in(text) if len(name) > 1)
    for number, name in enumerate(names):
        fitting = [
            o for o in others if o.isascii() == name.isascii() and o.casefold() not in folded
        ]
        if not fitting or len(folded) != len(text):
            continue
        start = folded.index(name)
        other = fitting[(number + len(text)) % len(fitting)]
        yield Mutant(kind, text[:start] + other + text[start + len(name) :])
