"""Find Latin names in Chinese text by how they sound: Luther in 马丁·路德, Rihua in 李日华.

Questions ask for people and places that no dictionary holds. In Chinese their names are spelled
with characters; `index.spellings` knows which letters a character may stand for. The index keeps
every pair of neighbouring characters with its places, so a name is compared with the pairs that may
begin it, not with the whole text. The other direction is in `index.spelled`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import Kinds, open_arrays, save_arrays
from index.errors import IndexMismatch
from index.lexical import Alive, Matches
from index.spelling_steps import NUM_CODES, Rows, Steps, letter_steps
from index.spellings import Spellings
from index.terms import simplify

Codes = npt.NDArray[np.uint16]

MAX_NAME_CHARACTERS = 8
CERTAIN, CHANCE = -0.7, -1.45
"""Mean log probability of a letter from which a match is one, and below which it is chance: names
in the dictionaries have -0.1 to -1.3 with their own characters, -1.5 and less with others."""

WORST = -2.0
"""The same for the beginning of a name, below which its characters are not read further."""


@dataclass(frozen=True, eq=False)
class NameIndex:
    """Chinese characters of all views by pairs. A run of others is one 0.

    The pair `keys[i]` (first << 16 | second) begins at `places[offsets[i]:offsets[i + 1]]`.
    """

    characters: Codes  # of all views end to end, each with a 0 behind it
    starts: Rows  # of each view, and the end
    keys: npt.NDArray[np.uint32]  # ascending
    offsets: Rows
    places: Rows

    @property
    def num_texts(self) -> int:
        """Return how many views are indexed."""
        return len(self.starts) - 1

    def find(self, name: str, spellings: Spellings) -> Matches:
        """Return the views that hold a name (lower-case letters), ascending, with strengths 0 to 1.

        A view counts by its best match. Names of one character are not looked for.
        """
        return self.find_steps(letter_steps(name, spellings, self.occurring))

    @cached_property
    def occurring(self) -> npt.NDArray[np.bool_]:
        """Return which UTF-16 codes stand in a pair."""
        found = np.zeros(NUM_CODES, dtype=np.bool_)
        found[self.keys >> 16] = True
        found[self.keys & 0xFFFF] = True
        return found

    def find_steps(self, steps: Steps) -> Matches:
        """Return what `find` does, for what spells parts of a name."""
        letters = np.arange(steps.length + 1, dtype=np.float32)
        # What no further letters could bring above chance is not read on either.
        least = np.exp(np.maximum(WORST * letters, CHANCE * steps.length))
        pairs = self._pairs_from(steps.first_codes(least))
        first, second = steps.rows[self.keys[pairs] >> 16], steps.rows[self.keys[pairs] & 0xFFFF]
        going = np.flatnonzero(steps.reached(steps.table[:, 0])[first] & steps.begins[second])
        pairs, first, second = pairs[going], first[going], second[going]
        states = steps.advance(steps.table[first, 0], second, least)
        alive = np.flatnonzero(states.any(axis=1))
        pairs, states = pairs[alive], states[alive]
        sizes = self.offsets[pairs + 1] - self.offsets[pairs]
        begin = np.repeat(self.offsets[pairs] - np.cumsum(sizes) + sizes, sizes)
        places = self.places[begin + np.arange(sizes.sum())]
        states = np.repeat(states, sizes, axis=0)
        found, totals = [places], [states[:, -1]]
        for step in range(2, MAX_NAME_CHARACTERS):
            following = steps.rows[
                self.characters[np.minimum(places + step, len(self.characters) - 1)]
            ]
            going = np.flatnonzero(steps.reached(states) & steps.begins[following])
            places, states = places[going], steps.advance(states[going], following[going], least)
            alive = np.flatnonzero(states.any(axis=1))
            places, states = places[alive], states[alive]
            if not len(places):
                break
            found.append(places)
            totals.append(states[:, -1])
        return self._by_view(np.concatenate(found), np.concatenate(totals), steps.length)

    def _pairs_from(self, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the pairs that begin with one of these characters, ascending."""
        lows, highs = np.searchsorted(
            self.keys, np.stack([codes << 16, (codes + 1) << 16]).astype(self.keys.dtype)
        )
        sizes = highs - lows
        return np.repeat(lows - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())

    def _by_view(self, places: Rows, totals: npt.NDArray[np.float32], length: int) -> Matches:
        whole = totals > 0
        places, strengths = places[whole], strength_of(np.log(totals[whole]) / length)
        kept = strengths > 0
        views = np.searchsorted(self.starts, places[kept], side="right") - 1
        best = np.zeros(len(self.starts), dtype=np.float32)
        np.maximum.at(best, views, strengths[kept].astype(np.float32))
        holding = np.unique(views).astype(np.int32)
        return holding, best[holding]

    def save(self, folder: Path) -> None:
        """Write the index as `names_*.npy` files into an existing folder."""
        save_arrays(folder, _PREFIX, self, _ARRAYS)


class Names:
    """Several indexes of names as one; their views are numbered on, part by part."""

    def __init__(self, parts: Sequence[NameIndex], alive: Sequence[Alive | None]) -> None:
        """Take the parts, and of each which views count: None is all of them."""
        self._parts = tuple(zip(parts, alive, strict=True))
        self._occurring = np.logical_or.reduce([part.occurring for part in parts])

    def find(self, name: str, spellings: Spellings) -> Matches:
        """Return the views that hold a name, as `NameIndex.find` does."""
        steps = letter_steps(name, spellings, self._occurring)
        start = 0
        found = []
        for part, alive in self._parts:
            views, strengths = part.find_steps(steps)
            if alive is not None:
                views, strengths = views[alive[views]], strengths[alive[views]]
            found.append((views + np.int32(start), strengths))
            start += part.num_texts
        views, strengths = zip(*found, strict=True)
        return np.concatenate(views), np.concatenate(strengths)


_PREFIX = "names"
_ARRAYS: Kinds = {
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
    index = NameIndex(**open_arrays(folder, _PREFIX, _ARRAYS))
    consistent = (
        len(index.offsets) == len(index.keys) + 1
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


def build_name_index(texts: Iterable[str]) -> NameIndex:
    """Index the Chinese characters of texts, in simplified form."""
    codes = [han_codes(text) for text in texts]
    sizes = [len(row) for row in codes]
    starts = np.cumsum([0, *sizes]).astype(np.int32)
    characters = np.concatenate([*codes, np.zeros(1, np.uint16)]).astype(np.uint16)
    return name_index(characters, starts)


def name_index(characters: Codes, starts: Rows) -> NameIndex:
    """Find the pairs of the characters of texts, which are given end to end."""
    keys = (characters[:-1].astype(np.uint32) << 16) | characters[1:]
    places = np.flatnonzero((characters[:-1] > 0) & (characters[1:] > 0)).astype(np.int32)
    keys = keys[places]
    order = np.argsort(keys, kind="stable")
    unique, first = np.unique(keys[order], return_index=True)
    offsets = np.append(first, len(keys)).astype(np.int32)
    return NameIndex(characters, starts, unique, offsets, places[order])


def name_likelihoods(
    name: str, spellings: Spellings, keys: npt.NDArray[np.uint32]
) -> npt.NDArray[np.float32]:
    """Return how likely a name begins with each pair: the probability per letter, 0 to 1.

    For an index of pairs that lies elsewhere and finds the texts which `NameIndex.find` then reads.

    Args:
        name: Lower-case letters.
        spellings: Which letters a character may stand for.
        keys: Pairs as in `NameIndex.keys`.
    """
    steps = letter_steps(name, spellings)
    letters = np.arange(len(name) + 1, dtype=np.float32)
    first, second = steps.rows[keys >> 16], steps.rows[keys & 0xFFFF]
    follows = np.flatnonzero((first > 0) & (second > 0))
    states = steps.advance(steps.table[first[follows], 0], second[follows], np.exp(WORST * letters))
    likelihoods = np.zeros(len(keys), dtype=np.float32)
    likelihoods[follows] = (states[:, 1:] ** (1 / letters[1:])).max(axis=1, initial=0.0)
    return likelihoods


def han_codes(text: str) -> Codes:
    """Return the codes of the characters of the common Han block, a 0 for all between two, and a 0."""
    units = np.frombuffer(simplify(text).encode("utf-16-le"), dtype="<u2")
    codes = np.append(np.where((units >= 0x4E00) & (units <= 0x9FFF), units, 0), 0)
    before = np.append(1, codes[:-1])
    return codes[(codes > 0) | (before > 0)].astype(np.uint16)
