"""Sections of a filing, which forms prescribe by their headings: "主要销售客户的情况", "研发投入情况".

What stands there is the answer, be it sentences, a table, or a tick that it does not apply.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from corpus.schema import Metadata, Role, Table
from index.terms import analyze
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import wording
from rag.composing.headings import Section, is_sentence, named_sections, without_number
from rag.composing.parts import repeats
from rag.composing.trim import length_share, trim_evidence
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.finding import Finder
from rag.evidence.form_lines import denies, is_form_line
from rag.evidence.gathering import block_evidence
from rag.evidence.reader import Reader, reader_of
from rag.questions.question import Question

_LEAST_NAMED = 0.95  # share of the topic that the heading says
_MOST_BESIDES = 2  # terms of the heading for each of the topic that are none of it
_NEUTRAL = frozenset(
    analyze(
        "情况 说明 表 近 三年 近三年 报告期 报告期内 公司 主要 及其 年度 overview summary information"
    )
)
_MAX_POINTS = 6
_MAX_SHARE = 2.0  # of a factual answer's length
# What a report is called, in analyzer form.
_REPORT = frozenset(
    analyze(
        "年报 年度 季报 半年报 公告 招股书 白皮书 情况 annual quarterly 10-K 10-Q filing white paper"
    )
)


def answer_filed_section(
    topic: Question, finder: Finder, among: Collection[str]
) -> Composed | None:
    """Return what stands in the section of a filing that a topic names wholly; None where none is.

    Args:
        topic: What is asked about.
        finder: Knows the index.
        among: The documents that are read.
    """
    ticked: list[Evidence] = []
    for doc_id in sorted(among):
        reader = reader_of(finder.index, doc_id, topic.language)
        if reader.calendar is None:
            continue
        weights = beside_title(topic, reader.document.metadata, finder)
        if weights.keys() >= set(topic.terms):
            continue  # neither the company nor the period is said: the topic is of anybody
        for _, section in named_sections(reader, weights, "", _LEAST_NAMED):
            points, ticks = _points(topic, reader, section)
            besides = _besides(weights, section)
            ticked += [] if besides else ticks
            # Of figures alone the heading must say just what is asked for.
            most = 0 if all(point.is_cell for point in points) else _MOST_BESIDES * len(weights)
            if points and besides <= most:
                return _composed(points)
    return _composed(ticked[:1]) if ticked else None


def _composed(points: Sequence[Evidence]) -> Composed:
    return Composed.of(Draft(tuple(Statement(wording(point), point) for point in points)))


def _besides(weights: Mapping[str, float], section: Section) -> int:
    """Return how many terms the heading of a section has that are none of the topic."""
    own = text_terms(without_number(section.path[-1]))
    return len(own - weights.keys() - _NEUTRAL)


def beside_title(topic: Question, metadata: Metadata, finder: Finder) -> dict[str, float]:
    """Return how much each term of a topic says within a report; its own name says nothing there."""
    own = text_terms(f"{metadata.title} {metadata.issuer}") | _REPORT
    rest = [term for term in topic.terms if term not in own]
    return {term: finder.weight(term) for term in rest or topic.terms}


def _points(
    topic: Question, reader: Reader, section: Section
) -> tuple[list[Evidence], list[Evidence]]:
    """Return what a section says, in order, as much as an answer holds; and ticks that it does not apply."""
    taken: list[Evidence] = []
    ticks: list[Evidence] = []
    share = 0.0
    for said in _said(reader, section):
        if not said.is_cell and is_form_line(said.text):
            if denies(said.text):
                ticks.append(said)
            continue
        if not said.is_cell and not is_sentence(said.text):
            continue
        if said.is_cell and taken and not taken[-1].is_cell:
            continue  # the sentences sum the table up
        short = (
            said if said.is_cell else trim_evidence(topic, said, dict.fromkeys(topic.terms, 1.0))
        )
        if repeats(short, taken):
            continue
        share += length_share(wording(short))
        if taken and (share > _MAX_SHARE or len(taken) == _MAX_POINTS):
            break
        taken.append(short)
    return taken, ticks


def _said(reader: Reader, section: Section) -> Iterator[Evidence]:
    """Yield the sentences of a section, of its tables the first figure of each row."""
    for block in section.blocks():
        if block.role is not Role.CONTENT:
            continue
        evidence = block_evidence(reader, block)
        if block.table is None:
            yield from (item for item in evidence if item.text.strip())
        else:
            yield from _rows(block.table, evidence)


def _rows(table: Table, evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    by_start = {item.start: item for item in evidence}
    for row in table.rows[table.header_rows :]:
        starts = (cell.start for cell in row[table.label_columns :] if cell.end > cell.start)
        cells = (by_start[start] for start in starts if start in by_start)
        figure = next((c for c in cells if c.row and any(map(str.isdigit, c.text))), None)
        if figure is not None:
            yield figure
