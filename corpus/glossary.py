"""The shared glossary: Chinese and English names of companies, brokers, products and terms."""

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

GLOSSARY_PATH = Path(__file__).parent / "glossary.tsv"


def names_of(name: str) -> tuple[str, ...]:
    """Return the other names of something, in both languages, sorted; () when it is unknown."""
    return tuple(sorted(_names().get(name.casefold(), frozenset()) - {name}))


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    """Return each name, case folded, with all names on its line."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    if GLOSSARY_PATH.is_file():
        for line in GLOSSARY_PATH.read_text(encoding="utf-8").split("\n"):
            if line.startswith("#") or "\t" not in line:
                continue
            chinese, english = line.split("\t")[:2]
            group = {*chinese.split("|"), *english.split("|")} - {""}
            for name in group:
                names[name.casefold()] |= group
    return {name: frozenset(group) for name, group in names.items()}
