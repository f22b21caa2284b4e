"""Learn how names of Japan, Korea, Hong Kong and Vietnam are read.

    python -m index.training.train_readings --unihan Unihan_Readings.txt --names jamdict.db

Their names stand in Chinese text with their own characters and in English as they sound at home:
德川家康 is Tokugawa Ieyasu, 李嘉诚 is Li Ka-shing. Readings of Korean, Cantonese and Vietnamese are
Unihan's (Debian's package unicode-data); Japanese names read characters in ways that no list of
readings holds, so those are learned by EM from the names of JMnedict (CC BY-SA, the database of the
PyPI package jamdict-data 1.5, unpacked).
"""

import argparse
import random
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import opencc

from index.spellings import READINGS_PATH, Spellings, save_readings
from index.training.romanise import KOREAN_SURNAMES, Weights, cantonese, hepburn, korean

NUM_NAMES = 80_000  # of 480,000: twice as many change no probability by more than 0.02
ITERATIONS = 5
MAX_KANA = 5  # that one character reads
MIN_COUNT = 2.0  # names with the character
MIN_PROBABILITY = 0.01
MAX_SPELLINGS = 14  # of one character

Counts = defaultdict[str, defaultdict[str, float]]
"""Character → what it reads → weight."""


def read_names(path: Path) -> list[tuple[str, str]]:
    """Return Japanese names as (characters, hiragana), a fixed sample."""
    with sqlite3.connect(path) as names:
        rows = names.execute(
            "select k.text, a.text from NEKanji k join NEKana a on k.idseq = a.idseq"
        ).fetchall()
    found = {
        (written, kana)
        for written, kana in rows
        if _HAN.fullmatch(written)
        and _HIRAGANA.fullmatch(kana)
        and len(written) <= len(kana) <= MAX_KANA * len(written)
    }
    return random.Random(1).sample(sorted(found), min(NUM_NAMES, len(found)))


_HAN, _HIRAGANA = re.compile("[\u4e00-\u9fff]{1,5}"), re.compile("[ぁ-ゖー]+")


def learn_kana(names: Sequence[tuple[str, str]]) -> Counts:
    """Return how often each character reads each run of kana, by EM over the ways to cut names."""
    probabilities: dict[str, dict[str, float]] = {}
    counts: Counts = _no_counts()
    for _ in range(ITERATIONS):
        counts = _no_counts()
        for characters, kana in names:
            _add_expected(counts, characters, kana, probabilities)
        probabilities = {
            character: {run: count / total for run, count in row.items()}
            for character, row in counts.items()
            if (total := sum(row.values()))
        }
    return counts


def _no_counts() -> Counts:
    return defaultdict(lambda: defaultdict(float))


def _add_expected(
    counts: Counts, characters: str, kana: str, probabilities: Mapping[str, Mapping[str, float]]
) -> None:
    """Add the expected counts of one name: forward and backward over the cuts of its kana."""
    size = len(kana)

    def weight(character: str, run: str) -> float:
        if not probabilities:
            return 0.5 ** abs(len(run) - 2)  # before anything is known: about two kana each
        return probabilities.get(character, {}).get(run, _UNSEEN)

    steps = [
        {
            (start, end): weight(character, kana[start:end])
            for start in range(size)
            for end in range(start + 1, min(size, start + MAX_KANA) + 1)
        }
        for character in characters
    ]
    forward = [[1.0] + [0.0] * size]
    for step in steps:
        reached = [0.0] * (size + 1)
        for (start, end), value in step.items():
            reached[end] += forward[-1][start] * value
        forward.append(reached)
    total = forward[-1][size]
    if total <= 0.0:
        return
    backward = [0.0] * size + [1.0]
    for character, step, before in zip(
        reversed(characters), reversed(steps), reversed(forward[:-1]), strict=True
    ):
        left = [0.0] * (size + 1)
        for (start, end), value in step.items():
            onward = value * backward[end]
            left[start] += onward
            if share := before[start] * onward / total:
                counts[character][kana[start:end]] += share
        backward = left


_UNSEEN = 1e-6


def japanese(names: Sequence[tuple[str, str]]) -> Counts:
    """Return the readings of characters, in simplified form, in Latin letters."""
    to_traditional, to_simplified = (opencc.OpenCC(name).convert for name in ("jp2t", "t2s"))
    readings = _no_counts()
    for character, row in learn_kana(names).items():
        simplified = to_simplified(to_traditional(character))
        for kana, count in row.items():
            for letters, weight in hepburn(kana.rstrip("っ")).items():
                if letters and count >= _MIN_SHARE:
                    readings[simplified][letters] += weight * count
    return Counts(
        readings.default_factory,
        {c: r for c, r in readings.items() if sum(r.values()) >= MIN_COUNT},
    )


_MIN_SHARE = 0.5


def from_unihan(lines: Sequence[str], field: str, spell: Callable[[str], Weights]) -> Counts:
    """Return the readings of one field of Unihan; the first of several counts most."""
    to_simplified = opencc.OpenCC("t2s").convert
    readings = _no_counts()
    for character, values in _fields(lines, field):
        for number, value in enumerate(values.split()):
            for letters, weight in spell(value.split(":")[0]).items():
                if letters:
                    readings[to_simplified(character)][letters] += weight / (1 + number)
    return readings


def _fields(lines: Sequence[str], field: str) -> Iterator[tuple[str, str]]:
    for line in lines:
        code, name, value = line.split("\t")
        if name == field:
            yield chr(int(code.removeprefix("U+"), 16)), value


def vietnamese(reading: str) -> Weights:
    """Return a Vietnamese reading without its marks."""
    marked = unicodedata.normalize("NFD", reading.replace("đ", "d"))
    return {re.sub("[^a-z]", "", marked): 1.0}


def main() -> None:
    """Read both sources and write the readings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unihan", type=Path, required=True, metavar="FILE")
    parser.add_argument("--names", type=Path, required=True, metavar="FILE")
    parser.add_argument("--out", type=Path, default=READINGS_PATH)
    options = parser.parse_args()
    text = options.unihan.read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line.startswith("U+")]
    in_use = {
        character for character, _ in _fields(lines, "kTGHZ2013") if _HAN.fullmatch(character)
    }
    of_korean = from_unihan(lines, "kHangul", korean)
    for character, spelled in KOREAN_SURNAMES.items():
        for letters, weight in spelled.items():
            of_korean[character][letters] += weight
    tables = {
        "ja": japanese(read_names(options.names)),
        "ko": of_korean,
        "vi": from_unihan(lines, "kVietnamese", vietnamese),
        "yue": from_unihan(lines, "kCantonese", cantonese),
    }
    readings = {language: Spellings(_pruned(table, in_use)) for language, table in tables.items()}
    save_readings(options.out, readings)
    sizes = {language: len(table.by_character) for language, table in readings.items()}
    print(f"{options.out}: characters {sizes}, {options.out.stat().st_size:,} bytes")


def _pruned(table: Counts, in_use: set[str]) -> dict[str, dict[str, float]]:
    """Return probabilities, the most probable first, of the characters of the standard table."""
    pruned = {}
    for character in sorted(in_use & table.keys()):
        row = table[character]
        total = sum(row.values())
        ranked = sorted(row.items(), key=lambda item: (-item[1], item[0]))[:MAX_SPELLINGS]
        pruned[character] = {
            letters: weight / total
            for letters, weight in ranked
            if weight / total >= MIN_PROBABILITY
        }
    return pruned


if __name__ == "__main__":
    main()
