"""In which unit the bare figure of a table cell counts: its own label's, or else the table's."""

import re

from corpus.reading.tables import table_unit

_PER_SHARE = re.compile(r"per (?:\w+ )?share|每股", re.IGNORECASE)
HAS_UNIT = re.compile(
    r"[(（][^()（）]*(?:[%％‰元股倍人户个次家年天吨]|\bper ?cent\b|\bin (?:millions|thousands)\b)"
    r"[^()（）]*[)）]|[%％](?:\s|$)|(?:比例|占比|率)(?:\s|$)"
)
"""A label that says itself in what its figures count: 毛利率（%）, 占比."""
COUNT_HEADER = re.compile(
    r"^(?:(?:the )?(?:no\.?|number|num\.?|#|count|qty|quantity)(?: of)?(?: \w+)?|headcount|"
    r"(?:人|件|家|户|台|次|员工|职工)数|数量|总数)[\s.:：]*(?:[(（].*[)）])?$",
    re.IGNORECASE,
)
"""A header that only says that something is counted: No. Of, 人数."""
_BARE = re.compile(
    r"^(?P<currency>[A-Z]{0,3}[$¥￥€£])?\s*(?P<open>[(（−-])?\s*(?P<figure>\d[\d,]*(?:\.\d+)?)\s*[)）]?$"
)
_PHRASE = re.compile(
    r"^(?P<currency>US\$|HK\$|NT\$|RMB|CNY|USD|HKD|EUR|[$¥￥€£])?[^.]*?"
    r"(?:\bin\s+)?\b(?P<scale>thousand|million|billion)s?\b",
    re.IGNORECASE,
)


EXCEPTS_SHARES = re.compile(r"except\b.*\bper\b.*\bshare", re.IGNORECASE)
"""A unit that holds for all but what is given by the share."""
CENTS = re.compile(r"^[\s$€£(（-]*\d{1,3}\.\d{2}[)）]?$")
"""A figure that is by the share where all others are whole: 3.85."""
PER_SHARE_UNIT = "per share"
_COUNTS = re.compile(
    r"数量|(?:人|员|家|户|台|件|次)数(?:\s|$|[（(])|\b(?:number of|headcount)\b", re.IGNORECASE
)
_RATIO = re.compile(
    r"\b(?:rate|ratio|percent(?:age)?|yield)s?\b(?! (?:swap|lock|cap|contract|debt|note|loan)s?\b)",
    re.IGNORECASE,
)
_OF_MONEY = re.compile(r"元|人民币|港币|美金|\$|\b(?:RMB|CNY|USD|HKD|EUR)\b", re.IGNORECASE)
_OF_SHARES = re.compile("股(?!东|票)")


def table_unit_of(unit: str, label: str) -> str:
    """Return the table's unit where it holds for a cell with this label, "" where it does not.

    Not where the label gives one itself, not what is no unit but a note ("1 credit = $0.01"), and
    not what the unit itself excepts ("$ in millions, except per share amounts").
    """
    unit = unit.strip()
    if not unit or HAS_UNIT.search(label) or "=" in unit or "＝" in unit:
        return ""
    if _RATIO.search(label):
        return ""  # "Effective tax rate" in a table of millions
    if _COUNTS.search(label) and _OF_MONEY.search(unit):
        return ""  # "研发人员的数量" in a table of amounts
    if unit == "股" and not _OF_SHARES.search(label):
        return ""  # of all columns of a table of shareholders: their ages, their pay
    return "" if "except" in unit and _PER_SHARE.search(label) else unit


def scale_of(unit: str) -> str:
    """Return the scale that a unit in words gives, "million"; "" where it gives none.

    >>> scale_of("$ in millions, except per share amounts"), scale_of("Years ended December 31")
    ('million', '')
    """
    phrase = _PHRASE.match(unit)
    return phrase["scale"].lower() if phrase else ""


def measured(text: str, unit: str, row: str, column: str) -> str:
    """Return a cell's text with its unit, as a sentence would have it; as it is if it has words.

    >>> measured("(204)", "$ in millions, except per share amounts", "Dividends", "2023")
    '-$204 million'
    >>> measured("32.51", "元", "冷冻设备", "毛利率（%）"), measured("504", "亿元", "收入", "2023")
    ('32.51%', '504亿元')
    """
    match = _BARE.match(text.strip())
    if match is None:
        return text
    own = table_unit(column) or table_unit(row)
    counted = own or table_unit_of(unit, f"{row} {column}")
    sign = "-" if match["open"] else ""
    currency, figure = match["currency"] or "", match["figure"]
    if phrase := _PHRASE.match(counted):
        currency = currency or phrase["currency"] or ""
        return f"{sign}{currency}{figure} {phrase['scale'].lower()}"
    if currency or not counted:
        return f"{sign}{currency}{figure}"
    return f"{sign}{figure}{' ' if counted[0].isascii() and counted[0].isalpha() else ''}{counted}"
