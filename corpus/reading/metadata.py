"""What a report says of itself, by rules: issuer, title, date, analysts, ratings, securities.

Nothing is guessed: a field that the text does not give stays empty.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from corpus.language import HAN
from corpus.reading.structure import looks_like_heading
from corpus.schema import Analyst, Block, BlockKind, Metadata, Role, Security

# 东方证券研究所, 浙商证券股份有限公司, 浦银国际证券有限公司: the firm's name, then what makes it one.
_HOUSE = re.compile(
    rf"(?P<name>[{HAN}]{{2,6}}?(?:国际|环球)?(?:证券|期货|投行))"
    r"(?:股份|国际|有限|责任|集团|\(香港\)|（香港）)*(?P<kind>公司|研究所|研究院|研究部|研究中心)"
)
_COMPANY = re.compile(rf"(?P<name>[{HAN}（）()]{{4,24}}?(?:股份有限公司|有限责任公司|有限公司))")
_ENGLISH_HOUSE = re.compile(
    r"\b(?P<name>(?:[A-Z][A-Za-z&.'-]*\s+){1,4}(?:Securities|Capital Markets|Research|Partners|"
    r"Holdings|Corporation|Company|Inc\.?|Corp\.?|Ltd\.?|Limited|PLC|plc|LLP|AG))(?=[\s,.;)]|$)"
)
_STOP_STEM = re.compile(rf"^(?:[{HAN}]*(?:从事|根据|由|经|中国|本|该|及|和|与|的|公司|联合|、))+")

_DATES = (
    re.compile(r"(?P<y>20\d{2})\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})\s*日?"),
    re.compile(r"(?P<m>[A-Z][a-z]{2,8})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>20\d{2})"),
    re.compile(r"(?P<d>\d{1,2})\s+(?P<m>[A-Z][a-z]{2,8})\.?,?\s+(?P<y>20\d{2})"),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

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
_LEADING_WORDS = re.compile(
    r"^(?:.*(?:推荐|关注|标的|维持|包括|如|及|和|与|以及|受益于|看好|首推|建议))"
)


def read_metadata(text: str, blocks: Sequence[Block]) -> Metadata:
    """Read what a report says of itself from its reading text and its blocks with roles."""
    lines = [text[block.start : block.end].strip() for block in blocks]
    return Metadata(
        title=_title(lines, blocks),
        issuer=_issuer(text),
        date=_date(lines, blocks),
        analysts=tuple(_analysts(lines, blocks)),
        rating=_rating(lines, blocks),
        securities=tuple(_securities(text, blocks)),
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


def _issuer(text: str) -> str:
    houses: Counter[str] = Counter()
    for match in _HOUSE.finditer(text):
        name = _STOP_STEM.sub("", match["name"])
        if len(name) >= 4:
            houses[name] += 3 if match["kind"] == "公司" else 2
    if houses:
        return min(houses, key=lambda name: (-houses[name], len(name), name))
    for pattern, head in ((_COMPANY, text[:3000]), (_ENGLISH_HOUSE, text[:6000])):
        names = Counter(
            _STOP_STEM.sub("", match["name"].strip()) for match in pattern.finditer(head)
        )
        if names:
            return min(names, key=lambda name: (-names[name], name))
    return ""


def _date(lines: Sequence[str], blocks: Sequence[Block]) -> str:
    """Take the date that stands alone on the cover; dates inside sentences are not the report's."""
    for line, block in zip(lines, blocks, strict=True):
        if block.role is Role.FRONT and len(line) <= 30:
            for pattern in _DATES:
                match = pattern.search(line)
                if match and (month := _month(match["m"])):
                    try:
                        return date(int(match["y"]), month, int(match["d"])).isoformat()
                    except ValueError:
                        continue
    return ""


def _month(text: str) -> int:
    """Return a month's number, 0 when it is none."""
    if text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else 0
    short = text[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


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
        for match in _SECURITY.finditer(text[block.start : block.end]):
            name = _LEADING_WORDS.sub("", match["name"])
            if len(name) >= 2:
                found.setdefault(
                    match["ticker"], Security(name, match["ticker"], match["rating"] or "")
                )
    return list(found.values())
