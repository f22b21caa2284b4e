"""How Chinese characters spell names in Latin letters: 路德 and Luther, 严长寿 and Yan Changshou.

`models/spellings.tsv.gz` is learned by `index.training.train_spellings`: for each character, runs
of letters that it stands for in names, with probabilities.
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


def letters_of(word: str) -> str:
    """Return a word in lower-case letters a to z, accents and everything else dropped."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFD", word).casefold())


def save_spellings(path: Path, spellings: Spellings) -> None:
    """Write one line per character: the character, then spelling and probability in turn."""
    lines = [
        "\t".join([character, *(f"{name}\t{weight:.3f}" for name, weight in row.items())])
        for character, row in spellings.by_character.items()
    ]
    # mtime=0: the same spellings give the same bytes.
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


@lru_cache(maxsize=4)
def load_spellings(path: Path = SPELLINGS_PATH) -> Spellings:
    """Read what `save_spellings` wrote.

    Raises:
        IndexMissing: The file is not there.
    """
    if not path.is_file():
        raise IndexMissing(
            f"{path} is missing; it is part of the repository, restore it with git checkout"
        )
    rows = {}
    for line in gzip.decompress(path.read_bytes()).decode().split("\n"):
        character, *rest = line.split("\t")
        rows[character] = dict(zip(rest[::2], map(float, rest[1::2]), strict=True))
    return Spellings(rows)
