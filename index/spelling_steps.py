"""What Chinese characters may spell of one name, letter by letter, as steps of a chain.

A name of n letters has n + 1 states, the numbers of letters that are spelled; a character leads from
one to another with a probability. So what a run of characters spells is a product of matrices.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.spellings import MAX_LETTERS, Spellings

Rows = npt.NDArray[np.int32]

NUM_CODES = 1 << 16  # of UTF-16


@dataclass(frozen=True, eq=False)
class Steps:
    """What characters may add to a part of a name of n letters."""

    length: int
    table: npt.NDArray[np.float32]
    """Shape (num_characters + 1, n + 1, n + 1): entry [c, i, j] is the probability that character c
    spells letters i to j. Row 0 spells nothing."""
    rows: Rows  # of each UTF-16 code
    codes: npt.NDArray[np.int64]  # of each row from 1 on, ascending
    begins: npt.NDArray[np.int64]  # of each row: bit i is set where it spells letters from i on

    def first_codes(self, least: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
        """Return the characters that spell the beginning of the name with such a probability."""
        return self.codes[(self.table[1:, 0] > least).any(axis=1)]

    def reached(self, states: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
        """Return of each state: bit k is set where it may have spelled k letters."""
        return (states > 0) @ _BITS[: self.length + 1]

    def advance(
        self, states: npt.NDArray[np.float32], rows: Rows, least: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """Return the probability of having spelled k letters after one more character.

        What is unlikely becomes 0.
        """
        advanced = np.matmul(states[:, None, :], self.table[rows])[:, 0, :]
        advanced[advanced < least] = 0.0
        return np.asarray(advanced, dtype=np.float32)


_BITS = 1 << np.arange(63, dtype=np.int64)  # a name has fewer letters


def letter_steps(
    name: str, spellings: Spellings, occurring: npt.NDArray[np.bool_] | None = None
) -> Steps:
    """Return what characters may add to a part of a name.

    Args:
        name: Lower-case letters.
        spellings: Which letters a character may stand for.
        occurring: Which UTF-16 codes are asked about, None for all of them.
    """
    length = len(name)
    spans = [
        (start, end, *found)
        for start in range(length)
        for end in range(start + 1, min(length, start + MAX_LETTERS) + 1)
        if (found := spellings.by_letters.get(name[start:end]))
    ]
    sizes = [len(codes) for _, _, codes, _ in spans]
    starts = np.repeat(np.array([start for start, *_ in spans], dtype=np.intp), sizes)
    ends = np.repeat(np.array([end for _, end, *_ in spans], dtype=np.intp), sizes)
    codes = np.concatenate([np.zeros(0, np.int32), *(codes for _, _, codes, _ in spans)])
    known = np.zeros(NUM_CODES, dtype=np.bool_)
    known[codes] = True
    if occurring is not None:
        known &= occurring
    known_codes = np.flatnonzero(known)
    rows = np.zeros(NUM_CODES, dtype=np.int32)
    rows[known_codes] = np.arange(1, len(known_codes) + 1)
    of_codes = rows[codes]
    table = np.zeros((len(known_codes) + 1, length + 1, length + 1), dtype=np.float32)
    table[of_codes, starts, ends] = np.concatenate(
        [np.zeros(0, np.float32), *(probabilities for *_, probabilities in spans)]
    )
    begins = np.zeros(len(known_codes) + 1, dtype=np.int64)
    np.bitwise_or.at(begins, of_codes, _BITS[starts])
    table[0], begins[0] = 0.0, 0  # what does not occur
    return Steps(length, table, rows, known_codes, begins)
