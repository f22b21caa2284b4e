"""Figures that `parse_quantities` leaves out on purpose, for comparing a text with its rendering.

Labels give the unit of figures that stand elsewhere: 亿元 in a caption is "RMB 100 million". Scales
without a number are orders of magnitude: 数百万 is "millions", 上亿 is "a hundred million or more".
Words stand in one language where the other prints a number: 双塔 and two-tower, 一年 and per year,
翻倍 and doubled. A word only ever excuses a figure of the other side; it is no figure itself, as
一 and "a" are everywhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from corpus.quantities import Bound, Quantity, QuantityKind, parse_quantities
from corpus.quantities.numerals import HANZI_NUMERALS

_ZH_CURRENCY = "元人民币|人民币元|人民币|美元|美金|港元|港币|欧元|英镑|日元|韩元|新台币|元"
_ZH_COUNTER = (
    "人次|人|户|台|辆|部|套|份|家|个|件|张|条|次|股|吨|片|颗|块|只|亩|平方米|对|组|篇|字|词"
)
_ZH_SCALE = "[十百千]?(?:万亿|亿|万)|[百千]"
_ZH_LABEL = re.compile(
    r"(?:^|[(\[,:;/，；、]|单位[为是]?)\s*"
    rf"(?P<label>(?:{_ZH_SCALE})?(?:{_ZH_CURRENCY})|(?:{_ZH_SCALE})(?:{_ZH_COUNTER}))"
    r"(?:图文对)?(?=\s*(?:[)\],;/，；、。]|$))"
)
_EN_CURRENCY = (
    r"RMB|CNY|yuan|US\$|USD|\$|US dollars?|HK\$|HKD|EUR|euros?|€|GBP|£|JPY|yen|KRW|won|TWD"
)
_EN_SCALE = r"thousands?|millions?|billions?|trillions?|mn|bn|tn|m|b"
_EN_LABEL = re.compile(
    r"(?:^|[(\[,:;/]|\bin|\bunits? of)\s*"
    rf"(?:(?P<money>{_EN_CURRENCY})(?:(?: in|,)? ?(?P<scale>{_EN_SCALE}))?"
    rf"|(?P<scale2>{_EN_SCALE}) (?:of )?(?P<money2>{_EN_CURRENCY}))"
    r"(?=\s*(?:[)\],;/.]|$))",
    re.IGNORECASE,
)

_ZH_VAGUE = re.compile(
    rf"(?<![0-9{HANZI_NUMERALS}])"
    "(?:[数几上成](?P<scale>[十百千]?(?:万亿|亿|万)|[百千])|(?P<level>[十百千]?(?:万亿|亿|万)|[百千])级)"
)
_EN_VAGUE = re.compile(
    r"(?<![A-Za-z0-9-])(?:(?:several|an?|one) (?P<tens>hundred|ten)?[ -]?"
    r"(?P<one>thousand|million|billion|trillion)|(?:several|an?) (?P<hundred>hundred)"
    r"|(?:(?P<many>tens|hundreds) of )?(?P<plural>thousand|million|billion|trillion)s"
    r"|(?P<level>thousand|million|billion|trillion)-(?:scale|level)|(?P<hundreds>hundreds))"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_EN_EXPONENTS = {
    "ten": 1, "tens": 1, "hundred": 2, "hundreds": 2, "thousand": 3, "million": 6, "billion": 9,
    "trillion": 12,
}  # fmt: skip
_ZH_EXPONENTS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_ZH_WORDS = dict(enumerate(
    ["第一|首", "二|两|双|俩", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二",
     "十三", "十四", "十五", "十六", "十七", "十八", "十九", "二十"], 1
))  # fmt: skip
_EN_WORDS = dict(enumerate(
    ["first|single|once|sole", "two|second|both|either|neither|double|dual|twin|pair|couple|twice",
     "three|third|triple|tri-", "four|quad", "five|fifth", "six", "seven", "eight", "nine|ninth",
     "ten|tenth", "eleven", "twelve|twelfth", "thirteen", "fourteen", "fifteen", "sixteen",
     "seventeen", "eighteen", "nineteen", "twent"], 1
))  # fmt: skip
_FOLDS = {1: "doubl|halv|half|twice", 2: "doubl|twice", 3: "tripl|treble", 4: "quadrupl"}
_ZH_FOLDS = {2: "翻倍|翻番|翻一番|加倍|一倍"}
_DURATION_WORDS = {
    "second": "秒", "minute": "分钟", "hour": "小时|hourly", "day": "[天日]|daily",
    "week": "周|星期|weekly", "month": "月|monthly", "quarter": "季|quarterly",
    "year": "年|annual|yearly",
}  # fmt: skip


def read_labels(text: str) -> Iterator[Quantity]:
    """Yield the units that stand alone in a folded text, as the quantity of one such unit.

    >>> [(q.unit, int(q.low)) for q in read_labels("市场规模(亿元)及增速")]
    [('CNY', 100000000)]
    >>> [(q.unit, int(q.low)) for q in read_labels("Revenue (US$ in millions)")]
    [('USD', 1000000)]
    """
    for match in _ZH_LABEL.finditer(text):
        start, end = match.span("label")
        yield from _one_of("1" + text[start:end], start, end)
    for match in _EN_LABEL.finditer(text):
        money = match["money"] or match["money2"]
        scale = match["scale"] or match["scale2"] or ""
        short = {"m": "million", "b": "billion"}.get(scale.casefold(), scale)
        printed = f"1 {short} {money}" if money[-1].islower() else f"{money} 1 {short}"
        yield from _one_of(printed, match.start(), match.end())


def read_vague_scales(text: str) -> Iterator[Quantity]:
    """Yield the orders of magnitude without a number, as the NUMBER that is that power of ten.

    >>> [f"{q.low:,}" for q in read_vague_scales("数百万甚至数十亿个图文对")]
    ['1,000,000', '1,000,000,000']
    >>> [f"{q.low:,}" for q in read_vague_scales("hundreds of millions; a hundred million")]
    ['100,000,000', '100,000,000']
    """
    for match in _ZH_VAGUE.finditer(text):
        exponent = sum(_ZH_EXPONENTS[char] for char in match["scale"] or match["level"])
        yield _power_of_ten(exponent, match)
    for match in _EN_VAGUE.finditer(text):
        words = (word.casefold() for word in match.groupdict().values() if word)
        yield _power_of_ten(sum(_EN_EXPONENTS[word] for word in words), match)


def _power_of_ten(exponent: int, match: re.Match[str]) -> Quantity:
    value = Decimal(10**exponent)
    return Quantity(match.start(), match.end(), QuantityKind.NUMBER, value, value)


def _one_of(printed: str, start: int, end: int) -> Iterator[Quantity]:
    for quantity in parse_quantities(printed)[:1]:
        yield replace(quantity, start=start, end=end)


def units_named(text: str) -> Iterator[Quantity]:
    """Yield the units that a caption or header names, with a number or without: RMB 100 million."""
    yield from read_labels(text)
    for quantity in parse_quantities(text):
        if quantity.low == quantity.high and quantity.low.normalize().as_tuple().digits == (1,):
            yield quantity


_PRINTED = re.compile("[0-9][0-9,]*(?:[.][0-9]+)?")


def share_units(quantities: Sequence[Quantity], text: str) -> list[Quantity]:
    """Give the figures of a list with slashes the unit and the scale that it prints once.

    >>> text = "净利润为1.2/1.5/1.8亿元"
    >>> [(q.unit, int(q.low)) for q in share_units(parse_quantities(text), text)]
    [('CNY', 120000000), ('CNY', 150000000), ('CNY', 180000000)]
    """
    runs: list[list[Quantity]] = []
    for quantity in quantities:
        if runs and text[runs[-1][-1].end : quantity.start].strip() == "/":
            runs[-1].append(quantity)
        else:
            runs.append([quantity])
    return [quantity for run in runs for quantity in _share_in_run(run, text)]


def _share_in_run(run: list[Quantity], text: str) -> list[Quantity]:
    units = {(q.kind, q.unit) for q in run if q.kind is not QuantityKind.NUMBER}
    printed = [_PRINTED.search(text, q.start, q.end) for q in run]
    if len(run) == 1 or len(units) > 1 or any(q.low != q.high for q in run):
        return run
    if any(q.kind in {QuantityKind.DATE, QuantityKind.CODE} for q in run):
        return run
    numbers = [Decimal(match[0].replace(",", "")) if match else Decimal(0) for match in printed]
    if not all(numbers):
        return run
    # The scale stands after the last figure; the ones before have it unless they print their own.
    scale = abs(run[-1].low) / numbers[-1]
    kind, unit = units.pop() if units else (QuantityKind.NUMBER, run[-1].unit)
    shared = []
    for quantity, number in zip(run, numbers, strict=True):
        low = quantity.low * scale if abs(quantity.low) == number else quantity.low
        shared.append(replace(quantity, low=low, high=low, kind=kind, unit=unit))
    return shared


def scaled_by(quantity: Quantity, label: Quantity) -> Quantity:
    """Return the bare number of a cell in the unit that its column or caption names."""
    return replace(
        quantity,
        kind=label.kind,
        unit=label.unit,
        low=quantity.low * label.low,
        high=quantity.high * label.low,
    )


def words_for(quantity: Quantity) -> re.Pattern[str] | None:
    """Return what the other language may print in words for a quantity, None if nothing.

    Small whole numbers, one unit of time, and multiples have words; figures with a bound or a
    unit of measure have none.
    """
    value = int(quantity.low)
    if quantity.bound is not Bound.EXACT or not quantity.low == quantity.high == Decimal(value):
        return None
    if quantity.kind is QuantityKind.DURATION and value == 1 and quantity.unit in _DURATION_WORDS:
        unit = _DURATION_WORDS[quantity.unit]
        return _pattern(
            rf"[一每单全整]个?(?:{unit})|\b(?:an?|per|each|every|/) ?{quantity.unit}|{unit}"
        )
    if quantity.kind is QuantityKind.DURATION and (value, quantity.unit) == (12, "month"):
        return _pattern(r"\b[NLT]TM\b")  # next, last, trailing twelve months
    if quantity.kind is QuantityKind.MULTIPLE:
        fold = rf"\b(?:{_EN_WORDS.get(value, value)}|{value})-?fold"
        forms = [fold, _FOLDS.get(value), _ZH_FOLDS.get(value)]
        return _pattern("|".join(form for form in forms if form))
    if quantity.kind in {QuantityKind.NUMBER, QuantityKind.COUNT} and not quantity.unit.startswith(
        "/"
    ):
        if value in _ZH_WORDS:
            return _pattern(rf"{_ZH_WORDS[value]}|\b(?:{_EN_WORDS[value]})")
        return _scale_pattern(value)
    return None


_HEDGES = {
    Bound.ABOUT: r"约|近|左右|\b(?:about|around|roughly|approximately|nearly|almost)\b",
    Bound.OVER: r"超|逾|突破|以上|余|\b(?:over|above|more than|at least|(?:exceed|surpass)\w*)\b",
    Bound.UNDER: r"不足|不到|低于|以下|以内|\b(?:under|below|less than|at most|within)\b",
}
_FORECAST = "预测|预计|预期|forecast|estimate|expect|project"


def hedge_words(quantity: Quantity) -> re.Pattern[str]:
    """Return the words for the bound of a quantity, or else for its forecast mark."""
    return _pattern(_HEDGES.get(quantity.bound, _FORECAST))


def _scale_pattern(value: int) -> re.Pattern[str] | None:
    """Return the scale that stands alone for a power of ten: 亿级 is "100 million"."""
    for word in ("百", "千", "万", "十万", "百万", "千万", "亿", "十亿", "百亿", "千亿", "万亿"):
        if value == 10 ** sum(_ZH_EXPONENTS[char] for char in word):
            return re.compile(rf"(?<![0-9{HANZI_NUMERALS}几数]){word}(?![{HANZI_NUMERALS}])")
    return None


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)
