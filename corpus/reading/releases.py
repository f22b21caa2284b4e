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
    r"^(?P<name>(?!How\b|Why\b|What\b)[a-z]?[A-Z][\w&.,'’()-]*(?: [A-Z&][\w&.,'’()-]*){0,6}?),? "
    r"(?i:(?:today )?(?:reports?|announces?|reported|announced|releases?|delivers?|posts?)\b"
    r".*\b(?:results|earnings)\b)"
)
"""What heads an announcement of results; `name` is whose."""
_EXCHANGES = (
    r"NYSE(?: American| Arca)?|NASDAQ(?:GS|GM)?|Nasdaq|AMEX|ASX|TSX|LSE|SEHK|HKEX|HKSE|SSE|SZSE"
)
_NAME = r"[a-z]?[A-Z][\w&.'’-]*(?:,? (?:(?:&|and|of) )?[A-Z][\w&.'’-]*){0,6}"
_TICKER = rf"\(\s*(?:{_EXCHANGES})\s*[:：]\s*(?P<ticker>[A-Z]{{1,5}}(?:[.-][A-Z])?|\d{{4,6}})\b"
_LISTED = re.compile(rf"(?P<name>{_NAME})\s*{_TICKER}")
# "CHICAGO, IL - McDonald's Corporation today announced results for the second quarter ended June 30, 2023."
_LEAD = re.compile(
    rf"(?:^|[-–—]+\s*)(?P<name>{_NAME})(?:,? (?:Inc|Corp|Ltd|Co)\.)?\s*(?:\([^()]{{1,80}}\)\s*){{0,2}},?\s*"
    r"(?:today )?(?:announced|reported)\b(?P<what>[^.]{0,80}\b(?:results|earnings)\b[^.]*)"
)
_DATED = re.compile(
    rf"(?:[-–—(]|\b(?:on|dated))\s*(?P<date>{FULL_DATE_EN})|^(?P<alone>{FULL_DATE_EN})$"
)
_FOR_RELEASE = re.compile(r"\bfor immediate release\b|\b(?:press|news) release\b", re.IGNORECASE)
_MAX_LINES, _MAX_HEADLINE = 12, 150  # paragraphs, characters
_FIRST_CHARS = 4000


def read_release(text: str, blocks: Sequence[Block]) -> Filing | None:
    """Read the head of a company's announcement of results; None when the document is something else."""
    headings = (block for block in blocks if block.kind is BlockKind.HEADING)
    lines = [" ".join(text[b.start : b.end].split()) for b in islice(headings, _MAX_HEADINGS)]
    first = [b for b in blocks if b.start < _FIRST_CHARS and b.table is None]
    paragraphs = [" ".join(text[b.start : b.end].split()) for b in first]
    short = [line for line in paragraphs[:_MAX_LINES] if len(line) <= _MAX_HEADLINE]
    is_announced = any(_FOR_RELEASE.search(line) for line in (*lines, *short))
    if is_announced:
        lines += short  # where no heading is one, a short line of the first page is the headline
    headline = next((match for line in lines if (match := HEADLINE.search(line))), None)
    lead = next((match for line in paragraphs if (match := _LEAD.search(line))), None)
    # Only the press is told under which ticker one's own shares are traded.
    is_announced = is_announced or (lead is not None and _LISTED.search(lead[0]) is not None)
    if lead and not (
        _is_same(headline["name"].strip(" ,"), lead["name"]) if headline else is_announced
    ):
        lead = None
    # The first sentence writes the name in its own letters: McDonald's, where the headline has MCDONALD'S.
    named = lead or headline
    if named is None:
        return None
    name = named["name"].strip(" ,")
    listed = next((m for m in _LISTED.finditer(text) if _is_same(name, m["name"])), None)
    company = listed["name"] if listed else name
    securities = (Security(company, listed["ticker"]),) if listed else ()
    title = headline.string if headline else f"{company} announced{named['what']}"
    dated = (_DATED.search(line) for line in paragraphs)
    said = next((m["date"] or m["alone"] for m in dated if m), "")
    return Filing(company, title, iso_date(said), securities)


def _is_same(short: str, full: str) -> bool:
    """Say whether one name begins the other: Amcor, Amcor plc."""
    one, other = (re.sub(r"[^\w'’]+", " ", name).casefold().split() for name in (short, full))
    return all(a == b for a, b in zip(one, other, strict=False))
