"""Questions across reports: what each report says of one point, with whose view it is and when.

The reports are asked one by one with the topic of the question, so that a report that says much
does not hide one that says little. Those that say nothing are named.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from corpus.schema import Role
from index.terms import analyze
from rag.composing.dating import date_of
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import to_size
from rag.composing.lists import list_around
from rag.composing.parts import repeats
from rag.composing.reports import MAX_REPORTS, nearest_reports, said_by_report, silent_note
from rag.composing.trim import length_share
from rag.evidence.abstain import decide
from rag.evidence.evidence import Evidence
from rag.evidence.finding import Finder
from rag.evidence.scoring import ScoredEvidence
from rag.questions.issuers import without_issuers
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question, parse_question
from rag.questions.topic import ASKS_EACH, topic_across

# Chunks of each report that are read.
_CHUNKS = 8
# What a statement must hold of the topic, and of its names may lack, as shares of the weight.
_LEAST_HELD = 0.5
_MOST_MISSING, _MOST_MISSING_UNNAMED = 0.4, 0.3  # a report that is not named need not speak of it
_MOST_CONTENT_MISSING = 0.6  # of what is not a name
_MOST_NAMES_MISSING = 0.25
_LEAST_CONFIDENCE = 0.3  # see `rag.evidence.abstain.decide`; a whole answer needs more
_OF_CELLS = frozenset({QuestionKind.NUMBER, QuestionKind.DATE})
_NEARLY, _AS_GOOD = 0.8, 0.93  # of the best score
_RATING = re.compile(r"评级|\bratings?\b", re.IGNORECASE)
_FEW = 2  # reports of which two statements are given each
_MAX_LIST = 1.2  # of a factual answer's length
# What the frame of the question says of the kind of answer.
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            QuestionKind.OTHER,
            r"怎么看|如何看|看法|观点|态度|是否|对不上|打架|矛盾|\bwhether\b|\bdisagree|"
            r"\b(?:views?|opinions?|think|thinks|stance)\b|\bsay about\b",
        ),
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
    asked = nearest_reports(topic, finder, documents, MAX_REPORTS)
    found: dict[str, list[ScoredEvidence]] = {}
    for doc_id in asked:
        of_it, ranked = _asked_of(topic, finder, doc_id)
        if best := _best(of_it, ranked, finder, is_named=bool(question.documents)):
            found[doc_id] = best
    if not found:
        return None
    index = finder.index
    order = sorted(found, key=lambda doc_id: (date_of(index, doc_id), doc_id), reverse=True)
    statements = tuple(
        statement
        for doc_id in order
        for statement in _statements(topic, found[doc_id], finder, is_short=len(found) > _FEW)
    )
    silent = [doc_id for doc_id in asked if doc_id not in found]
    evidence = tuple(item for doc_id in order for item in found[doc_id])
    return Composed(
        Draft(statements, notes=silent_note(silent, index, question.language)), evidence
    )


def _asked_of(
    topic: Question, finder: Finder, doc_id: str
) -> tuple[Question, list[ScoredEvidence]]:
    """Return what a report is asked, and its evidence, best first.

    Of several names it is asked for those that it knows: "A in this report, and B in that one".
    """
    ranked = finder.score(topic, finder.search(topic, [doc_id], top_k=_CHUNKS))
    unknown = topic.names.intersection(*(item.missing for item in ranked)) if ranked else set()
    if not unknown or unknown == topic.names:
        return topic, ranked
    known = replace(
        topic,
        text=" ".join(word for word in topic.text.split() if not unknown & set(analyze(word))),
        terms=tuple(term for term in topic.terms if term not in unknown),
        names=topic.names - unknown,
        versions=frozenset(),
    )
    return known, finder.score(known, finder.search(known, [doc_id], top_k=_CHUNKS))


def _of_kind(topic: Question, question: Question) -> Question:
    """Return the topic with the kind of answer that the words around it ask for."""
    kind = next((kind for kind, words in _KINDS if words.search(question.text)), topic.kind)
    if kind is topic.kind:
        return topic
    units = topic.unit_kinds if kind is QuestionKind.NUMBER else frozenset()
    return replace(topic, kind=kind, kinds=(kind,), unit_kinds=units)


def _best(
    topic: Question, ranked: Sequence[ScoredEvidence], finder: Finder, *, is_named: bool
) -> list[ScoredEvidence]:
    """Return the evidence of a report that speaks of the topic, the best and what is as good."""
    verdict = decide(ranked, QuestionKind.CROSS_REPORT)
    if verdict.confidence < _LEAST_CONFIDENCE:
        return []
    most = _MOST_MISSING if is_named else _MOST_MISSING_UNNAMED
    fit = [item for item in verdict.evidence if speaks(topic, item, finder, most_missing=most)]
    if fit and fit[0].evidence.is_cell and topic.kind not in _OF_CELLS:
        # A view is a sentence; a cell is one if nothing else is nearly as near.
        near = [i for i in fit if not i.evidence.is_cell and i.score >= _NEARLY * fit[0].score]
        fit = near or fit[:1]
    return [item for item in fit if item.score >= _AS_GOOD * fit[0].score]


def speaks(topic: Question, item: ScoredEvidence, finder: Finder, *, most_missing: float) -> bool:
    """Say whether evidence says something of the topic: of its names, and of what is not a name."""
    missing = set(item.missing)
    rest = set(topic.terms) - topic.names
    of_text = item.evidence.role is Role.CONTENT or _of_ratings(topic, item)
    if not of_text or (rest and rest <= missing):
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


def _of_ratings(topic: Question, item: ScoredEvidence) -> bool:
    """Say whether a rating is asked about: what it means stands with the disclaimer."""
    asks = bool(topic.quoted) or _RATING.search(topic.text) is not None
    return asks and item.evidence.role is Role.BOILERPLATE and not item.features["quoted_missing"]


def _statements(
    topic: Question, items: Sequence[ScoredEvidence], finder: Finder, *, is_short: bool
) -> list[Statement]:
    """Return what a report says: a list in one piece, or its best statement and one as good."""
    index, language = finder.index, topic.language
    listed = list_around(topic, items[0], index)
    if len(listed) > 1 and sum(length_share(item.text) for item in listed) <= _MAX_LIST:
        return [said_by_report(listed[0], index, language, listed[1:])]
    weights = {term: finder.weight(term) for term in topic.terms}
    said: list[Evidence] = []
    for item in items:
        if len(said) < (1 if is_short else 2) and not repeats(item.evidence, said):
            said.append(to_size(topic, item.evidence, index, weights, {}))
    if sum(length_share(evidence.text) for evidence in said) > 1:
        said = said[:1]
    return [said_by_report(evidence, index, language) for evidence in said]
