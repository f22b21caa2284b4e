"""Numbers and months under the other names that a text may give them: four, 四个 and 4."""

import re
from collections.abc import Iterator
from functools import lru_cache

from index.terms import analyze

Alternatives = tuple[tuple[str, float], ...]
"""Terms that may stand for a number, with strengths."""

_CARDINALS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty"""
_ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
         "ninety": 90, "hundred": 100}  # fmt: skip
_MONTHS = """january february march april may june july august september october november
    december"""
_DIGITS = "零一二三四五六七八九"

# Measure words that grow together with a numeral in the dictionary by which text is cut.
_MEASURES = (
    "个种类大项次名位人家部件条座届级期场倍层所处代世季年月天日周"
    "支队组对双块张台辆艘架轮步只颗卷章点分成边者国省市县方面样道门"
)

WRITTEN_OTHERWISE = 0.9
"""Strength of a number that is written in another way: it is the same number."""

MONTH_IN_DIGITS = 0.5
"""Strength of the 12 of 12月 for December: most numbers of a text are no months."""

_LARGEST = 100


def number_alternatives(term: str) -> Alternatives:
    """Return the other names of an analyzed term if it is a number up to 100 or a month, else ().

    >>> dict(number_alternatives("four"))["4"]
    0.9
    >>> [name for name, _ in number_alternatives("四个")][:2]
    ['4', 'four']
    """
    return _alternatives().get(term, ())


def months_in(question: str) -> Iterator[str]:
    """Yield the terms of the English months that a Chinese question names in digits (12月)."""
    for match in _CHINESE_MONTH.finditer(question):
        number = int(match[1])
        if 1 <= number <= _NUM_MONTHS:
            yield from analyze(_MONTHS.split()[number - 1])  # none for May, which is a stop word


_NUM_MONTHS = 12
_CHINESE_MONTH = re.compile(r"(?<!\d)(1?\d)\s?月")


@lru_cache(maxsize=1)
def _alternatives() -> dict[str, Alternatives]:
    table: dict[str, Alternatives] = {}
    for number in range(2, _LARGEST + 1):  # one and 一 are everywhere and mean little
        names = list(_names(number))
        for name in names:
            table[name] = tuple((other, WRITTEN_OTHERWISE) for other in names if other != name)
    for number, month in enumerate(_MONTHS.split(), start=1):
        if month not in _AMBIGUOUS_MONTHS:
            table[analyze(month)[0]] = (
                (f"{_chinese(number)}月", WRITTEN_OTHERWISE),
                (str(number), MONTH_IN_DIGITS),
            )
    return table


_AMBIGUOUS_MONTHS = frozenset({"may", "march"})


def _names(number: int) -> Iterator[str]:
    """Yield a number in digits, in English, and in Chinese with and without measure words."""
    yield str(number)
    cardinals = dict(enumerate(_CARDINALS.split(), start=1))
    cardinals |= {value: word for word, value in _TENS.items()}
    ordinals = dict(enumerate(_ORDINALS.split(), start=1))
    if number in cardinals:
        yield analyze(cardinals[number])[0]
    if number in ordinals and number >= _FIRST_ORDINAL:
        yield analyze(ordinals[number])[0]
    for numeral in {2: ("二", "两")}.get(number, (_chinese(number),)):
        yield numeral
        yield from (numeral + measure for measure in _MEASURES)


_FIRST_ORDINAL = 3  # a second is a time, and the first is everything


def _chinese(number: int) -> str:
    """Return a number from 1 to 100 in Chinese numerals.

    >>> _chinese(19), _chinese(40), _chinese(55)
    ('十九', '四十', '五十五')
    """
    if number == _LARGEST:
        return "一百"
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[units] if units else "")
