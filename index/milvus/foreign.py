"""Lexical search across languages in a Milvus: translations, and names by their sound.

The engine finds candidates with one weighted sparse vector; they are then scored with the formula
of `index.lexical`, and names are looked for in their texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from index.cross_language import translated_query
from index.lexical import K1, B, Matches, QueryTerm
from index.milvus.connection import Milvus
from index.milvus.sparse import TranslatedQuery, idf, name_query
from index.milvus.tables import plain_text
from index.milvus.vocabulary import StoredVocabulary
from index.names import build_name_index
from index.spellings import Spellings
from index.term_table import TermTable
from index.terms import analyze

NUM_TRANSLATED = 300
"""Views that a translated query finds before they are scored."""

NUM_NAMED = 50
"""Views that are read for each name of a question."""


@dataclass(frozen=True)
class Shelves:
    """The views that are searched: of a collection, those that meet a condition."""

    milvus: Milvus
    collection: str
    condition: str
    mean_length: float  # that the weights in their vectors were made with

    def sparse(self, vector: dict[int, float], limit: int) -> dict[str, float]:
        """Return the views with the highest products, by key; best first."""
        if not vector:
            return {}
        return self.milvus.search(self.collection, "sparse", vector, self.condition, limit)


@dataclass
class FoundNames:
    """Finds names by their sound in a Milvus; views are numbered as they are found."""

    shelves: Shelves
    pairs: StoredVocabulary
    numbers: dict[str, int] = field(default_factory=dict)  # by key
    lengths: list[int] = field(default_factory=list)  # in terms, by number

    def find(self, name: str, spellings: Spellings) -> Matches:
        """Return the numbers of views that hold a name, ascending, with strengths 0 to 1."""
        found = self.shelves.sparse(name_query(name, spellings, self.pairs), NUM_NAMED)
        rows = self.shelves.milvus.get(self.shelves.collection, list(found), ["text"])
        texts = [plain_text(row["text"]) for row in rows]
        if not texts:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        places, strengths = build_name_index(texts).find(name, spellings)
        numbers = [self._number(str(rows[place]["key"]), texts[place]) for place in places.tolist()]
        order = np.argsort(numbers)
        return np.array(numbers, dtype=np.int32)[order], strengths[order]

    def _number(self, key: str, text: str) -> int:
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers)
            self.lengths.append(len(analyze(text)))
        return self.numbers[key]


def foreign_scores(
    question: str,
    table: TermTable,
    vocabulary: StoredVocabulary,
    pairs: StoredVocabulary,
    shelves: Shelves,
) -> tuple[dict[str, float], list[QueryTerm]]:
    """Return the lexical scores, above 0, of views in the other language than the question's.

    With them the weighted query that they were scored with.
    """
    names = FoundNames(shelves, pairs)
    query = translated_query(question, table, vocabulary, names)
    translated = TranslatedQuery(query, vocabulary)
    found = shelves.sparse(translated.vector(), NUM_TRANSLATED)
    keys = list(dict.fromkeys([*found, *names.numbers]))
    rows = shelves.milvus.get(shelves.collection, keys, ["sparse"])
    scores = {str(row["key"]): translated.score(row["sparse"]) for row in rows}
    for key, score in _name_scores(query, names, vocabulary.num_documents).items():
        scores[key] += score
    return {key: score for key, score in scores.items() if score > 0}, translated.weighted


def _name_scores(
    query: Sequence[QueryTerm], names: FoundNames, num_documents: int
) -> dict[str, float]:
    """Return what found names add: each counts as one occurrence, as in `index.lexical`."""
    keys = list(names.numbers)
    mean = names.shelves.mean_length or 1.0
    scores: dict[str, float] = {}
    for term in query:
        if term.matches is None:
            continue
        numbers, strengths = term.matches
        weight = term.weight * idf(float(strengths.sum()), num_documents)
        for number, strength in zip(numbers.tolist(), strengths.tolist(), strict=True):
            saturation = K1 * (1 - B + B * names.lengths[number] / mean)
            key = keys[number]
            scores[key] = scores.get(key, 0.0) + weight * strength / (1 + saturation)
    return scores
