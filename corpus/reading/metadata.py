"""What a report says of itself, by rules: issuer, title, date, analysts, ratings, securities.

Nothing is guessed: a field that the text does not give stays empty.
"""

import re
from collections.abc import Sequence

from corpus.language import HAN
from corpus.reading.dates import count_dates, iso_date, iso_month
from corpus.reading.filings import read_filing
from corpus.reading.issuers import read_issuer
from corpus.reading.names import company_names
from corpus.reading.releases import read_release
from corpus.reading.structure import looks_like_heading
from corpus.schema import Analyst, Block, BlockKind, Metadata, Role, Security

_ANALYST_LABEL = re.compile(
    rf"(?:证券|首席|高级|资深|行业|联席)*(?:分析师|研究员|研究助理|联系人)\s*[:：]\s*(?P<name>[{HAN}]{{2,4}})|"
    r"(?:\w+ ){0,3}(?:Analyst|Associate)s?\s*[:：]\s*"
    r"(?P<english>[A-Z][\w'-]+(?:\s[A-Z][\w.'-]+){1,3})"
)
_ANALYST_TITLE = re.compile(r"(?:.{0,12}(?:分析师|研究员)|(?:.{0,30}\s)?(?:Analyst|Associate))\s*$")
_PERSON = re.compile(
    rf"(?P<name>[{HAN}]{{2,4}}|[A-Z][a-z]+(?:\s[A-Z][a-z]+){{1,2}})(?:\s*[,，]\s*[A-Z]{{2,5}})*$"
)
_LICENCE = re.compile(r"\b(?P<number>S\d{13}|[A-Z]{3}\d{3})\b")

_RATINGS = (
    "买入|增持|中性|减持|卖出|持有|看好|看淡|推荐|强烈推荐|谨慎推荐|审慎增持|优于大市|同步大市|弱于大市|"
    "领先大市|落后大市|跑赢行业|跑赢大市|超配|标配|低配|强于大市|Buy|Outperform|Overweight|Hold|"
    "Neutral|Underweight|Underperform|Sell|Reduce|Accumulate"
)
_REPORT_RATING = re.compile(
    rf"(?:行业|公司|股票|投资|个股)?(?:投资)?评级\s*[:：]?\s*(?P<rating>(?:{_RATINGS})(?:-[A-Z])?"
    r"(?:\s*[（(]\s*(?:维持|首次|上调|下调)\s*[）)]|维持|首次)?)|"
    rf"\b[Rr]ating\s*[:：]\s*(?P<english>(?:{_RATINGS}))"
)
_SECURITY = re.compile(
    rf"(?P<name>[{HAN}A-Za-z][{HAN}\w·&-]{{1,11}}?)\s*[（(]\s*(?P<ticker>\d{{5,6}}(?:\.[A-Z]{{2}})?|"
    rf"[A-Z]{{1,5}}\.(?:US|O|N|HK|OQ)|\d{{4,5}}\.HK)\s*(?:[,，、]\s*(?P<rating>{_RATINGS}))?\s*[）)]"
)
_TICKER = re.compile(r"[（(]\s*(?:\d{4,6}|[A-Z]{1,5}\.)")
_LEADING_WORDS = re.compile(
    r"^(?:.*(?:推荐|关注|标的|维持|包括|如|及|和|与|以及|受益于|看好|首推|建议))"
)


_COVER_PAGES = 2


def read_metadata(text: str, blocks: Sequence[Block]) -> Metadata:
    """Read what a report says of itself from its reading text and its blocks with roles."""
    lines = [text[block.start : block.end].strip() for block in blocks]
    filing = read_filing(text, blocks) or read_release(text, blocks)
    if filing is not None:
        return Metadata(
            title=filing.title,
            issuer=filing.company,
            date=filing.date or _date(lines, blocks),
            securities=filing.securities,
            has_forecasts=has_forecasts(text, blocks),
            names=company_names(text, blocks, filing.company, filing.securities),
        )
    return Metadata(
        title=_title(lines, blocks),
        issuer=read_issuer(text, blocks),
        date=_date(lines, blocks),
        analysts=tuple(_analysts(lines, blocks)),
        rating=_rating(lines, blocks),
        securities=tuple(_securities(text, blocks)),
        has_forecasts=has_forecasts(text, blocks),
    )


_FORECAST_PERIOD = re.compile(
    r"(?<![A-Za-z0-9.])(?:20\d{2}|FY\s?(?:20)?\d{2})\s?年?[EF](?![A-Za-z0-9.])"
)


def has_forecasts(text: str, blocks: Sequence[Block]) -> bool:
    """Say whether the content names a period as the estimate of one: 2025E, FY26F."""
    return any(
        block.role is Role.CONTENT and _FORECAST_PERIOD.search(text, block.start, block.end)
        for block in blocks
    )


def _title(lines: Sequence[str], blocks: Sequence[Block]) -> str:
    """Take the longest of the headings that open the document, else its first long heading."""
    headings = [
        (position, line)
        for position, (line, block) in enumerate(zip(lines, blocks, strict=True))
        if block.kind is BlockKind.HEADING and block.role is Role.CONTENT
    ]
    opening = [line for rank, (position, line) in enumerate(headings) if position == rank]
    if opening:
        return max(opening, key=len)
    long = [line for _, line in headings if len(line) >= 10]
    if headings:
        return (long or [line for _, line in headings])[0]
    return lines[0] if lines and looks_like_heading(lines[0]) else ""


def _date(lines: Sequence[str], blocks: Sequence[Block]) -> str:
    """Take the date that stands alone on the cover; dates inside sentences are not the report's."""
    for line, block in zip(lines, blocks, strict=True):
        is_cover = block.role is Role.FRONT and (block.page or 1) <= _COVER_PAGES
        if is_cover and len(line) <= 30 and count_dates(line) == 1 and (found := iso_date(line)):
            return found
    for line, block in zip(lines, blocks, strict=True):
        if block.page == 1 and block.table is None and len(line) <= 60 and iso_month(line):
            return iso_date(line) or iso_month(line)
    return ""


def _analysts(lines: Sequence[str], blocks: Sequence[Block]) -> list[Analyst]:
    """Read names, each with the next licence number before the next name."""
    found: list[Analyst] = []
    front = [line for line, block in zip(lines, blocks, strict=True) if block.role is Role.FRONT]
    for position, line in enumerate(front):
        following = front[position + 1] if position + 1 < len(front) else ""
        previous = front[position - 1] if position else ""
        labelled = _ANALYST_LABEL.match(line)
        person = _PERSON.match(line)
        beside_title = _ANALYST_TITLE.match(following) or _ANALYST_TITLE.match(previous)
        if labelled:
            found.append(Analyst(labelled["name"] or labelled["english"]))
        elif person and beside_title and not _ANALYST_TITLE.match(line):
            found.append(Analyst(person["name"]))
        licence = _LICENCE.search(line)
        if licence and found and not found[-1].licence:
            found[-1] = Analyst(found[-1].name, licence["number"])
    return list(dict.fromkeys(found))


def _rating(lines: Sequence[str], blocks: Sequence[Block]) -> str:
    for line, block in zip(lines, blocks, strict=True):
        if block.role in (Role.FRONT, Role.CONTENT) and len(line) <= 60:
            match = _REPORT_RATING.search(line)
            if match:
                return match["rating"] or match["english"]
    return ""


def _securities(text: str, blocks: Sequence[Block]) -> list[Security]:
    """Read companies named with a ticker in brackets behind them, in order, each ticker once."""
    found: dict[str, Security] = {}
    for block in blocks:
        if block.role is not Role.CONTENT or block.table:
            continue
        body = text[block.start : block.end]
        if not _TICKER.search(body):  # much cheaper to find than the names before it
            continue
        for match in _SECURITY.finditer(body):
            name = _LEADING_WORDS.sub("", match["name"])
            if len(name) >= 2:
                found.setdefault(
                    match["ticker"], Security(name, match["ticker"], match["rating"] or "")
                )
    return list(found.values())
