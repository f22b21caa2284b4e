"""Terms as sparse vectors: BM25 as an inner product.

A view's vector holds, for each of its terms, tf / (tf + k1 norm); a query's holds weight * idf.
Their product is BM25 as `index.lexical` computes it: the document frequencies are on the side of
the query, so that they are right over all segments and shards, and a query may weigh terms that
it does not hold, its translations. A Milvus' own BM25 takes a text as its query, and does neither.

A view's vector also holds its pairs of neighbouring Chinese characters, for finding names by
their sound. Terms and pairs are numbered apart from each other.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from index.lexical import K1, B, QueryTerm
from index.milvus.vocabulary import StoredVocabulary
from index.names import han_codes, name_likelihoods
from index.opened import Vocabulary
from index.spellings import Spellings

SparseVector = dict[int, float]

MAX_QUERY_TERMS = 512
"""Of a translated query, the highest weights; what they find is scored with all of them."""

_TERMS_FROM = 1 << 31
_HIGHEST = (1 << 32) - 2  # Milvus takes no higher number
_FIRST_HAN, _NUM_HAN = 0x4E00, 0x5200


def term_number(term: str) -> int:
    """Return the dimension of a term: a hash, so that no table of numbers has to be shared.

    Among a million terms some hundred pairs fall together.
    """
    digest = hashlib.blake2b(term.encode(), digest_size=4).digest()
    return min(_TERMS_FROM | int.from_bytes(digest, "little"), _HIGHEST)


def pair_number(pair: str) -> int:
    """Return the dimension of two neighbouring Han characters."""
    return (ord(pair[0]) - _FIRST_HAN) * _NUM_HAN + ord(pair[1]) - _FIRST_HAN


def document_vector(terms: Sequence[str], pairs: Iterable[str], mean_length: float) -> SparseVector:
    """Return the vector of a view; one without any entry gets a last one, Milvus wants one."""
    norm = K1 * (1 - B + B * len(terms) / (mean_length or 1.0))
    vector = {term_number(term): tf / (tf + norm) for term, tf in Counter(terms).items()}
    vector.update((pair_number(pair), 1.0) for pair in pairs)
    return vector or {_HIGHEST: 1e-6}


def idf(frequency: float, num_documents: int) -> float:
    """Return ln(1 + (N - df + 0.5) / (df + 0.5)), as `index.lexical` has it."""
    return math.log1p((num_documents - frequency + 0.5) / (frequency + 0.5))


def plain_query(terms: Iterable[str], vocabulary: Vocabulary) -> list[QueryTerm]:
    """Return a query in the language of the texts, weighted; terms that none holds are left out."""
    return [
        QueryTerm(((term, 1.0),), idf(frequency, vocabulary.num_documents))
        for term in dict.fromkeys(terms)
        if (frequency := vocabulary.document_frequency(term))
    ]


def query_vector(query: Iterable[QueryTerm]) -> SparseVector:
    """Return the vector of a weighted query whose terms have one name each."""
    return {term_number(term.alternatives[0][0]): term.weight for term in query}


class TranslatedQuery:
    """A query for texts of the other language: its terms with their alternatives."""

    def __init__(self, query: Sequence[QueryTerm], vocabulary: Vocabulary) -> None:
        """Weigh the terms of a query by how often the texts hold any of their alternatives.

        The expected document frequency is N (1 - product over alternatives a of (1 - p(a) df(a) / N)),
        as if they stood in the texts independently; `index.lexical` counts it.
        """
        self.weighted: list[QueryTerm] = []
        """The terms that the texts may hold, the weight of each multiplied by its idf."""
        self._terms: list[tuple[float, SparseVector]] = []
        num_documents = max(1, vocabulary.num_documents)
        for term in query:
            alternatives: SparseVector = {}
            absent = 1.0
            for name, probability in term.alternatives:
                if frequency := vocabulary.document_frequency(name):
                    alternatives[term_number(name)] = probability
                    absent *= 1 - probability * frequency / num_documents
            if alternatives:
                weight = term.weight * idf(num_documents * (1 - absent), num_documents)
                self._terms.append((weight, alternatives))
                self.weighted.append(replace(term, weight=weight))

    def vector(self) -> SparseVector:
        """Return what finds candidates: the sum over terms in the place of the noisy or."""
        total: Counter[int] = Counter()
        for weight, alternatives in self._terms:
            for number, probability in alternatives.items():
                total[number] += weight * probability  # type: ignore[assignment]
        return dict(total.most_common(MAX_QUERY_TERMS))

    def score(self, document: Mapping[int, float]) -> float:
        """Return the score of a view's vector, with the noisy or of `Lexical.bm25_scores`."""
        score = 0.0
        for weight, alternatives in self._terms:
            missing = 1.0
            for number in alternatives.keys() & document.keys():
                missing *= 1 - alternatives[number] * document[number]
            score += weight * (1 - missing)
        return score


def pairs_of(text: str) -> list[str]:
    """Return the pairs of neighbouring Han characters of a text, each once, in simplified form."""
    codes = han_codes(text)
    places = np.flatnonzero((codes[:-1] > 0) & (codes[1:] > 0))
    return list(dict.fromkeys(
        chr(first) + chr(second)
        for first, second in zip(codes[places].tolist(), codes[places + 1].tolist(), strict=True)
    ))  # fmt: skip


def name_query(name: str, spellings: Spellings, pairs: StoredVocabulary) -> SparseVector:
    """Return the vector that finds texts with characters a name may begin with, by their sound.

    Of the pairs that the texts hold, the likeliest; rare ones weigh more.
    """
    likelihoods = name_likelihoods(name, spellings, pairs.pair_keys)
    best = np.argsort(-likelihoods, kind="stable")[:MAX_QUERY_TERMS]
    return {
        pair_number(pairs.terms[row]): float(likelihoods[row])
        * idf(float(pairs.frequencies[row]), pairs.num_documents)
        for row in best.tolist()
        if likelihoods[row] > 0
    }
