"""Yes or no: does the evidence say what a question asks whether it is so, or something else?

Said only when it is sure. The words of the question must stand in one clause of the evidence, its
names too; then the clause says yes, unless it gives another figure, another date, a denial or the
opposite, when it says no. A word that limits or weighs (only, all, most, may) and stands on one
side alone leaves it open, and the quote has to speak for itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from corpus.quantities import QuantityKind, supports
from corpus.schema import Language
from index.terms import analyze
from rag.composing.claim_figures import figures_agree
from rag.composing.claim_words import (
    ASKS_WHETHER,
    BRACKETS,
    CLAIM,
    CLAIMS_MORE,
    COMPARES,
    COPULAS,
    FIGURE_WORDS,
    FORECAST,
    NEGATION,
    OFTEN,
    OPEN,
    REFERS,
    SAYS_LESS,
    SAYS_NO,
    SAYS_YES,
    WHETHER,
    WHICH,
)
from rag.composing.trim import cut_evidence, is_long
from rag.evidence.clauses import clause_spans
from rag.evidence.contraries import contrary_words
from rag.evidence.evidence import Evidence, text_quantities, text_terms
from rag.evidence.forms import new_names
from rag.evidence.frequency import frequency_fit
from rag.evidence.scoring import ScoredEvidence
from rag.questions.naming import holds_alias
from rag.questions.question import Question

LOOKED_AT = 16
"""Pieces of evidence, best first, that may settle a question."""

_NEGLIGIBLE = 0.02  # weight of a term that says nothing
_WHOLE_SHARE = 0.75  # of a factual answer's length
_MOST_BEFORE = 0.5  # of the weight of the question may stand before the clause: its subject
_NOT_ADMITTED = ("version_missing", "all_names_nowhere", "is_caption")
_SUBJECT = 5  # characters
_OPENING = 12  # characters


@dataclass(frozen=True, slots=True)
class Ruling:
    """A yes or no, and the evidence that says it, cut to the clause."""

    is_so: bool
    evidence: Evidence
    item: ScoredEvidence  # as it was found
    by_figure: bool = False  # a no, because the report gives another figure


def rule_on(
    question: Question, ranked: Sequence[ScoredEvidence], weights: Mapping[str, float]
) -> Ruling | None:
    """Return whether what a question asks is so; None when the evidence does not settle it.

    Args:
        question: Any; only one that asks whether something is so is ruled on.
        ranked: Best first; also what the decision excludes for lack of the question's figures.
        weights: How much each term of the question says.
    """
    claim = CLAIM.sub("", question.text)
    if not ASKS_WHETHER.search(question.text) or WHICH.search(claim):
        return None
    if OPEN.search(claim):
        return None
    rulings = []
    for item in ranked[: 2 * LOOKED_AT]:
        readable = item.evidence.language is question.language
        if readable and not any(item.features.get(name) for name in _NOT_ADMITTED):
            rulings += _rulings(question, item, weights)
    if not rulings or len({ruling.is_so for ruling in rulings}) > 1:
        return None
    return rulings[0]


def _rulings(
    question: Question, item: ScoredEvidence, weights: Mapping[str, float]
) -> list[Ruling]:
    """Return what one piece of evidence says, in the fewest of its clauses that say it."""
    evidence = item.evidence
    if evidence.is_cell:
        ruling = _ruling(question, item, _said_by_cell(evidence), weights)
        return [ruling] if ruling else []
    spans = clause_spans(evidence.text)
    for width in (1, 2, 3):
        found = []
        for first in range(len(spans) - width + 1):
            start, end = spans[first][0], spans[first + width - 1][1]
            if ruling := _ruling(question, item, evidence.text[start:end], weights):
                # A short sentence is quoted whole, of a long one the clauses that say it.
                is_whole = not is_long(evidence.text, share=_WHOLE_SHARE)
                start = min(start, _start_of_subject(question, evidence.text))
                cut = evidence if is_whole else cut_evidence(evidence, start, end)
                found.append(replace(ruling, evidence=cut))
        if found:
            return found
    return []


def _said_by_cell(evidence: Evidence) -> str:
    """Return a cell as a clause; a mere yes or no affirms or denies what its labels say."""
    labels = [evidence.row, evidence.column]
    says_no = SAYS_NO.fullmatch(evidence.text.strip()) is not None
    if not says_no and not SAYS_YES.fullmatch(evidence.text.strip()):
        return f"{' '.join(labels)}：{evidence.text}{evidence.unit}"
    for place, label in enumerate(labels):
        if asked := WHETHER.match(label.strip()):
            labels[place] = asked["zh"] or asked["en"]
    denial = ("不" if evidence.language is Language.ZH else "not ") if says_no else ""
    return f"{labels[0]} {denial}{labels[1]}"


def _ruling(
    question: Question, item: ScoredEvidence, clause: str, weights: Mapping[str, float]
) -> Ruling | None:
    evidence = item.evidence
    claim = CLAIM.sub("", question.text)
    plain = BRACKETS.sub(" ", clause)
    turned = contrary_words(claim, plain)
    turned_terms = {term for word in turned for term in analyze(word)}
    if not _says(question, evidence, plain, weights, turned_terms):
        return None
    if any(more.search(claim) and not more.search(plain) for more in CLAIMS_MORE):
        return None
    if SAYS_LESS.search(plain) and not SAYS_LESS.search(claim):
        return None
    if OPEN.search(plain) or (FORECAST.search(plain) and not FORECAST.search(claim)):
        return None
    if _object(claim) != _object(plain):
        return None
    agrees = figures_agree(question, evidence, clause)
    if agrees is None:
        return None
    asked, said = len(NEGATION.findall(claim)), len(NEGATION.findall(plain))
    if asked:
        # "Is it not so?" is answered by yes where the same is denied, and else left open.
        is_same = asked == said and not turned
        return Ruling(agrees, evidence, item, by_figure=not agrees) if is_same else None
    denials = said + len(turned)
    if denials > 1 or (denials and not agrees):
        return None
    return Ruling(agrees and not denials, evidence, item, by_figure=not agrees)


def _says(
    question: Question,
    evidence: Evidence,
    clause: str,
    weights: Mapping[str, float],
    turned: Collection[str],
) -> bool:
    """Say whether a clause has all words of the question, and no name in place of the question's."""
    missing = _missing(question, clause, evidence) - set(turned)
    content = [term for term in question.terms if term not in question.names]
    lacking = [term for term in content if term in missing and weights[term] > _NEGLIGIBLE]
    total = sum(weights[term] for term in content) or 1.0
    if sum(weights[term] for term in lacking) > _MOST_BEFORE * total:
        return False
    content_said = [term for term in content if _is_said(term)]
    if not evidence.is_cell and not any(term not in missing for term in content_said):
        return False  # two names in one clause say nothing of what one does to the other
    is_crowded = not evidence.is_cell and new_names(question, replace(evidence, text=clause)) > 0
    if is_crowded and _num_names(question) > 1:
        return False
    before = _before(evidence, clause)
    if missing & question.names or lacking:
        if _missing(question, f"{before} {clause}", evidence) & {*lacking, *question.names}:
            return False
        # What is said before must be the subject: it comes first in the question too.
        order = {term: place for place, term in enumerate(question.terms)}
        held = [order[term] for term in content if term not in missing]
        if lacking and (not held or max(order[term] for term in lacking) > min(held)):
            return False
        if question.figures and lacking and content_said[-1] in missing:
            return False  # a figure is of the word before it
        # A clause that begins with another word of the question has a subject of its own.
        opening = text_terms(clause.strip()[:_SUBJECT])
        is_own = not lacking and not opening.isdisjoint(content_said)
        return not is_crowded and (evidence.is_cell or not is_own)
    return True


def _start_of_subject(question: Question, text: str) -> int:
    """Return where the clause begins that first has a name or a period of a question; or the end."""
    for start, end in clause_spans(text):
        clause = text[start:end]
        dates = [q for q in text_quantities(clause) if q.kind is QuantityKind.DATE]
        if question.names & text_terms(clause) or any(
            supports(date, period) for date in dates for period in question.periods
        ):
            return start
    return len(text)


def _num_names(question: Question) -> int:
    """Count the names of a question; terms of a name stand side by side."""
    marks = [term in question.names for term in question.terms]
    return sum(mark and not before for before, mark in pairwise([False, *marks]))


def _is_said(term: str) -> bool:
    """Say whether a term says something of a subject: no copula, no part of a figure."""
    return term not in COPULAS and not figure_has(term)


def _before(evidence: Evidence, clause: str) -> str:
    """Return what stands before a clause and may be its subject."""
    if evidence.is_cell:
        return f"{evidence.label} {evidence.caption}"
    start = evidence.text.find(clause.strip())
    lead = evidence.lead if REFERS.search(evidence.text[:_OPENING]) else ""
    return f"{evidence.text[: max(0, start)]} {lead} {evidence.label}"


def _missing(question: Question, text: str, evidence: Evidence) -> set[str]:
    """Return the terms of a question that a text does not hold in any form."""
    held, folded = text_terms(text), text.casefold()
    often = frequency_fit(question, evidence) is True
    return {
        term
        for term in question.terms
        if term not in held
        and term not in COPULAS
        and not (often and term in OFTEN)
        and not figure_has(term)
        and not (len(term) > 1 and not term.isascii() and term in folded)
        and not holds_alias(term, question.aliases, folded)
    }


def figure_has(term: str) -> bool:
    """Say whether a term is a part of how a quantity is written: 亿, 900亿, billion."""
    return term in FIGURE_WORDS or any(char.isdigit() for char in term)


@lru_cache(maxsize=1 << 12)
def _object(text: str) -> frozenset[str]:
    """Return the first term after a word that compares: what something is compared with."""
    match = COMPARES.search(text)
    if match is None:
        return frozenset()
    return frozenset(analyze(text[match.end() :])[:1])
