"""How well a piece of evidence answers a question: named features and their learned weights.

The features are plain counts and shares that can be read off the question and the evidence. The
weights are those of a linear model fitted on the development cases (`python -m eval.fit`), kept in
`scorer.json` beside this file, so that anybody can see what counts for how much.
"""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.language import HAN
from corpus.quantities import Quantity, QuantityKind, same_quantity, supports
from corpus.schema import Role
from index.background import rarity
from rag.evidence import WEIGHT_SECTION, Evidence, text_quantities, text_terms
from rag.question import Question, QuestionKind, han_bigrams
from rag.similarity import Similarity

WEIGHTS_PATH = Path(__file__).parent / "scorer.json"

# Quantities that say how much; a date says when, a code says who.
_AMOUNTS = frozenset(QuantityKind) - {QuantityKind.DATE, QuantityKind.CODE}
_LIST_MARK = re.compile(r"、|；|;|(?:^|\s)[(（]?\d[)）]|(?:,[^,]{1,60}){2}")
_CAUSE = re.compile(
    r"由于|因此|因为|原因|导致|受益于|驱动|有望|使得|从而|以便|because|due to|owing to|as a result|"
    r"therefore|driven by|thanks to|lead(?:s|ing)? to|since\b|so that",
    re.IGNORECASE,
)
# What follows a term that is being defined, at most a few words on: words that only a definition
# has, and words that often introduce one.
_DEFINES = re.compile(
    r"[^，。；,.;]{0,12}?(?:\s*[—–：:]|，?(?:是一[种类个款]|是指|指的是|即|全称|也?被?称为|又称|简称|定义为|指)|\s*[（(])|"
    r"[^,.;]{0,24}?(?:\bis an?\b|\brefers? to\b|\bmeans?\b|\bdefined as\b|\balso (?:known|called)\b|"
    r"\bstands? for\b|\bdenotes?\b|\s*\()"
)
_MAY_DEFINE = re.compile(r"[^，。；,.;]{0,12}?，?是|[^,.;]{0,24}?\b(?:is|are)\b")
_HAN_CHAR = re.compile(f"[{HAN}]")


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


_BOILERPLATE_MARGIN = 0.15
_DEFINITION_MARGIN = 0.1


@lru_cache(maxsize=1)
def learned_weights() -> Mapping[str, Mapping[str, float]]:
    """Return the weights of the features: "evidence" orders, "decision" decides to answer."""
    weights: Mapping[str, Mapping[str, float]] = json.loads(
        WEIGHTS_PATH.read_text(encoding="utf-8")
    )
    return weights


def evidence_features(
    question: Question,
    evidence: Evidence,
    weights: Mapping[str, float],
    nearness: Mapping[str, float],
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the features of a piece of evidence, and the terms that it lacks.

    All are shares from 0 to 1 or flags, so that their weights can be compared.

    Args:
        question: The analysed question.
        evidence: A sentence or a cell.
        weights: How much each term of the question says.
        nearness: How near the evidence's nearest term is to each term of the question.
    """
    total = sum(weights.values()) or 1.0
    sums = dict.fromkeys(("covered", "in_text", "in_label", "around", "name", "near"), 0.0)
    names = 0.0
    missing = []
    own_terms = evidence.matched_terms
    label_terms = text_terms(evidence.label)
    everything = evidence.everything if question.names else ""
    phrases = question.bigrams
    nameless = False
    around = [(text_terms(text), strength) for text, strength in evidence.around]
    for term, weight in weights.items():
        in_text = _held(term, own_terms, evidence.text)
        in_label = _held(term, label_terms, evidence.label)
        near = max((strength for terms, strength in around if term in terms), default=0.0)
        best = max(in_text, in_label if evidence.is_cell else 0.0, near)
        sums["covered"] += weight * best
        sums["in_text"] += weight * in_text
        sums["in_label"] += weight * in_label
        sums["around"] += weight * near
        if term in question.names or term.isdigit():
            if best < _HELD_AT_ALL and _named(term, question, everything):
                best = WEIGHT_SECTION
                sums["covered"] += weight * best
            nameless = nameless or (term in question.names and best < _HELD_AT_ALL)
            names += weight
            sums["name"] += weight * best
        else:
            # A name has no synonyms: Pro is not nearly Ultra.
            if evidence.language is not question.language:
                sums["covered"] += weight * max(0.0, nearness[term] - best)
                sums["in_text"] += weight * max(0.0, nearness[term] - in_text)
            best = max(best, nearness[term])
            sums["near"] += weight * best
        if best < _HELD_AT_ALL:
            missing.append(term)
    own = evidence.terms
    features = {
        "covered": sums["covered"] / total,
        "near_terms": (sums["near"] + sums["name"]) / total,
        "in_text": sums["in_text"] / total,
        "in_label": sums["in_label"] / total,
        "around": sums["around"] / total,
        "names_missing": (names - sums["name"]) / total,
        "name_missing": float(nameless),
        "only_names": float(_only_names(question, missing)),
        "worst_missing": max((weights[term] for term in missing), default=0.0),
        "verbatim": len(phrases & han_bigrams(evidence.named_text)) / (len(phrases) or 1),
        "precision": len(own & frozenset(question.terms)) / (len(own) or 1),
        "length": min(1.0, len(own) / 40),
        "is_cell": float(evidence.is_cell),
        "cell_covered": evidence.is_cell * sums["covered"] / total,
        "is_front": float(evidence.role is Role.FRONT),
        **_form_features(question, evidence),
    }
    return features, tuple(missing)


def _only_names(question: Question, missing: Sequence[str]) -> bool:
    """Say whether evidence has nothing but names in common with a question that says more."""
    rest = [term for term in question.terms if term not in question.names and not term.isdigit()]
    return bool(rest) and all(term in missing for term in rest)


def _named(term: str, question: Question, everything: str) -> bool:
    """Say whether a name, or another form of it, stands somewhere around the evidence."""
    if term in text_terms(everything):
        return True
    return any(
        re.search(rf"(?<![a-z0-9]){re.escape(alias)}(?![a-z0-9])", everything)
        if alias.isascii()
        else alias in everything
        for alias in question.aliases.get(term, ())
    )


# A translation in the evidence counts nearly as the term itself.
_TRANSLATED = 0.9

# What only the conversation gives counts less than what was just asked.
_RECALLED = 0.5

# Held less than this, a term counts as missing.
_HELD_AT_ALL = 0.3


def _held(term: str, terms: frozenset[str], text: str) -> float:
    """Return how far terms hold a term: 1.0 the term itself, less for a relative of it.

    A Chinese word that is not there may share its characters (按月 – 月度); an English one may
    have another ending or a typing error.
    """
    if term in terms:
        return 1.0
    if _HAN_CHAR.search(term):
        if len(term) < 2:
            return 0.0
        return 0.5 * sum(char in text for char in term) / len(term)
    if term.endswith("s") and term[:-1] in terms:
        return 1.0  # LLMs, CNNs: the stemmer leaves acronyms alone
    if len(term) >= 5 and term.isascii() and term.isalpha():
        return 0.8 if any(_near_word(term, other) for other in terms) else 0.0
    return 0.0


@lru_cache(maxsize=1 << 16)
def _near_word(a: str, b: str) -> bool:
    """Say whether two English words are one with another ending or one typing error."""
    if abs(len(a) - len(b)) > 3 or len(b) < 5 or not b.isascii() or a[0] != b[0]:
        return False
    common = 0
    for left, right in zip(a, b, strict=False):
        if left != right:
            break
        common += 1
    if common >= max(5, 0.75 * max(len(a), len(b))):
        return True
    return len(a) >= 6 and _edit_distance_is_one(a, b)


def _edit_distance_is_one(a: str, b: str) -> bool:
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    for position, char in enumerate(a):
        if char != b[position]:
            return a[position + (len(a) == len(b)) :] == b[position + 1 :]
    return True


def _form_features(question: Question, evidence: Evidence) -> dict[str, float]:
    """Return what the form of the evidence says: a figure for "how much", a date for "when"."""
    kind = question.kind
    wants_number = kind is QuestionKind.NUMBER
    amounts = answering_amounts(question, evidence)
    dates = [q for q in _dates(evidence.text) if not _is_asked(question, q)]
    fits = period_fit(question, evidence)
    return {
        "number_for_number": float(wants_number and bool(amounts)),
        "number_missing": float(wants_number and not amounts),
        "date_for_date": float(kind is QuestionKind.DATE and bool(dates)),
        "date_missing": float(kind is QuestionKind.DATE and not dates),
        "list_for_list": float(
            kind is QuestionKind.LIST and bool(_LIST_MARK.search(evidence.text))
        ),
        "cause_for_cause": float(kind is QuestionKind.CAUSE and bool(_CAUSE.search(evidence.text))),
        "definition_for_definition": (
            max(_defines(question, evidence.text), _defines(question, evidence.quote))
            if kind is QuestionKind.DEFINITION
            else 0.0
        ),
        "figure_missing": float(not _figures_said(question, evidence)),
        "period_said": float(fits is True),
        "period_unsaid": float(fits is None and bool(question.periods)),
        "period_wrong": float(fits is False),
    }


def _defines(question: Question, text: str) -> float:
    """Say how surely a text defines a term of the question: 1.0, 0.5 (it may) or 0.0."""
    folded = text.casefold()
    ends = [
        match.end()
        for term in question.terms
        for match in re.finditer(
            rf"(?<![a-z0-9]){re.escape(term)}" if term.isascii() else re.escape(term), folded
        )
    ]
    if any(_DEFINES.match(folded, end) for end in ends):
        return 1.0
    return 0.5 * any(_MAY_DEFINE.match(folded, end) for end in ends)


def _figures_said(question: Question, evidence: Evidence) -> bool:
    """Say whether every figure of the question stands in the evidence or around it.

    "Pika 2.0" is not Pika 1.0, and what is said of 16 tasks is not said of 9.
    """
    if not question.figures:
        return True
    around = f"{evidence.row} {evidence.column} {evidence.caption} {evidence.lead}"
    said = text_quantities(f"{evidence.text}\n{around}\n{' '.join(evidence.section)}")
    return all(
        any(figure.low == other.low and figure.high == other.high for other in said)
        for figure in question.figures
    )


def period_fit(question: Question, evidence: Evidence) -> bool | None:
    """Say whether the evidence speaks of a period asked about; None when none is asked or said.

    The evidence's own dates decide; where it has none, those of the sentence before, the labels,
    the caption and the headings.
    """
    if not question.periods:
        return None
    labels = f"{evidence.row} {evidence.column} {evidence.caption}"
    for text in (
        f"{evidence.text} {labels}" if evidence.is_cell else evidence.text,
        evidence.lead,
        " ".join(evidence.section),
    ):
        if said := _dates(text):
            return _fits(question, said)
    return None


def _dates(text: str) -> list[Quantity]:
    return [q for q in text_quantities(text) if q.kind is QuantityKind.DATE]


def _is_asked(question: Question, quantity: Quantity) -> bool:
    asked = (*question.figures, *question.periods)
    return any(same_quantity(quantity, other) for other in asked)


def _overlaps(said: Quantity, period: Quantity) -> bool:
    if supports(said, period) or supports(period, said):
        return True
    if said.date is None or period.date is None:
        return False
    if period.date.year is None:
        return said.date.month == period.date.month
    return said.date_end is not None and said.low <= period.low <= said.high


def answering_amounts(question: Question, evidence: Evidence) -> list[Quantity]:
    """Return the amounts of the evidence that can answer a number question.

    Those that the question does not state itself, of a kind and said of a period that it asks for.
    An amount is of the last date before it in its sentence, else of the first one after it, else
    of the date in its labels or in what leads to it.
    """
    text = f"{evidence.text}{evidence.unit}" if evidence.is_cell else evidence.text
    dates = _dates(text)
    found = []
    for quantity in text_quantities(text):
        if quantity.kind not in (question.unit_kinds or _AMOUNTS) or _is_asked(question, quantity):
            continue
        before = [date for date in dates if date.end <= quantity.start]
        governing = before[-1:] or dates[:1]
        if question.periods and governing and not _fits(question, governing):
            continue
        found.append(quantity)
    return found


def _fits(question: Question, dates: Sequence[Quantity]) -> bool:
    return any(_overlaps(date, period) for date in dates for period in question.periods)


def term_weight(term: str, document_frequency: int, num_views: int) -> float:
    """Return how much a question's term says, from 0 to 1.

    The square of its rarity in general text, so that colloquial words say next to nothing, times
    its rarity on the shelf: a word that every report uses separates none of them.
    """
    on_shelf = math.log1p(num_views / (1 + document_frequency)) / math.log1p(num_views or 1)
    return rarity(term) ** 2 * (0.4 + 0.6 * min(1.0, on_shelf))
