"""Numbers as they are written: 1,234.5 · 3亿5000万 · 一百二十 · twenty-five million.

Reads one numeral at a given place of a text whose width has been folded (`fold_width`); knows
nothing of units. Not covered: 兆 (a million to some readers, a trillion to others), 半 and half,
廿, financial capitals (壹贰叁), and indefinite numbers (数百万, 几千, tens of millions).
"""

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from enum import StrEnum

MAX_DIGITS = 24  # a longer run of digits is an identifier; 24 digits reach 10^24
MAX_HANZI = 16  # 九千九百九十九万亿九千九百九十九万… is the longest numeral in use
_EXACT = Context(prec=4 * MAX_DIGITS)  # the default of 28 digits would round sums and scalings

HANZI_NUMERALS = "零〇一二两三四五六七八九十百千万亿"
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 1, "百": 2, "千": 3}
_ZH_EXPONENTS = {"": 0, "万": 4, "亿": 8, "万亿": 12} | _SMALL
_EN_EXPONENTS = {
    "hundred": 2, "thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6, "mm": 6,
    "billion": 9, "bn": 9, "b": 9, "trillion": 12, "tn": 12, "t": 12,
}  # fmt: skip
_EN_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        start=1,
    )
} | {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}

# Characters that stand for another one of the same length, so that offsets stay true: full-width
# forms, the many dashes and spaces, and the traditional forms of numerals, scales and counters.
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；！？"}
_FOLD |= str.maketrans(
    "￥￡　\u00a0\u2009\u202f–—−‐‑〜∼萬億兩個圓約過點幣鎊歐時鐘週張項條種類間隻餘達於顆臺輛",
    "¥£    -----~~万亿两个元约过点币镑欧时钟周张项条种类间只余达于颗台辆",
)


class Script(StrEnum):
    """How a numeral is written."""

    ARABIC = "arabic"
    HANZI = "hanzi"
    ENGLISH = "english"


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number read from `text[pos:end]`. `low == high` unless it is 两三 or 七八十."""

    end: int
    low: Decimal
    high: Decimal
    script: Script
    exponent: int = 0  # power of ten of a scale printed after it: 4 in 30万
    open_ended: bool = False  # 20余, 100多
    digits: str = ""  # the printed digits when there is nothing else: a year or code perhaps


def fold_width(text: str) -> str:
    """Return the text in half-width forms. Contract: `len(fold_width(text)) == len(text)`."""
    return text.translate(_FOLD)


def shift(value: Decimal, exponent: int) -> Decimal:
    """Return value * 10**exponent, exactly, and without an exponent when it is a whole number."""
    shifted = _EXACT.scaleb(value, exponent)
    whole = shifted.to_integral_value(context=_EXACT)
    return _EXACT.quantize(whole, Decimal(1)) if whole == shifted else shifted


_ARABIC = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})++(?![0-9])|[0-9]++)(?:\.([0-9]++))?")
# 千 and 百 also begin units (千克, 百分点).
_ZH_SCALE = re.compile(
    r"([多余](?=[十百千万亿]))?( ?)((?:[十百千](?=[万亿]))?)"
    r"(万亿|亿|万|千(?![克米瓦赫卡])|百(?!分))"
)
_ZH_OPEN = re.compile(r"余|多(?![模元媒样维任语])")
_EN_SCALE = re.compile(
    r"[ -]?(hundred|thousand|million|billion|trillion|mn|bn|tn)s?(?![A-Za-z])|(k)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_MONEY_SCALE = re.compile(r" ?(mm|[mbt])(?![A-Za-z0-9])", re.IGNORECASE)
# Without a currency a lone M or B is a name or a unit more often than a scale (LAION-400M, 5B).
_COUNTED_SCALE = re.compile(
    r" ?([MB])(?=[ -]?(?:param|token|user|download|images?|texts?\b|videos?|audio|samples?|pairs?|yuan|dollar|"
    r"RMB|USD|参数|tokens|用户|文本|图文|图像|图片|视频|音频|样本|语料|数据))"
)
_HANZI = re.compile(f"[{HANZI_NUMERALS}]++")
_SECTION = re.compile(
    "(?:(D)千)?(零)?(?:(D)百)?(零)?(?:(D?)十)?(零)?(D?)".replace("D", "[一二两三四五六七八九]")
)
_EN_NUMBER = re.compile(
    r"(?:[ -]|(?<=hundred) and |(?<=thousand) and )?("
    + "|".join(sorted([*_EN_WORDS, "hundred", "thousand", "million", "billion", "trillion"])[::-1])
    + r")(?![A-Za-z])",
    re.IGNORECASE,
)


def read_numeral(text: str, pos: int, *, money: bool = False) -> Numeral | None:
    """Read the numeral that starts at `pos`, or return None.

    Args:
        text: Folded with `fold_width`.
        pos: Where the first digit or word stands; the caller checks what is before it.
        money: A currency stands before the number, so that m, b and t are scales.
    """
    if pos >= len(text):
        return None
    if "0" <= text[pos] <= "9":
        return _read_arabic(text, pos, money=money)
    if text[pos] in HANZI_NUMERALS:
        return _read_hanzi(text, pos)
    return _read_english(text, pos)


def _read_arabic(text: str, pos: int, *, money: bool) -> Numeral | None:
    match = _ARABIC.match(text, pos)
    if match is None or len(match.group().replace(",", "")) > MAX_DIGITS:
        return None
    value = Decimal(match.group().replace(",", ""))
    numeral = Numeral(match.end(), value, value, Script.ARABIC)
    if match.group().isdigit():
        numeral = replace(numeral, digits=match.group())
    scale = _EN_SCALE.match(text, match.end()) or _COUNTED_SCALE.match(text, match.end())
    if scale is None and money:
        scale = _MONEY_SCALE.match(text, match.end())
    if scale is None:
        return _read_zh_scales(text, numeral)
    exponent = _EN_EXPONENTS[(scale.group(1) or scale.group(2)).casefold()]
    value = shift(value, exponent)
    return Numeral(scale.end(), value, value, Script.ARABIC, exponent)


def _read_zh_scales(text: str, numeral: Numeral) -> Numeral:
    """Read the scales after Arabic digits, and smaller parts that follow at once: 3亿5000万."""
    scale = _ZH_SCALE.match(text, numeral.end)
    open_ended = False
    smallest = 99
    total, part = Decimal(0), numeral.low
    while scale is not None:
        exponent = _ZH_EXPONENTS[scale.group(3)] + _ZH_EXPONENTS[scale.group(4)]
        if exponent >= smallest:
            break
        smallest = exponent
        open_ended = open_ended or bool(scale.group(1))
        total = _EXACT.add(total, shift(part, exponent))
        numeral = Numeral(scale.end(), total, total, Script.ARABIC, exponent)
        digits = _ARABIC.match(text, scale.end())
        if digits is None or len(digits.group()) > MAX_DIGITS:
            break
        part = Decimal(digits.group().replace(",", ""))
        scale = _ZH_SCALE.match(text, digits.end())
    after = _ZH_OPEN.match(text, numeral.end)
    if after is not None:
        numeral = replace(numeral, end=after.end(), digits="")
    return replace(numeral, open_ended=open_ended or after is not None)


def _read_hanzi(text: str, pos: int) -> Numeral | None:
    match = _HANZI.match(text, pos)
    if match is None or len(match.group()) > MAX_HANZI:
        return None
    run = match.group()
    first, second = _DIGITS.get(run[0]), _DIGITS.get(run[1:2])
    low: int | None
    if first and second == first + 1 and not set(run[2:]) & set(_DIGITS):  # 两三, 七八十
        low, high = _hanzi_value(run[0] + run[2:]), _hanzi_value(run[1:])
    else:
        low = high = _hanzi_value(run)
    if low is None or high is None:
        return None
    after = _ZH_OPEN.match(text, match.end())
    end = after.end() if after else match.end()
    return Numeral(end, Decimal(low), Decimal(high), Script.HANZI, 0, after is not None)


def _hanzi_value(run: str) -> int | None:
    """Return the value of a numeral such as 一亿二千万 or 一万二, None if it is none."""
    for scale, factor in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = run.rpartition(scale)
        if found:
            upper = _hanzi_value(head)  # None for the bare scale of （亿元）
            lower = _hanzi_value(tail) if tail else 0
            if upper is None or lower is None or lower >= factor:
                return None
            if len(tail) == 1 and tail in _DIGITS:  # 一万二 is 12000
                lower *= factor // 10
            return upper * factor + lower
    return _section_value(run)


def _section_value(run: str) -> int | None:
    """Return the value of a numeral below 10,000."""
    match = _SECTION.fullmatch(run.replace("〇", "零"))
    if match is None or not run:
        return None
    thousands, zero1, hundreds, zero2, tens, zero3, ones = match.groups()
    value = 0
    for digit, factor in ((thousands, 1000), (hundreds, 100), (tens, 10), (ones, 1)):
        if digit is not None:
            value += _DIGITS.get(digit, 1) * factor if digit or factor > 1 else 0
    if ones and not (zero1 or zero2 or zero3) and tens is None and (hundreds or thousands):
        factor = 10 if hundreds else 100  # 三百五 is 350, 一千二 is 1200
        value += _DIGITS.get(ones, 0) * (factor - 1)
    return value


def read_hanzi_digits(run: str) -> int | None:
    """Return the number whose digits are listed one by one: 二〇二三 is 2023."""
    if not run or any(char not in _DIGITS for char in run):
        return None
    return int("".join(str(_DIGITS[char]) for char in run))


def _read_english(text: str, pos: int) -> Numeral | None:
    total, current, end = 0, 0, pos
    last_scale = 10**15
    match = _EN_NUMBER.match(text, pos)
    while match is not None and (end != pos or match.start(1) == pos):
        word = match.group(1).casefold()
        if word in _EN_WORDS:
            value, rest = _EN_WORDS[word], current % 100
            if rest and not (value < 10 and rest >= 20 and rest % 10 == 0):
                break
            current += value
        elif word == "hundred" and 1 <= current <= 9:
            current *= 100
        elif word != "hundred" and current and 10 ** _EN_EXPONENTS[word] < last_scale:
            last_scale = 10 ** _EN_EXPONENTS[word]
            total, current = total + current * last_scale, 0
        else:
            break
        end = match.end()
        match = _EN_NUMBER.match(text, end)
    if end == pos:
        return None
    return Numeral(end, Decimal(total + current), Decimal(total + current), Script.ENGLISH)
