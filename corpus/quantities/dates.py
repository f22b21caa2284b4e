"""Dates and periods as Chinese and English reports print them.

Reads one date, or a range of dates, at a given place of a folded text. A bare year (2023 without
年) is left to the parser, which knows whether a unit follows. Two digits before 年 are a year
(23年以来) or a duration (未来10年); `_is_short_year` holds the rule.
"""

import re
from dataclasses import dataclass, replace

from corpus.quantities.date_forms import (
    AND,
    DURATION_AFTER,
    DURATION_BEFORE,
    FIRST_MONTHS,
    FROM_JANUARY,
    MAY_BEFORE,
    NAMED_MONTHS,
    PATTERNS,
    SEPARATOR,
    SHORT_RANGES,
    SUFFIX,
)
from corpus.quantities.numerals import read_hanzi_digits, read_numeral
from corpus.quantities.values import DateParts


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date read from `text[pos:end]`; `last` is the other end of a range."""

    end: int
    first: DateParts
    last: DateParts | None = None
    forecast: bool = False


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3,
             "4th": 4, "上": 1, "下": 2}  # fmt: skip


def read_date(text: str, pos: int) -> DateMatch | None:
    """Read the date or the range of dates that starts at `pos`, or return None."""
    readers = (_read_first_months, _read_named_months, _read_open_range, _read_single)
    single = next((found for read in readers if (found := read(text, pos))), None)
    if single is None or single.last is not None:
        return single
    if single.first == DateParts(year=single.first.year):  # 2023年1-3月, 2023年前10个月
        match = FROM_JANUARY.match(text, single.end)
        if match is not None and (span := _months_of(match, single.first.year)):
            return span
        months = _read_open_range(text, single.end)
        if months is not None and months.last is not None and months.first.year is None:
            year = single.first.year
            first, last = replace(months.first, year=year), replace(months.last, year=year)
            return DateMatch(months.end, first, last, months.forecast)
    separator = SEPARATOR.match(text, single.end) or (
        AND.match(text, single.end) if _after_between(text, pos) else None
    )
    other = _read_single(text, separator.end()) if separator else None
    if other is None or single.first == other.first:
        return single
    first, last = single.first, other.first
    if last.year is None and last.decade is None:
        last = replace(last, year=first.year)
    elif first.year is None and first.decade is None:
        first = replace(first, year=last.year)
    if _order(first) > _order(last) or (first.fiscal != last.fiscal):
        return single
    return DateMatch(other.end, first, last, other.forecast)


def _after_between(text: str, pos: int) -> bool:
    return text[max(0, pos - 8) : pos].casefold().rstrip().endswith(("between", "介于"))


def _order(parts: DateParts) -> tuple[int, int, int]:
    quarter_month = 3 * (parts.quarter or 0) + 6 * (parts.half or 0)
    return (parts.year or parts.decade or 0, parts.month or quarter_month, parts.day or 0)


def _read_named_months(text: str, pos: int) -> DateMatch | None:
    """Read a range of months of one year whose first has a short name: Jan-Oct 2023."""
    match = NAMED_MONTHS.match(text, pos)
    if match is None or not match["mon"][0].isupper():
        return None
    last = _read_single(text, match.end())
    if last is None or _month(match["mon"]) >= (last.first.month or 0):
        return None
    first = DateParts(last.first.year, _month(match["mon"]))
    return DateMatch(last.end, first, last.first, last.forecast)


def _read_first_months(text: str, pos: int) -> DateMatch | None:
    match = FIRST_MONTHS.match(text, pos)
    return _months_of(match, int(match["y"])) if match else None


def _months_of(match: re.Match[str], year: int | None) -> DateMatch | None:
    """Return the months of a year from January on; None when there are not so many."""
    last = _small(match["n"]) * (1 if match["m"] else 3)
    if not 2 <= last < 12:
        return None
    if last in (3, 6):  # called by their names everywhere else
        first = DateParts(year, quarter=1) if last == 3 else DateParts(year, half=1)
        return DateMatch(match.end(), first)
    return DateMatch(match.end(), DateParts(year, 1), DateParts(year, last))


def _read_open_range(text: str, pos: int) -> DateMatch | None:
    """Read a range whose first end has no unit of its own: 2021-2025年, 1950~1970s, 3-5月."""
    for pattern, part in SHORT_RANGES:
        match = pattern.match(text, pos)
        if match is None:
            continue
        if part == "both":
            year = _full_year(match["y"])
            last = year // 100 * 100 + int(match["y2"])
            if year < last < year + 16:  # wider apart they are numbers
                return DateMatch(match.end(), DateParts(year=year), DateParts(year=last))
            continue
        other = _read_single(text, match.end())
        if other is None:
            continue
        number = int(match["m"] if part == "month" else match["y"])
        if part == "month":
            first = DateParts(month=number)
        elif part == "decade":
            first = DateParts(decade=number)
        else:
            first = DateParts(year=_full_year(match["y"]), fiscal=other.first.fiscal)
        if _order(first) < _order(other.first):
            return DateMatch(other.end, first, other.first, other.forecast)
    return None


def _read_single(text: str, pos: int) -> DateMatch | None:
    for pattern in PATTERNS:
        match = pattern.match(text, pos)
        if match is None:
            continue
        groups = {name: value for name, value in match.groupdict().items() if value is not None}
        if not _is_plausible(text, match, groups):
            continue
        suffix = SUFFIX.match(text, match.end())
        end = suffix.end() if suffix else match.end()
        forecast = suffix is not None and suffix["mark"] in "EF"
        return DateMatch(end, _parts(groups), forecast=forecast)
    return None


def _is_plausible(text: str, match: re.Match[str], groups: dict[str, str]) -> bool:
    """Say whether what looks like a date is one, where the form alone cannot tell."""
    before = text[max(0, match.start() - 12) : match.start()]
    if "short" in groups:
        return _is_short_year(int(groups["y"]), before, text, match.end())
    if "cell" in groups:  # 23/12 alone between brackets or in a cell; otherwise two numbers
        return before.rstrip(" ")[-1:] in {"", "(", "\t", "\n"}
    if "alone" in groups and groups["mon"].casefold() in {"may", "march"}:
        return groups["mon"][0].isupper() and MAY_BEFORE.search(before) is not None
    if "mon" in groups:
        return groups["mon"][0].isupper()
    return True


def _is_short_year(year: int, before: str, text: str, end: int) -> bool:
    """Say whether two digits before 年 are a year: 23年以来 is one, 未来10年 is ten years."""
    if 15 <= year <= 35 and FROM_JANUARY.match(text, end):
        return True  # 增至23年前10个月的103篇
    if DURATION_BEFORE.search(before) or before[-1:] in set("0123456789.-~至到"):
        return False
    if year < 10 or year >= 90:
        return True
    return 15 <= year <= 35 and DURATION_AFTER.match(text, end) is None


def _full_year(digits: str) -> int:
    """Return the year of 2023, 二〇二三, '23 or 23; two digits from 50 on are in the 1900s."""
    year = read_hanzi_digits(digits) if not digits.lstrip("'").isdigit() else None
    if year is None:
        year = int(digits.lstrip("'"))
    if year >= 100:
        return year
    return year + (1900 if year >= 50 else 2000)


def _small(digits: str) -> int:
    numeral = read_numeral(digits, 0)
    return int(numeral.low) if numeral else 0


def _month(name: str) -> int:
    return next(n for n, full in enumerate(_MONTHS, 1) if full.startswith(name.casefold()[:3]))


def _parts(groups: dict[str, str]) -> DateParts:
    quarter = groups.get("q") or groups.get("q2") or groups.get("q3")
    half = groups.get("h") or groups.get("h2") or groups.get("h3")
    if "nth" in groups:
        ordinal = str(_ORDINALS[groups["nth"].casefold()])
        quarter, half = (
            (ordinal, half) if groups["what"].casefold() == "quarter" else (quarter, ordinal)
        )
    year = groups.get("y") or groups.get("y2")
    decade = groups.get("dec") or groups.get("dec2")
    month = _month(groups["mon"]) if "mon" in groups else None
    return DateParts(
        year=_full_year(year) if year else None,
        month=_small(groups["m"]) if "m" in groups else month,
        day=_small(groups["d"]) if "d" in groups else None,
        quarter=_small(quarter) if quarter else None,
        half=(_ORDINALS.get(half) or _small(half)) if half else None,
        decade=_full_year(decade) if decade else None,
        fiscal="fy" in groups,
    )
