"""Of when the figures of a table's column are, where a company reports on itself.

Its columns are headed by dates and by words that mean dates only within the report: 本期, 上年同期,
期初余额, "Three Months Ended July 29, 2023". A question may say the same as "2024财年第二季度", "2Q24",
"the prior year", "at the beginning of the period".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.quantities import DateParts, Quantity, QuantityKind, parse_quantities
from rag.evidence.fiscal import Calendar, whole_month
from rag.questions.period_words import AT, Standing, span_of, standings_in

_CHANGE = re.compile(
    r"增减|变动比例|变动率|比上|较上|同比|环比|\b(?:change|growth|increase|decrease)\b", re.I
)
_BEGINS = re.compile(r"年初|期初|\b(?:beginning|start)\b", re.IGNORECASE)
_DECEMBER, _MIDYEAR = 12, 6
_YEAR = 12  # months


@dataclass(frozen=True, slots=True)
class When:
    """Of when the figures of a column are: every way to say it."""

    dates: tuple[DateParts, ...]
    standings: frozenset[Standing]
    is_usual: bool = True  # over the time of the report itself, as far as the header says
    months: int = 0  # over which they go, 0 where the header does not say it

    @property
    def said(self) -> str:
        """Return how a question may say it, in both languages."""
        return _said(self)


@lru_cache(maxsize=1 << 12)
def when_of(label: str, calendar: Calendar) -> When | None:
    """Return of when a column is by its header; None where the header does not say it."""
    said = [quantity for quantity in parse_quantities(label) if quantity.kind is QuantityKind.DATE]
    if said:
        number, _ = calendar.fiscal(calendar.year, calendar.month)
        own = DateParts(year=number, fiscal=calendar.last_month != _DECEMBER)
        ends = _joined(map(_end_of, said), own)
        full = tuple(
            date for date, months in ends for date in _names(date, months, label, calendar)
        )
        latest = max((_standing(date, calendar) for date, _ in ends), key=_ORDER.index)
        opens = latest is Standing.BEFORE and any(_opens(date, calendar) for date, _ in ends)
        months = max(months for _, months in ends) or span_of(label) or _over(said)
        is_usual = not (months and calendar.months) or months == calendar.months
        standings = frozenset({latest, Standing.OPENING} if opens else {latest})
        return When(full, standings, is_usual, months)
    standings = standings_in(label)
    if len(standings) != 1 or _CHANGE.search(label):
        return None  # it compares two periods, or tells of none
    (standing,) = standings
    year = calendar.year if standing is Standing.NOW else calendar.year - 1
    month = calendar.month
    _, over = calendar.fiscal(calendar.year, month)
    # What went on in the period of a report; in one of nine months it may be the last three.
    months = 0 if AT.search(label) or over == 9 else over
    if standing is Standing.OPENING:
        month = calendar.last_month
        year = calendar.year if calendar.month > month else calendar.year - 1
        standings = frozenset({standing, Standing.BEFORE})
    return When(tuple(_names(DateParts(year, month), months, label, calendar)), standings)


def period_of_report(calendar: Calendar) -> When:
    """Return of when a company's report is."""
    date = DateParts(calendar.year, calendar.month)
    return When(tuple(_names(date, 0, "", calendar)), frozenset({Standing.NOW}))


def names_of_date(date: Quantity, before: str, calendar: Calendar | None) -> Iterator[DateParts]:
    """Yield the last date of a quantity, and what a company calls the time that ends with it.

    Args:
        date: Of a text.
        before: What stands before it: "the three months ended".
        calendar: Of the company; without one there is but the date.
    """
    last, months = _end_of(date)
    if calendar is None:
        yield last
    else:
        yield from _names(last, months, before, calendar)


_WORDS = {
    Standing.NOW: "本期 本年 今年 报告期 期末 年末 this period current year end of the period",
    Standing.BEFORE: "上期 上年 去年 上年同期 prior year last year previous period",
    Standing.OPENING: "期初 年初 上年末 beginning of the year opening",
    Standing.EARLIER: "",
    Standing.AFTER: "",
}
_ZH = "〇一二三四"
_EN = ("", "first", "second", "third", "fourth")


@lru_cache(maxsize=1 << 12)
def _said(when: When) -> str:
    words = [_WORDS[standing] for standing in sorted(when.standings, key=_ORDER.index)]
    for date in when.dates:
        if not date.year or date.month:
            continue
        year = f"FY{date.year} fiscal {date.year} 财年" if date.fiscal else f"{date.year}年"
        if date.quarter:
            n = date.quarter
            words.append(f"{year} {_EN[n]} quarter 第{_ZH[n]}季度 Q{n} {n}Q{date.year % 100}")
        elif date.half:
            n = date.half
            words.append(
                f"{year} {_EN[n]} half {'上下'[n - 1]}半年 H{n} {n}H {'first six months' * (2 - n)}"
            )
        else:
            words.append(f"{year} 年度")
    return " ".join(words)


def _joined(dates: Iterable[tuple[DateParts, int]], year: DateParts) -> list[tuple[DateParts, int]]:
    """Put a year and the quarter, half or month beside it together: FY24 Q2, 2024财年第二季度.

    Without a year beside it, it is of the one given.
    """
    found = list(dates)
    years = [d for d, _ in found if d.year and not (d.month or d.quarter or d.half)]
    if not any(d.year is None for d, _ in found):
        return found
    number = years[0] if years else year
    return [
        (replace(d, year=number.year, fiscal=number.fiscal), n)
        for d, n in found
        if d.year is None and (d.month or d.quarter or d.half)
    ] or found


_ORDER = (Standing.EARLIER, Standing.BEFORE, Standing.OPENING, Standing.NOW, Standing.AFTER)


def _over(dates: Iterable[Quantity]) -> int:
    """Return over how many months a quarter or a half among dates goes, 0 where there is none."""
    parts = [date.date for date in dates if date.date is not None]
    if any(part.quarter for part in parts):
        return 3
    return 6 if any(part.half for part in parts) else 0


def _end_of(quantity: Quantity) -> tuple[DateParts, int]:
    """Return the last date of a quantity, and over how many months it goes; 0 when it does not say."""
    first, last = quantity.date or DateParts(), quantity.date_end
    if last is None:
        return first, 0
    months = (last.month or 0) - (first.month or 0) + 1 if last.month and first.month else 0
    return last, months


def _names(date: DateParts, months: int, label: str, calendar: Calendar) -> Iterator[DateParts]:
    """Yield a date, and the quarter, half or year of the company that ends with it."""
    yield date
    ends = whole_month(date)
    if ends is None:
        # Who ends a year in autumn calls fiscal 2021 2021 for short; in January it is another year.
        if date.year and not date.fiscal and calendar.last_month >= _MIDYEAR:
            yield replace(date, fiscal=True)
        return
    months = months or span_of(label)
    number, over = calendar.fiscal(*ends)
    parts = [DateParts(year=number)] if over == _DECEMBER or months == _DECEMBER else []
    if months in (0, 3) and over % 3 == 0:
        parts.append(DateParts(year=number, quarter=over // 3))
    if months in (0, 6) and over % 6 == 0:
        parts.append(DateParts(year=number, half=over // 6))
    if not parts and not months:
        parts = [DateParts(year=number)]
    for part in parts or [DateParts(year=number)]:
        yield replace(part, fiscal=True)
        yield part


def _standing(date: DateParts, calendar: Calendar) -> Standing:
    own = (calendar.year, calendar.month)
    ends = whole_month(date)
    if ends is None:
        number = calendar.fiscal(*own)[0] if date.fiscal else calendar.year
        ends, own = (date.year or number, 0), (number, 0)
    if ends == own:
        return Standing.NOW
    if ends > own:
        return Standing.AFTER
    # The year before that of the report, or the same time a year ago.
    return Standing.BEFORE if _months(own) - _months(ends) <= _YEAR else Standing.EARLIER


def _months(date: tuple[int, int]) -> int:
    return _YEAR * date[0] + date[1]


def _opens(date: DateParts, calendar: Calendar) -> bool:
    """Say whether a date is the end of the year before that of the report."""
    ends = whole_month(date)
    if ends is None:
        return False
    number, over = calendar.fiscal(*ends)
    return over == _DECEMBER and number == calendar.fiscal(calendar.year, calendar.month)[0] - 1


def period_of_column_fits(
    text: str, periods: tuple[Quantity, ...], when: When, row: str = ""
) -> bool | None:
    """Say whether a column is of a period that a question asks about; None when it asks about none.

    Args:
        text: The question, for words like 上期 and "prior year".
        periods: Its dates.
        when: Of when the column is.
        row: Its label; an item may be called by the beginning of a period, of whatever year.
    """
    if AT.search(row):
        text = AT.sub(" ", text)
    if not periods:
        asked = standings_in(text)
        return bool(asked & when.standings) if asked else None
    begins = _BEGINS.search(text) is not None
    return any(
        not (_is_whole_year(wanted) and 0 < when.months < _YEAR)  # a quarter is not its year
        and _says(date, wanted)
        for last, months in _joined(map(_end_of, periods), DateParts())
        for wanted in _wanted(last, months, begins=begins)
        for date in when.dates
    )


def _is_whole_year(date: DateParts) -> bool:
    return bool(date.year) and not (date.month or date.quarter or date.half)


def _wanted(last: DateParts, months: int, *, begins: bool) -> Iterator[DateParts]:
    if months == 3 and last.month and last.month % 3 == 0:
        yield DateParts(year=last.year, quarter=last.month // 3)
    elif months == 6 and last.month and last.month % 6 == 0:
        yield DateParts(year=last.year, half=last.month // 6)
    elif begins and last.year and not (last.month or last.quarter or last.half):
        yield replace(last, year=last.year - 1)  # the beginning of a year is the end of the last
    else:
        yield last


def _says(date: DateParts, wanted: DateParts) -> bool:
    """Say whether a date is one that is asked for, which may leave out parts."""
    if wanted.fiscal and not date.fiscal:
        return False
    if (date.month, date.day) == (1, 1) and not wanted.month:
        return False  # with New Year's Day the year before is over, and nothing of this one is
    given = ("year", "month", "day", "quarter", "half")
    return all(getattr(wanted, name) in (None, getattr(date, name)) for name in given) and any(
        getattr(wanted, name) for name in given
    )
