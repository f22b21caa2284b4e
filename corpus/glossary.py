"""The shared glossary: Chinese and English names of companies, brokers, products and terms.

One line per thing: Chinese names, English names, its kind, and other names (tickers, traditional
forms), apart by tabs; "|" between names of one column. Users put lines of their own into
`aliases.tsv` in the folder of an index.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from corpus.errors import GlossaryError

GLOSSARY_PATH = Path(__file__).parent / "glossary.tsv"
ALIASES_NAME = "aliases.tsv"
_MIN_COLUMNS = 2
_HEADER = ["zh", "en"]
# Six digits name a share of mainland China without the exchange behind them.
_MAINLAND = re.compile(r"^(?P<code>\d{6})\.(?:SH|SS|SZ|BJ)$", re.IGNORECASE)
_HONG_KONG = re.compile(r"^0*(?P<code>\d{1,5})\.HK$", re.IGNORECASE)


def use_aliases(path: Path, companies: Iterable[Sequence[str]] = ()) -> None:
    """Read names from a user's file too, or from none when there is no such file.

    Args:
        path: The user's file.
        companies: The names of each company that files a report of its own on the shelf.

    Raises:
        GlossaryError: A line of the file is not a line of names.
    """
    found = tuple(_read(path)) if path.is_file() else ()
    groups = tuple(dict.fromkeys(tuple(names) for names in companies if len(names) > 1))
    if found != _aliases[0] or groups != _companies[0]:
        _aliases[0], _companies[0] = found, groups
        _names.cache_clear()
        _proper_names.cache_clear()
        _words.cache_clear()


def reporting_companies() -> tuple[tuple[str, ...], ...]:
    """Return the names of each company that files a report of its own on the shelf, as printed."""
    return _companies[0]


_Line = tuple[str, frozenset[str]]
"""A kind and the names of one thing."""

_aliases: list[tuple[_Line, ...]] = [()]
"""What the user added, for this process: one index is open at a time."""

_companies: list[tuple[tuple[str, ...], ...]] = [()]
"""Names that companies give themselves in their reports, as printed."""


def names_of(name: str) -> tuple[str, ...]:
    """Return the other names of something, in both languages, sorted; () when it is unknown."""
    return tuple(sorted(_names().get(name.casefold(), frozenset()) - {name}))


def names_in(text: str) -> tuple[str, ...]:
    """Return the proper names of the glossary that stand in a text, longest first.

    Latin names and tickers match whole words in any case, but a single word that only a report
    gives as its company's name (Target, NOW) with its capitals; a name inside a longer one that was
    found is not found again.
    """
    folded = text.casefold()
    found: list[str] = []
    for name in _proper_names():
        if name not in folded or any(name in longer for longer in found):
            continue
        if name.isascii():
            forms = "|".join(map(re.escape, _words().get(name, (name,))))
            where = text if name in _words() else folded
            if not re.search(rf"(?<![A-Za-z0-9])(?:{forms})(?![A-Za-z0-9])", where):
                continue
        found.append(name)
    return tuple(found)


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    """Return the forms of the Latin names of one word that only reports give, by case folded name."""
    shipped = {name.casefold() for _, group in (*_shipped(), *_aliases[0]) for name in group}
    return {
        name.casefold(): tuple(dict.fromkeys((name, name.upper(), name.capitalize())))
        for names in _companies[0]
        for name in names
        if name.isascii() and name.isalpha() and name.casefold() not in shipped
    }


@lru_cache(maxsize=1)
def _proper_names() -> tuple[str, ...]:
    """Return the names of companies, brokers, products and people, case folded, longest first."""
    names = {
        name.casefold()
        for kind, group in _lines()
        if kind in PROPER_KINDS
        for name in group
        if len(name) > 1
    }
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


PROPER_KINDS = frozenset({"company", "broker", "product", "model", "person", "institution", "fund"})
"""Kinds whose names are proper names; a line of a user's file without a kind is a company."""


def _lines() -> Iterator[_Line]:
    """Yield the kind and the names of each line."""
    yield from _shipped()
    yield from _aliases[0]
    for names in _companies[0]:
        yield "company", frozenset({form for name in names for form in _spellings(name)})


def _shipped() -> Iterator[_Line]:
    """Yield the lines of the shipped file, which is optional."""
    if GLOSSARY_PATH.is_file():
        yield from _read(GLOSSARY_PATH)


def _read(path: Path) -> Iterator[_Line]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GlossaryError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    for number, line in enumerate(lines, start=1):
        columns = [column.strip() for column in line.split("\t")]
        if not line.strip() or line.startswith("#") or columns[:2] == _HEADER:
            continue
        if len(columns) < _MIN_COLUMNS:
            raise GlossaryError(
                f"{path}, line {number}: found {line[:60]!r}; a line is Chinese names, English names, "
                "kind, other names, with a tab between them and | between names; correct or delete it"
            )
        kind = columns[2] if len(columns) > 2 and columns[2] else "company"
        names = {
            name for place in (0, 1, 3) for name in "".join(columns[place : place + 1]).split("|")
        }
        yield kind, frozenset({spelling for name in names if name for spelling in _spellings(name)})


def _spellings(name: str) -> set[str]:
    """Return a name as it may be written: tickers with and without their exchange or zeros.

    >>> sorted(_spellings("0700.HK")), sorted(_spellings("600519.SH")), _spellings("Moutai")
    (['00700.HK', '0700.HK', '700.HK'], ['600519', '600519.SH'], {'Moutai'})
    """
    if match := _MAINLAND.match(name):
        return {name, match["code"]}
    if match := _HONG_KONG.match(name):
        code = match["code"]
        return {name, f"{code}.HK", f"{code:0>4}.HK", f"{code:0>5}.HK"}
    return {name}


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    """Return each name, case folded, with all names on its lines."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for _, group in _lines():
        for name in group:
            names[name.casefold()] |= group
    return {name: frozenset(group) for name, group in names.items()}
