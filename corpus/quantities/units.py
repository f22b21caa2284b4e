"""The units that stand around a number in Chinese and English, each with its canonical name.

Units of one size are one unit (公里 is km, basis points are hundredths of "pp", 美分 hundredths of
USD); units of different sizes are kept apart, so 12 months is not one year. Not covered: rates
(元/月 is read as 元), discounts (9折 is a bare count) and the scales of a table's caption.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.quantities.numerals import Script
from corpus.quantities.values import QuantityKind


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands after a number: the number counts 10**exponent of `name`."""

    kind: QuantityKind
    name: str
    exponent: int = 0


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """A unit read from a text, which ends at `end`."""

    unit: Unit
    end: int


# Currency: names after the number in Chinese, in English, and signs before the number.
_CURRENCIES: dict[str, tuple[str, str, str]] = {
    "CNY": ("元人民币|人民币元|人民币|块钱|元(?!宇宙|旦|素|件|年)",
            "yuan|renminbi|RMB|CNY", r"人民币|RMB|CNY|CN¥|¥"),
    "USD": ("美元|美金", "US dollars?|U\\.S\\. dollars?|dollars?|USD",
            r"US ?\\?\$|USD ?\\?\$|USD|美元|\\?\$"),
    "HKD": ("港元|港币", "Hong Kong dollars?|HK dollars?|HKD", r"HK ?\\?\$|HKD|港币"),
    "GBP": ("英镑", "pounds sterling|pounds?|GBP", "GBP|£"),
    "EUR": ("欧元", "euros?|EUR", "EUR|€"),
    "JPY": ("日元", "Japanese yen|yen|JPY", "JPY|JP¥"),
    "KRW": ("韩元", "Korean won|won|KRW", "KRW|₩"),
    "TWD": ("新台币|台币", "TWD", r"TWD|NT ?\\?\$"),
    "SGD": ("新加坡元|新元", "Singapore dollars?|SGD", r"SGD|S\\?\$"),
    "AUD": ("澳元", "Australian dollars?|AUD", r"AUD|A\\?\$"),
    "CAD": ("加元", "Canadian dollars?|CAD", r"CAD|C\\?\$"),
    "CHF": ("瑞士法郎", "Swiss francs?|CHF", "CHF"),
    "INR": ("卢比", "rupees?|INR", "INR|₹"),
}  # fmt: skip
_CENTS = {"USD": ("美分", "US cents?|cents?"), "EUR": ("欧分", "euro cents?")}

_DURATIONS = {
    "millisecond": ("毫秒", "milliseconds?", "ms"),
    "second": ("秒钟|秒", "seconds?|secs?", "s"),
    "minute": ("分钟", "minutes?|mins?", "min"),
    "hour": ("个小时|小时", "hours?|hrs?", "h"),
    "day": ("天|日", "days?", ""),
    "week": ("个星期|星期|周(?![年期边末刊])", "weeks?", ""),
    "month": ("个月", "months?", ""),
    "quarter": ("个季度", "quarters?", ""),
    "year": ("年(?!代)", "years?|yrs?", ""),
}
_MEASURES = {
    "Hz": ("赫兹", "hertz", "Hz"), "kHz": ("千赫兹|千赫", "kilohertz", "kHz|KHz"),
    "MHz": ("兆赫兹|兆赫", "megahertz", "MHz"), "GHz": ("吉赫", "gigahertz", "GHz"),
    "KB": ("", "kilobytes?", "KB|kB"), "MB": ("", "megabytes?", "MB"),
    "GB": ("", "gigabytes?", "GB"), "TB": ("", "terabytes?", "TB"), "PB": ("", "petabytes?", "PB"),
    "kbps": ("", "", "kbps|Kbps"), "Mbps": ("", "", "Mbps"), "Gbps": ("", "", "Gbps"),
    "fps": ("帧/秒|帧每秒", "frames per second|frames a second|frames?/s(?:econd|ec)?|fps", ""),
    "frame": ("帧", "frames?", ""), "p": ("", "", "p|P"), "pixel": ("像素", "pixels?|px", ""),
    "nm": ("纳米", "nanomet(?:er|re)s?", "nm"), "μm": ("微米", "micromet(?:er|re)s?", "μm|um"),
    "mm": ("毫米", "millimet(?:er|re)s?", "mm"), "cm": ("厘米", "centimet(?:er|re)s?", "cm"),
    "m": ("米", "met(?:er|re)s?", ""), "km": ("公里|千米", "kilomet(?:er|re)s?", "km"),
    "inch": ("英寸", "inch(?:es)?", ""), "m²": ("平方米", "square met(?:er|re)s?|sqm", "m²|m2"),
    "km²": ("平方公里|平方千米", "square kilomet(?:er|re)s?", "km²|km2"), "mu": ("亩", "mu", ""),
    "mg": ("毫克", "milligrams?", "mg"), "g": ("克", "grams?", ""),
    "kg": ("公斤|千克", "kilograms?|kilos?", "kg"), "t": ("吨", "tonnes?|tons?", ""),
    "W": ("瓦特|瓦(?!时)", "watts?", ""), "kW": ("千瓦(?!时)", "kilowatts?", "kW|KW"),
    "MW": ("兆瓦(?!时)", "megawatts?", "MW"), "GW": ("吉瓦(?!时)", "gigawatts?", "GW"),
    "kWh": ("千瓦时", "kilowatt[- ]hours?", "kWh|KWh"), "MWh": ("兆瓦时", "", "MWh"),
    "GWh": ("吉瓦时", "", "GWh"), "TWh": ("", "", "TWh"), "mAh": ("毫安时", "", "mAh"),
    "°C": ("摄氏度|℃|°C", "degrees Celsius", ""), "TOPS": ("", "", "TOPS"),
    "TFLOPS": ("", "teraflops", "TFLOPS|TFLOPs|TFlops"),
    "PFLOPS": ("", "petaflops", "PFLOPS|PFLOPs|PFlops"),
}  # fmt: skip

# A Chinese numeral is a quantity only before one of these; digits are one before anything.
_COUNTERS = (
    "个家种类项款张条篇台部组辆艘架颗枚套座只支所户场轮步点页首幅本笔杯批门节段岁起例届份件层代"
)
_EN_NOUNS = (
    "compan(?:y|ies)|firms?|users?|customers?|subscribers?|developers?|employees?|listeners?|"
    "papers?|models?|parameters|images?|pictures?|photos?|videos?|clips?|samples?|tokens|tasks?|"
    "stores?|projects?|products?|patents?|reports?|items?|units?|shares?|points?|stages?|types?|"
    "kinds?|categories|steps?|layers?|pages?|datasets?|applications?|apps?|vehicles|"
    "credits?|cities|countries|markets|factors?|rounds?|tracks?|songs?|words?|masks?|pairs?"
)


def _alternatives(rows: Iterable[tuple[str, Unit]]) -> list[tuple[str, Unit]]:
    """Return one row per spelling, longest first, so that 千瓦时 is tried before 千瓦."""
    rows = [
        (spelling, unit)
        for spellings, unit in rows
        for spelling in _split_spellings(spellings)
        if spelling
    ]
    return sorted(rows, key=lambda row: (-len(row[0]), row[0]))


def _split_spellings(spellings: str) -> list[str]:
    """Split at the bars that stand outside of brackets."""
    parts, depth = [""], 0
    for char in spellings:
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _rows(column: int) -> list[tuple[str, Unit]]:
    """Return the currencies, durations and measures as spelled in one column (0 zh, 1 en)."""
    kinds = QuantityKind
    rows = [(names[column], Unit(kinds.MONEY, code)) for code, names in _CURRENCIES.items()]
    rows += [(names[column], Unit(kinds.MONEY, code, -2)) for code, names in _CENTS.items()]
    rows += [(names[column], Unit(kinds.DURATION, name)) for name, names in _DURATIONS.items()]
    return rows + [(names[column], Unit(kinds.MEASURE, name)) for name, names in _MEASURES.items()]


_POINTS = Unit(QuantityKind.POINTS, "pp")
_BASIS_POINTS = Unit(QuantityKind.POINTS, "pp", -2)
_PERCENT = Unit(QuantityKind.PERCENT, "%")
_MULTIPLE = Unit(QuantityKind.MULTIPLE, "x")
_COUNT = Unit(QuantityKind.COUNT, "")
_PERSON = Unit(QuantityKind.COUNT, "person")
_TIME = Unit(QuantityKind.COUNT, "time")

_ZH = _alternatives([
    *_rows(0), ("个百分点|百分点", _POINTS), ("个基点|基点", _BASIS_POINTS),
    ("倍", _MULTIPLE), ("人次|人(?!行|工|民)|名|位", _PERSON), ("次(?!元)", _TIME),
    ("|".join(_COUNTERS), _COUNT),
    ("成(?![为立交长功果本员熟品都分就])", Unit(QuantityKind.PERCENT, "%", 1)),
])  # fmt: skip
_ZH_HANZI_ONLY = [("大(?![学型小])", _COUNT), ("方面", _COUNT)]
_EN = _alternatives([
    *_rows(1), ("percentage points?|ppts?|pps?|pcts", _POINTS),
    ("basis points?|bps?", _BASIS_POINTS),
    ("percent|per cent|pct", _PERCENT), ("times|fold", _MULTIPLE), ("people|persons?", _PERSON),
    (_EN_NOUNS, _COUNT),
])  # fmt: skip
_SYMBOLS = _alternatives([
    *((names[2], Unit(QuantityKind.DURATION, name)) for name, names in _DURATIONS.items()),
    *((names[2], Unit(QuantityKind.MEASURE, name)) for name, names in _MEASURES.items()),
    ("x|X", _MULTIPLE),
    ("pct", _POINTS),  # glued to digits, as in "+2.3pct", it means points; "2.3 pct" is a percent
])  # fmt: skip


def _union(rows: list[tuple[str, Unit]]) -> str:
    return "|".join(f"(?P<u{number}>{spelling})" for number, (spelling, _) in enumerate(rows))


_ZH_HANZI = _ZH + _ZH_HANZI_ONLY
_SYMBOL_PATTERN = re.compile(f"(?:{_union(_SYMBOLS)})(?![A-Za-z0-9])")
_SPACED_SYMBOL_PATTERN = re.compile(f" (?:{_union(_SYMBOLS)})(?![A-Za-z0-9])")
_ZH_PATTERN = re.compile(f" ?(?:{_union(_ZH)})")
_ZH_HANZI_PATTERN = re.compile(f" ?(?:{_union(_ZH_HANZI)})")
_EN_PATTERN = re.compile(f"[ -]?(?:{_union(_EN)})(?![A-Za-z])", re.IGNORECASE)
_SIGN = re.compile(r" ?(%|‰)")
# A single letter after a space is a word or a name ("5 s", "3 p" are not how units are printed).
_LONG_SYMBOL = 2

_PREFIXES = _alternatives(
    (names[2], Unit(QuantityKind.MONEY, code)) for code, names in _CURRENCIES.items()
)
# Also how the parser finds the places where money may begin.
CURRENCY_PREFIX = "|".join(spelling for spelling, _ in _PREFIXES)
_PREFIX_PATTERN = re.compile(f"(?:{_union(_PREFIXES)}) ?")


def read_currency(text: str, pos: int) -> UnitMatch | None:
    """Read the currency that stands before a number, with the space that follows it."""
    match = _PREFIX_PATTERN.match(text, pos)
    if match is None or match.lastgroup is None:
        return None
    return UnitMatch(_PREFIXES[int(match.lastgroup[1:])][1], match.end())


def read_unit(text: str, pos: int, script: Script) -> UnitMatch | None:
    """Read the unit that follows a numeral of `script` which ends at `pos`."""
    sign = _SIGN.match(text, pos)
    if sign is not None:
        return UnitMatch(Unit(QuantityKind.PERCENT, "%", -1 * (sign.group(1) == "‰")), sign.end())
    hanzi = script is Script.HANZI
    tries = [(_ZH_HANZI_PATTERN, _ZH_HANZI) if hanzi else (_ZH_PATTERN, _ZH)]
    if script is Script.ARABIC:
        tries.append((_SYMBOL_PATTERN, _SYMBOLS))
    if not hanzi:
        tries.append((_EN_PATTERN, _EN))
    if script is Script.ARABIC:
        tries.append((_SPACED_SYMBOL_PATTERN, _SYMBOLS))
    for pattern, rows in tries:
        match = pattern.match(text, pos)
        if match is None or match.lastgroup is None:
            continue
        if pattern is _SPACED_SYMBOL_PATTERN and match.end() - pos <= _LONG_SYMBOL:
            continue
        return UnitMatch(rows[int(match.lastgroup[1:])][1], match.end())
    return None
