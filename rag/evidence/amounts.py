"""The amounts and dates of a piece of evidence that can answer a question."""

import re
from collections.abc import Sequence

from corpus.quantities import DateParts, Quantity, QuantityKind, same_quantity, supports
from corpus.schema import Language
from rag.evidence.evidence import Evidence, text_quantities
from rag.evidence.own_period import COMPARES, dates_fit, is_asked_for
from rag.evidence.periods import period_of_column_fits
from rag.questions.kinds import COUNTS, TIMES, QuestionKind
from rag.questions.question import Question

_WHOLE_YEAR = re.compile(r"全年|整年|\b(?:full|whole|entire)[- ]year\b", re.IGNORECASE)
# Quantities that say how much; a date says when, a code says who.
_AMOUNTS = frozenset(QuantityKind) - {QuantityKind.DATE, QuantityKind.CODE}


# "图 3：…", "Figure 3: …": a caption that was read as a paragraph.
# DALL·E 2 & 3, Gen-2: the number is of the name before it.
_ENDS_IN_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z·.]*(?:[ -]|[ -]?\d(?:\.\d)?\s?[&/、]\s?)$")
_LEAST_NO_VERSION = 100
_NEAR = 25  # characters from an English amount to the date behind it
_BREAK = re.compile(r"[,;.(]| and | to ")
CAPTION = re.compile(r"^\s*(?:图表?|表格?|figure|table|chart|exhibit)\s*\d*\s*[：:]", re.IGNORECASE)


# Amounts in words that have no value: hundreds of views, 数百张, several rounds.
VAGUE = re.compile(
    r"[数几上成][十百千万亿]+|[十百千万亿]余|若干|翻(?:倍|番)|一半|\b(?:hundreds|thousands|dozens?|millions|"
    r"billions|several|a few|a couple of|half|twice|double|tenfold|\w+fold)\b",
    re.IGNORECASE,
)
UNIT_OF_CAPTION = re.compile(
    r"[（(](?:[^=（()）]{0,40}|[^（()）]*\b(?:units?|in) of [^（()）]*)[)）]", re.IGNORECASE
)


def period_fit(question: Question, evidence: Evidence) -> bool | None:
    """Say whether the evidence speaks of a period asked about; None when none is asked or said.

    The evidence's own dates decide; where it has none, those of the sentence before, the labels,
    the caption and the headings, and at last the period in the title of the report.
    """
    if evidence.when is not None:
        fits = period_of_column_fits(question.text, question.periods, evidence.when, evidence.row)
        if fits or (fits is False and not dates_in(evidence.row)):
            return fits
    if not question.periods:
        return None
    asks_own = evidence.own is not None and is_asked_for(
        question.text, question.periods, evidence.own
    )
    labels = f"{evidence.row} {evidence.column} {evidence.caption}"
    headings = " ".join(evidence.section)
    texts = [f"{evidence.text} {labels}" if evidence.is_cell else evidence.text]
    if evidence.is_own_report or not asks_own:
        # What is reported of a day is of that day, whatever was said before.
        texts += [evidence.lead, headings]
    for text in texts:
        said = dates_in(text)
        fits = _of_asked_period(question, evidence, text, said) if said else None
        if fits is False and _may_follow(question, said):
            fits = None
        if fits is False and text is headings and not evidence.is_cell:
            fits = _fits(question, dates_in(_opening(evidence)))  # its paragraph is of another day
        # The period may only tell which report is meant: "listed in the FY2022 10-K".
        if fits or (fits is False and not (asks_own and question.is_titled)):
            return fits
    if asks_own:
        return True
    # What an annual report says without a date is of its year; another year's is not so told.
    title = evidence.around[-1][0] if evidence.around else ""
    return _fits(question, dates_in(title)) or None


def _opening(evidence: Evidence) -> str:
    """Return the sentence before and the first of its paragraph."""
    return evidence.around[0][0] if evidence.around else ""


def _may_follow(question: Question, dates: Sequence[Quantity]) -> bool:
    """Say whether dates may be those of what followed: declared in August 2023, paid on September 27, 2023.

    So where a question asks when, and tells by a day or a month of what.
    """
    if question.kind is not QuestionKind.DATE:
        return False
    asked = [_order(p) for p in question.periods if p.date and p.date.month]
    return bool(asked) and all(_order(date) >= max(asked) for date in dates)


def _order(quantity: Quantity) -> tuple[int, int]:
    date = quantity.date or DateParts()
    return date.year or 0, date.month or 0


def dates_in(text: str) -> list[Quantity]:
    """Return the dates of a text, in order."""
    return [q for q in text_quantities(text) if q.kind is QuantityKind.DATE]


def asks_date(question: Question, evidence: Evidence) -> bool:
    """Say whether the evidence has a date that the question does not state."""
    return any(not is_asked(question, date) for date in dates_in(evidence.text))


def is_asked(question: Question, quantity: Quantity) -> bool:
    """Say whether a question states a quantity itself."""
    asked = (*question.figures, *question.periods)
    return any(same_quantity(quantity, other) for other in asked)


def _overlaps(said: Quantity, period: Quantity) -> bool:
    if supports(said, period) or supports(period, said):
        return True
    if said.date is None or period.date is None:
        return False
    if said.date.year is None and _only_a_year(period.date):
        return True  # "in January": of which year is not said
    if period.date.year is None:
        return said.date.month == period.date.month
    if said.date.year is None:
        # "in the second quarter": of which year is not said, so that it may be the one.
        asked, found = period.date, said.date
        return (found.month, found.quarter, found.half) == (asked.month, asked.quarter, asked.half)
    return said.date_end is not None and said.low <= period.low <= said.high


def _only_a_year(date: DateParts) -> bool:
    return date.month is None and date.quarter is None and date.half is None


def any_amount(question: Question, evidence: Evidence) -> bool:
    """Say whether the evidence has an amount that may answer, of a period that is asked about.

    Where things or time are counted no share and no price does; else an amount of any kind may.
    """
    asked = question.unit_kinds
    if asked in (COUNTS, TIMES):
        return bool(amounts_of(question, evidence, asked | {QuantityKind.NUMBER}))
    # "In the first six months" is no sum of money.
    kinds = _AMOUNTS - TIMES if asked and not asked & TIMES else _AMOUNTS
    return bool(amounts_of(question, evidence, kinds | asked))


def answering_amounts(question: Question, evidence: Evidence) -> list[Quantity]:
    """Return the amounts of the evidence that can answer a number question.

    Those that the question does not state itself, of a kind and said of a period that it asks for.
    An amount is of the last date before it in its sentence, else of the first one after it, else
    of the date in its labels or in what leads to it.
    """
    return amounts_of(question, evidence, question.unit_kinds or _AMOUNTS)


def amounts_of(
    question: Question, evidence: Evidence, kinds: frozenset[QuantityKind]
) -> list[Quantity]:
    """Return the amounts of certain kinds that may answer; see `answering_amounts`."""
    text = evidence.measured
    if numbering := CAPTION.match(text):
        # "Figure 5: … (RMB million)" counts nothing; the blanks keep the places of what follows.
        text = " " * numbering.end() + text[numbering.end() :]
        text = UNIT_OF_CAPTION.sub(lambda match: " " * len(match[0]), text)
    dates = dates_in(text)
    found = []
    for quantity in text_quantities(text):
        if quantity.kind not in kinds or is_asked(question, quantity):
            continue
        if kinds == COUNTS and quantity.high < 0:
            continue  # nothing is counted below zero
        is_bare = quantity.kind is QuantityKind.NUMBER and quantity.high < _LEAST_NO_VERSION
        if is_bare and _ENDS_IN_NAME.search(text[: quantity.start]):
            continue  # DALL·E 3
        before = [date for date in dates if date.end <= quantity.start]
        governing = before[-1:] or _first_behind(evidence, text, quantity, dates)
        if evidence.language is Language.EN:
            # "reached RMB 45 billion in 2020": an English date mostly follows what it dates.
            behind = (d for d in dates if 0 <= d.start - quantity.end <= _NEAR)
            close = [d for d in behind if not _BREAK.search(text[quantity.end : d.start])]
            governing = close[:1] or governing
        if question.periods and governing and not _governs(question, evidence, text, governing):
            continue
        found.append(quantity)
    return found


def _first_behind(
    evidence: Evidence, text: str, quantity: Quantity, dates: Sequence[Quantity]
) -> Sequence[Quantity]:
    """Return the first date of a text, unless an own report only compares with what was then."""
    if evidence.own and dates and COMPARES.search(text, quantity.end, dates[0].start):
        return ()
    return dates[:1]


def _governs(question: Question, evidence: Evidence, text: str, dates: Sequence[Quantity]) -> bool:
    """Say whether what is of these dates may be of a period that is asked about."""
    if evidence.own is None or COMPARES.search(text, 0, dates[0].start):
        return _of_asked_period(question, evidence, text, dates) is True
    return _of_asked_period(question, evidence, text, dates) is not False


def _of_asked_period(
    question: Question, evidence: Evidence, text: str, dates: Sequence[Quantity]
) -> bool | None:
    """Say whether a text with these dates is of a period asked about; None when they do not tell."""
    if _fits(question, dates):
        return True
    if evidence.own is None:
        return False
    return dates_fit(question.text, question.periods, text, dates, evidence.own)


def _fits(question: Question, dates: Sequence[Quantity]) -> bool:
    if _WHOLE_YEAR.search(question.text):
        # A half is not the year.
        dates = [date for date in dates if date.date is None or _only_a_year(date.date)]
    return any(_overlaps(date, period) for date in dates for period in question.periods)
