"""What a word may be called in the other language: the index's term table, likely entries only."""

from collections.abc import Callable
from functools import lru_cache

from index.term_table import TermTable

Translate = Callable[[str], frozenset[str]]
"""A term → its likely translations, as terms."""

_LIKELY = (
    0.03  # least probability; a check asks whether a word may mean another, not whether it must
)


def translator(table: TermTable) -> Translate:
    """Return a function from a term to its likely translations, with the last ones kept."""

    @lru_cache(maxsize=1 << 14)
    def translate(term: str) -> frozenset[str]:
        return frozenset(
            name for name, probability in table.translate(term) if probability > _LIKELY
        )

    return translate
