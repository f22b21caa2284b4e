"""Spans of time as tables of returns abbreviate them: 1M, 3M, 12M."""

import re

_SPAN = re.compile(r"(?P<number>\d{1,2})\s?(?P<unit>[DWMY])")
_UNITS = {"D": ("天", "day"), "W": ("周", "week"), "M": ("个月", "month"), "Y": ("年", "year")}
# By number; from one on.
_HAN = ["", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
_ENGLISH = [
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def spelled_out(label: str) -> str:
    """Return how a question may say the span of time that heads a column, "" for another header.

    >>> spelled_out("3M"), spelled_out("Revenue")
    ('3个月 三个月 3 month three month', '')
    """
    match = _SPAN.fullmatch(label.strip())
    if not match:
        return ""
    number = int(match["number"])
    chinese, english = _UNITS[match["unit"]]
    said = [f"{number}{chinese}", f"{number} {english}"]
    if number < len(_HAN):
        said = [said[0], f"{_HAN[number]}{chinese}", said[1], f"{_ENGLISH[number]} {english}"]
    return " ".join(said)
