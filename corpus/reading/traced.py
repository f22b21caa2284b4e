"""A string that remembers where each of its characters came from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise

from corpus.schema import Origin

ADDED = -1
"""Source offset of a character that the reader put in."""


@dataclass(frozen=True, slots=True)
class Traced:
    """Characters with their source offsets; `len(sources) == len(text)`."""

    text: str
    sources: tuple[int, ...]

    @classmethod
    def of(cls, text: str, start: int) -> "Traced":
        """Take text that stands at `start` in the source."""
        return cls(text, tuple(range(start, start + len(text))))

    @classmethod
    def added(cls, text: str) -> "Traced":
        """Take text that stands nowhere in the source."""
        return cls(text, (ADDED,) * len(text))

    @classmethod
    def join(cls, pieces: Iterable["Traced"]) -> "Traced":
        """Put pieces one after another."""
        parts = list(pieces)
        return cls(
            "".join(part.text for part in parts),
            tuple(chain.from_iterable(part.sources for part in parts)),
        )

    def __getitem__(self, span: slice) -> "Traced":
        return Traced(self.text[span], self.sources[span])

    def __bool__(self) -> bool:
        return bool(self.text)

    def strip(self) -> "Traced":
        """Drop white space at both ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self[start : max(start, len(self.text.rstrip()))]

    def replace(self, pattern: re.Pattern[str], added: str = "") -> "Traced":
        """Replace every match of a pattern by added text (nothing by default)."""
        pieces: list[Traced] = []
        last = 0
        for match in pattern.finditer(self.text):
            pieces += [self[last : match.start()], Traced.added(added)]
            last = match.end()
        return Traced.join([*pieces, self[last:]]) if pieces else self

    def split(self, separator: str) -> list["Traced"]:
        """Split at a separator of one character."""
        pieces = []
        last = 0
        for position, char in enumerate(self.text):
            if char == separator:
                pieces.append(self[last:position])
                last = position + 1
        return [*pieces, self[last:]]

    def origins(self) -> tuple[Origin, ...]:
        """Return the runs of characters that stand together in the source."""
        sources = self.sources
        breaks = [
            position
            for position, (before, source) in enumerate(pairwise(sources), start=1)
            if source != before + 1
        ]
        return tuple(
            Origin(start, end, source=sources[start])
            for start, end in pairwise([0, *breaks, len(sources)])
            if start < end and sources[start] != ADDED
        )
