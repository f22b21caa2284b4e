"""Colloquial phrases of a question in the plain words of a report: "falls short" – limitation, 几多 – 多少.

Single words of one meaning are in the thesaurus; a phrase's words, taken one by one, mean something else.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from corpus.language import HAN
from index.terms import simplify
from rag.questions.asides import without_asides
from rag.questions.commands import without_command

IDIOMS_PATH = Path(__file__).parent / "idioms.tsv"

_HAN_RUN = re.compile(f"[{HAN}]+")
# CNNs, GANs; "doesn't", "can't"; "per cent".
_PLURAL = re.compile(r"(?<![A-Za-z0-9-])([A-Z]{2,}\d?)s(?![A-Za-z0-9'’-])")
_NEGATED = re.compile(
    r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)n['’]t\b", re.IGNORECASE
)
_WHOLE = {"ca": "can", "wo": "will"}
# "How large does it get?"
_GETS = re.compile(r" gets?(?=\s*\?$)")
_PER_CENT = re.compile(r"\bper cent\b", re.IGNORECASE)
# What is quoted is meant as it is written.
_QUOTED = re.compile(r"[“\"「『《][^“”\"「」『』《》]*[”\"」』》]")


def in_plain_words(text: str) -> str:
    """Return a question without asides, its colloquial phrases replaced, the longest first.

    >>> in_plain_words("Where does NeRF still fall short?"), in_plain_words("月費幾多？")
    ('Where does NeRF still have limitations?', '月费多少？')
    """
    # What is asked in traditional characters is looked for in the reports' own, and by the same patterns.
    text = _HAN_RUN.sub(lambda run: simplify(run[0]), without_asides(text))
    text = without_command(text)
    text = _PER_CENT.sub("percent", _PLURAL.sub(r"\1", _GETS.sub("", text)))
    text = _NEGATED.sub(lambda m: f"{_WHOLE.get(m[1].casefold(), m[1])} not", text)
    plain = simplify(text).replace("’", "'")
    if len(plain) != len(text):
        return text  # the places of the one are not those of the other
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    parts, end = [], 0
    for match in _pattern().finditer(plain):
        if any(start < match.end() and match.start() < stop for start, stop in quoted):
            continue
        parts += [text[end : match.start()], _idioms()[match[0].casefold()]]
        end = match.end()
    return "".join([*parts, text[end:]])


@lru_cache(maxsize=1)
def _idioms() -> Mapping[str, str]:
    """Return the phrases, in small letters and simplified characters, with their plain words."""
    found: dict[str, str] = {}
    for line in IDIOMS_PATH.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            phrases, words = line.split("\t")
            found.update(dict.fromkeys(phrases.split("|"), words))
    return found


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    longest = sorted(_idioms(), key=len, reverse=True)
    return re.compile(
        "|".join(
            rf"(?<![A-Za-z0-9-]){re.escape(phrase)}(?![A-Za-z0-9-])"
            if phrase.isascii()
            else re.escape(phrase)
            for phrase in longest
        ),
        re.IGNORECASE,
    )
