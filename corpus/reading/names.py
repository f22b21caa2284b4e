"""Under which names a company goes in its own report: full, short, foreign, and its code.

Exchanges prescribe a table of them in periodic reports (公司的中文名称, 公司的外文名称, 股票简称 …), so
that a question may use any, in either language.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.language import HAN
from corpus.schema import Block, Security, Table

_MAX_BLOCKS = 160  # the tables stand in the first sections
_MAX_CHARS = 60
_LABEL = re.compile(
    r"(?:(?:公司|发行人|發行人)的?(?:法定)?)?(?:中文|外文|英文|法定)(?:名称|名稱|简称|簡稱)(?:缩写|縮寫)?(?:[（(].{1,6}[）)])?$|"
    r"(?:公司|股票|证券|證券|股份)(?:简称|簡稱|代码|代碼|代號)$|"
    r"(?:(?:Chinese|English|Foreign|Short|Legal|Full) name(?: of the Company)?|Stock (?:code|short name|symbol))$",
    re.IGNORECASE,
)
_MIN_HEADED = 2  # columns: a table of two has its labels beside the values
_ANOTHER_LABEL = re.compile(
    r"(?:名称|名稱|简称|簡稱|代码|代碼|代號|代表人|\bname|\bcode)$", re.IGNORECASE
)
_NOTHING = re.compile(r"^(?:无|無|不适用|不適用|none|n/?a|[-/—]+)$", re.IGNORECASE)
_LEGAL_EN = re.compile(
    r"\.com$|[\s,.]*\b(?:co|company|ltd|limited|inc|incorporated|corp|corporation|plc|llc|holdings?|group)\b[\s,.]*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^the\s+(?=\w)", re.IGNORECASE)
_NO_NAMES = frozenset(["the", "a", "an", "our", "this"])
_PAIR = re.compile(r"^(?P<one>[A-Z])[a-z]+ (?:&|and) (?P<other>[A-Z])[a-z]+$")
_MIN_CUT = 10
_MIN_CALLED = 2  # once may be a slip
_LEGAL_ZH = re.compile(r"(?:集团|集團|控股|股份|有限|责任|責任)*公司$")


def company_names(
    text: str, blocks: Sequence[Block], company: str, securities: Sequence[Security] = ()
) -> tuple[str, ...]:
    """Return the names that a report gives its company, as printed, then shortened.

    Those of its cover, then those of its own tables.

    Args:
        text: The reading text.
        blocks: Its blocks.
        company: The company as the cover names it.
        securities: Its own shares, as the cover names them.
    """
    own = [name for security in securities for name in (security.name, security.ticker)]
    found = dict.fromkeys(
        name
        for printed in (company, *own)
        if _is_name(printed)
        for name in (printed, *_shorter(printed))
    )
    for block in blocks[:_MAX_BLOCKS]:
        if block.table is not None:
            rows = _rows(text, block.table)
            for label, value in (*_beside(rows), *_below(rows)):
                if _LABEL.match(label) and _is_name(value):
                    found.update(dict.fromkeys((value, *_shorter(value))))
    for name in [name for name in found if name.isascii()]:
        shorter = (*_defined(text, name), *_called(text, name), *_cut_short(text, name))
        found.update(dict.fromkeys(shorter))
        if pair := _PAIR.match(name):
            found[f"{pair['one']}&{pair['other']}"] = None  # J&J
    return tuple(found)


def _defined(text: str, name: str) -> Iterator[str]:
    """Yield what the text says it calls the company: MGM Resorts International (“MGM Resorts” or the “Company”)."""
    known = rf"(?i:{re.escape(name)})(?:\s*\([^()“]{{1,40}}\))?"
    called = r"\s*\([^()]{0,60}?[“\"](?P<short>[A-Z][^”\"]{1,40})[”\"]"
    for match in re.finditer(known + called, text):
        short = match["short"].rstrip(",. ")
        words = re.findall(r"\w+", name.casefold())
        is_part = all(word in words for word in re.findall(r"\w+", short.casefold()))
        if is_part and _LEGAL_EN.sub("", f" {short}").strip():
            yield short
            return


def _cut_short(text: str, name: str) -> Iterator[str]:
    """Yield the first words of a name, two or more, that the text uses for the whole: American Water."""
    words = _ARTICLE.sub("", re.sub(r"[,.]", "", name)).split()
    for number in range(2, len(words)):
        short = " ".join(words[:number])
        # Before a capital it may begin another name: American Water Capital.
        alone = re.findall(rf"(?<![\w&-])(?i:{re.escape(short)})(?=[.,;:)’']|\s[a-z(])", text)
        if len(alone) >= _MIN_CUT:
            yield short


def _called(text: str, name: str) -> Iterator[str]:
    """Yield the beginning of a name by which the text itself calls what belongs to the company: "Costco's".

    "Foot" of Foot Locker is none: nothing is said to be Foot's.
    """
    words = name.split()
    for number in range(1, len(words)):
        short = " ".join(words[:number]).rstrip(",")
        pattern = (
            rf"(?P<before>\b[A-Z][\w&.-]* )?(?<![A-Za-z0-9&-])(?<!& ){re.escape(short)}['’]s\b"
        )
        # Behind another name it is the end of that one.
        alone = [m for m in re.finditer(pattern, text) if not m["before"]]
        if short.casefold() not in _NO_NAMES and len(alone) >= _MIN_CALLED:
            yield short


def _rows(text: str, table: Table) -> list[list[str]]:
    return [[" ".join(text[c.start : c.end].split()) for c in row] for row in table.rows]


def _beside(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for row in rows:
        yield from ((row[place].replace(" ", ""), row[place + 1]) for place in range(len(row) - 1))
        yield from ((row[place], row[place + 1]) for place in range(len(row) - 1))


def _below(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    if len(rows[0]) > _MIN_HEADED:
        for above, row in pairwise(rows):
            yield from zip(above, row, strict=True)


def _is_name(value: str) -> bool:
    return (
        1 < len(value) <= _MAX_CHARS
        and not _NOTHING.match(value)
        and not _ANOTHER_LABEL.search(value)
    )


def _shorter(name: str) -> Iterator[str]:
    """Yield a company's name without the words for its legal form, one by one.

    >>> list(_shorter("SQUARE TECHNOLOGY GROUP CO.,LTD"))
    ['SQUARE TECHNOLOGY GROUP', 'SQUARE TECHNOLOGY']
    >>> list(_shorter("The Boeing Company")), list(_shorter("Amazon.com, Inc."))
    (['Boeing Company', 'Boeing'], ['Amazon.com', 'Amazon'])
    """
    if re.search(f"[{HAN}]", name):
        short = _LEGAL_ZH.sub("", name)
        if short != name and len(short) > 1:
            yield short
        return
    if (short := _ARTICLE.sub("", name)) != name:
        yield short
        name = short
    while (short := _LEGAL_EN.sub("", name)) != name and len(short) > 1:
        name = short
        if not re.search(r"\b(?:co|company)\.?$", name, re.IGNORECASE):
            yield name
