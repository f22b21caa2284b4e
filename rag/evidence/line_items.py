"""Names of the lines of statements: "capex" is what some call "Additions to property and equipment".

Neither a dictionary nor a search by words finds a line by another name, so that the usual ones are listed, in both
languages, in `line_items.tsv`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.language import HAN
from index.terms import simplify

LINE_ITEMS_PATH = Path(__file__).parent / "line_items.tsv"

_SPACES = re.compile(r"[\s–—-]+")
# Chinese names, English names, the names of the line that stands for it where it is missing.
_COLUMNS = 3
HEAD = re.compile(r"^.*[:：]\s*(?=\S)")
"""The group before a row's own name: "Current assets: "."""
_NUMBERED = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*")
_BRACKETS = re.compile(r"[（(][^()（）]*[)）]")
# 实收资本（或股本）: another name of the same.
_OR = re.compile(rf"[{HAN}]+[（(]或(?P<other>[{HAN}]+)[)）]")
# "Net income attributable to Pfizer Inc. common shareholders": the company by its name.
_TO_COMPANY = re.compile(
    r"\b(attributable|available) to (?!the company|parent|non ?controlling|owners)[\w.,&' ]+$"
)
_TOTAL = re.compile(r"^total |(?:合计|总计|总额|净额)$|,? net$")


@dataclass(frozen=True, slots=True)
class LineItem:
    """A line of a statement that a text names, and all that it may be called."""

    name: str  # as the list writes it, squashed
    names: frozenset[str]  # squashed
    otherwise: frozenset[str]  # what it is where no line has such a name


def forms_of(label: str) -> tuple[str, ...]:
    """Return a label, and as it reads by the other name that it gives in brackets.

    >>> forms_of("所有者权益（或股东权益）合计")
    ('所有者权益（或股东权益）合计', '股东权益合计')
    """
    other = _OR.sub(lambda match: match["other"], label)
    return (label,) if other == label else (label, other)


def plain_label(label: str) -> str:
    """Return a row's own name: without its group, its number, and notes in brackets.

    >>> plain_label("三、营业利润（亏损以“－”号填列）"), plain_label("减：营业成本")
    ('营业利润', '营业成本')
    """
    return _BRACKETS.sub(" ", _NUMBERED.sub("", HEAD.sub("", label))).strip()


def names_of_line(label: str) -> frozenset[str]:
    """Return all names of the line of a statement that a label, plain, is a name of; none of any other."""
    return _names().get(squashed(label), (frozenset(), frozenset()))[0]


def is_line_item(label: str) -> bool:
    """Say whether a label, plain, is a name of the list."""
    return squashed(label) in _names()


def squashed(name: str) -> str:
    """Return a name as names are compared: in one case, without brackets, "total" and "net" taken off.

    >>> squashed("Property, plant  and equipment, net"), squashed("Net income (loss)"), squashed("流动资产合计")
    ('property, plant and equipment', 'net income', '流动资产')
    """
    plain = _BRACKETS.sub(" ", simplify(name).casefold().replace("’", "'"))
    plain = _TO_COMPANY.sub(r"\1 to the company", _SPACES.sub(" ", plain).strip(" ,:：*"))
    return _TOTAL.sub("", plain).strip(" ,")


def line_items_in(text: str) -> tuple[LineItem, ...]:
    """Return the lines that a text names, in the order of the text; of names that overlap the longest.

    >>> [item.name for item in line_items_in("3M 2018年的营业外收入和capex是多少？")]
    ['营业外收入', 'capex']
    """
    folded = _folded(text)
    taken: dict[tuple[int, int], str] = {}
    for name in _by_length():
        if name not in folded:
            continue
        for match in re.finditer(_edges(name), folded):
            if not any(match.start() < end and start < match.end() for start, end in taken):
                taken[match.span()] = name
    found = {name: None for _, name in sorted(taken.items())}
    return tuple(LineItem(name, *_names()[name]) for name in found)


def without_line_item(text: str, item: LineItem) -> str:
    """Return a text, in one case, without a line that it names."""
    folded = _folded(text)
    return re.sub(_edges(item.name), " ", folded)


def _folded(text: str) -> str:
    """Return a text as names are looked for in it: 期末的现金余额 has 期末现金余额."""
    plain = simplify(text).casefold().replace("’", "'").replace("期末的", "期末")
    return _SPACES.sub(" ", plain)


def _edges(name: str) -> str:
    is_latin = re.search(f"[{HAN}]", name) is None
    around = ("(?<![a-z0-9])", "(?![a-z0-9])") if is_latin else ("", "")
    return around[0] + re.escape(name) + around[1]


@lru_cache(maxsize=1)
def _by_length() -> tuple[str, ...]:
    return tuple(sorted(_names(), key=lambda name: (-len(name), name)))


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return, for each name, all names of its line and those of the line that stands for it, squashed."""
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for line in LINE_ITEMS_PATH.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        parts = (*line.split("\t"), "", "")[:_COLUMNS]
        *own, otherwise = (frozenset(map(squashed, part.split("|"))) - {""} for part in parts)
        names = frozenset().union(*own)
        for name in names:
            before = found.get(name, (frozenset(), frozenset()))
            found[name] = (before[0] | names, before[1] | otherwise)
    return found
