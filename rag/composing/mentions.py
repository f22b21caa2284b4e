"""Which reports speak of something: "蓝色光标被哪几家券商提到？", "Which brokers name it?".

Every report is looked through for the name in all its forms; each that has it gives one sentence or
cell with it, and the others are named as silent.
"""

import re
from collections.abc import Collection, Iterator

from corpus.schema import Role
from rag.composing.dating import date_of
from rag.composing.draft import Composed, Draft
from rag.composing.extractive import to_size
from rag.composing.reports import nearest_reports, readable, said_by_report, silent_note
from rag.evidence.evidence import Evidence
from rag.evidence.finding import Finder
from rag.evidence.gathering import block_evidence
from rag.evidence.holding import is_named
from rag.evidence.reader import reader_of
from rag.evidence.scoring import term_weights
from rag.questions.issuers import without_issuers
from rag.questions.question import Question, parse_question

MAX_REPORTS = 40
"""Most reports that are looked through; of more, those that the search puts first."""

_HOUSES_ZH = r"(?:券商|机构|报告|研报|研究所)"
_HOUSES_EN = r"(?:brokers?|brokerages|reports?|houses?|notes?|research (?:notes?|houses?))"
_WHICH_ZH = r"(?:哪些|哪几|哪|几|多少|有没有|是否有)[几]?[家份篇个]?(?:不同的?)?"
_SPEAKS_ZH = r"(?:提|点|写|谈|讲|说|列|推荐|看好|关注|覆盖|涉及|出现|收录|包含|引用|讨论|分析|介绍)"
_SPEAKS_EN = (
    r"(?:mention|name|list|put|cover|recommend|discuss|include|cite|talk|write|wrote|refer|bring|quote|"
    r"feature|address|contain|carry|pick|have|has)\w*"
)
_ASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_WHICH_ZH}{_HOUSES_ZH}[^？?。]*?{_SPEAKS_ZH}",
        rf"(?:被|在|见于|出现在){_WHICH_ZH}{_HOUSES_ZH}",
        rf"\b(?:which|what|how many) (?:of the )?(?:\w+ )?{_HOUSES_EN}\b[^?]*?\b{_SPEAKS_EN}\b",
        rf"\b(?:in|by|from|across) (?:which|what|how many) (?:of the )?{_HOUSES_EN}\b",
    )
)


def answer_mentions(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return what each report says that speaks of the names of a question, newest first.

    None when the question asks something else, names nothing, or no report has the names.
    """
    if not any(pattern.search(question.text) for pattern in _ASKS):
        return None
    text = without_issuers(question.text, finder.issuers)
    topic = parse_question(text, language=question.language)
    if not topic.names or len(readable(finder.index, documents)) < 2:
        return None
    asked = nearest_reports(topic, finder, documents, MAX_REPORTS)
    found = {doc_id: best for doc_id in asked if (best := _best(topic, finder, doc_id)) is not None}
    if not found:
        return None
    index, language = finder.index, question.language
    order = sorted(found, key=lambda doc_id: (date_of(index, doc_id), doc_id), reverse=True)
    weights = term_weights(topic, finder.weight)
    statements = tuple(
        said_by_report(to_size(topic, found[doc_id], index, weights, {}), index, language)
        for doc_id in order
    )
    silent = [doc_id for doc_id in asked if doc_id not in found]
    return Composed.of(Draft(statements, notes=silent_note(silent, index, language)))


def _best(topic: Question, finder: Finder, doc_id: str) -> Evidence | None:
    """Return the sentence or cell of a report with all the names that says most of the question."""
    asked = frozenset(topic.terms)
    held = list(_with_names(topic, finder, doc_id))
    # The text proper before a list of earlier reports; a sentence says more than the label of a row.
    return max(
        held,
        key=lambda item: (
            item.role is Role.CONTENT,
            len(item.terms & asked),
            not item.is_cell,
            -item.start,
        ),
        default=None,
    )


def _with_names(topic: Question, finder: Finder, doc_id: str) -> Iterator[Evidence]:
    reader = reader_of(finder.index, doc_id, topic.language)
    for block in reader.document.blocks:
        if block.role in (Role.CONTENTS, Role.BOILERPLATE):
            continue
        for evidence in block_evidence(reader, block):
            said = f"{evidence.text} {evidence.quote} {evidence.row}"
            if all(is_named(term, topic, said) for term in topic.names):
                yield evidence
