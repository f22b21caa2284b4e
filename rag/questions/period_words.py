"""Words that say of when something is, in questions and in headers: 上期, "six months", "year-end"."""

import re
from enum import Enum, auto
from functools import lru_cache

from corpus.quantities import QuantityKind, parse_quantities


class Standing(Enum):
    """How a column stands to the period of its report."""

    NOW = auto()
    BEFORE = auto()
    EARLIER = auto()  # more than a year before
    OPENING = auto()  # the end of the period before, with which this one begins
    AFTER = auto()


_STANDINGS = (
    (
        Standing.OPENING,
        re.compile(
            r"[期年]初|上(?:年|期)(?:年)?末|\b(?:beginning|start) of (?:the |this )?(?:\w+ )?(?:year|period|"
            r"quarter)\b|\bopening\b",
            re.IGNORECASE,
        ),
    ),
    (
        Standing.BEFORE,
        re.compile(
            r"上[一]?(?:期|年|年度)|去年|前期|\b(?:prior|previous|preceding|last)[- ](?:fiscal )?"
            r"(?:year|period|quarter)\b|\byear[- ](?:ago|earlier)\b|\ba year (?:ago|earlier)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Standing.NOW,
        re.compile(
            r"本(?:报告|会计)?[期年]|当[期年](?!所得税|损益)|今年|报告期|[期年]末|"
            r"\b(?:this|current|reporting) (?:fiscal )?(?:year|period|quarter)\b|"
            r"\bend of (?:the |this )?(?:\w+ )?(?:year|period|quarter)\b|"
            r"\b(?:year|period|quarter)[- ]end\b|\bclosing\b|\bin the (?:period|quarter)\b",
            re.IGNORECASE,
        ),
    ),
)
_SPANS = (
    (3, re.compile(r"\b(?:three|3)[- ]months?\b|\b1[2346][- ]weeks?\b|\bquarter(?:s|ly)?\b|三个月", re.I)),
    (6, re.compile(r"\b(?:six|6)[- ]months?\b|\b2[4678][- ]weeks?\b|\bhalf[- ]year\b|六个月|半年", re.I)),
    (9, re.compile(r"\b(?:nine|9)[- ]months?\b|\b(?:36|39|40)[- ]weeks?\b|九个月|前三季", re.I)),
    (12, re.compile(r"\b(?:twelve|12)[- ]months?\b|\b5[23][- ]weeks?\b|\byears? ended\b|年度", re.I)),
)  # fmt: skip
# "in the three and six months ended": over either.
_TWO_SPANS = re.compile(
    r"\b(?:three|3)[- ](?:months?[- ])?and (?:six|nine|6|9)[- ]months?\b", re.IGNORECASE
)
_PERIOD_WORDS = re.compile(
    r"截至|截止|期间|年度|财年|同期|发生额|[期年][初末]|"
    r"\b(?:fiscal|ended|ending|as (?:of|at)|quarter|period|year|months?|first|last|"
    r"weeks?|at the (?:end|beginning)|FY\d*|[1-4]Q\d*|[12]H\d*|Q[1-4]|H[12])\b",
    re.IGNORECASE,
)
AT = re.compile(r"[期年][初末]|\b(?:beginning|end|opening|closing)\b", re.IGNORECASE)


@lru_cache(maxsize=1 << 12)
def standings_in(text: str) -> frozenset[Standing]:
    """Return the standings that the words of a text name; 上年末 is the opening, not 上年."""
    found = set()
    for standing, words in _STANDINGS:
        text, times = words.subn(" ", text)
        if times:
            found.add(standing)
    return frozenset(found)


def span_of(text: str) -> int:
    """Return over how many months something is counted by the words of a text, 0 if silent."""
    if _TWO_SPANS.search(text):
        return 0
    return next((months for months, words in _SPANS if words.search(text)), 0)


@lru_cache(maxsize=256)
def says_span(text: str) -> bool:
    """Say whether a question names a time over which something is counted: a quarter, six months."""
    dates = [q.date for q in parse_quantities(text) if q.date is not None]
    return bool(span_of(text)) or any(date.quarter or date.half for date in dates)


def without_periods(text: str) -> str:
    """Return a text without its dates and the words that say of when something is."""
    kept, end = [], 0
    for quantity in parse_quantities(text):
        if quantity.kind in (QuantityKind.DATE, QuantityKind.DURATION):
            kept.append(text[end : quantity.start])
            end = max(end, quantity.end)
    text = " ".join([*kept, text[end:]])
    for _, words in (*_STANDINGS, *_SPANS):
        text = words.sub(" ", text)
    return _PERIOD_WORDS.sub(" ", text)
