"""What a word may be called in the other language: the index's term table, likely entries only."""

from collections.abc import Callable
from functools import lru_cache

from index.term_table import TermTable

Translate = Callable[[str], frozenset[str]]
"""A term → its likely translations, as terms."""

# Least probability; a check asks whether a word may mean another, not whether it must.
_LIKELY = 0.03
# From here on a translation is sure. Below, it must lead back: the words that many names share
# (科技, 公司) are a little likely for each of them, and stand for none.
_SURE = 0.2


def translator(table: TermTable) -> Translate:
    """Return a function from a term to its likely translations, with the last ones kept."""

    @lru_cache(maxsize=1 << 14)
    def translate(term: str) -> frozenset[str]:
        return frozenset(
            name
            for name, probability in table.translate(term)
            if probability > _SURE
            or (probability > _LIKELY and term in dict(table.translate(name)))
        )

    return translate
