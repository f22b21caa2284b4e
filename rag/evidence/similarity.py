"""How near words and sentences are in meaning: by vectors, and by what they are translated to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.encoder import Encoder
from index.term_table import TermTable
from rag.questions.thesaurus import same_meaning

_CACHED_TEXTS = 50_000  # about 50 MB at 256 dimensions

# Cosine of unrelated words; below it nearness is noise.
_UNRELATED = 0.3
# Least probability of a translation that counts as the term itself.
_LIKELY = 0.08
# Least probability of a paraphrase, and that of one as good as the word itself.
_MAY_PARAPHRASE, _PARAPHRASE = 0.02, 0.15
# Least strength of a paraphrase that may stand for a term in the name of an item: no equity for assets.
_SURE = 0.8
# How good a word of the same meaning is by the thesaurus.
_SAME_MEANING = 0.8


class Similarity:
    """Cosines of texts, with the vectors of recent ones kept. Safe to share between threads."""

    def __init__(self, encoder: Encoder, term_table: TermTable | None = None) -> None:
        self._encoder = encoder
        self._term_table = term_table or TermTable("none")
        self.translations = lru_cache(maxsize=1 << 12)(self._translations)
        self.paraphrases = lru_cache(maxsize=1 << 12)(self._paraphrases)
        self.alike = lru_cache(maxsize=1 << 12)(self._alike)
        self.phrases = lru_cache(maxsize=256)(self._phrases)
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}

    def vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors, shape (n, dim); row i belongs to texts[i]."""
        known = self._vectors
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            if len(known) + len(new) > _CACHED_TEXTS:
                known = {text: known[text] for text in texts if text in known}
            made = zip(new, self._encoder.encode_documents(new), strict=True)
            # A new dictionary, not a changed one: another thread may be reading the old one.
            self._vectors = known = {**known, **dict(made)}
        if not texts:
            return np.zeros((0, self._encoder.dim), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def to_query(self, query: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the cosine of a query with each text, shape (n,)."""
        return np.asarray(self.vectors(texts) @ self._encoder.encode_queries([query])[0])

    def nearest_terms(
        self, terms: Sequence[str], groups: Sequence[Iterable[str]]
    ) -> npt.NDArray[np.float32]:
        """Return how near the nearest term of each group is to each term, shape (groups, terms).

        From 0.0 (unrelated) to 1.0 (the same).
        """
        listed = [sorted(group) for group in groups]
        vocabulary = sorted({term for group in listed for term in group})
        if not vocabulary or not terms:
            return np.zeros((len(listed), len(terms)), dtype=np.float32)
        rows = {term: row for row, term in enumerate(vocabulary)}
        cosines = self.vectors(vocabulary) @ self.vectors(terms).T  # (vocabulary, terms)
        nearness = np.clip((cosines - _UNRELATED) / (1 - _UNRELATED), 0.0, 1.0)
        return np.stack(
            [
                nearness[[rows[term] for term in group]].max(axis=0)
                if group
                else np.zeros(len(terms), dtype=np.float32)
                for group in listed
            ]
        )

    def _translations(self, term: str) -> frozenset[str]:
        """Return the likely names of a term in the other language."""
        table = self._term_table
        return frozenset(name for name, p in table.translate(term) if p > _LIKELY)

    def _phrases(self, terms: tuple[str, ...]) -> Mapping[str, Sequence[frozenset[str]]]:
        """Return, for the terms of a known name or set phrase, the terms of each translation of it."""
        table = self._term_table
        return {
            term: [frozenset(translation) for translation in table.phrases[phrase]]
            for phrase in table.phrases_in(terms)
            for term in phrase
        }

    def _alike(self, term: str) -> frozenset[str]:
        """Return what may stand for a term, in either language."""
        paraphrases = self.paraphrases(term).items()
        return self.translations(term) | {other for other, p in paraphrases if p >= _SURE}

    def _paraphrases(self, term: str) -> Mapping[str, float]:
        """Return words for the same as a term, from 0.0 to 1.0 (as good as itself).

        Those that share translations with it, and those of the thesaurus.

        p(other | term) = sum over translations t of p(t | term) p(other | t); Bannard and
        Callison-Burch, "Paraphrasing with Bilingual Parallel Corpora", 2005.
        """
        found: defaultdict[str, float] = defaultdict(float)
        for translation, p in self._term_table.translate(term):
            for other, back in self._term_table.translate(translation):
                found[other] += p * back
        found.pop(term, None)
        alike = {
            other: min(1.0, p / _PARAPHRASE) for other, p in found.items() if p >= _MAY_PARAPHRASE
        }
        for other in same_meaning().get(term, ()):
            alike[other] = max(alike.get(other, 0.0), _SAME_MEANING)
        return alike
