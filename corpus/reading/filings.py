"""What a company files about itself: annual and quarterly reports, prospectuses, 10-K and 10-Q.

Their covers follow forms that regulators set, so the company, the kind of report, the period and the
ticker stand beside fixed words. Sources: SEC forms 10-K and 10-Q; the formats of periodic reports of
the Shanghai, Shenzhen and Hong Kong exchanges.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.language import HAN
from corpus.reading.dates import FULL_DATE_EN, iso_date
from corpus.schema import Block, Security

_COVER_BLOCKS = 40
_COVER_PAGES = 2
_MAX_LINE = 120

_REGISTRANT = re.compile(
    r"\(?\s*Exact\s+name\s+of\s+(?:the\s+)?(?:registrant|issuer|company)\s+as\s+specified", re.I
)
_SIGNED_AS = re.compile(
    r"^(?P<name>[A-Z][^\n]{2,60})\n+\(Registrant\)", re.MULTILINE | re.IGNORECASE
)
_FILE_NUMBER = re.compile(r"^Commission\s+file\s+(?:number|no)", re.IGNORECASE)
_FORM = re.compile(
    r"^(?:(?:UNITED STATES|SECURITIES AND EXCHANGE|Washington).*\s)?FORM\s+"
    r"(?P<form>(?:10-[KQ]|20-F|40-F|8-K|6-K|11-K|S-\d|F-\d)(?:/A)?)",
    re.I,
)
_PERIOD = re.compile(
    rf"for\s+the\s+(?P<words>(?:quarterly|fiscal|annual|transition)?\s*(?:period|year|quarter)\s+ended)"
    # The next column of a cover may be read in between.
    rf"\s*:?\s*(?:Commission\s+file\s+)?(?P<date>{FULL_DATE_EN})",
    re.I,
)
# A current report is of a day, by the form's own words; that of the event stands behind it.
_EVENT = re.compile(
    rf"Date\s+of\s+report\s*(?:\(\s*Date\s+of\s+(?:the\s+)?earliest\s+event\s+reported\s*\))?\s*[:：]?\s*"
    rf"(?P<date>{FULL_DATE_EN})",
    re.I,
)
# The same with the day above the words: "January 4, 2023", "Date of Report".
_EVENT_ABOVE = re.compile(
    rf"(?P<date>{FULL_DATE_EN})\s*\(?Date\s+of\s+(?:earliest\s+event\s+)?report", re.I
)
_SIGNED = re.compile(rf"^(?:Date|Dated)\s*[:：]?\s*(?P<date>{FULL_DATE_EN})", re.I)
_SYMBOL = re.compile(r"^(?:Trading|Ticker)\s+Symbol", re.I)
_TICKER = re.compile(r"^[A-Z]{1,6}(?:[.-][A-Z]{1,2})?$")

_CODE = re.compile(
    r"(?:(?:公司|证券|證券|股票|股份)代[码碼號号]|Stock\s+Code|Securities\s+Code)\s*[:：]?\s*"
    r"(?P<ticker>\d{4,6}(?:\.[A-Z]{2})?)(?!\d)",
    re.I,
)
_SHORT_NAME = re.compile(
    rf"(?:公司|证券|證券|股票|股份)[简簡][称稱]\s*[:：]\s*(?P<name>[{HAN}A-Za-z*][{HAN}\w*·-]{{1,11}})"
)
_KIND = re.compile(
    r"(?:(?:19|20)\d{2}|[二〇零一三四五六七八九]{4})\s*年?\s*(?:度|年度|半年度|半年|中期|第?[一二三四]季度)?\s*"
    r"(?:财务|審計|审计|业绩|可持续发展|社会责任|环境、社会及管治|ESG)*[报報][告表](?:书|摘要|全文|正文)?(?:[（(].{1,8}[)）])?$|"
    r"(?:首次公开发行.{0,30})?(?:招股(?:说明|意向|章程)书?|募集说明书|上市公告书|重组报告书)|.{2,40}的?公告$"
)
_KIND_EN = re.compile(
    r"^(?:(?:FY)?20\d{2}(?:[/-]\d{2,4})?\s+)?(?:annual|interim|quarterly|half[- ]year(?:ly)?|"
    r"sustainability|ESG|integrated)\s+reports?(?:\s+(?:and accounts\s+)?(?:FY)?20\d{2}(?:[/-]\d{2,4})?)?$",
    re.I,
)
COMPANY_ZH = re.compile(
    rf"^(?P<name>[{HAN}（）()·A-Za-z]{{2,36}}?(?:股份有限公司|有限责任公司|有限公司|有限合伙[)）]?))"
)
COMPANY_EN = re.compile(
    r"^(?P<name>[A-Z][\w&.,'’() -]{1,70}?[\s,](?:Limited|Ltd\.?|Inc\.?|Incorporated|Corporation|Corp\.?|"
    r"PLC|Company|Co\.(?:,\s*(?:Ltd|Inc)\.?)?|Holdings?|Group|N\.?V\.?|S\.?A\.?|AG|SE|LLC|L\.P\.))$",
    re.I,
)


_NUMBER_FIRST = re.compile(r"^\d{1,2}(?=[A-Z])")
_GAP_BEHIND_CAPITAL = re.compile(r"\b(?P<first>[A-Z]) (?P<rest>[A-Z]{2,})\b")


@dataclass(frozen=True, slots=True)
class Filing:
    """What the cover of a company's own report says."""

    company: str
    title: str
    date: str = ""
    securities: tuple[Security, ...] = ()


def read_filing(text: str, blocks: Sequence[Block]) -> Filing | None:
    """Read the cover of a company's report; None when the document is something else."""
    cover = [
        block
        for block in blocks[:_COVER_BLOCKS]
        if block.page is None or block.page <= _COVER_PAGES
    ]
    lines = [text[block.start : block.end].strip() for block in cover]
    return _sec_form(text, blocks, cover, lines) or _exchange_report(lines)


def _sec_form(
    text: str, blocks: Sequence[Block], cover: Sequence[Block], lines: Sequence[str]
) -> Filing | None:
    company = _small_capitals_joined(_registrant(lines, text), text)
    form = next((match["form"].upper() for line in lines if (match := _FORM.search(line))), "")
    over_two = [f"{one} {other}" for one, other in pairwise(lines)]
    period = next((match for line in (*lines, *over_two) if (match := _PERIOD.search(line))), None)
    if not company or len(company) > _MAX_LINE:
        return None
    title = f"{company} Form {form}" if form else company
    if period:
        title += f" for the {' '.join(period['words'].casefold().split())} {period['date']}"
    event = next((match for line in lines if (match := _EVENT.search(line))), None) or next(
        (match for pair in pairwise(lines) if (match := _EVENT_ABOVE.search(" ".join(pair)))), None
    )
    if event and not period:
        return Filing(
            company,
            f"{title}, {event['date']}",
            iso_date(event["date"]),
            _symbols(text, cover, company),
        )
    signed = [
        match["date"]
        for block in blocks[len(blocks) // 2 :]
        if block.table is None and (match := _SIGNED.match(text[block.start : block.end]))
    ]
    said = signed[0] if signed else period["date"] if period else ""
    return Filing(company, title, iso_date(said), _symbols(text, cover, company))


def _registrant(lines: Sequence[str], text: str) -> str:
    """Return whose filing it is; "" for none.

    The line above the form's own words for it; where that is a logo, who signs; without those words
    the line below the file number.
    """
    place = next((i for i, line in enumerate(lines) if _REGISTRANT.search(line)), None)
    if place is not None:
        before = lines[place][: _REGISTRANT.search(lines[place]).start()].strip()  # type: ignore[union-attr]
        company = before or (lines[place - 1] if place else "")
        if not _FILE_NUMBER.match(company):
            return company
        signed = _SIGNED_AS.search(text)
        return signed["name"].strip() if signed else ""
    numbered = next((i for i, line in enumerate(lines[:-1]) if _FILE_NUMBER.match(line)), None)
    if numbered is None or not any(map(_PERIOD.search, lines)):
        return ""
    below = lines[numbered + 1]
    # "3M COMPANY" is a name, a line with a number behind its words is not.
    is_numbered = re.search(r"\d", _NUMBER_FIRST.sub("", below)) is not None
    return "" if is_numbered else below


def _small_capitals_joined(name: str, text: str) -> str:
    """Return a name without the gaps behind capitals that are larger: MGM R ESORTS → MGM RESORTS.

    Only where the text has the whole word.
    """
    return _GAP_BEHIND_CAPITAL.sub(
        lambda gap: (
            joined
            if re.search(rf"\b{(joined := gap['first'] + gap['rest'])}\b", text, re.IGNORECASE)
            else gap[0]
        ),
        name,
    )


def _symbols(text: str, cover: Sequence[Block], company: str) -> tuple[Security, ...]:
    """Read the ticker from the cover's table of registered securities: its first class."""
    for block in cover:
        if block.table is None:
            continue
        head, *rows = [
            [text[cell.start : cell.end].strip() for cell in row] for row in block.table.rows
        ]
        column = next((place for place, cell in enumerate(head) if _SYMBOL.match(cell)), None)
        if column is not None and rows and _TICKER.match(rows[0][column]):
            return (Security(company, rows[0][column]),)
    return ()


def _exchange_report(lines: Sequence[str]) -> Filing | None:
    short = [line for line in lines if len(line) <= _MAX_LINE]
    company, rest = _company_line(short)
    if not company:
        return None
    code = next((match for line in short if (match := _CODE.search(line))), None)
    kinds = [line for line in (rest, *short) if _KIND.search(line) or _KIND_EN.match(line)]
    kind = next((line for line in kinds if not COMPANY_ZH.fullmatch(line)), "")
    if not kind or not (code or rest or _stands_near(short, company, kind)):
        return None
    title = kind if company in kind else f"{company} {kind}"
    named = next((match["name"] for line in short if (match := _SHORT_NAME.search(line))), "")
    securities = (Security(named or company, code["ticker"]),) if code else ()
    return Filing(company, title, securities=securities)


def _company_line(lines: Sequence[str]) -> tuple[str, str]:
    """Return the first company that is a line by itself or begins one, and the line's rest."""
    for line in lines:
        match = COMPANY_ZH.match(line) or COMPANY_EN.match(line)
        if match is None or line.startswith(("关于", "致", "关於", "關於")):
            continue
        rest = line[match.end() :].strip()
        if not rest or _KIND.search(rest):
            return match["name"].strip(), rest
    return "", ""


def _stands_near(lines: Sequence[str], company: str, kind: str) -> bool:
    places = [place for place, line in enumerate(lines) if line in (company, kind)]
    return len(places) >= 2 and min(b - a for a, b in pairwise(places)) <= 3
