"""How a company that files reports counts its years, and of when a report of it is.

A column headed "Three Months Ended July 29, 2023" is the second quarter of fiscal 2024 where the year
ends in January 2024. The filing says when its year ends and by which number it calls it.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain

from corpus.quantities import DateParts, QuantityKind, parse_quantities
from corpus.quantities.numerals import read_numeral
from corpus.reading.dates import FULL_DATE_EN, iso_date
from corpus.reading.releases import HEADLINE
from corpus.schema import Document

_MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_MONTH = "|".join(_MONTHS)
_YEAR_ENDS_EN = re.compile(
    rf"fiscal years?\s(?:\w+\s){{0,3}}?end(?:s|ed|ing)?\b[^.;()]{{0,60}}?\b(?P<month>{_MONTH})\b"
    r"(?:\s(?P<day>\d{1,2})\b)?",
    re.IGNORECASE,
)
_YEAR_ENDS_ZH = re.compile(
    r"(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])\s?月\s?"
    r"(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s?日止(?:的)?(?:财政|会计|財政|會計)?年度"
)
_FISCAL = re.compile(r"\b(?:fiscal(?:\syear)?|FY)\s?'?(?P<year>20\d{2}|\d{2})\b", re.IGNORECASE)
# Which year ended on which day: "fiscal 2019 ended February 2, 2019", "ended January 28, 2023 (“fiscal 2022”)".
_NUMBERED = re.compile(
    rf"\bfiscal(?:\syear)?\s(?P<before>20\d{{2}})[^.;\d]{{0,30}}?\b(?:end(?:s|ed|ing))\s(?:on\s)?(?P<ends>{FULL_DATE_EN})|"
    rf"\bended\s(?:on\s)?(?P<ended>{FULL_DATE_EN})\s?[(,]\s?[“\"]?(?:the\s)?[“\"]?(?:fiscal(?:\syear)?|FY)\s?(?P<behind>20\d{{2}})",
    re.IGNORECASE,
)
# The report's own period, by the words for its kind; an annual report ends with the year.
_KINDS = (
    (re.compile(r"半年|中期|interim|half[- ]year", re.IGNORECASE), 6),
    (re.compile(r"第?一季"), 3),
    (re.compile(r"第?三季|前三季"), 9),
    (re.compile(r"年度?[报報]|年度报告|annual|10-K|20-F|40-F", re.IGNORECASE), 12),
)
_LENGTHS = (
    (re.compile(r"半年|中期|interim|half[- ]year", re.IGNORECASE), 6),
    (re.compile(r"quarter|第?一季", re.IGNORECASE), 3),
    (re.compile(r"年度?[报報]|年度报告|annual|10-K|20-F|40-F", re.IGNORECASE), 12),
)
_CURRENT = re.compile(r"\bForm (?:8|6)-K\b")  # of a day, not of a period
_DATE_EN = re.compile(FULL_DATE_EN)
_LATE = 20  # day of a month: a quarter of whole weeks may end a few days early
_RECENT = 5  # months in which results are announced
_CLEARLY = 1.2  # times as often
_SPRING = 5  # only of years that end by May most of the months lie in the year before
_EARLY = 10  # a year of whole weeks may end in the first days of the month after its last
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the years of a company end, how they are numbered, and when its report's period ends."""

    last_month: int  # of its year
    shift: int  # what its number lacks of the calendar year in which it ends: 0 or -1
    year: int  # of the end of the report's period
    month: int
    months: int = 0  # over which it goes; 0 where its title does not say it

    def fiscal(self, year: int, month: int) -> tuple[int, int]:
        """Return the number of the fiscal year of a month, and how many of its months are over then."""
        ends = year if month <= self.last_month else year + 1
        return ends + self.shift, (month - self.last_month - 1) % _YEAR + 1


def whole_month(date: DateParts) -> tuple[int, int] | None:
    """Return year and month at whose end a date is, at most ten days late; None without a month.

    >>> whole_month(DateParts(year=2024, month=2, day=3))
    (2024, 1)
    """
    if not date.year or not date.month:
        return None
    late = date.day is not None and date.day <= _EARLY
    if not late:
        return date.year, date.month
    return (date.year, date.month - 1) if date.month > 1 else (date.year - 1, _YEAR)


def calendar_of(document: Document) -> Calendar | None:
    """Return the calendar of the company whose own report a document is; None of other documents."""
    if not document.metadata.names or _CURRENT.search(document.metadata.title):
        return None
    if HEADLINE.search(document.metadata.title):
        return _calendar_of_release(document)
    last_month = _last_month(f"{document.metadata.title}\n{document.text}")
    ends = _own_period(document.metadata.title, last_month)
    if ends is None:
        return None
    calendar = Calendar(last_month, 0, *ends)
    months = next((n for words, n in _LENGTHS if words.search(document.metadata.title)), 0)
    number, _ = calendar.fiscal(*ends)
    said = Counter(int(match["year"][-2:]) for match in _FISCAL.finditer(document.text))
    # Between two numbers the year that the report itself is of is the one it speaks of most.
    is_before = said[(number - 1) % 100] > _CLEARLY * said[number % 100]
    shift = _said_shift(document.text, last_month)
    if shift is None:
        shift = -1 if last_month <= _SPRING and is_before else 0
    return Calendar(last_month, 0 if last_month == _YEAR else shift, *ends, months)


def _said_shift(text: str, last_month: int) -> int | None:
    """Return what the number of a year lacks of the one in which it ends, as a text says it; None if silent."""
    votes: Counter[int] = Counter()
    for match in _NUMBERED.finditer(text):
        said = iso_date(match["ends"] or match["ended"])
        year, month, day = map(int, said.split("-")) if said else (0, 0, 0)
        ends = whole_month(DateParts(year, month, day))
        if ends and ends[1] == last_month:
            votes[int(match["before"] or match["behind"]) - ends[0]] += 1
    best = votes.most_common(1)
    return best[0][0] if best and best[0][0] in (0, -1) else None


def _calendar_of_release(document: Document) -> Calendar | None:
    """Return the calendar that an announcement of results goes by.

    Its headline names a quarter or a year, and the text says often on which day that ended.
    """
    ended = _ends_before(document.text, document.metadata.date)
    named = next(
        (
            quantity.date
            for quantity in parse_quantities(document.metadata.title)
            if quantity.kind is QuantityKind.DATE and quantity.date is not None
        ),
        DateParts(),
    )
    if not ended:
        return None
    ends = max(ended, key=lambda month: (ended[month], month))  # of several the last one
    months = 3 * named.quarter if named.quarter else 6 * named.half if named.half else _YEAR
    last_month = (ends[1] - months - 1) % _YEAR + 1
    number, _ = Calendar(last_month, 0, *ends).fiscal(*ends)
    shift = -1 if named.year == number - 1 and last_month != _YEAR else 0
    return Calendar(last_month, shift, *ends)


def _ends_before(text: str, published: str) -> Counter[tuple[int, int]]:
    """Count the months that a text says end shortly before a date, "" for none."""
    found: Counter[tuple[int, int]] = Counter()
    for match in _DATE_EN.finditer(text):
        said = iso_date(match[0])
        if not said or not published or said == published:
            continue
        year, month, day = map(int, said.split("-"))
        ends = whole_month(DateParts(year, month, day))
        if ends and not _EARLY < day < _LATE and 0 <= _age(ends, published) <= _RECENT:
            found[ends] += 1
    return found


def _age(ends: tuple[int, int], published: str) -> int:
    """Return how many months before a document's date a month is."""
    year, month = map(int, published[:7].split("-"))
    return _YEAR * (year - ends[0]) + month - ends[1]


def _last_month(text: str) -> int:
    """Return the month in which the years end by what the text says most often; December if silent."""
    found: Counter[int] = Counter()
    for match in chain(_YEAR_ENDS_EN.finditer(text), _YEAR_ENDS_ZH.finditer(text)):
        word = match["month"].casefold()
        numeral = None if word in _MONTHS else read_numeral(word, 0)
        month = int(numeral.low) if numeral else _MONTHS.index(word) + 1
        day = (match["day"] or "").strip()
        early = day.isdecimal() and int(day) <= _EARLY
        found[(month - 2) % _YEAR + 1 if early else month] += 1
    return found.most_common(1)[0][0] if found else _YEAR


def _own_period(title: str, last_month: int) -> tuple[int, int] | None:
    """Return year and month in which the period ends that a report's title names."""
    dates = [
        quantity.date_end or quantity.date
        for quantity in parse_quantities(title)
        if quantity.kind is QuantityKind.DATE
    ]
    last = next((date for date in reversed(dates) if date and date.year), None)
    if last is None or last.year is None:
        return None
    if (ends := whole_month(last)) is not None:
        return ends
    months = next((months for words, months in _KINDS if words.search(title)), 0)
    if last.half or last.quarter:
        months = 6 * last.half if last.half else 3 * (last.quarter or 0)
    if not months:
        return None
    month = (last_month + months - 1) % _YEAR + 1
    return last.year, month
