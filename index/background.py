"""How common a term is outside the reports: the table that `index.training.background` makes."""

import gzip
import math
from functools import lru_cache
from pathlib import Path

from index.errors import IndexMissing

TABLE_PATH = Path(__file__).parent / "models" / "background.tsv.gz"


def rarity(term: str) -> float:
    """Return how rare a term is in everyday and professional text: 1.0 unseen, near 0.0 "the".

    ln(1 + N / (1 + df)) / ln(1 + N) over N segments, of which df hold the term.
    """
    total, counts = _table()
    return math.log1p(total / (1 + counts.get(term, 0))) / math.log1p(total)


@lru_cache(maxsize=1)
def _table() -> tuple[int, dict[str, int]]:
    if not TABLE_PATH.is_file():
        raise IndexMissing(
            f"{TABLE_PATH} is missing; it is part of the repository, restore it with git checkout"
        )
    first, *lines = gzip.decompress(TABLE_PATH.read_bytes()).decode().split("\n")
    pairs = (line.split("\t") for line in lines)
    return int(first), {term: int(count) for term, count in pairs}
