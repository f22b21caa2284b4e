"""The learned term table on disk: translation probabilities of terms, in both directions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.schema import Language
from index.arrays import load_arrays
from index.errors import IndexMismatch
from index.terms import ANALYZER_VERSION

TABLE_VERSION = 1
TABLE_PATH = Path(__file__).parent / "models" / "terms.npz"

PROBABILITY_STEPS = 255  # probabilities are stored as bytes: p = byte / 255


@dataclass(frozen=True, eq=False)
class Translations:
    """One direction of the table, as rows of a sparse matrix.

    The translations of `sources[i]` are `targets[offsets[i]:offsets[i + 1]]`, numbers into the
    other direction's `sources`, most probable first.
    """

    sources: tuple[str, ...]
    offsets: npt.NDArray[np.int64]
    targets: npt.NDArray[np.int32]
    probabilities: npt.NDArray[np.uint8]

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Return the row of each source term."""
        return {term: row for row, term in enumerate(self.sources)}

    def translations_of(self, row: int) -> tuple[list[int], list[int]]:
        """Return the targets of a source, most probable first, and their probabilities' bytes."""
        span = slice(self.offsets[row], self.offsets[row + 1])
        return self.targets[span].tolist(), self.probabilities[span].tolist()

    def translated_to(self, target: int, *, at_least: float) -> tuple[list[int], list[int]]:
        """Return the rows of a target's sources, ascending, and their probabilities' bytes."""
        order, starts = self._by_target
        entries = order[starts[target] : starts[target + 1]]
        entries = entries[self.probabilities[entries] >= at_least * PROBABILITY_STEPS]
        rows = np.searchsorted(self.offsets, entries, side="right") - 1
        return rows.tolist(), self.probabilities[entries].tolist()

    @cached_property
    def _by_target(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the entries sorted by target, and where each target's begin."""
        order = np.argsort(self.targets, kind="stable")
        highest = int(self.targets.max(initial=-1))
        # One more than there are targets, so that a term without any has an empty range.
        starts = np.searchsorted(self.targets[order], np.arange(highest + 2))
        return order, starts


def save_translations(path: Path, translations: Mapping[Language, Translations]) -> None:
    """Write both directions of a learned table as one compressed .npz without pickled objects."""
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "versions": np.array([TABLE_VERSION, ANALYZER_VERSION])
    }
    for language, table in translations.items():
        blob = "\n".join(table.sources).encode()
        arrays[f"{language}_sources"] = np.frombuffer(blob, dtype=np.uint8)
        arrays[f"{language}_offsets"] = table.offsets
        arrays[f"{language}_targets"] = table.targets
        arrays[f"{language}_probabilities"] = table.probabilities
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def load_translations(path: Path) -> dict[Language, Translations]:
    """Read what `save_translations` wrote.

    Raises:
        IndexMismatch: It cannot be read, or was made for another version of the analyzer.
    """
    try:
        arrays = load_arrays(path)
        versions = tuple(arrays["versions"].tolist())
        translations = {
            language: Translations(
                sources=tuple(arrays[f"{language}_sources"].tobytes().decode().split("\n")),
                offsets=arrays[f"{language}_offsets"],
                targets=arrays[f"{language}_targets"],
                probabilities=arrays[f"{language}_probabilities"],
            )
            for language in Language
        }
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise IndexMismatch(f"{path}: no term table can be read here ({error})") from error
    if versions != (TABLE_VERSION, ANALYZER_VERSION):
        raise IndexMismatch(
            f"{path}: term table of version {versions}, expected "
            f"{(TABLE_VERSION, ANALYZER_VERSION)}; train it again (index/training/README.md)"
        )
    return translations
