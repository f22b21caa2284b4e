"""Read one amount: a bound, a currency, a number or a range of two, a unit.

Units, currencies and scales are shared by the ends of a range (200-500元, US$15-95, 3-5亿). A range
needs its smaller end first; "from 10% to 20%" and 从10%到20% are two amounts, not a range.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.quantities.numerals import Numeral, Script, read_numeral, shift
from corpus.quantities.units import Unit, read_currency, read_unit
from corpus.quantities.values import Bound, Quantity, QuantityKind

_BOUNDS_BEFORE = [
    (Bound.UNDER, re.compile(
        r"(?:不超过|不高于|不多于|不足|不到|低于|少于|小于|至多|(?<![A-Za-z/])[<≤]|(?<![A-Za-z])(?:"
        r"under|below|(?:no|not) (?:more|greater|higher) than|less than|fewer than|lower than|"
        r"at most))了? ?$", re.IGNORECASE)),
    (Bound.OVER, re.compile(
        r"(?:不少于|不低于|超过|超出|(?<!高)超|逾|突破|高于|大于|多于|至少|"
        r"(?<![A-Za-z/\"])[>≥]|(?<![A-Za-z])(?:over|above|more than|greater than|higher than|"
        r"at least|(?:no|not) (?:less|fewer|lower) than|exceed(?:s|ed|ing)?|upwards? of|"
        r"surpass(?:es|ed|ing)?))了? ?$", re.IGNORECASE)),
    (Bound.ABOUT, re.compile(
        r"(?:大约|大概|将近|接近于?|(?<![最附临远])近|(?<![签节合预违契纽公制条特履续])约)"
        r"[为占合达有]? ?$|相当于 ?$|[~≈] ?$|(?<![A-Za-z])(?:about|around|"
        r"approximately|approx\.|roughly|nearly|"
        r"almost|close to|circa|some) ?$", re.IGNORECASE)),
]  # fmt: skip
_BOUNDS_AFTER = [
    (Bound.OVER, re.compile(r" ?(?:[及或]?以上|多(?![模元媒样维任语年])|余)|\+(?![0-9A-Za-z$¥])|"
                            r" (?:or|and) (?:more|above|higher|over)(?![A-Za-z])")),
    (Bound.UNDER, re.compile(r" ?(?:[及或]?以下|以内)|"
                             r" (?:or|and) (?:less|fewer|below|lower|under)(?![A-Za-z])")),
    (Bound.ABOUT, re.compile(r" ?(?:左右|上下)| or so(?![A-Za-z])")),
]  # fmt: skip
_YEAR_DIGITS = 4
_BOUND_REACH = 16  # characters before an amount in which its bound stands: "not greater than "
_SIZE = re.compile(r"([0-9]{2,5})( ?)[x×X*✕]\2([0-9]{2,5})(?![0-9A-Za-z])")
_SEPARATOR = re.compile(r" ?(?:-|~|至|到|(?<![A-Za-z])to(?![A-Za-z])) ?")
_AND = re.compile(r" ?(?:与|和|(?<![A-Za-z])and(?![A-Za-z])) ?")
_BETWEEN = re.compile(r"(?:介于|between) ?$", re.IGNORECASE)
_WITHIN = re.compile(r"[-+]?[0-9.]{1,9} ?[%万亿]{0,2}[^0-9，。,;；\n]{0,3}之间")  # -5%与5%之间
_FROM = re.compile(r"(?:[从由自]|(?<![A-Za-z])from) ?$", re.IGNORECASE)
_FORECAST = re.compile(r"[EF](?![A-Za-z0-9])")
_SIGNED = re.compile(r"(?:^|[^0-9A-Za-z.%)\]])([-+−])$")
_INDEFINITE_BEFORE = "几数上好第成初周"
# Before these, 一 is not a number: 这一年, 每一天, 统一.
_ONE_BEFORE = "这那每同某另上下前后新任之统唯第去一进单逐首头"
_BARE_SCALE = re.compile("[百千万亿]")
_BARE_SCALE_OVER = re.compile("[百千万亿]{1,3}[^百千万亿，。]{1,2}以上")  # 万倍以上
_FRAME, _FPS = Unit(QuantityKind.MEASURE, "frame"), Unit(QuantityKind.MEASURE, "fps")
_FPS_BEFORE = re.compile(r"每秒钟?[约近]? ?$")
_TWICE = re.compile(r"twice(?![A-Za-z])", re.IGNORECASE)
_LATIN = re.compile("[A-Za-z_]")
_PER_HUNDRED = "百分之"


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a range, or the whole amount: `text[start:end]`."""

    start: int
    end: int
    numeral: Numeral
    sign: int
    unit: Unit | None
    prefixed: bool = False  # the unit stands before the number


def read_amount(text: str, pos: int, floor: int) -> Quantity | None:
    """Read the amount whose number or currency starts at `pos`.

    Args:
        text: Folded.
        pos: Where the number or the currency before it starts.
        floor: Bounds and signs are looked for between here and `pos`.
    """
    size = _SIZE.match(text, pos)
    if size is not None:
        low, high = Decimal(size.group(1)), Decimal(size.group(3))
        return Quantity(pos, size.end(), QuantityKind.MEASURE, low, high, "px")
    twice = _TWICE.match(text, pos)
    if twice is not None:
        return Quantity(pos, twice.end(), QuantityKind.MULTIPLE, Decimal(2), Decimal(2), "x")
    first = _read_end(text, pos, floor)
    if first is None:
        return None
    second = _read_second(text, first, floor)
    if second is None:
        if not _is_quantity(text, first):
            return None
        low, high = first.numeral.low * first.sign, first.numeral.high * first.sign
        return _finish(text, floor, first, first, (low, high))
    first, second = _share_unit(first, second)
    low, high = _share_scale(first, second)
    return _finish(text, floor, first, second, (low, high))


def _read_end(text: str, pos: int, floor: int) -> _End | None:
    """Read currency, sign, number and unit."""
    start = pos
    currency = read_currency(text, pos)
    percent = text.startswith(_PER_HUNDRED, pos)
    if currency is not None:
        pos = currency.end
    elif percent:
        pos += len(_PER_HUNDRED)
    sign, pos, start = _read_sign(text, pos, start, floor)
    numeral = _read_number(text, pos, floor, money=currency is not None)
    if numeral is None:
        return None
    if percent:
        return _End(start, numeral.end, numeral, sign, Unit(QuantityKind.PERCENT, "%"), True)
    found = read_unit(text, numeral.end, numeral.script)
    if currency is not None:
        # "RMB 45.3 billion yuan" names its currency twice.
        again = found is not None and found.unit == currency.unit
        end = found.end if found is not None and again else numeral.end
        return _End(start, end, numeral, sign, currency.unit, True)
    end = found.end if found else numeral.end
    unit = found.unit if found else None
    if unit == _FRAME and _FPS_BEFORE.search(text[max(0, start - 6) : start]):
        unit = _FPS
    if _touches_letter(text, numeral, end):
        return None
    return _End(start, end, numeral, sign, unit)


def _touches_letter(text: str, numeral: Numeral, end: int) -> bool:
    """Say whether the digits run into a name: 3D, 6pen."""
    if numeral.script is not Script.ARABIC or end > numeral.end or numeral.exponent:
        return False
    return _LATIN.match(text, end) is not None and _FORECAST.match(text, end) is None


def _read_sign(text: str, pos: int, start: int, floor: int) -> tuple[int, int, int]:
    """Return the sign, where the number starts, and where the amount starts."""
    if text[pos : pos + 1] in {"-", "+"} and pos > start:  # after a currency
        return (-1 if text[pos] == "-" else 1), pos + 1, start
    sign = _SIGNED.search(text[max(0, start - 2) : start])
    if sign is None or start <= floor:
        return 1, pos, start
    return (1 if sign.group(1) == "+" else -1), pos, start - 1


def _read_number(text: str, pos: int, floor: int, *, money: bool) -> Numeral | None:
    """Read a numeral; 近千 and 超百亿 are 1000 and 10^10, but only with the word before."""
    numeral = read_numeral(text, pos, money=money)
    if numeral is not None or not _BARE_SCALE.match(text, pos):
        return numeral
    if _bound_before(text, pos, floor) is None and not _BARE_SCALE_OVER.match(text, pos):
        return None
    implied = read_numeral("一" + text[pos : pos + 20], 0)
    return replace(implied, end=implied.end - 1 + pos) if implied else None


def _read_second(text: str, first: _End, floor: int) -> _End | None:
    """Read the other end of a range, None when there is no range."""
    before = text[max(floor, first.start - 9) : first.start]
    separator = _SEPARATOR.match(text, first.end)
    if separator is None:
        separator = _AND.match(text, first.end)
        if separator and not (_BETWEEN.search(before) or _WITHIN.match(text, separator.end())):
            return None
    word = separator is not None and separator.group().strip() in {"to", "至", "到"}
    if separator is None or (word and _FROM.search(before)):
        return None
    pos = separator.end()
    sign = -1 if text[pos : pos + 1] == "-" else 1
    pos += text[pos : pos + 1] in {"-", "+"}
    second = _read_end(text, pos, pos)
    if second is None or second.numeral.script is not first.numeral.script:
        return None
    if second.prefixed and second.unit != first.unit:
        return None
    second = replace(second, sign=sign * second.sign)
    if not _is_quantity(text, second) and not first.prefixed:
        return None
    shared = _share_unit(first, second)
    if shared[0].unit != shared[1].unit:
        return None
    if separator.group() == " - " and shared[0].unit is None and not _are_years(first, second):
        return None  # in a row of numbers a dash between spaces is an empty cell
    low, high = _share_scale(*shared)
    return second if low < high else None


def _are_years(first: _End, second: _End) -> bool:
    return len(first.numeral.digits) == len(second.numeral.digits) == _YEAR_DIGITS


def _share_unit(first: _End, second: _End) -> tuple[_End, _End]:
    """Give each end the unit that only the other one prints."""
    if first.unit is None:
        first = replace(first, unit=second.unit)
    if second.unit is None:
        second = replace(second, unit=first.unit)
    return first, second


def _share_scale(first: _End, second: _End) -> tuple[Decimal, Decimal]:
    """Return both values; in 3-5亿 the scale belongs to both, in 5000-2万 to the second only."""
    low, high = first.numeral.low * first.sign, second.numeral.high * second.sign
    if first.numeral.exponent == 0 and second.numeral.exponent:
        shared = shift(low, second.numeral.exponent)
        if shared < high:
            return shared, high
    return low, high


def _is_quantity(text: str, end: _End) -> bool:
    """Say whether a number is a quantity: digits always, words only with a unit."""
    numeral, kind = end.numeral, end.unit.kind if end.unit else QuantityKind.NUMBER
    if numeral.script is Script.ARABIC or end.prefixed:
        return True
    before = text[end.start - 1 : end.start]
    spelled_one = numeral.high == 1
    if spelled_one and kind in {QuantityKind.COUNT, QuantityKind.NUMBER}:
        return False  # 一个 and "one of" are articles more often than counts
    if numeral.script is Script.ENGLISH:
        return True
    if end.unit is None or (before and before in _INDEFINITE_BEFORE):
        return False
    return not (spelled_one and before and before in _ONE_BEFORE)


def _bound_before(text: str, start: int, floor: int) -> tuple[Bound, int] | None:
    """Return the bound that stands right before `start`, and where it starts."""
    begin = max(floor, start - _BOUND_REACH - 4)
    before = text[begin:start]
    for bound, pattern in _BOUNDS_BEFORE:
        match = pattern.search(before)
        if match is not None:
            return bound, begin + match.start()
    return None


def _finish(
    text: str, floor: int, first: _End, second: _End, values: tuple[Decimal, Decimal]
) -> Quantity:
    """Put the ends together, with the bound around them and the forecast mark after them."""
    unit = second.unit or Unit(QuantityKind.NUMBER, "")
    low, high = sorted(shift(value, unit.exponent) for value in values)
    start, end = first.start, second.end
    forecast = unit.name == "" and _FORECAST.match(text, end) is not None
    end += forecast
    bound = Bound.OVER if second.numeral.open_ended else Bound.EXACT
    for after, pattern in _BOUNDS_AFTER:
        match = pattern.match(text, end)
        if match is not None:
            bound, end = after, match.end()
            break
    before = _bound_before(text, start, floor)
    # 近两年 is "the past two years", not "nearly two years".
    past = unit.kind is QuantityKind.DURATION and text[start - 1 : start].strip() == "近"
    if before is not None and not past:
        bound, start = before
    return Quantity(start, end, unit.kind, low, high, unit.name, bound, forecast)
