"""Is a sentence in the language of the answer, and does it speak of what its evidence speaks of?"""

import re

from corpus.language import HAN, count_han
from corpus.schema import Language
from index.background import rarity
from index.terms import analyze
from rag.verification.sources import Source
from rag.verification.vocabulary import Translate

_HAN_RUN = re.compile(f"[{HAN}]+")
_OTHER_SCRIPT = re.compile(
    r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0370-\u03ff\u0600-\u06ff\u0590-\u05ff\u0900-\u0e7f]"
)
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")
_KNOWN = 0.9  # rarity below which an English word is one that English texts use
_MANY_WORDS = 4  # fewer may all be names


def is_in_language(text: str, language: Language, source: Source) -> bool:
    """Say whether a sentence is in a language; names may keep their own script.

    Neither is a sentence in a third language, told by its script or by the lack of English words.
    """
    if _OTHER_SCRIPT.search(text):
        return False
    words = _WORD.findall(text)
    num_han = count_han(text)
    if language is Language.ZH:
        # Latin words of the evidence are names and labels, not another language.
        foreign = [word for word in words if not _is_of(word, source)]
        return num_han > len(foreign) or (num_han == 0 and len(words) <= _MANY_WORDS)
    # What the evidence prints in Chinese may be a name that has no English form.
    rest = _HAN_RUN.sub(lambda run: "" if run[0] in source.all_text else run[0], text)
    if count_han(rest) > 0 or num_han > 2 * len(words):
        return False
    known = [word for word in words if _is_of(word, source) or _is_english(word)]
    return len(words) < _MANY_WORDS or 2 * len(known) > len(words)


def _is_of(word: str, source: Source) -> bool:
    return word.casefold() in source.all_text


def _is_english(word: str) -> bool:
    # Stop words have no term at all.
    return word.isascii() and all(rarity(term) < _KNOWN for term in analyze(word))


def coverage(text: str, source: Source, translate: Translate) -> float:
    """Return how much of what a sentence says is in its evidence, from 0 to 1.

    Terms count by their rarity in everyday text; a term is there in itself or in a likely
    translation. A sentence without terms is covered.
    """
    total = found = 0.0
    for term in dict.fromkeys(analyze(text)):
        weight = rarity(term)
        total += weight
        if term in source.terms or any(other in source.terms for other in translate(term)):
            found += weight
    return found / total if total else 1.0
