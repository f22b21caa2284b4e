"""Find the quantities of a text. `corpus.quantities` is the door to this module.

One pass from left to right: at every place where a quantity can begin, one reader after the other
is tried; each looks at a bounded window or consumes what it looked at, so the time is linear.

What is left out on purpose: names (GPT-4, 3D, H100: digits that touch Latin letters), enumerators
and headings (1), （2）, 2.1.3), markers [1], web addresses, spelled ones (一个, one of), indefinite
numbers (数百万, dozens of), words made of numerals (千问, 统一, 三行), 第一 and first, 半 and half.
What cannot be told from a quantity is returned as one: the 3 of "DALL·E 3" is a bare NUMBER.
"""

import re
from decimal import Decimal

from corpus.quantities.amounts import read_amount
from corpus.quantities.dates import DateMatch, read_date
from corpus.quantities.numerals import (
    HANZI_NUMERALS,
    Numeral,
    Script,
    fold_width,
    read_numeral,
    shift,
)
from corpus.quantities.units import CURRENCY_PREFIX
from corpus.quantities.values import DateParts, Quantity, QuantityKind

_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "twice|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|fiscal"
)
_START = re.compile(
    rf"[0-9]|[{HANZI_NUMERALS}]|第|[上下]半年|[百千万]分之|https?://|www\.|"
    rf"(?<![A-Za-z])(?:{CURRENCY_PREFIX}|[QqHh][0-9]|FY|[A-Z]{{1,4}}[0-9]{{5}}|"
    rf"(?i:{_WORDS})(?![A-Za-z]))|\\?\$|[¥£€₩₹]"
)
_SKIPPED = [
    re.compile(r"(?:https?://|www\.)[!-~]+"),
    re.compile(r"[0-9]++(?:\.[0-9]++){2,}"),  # 2.1.3 (dates have been read before)
    re.compile(r"(?:[0-9]+th )?five-year plan", re.IGNORECASE),
    re.compile(r"第[三一]方|[二三]次元|二维码|[一二三四五六七八九十]{2,3}五规划"),
]
_TOKEN = re.compile(rf"[0-9][0-9A-Za-z.]*|[{HANZI_NUMERALS}]+|[A-Za-z]+|.", re.DOTALL)
# A digit that touches a Latin letter from the right, or through a hyphen, belongs to a name.
_NAME_BEFORE = re.compile(r"[A-Za-z_][-·.:]?$|[A-Za-z]-[A-Za-z]*·$")
_NOT_A_NAME = re.compile(r"(?i:(?:^|[^A-Za-z])(?:mid|early|late|pre|post|end|non|top|over))-$")
_ENUMERATOR = re.compile(r"(?:\(([0-9]{1,2})\)|([0-9]{1,2})\)|\[[0-9]{1,3}\]|【[0-9]{1,3}】)")
_LIST_NUMBER = re.compile(r"[0-9]{1,2}(?:\.(?=[ \t*])|、)")
_LINE_START = re.compile(r"(?:^|\n)[ \t#>*•\-]{0,8}$")
_CODES = [
    re.compile(
        r"([0-9]{6}\.(?:SZ|SH|SS|BJ|OC)|[0-9]{4,5}\.HK|[0-9]{4,6}\.(?:TW|KS|KQ|T))(?![A-Za-z0-9])"
    ),
    re.compile(r"(0[0-9]{2,3}-[0-9]{7,8}|[0-9]{3}-[0-9]{4} [0-9]{4})(?![0-9])"),  # telephones
    re.compile(r"(0[0-9]{3,})(?![0-9.A-Za-z])"),
    re.compile(r"([A-Z]{1,4}[0-9]{5,})(?![A-Za-z0-9])"),
    re.compile(r"([0-9]{25,})"),
]
_SIX_DIGITS = re.compile(r"([0-9]{6})(?= ?(?:[,，、)]|[\t\n]|$))")
_ORDINAL = re.compile(rf"第 ?(?=[0-9{HANZI_NUMERALS}])")
_EN_ORDINAL = re.compile(r"([0-9]{1,6})(?:st|nd|rd|th)(?![A-Za-z])")
_EN_ORDINAL_WORD = re.compile(
    "(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)"
    r"(?![A-Za-z]|[- ]part(?:y|ies)|[- ](?:half|quarter))",
    re.IGNORECASE,
)
_ORDINAL_WORDS = [
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_DETERMINER_BEFORE = re.compile(r"\b(?:the|its|their|our|this|his|her) $", re.IGNORECASE)
_FRACTION = re.compile(
    r"(one|two|three|four|five)[- ]"
    r"(third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|(?<=-)quarter)s?"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_SLASH_FRACTION = re.compile(r"([1-9])/([2-9]|10)(?![0-9/A-Za-z年月日])")
_MAX_DENOMINATOR = 10  # a fraction of more is a ratio or a date more often
_PER_MILLE = {Decimal(1000): -1, Decimal(10000): -2}  # in powers of ten of a percent
_ZH_FRACTION = re.compile(rf"([{HANZI_NUMERALS}]{{1,4}}|[0-9]{{1,3}})分之(?=[0-9{HANZI_NUMERALS}])")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099


def parse_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text in order of position; they never overlap.

    >>> [(q.unit, int(q.low)) for q in parse_quantities("2020年规模达453亿元")]
    [('', 2020), ('CNY', 45300000000)]
    """
    folded = fold_width(text)
    depths = _bracket_depths(folded)
    found: list[Quantity] = []
    pos = 0
    while (start := _START.search(folded, pos)) is not None:
        pos = start.start()
        end = _skip(folded, pos, depths)
        if end is None:
            quantity = _read(folded, pos, found[-1].end if found else 0)
            if quantity is not None:
                found.append(quantity)
                end = quantity.end
        pos = end if end is not None else _next_token(folded, pos, start.end())
    return tuple(found)


def _next_token(text: str, pos: int, start_end: int) -> int:
    """Return where to go on after nothing was found at `pos`."""
    token = _TOKEN.match(text, pos)
    end = token.end() if token else pos + 1
    if text[pos].isascii() and text[pos].isalpha():  # a currency may be glued to its number
        return min(end, start_end)
    return end


def _bracket_depths(text: str) -> list[int]:
    """Return for each character how many round brackets are open before it on its line."""
    depths, depth = [], 0
    for char in text:
        depths.append(depth)
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == "\n":
            depth = 0
    return depths


def _skip(text: str, pos: int, depths: list[int]) -> int | None:
    """Return the end of what looks like a quantity and is none, or None."""
    is_digit = "0" <= text[pos] <= "9"
    if is_digit:
        before = text[max(0, pos - 6) : pos]
        if _NAME_BEFORE.search(before) and not _NOT_A_NAME.search(before):
            token = _TOKEN.match(text, pos)
            return token.end() if token else pos + 1
        opening = pos - 1 if before[-1:] and before[-1] in "([【" else pos
        label = _ENUMERATOR.match(text, opening)
        if label is not None and _is_label(text, label, depths[pos]):
            return label.end()
        number = _LIST_NUMBER.match(text, pos)
        if number is not None and _LINE_START.search(text[max(0, pos - 9) : pos]):
            return number.end()
    for pattern in _SKIPPED:
        match = pattern.match(text, pos)
        if match is not None and not (is_digit and read_date(text, pos)):
            return match.end()
    return None


def _is_label(text: str, label: re.Match[str], depth: int) -> bool:
    """Say whether (1), 1) or [1] is a label; in a row of numbers (2) is a figure."""
    if label.group(2) is not None:
        return depth == 0
    if label.group(1) is None:
        return True
    before = text[max(0, label.start() - 2) : label.start()]
    if before.strip(" ")[-1:] in set("0123456789$%)-\t"):
        return False
    after = text[label.end() : label.end() + 2]
    at_line_start = before.strip(" ")[-1:] in {"", "\n"}
    return at_line_start or re.match(r" [0-9$(\-]|\t|\n|$", after) is None


def _read(text: str, pos: int, floor: int) -> Quantity | None:
    """Read one quantity at `pos`; `floor` is the end of the one before."""
    date = read_date(text, pos)
    if date is not None:
        return _date_quantity(pos, date)
    return (
        _read_code(text, pos)
        or _read_fraction(text, pos)
        or _read_ordinal(text, pos)
        or _as_date(text, read_amount(text, pos, floor))
    )


def _date_quantity(pos: int, date: DateMatch) -> Quantity:
    years = [parts.year or parts.decade or 0 for parts in (date.first, date.last or date.first)]
    return Quantity(
        pos, date.end, QuantityKind.DATE, Decimal(years[0]), Decimal(years[1]),
        forecast=date.forecast, date=date.first, date_end=date.last,
    )  # fmt: skip


def _as_date(text: str, quantity: Quantity | None) -> Quantity | None:
    """Turn four bare digits, or two such numbers with a dash between, into years."""
    if quantity is None or quantity.kind is not QuantityKind.NUMBER or quantity.unit:
        return quantity
    printed = re.findall("[0-9]+", text[quantity.start : quantity.end])
    values = {quantity.low, quantity.high}
    if not all(len(digits) == 4 for digits in printed) or len(printed) != len(values):
        return quantity
    if not all(_FIRST_YEAR <= value <= _LAST_YEAR for value in values):
        return quantity
    first, last = DateParts(year=int(quantity.low)), DateParts(year=int(quantity.high))
    # A word such as "about" or "over" before a year is not part of the date.
    start = quantity.start + len(re.split("[0-9]", text[quantity.start : quantity.end])[0])
    return Quantity(
        start, quantity.end, QuantityKind.DATE, quantity.low, quantity.high,
        forecast=quantity.forecast, date=first, date_end=last if first != last else None,
    )  # fmt: skip


def _read_code(text: str, pos: int) -> Quantity | None:
    for pattern in _CODES:
        match = pattern.match(text, pos)
        if match is not None and not match.group().startswith(("RMB", "CNY", "USD", "HKD")):
            return _code(pos, match)
    match = _SIX_DIGITS.match(text, pos)
    if match is None or text[pos - 1 : pos].strip(" \t\n") not in {"", "("}:
        return None
    whole_cell = text[match.end() : match.end() + 1].strip() == ""
    line_start = text[:pos][-1:] in {"", "\t", "\n"}
    if text[pos - 1 : pos] == "(" or (line_start and whole_cell):
        return _code(pos, match)
    return None


def _code(pos: int, match: re.Match[str]) -> Quantity:
    code = re.sub(r"^(SZ|SH|BJ|HK)([0-9]+)$", r"\2.\1", match.group(1))
    return Quantity(pos, match.end(), QuantityKind.CODE, Decimal(0), Decimal(0), unit=code)


def _number(start: int, end: int, value: Decimal, unit: str = "") -> Quantity:
    return Quantity(start, end, QuantityKind.NUMBER, value, value, unit)


def _read_fraction(text: str, pos: int) -> Quantity | None:
    """Read 三分之二, two-thirds and 2/3 as the NUMBER 2 of unit "/3"; 千分之五 is 0.5%."""
    match = _SLASH_FRACTION.match(text, pos)
    if match is not None and int(match.group(1)) < int(match.group(2)):
        return _number(pos, match.end(), Decimal(match.group(1)), f"/{match.group(2)}")
    match = _FRACTION.match(text, pos)
    if match is not None:
        upper = read_numeral(text, pos)
        word = match.group(2).casefold()
        lower = 4 if word == "quarter" else _ORDINAL_WORDS.index(word) + 2
        return _number(pos, match.end(), upper.low, f"/{lower}") if upper else None
    match = _ZH_FRACTION.match(text, pos)
    if match is None or match.group(1) == "百":
        return None
    below, above = read_numeral(match.group(1), 0), read_numeral(text, match.end())
    if below is None or above is None:
        return None
    if below.low in _PER_MILLE:
        percent = shift(above.low, _PER_MILLE[below.low])
        return Quantity(pos, above.end, QuantityKind.PERCENT, percent, percent, "%")
    if not above.low < below.low <= _MAX_DENOMINATOR:
        return None
    return _number(pos, above.end, above.low, f"/{below.low}")


def _read_ordinal(text: str, pos: int) -> Quantity | None:
    """Read 第50次, 50th, 第三 and third; the first of a row is left out (see the module)."""
    match = _ORDINAL.match(text, pos)
    if match is not None:
        numeral = read_numeral(text, match.end())
        if numeral is None or _is_spelled_one(numeral):
            return None
        return _number(pos, numeral.end, numeral.low)
    match = _EN_ORDINAL.match(text, pos)
    if match is not None:
        return _number(pos, match.end(), Decimal(match.group(1)))
    match = _EN_ORDINAL_WORD.match(text, pos)
    if match is None:
        return None
    word = match.group(1).casefold()
    if word == "second" and not _DETERMINER_BEFORE.search(text[max(0, pos - 6) : pos]):
        return None  # a second may be a unit of time
    return _number(pos, match.end(), Decimal(_ORDINAL_WORDS.index(word) + 2))


def _is_spelled_one(numeral: Numeral) -> bool:
    return numeral.script is not Script.ARABIC and numeral.high == 1
