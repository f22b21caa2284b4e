"""The names of a report's analysts, as a question may write them: 赵丹, Zhao Dan, Dan Zhao."""

import re
from functools import lru_cache
from itertools import product

from corpus.language import HAN
from corpus.schema import Document, Language
from index.background import rarity
from index.opened import OpenedIndex
from index.spellings import load_spellings
from rag.evidence.reader import reader_of

_LEAST_READ = 0.2  # probability of a reading of a character
_MOST_FORMS = 12
_LONGEST = 4  # characters of a Chinese name
_COMMON = 0.7  # rarity below which two characters are a word before they are a name
_LATIN_NAME = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+){1,2}\b")
_HAN_NAME = re.compile(f"[{HAN}]{{2,{_LONGEST}}}")


def analyst_names(index: OpenedIndex, document: Document) -> dict[str, frozenset[str]]:
    """Return, for each analyst of a document, the forms of the name in both languages."""
    return {
        analyst.name: frozenset(
            (analyst.name, *_spelled(analyst.name), *_rendered(index, document, analyst.name))
        )
        for analyst in document.metadata.analysts
        if not _is_word(analyst.name)
    }


def is_in(forms: frozenset[str], text: str) -> bool:
    """Say whether a text has one of the forms of a name; Latin ones in any case."""
    return any(
        re.search(rf"(?<![A-Za-z]){re.escape(form)}(?![A-Za-z])", text, re.IGNORECASE)
        if form.isascii()
        else form in text
        for form in forms
    )


def _is_word(name: str) -> bool:
    return _HAN_NAME.fullmatch(name) is not None and rarity(name) < _COMMON


@lru_cache(maxsize=1 << 10)
def _spelled(name: str) -> tuple[str, ...]:
    """Return a Chinese name in Latin letters, the surname before and behind.

    >>> _spelled("陆清和")
    ('Lu Qinghe', 'Qinghe Lu')
    """
    if not _HAN_NAME.fullmatch(name):
        return ()
    rows = load_spellings().by_character
    read = [
        [letters for letters, p in rows.get(character, {}).items() if p >= _LEAST_READ and letters]
        for character in name
    ]
    forms: list[str] = []
    for surname, *given in list(product(*read))[:_MOST_FORMS]:
        joined = "".join(given).capitalize()
        forms += [f"{surname.capitalize()} {joined}", f"{joined} {surname.capitalize()}"]
    return tuple(dict.fromkeys(forms))


def _rendered(index: OpenedIndex, document: Document, name: str) -> tuple[str, ...]:
    """Return the Latin names in the English edition of the cover line that has a name."""
    reader = reader_of(index, document.doc_id, Language.EN)
    lines = (
        text
        for (start, end), text in reader.renderings.items()
        if name in document.text[start:end][:60]
    )
    first = next(lines, "")
    return tuple(_LATIN_NAME.findall(first.split(":")[-1])) if len(first) < 80 else ()
