"""What the form of a piece of evidence says: figures, periods, definitions, lists, causes."""

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.glossary import names_in
from corpus.language import HAN
from corpus.quantities import DateParts, Quantity, QuantityKind, same_quantity, supports
from rag.contraries import is_contrary
from rag.evidence import Evidence, text_quantities, text_terms
from rag.kinds import COUNTS, TIMES, QuestionKind
from rag.periods import period_of_column_fits
from rag.question import Question

# Quantities that say how much; a date says when, a code says who.
_AMOUNTS = frozenset(QuantityKind) - {QuantityKind.DATE, QuantityKind.CODE}
# "图 3：…", "Figure 3: …": a caption that was read as a paragraph.
CAPTION = re.compile(r"^\s*(?:图表?|表格?|figure|table|chart|exhibit)\s*\d*\s*[：:]", re.IGNORECASE)
# Amounts in words that have no value: hundreds of views, 数百张, several rounds.
VAGUE = re.compile(
    r"[数几上成][十百千万亿]+|[十百千万亿]余|若干|翻(?:倍|番)|一半|\b(?:hundreds?|thousands?|dozens?|millions?|"
    r"billions?|several|a few|a couple of|half|twice|double|tenfold|\w+fold)\b",
    re.IGNORECASE,
)
_UNIT_OF_CAPTION = re.compile(r"[（(][^=（()）]{0,40}[)）]")
_SOURCE = re.compile(r"^\s*(?:资料|数据|图片)?来源\s*[：:]|^\s*sources?\s*[：:]", re.IGNORECASE)
_ASKS_SOURCE = re.compile(
    r"来源|来自|出处|出自|引自|哪里来|\b(?:source|sourced|come|comes|from|cite|cited|origin)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 3
_LIST_MARK = re.compile(r"、|；|;|(?:^|\s)[(（]?\d[)）]|(?:,[^,]{1,60}){2}")
_CAUSE = re.compile(
    r"由于|因此|因为|原因|导致|受益于|驱动|有望|使得|从而|以便|because|due to|owing to|as a result|"
    r"therefore|driven by|thanks to|lead(?:s|ing)? to|since\b|so that",
    re.IGNORECASE,
)
# What follows a term that is being defined, at most a few words on: words that only a definition
# has, and words that often introduce one.
_DEFINES = re.compile(
    r"[^，。；,.;]{0,12}?(?:\s*[—–：:]|，?(?:是一[种类个款]|是指|指的是|多?指|即|全称|也?被?称为|又称|简称|定义为)|\s*[（(])|"
    r"[^,.;]{0,24}?(?:\bis an?\b|\brefers? to\b|\bmeans?\b|\bdefined as\b|\balso (?:known|called)\b|"
    r"\bstands? for\b|\bdenotes?\b|\s*\()"
)
_MAY_DEFINE = re.compile(r"[^，。；,.;]{0,12}?，?是|[^,.;]{0,24}?\b(?:is|are)\b")
_DEFINES_BY_VERB = re.compile(r"是指|指的是|多?指|是一[种类个款]|refers? to|means|is an?\b|即")
_LATIN_NAME = re.compile(
    rf"《[^》]+》|(?<![a-z])[A-Z][A-Za-z0-9·.-]+|[{HAN}]{{2,}}(?:公司|证券|集团|科技|股份)"
)
_NEGATION = re.compile(
    r"[不未没无非]|禁止|缺乏|难以|\b(?:not?|never|without|lacks?|cannot|unable|hardly|nor)\b|n't\b",
    re.IGNORECASE,
)


# How often something is paid, or over how long it is counted.
_EACH = r"\b(?:per|a|each|every) "
_FREQUENCIES = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        ("day", rf"每[天日]|按[天日]|日均|/[天日]|{_EACH}day\b|\bdaily\b|/day"),
        ("week", rf"每周|按周|/周|{_EACH}week\b|\bweekly\b|/week"),
        (
            "month",
            r"每月|每个月|按月|一个月|月付|包月|月费|月度|月卡|/月|"
            rf"{_EACH}month\b|\bmonthly\b|/month|\bmonth[- ](?:to|by)[- ]month\b",
        ),
        (
            "quarter",
            r"季度|单季|[一二三四1-4]季|三个月|\bquarter(?:ly)?\b|\bQ[1-4]\b|\bthree months\b",
        ),
        (
            "half",
            r"半年|[上下]半年|六个月|\b(?:first|second) half\b|\b[12]H\b|\bH[12]\b|\bsix months\b",
        ),
        (
            "year",
            r"每年|按年|一年|年付|包年|年费|年度|年卡|/年|"
            rf"{_EACH}year\b|\b(?:yearly|annual(?:ly)?)\b|/year",
        ),
    )
}


def frequency_fit(question: Question, evidence: Evidence) -> bool | None:
    """Say whether a price is for the time asked about: by month or by year; None when unsaid.

    The labels of a cell say it before its text: "$576 ($48/month)" under "Annual" is a year's.
    """
    asked = _frequencies(question.text)
    if len(asked) != 1:
        return None
    labels = f"{evidence.row} {evidence.column} {evidence.caption}"
    said = _frequencies(labels) or _frequencies(evidence.text)
    return bool(said & asked) if said else None


def is_seldom_paid(question: Question) -> bool:
    """Say whether a price is asked for other than by the month, which is what an unmarked one is for."""
    asked = _frequencies(question.text)
    return QuantityKind.MONEY in question.unit_kinds and bool(asked) and "month" not in asked


@lru_cache(maxsize=1 << 14)
def _frequencies(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _FREQUENCIES.items() if pattern.search(text))


def form_features(question: Question, evidence: Evidence) -> dict[str, float]:
    """Return what the form of the evidence says: a figure for "how much", a date for "when"."""
    kinds = question.kinds
    text = evidence.text
    wants_number = QuestionKind.NUMBER in kinds
    wants_date = QuestionKind.DATE in kinds
    amounts = answering_amounts(question, evidence)
    others = bool(amounts) or bool(VAGUE.search(text)) or any_amount(question, evidence)
    dates = [q for q in _dates(text) if not _is_asked(question, q)]
    fits = period_fit(question, evidence)
    names = new_names(question, evidence)
    often = frequency_fit(question, evidence)
    is_dated = bool(dates) or bool(_dates(f"{evidence.row} {evidence.column}"))
    introduces = evidence.quote.rstrip().endswith(("：", ":"))
    return {
        "number_for_number": float(wants_number and bool(amounts)),
        "number_missing": float(wants_number and not amounts),
        "any_number_missing": float(wants_number and not others),
        "date_for_date": float(wants_date and bool(dates)),
        "date_missing": float(wants_date and not dates),
        "thin_caption": float(_is_thin_caption(question, evidence)),
        "any_date_missing": float(question.kind is QuestionKind.DATE and not is_dated),
        "name_for_entity": float(QuestionKind.ENTITY in kinds and names > 0),
        "names_for_list": float(QuestionKind.LIST in kinds) * min(1.0, names / 3),
        "list_for_list": float(QuestionKind.LIST in kinds and bool(_LIST_MARK.search(text))),
        "cause_for_cause": float(QuestionKind.CAUSE in kinds and bool(_CAUSE.search(text))),
        "definition_for_definition": _definition(question, evidence),
        "cell_for_definition": float(QuestionKind.DEFINITION in kinds and evidence.is_cell),
        "verb_for_definition": float(
            QuestionKind.DEFINITION in kinds and bool(_DEFINES_BY_VERB.search(text))
        ),
        "negation_differs": float(
            question.kind is QuestionKind.YES_NO
            and bool(_NEGATION.search(text)) != bool(_NEGATION.search(question.text))
        ),
        "figure_missing": float(not _figures_said(question, evidence)),
        "period_said": float(fits is True),
        "period_unsaid": float(fits is None and bool(question.periods)),
        "period_wrong": float(fits is False),
        # A figure of no period may be of any.
        "undated": float(
            fits is None and bool(question.periods) and question.kind is QuestionKind.NUMBER
        ),
        "introduces": float(introduces),
        "introduces_list": float(introduces and QuestionKind.LIST in kinds),
        "often_said": float(often is True),
        "often_wrong": float(
            often is False or (often is None and evidence.is_cell and is_seldom_paid(question))
        ),
        "head_in_label": float(
            bool(question.heads) and question.heads <= text_terms(evidence.label)
        ),
        "contrary": float(is_contrary(question.text, f"{evidence.text} {evidence.label}")),
    }


def _is_thin_caption(question: Question, evidence: Evidence) -> bool:
    """Say whether evidence is the title of a figure that says hardly more than the question.

    Nor does the source of a figure answer, unless one is asked for.
    """
    if _SOURCE.match(evidence.quote):
        return not _ASKS_SOURCE.search(question.text)
    if QuestionKind.DEFINITION in question.kinds or not CAPTION.match(evidence.quote):
        return False
    title = _UNIT_OF_CAPTION.sub(" ", CAPTION.sub("", evidence.text))
    new = text_terms(title) - frozenset(question.terms)
    return len(new) <= _FEW_WORDS and not any_amount(question, evidence)


def new_names(question: Question, evidence: Evidence) -> int:
    """Return how many names a piece of evidence has that the question has not."""
    asked = question.text.casefold()
    return sum(name.casefold() not in asked for name in _names_of(evidence.text))


@lru_cache(maxsize=1 << 14)
def _names_of(text: str) -> frozenset[str]:
    """Return what looks like names in a text; a sentence's first word is none in English."""
    found = {m[0] for m in _LATIN_NAME.finditer(text) if m.start() > 0 or not m[0].istitle()}
    return frozenset(found | set(names_in(text)))


def names_something(question: Question, evidence: Evidence) -> bool:
    """Say whether the evidence has a name that the question has not."""
    return new_names(question, evidence) > 0


@lru_cache(maxsize=1 << 12)
def spelled(term: str) -> re.Pattern[str]:
    """Compile a stem to what finds it in any spelling: W. A. L. T, Touch Designer."""
    letters = r"[\s.·‧-]*".join(re.escape(letter) for letter in term)
    return re.compile(rf"(?<![a-z0-9]){letters}[a-z]{{0,3}}(?![a-z0-9])", re.IGNORECASE)


def defines(question: Question, evidence: Evidence) -> bool:
    """Say whether a definition is asked for and the evidence surely gives one."""
    return _definition(question, evidence) == 1.0


def _definition(question: Question, evidence: Evidence) -> float:
    if QuestionKind.DEFINITION not in question.kinds:
        return 0.0
    return max(_defines(question, evidence.text), _defines(question, evidence.quote))


def _defines(question: Question, text: str) -> float:
    """Say how surely a text defines a term of the question: 1.0, 0.5 (it may) or 0.0."""
    folded = text.casefold()
    ends = [
        match.end()
        for term in question.terms
        for match in (
            spelled(term).finditer(text) if term.isascii() else re.finditer(re.escape(term), folded)
        )
    ]
    if any(_DEFINES.match(folded, end) for end in ends):
        return 1.0
    return 0.5 * any(_MAY_DEFINE.match(folded, end) for end in ends)


def _figures_said(question: Question, evidence: Evidence) -> bool:
    """Say whether every figure of the question stands in the evidence or around it.

    What is said of 16 tasks is not said of 9. In a label a figure may have any unit: 3M, 12-month.
    """
    if not question.figures:
        return True
    labels = f"{evidence.row} {evidence.column} {evidence.caption}"
    around = f"{labels} {evidence.lead}"
    said = text_quantities(f"{evidence.text}\n{around}\n{' '.join(evidence.section)}")
    whole = f"{evidence.text} {evidence.quote} {around}"
    return all(
        figure.unit.casefold() in whole.casefold()
        if figure.kind is QuantityKind.CODE
        else any(figure.low == other.low and figure.high == other.high for other in said)
        or _stands_in(f"{figure.low:f}", labels)
        for figure in question.figures
    )


def _stands_in(digits: str, text: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(digits)}(?!\.?\d)", text) is not None


def period_fit(question: Question, evidence: Evidence) -> bool | None:
    """Say whether the evidence speaks of a period asked about; None when none is asked or said.

    The evidence's own dates decide; where it has none, those of the sentence before, the labels,
    the caption and the headings, and at last the period in the title of the report.
    """
    if evidence.when is not None:
        fits = period_of_column_fits(question.text, question.periods, evidence.when, evidence.row)
        if fits or (fits is False and not _dates(evidence.row)):
            return fits
    if not question.periods:
        return None
    labels = f"{evidence.row} {evidence.column} {evidence.caption}"
    for text in (
        f"{evidence.text} {labels}" if evidence.is_cell else evidence.text,
        evidence.lead,
        " ".join(evidence.section),
    ):
        if said := _dates(text):
            return _fits(question, said)
    # What an annual report says without a date is of its year; another year's is not so told.
    title = evidence.around[-1][0] if evidence.around else ""
    return _fits(question, _dates(title)) or None


def _dates(text: str) -> list[Quantity]:
    return [q for q in text_quantities(text) if q.kind is QuantityKind.DATE]


def asks_date(question: Question, evidence: Evidence) -> bool:
    """Say whether the evidence has a date that the question does not state."""
    return any(not _is_asked(question, date) for date in _dates(evidence.text))


def _is_asked(question: Question, quantity: Quantity) -> bool:
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
    return bool(amounts_of(question, evidence, _AMOUNTS | asked))


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
        text = _UNIT_OF_CAPTION.sub(lambda match: " " * len(match[0]), text)
    dates = _dates(text)
    found = []
    for quantity in text_quantities(text):
        if quantity.kind not in kinds or _is_asked(question, quantity):
            continue
        before = [date for date in dates if date.end <= quantity.start]
        governing = before[-1:] or dates[:1]
        if question.periods and governing and not _fits(question, governing):
            continue
        found.append(quantity)
    return found


def _fits(question: Question, dates: Sequence[Quantity]) -> bool:
    return any(_overlaps(date, period) for date in dates for period in question.periods)
