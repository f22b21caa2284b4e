"""Read the training text: which files are used, how much of each, and for what.

A data folder holds `NAME.tsv.xz` files with two tab-separated columns. Nothing here is imported
by the program itself.
"""

import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What the two columns of a file are to each other."""

    PARALLEL = "parallel"  # Chinese sentence, its English translation
    DICTIONARY = "dictionary"  # Chinese word, one English gloss
    QUESTION = "question"  # question or heading, the passage under it (any of the directions)


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of a file."""

    left: str
    right: str
    source: str
    kind: Kind


# Left out: without a licence (qa_afqmc_paraphrase), for research use only (wmt_news), of unclear
# provenance (dict_qwerty), under the GPL or AGPL in whole or part (the last four).
EXCLUDED = frozenset(
    {
        "qa_afqmc_paraphrase",
        "wmt_news",
        "dict_qwerty",
        "doc_dl500",
        "doc_openmmlab_docs",
        "qa_interview_tech",
        "ui_finance_business",
    }
)

_OPENING = {"zh": 16, "en": 48}
"""Characters that tell of what text a sentence is. The headings and sections of the `dochead` files are
of all documentation, that which is left out too, and are not marked."""

# Repetitive or partly machine-translated files would outweigh everything else.
CAPS = {
    "doc_adobe_docs": 50_000,
    "doc_dynamics_fo_docs": 15_000,
    "doc_leetcode": 8_000,
    "doc_ms_courses": 12_000,
}

WEIGHTS = {"tatoeba": 4.0, "captions_3am": 2.0, "tico19": 6.0, "wets_news": 4.0}
"""How much a segment counts in the term table. Nine in ten are of software documentation, where
`court` is a court of tennis and `term` a term of search; these are of everything else."""

DOCUMENTATION_WEIGHT = 0.3


def weight_of(source: str) -> float:
    """Return how much a line of a file counts in the term table."""
    if kind_of(source) is Kind.DICTIONARY:
        return 1.0
    return WEIGHTS.get(source, DOCUMENTATION_WEIGHT)


def read_pairs(folder: Path) -> Iterator[Pair]:
    """Yield the pairs of every usable file by file name, in file order, each exact pair once."""
    seen: set[int] = set()
    left_out = _openings_left_out(folder)
    for path in sorted(folder.glob("*.tsv.xz")):
        source = path.name.removesuffix(".tsv.xz")
        if source in EXCLUDED:
            continue
        # The first lines, not a sample: neighbours in a file are neighbours in the document.
        for left, right in _read_columns(path)[: CAPS.get(source)]:
            if "dochead" in source and not left_out.isdisjoint(_openings(right)):
                continue
            key = hash((left, right))
            if left and right and key not in seen:
                seen.add(key)
                yield Pair(left, right, source, kind_of(source))


def _read_columns(path: Path) -> list[tuple[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        columns = [line.rstrip("\n").split("\t") for line in lines]
    return [(row[0].strip(), row[1].strip()) for row in columns if len(row) == 2]


def _openings_left_out(folder: Path) -> frozenset[str]:
    """Return how the sentences of the documentation begin that is left out, in both languages."""
    paths = (folder / f"{source}.tsv.xz" for source in sorted(EXCLUDED) if source[:4] == "doc_")
    return frozenset(
        opening
        for path in paths
        if path.is_file()
        for pair in _read_columns(path)
        for text in pair
        for opening in _openings(text)
    )


def _openings(text: str) -> set[str]:
    found = set()
    for sentence in _SENTENCE_END.split(text):
        size = _OPENING["en" if sentence.isascii() else "zh"]
        if len(sentence) >= size:
            found.add(sentence[:size])
    return found


_SENTENCE_END = re.compile(r"[。！？；]\s*|[.!?:]\s+")


def kind_of(source: str) -> Kind:
    """Return the kind of a file by the beginning of its name."""
    if source.startswith("dict_"):
        return Kind.DICTIONARY
    return Kind.QUESTION if source.startswith(("qa_", "xq_")) else Kind.PARALLEL
