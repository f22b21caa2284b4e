"""How well a piece of evidence answers a question: named features and their learned weights.

The features are plain counts and shares that can be read off the question and the evidence. The
weights are those of a linear model fitted on the development cases (`python -m eval.fit`), kept in
`scorer.json` beside this file, so that anybody can see what counts for how much.
"""

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.schema import Role
from index.background import rarity
from rag.evidence import Evidence, text_terms
from rag.features import evidence_features
from rag.question import Question
from rag.similarity import Similarity

WEIGHTS_PATH = Path(__file__).parent / "scorer.json"

# A translation in the evidence counts nearly as the term itself.
_TRANSLATED = 0.9

# What only the conversation gives counts less than what was just asked.
_RECALLED = 0.5

_BOILERPLATE_MARGIN = 0.15
_DEFINITION_MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class ScoredEvidence:
    """Evidence with what it was judged by. `score` orders; the decision reads the features."""

    evidence: Evidence
    score: float
    features: Mapping[str, float]
    missing: tuple[str, ...]  # terms of the question found neither in it nor around it

    @property
    def coverage(self) -> float:
        """Return the weighted share of the question that it carries, 0 to 1."""
        return self.features["covered"]


def score_evidence(
    question: Question,
    evidence: Sequence[Evidence],
    weight: Callable[[str], float],
    similarity: Similarity,
    translate: Callable[[str], Collection[str]] = lambda _term: (),
) -> list[ScoredEvidence]:
    """Return the evidence with scores, best first, ties in the order given.

    Args:
        question: The analysed question.
        evidence: What the retrieved chunks offer.
        weight: How much a term says, from 0 to 1, higher for rarer ones.
        similarity: Nearness in meaning.
        translate: A term's names in the other language, for evidence that is not rendered.
    """
    asked = frozenset(question.terms)
    # What only repeats the question answers nothing.
    evidence = [e for e in evidence if e.role is not Role.CONTENTS and not e.terms <= asked]
    if not evidence:
        return []
    weights = {
        term: weight(term) * (_RECALLED if term in question.recalled else 1.0)
        for term in question.terms
    }
    top = max(item.retrieval for item in evidence) or 1.0
    near_terms = similarity.nearest_terms(
        question.terms, [item.terms | text_terms(item.label) for item in evidence]
    )
    near_text = similarity.to_query(question.text, [item.text for item in evidence])
    near_whole = similarity.to_query(
        question.text, [f"{item.label} {item.lead} {item.text}" for item in evidence]
    )
    learned = learned_weights()["evidence"]
    scored = []
    for row, item in enumerate(evidence):
        nearness = dict(zip(question.terms, near_terms[row].tolist(), strict=True))
        if item.language is not question.language:
            held = item.terms | text_terms(item.label)
            for term in question.terms:
                if any(name in held for name in translate(term)):
                    nearness[term] = _TRANSLATED
        features, missing = evidence_features(question, item, weights, nearness)
        features["retrieval"] = item.retrieval / top
        features["near_text"] = float(near_text[row])
        features["near_whole"] = float(near_whole[row])
        score = sum(learned.get(name, 0.0) * value for name, value in features.items())
        scored.append(ScoredEvidence(item, score, features, missing))
    return sorted(_admissible(scored), key=lambda item: -item.score)


def _admissible(scored: Sequence[ScoredEvidence]) -> list[ScoredEvidence]:
    """Keep what defines, when a definition is asked; otherwise drop boilerplate.

    Boilerplate stays when it carries clearly more of the question than the rest.

    Disclaimers and rating definitions speak of markets, risks and returns without saying anything
    of them, but they are what answers "what does 领先大市 mean?".
    """
    best = max((item.coverage for item in scored), default=0.0)
    defining = [
        item
        for item in scored
        if item.features["definition_for_definition"]
        and item.features["verbatim"] in (0.0, 1.0)
        and item.coverage >= best - _DEFINITION_MARGIN
    ]
    if defining:
        surest = max(item.features["definition_for_definition"] for item in defining)
        return [i for i in defining if i.features["definition_for_definition"] == surest]
    content = [item for item in scored if item.evidence.role is not Role.BOILERPLATE]
    best = max((_carried(item) for item in content), default=0.0)
    if max((_carried(item) for item in scored), default=0.0) > best + _BOILERPLATE_MARGIN:
        return list(scored)
    return content


def _carried(item: ScoredEvidence) -> float:
    return item.coverage + item.features["verbatim"]


@lru_cache(maxsize=1)
def learned_weights() -> Mapping[str, Mapping[str, float]]:
    """Return the weights of the features: "evidence" orders, "decision" decides to answer."""
    weights: Mapping[str, Mapping[str, float]] = json.loads(
        WEIGHTS_PATH.read_text(encoding="utf-8")
    )
    return weights


def term_weight(term: str, document_frequency: int, num_views: int) -> float:
    """Return how much a question's term says, from 0 to 1.

    The square of its rarity in general text, so that colloquial words say next to nothing, times
    its rarity on the shelf: a word that every report uses separates none of them.
    """
    on_shelf = math.log1p(num_views / (1 + document_frequency)) / math.log1p(num_views or 1)
    return rarity(term) ** 2 * (0.4 + 0.6 * min(1.0, on_shelf))
