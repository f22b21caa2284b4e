"""How Chinese characters spell names in Latin letters: 路德 and Luther, 严长寿 and Yan Changshou.

`models/spellings.tsv.gz` is learned by `index.training.train_spellings`: for each character, runs
of letters that it stands for in names, with probabilities. `models/readings.tsv.gz` is the same for
names whose characters are read in another language than Mandarin (`index.training.train_readings`).
"""

import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import IndexMissing

Codes = npt.NDArray[np.int32]
Probabilities = npt.NDArray[np.float32]

SPELLINGS_PATH = Path(__file__).parent / "models" / "spellings.tsv.gz"
READINGS_PATH = Path(__file__).parent / "models" / "readings.tsv.gz"
MAX_LETTERS = 6  # that one character spells: Zhuang

_NO_LETTER = re.compile("[^a-z]")


_LEAST = {1: 0.03, 2: 0.01}
"""Least probability of one or two letters: half of all characters may stand for any of them, which
says nothing and costs most of the time of a search (recall is the same to 0.004)."""


@dataclass(frozen=True, eq=False)
class Spellings:
    """Character → run of lower-case letters (may be "") → probability."""

    by_character: Mapping[str, Mapping[str, float]]

    @cached_property
    def by_letters(self) -> Mapping[str, tuple[Codes, Probabilities]]:
        """Return, for each run of letters, the code points that may spell it, with probabilities."""
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for character, row in self.by_character.items():
            for letters, probability in row.items():
                if probability >= _LEAST.get(len(letters), 0.0):
                    found[letters].append((ord(character), probability))
        return {
            letters: (
                np.array([code for code, _ in entries], dtype=np.int32),
                np.array([probability for _, probability in entries], dtype=np.float32),
            )
            for letters, entries in found.items()
        }

    def may_spell(self, name: str) -> bool:
        """Say whether a name (lower-case letters) falls into runs that some characters spell."""
        reached = [True] + [False] * len(name)
        for end in range(1, len(name) + 1):
            reached[end] = any(
                reached[start] and name[start:end] in self.by_letters
                for start in range(max(0, end - MAX_LETTERS), end)
            )
        return reached[-1]


def letters_of(word: str) -> str:
    """Return a word in lower-case letters a to z, accents and everything else dropped."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFD", word).casefold())


def save_spellings(path: Path, spellings: Spellings) -> None:
    """Write one line per character: the character, then spelling and probability in turn."""
    _write(path, [_line(character, row) for character, row in spellings.by_character.items()])


def save_readings(path: Path, readings: Mapping[str, Spellings]) -> None:
    """Write lines as `save_spellings` does, each after the code of its language."""
    _write(
        path,
        [
            f"{language}\t{_line(character, row)}"
            for language, spellings in readings.items()
            for character, row in spellings.by_character.items()
        ],
    )


def _line(character: str, row: Mapping[str, float]) -> str:
    return "\t".join([character, *(f"{name}\t{weight:.3f}" for name, weight in row.items())])


def _write(path: Path, lines: list[str]) -> None:
    # mtime=0: the same spellings give the same bytes.
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


@lru_cache(maxsize=4)
def load_spellings(path: Path = SPELLINGS_PATH) -> Spellings:
    """Read what `save_spellings` wrote.

    Raises:
        IndexMissing: The file is not there.
    """
    return Spellings(dict(_row(line.split("\t")) for line in _read_lines(path)))


@lru_cache(maxsize=4)
def load_readings(path: Path = READINGS_PATH) -> Mapping[str, Spellings]:
    """Read what `save_readings` wrote: "ja", "ko", "vi", "yue" → how characters are read there.

    Raises:
        IndexMissing: The file is not there.
    """
    rows: dict[str, dict[str, Mapping[str, float]]] = defaultdict(dict)
    for line in _read_lines(path):
        language, *rest = line.split("\t")
        character, row = _row(rest)
        rows[language][character] = row
    return {language: Spellings(found) for language, found in rows.items()}


def _row(columns: list[str]) -> tuple[str, Mapping[str, float]]:
    character, *rest = columns
    return character, dict(zip(rest[::2], map(float, rest[1::2]), strict=True))


def _read_lines(path: Path) -> list[str]:
    if not path.is_file():
        raise IndexMissing(
            f"{path} is missing; it is part of the repository, restore it with git checkout"
        )
    return gzip.decompress(path.read_bytes()).decode().split("\n")
