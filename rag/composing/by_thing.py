"""Comparisons in prose: each of two things that a question puts side by side is asked for on its own.

"How long do Magic3D and Point-E take?" is answered by one statement on each, where no table and no single
sentence has both.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from index.terms import analyze
from rag.composing.beside import neighbours, spanning
from rag.composing.comparing import GENERIC
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import unnumbered, wording
from rag.composing.trim import trim_evidence
from rag.evidence.abstain import decide
from rag.evidence.amounts import amounts_of
from rag.evidence.clauses import clause_spans
from rag.evidence.evidence import Evidence
from rag.evidence.finding import Finder
from rag.evidence.holding import is_named
from rag.evidence.scoring import ScoredEvidence
from rag.questions.coordination import Pair, has_shared_noun, pairs_in
from rag.questions.kinds import QuestionKind, unit_kinds_of
from rag.questions.question import Question, parse_question

_MOST_PAIRS = 2
_LEAST_CONFIDENCE = 0.3  # a part names its thing, and its evidence must
_LEAST_NAMED = 0.6  # share of the weight of what tells a thing from the other
_NEAR_BEST = 0.85  # of the best score, for a sentence that says it of both
_MOST_ON = 2  # sentences behind one on a thing that may go on about it
_AS_MUCH = 0.8  # of what the best evidence for the whole question holds of it, names aside
_NEARLY = 0.6  # of the score of what comes first without that name
_LOOKED_AT = 5  # pieces of evidence that may say it of both
_NEVER = frozenset({QuestionKind.YES_NO, QuestionKind.SUMMARY, QuestionKind.CROSS_REPORT})
_ASKS_OF_EACH = re.compile(
    r"分别|各(?:是|为|有|要|需|自|[\u4e00-\u9fff]{0,2}(?:多少|几|什么|啥|多[大长高快久]))|"
    r"\beach\b|\bboth\b|\brespectively\b|\bnext to\b|\balongside\b|"
    r"\band (?:what|how)(?: \w+)? (?:on|for|of|in|at|suits?|about)\b",
    re.IGNORECASE,
)
# What names two things alike tells no difference between them, unless it sets one against the other.
_DIFFERENCE = re.compile(
    r"区别|不同|不一样|差异|差别|\bdiffer|\bdistinguish|\bdistinct", re.IGNORECASE
)
_CONTRASTS = re.compile(
    r"而|则|相比|不同|区别|但|\b(?:whereas|while|than|differ\w*|unlike|but|rather|instead)\b",
    re.IGNORECASE,
)
# What compares is asked of neither thing alone.
_COMPARES = re.compile(
    r"相?比(?:较|起来)?(?=[，,])|对比|分别|各自?(?=[是为有要需多几])|\bhow (?:does|do|did)\b|\bcompared?\b|"
    r"\beach(?: of (?:them|these|the two))?\b|\bboth\b|\brespectively\b|"
    r"\bwhich (?:one )?(?:has|is|was|costs?) (?:the )?\w+er\b|"
    r"(?:谁|哪个|哪一个|哪家)(?:更|的)?[高低大小多少贵快慢长短强]",
    re.IGNORECASE,
)


def answer_by_thing(
    question: Question,
    ranked: Sequence[ScoredEvidence],
    finder: Finder,
    documents: Collection[str] | None,
    *,
    is_sure: bool = False,
) -> Composed | None:
    """Return one statement on each of two things; None unless both are found, apart from each other.

    Args:
        question: The analysed question.
        ranked: The evidence for the whole question, best first.
        finder: Looks into the reports again.
        documents: Only these are read; None for all.
        is_sure: Two things side by side are each asked for, whether or not the question says so.
    """
    if question.kind in _NEVER:
        return None
    if (
        not is_sure
        and question.kind is not QuestionKind.COMPARISON
        and not _ASKS_OF_EACH.search(question.text)
        and not (QuestionKind.NUMBER in question.kinds and has_shared_noun(question.text))
    ):
        return None
    for pair in pairs_in(question.text)[:_MOST_PAIRS]:
        found = decide(ranked, question.kind).evidence[:_LOOKED_AT]
        fit = [item for item in found if item.score >= _NEAR_BEST * found[0].score]
        if any(_says_both(question, pair, item.evidence, finder) for item in fit):
            continue
        held = found[0].features["content_held"] if found else 0.0
        if answer := _of_each(question, pair, finder, documents, _AS_MUCH * held):
            return answer
    return None


def _of_each(
    question: Question,
    pair: Pair,
    finder: Finder,
    documents: Collection[str] | None,
    least_held: float,
) -> Composed | None:
    """Return what is found on each thing; None where one is missing or says less than `least_held`."""
    is_apart = _DIFFERENCE.search(question.text) is not None
    statements: list[Statement] = []
    evidence: list[ScoredEvidence] = []
    for thing, other, text in zip(pair.things, pair.things[::-1], pair.questions, strict=True):
        text = _COMPARES.sub(" ", text)
        part = parse_question(text, language=question.language, issuers=finder.issuers)
        ranked = finder.score(part, finder.search(part, documents))
        verdict = decide(ranked, part.kind)
        if verdict.confidence < _LEAST_CONFIDENCE:
            return None
        least = _NEARLY * verdict.evidence[0].score
        fit = [
            item
            # Whatever is said of one thing alone may set it apart.
            for item in (ranked if is_apart else verdict.evidence)
            if item.score >= least
            and _names(_said(item.evidence), thing, other, part, finder)
            and not (is_apart and item.features["is_caption"])
            and not (is_apart and _names(_said(item.evidence), other, thing, part, finder))
            and not any(_is_same(item.evidence, said.evidence) for said in statements)
        ]
        if not fit:
            return None
        # A figure on the thing answers, whatever the words; so does what sets it apart.
        is_sure = is_apart or fit[0].features["number_for_number"]
        if not is_sure and fit[0].features["content_held"] < least_held:
            return None
        weights = {term: finder.weight(term) for term in part.terms}
        # What is compared may take more room, so that nothing is cut that tells the two apart.
        whole = replace(part, kind=QuestionKind.COMPARISON)
        told = fit[0].evidence
        if not is_sure:
            told = _told_on(told, part, pair, other, finder)
        [best] = unnumbered([trim_evidence(whole, told, weights)])
        statements.append(Statement(wording(best), best))
        evidence += fit
    return Composed(Draft(tuple(statements)), tuple(evidence))


def _told_on(
    evidence: Evidence, part: Question, pair: Pair, other: str, finder: Finder
) -> Evidence:
    """Return evidence with the next sentences of its block, if these say what it lacks of a thing."""
    lacking = set(part.terms) - evidence.terms - GENERIC - set(analyze(" ".join(pair.things)))
    if evidence.is_cell or not lacking:
        return evidence
    siblings = [one for one in neighbours(finder.index, evidence) if one.start > evidence.start]
    for place, sentence in enumerate(siblings[:_MOST_ON]):
        if _names(sentence.text, other, "", part, finder):
            break
        if lacking & sentence.terms:
            return spanning(finder.index, [evidence, *siblings[: place + 1]])
    return evidence


def _is_same(one: Evidence, other: Evidence) -> bool:
    return one.doc_id == other.doc_id and one.start < other.end and other.start < one.end


def _says_both(question: Question, pair: Pair, evidence: Evidence, finder: Finder) -> bool:
    """Say whether one sentence has both things, each in a clause with an amount where amounts are asked."""
    if evidence.is_cell:
        return False
    if _DIFFERENCE.search(question.text) and not _CONTRASTS.search(evidence.text):
        return False
    one, other = pair.things
    clauses = [evidence.text]
    if kinds := unit_kinds_of(question.text):
        spans = clause_spans(evidence.text)
        amounts = amounts_of(question, evidence, kinds)
        clauses = [
            evidence.text[start:end]
            for start, end in spans
            if any(start <= amount.start < end for amount in amounts)
        ]
    return all(
        any(_names(clause, a, b, question, finder) for clause in clauses)
        for a, b in ((one, other), (other, one))
    )


def _said(evidence: Evidence) -> str:
    return f"{evidence.text} {evidence.quote} {evidence.label}"


def _names(text: str, thing: str, other: str, question: Question, finder: Finder) -> bool:
    """Say whether a text names what tells a thing from the other."""
    own = set(analyze(thing)) - GENERIC
    apart = own - set(analyze(other)) or own
    weights = {term: finder.weight(term) or 0.01 for term in apart}
    held = sum(weight for term, weight in weights.items() if is_named(term, question, text))
    return held >= _LEAST_NAMED * sum(weights.values()) > 0
