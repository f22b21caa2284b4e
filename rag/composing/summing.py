"""Short summaries without a model: of a section, of a topic, of a report, of several reports.

A report sums itself up: in its key points, in the headings that state a conclusion, in the first
sentence of a paragraph. Those are quoted, in the order of the report.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from corpus.schema import BlockKind, Language, Role
from index.opened import OpenedIndex
from rag.composing.across import speaks
from rag.composing.beside import neighbours, read_on
from rag.composing.dating import date_of
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.filed import answer_filed_section, beside_title
from rag.composing.headings import (
    CHAPTER,
    Section,
    heading_evidence,
    headings,
    key_sections,
    leads,
    named_sections,
    number_of,
)
from rag.composing.lists import list_around, opens_with
from rag.composing.parts import repeats
from rag.composing.reports import MAX_REPORTS, readable, said_by_report
from rag.composing.trim import length_share, trim_evidence
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.finding import Finder
from rag.evidence.holding import is_named
from rag.evidence.reader import reader_of
from rag.evidence.scoring import ScoredEvidence
from rag.questions.issuers import without_issuers
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question, parse_question
from rag.questions.references import without_references
from rag.questions.topic import topic_of_summary

MAX_POINTS = 5
_MAX_SHARE = 2.0  # of a factual answer's length
_CHUNKS = 24
_LEAST_NAMED = 0.6  # share of the topic that a heading must say to name it
_MOST_MISSING = 0.4  # share of the topic that the best sentence may lack
_NEARLY = 0.6  # share of its score which the others must have
_MAY_LACK = 0.15  # share of the topic that what introduces a list may lack
_TRIED = 5  # sections, the best named first
_SLOGAN = 0.25  # of a factual answer's length: shorter points are read on …
_MOST_MORE = 0.6  # … by no more than this
_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
# A view is asked for in these words; they ask for no fact.
_ASKS_VIEW = re.compile(
    r"怎么看|如何看|怎样看|(?:什么|有何|哪些|何种)(?:看法|观点|判断|见解)|\b(?:views?|takes?|opinions?|"
    r"stance|picture|outlook) (?:on|of|for|about)\b|"
    r"\bhow does .{2,40} (?:see|view)\b|\bwhat can .{1,40} do\b",
    re.IGNORECASE,
)
_CAN_DO = re.compile(
    r"\bwhat (?P<en>[^,.?]{1,30}?) can do\b|"
    r"(?P<zh>[^，。？]{1,12}?)(?:能|会|可以)(?:做|干)(?:些)?(?:什么|啥|哪些事)",
    re.IGNORECASE,
)
# "Which model stands for X in the overview?" asks for a fact.
_ASKS_FACT = re.compile(
    r"^\s*(?:which|who|whose|when|where|how (?:many|much))\b|"
    r"多少|几[大个项种条类]|哪[一年月天日家位个]|谁|什么时候|何时",
    re.IGNORECASE,
)
_VIEW_KINDS = frozenset({QuestionKind.OTHER, QuestionKind.DEFINITION})


def answer_summary(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return the points that sum up what is asked about; None when nothing is or it is no summary."""
    is_view = question.kind in _VIEW_KINDS and _ASKS_VIEW.search(question.text)
    is_summary = question.kind is QuestionKind.SUMMARY and not _ASKS_FACT.search(question.text)
    if not is_summary and not (is_view and question.documents):
        return None
    asked = without_issuers(question.text, finder.issuers)
    if question.documents:
        asked = without_references(asked)
    asked = _CAN_DO.sub(
        r"功能 \g<zh>" if question.language is Language.ZH else r"functions of \g<en>", asked
    )
    number = number_of(asked) if CHAPTER.search(asked) else ""
    text = topic_of_summary(CHAPTER.sub(" ", asked) if number else asked)
    topic = parse_question(text, language=question.language)
    among = readable(finder.index, documents)
    number = number or number_of(text)
    whole = among if not topic.terms else _titled(topic, finder.index, among)
    if whole and not number:
        return _of_reports(question, finder, whole)
    filings = finder.filings(question, documents) & set(among)
    if not number and (filed := answer_filed_section(topic, finder, filings)):
        return filed
    ranked = _ranked(topic, finder, documents)
    listed = None if number else _of_list(topic, ranked, finder)
    return listed or _of_section(topic, finder, among, number) or _of_topic(topic, ranked, finder)


def _titled(topic: Question, index: OpenedIndex, among: Sequence[str]) -> list[str]:
    """Return the report that a topic names by its title, or nothing."""
    asked = frozenset(topic.terms)
    return [
        doc_id
        for doc_id in among
        if len(title := text_terms(index.document(doc_id).metadata.title)) >= 3
        and asked <= title
        and len(asked) >= 0.6 * len(title)
    ]


def _of_reports(question: Question, finder: Finder, among: Sequence[str]) -> Composed | None:
    """Return the points of one report, or the first point of each of several, newest first."""
    index = finder.index
    if len(among) == 1:
        return _composed(question, _points(question, index, among[0]), index)
    order = sorted(among, key=lambda doc_id: (date_of(index, doc_id), doc_id), reverse=True)
    firsts = [_points(question, index, doc_id)[:1] for doc_id in order[:MAX_REPORTS]]
    statements = tuple(
        said_by_report(_short(question, points[0]), index, question.language)
        for points in firsts
        if points
    )
    if not statements:
        return None
    return Composed.of(Draft(statements))


def _points(question: Question, index: OpenedIndex, doc_id: str) -> list[Evidence]:
    """Return what sums up a report: its key points, else its conclusions by headings, else leads."""
    reader = reader_of(index, doc_id, question.language)
    document = reader.document
    sections = key_sections(document)
    found = [point for section in sections for point in leads(reader, section)]
    if not found:
        # What stands above the first heading, or under it, which is the title.
        openings = (Section(document, heading) for heading in (None, *headings(document)[:1]))
        found = next((said for opening in openings if len(said := leads(reader, opening)) > 1), [])
    if not found:
        found = [e for h in headings(document) if (e := heading_evidence(reader, h))]
    return found


def _of_section(
    topic: Question, finder: Finder, among: Sequence[str], number: str
) -> Composed | None:
    """Return the points of the section that the topic names by its heading."""
    named = []
    for doc_id in among:
        reader = reader_of(finder.index, doc_id, topic.language)
        weights = beside_title(topic, reader.document.metadata, finder)
        found = named_sections(reader, weights, number, _LEAST_NAMED)
        named += [(share, reader, section) for share, section in found[:_TRIED]]
    for _, reader, section in sorted(named, key=lambda item: -item[0])[:_TRIED]:
        document = reader.document
        if section.path[-1:] == (document.metadata.title,):
            return _composed(topic, _points(topic, finder.index, document.doc_id), finder.index)
        points = leads(reader, section)
        if len(points) == 1:
            points = neighbours(finder.index, points[0])[:MAX_POINTS]  # all that there is
        if section.heading is not None and (title := heading_evidence(reader, section.heading)):
            points = [title, *points]
        if len(points) > 1:
            return _composed(topic, points, finder.index)
    return None


def _ranked(
    topic: Question, finder: Finder, documents: Collection[str] | None
) -> list[ScoredEvidence]:
    """Return the sentences on a topic, best first."""
    chunks = finder.search(topic, documents, top_k=_CHUNKS)
    return [
        item
        for item in finder.score(topic, chunks)
        if item.evidence.role is Role.CONTENT and item.evidence.kind in _TEXT
    ]


def _of_list(topic: Question, ranked: Sequence[ScoredEvidence], finder: Finder) -> Composed | None:
    """Return the items of a list that is introduced in the words of the topic: the problems of X."""
    rest = [term for term in topic.terms if term not in topic.names]
    # What stands under a heading with the name is about it, not one of several.
    under = [item for item in ranked if _is_under(topic, item.evidence)]
    for place, item in enumerate([*under, *(item for item in ranked if item not in under)]):
        if item.score < _NEARLY * ranked[0].score:
            continue
        if place >= _TRIED and not opens_with(rest, item.evidence):
            continue
        of_heading = item.features["around"] > item.features["in_text"]
        if _lacks(topic, item, finder) > _MAY_LACK or of_heading:
            continue
        if listed := _listed(topic, item, finder.index):
            return listed
    return None


def _listed(topic: Question, item: ScoredEvidence, index: OpenedIndex) -> Composed | None:
    """Return the items of the list around evidence, slogans with what explains them."""
    listed = list_around(replace(topic, kind=QuestionKind.LIST), item, index)
    points = _read_on([_short(topic, point) for point in listed], index)
    statements = tuple(Statement(point.text.strip(), point) for point in points)
    return Composed.of(Draft(statements)) if statements else None


def _is_under(topic: Question, evidence: Evidence) -> bool:
    """Say whether the headings above evidence have the names of a topic."""
    headings = " ".join(evidence.section)
    return bool(topic.names) and all(is_named(name, topic, headings) for name in topic.names)


def _lacks(topic: Question, item: ScoredEvidence, finder: Finder) -> float:
    """Return the share of a topic that evidence lacks; what its report is called says nothing there."""
    metadata = finder.index.document(item.evidence.doc_id).metadata
    weights = beside_title(topic, metadata, finder)
    return sum(weights.get(t, 0.0) for t in item.missing) / (sum(weights.values()) or 1.0)


def _of_topic(topic: Question, ranked: Sequence[ScoredEvidence], finder: Finder) -> Composed | None:
    """Return the sentences that say most of the topic, in the order of their report."""
    if not ranked or not speaks(topic, ranked[0], finder, most_missing=_MOST_MISSING):
        return None
    if _lacks(topic, ranked[0], finder) > _MOST_MISSING:
        return None
    home = ranked[0].evidence.doc_id
    if listed := _listed(topic, ranked[0], finder.index):
        return listed
    taken: list[Evidence] = []
    for item in ranked:
        evidence = item.evidence
        near = item.score >= _NEARLY * ranked[0].score and evidence.doc_id == home
        if near and not repeats(evidence, taken) and len(taken) < MAX_POINTS:
            taken.append(evidence)
    return _composed(topic, sorted(taken, key=lambda item: item.start), finder.index)


def _composed(topic: Question, points: Sequence[Evidence], index: OpenedIndex) -> Composed | None:
    """Return the points that fit, each cut to what it says or read on, none twice."""
    taken: list[Evidence] = []
    share = 0.0
    for point in points:
        short = _short(topic, point)
        if repeats(short, taken):
            continue
        share += length_share(short.text)
        if taken and (share > _MAX_SHARE or len(taken) == MAX_POINTS):
            break
        taken.append(short)
    if not taken:
        return None
    taken = _read_on(taken, index)
    return Composed.of(Draft(tuple(Statement(t.text.strip(), t) for t in taken)))


def _read_on(points: Sequence[Evidence], index: OpenedIndex) -> list[Evidence]:
    """Return the points, slogans with the sentence that explains them while there is room."""
    room = _MAX_SHARE - sum(length_share(point.text) for point in points)
    said = {(point.doc_id, point.start) for point in points}
    found = []
    for point in points:
        following = read_on(index, point) if length_share(point.text) < _SLOGAN else None
        if following and (point.doc_id, following[1]) in said:
            following = None
        longer = following[0] if following else point
        more = length_share(longer.text) - length_share(point.text)
        is_same_block = longer.quote.count("\n") == 0
        if more <= min(room, _MOST_MORE) and is_same_block:
            room -= more
            point = longer
        found.append(point)
    return found


def _short(topic: Question, point: Evidence) -> Evidence:
    weights = dict.fromkeys(topic.terms, 1.0)
    return trim_evidence(replace(topic, kind=QuestionKind.OTHER), point, weights)
