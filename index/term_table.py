"""Terms of one language to terms of the other: the learned table and the glossaries.

The learned table gives single terms with probabilities. A glossary gives names and set phrases,
of any length, as people wrote them: a plain TSV, `zh<TAB>en` a line, in the third column a kind
(not read here) and in the fourth other names (tickers); `|` between names of one column, `#` at the
start of a comment. The shipped one is `corpus/glossary.tsv`; users add `aliases.tsv` in the folder
of their index.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.schema import Language
from index.arrays import load_arrays
from index.errors import IndexMismatch
from index.lexical import QueryTerm
from index.phrases import Phrase, company_line, read_phrases
from index.terms import ANALYZER_VERSION, term_language

TABLE_VERSION = 1
TABLE_PATH = Path(__file__).parent / "models" / "terms.npz"
GLOSSARY_PATH = Path(__file__).parent.parent / "corpus" / "glossary.tsv"

FLATTENING = 0.5
"""Exponent on probabilities in a query: in a text a rare translation, where it stands, says almost
as much as the common one (docs/log.md)."""

MIN_BACKWARD = 0.02
"""Least probability of the query's term, given a word of the text, for the word to count. `city` is
one of a hundred translations of 市's compounds and none of its own first sixteen."""

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

    def translated_to(self, target: int, *, at_least: float) -> Iterator[tuple[str, float]]:
        """Yield the source terms of a target with their probabilities, in order of rows."""
        order, starts = self._by_target
        entries = order[starts[target] : starts[target + 1]]
        entries = entries[self.probabilities[entries] >= at_least * PROBABILITY_STEPS]
        rows = np.searchsorted(self.offsets, entries, side="right") - 1
        for row, step in zip(rows.tolist(), self.probabilities[entries].tolist(), strict=True):
            yield self.sources[row], step / PROBABILITY_STEPS

    @cached_property
    def _by_target(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the entries sorted by target, and where each target's begin."""
        order = np.argsort(self.targets, kind="stable")
        highest = int(self.targets.max(initial=-1))
        # One more than there are targets, so that a term without any has an empty range.
        starts = np.searchsorted(self.targets[order], np.arange(highest + 2))
        return order, starts


@dataclass(frozen=True, eq=False)
class TermTable:
    """Translates the terms of a query. See `load`; an empty table translates nothing."""

    name: str  # changes with the content of the table and of the glossaries
    translations: Mapping[Language, Translations] = field(default_factory=dict)
    phrases: Mapping[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        *,
        glossaries: Iterable[Path] = (),
        companies: Iterable[Sequence[str]] = (),
    ) -> "TermTable":
        """Read the learned table (by default the shipped one) and the glossaries.

        The shipped glossary is always read; `glossaries` are the user's, in addition, and
        `companies` the names of each company that reports give. While all are the same, the same
        table is returned: an index is opened again at every change.

        Raises:
            IndexMismatch: The table is unreadable, or made for another version of the analyzer.
        """
        path = path or TABLE_PATH
        files = [GLOSSARY_PATH, *glossaries]
        learned = _read(path)
        digest = hashlib.sha256(learned)
        own = hashlib.sha256(learned).hexdigest()
        for file in files:
            digest.update(_read(file))
        extra = [company_line(names) for names in companies]
        digest.update("\n".join(extra).encode())
        name = f"terms-{TABLE_VERSION}@{digest.hexdigest()[:12]}"
        loaded = _last_loaded.get(name)
        if loaded is None:
            if own not in _last_learned:
                _last_learned.clear()
                _last_learned[own] = _load_translations(path)
            lines = (line for file in files for line in _lines(file))
            loaded = cls(
                name=name,
                translations=_last_learned[own],
                phrases=read_phrases((*lines, *extra)),
            )
            _last_loaded.clear()
            _last_loaded[name] = loaded
        return loaded

    def translate(self, term: str) -> tuple[tuple[str, float], ...]:
        """Return terms of the other language with probabilities, best first; () if unknown."""
        language = term_language(term)
        if language is None or language not in self.translations:
            return ()
        table = self.translations[language]
        row = table.rows.get(term)
        if row is None:
            return ()
        start, end = int(table.offsets[row]), int(table.offsets[row + 1])
        names = self.translations[_OTHER[language]].sources
        return tuple(
            (names[target], probability / PROBABILITY_STEPS)
            for target, probability in zip(
                table.targets[start:end].tolist(),
                table.probabilities[start:end].tolist(),
                strict=True,
            )
        )

    def expand(self, terms: Sequence[str]) -> tuple[QueryTerm, ...]:
        """Return the query for an analyzed question: each distinct term with its translations.

        Names and set phrases add the terms of their translations, with a total weight equal to
        the number of terms that they stand for. Order: terms as they appear, then phrases.
        """
        distinct = dict.fromkeys(terms)
        query = [QueryTerm(((term, 1.0), *self._alternatives(term))) for term in distinct]
        weights: dict[str, float] = defaultdict(float)
        for phrase in self.phrases_in(terms):
            translations = self.phrases[phrase]
            for translation in translations:
                if len(phrase) == len(translation) == 1:
                    continue  # an alternative of the term already
                for term in translation:
                    weights[term] += len(phrase) / (len(translations) * len(translation))
        query += [
            QueryTerm(((term, 1.0),), weight)
            for term, weight in weights.items()
            if term not in distinct
        ]
        return tuple(query)

    def alternatives(self, term: str) -> tuple[tuple[str, float], ...]:
        """Return what may stand for a term in a text of the other language, with strengths.

        1 - (1 - p(name | term)^f) (1 - p(term | name)^f) with f = FLATTENING: either direction is
        evidence. A word that always means the term is rarely its most probable translation.
        """
        missing = {name: 1 - probability**FLATTENING for name, probability in self.translate(term)}
        for name, probability in self._translated_to(term):
            missing[name] = missing.get(name, 1.0) * (1 - probability**FLATTENING)
        return tuple((name, 1 - value) for name, value in missing.items())

    def _translated_to(self, term: str) -> Iterator[tuple[str, float]]:
        language = term_language(term)
        if language is None or language not in self.translations:
            return iter(())
        row = self.translations[language].rows.get(term)
        other = self.translations[_OTHER[language]]
        return iter(()) if row is None else other.translated_to(row, at_least=MIN_BACKWARD)

    def _alternatives(self, term: str) -> list[tuple[str, float]]:
        strengths = dict(self.alternatives(term))
        for translation in self.phrases.get((term,), ()):
            if len(translation) == 1:
                strengths[translation[0]] = 1.0  # a person said so
        strengths.pop(term, None)
        return list(strengths.items())

    def phrases_in(self, terms: Sequence[str]) -> list[Phrase]:
        """Return the phrases that stand in `terms`, longest first at each place, no overlaps."""
        found = []
        start = 0
        while start < len(terms):
            lengths = self._phrase_lengths.get(terms[start], ())
            candidates = (tuple(terms[start : start + length]) for length in lengths)
            phrase = next((phrase for phrase in candidates if phrase in self.phrases), None)
            if phrase is not None:
                found.append(phrase)
            start += len(phrase) if phrase else 1
        return list(dict.fromkeys(found))

    @cached_property
    def _phrase_lengths(self) -> Mapping[str, tuple[int, ...]]:
        """Lengths of the phrases that begin with a term, longest first."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for phrase in self.phrases:
            lengths[phrase[0]].add(len(phrase))
        return {term: tuple(sorted(found, reverse=True)) for term, found in lengths.items()}


_last_loaded: dict[str, TermTable] = {}  # one, by name
_last_learned: dict[str, Mapping[Language, Translations]] = {}  # one, by the digest of its file

_OTHER = {Language.ZH: Language.EN, Language.EN: Language.ZH}


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


def _load_translations(path: Path) -> dict[Language, Translations]:
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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IndexMismatch(f"{path}: cannot be read ({error.strerror})") from error


def _lines(path: Path) -> list[str]:
    return _read(path).decode("utf-8-sig").split("\n")
