"""How well a piece of evidence answers a question: named features and their learned weights.

The features are plain counts and shares that can be read off the question and the evidence. The
weights are those of a linear model fitted on the development cases (`python -m eval.fit`), kept in
`scorer.json` beside this file, so that anybody can see what counts for how much.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from corpus.schema import Role
from index.background import rarity
from index.terms import analyze
from rag.evidence.definienda import defined_elsewhere
from rag.evidence.definitions import Wanted, defined_in, headword
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.features import TermNearness, evidence_features
from rag.evidence.form_lines import denies, is_form_line
from rag.evidence.holding import is_named
from rag.evidence.items import Item, places_of
from rag.evidence.owners import borne_names
from rag.evidence.preference import (
    is_item,
    names_another_line,
    standing_in_statements,
    unasked,
)
from rag.evidence.similarity import Similarity
from rag.evidence.subjects import lacks_name
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

WEIGHTS_PATH = Path(__file__).parent / "scorer.json"

# A name of several parts, which a question's terms may hold one by one: HE-DT-FB.
_NAME = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)+")

_NO_FIGURE = re.compile(r"n/?m\.?|n\.m\.?|n/a|\*{1,3}", re.IGNORECASE)  # not meaningful, not there
# A translation in the evidence counts nearly as the term itself.
_TRANSLATED = 0.9

# Of the weight of the names in a question: a joined form may lack, not much more.
_ALL = 0.9

_NEARLY, _LOOKED_AT = 0.85, 6  # of the best score; pieces of evidence

# What only the conversation gives counts less than what was just asked.
_RECALLED = 0.5


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
) -> list[ScoredEvidence]:
    """Return the evidence with scores, best first, ties in the order given.

    Args:
        question: The analysed question.
        evidence: What the retrieved chunks offer.
        weight: How much a term says, from 0 to 1, higher for rarer ones.
        similarity: Nearness in meaning.
    """
    asked = frozenset(question.terms)
    told = text_terms(question.text)
    # What only repeats the question answers nothing.
    borne = borne_names(question, evidence)
    said_nothing = (Role.CONTENTS, Role.FIGURE)
    evidence = [
        e
        for e in evidence
        if e.role not in said_nothing
        and not (e.is_cell and _NO_FIGURE.fullmatch(e.text.strip()))
        and not (not e.is_cell and is_form_line(e.text) and not denies(e.text))
        and not (e.terms <= asked or (_NAME.fullmatch(e.text.strip()) and e.terms <= told))
    ]
    if not evidence:
        return []
    weights = term_weights(question, weight)
    top = max(item.retrieval for item in evidence) or 1.0
    near_text = similarity.to_query(question.text, [item.text for item in evidence])
    near_whole = similarity.to_query(
        question.text, [f"{item.label} {item.lead} {item.text}" for item in evidence]
    )
    rows = []
    for row, nearness in enumerate(_nearness(question, evidence, similarity)):
        features, missing = evidence_features(question, evidence[row], weights, nearness)
        features["retrieval"] = evidence[row].retrieval / top
        features["near_text"] = float(near_text[row])
        features["near_whole"] = float(near_whole[row])
        rows.append((evidence[row], features, missing))
    others = _of_other_rows(question, evidence) | defined_elsewhere(question, evidence)
    nowhere = _nowhere(question, [(item, missing) for item, _, missing in rows])
    names = sum(weights[term] for term in question.names)
    share = sum(weights[term] for term in nowhere) / names if names else 0.0
    learned = learned_weights()["evidence"]
    cells = (
        places_of(item)
        for item in evidence
        if item.is_cell and (item.when is not None or item.is_own_report)
    )
    wanted = Item(question, cells, weight, similarity)
    defined = (t for e in evidence for t in (*defined_in(e.quote), headword(e.lead)) if t)
    meaning = Wanted(question, defined, weight, similarity)
    scored = []
    for item, features, missing in rows:
        features["name_nowhere"] = share
        features["all_names_nowhere"] = float(share >= _ALL)
        if features["name_missing"]:
            features["name_missing"] = float(lacks_name(question, item, frozenset(missing) - borne))
        if (item.doc_id, item.start) in others:
            features["named_elsewhere"] = 1.0
        if borne & question.names:
            features["names_all_missing"] = 0.0
        score = sum(learned.get(name, 0.0) * value for name, value in features.items() if value)
        score -= unasked(question, item, wanted)
        is_asked = meaning.defined_by if meaning else partial(is_item, question, item=wanted)
        features["is_item"] = float(is_asked(item))
        features["in_statement"] = 0.0
        if features["is_item"]:  # its name may be another one for the same: capex
            features["metric_missing"] = features["only_names"] = 0.0
            features["in_statement"] = standing_in_statements(item) / 2
        elif names_another_line(question, item, wanted):
            features["metric_missing"] = 1.0
        scored.append(ScoredEvidence(item, score, features, missing))
    return _named_first(question, sorted(scored, key=lambda item: -item.score))


def _named_first(question: Question, scored: list[ScoredEvidence]) -> list[ScoredEvidence]:
    """Return scored evidence, the best with all names of the question first where the first has none itself.

    A sentence beside one with the name may be of something else: 诸如文心一格等产品均于今年上线.
    """
    if not question.names or QuestionKind.DATE not in question.kinds or not scored:
        return scored
    if _names_said(question, scored[0].evidence):
        return scored
    least = _NEARLY * scored[0].score
    for place, item in enumerate(scored[1:_LOOKED_AT], start=1):
        if item.score >= least and len(_names_said(question, item.evidence)) == len(question.names):
            return [item, *scored[:place], *scored[place + 1 :]]
    return scored


def _names_said(question: Question, evidence: Evidence) -> list[str]:
    own = f"{evidence.text} {evidence.quote} {evidence.label}"
    return [name for name in question.names if is_named(name, question, own)]


def _of_other_rows(question: Question, evidence: Sequence[Evidence]) -> set[tuple[str, int]]:
    """Return where the cells stand that belong to none of the names which label rows of their table."""
    tables: dict[tuple[str, int], list[Evidence]] = {}
    for item in evidence:
        if item.is_cell:
            tables.setdefault((item.doc_id, item.block), []).append(item)
    found = set()
    for cells in tables.values():
        names = {
            name
            for name in question.names
            if any(cell.row and is_named(name, question, cell.label) for cell in cells)
            # A company's own table is of it throughout, though a row names it.
            and not (cells[0].own and is_named(name, question, cells[0].around[-1][0]))
        }
        found |= {
            (cell.doc_id, cell.start)
            for cell in cells
            if names
            and not any(is_named(name, question, f"{cell.label} {cell.text}") for name in names)
        }
    return found


def _nowhere(
    question: Question, rows: Sequence[tuple[Evidence, tuple[str, ...]]]
) -> frozenset[str]:
    """Return the names of the question that no evidence has in any form.

    Evidence in another language spells a name in its own way, so that only names whose forms are
    known can be missed in it.
    """
    readable = [missing for item, missing in rows if item.language is question.language]
    names = question.names if readable else question.names & question.aliases.keys()
    # Where any evidence has it, in whatever language, it is somewhere.
    return names.intersection(*(missing for _, missing in rows))


def term_weights(question: Question, weight: Callable[[str], float]) -> dict[str, float]:
    """Return how much each term of a question says, from 0 to 1."""
    return {
        term: weight(term) * (_RECALLED if term in question.recalled else 1.0)
        for term in question.terms
    }


def _nearness(
    question: Question, evidence: Sequence[Evidence], similarity: Similarity
) -> Iterator[dict[str, TermNearness]]:
    """Yield how near each piece of evidence comes to each term of the question."""
    groups = [item.terms | text_terms(item.label) for item in evidence]
    vectors = similarity.nearest_terms(question.terms, groups)
    phrases = similarity.phrases(tuple(analyze(question.text)))
    known = [
        (term, similarity.translations(term), similarity.paraphrases(term), phrases.get(term, ()))
        for term in question.terms
    ]
    for row, held in enumerate(groups):
        yield {
            term: TermNearness(
                vector=float(vectors[row, column]),
                # Reports mix languages: the plans of a Chinese table are called basic and pro.
                translated=_TRANSLATED
                if not held.isdisjoint(translations)
                else _TRANSLATED * _phrase_held(phrase, held, evidence[row]),
                paraphrased=max((paraphrases[t] for t in paraphrases.keys() & held), default=0.0),
            )
            for column, (term, translations, paraphrases, phrase) in enumerate(known)
        }


def _phrase_held(
    translations: Sequence[frozenset[str]], held: frozenset[str], evidence: Evidence
) -> float:
    """Return how far a set phrase stands in evidence or around it in the other language, 0 to 1."""
    if not translations:
        return 0.0
    if any(terms <= held for terms in translations):
        return 1.0
    around = ((text_terms(text), strength) for text, strength in evidence.around)
    return max(
        (s for found, s in around if any(terms <= found for terms in translations)), default=0.0
    )


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
