"""Terms of one language to terms of the other: the learned table and the glossaries.

The learned table gives single terms with probabilities. A glossary gives names and set phrases,
of any length, as people wrote them: a plain TSV, `zh<TAB>en` a line, in the third column a kind
(not read here) and in the fourth other names (tickers); `|` between names of one column, `#` at the
start of a comment. The shipped one is `corpus/glossary.tsv`; users add `aliases.tsv` in the folder
of their index.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from corpus.schema import Language
from index.errors import IndexMismatch
from index.lexical import QueryTerm
from index.phrases import Phrase, company_line, read_phrases
from index.terms import term_language
from index.translations import (
    PROBABILITY_STEPS,
    TABLE_PATH,
    TABLE_VERSION,
    Translations,
    load_translations,
)

GLOSSARY_PATH = Path(__file__).parent.parent / "corpus" / "glossary.tsv"

FLATTENING = 0.5
"""Exponent on probabilities in a query: in a text a rare translation, where it stands, says almost
as much as the common one (docs/log.md)."""

MIN_BACKWARD = 0.02
"""Least probability of the query's term, given a word of the text, for the word to count. `city` is
one of a hundred translations of 市's compounds and none of its own first sixteen."""

PART_WEIGHT = 0.5
"""Weight of a word inside a longer one of the question: both become the same words of the other
language, `minister` for 部长 and 外交部长. recall@1 / @5 from Chinese to English on BiPaR: 0.322 /
0.562 at 1, 0.332 / 0.570 at 0.5, 0.328 / 0.566 at 0.3."""

_MISSING = [1 - (step / PROBABILITY_STEPS) ** FLATTENING for step in range(PROBABILITY_STEPS + 1)]
"""How certainly a word does not stand for a term, by the byte of its probability."""


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
                _last_learned[own] = load_translations(path)
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
        direction = self._direction(term)
        if direction is None:
            return ()
        table, names, row = direction
        return tuple(
            (names.sources[target], step / PROBABILITY_STEPS)
            for target, step in zip(*table.translations_of(row), strict=True)
        )

    def expand(self, terms: Sequence[str]) -> tuple[QueryTerm, ...]:
        """Return the query for an analyzed question: each distinct term with its translations.

        A Chinese term inside another one (外交 in 外交部长) counts PART_WEIGHT.
        Names and set phrases add the terms of their translations, with a total weight equal to
        the number of terms that they stand for. Order: terms as they appear, then phrases.
        """
        distinct = dict.fromkeys(terms)
        parts = _inside_others(distinct)
        query = [
            QueryTerm(
                ((term, 1.0), *self._alternatives(term)), PART_WEIGHT if term in parts else 1.0
            )
            for term in distinct
        ]
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
        direction = self._direction(term)
        if direction is None:
            return ()
        table, names, row = direction
        targets, steps = table.translations_of(row)
        missing = {target: _MISSING[step] for target, step in zip(targets, steps, strict=True)}
        sources, steps = names.translated_to(row, at_least=MIN_BACKWARD)
        for source, step in zip(sources, steps, strict=True):
            missing[source] = missing.get(source, 1.0) * _MISSING[step]
        return tuple((names.sources[number], 1 - value) for number, value in missing.items())

    def _direction(self, term: str) -> tuple[Translations, Translations, int] | None:
        """Return the direction that a term is a source of, the other one, and the term's row."""
        language = term_language(term)
        if language is None or language not in self.translations:
            return None
        row = self.translations[language].rows.get(term)
        if row is None:
            return None
        return self.translations[language], self.translations[_OTHER[language]], row

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


def _inside_others(terms: Collection[str]) -> set[str]:
    """Return the Chinese terms that stand inside another one."""
    chinese = [term for term in terms if term_language(term) is Language.ZH]
    return {part for part in chinese if any(part in whole and part != whole for whole in chinese)}


_last_loaded: dict[str, TermTable] = {}  # one, by name
_last_learned: dict[str, Mapping[Language, Translations]] = {}  # one, by the digest of its file

_OTHER = {Language.ZH: Language.EN, Language.EN: Language.ZH}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IndexMismatch(f"{path}: cannot be read ({error.strerror})") from error


def _lines(path: Path) -> list[str]:
    return _read(path).decode("utf-8-sig").split("\n")
