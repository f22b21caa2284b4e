"""What a line of a report is, judged by its own characters: heading, caption, note, list item.

Shared by all readers. Knows nothing of files, pages or fonts.
"""

import re
import unicodedata

from corpus.language import HAN

_NUMBER = r"(?:\d{1,2}(?:\.\d{1,2}){0,4})"
# "1.2 数据", "2.1.1 视觉理解", "3 海外", "1 发展进入快车道"; not "2023 年" nor "3.5 亿元" nor "10 users".
_NUMBERED_HEADING = re.compile(rf"(?P<number>{_NUMBER})[.、]?\s+(?=\d?[{HAN}A-Za-z“\"])")
_CHINESE_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十百]{1,3}(?P<unit>[章节部篇])|(?P<top>[一二三四五六七八九十]{1,3}、)"
    r"|(?P<sub>[（(][一二三四五六七八九十]{1,3}[）)]))\s*\S"
)
CAPTION = re.compile(
    r"(?:图表|图|表|表格|附图|附表|Figure|Fig\.|Table|Exhibit|Chart|Diagram)\s*"
    r"(?:[A-Z]?\d{1,3}(?:[-.]\d{1,3})?\s*(?:[:：.．]|[ \u3000](?=\S))|[:：])",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"(?:资料来源|数据来源|资料來源|来源|注释|注|备注|说明|Sources?|Notes?)\s*[:：]", re.IGNORECASE
)
BULLET = re.compile(
    r"(?:[-*+•●⚫◆◇□■▪▫►▶➢✓❖·]|[\uf06c\uf075\uf0d8\uf0b7\uf0fc])(?:\s+|(?=[^\s\d*_-]))"
)
UNIT_LINE = re.compile(
    r"[（(]?\s*(?:金额|数量|货币)?(?:单位|幣值|单价)\s*[:：].{1,40}$|[（(]?\s*(?:人民币|港币|美元)?[百千十]?[万亿]?元[）)]?$|"
    r"[（(]?\s*(?:(?:U\.?S\.?|HK|NT|RMB|CNY|EUR|USD|HKD|Dollars?|Amounts?|Shares?|Figures?|All|are|"
    r"expressed|stated|presented|unaudited|and|[$¥€£])[$,;\s]*)*\bin\s+(?:thousands|millions|billions)\b[^.:：]{0,80}$|"
    r"[（(]?\s*(?:thousands|millions|billions)(?: of (?:U\.?S\.? )?dollars)?"
    r"(?:[,;]\s*except\b[^.:：]{0,60})?[)）]?$|"
    r"[（(]?\s*(?:RMB|US\$|HK\$|\$|€|£)\s*(?:in\s+)?(?:million|billion|thousand|mn|bn|m)s?[）)]?$",
    re.IGNORECASE,
)
"""A line that only says in which unit the figures below are: 单位：元, ($ in millions)."""
ENUMERATOR = re.compile(r"(?:\d{1,2}[.)）、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]|[a-z][)）])\s*")
FRONT_LINE = re.compile(
    r"(?:.{0,12}(?:执业证书|从业证书|SAC\b|SFC\b|执业编号|牌照编号))|(?:证券|首席|高级|资深|行业|联席)*(?:分析师|研究员)"
    r"(?:$|\s*[:：])|.{0,8}(?:首席|高级|资深)?.{0,6}分析师$|研究助理|联系人|联系邮箱|联系电话|扫码|"
    r"相关(?:研究)?报告|相关研究|近期报告|行业评级\s*[:：]|投资评级(?!标准|说明|定义|体系)|"
    r"[\w.+-]+@[\w-]+\.[\w.]+|\(?\+?\d{2,4}\)?[-\s]?\d{4}[-\s]?\d{4}$|"
    r"(?:[A-Z][\w&-]*\s+){0,4}(?:Analyst|Associate)s?\s*(?:$|[:：].{0,40}$)|"
    r"(?:Contact|E-?mail|Tel|Related (?:research|reports))s?\b.{0,40}$",
    re.IGNORECASE,
)
"""Cover matter: who wrote the report, how to reach them, what they wrote before."""
BOILERPLATE_HEADING = re.compile(
    r"(?:[\d.]+\s*)?(?:.{0,8}(?:免责|法律|重要|特别|一般)(?:声明|提示及|信息披露)|免责条款|分析师(?:声明|证明|承诺|简介)|"
    r".{0,10}(?:评级|投资评级)(?:标准|定义|说明|体系|系统)|.{0,6}的?投资评级[:：]?$|评级(?:说明|定义)|"
    r"权益披露|利益披露|信息披露|本公司具备证券投资咨询|(?:公司|联系|办公)地址|联系我们|"
    r"(?:Disclaimer|Disclosures?|Important (?:notice|disclosures?)|Analyst certification|"
    r"Rating (?:definitions?|system)|Legal (?:notice|entit)|General disclosures?)\b)",
    re.IGNORECASE,
)
"""From here to the end a report speaks of itself: disclaimers, rating definitions, addresses."""
_CONTENTS_LEADER = re.compile(r"[.…·\u2026]{4,}\s*\d{1,4}\s*$")
TERMINAL = "。！？；!?;.…：:”』」"
"""A line that ends with one of these is complete."""

# A paragraph's last line may stop anywhere; a heading is short and says no whole sentence.
MAX_HEADING_COLUMNS = 80
_SENTENCE_MARK = re.compile(r"[。；！？]|[,，](?=.*[,，])|\.\s")


def display_columns(text: str) -> int:
    """Count terminal columns: an ideograph takes two, a Latin letter one."""
    return len(text) if text.isascii() else sum(map(_COLUMNS.__getitem__, text))


class _Columns(dict[str, int]):
    """The columns of each character that was asked for; reading asks for millions."""

    def __missing__(self, char: str) -> int:
        self[char] = columns = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        return columns


_COLUMNS = _Columns()


def heading_level(text: str) -> int | None:
    """Return the depth that a heading's number states, or None when it has none.

    >>> heading_level("2.1.3 视频生成：格局尚早"), heading_level("三、投资建议"), heading_level("投资建议")
    (3, 1, None)
    """
    text = text.lstrip("■□◆ ")
    if match := _NUMBERED_HEADING.match(text):
        return match["number"].count(".") + 1
    if match := _CHINESE_HEADING.match(text):
        return 2 if match["sub"] or match["unit"] == "节" else 1
    return None


_NUMBERINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"第[一二三四五六七八九十百]{1,3}[章部篇]",
        r"第[一二三四五六七八九十百]{1,3}节",
        r"[一二三四五六七八九十]{1,3}、",
        r"[（(][一二三四五六七八九十]{1,3}[）)]",
        rf"{_NUMBER}(?:[.、．]|\s)",
        r"[（(]\d{1,2}[）)]",
        r"[①-⑳]",
    )
)
"""How Chinese reports number headings inside each other, outermost first."""
_DOTTED = re.compile(rf"{_NUMBER}")


def numbering(text: str) -> tuple[int, int] | None:
    """Return how a heading is numbered: the rank of its kind of number, and the dots inside it.

    >>> numbering("第四节 经营情况"), numbering("（二）收入"), numbering("1.2 成本"), numbering("(1).明细")
    ((1, 0), (3, 0), (4, 1), (5, 0))
    """
    text = text.lstrip("■□◆ ")
    for rank, pattern in enumerate(_NUMBERINGS):
        if pattern.match(text):
            number = _DOTTED.match(text)
            return rank, number[0].count(".") if number else 0
    return None


def looks_like_heading(text: str) -> bool:
    """Say whether a line standing alone reads as a heading: short and no whole sentence."""
    text = text.strip()
    return (
        1 < display_columns(text) <= MAX_HEADING_COLUMNS
        and not _SENTENCE_MARK.search(text.rstrip("：:"))
        and not text.endswith((",", "，", "、"))
        and not CAPTION.match(text)
        and not NOTE.match(text)
        and not text.startswith(tuple('0123456789“"「『《'))
        and any(char.isalpha() for char in text)
    )


def is_contents_entry(text: str) -> bool:
    """Say whether a line is an entry of a table of contents, by its dot leaders.

    >>> is_contents_entry("图 1: 内容生产阶段.....5")
    True
    """
    return bool(_CONTENTS_LEADER.search(text))


_NOT_TITLE = re.compile(r"[\s■□◆*#:：.、,，()（）—-]+")


def heading_key(text: str) -> str:
    """Reduce a heading to what stays the same in a table of contents: no spaces, no marks.

    >>> heading_key("2.1 视觉模型：数据 与算法") == heading_key("■ 2.1 视觉模型:数据与算法")
    True
    """
    return _NOT_TITLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
