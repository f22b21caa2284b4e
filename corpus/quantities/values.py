"""The values that `corpus.quantities` finds, compares and prints. No behaviour, no language."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class QuantityKind(StrEnum):
    """What a quantity measures; quantities of different kinds are rarely comparable."""

    NUMBER = "number"  # bare, also ordinals (第50次, 50th) and fractions (unit "/3")
    COUNT = "count"  # number and counter: 三家, 200 users
    MONEY = "money"
    PERCENT = "percent"
    POINTS = "points"  # percentage points; basis points are turned into them
    MULTIPLE = "multiple"  # 三倍, 3 times, 3x
    DATE = "date"
    DURATION = "duration"
    MEASURE = "measure"  # 24kHz, 512GB, 720p, 2048x2048
    CODE = "code"  # 300624.SZ, S0600516070001, 021-20655588


class Bound(StrEnum):
    """How the printed figure limits the true one."""

    EXACT = "exact"
    OVER = "over"  # 超, 逾, 以上, 余, over, more than, at least, +
    UNDER = "under"  # 不足, 不到, 以下, less than, at most
    ABOUT = "about"  # 约, 近, 左右, about, nearly, around


@dataclass(frozen=True, slots=True)
class DateParts:
    """What a date says; None where it is silent. 23年 and 2023 are both year 2023."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    half: int | None = None  # 1 or 2
    decade: int | None = None  # its first year: 1950
    fiscal: bool = False  # FY24, 24财年


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as printed at `text[start:end]`, normalised.

    `low == high` unless a range is printed. Two kinds use the pair differently: of a picture size
    (MEASURE in "px") they are width and height, in that order; of a DATE they are the first and
    the last year (0 where no year is given), and `date` / `date_end` carry the meaning. Of a CODE
    they are 0 and `unit` is the code.
    """

    start: int
    end: int
    kind: QuantityKind
    low: Decimal
    high: Decimal
    unit: str = ""  # "CNY", "second", "kHz", "person", "/3" …; "" if none
    bound: Bound = Bound.EXACT
    forecast: bool = False  # printed with the suffix E or F: 2025E
    date: DateParts | None = None  # of a DATE; of a range of dates its first end
    date_end: DateParts | None = None  # of a range of dates only
