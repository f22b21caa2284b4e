"""How far building or adding has come: what is told to who waits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of the work: `done` of `total` files ("read"), texts ("encode") or chunks ("copy")."""

    stage: str  # "read", "encode", "copy" or "done"
    done: int
    total: int
    share: float = 0.0  # of this stage's work that is done, 0 to 1; an estimate
    name: str = ""  # of the file that is being read
    page: int = 0  # pages of it that are read
    pages: int = 0  # pages it has; 0 while unknown, or where files have no pages


OnProgress = Callable[[Progress], None]


def no_progress(progress: Progress) -> None:
    """Report nothing."""


class ReadingProgress:
    """Counts the work of reading files: by their bytes, and inside a file by its pages."""

    def __init__(self, sizes: Sequence[int], report: OnProgress) -> None:
        """Prepare to read files of `sizes` bytes, in this order."""
        self._sizes = [max(size, 1) for size in sizes]
        self._report = report
        self._now = Progress("read", 0, len(sizes))

    def start(self, place: int, name: str) -> None:
        """Say that the file at a place is being read now."""
        self._now = Progress("read", place, len(self._sizes), self._share(place), name)
        self._report(self._now)

    def on_page(self, page: int, pages: int) -> None:
        """Say that a page of the file has been read."""
        place = self._now.done
        part = self._sizes[place] * (page - 1) / max(pages, 1)
        share = self._share(place) + part / sum(self._sizes)
        self._now = replace(self._now, page=page, pages=pages, share=share)
        self._report(self._now)

    def _share(self, place: int) -> float:
        return sum(self._sizes[:place]) / sum(self._sizes) if self._sizes else 1.0


def seconds_left(share: float, elapsed_s: float) -> int | None:
    """Estimate the seconds that are left, None while too little is done to tell.

    >>> seconds_left(0.25, 2.0), seconds_left(0.0, 9.0), seconds_left(0.001, 0.2)
    (7, None, None)
    """
    if share <= 0.0 or share >= 1.0 or elapsed_s < 1.0:
        return None
    return round(elapsed_s * (1.0 - share) / share) + 1
