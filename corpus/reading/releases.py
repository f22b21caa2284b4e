"""What a company says to the press of its results: "Ulta Beauty Announces Fourth Quarter Fiscal 2022 Results".

There is no form for it, but a custom: the headline says who reports what, and the first sentence or the last
paragraph gives the company's full name with its exchange and ticker.
"""

import re
from collections.abc import Sequence
from itertools import islice

from corpus.reading.dates import FULL_DATE_EN, iso_date
from corpus.reading.filings import Filing
from corpus.schema import Block, BlockKind, Security

_MAX_HEADINGS = 6  # a banner, the place, "For immediate release"
HEADLINE = re.compile(
    r"^(?P<name>(?!How\b|Why\b|What\b)[A-Z][\w&.,'’()-]*(?: [A-Z&][\w&.,'’()-]*){0,6}?),? "
    r"(?i:(?:today )?(?:reports?|announces?|reported|announced|releases?|delivers?|posts?)\b"
    r".*\b(?:results|earnings)\b)"
)
"""What heads an announcement of results; `name` is whose."""
_EXCHANGES = (
    r"NYSE(?: American| Arca)?|NASDAQ(?:GS|GM)?|Nasdaq|AMEX|ASX|TSX|LSE|SEHK|HKEX|HKSE|SSE|SZSE"
)
_LISTED = re.compile(
    rf"(?P<name>[A-Z][\w&.'’-]*(?:,? [A-Z][\w&.'’-]*){{0,6}})\s*\(\s*(?:{_EXCHANGES})\s*[:：]\s*"
    r"(?P<ticker>[A-Z]{1,5}(?:[.-][A-Z])?|\d{4,6})\b",
)
_DATED = re.compile(
    rf"(?:[-–—]|\b(?:on|dated))\s*(?P<date>{FULL_DATE_EN})|^(?P<alone>{FULL_DATE_EN})$"
)
_FIRST_CHARS = 4000


def read_release(text: str, blocks: Sequence[Block]) -> Filing | None:
    """Read the head of a company's announcement of results; None when the document is something else."""
    headings = (block for block in blocks if block.kind is BlockKind.HEADING)
    lines = [" ".join(text[b.start : b.end].split()) for b in islice(headings, _MAX_HEADINGS)]
    headline = next((match for line in lines if (match := HEADLINE.search(line))), None)
    if headline is None:
        return None
    name = headline["name"].strip(" ,")
    listed = next((m for m in _LISTED.finditer(text) if _is_same(name, m["name"])), None)
    company = listed["name"] if listed else name
    securities = (Security(company, listed["ticker"]),) if listed else ()
    dated = (_DATED.search(text[b.start : b.end].strip()) for b in blocks if b.start < _FIRST_CHARS)
    said = next((m["date"] or m["alone"] for m in dated if m), "")
    return Filing(company, headline.string, iso_date(said), securities)


def _is_same(short: str, full: str) -> bool:
    """Say whether one name begins the other: Amcor, Amcor plc."""
    one, other = (re.sub(r"\W+", " ", name).casefold().split() for name in (short, full))
    return all(a == b for a, b in zip(one, other, strict=False))
