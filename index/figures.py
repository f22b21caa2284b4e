"""The values of figures that are written in words with a scale: 两亿, 四百五十亿, two hundred million."""

import re
from collections.abc import Iterator

_CHINESE_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "两": 2
}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "(?:[一二两三四五六七八九][一二两三四五六七八九十百千零]*|十[一二三四五六七八九]?)"
_PART = re.compile(rf"({_NUMERAL})(万亿|[万亿])")
_CHINESE_FIGURE = re.compile(rf"(?<![十百千万亿数几])(?:{_NUMERAL}(?:万亿|[万亿]))+")

_UNITS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH_NUMBERS = {word: value for value, word in enumerate(_UNITS.split(), start=1)} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
_ENGLISH_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ENGLISH_WORD = "|".join(_ENGLISH_NUMBERS)
ENGLISH_FIGURE = (
    rf"(?:{_ENGLISH_WORD})(?:[\s-](?:and\s)?(?:{_ENGLISH_WORD}|hundred))*"
    rf"\s(?:{'|'.join(_ENGLISH_SCALES)})"
)
"""What an English figure in lower-case words looks like; nothing of it is captured."""


def chinese_values(run: str) -> Iterator[int]:
    """Yield the values of the figures in a run of simplified Han characters.

    >>> list(chinese_values("约四百五十亿元和三亿五千万"))
    [45000000000, 350000000]
    """
    for figure in _CHINESE_FIGURE.finditer(run):
        total, below = 0, 0  # below: what the next 亿 multiplies as well, 一万 in 一万二千亿
        for part in _PART.finditer(figure[0]):
            number = _numeral(part[1])
            below += number * 10**4 if part[2].startswith("万") else number
            if part[2].endswith("亿"):
                total, below = total + below * 10**8, 0
        yield total + below


def _numeral(written: str) -> int:
    """Return a number below 10,000; 二三 counts as its last digit, nobody means a figure by it."""
    total, digit = 0, 0
    for character in written:
        if character in _CHINESE_UNITS:
            total += (digit or 1) * _CHINESE_UNITS[character]
            digit = 0
        else:
            digit = _CHINESE_DIGITS[character]
    return total + digit


def english_value(words: str) -> int:
    """Return the value of what matched ENGLISH_FIGURE.

    >>> english_value("two hundred and thirty-five million")
    235000000
    """
    *numbers, scale = re.findall("[a-z]+", words)
    total = 0
    for word in numbers:
        total = total * 100 if word == "hundred" else total + _ENGLISH_NUMBERS.get(word, 0)
    return total * _ENGLISH_SCALES[scale]
