"""Find Latin names in Chinese text by how they sound: Luther in 马丁·路德, Rihua in 李日华.

Questions ask for people and places that no dictionary holds. In Chinese their names are spelled
with characters; `index.spellings` knows which letters a character may stand for. The index keeps
every pair of neighbouring characters with its places, so a name is compared with the pairs that may
begin it, not with the whole text. The other direction is in `index.spelled`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import IndexMismatch
from index.lexical import Matches
from index.spellings import MAX_LETTERS, Spellings
from index.terms import simplify

Codes = npt.NDArray[np.uint16]
Rows = npt.NDArray[np.int32]

Spellers = Mapping[str, tuple[Rows, npt.NDArray[np.float32]]]
"""Run of letters → characters that may spell it, by their numbers, with probabilities."""

_NUM_CODES = 1 << 16  # of characters in UTF-16 without surrogates

MAX_NAME_CHARACTERS = 8
CERTAIN, CHANCE = -0.7, -1.45
"""Mean log probability of a letter from which a match is one, and below which it is chance: names
in the dictionaries have -0.1 to -1.3 with their own characters, -1.5 and less with others."""

WORST = -2.0
"""The same for the beginning of a name, below which its characters are not read further."""


@dataclass(frozen=True, eq=False)
class NameIndex:
    """Chinese characters of all views by pairs. Characters outside Han are 0.

    The pair `keys[i]` (first << 16 | second) begins at `places[offsets[i]:offsets[i + 1]]`.
    """

    characters: Codes  # of all views end to end, each with a 0 behind it
    starts: Rows  # of each view, and the end
    keys: npt.NDArray[np.uint32]  # ascending
    offsets: Rows
    places: Rows
    _spellers_of: dict[Spellings, Spellers] = field(default_factory=dict)

    @property
    def num_texts(self) -> int:
        """Return how many views are indexed."""
        return len(self.starts) - 1

    def find_any(self, name: str, spellings: Iterable[Spellings]) -> Matches:
        """Return the views that hold a name in any of the spellings, as `find` does, the best each."""
        best = np.zeros(self.num_texts, dtype=np.float32)
        for spelled in spellings:
            if spelled.may_spell(name):
                views, strengths = self.find(name, spelled)
                best[views] = np.maximum(best[views], strengths)
        holding = np.flatnonzero(best).astype(np.int32)
        return holding, best[holding]

    def find(self, name: str, spellings: Spellings) -> Matches:
        """Return the views that hold a name (lower-case letters), ascending, with strengths 0 to 1.

        A view counts by its best match. Names of one character are not looked for.
        """
        steps, rows = self._letter_steps(name, spellings)
        # What no further letters could bring above chance is not read on either.
        least = np.exp(
            np.maximum(WORST * np.arange(len(name) + 1, dtype=np.float32), CHANCE * len(name))
        )
        firsts = np.flatnonzero((steps[:, 0] > least).any(axis=1)[rows])
        pairs = self._pairs_from(firsts)
        second = rows[self._seconds[pairs]]
        pairs, second = pairs[second > 0], second[second > 0]
        first = rows[self._firsts[pairs]]
        states = _advance(steps[first, 0], steps, second, least, 1)
        alive = states.any(axis=1)
        pairs, states = pairs[alive], states[alive]
        sizes = self.offsets[pairs + 1] - self.offsets[pairs]
        begin = np.repeat(self.offsets[pairs] - np.cumsum(sizes) + sizes, sizes)
        places = self.places[begin + np.arange(sizes.sum())]
        states = np.repeat(states, sizes, axis=0)
        found, totals = [places], [states[:, -1]]
        for step in range(2, MAX_NAME_CHARACTERS):
            codes = self.characters[np.minimum(places + step, len(self.characters) - 1)]
            following = rows[self._letters[codes]]
            going = np.flatnonzero(following)
            places, states, following = places[going], states[going], following[going]
            states = _advance(states, steps, following, least, step)
            alive = states.any(axis=1)
            places, states = places[alive], states[alive]
            if not len(places):
                break
            found.append(places)
            totals.append(states[:, -1])
        return self._by_view(np.concatenate(found), np.concatenate(totals), len(name))

    @cached_property
    def _alphabet(self) -> npt.NDArray[np.int64]:
        """Return the codes of the characters that occur, ascending; 0 is the first."""
        return np.flatnonzero(np.bincount(self.characters, minlength=_NUM_CODES))

    @cached_property
    def _letters(self) -> Rows:
        """Return the number of each code in the alphabet, 0 for those outside."""
        letters = np.zeros(_NUM_CODES, dtype=np.int32)
        letters[self._alphabet] = np.arange(len(self._alphabet))
        return letters

    @cached_property
    def _firsts(self) -> Rows:
        """Return the number of the first character of each pair, ascending."""
        return np.asarray(self._letters[self.keys >> 16])

    @cached_property
    def _seconds(self) -> Rows:
        """Return the number of the second character of each pair."""
        return np.asarray(self._letters[self.keys & 0xFFFF])

    @cached_property
    def _pair_starts(self) -> npt.NDArray[np.int64]:
        """Return where the pairs of each first character begin, and the end."""
        return np.searchsorted(self._firsts, np.arange(len(self._alphabet) + 1))

    def _spellers(self, spellings: Spellings) -> Spellers:
        """Return which characters of the alphabet may spell each run of letters."""
        if spellings not in self._spellers_of:
            self._spellers_of[spellings] = {
                letters: (self._letters[codes[occurring]], probabilities[occurring])
                for letters, (codes, probabilities) in spellings.by_letters.items()
                if (occurring := self._letters[codes] > 0).any()
            }
        return self._spellers_of[spellings]

    def _letter_steps(
        self, name: str, spellings: Spellings
    ) -> tuple[npt.NDArray[np.float32], Rows]:
        """Return what a character may add to a part of the name.

        Returns:
            Steps of shape (num_characters + 1, n + 1, n + 1): entry [c, i, j] is the probability
            that character c spells letters i to j; row 0 spells nothing. The row of each character
            of the alphabet.
        """
        length = len(name)
        spellers = self._spellers(spellings)
        spans = [
            (start, end, *found)
            for start in range(length)
            for end in range(start + 1, min(length, start + MAX_LETTERS) + 1)
            if (found := spellers.get(name[start:end]))
        ]
        rows = np.zeros(len(self._alphabet), dtype=np.int32)
        for _, _, letters, _ in spans:
            rows[letters] = 1
        known = np.flatnonzero(rows)
        rows[known] = np.arange(1, len(known) + 1)
        steps = np.zeros((len(known) + 1, length + 1, length + 1), dtype=np.float32)
        for start, end, letters, probabilities in spans:
            steps[rows[letters], start, end] = probabilities
        return steps, rows

    def _pairs_from(self, firsts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the pairs that begin with one of these characters of the alphabet, ascending."""
        lows, highs = self._pair_starts[firsts], self._pair_starts[firsts + 1]
        sizes = highs - lows
        return np.repeat(lows - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())

    def _by_view(self, places: Rows, totals: npt.NDArray[np.float32], length: int) -> Matches:
        strengths = strength_of(np.log(np.maximum(totals, 1e-30)) / length)
        kept = strengths > 0
        views = np.searchsorted(self.starts, places[kept], side="right") - 1
        best = np.zeros(len(self.starts), dtype=np.float32)
        np.maximum.at(best, views, strengths[kept].astype(np.float32))
        holding = np.flatnonzero(best).astype(np.int32)
        return holding, best[holding]

    def save(self, folder: Path) -> None:
        """Write the index as `names_*.npy` files into an existing folder."""
        for name in _ARRAYS:
            np.save(folder / f"names_{name}.npy", getattr(self, name), allow_pickle=False)


_ARRAYS = {
    "characters": np.uint16,
    "starts": np.int32,
    "keys": np.uint32,
    "offsets": np.int32,
    "places": np.int32,
}


def load_name_index(folder: Path) -> NameIndex:
    """Open what `NameIndex.save` wrote; the arrays are memory-mapped, read-only.

    Raises:
        IndexMismatch: A file is missing, unreadable, or they do not belong together.
    """
    try:
        arrays = {
            name: np.load(folder / f"names_{name}.npy", mmap_mode="r", allow_pickle=False).view(
                np.ndarray
            )
            for name in _ARRAYS
        }
    except (OSError, ValueError, EOFError) as error:
        raise IndexMismatch(
            f"{folder}: the name index cannot be read ({error}); build the index again"
        ) from error
    index = NameIndex(**arrays)
    consistent = (
        all(arrays[name].dtype == kind and arrays[name].ndim == 1 for name, kind in _ARRAYS.items())
        and len(index.offsets) == len(index.keys) + 1
        and int(index.offsets[-1]) == len(index.places)
        and len(index.starts) > 0
        and int(index.starts[-1]) == len(index.characters) - 1
    )
    if not consistent:
        raise IndexMismatch(f"{folder}: the files of the name index do not belong together")
    return index


def strength_of(per_letter: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return 0 for chance, 1 for certain, from the mean log probability of a letter."""
    return np.clip((per_letter - CHANCE) / (CERTAIN - CHANCE), 0.0, 1.0)


def build_name_index(texts: Sequence[str]) -> NameIndex:
    """Index the Chinese characters of texts, in simplified form."""
    codes = [_han_codes(text) for text in texts]
    sizes = [len(row) for row in codes]
    starts = np.cumsum([0, *sizes]).astype(np.int32)
    characters = np.concatenate([*codes, np.zeros(1, np.uint16)]).astype(np.uint16)
    keys = (characters[:-1].astype(np.uint32) << 16) | characters[1:]
    places = np.flatnonzero((characters[:-1] > 0) & (characters[1:] > 0)).astype(np.int32)
    keys = keys[places]
    order = np.argsort(keys, kind="stable")
    unique, first = np.unique(keys[order], return_index=True)
    offsets = np.append(first, len(keys)).astype(np.int32)
    return NameIndex(characters, starts, unique, offsets, places[order])


def _han_codes(text: str) -> Codes:
    """Return the code of each character, 0 outside the common Han block, with a 0 behind all."""
    units = np.frombuffer(simplify(text).encode("utf-16-le"), dtype="<u2")
    han = (units >= 0x4E00) & (units <= 0x9FFF)
    return np.append(np.where(han, units, 0), 0).astype(np.uint16)


def _advance(
    states: npt.NDArray[np.float32],
    steps: npt.NDArray[np.float32],
    rows: Rows,
    least: npt.NDArray[np.float32],
    taken: int,
) -> npt.NDArray[np.float32]:
    """Return the probability of having spelled k letters after one more character; unlikely is 0.

    `taken` characters have spelled MAX_LETTERS each at most: what lies behind is not computed.
    """
    advanced = np.zeros_like(states)
    before, after = taken * MAX_LETTERS + 1, (taken + 1) * MAX_LETTERS + 1
    advanced[:, :after] = np.matmul(states[:, None, :before], steps[:, :before, :after][rows])[
        :, 0, :
    ]
    advanced[advanced < least] = 0.0
    return advanced
