"""What the dates of a sentence say of its period, where a company reports on itself.

What such a report says is of its own period unless it says otherwise: "since January 29, 2022", "due 2027" and
"compared to $2.7 billion in fiscal 2021" do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.quantities import DateParts, Quantity, QuantityKind, parse_quantities
from corpus.schema import Document
from rag.evidence.fiscal import Calendar
from rag.evidence.periods import When, names_of_date, period_of_column_fits, period_of_report
from rag.questions.period_words import Standing

_AROUND = 40  # characters before a date that say over how long: "the three months ended"
# A date behind such a word is not of when something was so.
_NO_PERIOD = re.compile(
    r"(?:\b(?:since|due|dated|effective|expir\w+|matur\w+|until|through|by|after|before|amended)(?: (?:on|in|as of|"
    r"the|of|end|date))*|自|从)\s*$",
    re.IGNORECASE,
)
COMPARES = re.compile(
    r"\bcompar(?:ed|ing|ison)\b|\bversus\b|\bvs\b|\bfrom\b|\bthan\b|\bagainst\b|较|相比|同比|对比|比上",
    re.IGNORECASE,
)
"""Words behind which a sentence speaks of what it compares with."""
_ENDS = re.compile(r"\b(?:ended|ending|(?<!record )as of|as at|at)\s*$|截至\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnPeriod:
    """Of when a company's report is, and how the company counts its years, if the report is of a period."""

    when: When
    calendar: Calendar | None


def own_period_of(document: Document, calendar: Calendar | None) -> OwnPeriod | None:
    """Return the period or, of a current report, the day that a document is of; None of other documents."""
    if calendar is not None:
        return OwnPeriod(period_of_report(calendar), calendar)
    meta = document.metadata
    if not meta.names or not meta.date:
        return None
    said = [q.date for q in parse_quantities(meta.title) if q.kind is QuantityKind.DATE and q.date]
    year, month, day = (*(int(part) for part in meta.date.split("-")), None, None)[:3]
    when = When((*said, DateParts(year, month, day)), frozenset({Standing.NOW}))
    return OwnPeriod(when, None)


def is_asked_for(text: str, periods: tuple[Quantity, ...], own: OwnPeriod) -> bool:
    """Say whether a question with these dates asks about the period of a report, or the day that ends it."""
    return period_of_column_fits(text, _without_last_day(periods, own), own.when) is True


def _without_last_day(periods: tuple[Quantity, ...], own: OwnPeriod) -> tuple[Quantity, ...]:
    """Return dates, a day in the last month of a report's period as that month."""
    if own.calendar is None:
        return periods
    last = (own.calendar.year, own.calendar.month)
    return tuple(
        replace(quantity, date=replace(quantity.date, day=None))
        if quantity.date
        and quantity.date.day
        and not quantity.date_end
        and (quantity.date.year, quantity.date.month) == last
        else quantity
        for quantity in periods
    )


def dates_fit(
    question: str,
    periods: tuple[Quantity, ...],
    text: str,
    dates: Sequence[Quantity],
    own: OwnPeriod,
) -> bool | None:
    """Say whether a text with these dates is of a period that is asked about; None when they do not tell.

    Args:
        question: Its text.
        periods: Its dates.
        text: What the dates stand in.
        dates: Of the text, in order.
        own: The period of the report.
    """
    found: list[bool] = []
    asks_own = is_asked_for(question, periods, own)
    for number, date in enumerate(dates):
        first = max(dates[number - 1].end if number else 0, date.start - _AROUND)
        before = text[first : date.start]
        when = When(tuple(names_of_date(date, before, own.calendar)), frozenset())
        if period_of_column_fits(question, periods, when):
            return True
        is_silent = _NO_PERIOD.search(before) or COMPARES.search(text, 0, date.start)
        is_event = _has_day(date) and not _ENDS.search(before) and _is_later(date, own)
        if not (asks_own and (is_silent or is_event)):
            found.append(False)
    return False if found else None


def _has_day(date: Quantity) -> bool:
    return date.date is not None and date.date.day is not None


def _is_later(date: Quantity, own: OwnPeriod) -> bool:
    """Say whether a day is after the end of a report's period; all days are where it has none."""
    if own.calendar is None or date.date is None:
        return True
    return (date.date.year or 0, date.date.month or 0) > (own.calendar.year, own.calendar.month)
