"""Words that mean the same in questions about reports: 短板 – 局限, scarce – limited.

Words that share a translation are found through the term table (`rag.evidence.similarity`); these are the
ones that it misses, because they do not translate alike or are rare in parallel text.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from corpus.language import question_language
from corpus.schema import Language
from index.terms import analyze

THESAURUS_PATH = Path(__file__).parent / "thesaurus.tsv"


@lru_cache(maxsize=1)
def same_meaning() -> Mapping[str, frozenset[str]]:
    """Return, for each term, the terms of its language that mean the same.

    >>> "局限" in same_meaning()["短板"]
    True
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in THESAURUS_PATH.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        for words in line.split("\t"):
            terms = {_term_of(word) for word in words.split()} - {""}
            for term in terms:
                found[term] |= terms - {term}
    return {term: frozenset(others) for term, others in found.items()}


def _term_of(word: str) -> str:
    """Return the term of a word; "" of a Chinese one that is cut: a part may say the contrary.

    >>> _term_of("不付费"), _term_of("e-mail")
    ('', 'email')
    """
    longest = max(analyze(word), key=len, default="")
    return "" if question_language(word) is Language.ZH and longest != word else longest
