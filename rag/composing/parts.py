"""Which evidence to take besides the best: for a question of several parts, or of several reports."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from corpus.schema import Role
from rag.evidence.amounts import answering_amounts, asks_date
from rag.evidence.evidence import Evidence
from rag.evidence.forms import names_something
from rag.evidence.scoring import ScoredEvidence
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

MAX_STATEMENTS = {
    QuestionKind.LIST: 3,
    QuestionKind.SUMMARY: 5,
    QuestionKind.COMPARISON: 3,
    QuestionKind.CAUSE: 2,
    QuestionKind.DEFINITION: 1,
}
"""Most statements that an answer of this kind takes; other kinds have one, and one per part."""

MAX_PARTS = 3

# Evidence this close to the best (as a share of its score) says it about as well.
_CLOSE = 0.15
# Evidence this close to the best, in scores, is another reading of the question, nearly as likely:
# the scores are log-odds (`eval.fit`).
_TIE = 0.3
# Evidence for another part of the question has at least this share of the best one's score …
_PART_SCORE = 0.55
# … and adds at least this share of the question's weight.
_PART_GAIN = 0.12
# What stands beside the best answer is of the same subject, so less of its own words will do.
_BESIDE_SCORE = 0.3


def choose(
    question: Question, ranked: Sequence[ScoredEvidence], weights: Mapping[str, float]
) -> list[Evidence]:
    """Return the evidence that answers, the best first; ranked is best first and not empty."""
    if question.kind is QuestionKind.CROSS_REPORT:
        return [item.evidence for item in best_of_each_report(ranked)]
    chosen = [item.evidence for item in _close_to_best(question, ranked)]
    for evidence in _other_parts(question, ranked, chosen, weights):
        chosen.append(evidence)
    return chosen


def best_of_each_report(ranked: Sequence[ScoredEvidence]) -> list[ScoredEvidence]:
    """Return the best evidence of every report that has some near the best, best first."""
    found: dict[str, ScoredEvidence] = {}
    for item in ranked:
        if item.score >= ranked[0].score * _PART_SCORE:
            found.setdefault(item.evidence.doc_id, item)
    return list(found.values())


def _close_to_best(question: Question, ranked: Sequence[ScoredEvidence]) -> list[ScoredEvidence]:
    if question.kind is QuestionKind.LIST:
        # The title of a figure lists nothing.
        ranked = [item for item in ranked if not item.features["is_caption"]] or ranked
    best = ranked[0]
    is_open = question.kind not in MAX_STATEMENTS
    limit = MAX_STATEMENTS.get(question.kind, 3 if best.evidence.is_cell else 2)
    chosen = [best]
    for item in ranked[1:]:
        if len(chosen) == limit:
            break
        if is_open:
            # Which price, monthly or yearly? The question does not say, so both are given.
            if best.score - item.score > _TIE:
                break
            if best.evidence.is_cell and item.evidence.block != best.evidence.block:
                break
        elif item.score < best.score * (1 - _CLOSE):
            break
        is_legal = item.evidence.role is Role.BOILERPLATE is not best.evidence.role
        if not is_legal and not repeats(item.evidence, [other.evidence for other in chosen]):
            chosen.append(item)
    return chosen


def _other_parts(
    question: Question,
    ranked: Sequence[ScoredEvidence],
    chosen: Sequence[Evidence],
    weights: Mapping[str, float],
) -> Iterator[Evidence]:
    """Yield evidence for what the question asks besides, most of it first.

    A part is a name or word that the evidence so far lacks and other evidence has, or one of two
    things asked for ("who, and when?").
    """
    by_place = {(i.evidence.doc_id, i.evidence.start): i for i in ranked}
    missing = set(question.terms)
    for evidence in chosen:
        missing &= set(by_place[evidence.doc_id, evidence.start].missing)
    wanted = [
        wants for wants in _wants(question) if not any(wants(question, item) for item in chosen)
    ]
    total = sum(weights.values()) or 1.0
    taken = list(chosen)
    while len(taken) < MAX_PARTS and (missing or wanted):
        best_gain, best = 0.0, None
        for item in ranked:
            is_beside = bool(question.kinds[1:]) and _is_beside(item.evidence, taken[0])
            least = _BESIDE_SCORE if is_beside else _PART_SCORE
            if item.score < ranked[0].score * least or repeats(item.evidence, taken):
                continue
            if item.evidence.role is Role.BOILERPLATE is not taken[0].role:
                continue
            added = missing - set(item.missing)
            if question.names & set(item.missing) and not question.names & added and not is_beside:
                continue  # of another subject
            gain = sum(weights[term] for term in added) / total
            if is_beside:
                gain += sum(wants(question, item.evidence) for wants in wanted)
            if gain > best_gain:
                best_gain, best = gain, item
        if best is None or best_gain < _PART_GAIN:
            return
        yield best.evidence
        taken.append(best.evidence)
        missing &= set(best.missing)
        wanted = [wants for wants in wanted if not wants(question, best.evidence)]


def _is_beside(evidence: Evidence, best: Evidence) -> bool:
    """Say whether evidence stands in the row of the best one, or in its block of text."""
    if (evidence.doc_id, evidence.block) != (best.doc_id, best.block):
        return False
    return not best.is_cell or evidence.row == best.row


_Want = Callable[[Question, Evidence], bool]


def _wants(question: Question) -> Iterator[_Want]:
    if QuestionKind.NUMBER in question.kinds:
        yield lambda asked, evidence: bool(answering_amounts(asked, evidence))
    if QuestionKind.DATE in question.kinds:
        yield asks_date
    if QuestionKind.ENTITY in question.kinds:
        yield names_something


def repeats(evidence: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Say whether the evidence says what was said already: most of its terms are there."""
    if evidence.is_cell:
        return any((evidence.start, evidence.doc_id) == (o.start, o.doc_id) for o in chosen)
    terms = evidence.terms
    return any(
        len(terms & other.terms) >= 0.6 * min(len(terms), len(other.terms)) for other in chosen
    )
