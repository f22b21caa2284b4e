"""Questions across reports: what each report says of one point, with whose view it is and when.

The reports are asked one by one with the topic of the question, so that a report that says much
does not hide one that says little. Those that say nothing are named.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from corpus.schema import Language, Role
from index.search import Index
from rag.abstain import decide
from rag.dating import date_of
from rag.draft import Composed, Draft, Statement
from rag.evidence import Evidence
from rag.extractive import to_size, wording
from rag.finding import Finder
from rag.issuers import issuer_in, without_issuers
from rag.kinds import QuestionKind
from rag.messages import FROM_REPORT, SEPARATOR, SILENT
from rag.question import Question, parse_question
from rag.scoring import ScoredEvidence
from rag.topic import ASKS_EACH, topic_across

MAX_REPORTS = 8
"""Most reports that are asked one by one; of more, those that the search puts first."""

# Chunks of each report that are read.
_CHUNKS = 8
# What a statement must hold of the topic, and of its names may lack, as shares of the weight.
_LEAST_HELD = 0.5
_MOST_MISSING, _MOST_MISSING_UNNAMED = 0.4, 0.3  # a report that is not named need not speak of it
_MOST_CONTENT_MISSING = 0.6  # of what is not a name
_MOST_NAMES_MISSING = 0.25
_LEAST_CONFIDENCE = 0.3  # see `rag.abstain.decide`; a whole answer needs more
_OF_CELLS = frozenset({QuestionKind.NUMBER, QuestionKind.DATE})
_NEARLY = 0.8  # of the best score
# What the frame of the question says of the kind of answer.
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (QuestionKind.DEFINITION, r"定义|含义|\bdefin\w+"),
        (QuestionKind.CAUSE, r"理由|原因|为什么|为何|凭什么|\bwhy\b|\breasons?\b"),
        (QuestionKind.NUMBER, r"多少|数字|数据|\bfigures?\b|\bhow (?:much|many)\b"),
        (QuestionKind.LIST, r"哪些|哪几|\bwhich\b|\bwhat (?:risks|companies|stocks|drawbacks)\b"),
    )
)


def answer_across(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return one statement of each report that speaks of the topic, newest first.

    None when no report does, or when the question is none across reports.
    """
    if question.kind is not QuestionKind.CROSS_REPORT and not ASKS_EACH.search(question.text):
        return None
    if len(question.documents or finder.index.shelf) < 2:
        return None
    text = topic_across(without_issuers(question.text, finder.issuers))
    topic = _of_kind(parse_question(text, language=question.language), question)
    if not topic.terms:
        return None
    asked = _reports(topic, finder, documents)
    best: dict[str, ScoredEvidence] = {}
    for doc_id in asked:
        ranked = finder.score(topic, finder.search(topic, [doc_id], top_k=_CHUNKS))
        if found := _best(topic, ranked, finder, is_named=bool(question.documents)):
            best[doc_id] = found
    if not best:
        return None
    index = finder.index
    order = sorted(best, key=lambda doc_id: (date_of(index, doc_id), doc_id), reverse=True)
    evidence = tuple(best[doc_id] for doc_id in order)
    statements = tuple(_statement(topic, item, finder) for item in evidence)
    silent = [issuer_in(index, doc_id, question.language) for doc_id in asked if doc_id not in best]
    return Composed(Draft(statements, notes=_silent(question, silent)), evidence)


def _reports(topic: Question, finder: Finder, documents: Collection[str] | None) -> list[str]:
    """Return the reports to ask: those named, else all of a small shelf, else the nearest."""
    among = sorted(documents or (entry.doc_id for entry in finder.index.shelf))
    if len(among) <= MAX_REPORTS:
        return among
    chunks = finder.search(topic, documents, top_k=MAX_REPORTS * _CHUNKS)
    return list(dict.fromkeys(item.chunk.doc_id for item in chunks))[:MAX_REPORTS]


def _of_kind(topic: Question, question: Question) -> Question:
    """Return the topic with the kind of answer that the words around it ask for."""
    kind = next((kind for kind, words in _KINDS if words.search(question.text)), topic.kind)
    return replace(topic, kind=kind, kinds=(kind,)) if kind is not topic.kind else topic


def _best(
    topic: Question, ranked: Sequence[ScoredEvidence], finder: Finder, *, is_named: bool
) -> ScoredEvidence | None:
    """Return the best evidence of a report if it speaks of the topic."""
    verdict = decide(ranked, QuestionKind.CROSS_REPORT)
    if verdict.confidence < _LEAST_CONFIDENCE:
        return None
    most = _MOST_MISSING if is_named else _MOST_MISSING_UNNAMED
    fit = [item for item in verdict.evidence if speaks(topic, item, finder, most_missing=most)]
    best = next(iter(fit), None)
    if best is None or topic.kind in _OF_CELLS or not best.evidence.is_cell:
        return best
    # A view is a sentence; a cell is one if nothing else is nearly as near.
    near = (i for i in fit if not i.evidence.is_cell and i.score >= _NEARLY * best.score)
    return next(near, best)


def speaks(topic: Question, item: ScoredEvidence, finder: Finder, *, most_missing: float) -> bool:
    """Say whether evidence says something of the topic: of its names, and of what is not a name."""
    missing = set(item.missing)
    rest = set(topic.terms) - topic.names
    if item.evidence.role is not Role.CONTENT or (rest and rest <= missing):
        return False
    weights = {term: finder.weight(term) for term in topic.terms}
    lacks = sum(weights[term] for term in missing) / (sum(weights.values()) or 1.0)
    content = sum(weights[term] for term in rest)
    if sum(weights[term] for term in rest & missing) > _MOST_CONTENT_MISSING * content:
        return False
    held = max(item.coverage, item.features["content_held"])
    return (
        lacks <= most_missing
        and held >= _LEAST_HELD
        and item.features["names_missing"] <= _MOST_NAMES_MISSING
    )


def _statement(topic: Question, item: ScoredEvidence, finder: Finder) -> Statement:
    weights = {term: finder.weight(term) for term in topic.terms}
    evidence = to_size(topic, item.evidence, finder.index, weights, {})
    return said_by_report(evidence, finder.index, topic.language)


def said_by_report(evidence: Evidence, index: Index, language: Language) -> Statement:
    """Return what a report says, with whose view it is, and of when."""
    date = index.document(evidence.doc_id).metadata.date
    text = FROM_REPORT[language].format(
        issuer=issuer_in(index, evidence.doc_id, language),
        date=f" {date}" if date else "",
        text=wording(evidence),
    )
    return Statement(text, evidence)


def _silent(question: Question, issuers: Sequence[str]) -> tuple[str, ...]:
    if not issuers:
        return ()
    listed = SEPARATOR[question.language].join(dict.fromkeys(issuers))
    return (SILENT[question.language].format(issuers=listed),)
