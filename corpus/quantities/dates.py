"""Dates and periods as Chinese and English reports print them.

Reads one date, or a range of dates, at a given place of a folded text. A bare year (2023 without
年) is left to the parser, which knows whether a unit follows. Two digits before 年 are a year
(23年以来) or a duration (未来10年); `_is_short_year` holds the rule.
"""

import re
from dataclasses import dataclass, replace

from corpus.quantities.numerals import read_hanzi_digits, read_numeral
from corpus.quantities.values import DateParts


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date read from `text[pos:end]`; `last` is the other end of a range."""

    end: int
    first: DateParts
    last: DateParts | None = None
    forecast: bool = False


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3,
             "4th": 4, "上": 1, "下": 2}  # fmt: skip

_Y4 = "(?:19|20)[0-9]{2}(?![0-9])"
_YEAR = rf"(?P<y>{_Y4}|[一二][零〇一二三四五六七八九]{{3}})"
_SHORT = "(?P<y>[0-9]{2}(?![0-9]))"
# Two digits are a year unless they belong to an amount: "in Q3 15 million users".
_ANY_YEAR = (
    rf"(?P<y>{_Y4}|'?[0-9]{{2}}"
    r"(?![0-9%,]|\.[0-9]| ?[%万亿家个元]| (?:thousand|million|billion|mn|bn|percent)))"
)
_MONTH = "(?P<m>1[0-2]|0?[1-9](?![0-9])|十[一二]?|[一二三四五六七八九])"
_DAY = (
    "(?P<d>3[01]|[12][0-9]|0?[1-9](?![0-9])|三?十一|二?十[一二三四五六七八九]?|三十"
    "|[一二三四五六七八九])"
)
_NAME = (
    r"(?P<mon>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_EN_DAY = r"(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9A-Za-z%.])"
_END = "(?![0-9A-Za-z])"
# Beside a year any digit is taken, so that the misprint Q6 2025 is not read as the year alone.
_QUARTER = "(?:第? ?(?P<q>[0-9一二三四]) ?季度|[Qq](?P<q2>[0-9])|(?P<q3>[0-9])[Qq])"
_HALF = "(?:(?P<h>[上下])半年|H(?P<h2>[0-9])|(?P<h3>[0-9])H)"
_FISCAL = r"(?P<fy>FY|fiscal year |fiscal )?"

# Tried in this order; the first that matches wins, so the longer forms come first.
_PATTERNS = [
    re.compile(source, re.IGNORECASE)
    for source in (
        rf"{_YEAR} ?年 ?{_MONTH} ?月(?: ?{_DAY} ?[日号])?",
        rf"{_SHORT} ?年 ?{_MONTH} ?月(?: ?{_DAY} ?[日号])?",
        rf"{_YEAR} ?年? ?(?:{_QUARTER}|{_HALF}){'(?![0-9])'}",
        rf"{_SHORT} ?年 ?(?:{_QUARTER}|{_HALF}){'(?![0-9])'}",
        rf"{_SHORT}(?:[Qq](?P<q>[0-9])|H(?P<h>[0-9]))(?![0-9])",
        rf"(?P<y>{_Y4}|[0-9]{{2}}) ?(?P<fy>财年)",
        r"(?:(?:20 ?世纪 ?)(?P<dec>[1-9]0)|(?P<dec2>(?:19|20)[0-9]0|[5-9]0)) ?年代",
        rf"(?P<dec>(?:19|20)[0-9]0)s{_END}",
        rf"{_YEAR} ?年(?!代)",
        rf"{_SHORT}年(?P<short>)",
        rf"{_MONTH} ?月 ?{_DAY} ?[日号]",
        rf"{_MONTH} ?月(?!球|亮|饼)份?",
        rf"(?P<y>{_Y4})[-/.](?P<m>1[0-2]|0?[1-9])[-/.](?P<d>3[01]|[12][0-9]|0?[1-9]){_END}",
        rf"(?P<y>{_Y4})/(?P<m>1[0-2]|0?[1-9])(?![0-9/])",
        rf"(?P<y>{_Y4})-(?P<m>1[0-2]|0[1-9])(?![0-9年A-Za-z])",
        rf"(?P<y>{_Y4})\.(?P<m>1[0-2]|0?[1-9])(?![0-9%A-Za-z])(?! ?[万亿元倍])",
        rf"(?P<y>{_Y4})\. (?P<m>1[0-2]|[1-9])(?=\))",
        # 01/28/2016 is American; only a day that is no month shows the other order: 28/01/2016.
        rf"(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12][0-9]|0?[1-9])/(?P<y>{_Y4}){_END}",
        rf"(?P<d>3[01]|2[0-9]|1[3-9])/(?P<m>1[0-2]|0?[1-9])/(?P<y>{_Y4}){_END}",
        r"(?P<y>[12][0-9])/(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9/])",
        r"(?P<y>[12][0-9])/(?P<m>1[0-2]|0?[1-9])(?![0-9/])(?P<cell>)(?= ?(?:[)\n\t]|$))",
        rf"{_NAME} {_EN_DAY}(?:,? (?P<y>{_Y4}))?",
        rf"{_EN_DAY} (?:of )?{_NAME}{_END}(?:,? (?P<y>{_Y4}))?",
        rf"{_NAME},?[ -](?P<y>{_Y4}|'[0-9]{{2}}(?![0-9]))",
        rf"(?:[Qq](?P<q>[0-9])|H(?P<h>[0-9]))"
        rf"(?:(?: of |[ -]){_FISCAL}{_ANY_YEAR}|(?P<y2>{_Y4}|'[0-9]{{2}}))(?![0-9])",
        rf"(?:(?P<q>[0-9])Q|(?P<h>[0-9])H) ?{_FISCAL}{_ANY_YEAR}",
        r"(?:Q(?P<q>[1-4])|H(?P<h>[12])|(?P<q2>[1-4])Q|(?P<h2>[12])H)(?=[EFA]?(?![0-9A-Za-z]))",
        r"(?P<fy>FY|fiscal(?: year)?) ?(?P<y>[0-9]{4}(?![0-9])|'?[0-9]{2}(?![0-9]))",
        rf"(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)[- ](?P<what>half|quarter){_END}"
        rf"(?:(?: of|,)? {_FISCAL}(?P<y>{_Y4}))?",
        r"第? ?(?P<q>[0-9一二三四]) ?季度",
        r"(?P<h>[上下])半年",
        rf"(?P<mon>(?:Janu|Febru)ary|March|April|May|June|July|(?:Septem|Octo|Novem|Decem)ber|August)"
        rf"{_END}(?P<alone>)",
        r"(?P<d>3[01]|[12][0-9]|[1-9]) ?日(?![均内线元])",
    )
]
_SUFFIX = re.compile(r"年?(?P<mark>[EFA])(?![A-Za-z0-9股])")
_SEPARATOR = re.compile(r" ?(?:[-~]|至|到| to | through | until ) ?")
_AND = re.compile(r" (?:and) | ?[与和] ?")
_SHORT_RANGES = [
    (re.compile(rf"(?P<y>{_Y4}) ?(?:[-~至到]) ?(?={_Y4} ?(?:年(?!代)|财年))"), "year"),
    (re.compile(r"(?P<y>[0-9]{2}) ?[-~至到] ?(?P<y2>[0-9]{2}) ?年(?!内|期|后|前|代)"), "both"),
    (re.compile(rf"(?P<y>{_Y4}) ?[-~] ?(?P<y2>[0-9]{{2}})(?: ?年|(?![0-9年%.A-Za-z]))"), "both"),
    (re.compile(r"(?P<y>(?:19|20)[0-9]0) ?[-~] ?(?=(?:19|20)[0-9]0(?:s|年代))"), "decade"),
    (re.compile(r"(?P<m>1[0-2]|[1-9]) ?[-~至到] ?(?=(?:1[0-2]|[1-9]) ?月)"), "month"),
    (re.compile(rf"{_NAME} ?(?:-|to|through) ?(?={_NAME.replace('mon', 'mon2')},? {_Y4})", re.I), "name"),
]
# "2023年前10个月", "the first ten months of 2023", 前三季度: from January on.
_FROM_JANUARY = re.compile(r"的?前 ?(?P<n>[0-9]{1,2}|[一二三四五六七八九十]{1,2}) ?(?:个?(?P<m>月)|个?季度)")
_FIRST_MONTHS = re.compile(
    rf"(?:the )?first (?P<n>[0-9]{{1,2}}|two|three|four|five|six|seven|eight|nine|ten|eleven) "
    rf"(?:(?P<m>months)|quarters) of (?:the year )?(?P<y>{_Y4})",
    re.IGNORECASE,
)
_DURATION_BEFORE = re.compile(
    r"(?:未来|近|过去|长达|超过|超|约|共|历时|为期|每|达|前|后|这|满|第|至少|最近|持续|连续|历经|"
    r"耗时|需要?|长|逾|不到|不足|至多|有着?|(?:over|past|next|last)) ?$"
)
_DURATION_AFTER = re.compile(
    r" ?(?:来|内|间|期|后|前(?![0-9一二三四五六七八九十])|以上|以下|左右|多|国债|"
    r"的?(?:时间|经验|历史))"
)
_MAY_BEFORE = re.compile(
    r"(?:^|[\t\n(]|\b(?:in|since|by|from|until|through|last|early|mid|late|of|to|and)[ -])$", re.I
)


def read_date(text: str, pos: int) -> DateMatch | None:
    """Read the date or the range of dates that starts at `pos`, or return None."""
    single = _read_first_months(text, pos) or _read_open_range(text, pos) or _read_single(text, pos)
    if single is None or single.last is not None:
        return single
    if single.first == DateParts(year=single.first.year):  # 2023年1-3月, 2023年前10个月
        match = _FROM_JANUARY.match(text, single.end)
        if match is not None and (span := _months_of(match, single.first.year)):
            return span
        months = _read_open_range(text, single.end)
        if months is not None and months.last is not None and months.first.year is None:
            year = single.first.year
            first, last = replace(months.first, year=year), replace(months.last, year=year)
            return DateMatch(months.end, first, last, months.forecast)
    separator = _SEPARATOR.match(text, single.end) or (
        _AND.match(text, single.end) if _after_between(text, pos) else None
    )
    other = _read_single(text, separator.end()) if separator else None
    if other is None or single.first == other.first:
        return single
    first, last = single.first, other.first
    if last.year is None and last.decade is None:
        last = replace(last, year=first.year)
    elif first.year is None and first.decade is None:
        first = replace(first, year=last.year)
    if _order(first) > _order(last) or (first.fiscal != last.fiscal):
        return single
    return DateMatch(other.end, first, last, other.forecast)


def _after_between(text: str, pos: int) -> bool:
    return text[max(0, pos - 8) : pos].casefold().rstrip().endswith(("between", "介于"))


def _order(parts: DateParts) -> tuple[int, int, int]:
    quarter_month = 3 * (parts.quarter or 0) + 6 * (parts.half or 0)
    return (parts.year or parts.decade or 0, parts.month or quarter_month, parts.day or 0)


def _read_first_months(text: str, pos: int) -> DateMatch | None:
    match = _FIRST_MONTHS.match(text, pos)
    return _months_of(match, int(match["y"])) if match else None


def _months_of(match: re.Match[str], year: int | None) -> DateMatch | None:
    """Return the months of a year from January on; None when there are not so many."""
    last = _small(match["n"]) * (1 if match["m"] else 3)
    if not 2 <= last < 12:
        return None
    return DateMatch(match.end(), DateParts(year, 1), DateParts(year, last))


def _read_open_range(text: str, pos: int) -> DateMatch | None:
    """Read a range whose first end has no unit of its own: 2021-2025年, 1950~1970s, 3-5月."""
    for pattern, part in _SHORT_RANGES:
        match = pattern.match(text, pos)
        if match is None:
            continue
        if part == "both":
            year = _full_year(match["y"])
            last = year // 100 * 100 + int(match["y2"])
            if year < last < year + 16:  # wider apart they are numbers
                return DateMatch(match.end(), DateParts(year=year), DateParts(year=last))
            continue
        other = _read_single(text, match.end())
        if other is None:
            continue
        if part == "name":
            first = DateParts(other.first.year, _month(match["mon"]))
            if match["mon"][0].isupper() and _order(first) < _order(other.first):
                return DateMatch(other.end, first, other.first, other.forecast)
            continue
        number = int(match["m"] if part == "month" else match["y"])
        if part == "month":
            first = DateParts(month=number)
        elif part == "decade":
            first = DateParts(decade=number)
        else:
            first = DateParts(year=_full_year(match["y"]), fiscal=other.first.fiscal)
        if _order(first) < _order(other.first):
            return DateMatch(other.end, first, other.first, other.forecast)
    return None


def _read_single(text: str, pos: int) -> DateMatch | None:
    for pattern in _PATTERNS:
        match = pattern.match(text, pos)
        if match is None:
            continue
        groups = {name: value for name, value in match.groupdict().items() if value is not None}
        if not _is_plausible(text, match, groups):
            continue
        suffix = _SUFFIX.match(text, match.end())
        end = suffix.end() if suffix else match.end()
        forecast = suffix is not None and suffix["mark"] in "EF"
        return DateMatch(end, _parts(groups), forecast=forecast)
    return None


def _is_plausible(text: str, match: re.Match[str], groups: dict[str, str]) -> bool:
    """Say whether what looks like a date is one, where the form alone cannot tell."""
    before = text[max(0, match.start() - 12) : match.start()]
    if "short" in groups:
        return _is_short_year(int(groups["y"]), before, text, match.end())
    if "cell" in groups:  # 23/12 alone between brackets or in a cell; otherwise two numbers
        return before.rstrip(" ")[-1:] in {"", "(", "\t", "\n"}
    if "alone" in groups and groups["mon"].casefold() in {"may", "march"}:
        return groups["mon"][0].isupper() and _MAY_BEFORE.search(before) is not None
    if "mon" in groups:
        return groups["mon"][0].isupper()
    return True


def _is_short_year(year: int, before: str, text: str, end: int) -> bool:
    """Say whether two digits before 年 are a year: 23年以来 is one, 未来10年 is ten years."""
    if _DURATION_BEFORE.search(before) or before[-1:] in set("0123456789.-~至到"):
        return False
    if year < 10 or year >= 90:
        return True
    return 15 <= year <= 35 and _DURATION_AFTER.match(text, end) is None


def _full_year(digits: str) -> int:
    """Return the year of 2023, 二〇二三, '23 or 23; two digits from 50 on are in the 1900s."""
    year = read_hanzi_digits(digits) if not digits.lstrip("'").isdigit() else None
    if year is None:
        year = int(digits.lstrip("'"))
    if year >= 100:
        return year
    return year + (1900 if year >= 50 else 2000)


def _small(digits: str) -> int:
    numeral = read_numeral(digits, 0)
    return int(numeral.low) if numeral else 0


def _month(name: str) -> int:
    return next(n for n, full in enumerate(_MONTHS, 1) if full.startswith(name.casefold()[:3]))


def _parts(groups: dict[str, str]) -> DateParts:
    quarter = groups.get("q") or groups.get("q2") or groups.get("q3")
    half = groups.get("h") or groups.get("h2") or groups.get("h3")
    if "nth" in groups:
        ordinal = str(_ORDINALS[groups["nth"].casefold()])
        quarter, half = (
            (ordinal, half) if groups["what"].casefold() == "quarter" else (quarter, ordinal)
        )
    year = groups.get("y") or groups.get("y2")
    decade = groups.get("dec") or groups.get("dec2")
    month = _month(groups["mon"]) if "mon" in groups else None
    return DateParts(
        year=_full_year(year) if year else None,
        month=_small(groups["m"]) if "m" in groups else month,
        day=_small(groups["d"]) if "d" in groups else None,
        quarter=_small(quarter) if quarter else None,
        half=(_ORDINALS.get(half) or _small(half)) if half else None,
        decade=_full_year(decade) if decade else None,
        fiscal="fy" in groups,
    )
