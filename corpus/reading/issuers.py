"""Who issued a document, from where it says so. A name in a sentence is never the issuer.

A broker's report is known by its analysts, licences, ratings or disclaimers; then the house that it
names most often is the issuer, wherever it stands (covers are often pictures). Of other documents
only lines of the cover count that are a name and nothing else, or that say who published them.
"""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.language import HAN
from corpus.reading.dates import iso_date, iso_month
from corpus.reading.filings import COMPANY_EN, COMPANY_ZH
from corpus.reading.structure import FRONT_LINE
from corpus.schema import Block, BlockKind, Role

# 东方证券研究所, 浙商证券股份有限公司, 浦银国际证券有限公司: the firm's name, then what makes it one.
_HOUSE = re.compile(
    rf"(?P<name>[{HAN}]{{2,6}}?(?:国际|环球)?(?:证券|期货|投行))"
    r"(?:股份|国际|有限|责任|集团|\(香港\)|（香港）)*(?P<kind>公司|研究所|研究院|研究部|研究中心)"
)
_ENGLISH_HOUSE = re.compile(
    r"\b(?P<name>(?:[A-Z][A-Za-z&.'-]*\s+){1,4}(?:Securities|Capital Markets|Research|Partners))"
    r"(?=[\s,.;)]|$)"
)
_STOP_STEM = re.compile(rf"^(?:[{HAN}]*(?:从事|根据|由|经|中国|本|该|及|和|与|的|公司|联合|、))+")
_RESEARCH = re.compile(
    r"证券研究报告|证券投资咨询|行业评级|投资评级|评级\s*[:：]|\b[Rr]ating\s*[:：]|S\d{13}|"
    r"(?:Equity|Securities|Investment) [Rr]esearch\b"
)
_COVER_BLOCKS = 15
_MAX_LINE = 60
_ORGANISATION_ZH = re.compile(
    rf"^[{HAN}（）()·A-Za-z&]{{2,26}}(?:公司|研究院|研究所|研究中心|研究会|协会|學會|学会|委员会|实验室|大学|学院|"
    rf"集团|基金会|联盟|金链盟|交易所|银行|统计局|财政部|发改委|事务所)$"
)
_ORGANISATION_EN = re.compile(
    r"^(?:(?:[A-Z][\w&.'’-]*|of|for|and|the|on|THE|OF|FOR|AND|ON)\s+){0,7}(?:"
    r"Department|Ministry|Bureau|Office|University|Institute|Agency|Administration|Commission|"
    r"Association|Foundation|Bank|Council|Authority|Committee|Group|Laboratory)"
    r"(?:\s+(?:of|for|on)\s+(?:(?:the|and|of|[A-Z][\w&.'’-]*)\s*){1,6})?$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"^(?:发布(?:单位|机构)|编制单位|编写单位|主编单位|出品(?:单位|方)?|主办(?:单位|方)|版权所有|"
    r"Published by|Prepared by|Issued by|Copyright|©)\s*[:：©]?\s*(?:\(c\)\s*)?"
    r"(?:20\d{2}\s*,?\s*)?(?P<name>.{2,60})$",
    re.IGNORECASE,
)


def read_issuer(text: str, blocks: Sequence[Block]) -> str:
    """Return who issued a document, "" when it does not say so."""
    lines = [text[block.start : block.end].strip() for block in blocks]
    if _is_research(lines, blocks):
        return _house(text) or _on_cover(lines, blocks)
    return _on_cover(lines, blocks)


def _is_research(lines: Sequence[str], blocks: Sequence[Block]) -> bool:
    """Say whether a document is a broker's or an analyst's."""
    return any(
        (block.role is Role.FRONT and FRONT_LINE.match(line) and "@" not in line)
        or (len(line) <= 2 * _MAX_LINE and _RESEARCH.search(line))
        # Houses sign their own tables and charts, and their disclaimers.
        or (
            (block.role is Role.BOILERPLATE or block.kind is BlockKind.NOTE) and _HOUSE.search(line)
        )
        for line, block in zip(lines, blocks, strict=True)
    )


def _house(text: str) -> str:
    houses: Counter[str] = Counter()
    for match in _HOUSE.finditer(text):
        name = _STOP_STEM.sub("", match["name"])
        if len(name) >= 4:
            houses[name] += 3 if match["kind"] == "公司" else 2
    if not houses:
        for match in _ENGLISH_HOUSE.finditer(text[:6000]):
            houses[match["name"].strip()] += 1
    return min(houses, key=lambda name: (-houses[name], len(name), name)) if houses else ""


def _on_cover(lines: Sequence[str], blocks: Sequence[Block]) -> str:
    cover = [
        line
        for line, block in list(zip(lines, blocks, strict=True))[:_COVER_BLOCKS]
        if (block.page is None or block.page == 1)
        and block.table is None
        and block.kind is not BlockKind.LIST_ITEM
        and len(line) <= _MAX_LINE
    ]
    for line in cover:
        if (match := _PUBLISHED.match(line)) and not line.endswith(("。", ".")):
            return match["name"].strip()
    for line in cover:
        name = _without_date(line)
        if any(
            pattern.fullmatch(name)
            for pattern in (COMPANY_ZH, COMPANY_EN, _ORGANISATION_ZH, _ORGANISATION_EN)
        ) and not name.startswith(("关于", "致", "關於")):
            return name
    return ""


def _without_date(line: str) -> str:
    """Drop a date at the end: 同盾科技人工智能研究院2020 年 10 月."""
    if iso_date(line) or iso_month(line) or re.search(r"20\d{2}\s*年", line):
        return re.sub(r"\s*20\d{2}\s*[年./-].*$|\s*[A-Z][a-z]+\.? (?:\d{1,2}, )?20\d{2}$", "", line)
    return line
