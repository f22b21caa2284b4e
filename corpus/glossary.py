"""The shared glossary: Chinese and English names of companies, brokers, products and terms."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

GLOSSARY_PATH = Path(__file__).parent / "glossary.tsv"


def names_of(name: str) -> tuple[str, ...]:
    """Return the other names of something, in both languages, sorted; () when it is unknown."""
    return tuple(sorted(_names().get(name.casefold(), frozenset()) - {name}))


def names_in(text: str) -> tuple[str, ...]:
    """Return the proper names of the glossary that stand in a text, longest first.

    Latin names match whole words in any case; a name inside a longer one that was found is not
    found again.
    """
    folded = text.casefold()
    found: list[str] = []
    for name in _proper_names():
        if name not in folded or any(name in longer for longer in found):
            continue
        if not name.isascii() or re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", folded):
            found.append(name)
    return tuple(found)


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


def _lines() -> Iterator[tuple[str, set[str]]]:
    """Yield the kind and the names of each line; the file is optional."""
    if not GLOSSARY_PATH.is_file():
        return
    for line in GLOSSARY_PATH.read_text(encoding="utf-8").split("\n"):
        if line.startswith("#") or "\t" not in line:
            continue
        chinese, english, *rest = line.split("\t")
        yield (rest[0].strip() if rest else ""), {*chinese.split("|"), *english.split("|")} - {""}


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    """Return each name, case folded, with all names on its line."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for _, group in _lines():
        for name in group:
            names[name.casefold()] |= group
    return {name: frozenset(group) for name, group in names.items()}
