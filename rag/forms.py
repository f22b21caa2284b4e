"""What the form of a piece of evidence says: figures, periods, definitions, lists, causes."""

import re
from collections.abc import Sequence

from corpus.quantities import Quantity, QuantityKind, same_quantity, supports
from rag.evidence import Evidence, text_quantities
from rag.question import Question, QuestionKind

# Quantities that say how much; a date says when, a code says who.
_AMOUNTS = frozenset(QuantityKind) - {QuantityKind.DATE, QuantityKind.CODE}
_LIST_MARK = re.compile(r"、|；|;|(?:^|\s)[(（]?\d[)）]|(?:,[^,]{1,60}){2}")
_CAUSE = re.compile(
    r"由于|因此|因为|原因|导致|受益于|驱动|有望|使得|从而|以便|because|due to|owing to|as a result|"
    r"therefore|driven by|thanks to|lead(?:s|ing)? to|since\b|so that",
    re.IGNORECASE,
)
# What follows a term that is being defined, at most a few words on: words that only a definition
# has, and words that often introduce one.
_DEFINES = re.compile(
    r"[^，。；,.;]{0,12}?(?:\s*[—–：:]|，?(?:是一[种类个款]|是指|指的是|即|全称|也?被?称为|又称|简称|定义为|指)|\s*[（(])|"
    r"[^,.;]{0,24}?(?:\bis an?\b|\brefers? to\b|\bmeans?\b|\bdefined as\b|\balso (?:known|called)\b|"
    r"\bstands? for\b|\bdenotes?\b|\s*\()"
)
_MAY_DEFINE = re.compile(r"[^，。；,.;]{0,12}?，?是|[^,.;]{0,24}?\b(?:is|are)\b")


def form_features(question: Question, evidence: Evidence) -> dict[str, float]:
    """Return what the form of the evidence says: a figure for "how much", a date for "when"."""
    kind = question.kind
    wants_number = kind is QuestionKind.NUMBER
    amounts = answering_amounts(question, evidence)
    dates = [q for q in _dates(evidence.text) if not _is_asked(question, q)]
    fits = period_fit(question, evidence)
    return {
        "number_for_number": float(wants_number and bool(amounts)),
        "number_missing": float(wants_number and not amounts),
        "date_for_date": float(kind is QuestionKind.DATE and bool(dates)),
        "date_missing": float(kind is QuestionKind.DATE and not dates),
        "list_for_list": float(
            kind is QuestionKind.LIST and bool(_LIST_MARK.search(evidence.text))
        ),
        "cause_for_cause": float(kind is QuestionKind.CAUSE and bool(_CAUSE.search(evidence.text))),
        "definition_for_definition": (
            max(_defines(question, evidence.text), _defines(question, evidence.quote))
            if kind is QuestionKind.DEFINITION
            else 0.0
        ),
        "figure_missing": float(not _figures_said(question, evidence)),
        "period_said": float(fits is True),
        "period_unsaid": float(fits is None and bool(question.periods)),
        "period_wrong": float(fits is False),
    }


def _defines(question: Question, text: str) -> float:
    """Say how surely a text defines a term of the question: 1.0, 0.5 (it may) or 0.0."""
    folded = text.casefold()
    ends = [
        match.end()
        for term in question.terms
        for match in re.finditer(
            rf"(?<![a-z0-9]){re.escape(term)}" if term.isascii() else re.escape(term), folded
        )
    ]
    if any(_DEFINES.match(folded, end) for end in ends):
        return 1.0
    return 0.5 * any(_MAY_DEFINE.match(folded, end) for end in ends)


def _figures_said(question: Question, evidence: Evidence) -> bool:
    """Say whether every figure of the question stands in the evidence or around it.

    "Pika 2.0" is not Pika 1.0, and what is said of 16 tasks is not said of 9.
    """
    if not question.figures:
        return True
    around = f"{evidence.row} {evidence.column} {evidence.caption} {evidence.lead}"
    said = text_quantities(f"{evidence.text}\n{around}\n{' '.join(evidence.section)}")
    return all(
        any(figure.low == other.low and figure.high == other.high for other in said)
        for figure in question.figures
    )


def period_fit(question: Question, evidence: Evidence) -> bool | None:
    """Say whether the evidence speaks of a period asked about; None when none is asked or said.

    The evidence's own dates decide; where it has none, those of the sentence before, the labels,
    the caption and the headings.
    """
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
    return None


def _dates(text: str) -> list[Quantity]:
    return [q for q in text_quantities(text) if q.kind is QuantityKind.DATE]


def _is_asked(question: Question, quantity: Quantity) -> bool:
    asked = (*question.figures, *question.periods)
    return any(same_quantity(quantity, other) for other in asked)


def _overlaps(said: Quantity, period: Quantity) -> bool:
    if supports(said, period) or supports(period, said):
        return True
    if said.date is None or period.date is None:
        return False
    if period.date.year is None:
        return said.date.month == period.date.month
    return said.date_end is not None and said.low <= period.low <= said.high


def answering_amounts(question: Question, evidence: Evidence) -> list[Quantity]:
    """Return the amounts of the evidence that can answer a number question.

    Those that the question does not state itself, of a kind and said of a period that it asks for.
    An amount is of the last date before it in its sentence, else of the first one after it, else
    of the date in its labels or in what leads to it.
    """
    text = f"{evidence.text}{evidence.unit}" if evidence.is_cell else evidence.text
    dates = _dates(text)
    found = []
    for quantity in text_quantities(text):
        if quantity.kind not in (question.unit_kinds or _AMOUNTS) or _is_asked(question, quantity):
            continue
        before = [date for date in dates if date.end <= quantity.start]
        governing = before[-1:] or dates[:1]
        if question.periods and governing and not _fits(question, governing):
            continue
        found.append(quantity)
    return found


def _fits(question: Question, dates: Sequence[Quantity]) -> bool:
    return any(_overlaps(date, period) for date in dates for period in question.periods)
