"""Names in a question: which words of an English one may be, what a Chinese one may spell."""

import math
import re
from collections.abc import Callable, Iterator

import numpy as np

from index.latin import LatinWords, are_beginnings, is_word
from index.names import MAX_NAME_CHARACTERS, strength_of
from index.spellings import Spellings, letters_of
from index.terms import cut_words, is_stop_word, simplify

MIN_NAME_LETTERS = 4  # three letters sound like something in every text
MAX_NAME_LETTERS = 20

_LATIN_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")


def latin_names(question: str) -> list[str]:
    """Return what may be a name in a question, as letters: capitalised words, and neighbours joined.

    A question without capitalised words was typed in haste: then every word may be one.

    >>> latin_names("Where was Li Rihua born?")
    ['rihua', 'lirihua']
    >>> latin_names("where was luther born")
    ['luther', 'born', 'lutherborn']
    """
    words = [
        match for match in _LATIN_WORD.finditer(question) if not is_stop_word(match[0].casefold())
    ]
    capitalised = [match for match in words if match[0][0].isupper()]
    names: dict[str, None] = {}
    run: list[str] = []
    last_end = -2
    for match in capitalised or words:
        if question[last_end : match.start()] != " ":
            run = []
        run.append(letters_of(match[0]))
        last_end = match.end()
        for size in range(1, min(_MAX_JOINED_WORDS, len(run)) + 1):
            names["".join(run[-size:])] = None
    return [name for name in names if MIN_NAME_LETTERS <= len(name) <= MAX_NAME_LETTERS]


_MAX_JOINED_WORDS = 3  # Li Rihua is 李日华, Queen and a name is not


def spelled_terms(
    question: str, words: LatinWords, spellings: Spellings, is_known: Callable[[str], bool]
) -> list[dict[str, float]]:
    """Return which terms the characters of a Chinese question may spell, with strengths 0 to 1.

    Args:
        question: Any text; only its Han characters are read.
        words: Those that can be found.
        spellings: How characters are spelled.
        is_known: Whether a Chinese word has translations; then it is no name to be spelled.

    Returns:
        One dictionary for each character from which something can be spelled, in order.
    """
    found = []
    for run in _name_runs(simplify(question), is_known):
        for start in range(len(run) - 1):
            if spelled := _spell(run[start : start + MAX_NAME_CHARACTERS], words, spellings):
                found.append(spelled)
    return found


def _name_runs(question: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    """Yield the longest runs of characters outside known words."""
    for han in _HAN_RUN.findall(question):
        run = ""
        for word in cut_words(han):
            if is_stop_word(word) or (len(word) > 1 and is_known(word)):
                yield run
                run = ""
            else:
                run += word
        yield run


_HAN_RUN = re.compile("[\u4e00-\u9fff]+")


def _spell(characters: str, words: LatinWords, spellings: Spellings) -> dict[str, float]:
    """Spell characters from the first on, two or more, along the words that begin like it."""
    beam = {"": 1.0}
    found: dict[str, float] = {}
    for size, character in enumerate(characters, start=1):
        grown: dict[str, float] = {}
        for prefix, weight in beam.items():
            for letters, probability in spellings.by_character.get(character, {}).items():
                spelled = prefix + letters
                grown[spelled] = grown.get(spelled, 0.0) + weight * probability
        ranked = sorted(grown.items(), key=lambda item: (-item[1], item[0]))[: 4 * _BEAM]
        begun = are_beginnings([prefix for prefix, _ in ranked], words)
        beam = dict([item for item, begins in zip(ranked, begun, strict=True) if begins][:_BEAM])
        if not beam:
            break
        if size == 1:
            continue
        for name, weight in beam.items():
            if len(name) >= MIN_NAME_LETTERS and is_word(name, words):
                strength = float(strength_of(np.array(math.log(weight) / len(name))))
                if strength > found.get(name, 0.0):
                    found[name] = strength
    return found


_BEAM = 40  # spellings kept after each character
