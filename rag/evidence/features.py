"""What is counted of a piece of evidence for a question: shares from 0 to 1, and flags."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from corpus.schema import BlockKind, Role
from rag.evidence.amounts import CAPTION, answering_amounts, dates_in, is_asked
from rag.evidence.clauses import clause_spans
from rag.evidence.contacts import is_unasked_contact
from rag.evidence.counted import counts_another
from rag.evidence.events import is_of_another_event
from rag.evidence.evidence import WEIGHT_SECTION, Evidence, text_quantities, text_terms
from rag.evidence.forms import form_features
from rag.evidence.holding import held, is_named, versions_held
from rag.evidence.markets import sizes_another
from rag.evidence.measured import lacks_metric
from rag.evidence.name_checks import (
    is_no_reason,
    is_of_another,
    is_of_another_company,
    lacks_party,
    only_a_name,
    only_labels,
    only_names,
)
from rag.evidence.qualifiers import (
    lacks_expansion,
    lacks_person,
    lacks_place,
    lacks_qualifier,
)
from rag.evidence.subjects import lacks_name
from rag.questions.kinds import QuestionKind, shown_by
from rag.questions.question import Question, han_bigrams

# Held less than this, a term counts as missing.
_HELD_AT_ALL = 0.3
# What the form of an answer shows need not be said: a price tag says no "price".
_SHOWN = 0.7


@dataclass(frozen=True, slots=True)
class TermNearness:
    """How near a piece of evidence comes to a term of the question, from 0 to 1."""

    vector: float = 0.0  # the nearest term's cosine, above that of unrelated words
    translated: float = 0.0  # a likely translation of the term stands there
    paraphrased: float = 0.0  # a word with the same translations stands there


@dataclass(slots=True)
class _Sums:
    """Weighted sums over the terms of a question."""

    covered: float = 0.0
    in_text: float = 0.0
    in_label: float = 0.0
    around: float = 0.0
    near: float = 0.0
    paraphrased: float = 0.0
    shown: float = 0.0
    names: float = 0.0
    names_held: float = 0.0
    content: float = 0.0
    content_held: float = 0.0
    missing: list[str] = field(default_factory=list)  # terms held less than `_HELD_AT_ALL`
    is_far: bool = False  # a name stands only in passing elsewhere in the section


def evidence_features(
    question: Question,
    evidence: Evidence,
    weights: Mapping[str, float],
    nearness: Mapping[str, TermNearness],
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the features of a piece of evidence, and the terms that it lacks.

    All are shares from 0 to 1 or flags, so that their weights can be compared.

    Args:
        question: The analysed question.
        evidence: A sentence or a cell.
        weights: How much each term of the question says.
        nearness: How near the evidence comes to each term of the question.
    """
    total = sum(weights.values()) or 1.0
    sums = _summed(question, evidence, weights, nearness)
    missing = tuple(sums.missing)
    own = evidence.terms
    new = own - frozenset(question.terms)
    features = {
        "covered": sums.covered / total,
        "near_terms": (sums.near + sums.names_held) / total,
        "paraphrased": (sums.paraphrased + sums.names_held) / total,
        "in_text": sums.in_text / total,
        "in_label": sums.in_label / total,
        "around": sums.around / total,
        "shown": sums.shown / total,
        "names_missing": (sums.names - sums.names_held) / total,
        "content_held": sums.content_held / (sums.content or 1.0),
        "missing_share": len(missing) / (len(weights) or 1),
        "worst_missing": max((weights[term] for term in missing), default=0.0),
        "verbatim": len(question.bigrams & han_bigrams(evidence.named_text))
        / (len(question.bigrams) or 1),
        "precision": len(own & frozenset(question.terms)) / (len(own) or 1),
        "thin": float(len(new) <= 2),
        "length": min(1.0, len(own) / 40),
        "is_cell": float(evidence.is_cell),
        "is_label": float(evidence.is_cell and not evidence.row),
        "cell_covered": evidence.is_cell * sums.covered / total,
        "is_front": float(evidence.role is Role.FRONT),
        "is_boilerplate": float(evidence.role is Role.BOILERPLATE),
        "is_caption": float(
            evidence.kind in (BlockKind.CAPTION, BlockKind.NOTE)
            or bool(CAPTION.match(evidence.quote))
        ),
        "head_missing": _head_missing(question, missing, weights),
        "clause_covered": _best_clause(question, evidence, weights) / total,
        **_of_another(question, evidence, sums),
        **form_features(question, evidence),
    }
    return features, missing


def _summed(
    question: Question,
    evidence: Evidence,
    weights: Mapping[str, float],
    nearness: Mapping[str, TermNearness],
) -> _Sums:
    """Return the sums over the terms of a question: how a piece of evidence holds each."""
    sums = _Sums()
    own_terms = evidence.matched_terms
    label_terms = text_terms(evidence.label)
    texts = (evidence.nearby, evidence.section_text) if question.names else ()
    shown = _shown_terms(question, evidence)
    around = [(text_terms(text), strength) for text, strength in evidence.around]
    for term, weight in weights.items():
        in_text = held(term, own_terms, evidence.text)
        in_label = held(term, label_terms, evidence.label)
        near = max((strength for terms, strength in around if term in terms), default=0.0)
        best = max(in_text, in_label if evidence.is_cell else 0.0, near)
        sums.in_text += weight * in_text
        sums.in_label += weight * in_label
        sums.around += weight * near
        is_name = term in question.names
        if is_name and best < _HELD_AT_ALL and any(is_named(term, question, t) for t in texts):
            best = WEIGHT_SECTION
            is_read = evidence.language is question.language or term in question.aliases
            sums.is_far |= is_read and is_of_another(term, question, evidence)
        # Where the evidence is read in another language, its terms are met by translation.
        best = max(best, nearness[term].translated)
        sums.covered += weight * best
        # A name that another language spells in its own way is met by meaning, if at all.
        is_known = evidence.language is question.language or term in question.aliases
        if (is_name and is_known) or term.isdigit():
            sums.names += weight
            sums.names_held += weight * best
        else:
            # A name has no synonyms: Pro is not nearly Ultra.
            sums.near += weight * max(best, nearness[term].vector)
            sums.paraphrased += weight * max(best, nearness[term].paraphrased)
            best = max(best, nearness[term].vector, nearness[term].paraphrased)
            sums.content += weight
            if term in shown:
                sums.shown += weight * max(0.0, _SHOWN - best)
                best = max(best, _SHOWN)
            sums.content_held += weight * best
        if best < _HELD_AT_ALL:
            sums.missing.append(term)
    return sums


def _of_another(question: Question, evidence: Evidence, sums: _Sums) -> dict[str, float]:
    """Return what says that evidence is of something else than the question: names, plans, metrics."""
    return {
        "name_missing": float(lacks_name(question, evidence, sums.missing)),
        "names_all_missing": float(_lacks_all_names(question, evidence, sums.missing)),
        "named_elsewhere": float(
            sums.is_far or is_of_another_company(question, evidence, sums.missing)
        ),
        "qualifier_missing": float(
            lacks_qualifier(question, evidence, sums.missing)
            or _defines_another(question, evidence)
            or is_of_another_event(question, evidence)
        ),
        "metric_missing": float(
            lacks_metric(question, evidence, frozenset(sums.missing))
            or counts_another(question, evidence, sums.missing)
            or sizes_another(question, evidence)
        ),
        "person_missing": float(
            lacks_person(question, evidence)
            or lacks_place(question, evidence)
            or lacks_expansion(question, evidence)
            or lacks_party(question, evidence)
            or is_unasked_contact(question, evidence)
        ),
        "only_names": float(
            bool(sums.content)
            and (
                only_names(question, evidence, sums.missing)
                or only_labels(question, evidence)
                or only_a_name(question, evidence, sums.missing)
                or is_no_reason(question, evidence)
            )
        ),
        "quoted_missing": _quoted_missing(question, evidence),
        "version_missing": float(
            bool(question.versions) and not versions_held(question, evidence.everything)
        ),
    }


def _lacks_all_names(question: Question, evidence: Evidence, missing: Collection[str]) -> bool:
    """Say whether evidence has none of the names of a question, though it could be read for them."""
    is_readable = (
        evidence.language is question.language or question.names <= question.aliases.keys()
    )
    return bool(question.names) and is_readable and question.names <= set(missing)


def _head_missing(
    question: Question, missing: Collection[str], weights: Mapping[str, float]
) -> float:
    """Return the share of what exactly is asked for that the evidence lacks."""
    heads = [term for term in question.heads if term in weights and term not in question.names]
    total = sum(weights[term] for term in heads)
    return sum(weights[term] for term in heads if term in missing) / total if total else 0.0


def _defines_another(question: Question, evidence: Evidence) -> bool:
    """Say whether the meaning of a quoted word is asked for and the evidence has none of it."""
    return (
        QuestionKind.DEFINITION in question.kinds
        and evidence.language is question.language
        and _quoted_missing(question, evidence) >= 1
    )


def _quoted_missing(question: Question, evidence: Evidence) -> float:
    """Return the share of what the question quotes that neither the evidence nor its label has."""
    if not question.quoted:
        return 0.0
    said = f"{evidence.text} {evidence.quote} {evidence.label}"
    lacking = sum(
        # A capital tells the rating Hold from what somebody holds.
        not re.search(
            rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])",
            said if word[:1].isupper() else said.casefold(),
        )
        for word in question.quoted
    )
    return lacking / len(question.quoted)


def _best_clause(question: Question, evidence: Evidence, weights: Mapping[str, float]) -> float:
    """Return the most of the question that one clause holds; of those with an amount, if asked.

    A figure answers for its own clause: "A costs $5, while the revenue of B …".
    """
    if evidence.is_cell:
        return sum(
            weight
            for term, weight in weights.items()
            if term in evidence.matched_terms or term in text_terms(evidence.label)
        )
    spans = clause_spans(evidence.text)
    if QuestionKind.NUMBER in question.kinds and (amounts := answering_amounts(question, evidence)):
        holding = tuple(s for s in spans if any(s[0] <= q.start < s[1] for q in amounts))
        spans = holding or spans
    elif QuestionKind.DATE in question.kinds:
        dates = [q for q in dates_in(evidence.text) if not is_asked(question, q)]
        spans = tuple(s for s in spans if any(s[0] <= q.start < s[1] for q in dates)) or spans
    return max(
        sum(
            weight
            for term, weight in weights.items()
            if term in text_terms(evidence.text[start:end])
        )
        for start, end in spans
    )


def _shown_terms(question: Question, evidence: Evidence) -> frozenset[str]:
    """Return the terms of the question that the form of the evidence shows."""
    known = shown_by()
    asked = [term for term in question.terms if term in known]
    if not asked:
        return frozenset()
    kinds = {quantity.kind for quantity in text_quantities(evidence.measured)}
    return frozenset(term for term in asked if known[term] & kinds)
