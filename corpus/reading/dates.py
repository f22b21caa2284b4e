"""Dates as reports print them → ISO 8601. A date that does not exist is none."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
FULL_DATE_EN = rf"{_MONTH_NAME}\.?\s+\d{{1,2}},?\s+(?:19|20)\d{{2}}"
_DATES = (
    re.compile(r"(?P<y>20\d{2})\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})\s*日?"),
    re.compile(rf"(?P<m>{_MONTH_NAME})\.?\s+(?P<d>\d{{1,2}}),?\s+(?P<y>20\d{{2}})", re.IGNORECASE),
    re.compile(rf"(?P<d>\d{{1,2}})\s+(?P<m>{_MONTH_NAME})\.?,?\s+(?P<y>20\d{{2}})", re.IGNORECASE),
)
_MONTHS_OF_YEARS = (
    re.compile(r"(?<!\d)(?P<y>20\d{2})\s*年\s*(?P<m>\d{1,2})\s*月$"),
    re.compile(rf"(?:^|\s)(?P<m>{_MONTH_NAME}),?\s+(?P<y>20\d{{2}})$", re.IGNORECASE),
)
_IN_NAME = re.compile(
    r"(?<!\d)(?P<y>20\d{2})(?P<sep>[-_.年]?)(?P<m>\d{2}|(?<=[-_.年])\d)[-_.月]?(?P<d>\d{1,2})(?!\d)"
)


def iso_date(text: str) -> str:
    """Return the first full date in a text, "" when there is none.

    >>> iso_date("July 29, 2023"), iso_date("2024年3月5日"), iso_date("2024年2月30日")
    ('2023-07-29', '2024-03-05', '')
    """
    for pattern in _DATES:
        match = pattern.search(text)
        if match and (month := _month(match["m"])):
            try:
                return date(int(match["y"]), month, int(match["d"])).isoformat()
            except ValueError:
                continue
    return ""


def count_dates(text: str) -> int:
    """Count the full dates in a text."""
    return max(len(pattern.findall(text)) for pattern in _DATES)


def iso_month(text: str) -> str:
    """Return the month that a line ends with, "" when it does not.

    >>> iso_month("December 2017"), iso_month("2017 年 12 月"), iso_month("in May 2017 we")
    ('2017-12', '2017-12', '')
    """
    for pattern in _MONTHS_OF_YEARS:
        match = pattern.search(text)
        if match and (month := _month(match["m"])):
            return f"{match['y']}-{month:02d}"
    return ""


def date_in_name(name: str) -> str:
    """Return the date in a file's name, "" when there is none.

    >>> date_in_name("2020-04-16__年报.pdf"), date_in_name("H3_AP202312181.pdf"), date_in_name("a")
    ('2020-04-16', '', '')
    """
    for match in _IN_NAME.finditer(name):
        try:
            return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
        except ValueError:
            continue
    return ""


def _month(text: str) -> int:
    """Return a month's number, 0 when it is none."""
    if text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else 0
    short = text[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0
