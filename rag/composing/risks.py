"""Which risks a report names: the lines under its heading for them, whatever words ask for them.

"风险提示：…" and "Risk warning: …" stand in every broker's report, in one line or as a list. A question that
asks for the risks of a report, and for nothing else, is answered with those lines.
"""

import re
from collections.abc import Collection, Sequence

from corpus.schema import Block, BlockKind, Document, Role
from index.terms import analyze, simplify
from rag.composing.draft import Composed
from rag.composing.lists import MAX_LIST_ITEMS
from rag.composing.reports import (
    MAX_REPORTS,
    lines_by_report,
    readable,
)
from rag.composing.trim import length_share
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.finding import Finder
from rag.evidence.gathering import block_evidence
from rag.evidence.reader import Reader, reader_of
from rag.questions.asking import only_asks
from rag.questions.issuers import without_issuers
from rag.questions.question import Question
from rag.questions.references import without_references

_ASKS = re.compile(
    r"风险|不确定性|(?:什么|哪些|啥)(?:隐患|担忧|顾虑)|\brisks?\b|\buncertaint(?:y|ies)\b|\bcaveats?\b|"
    r"\bgo wrong\b|"
    r"\b(?:dangers|pitfalls)\b",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"哪|什么|啥|几|列|有何|提示|提醒|总结|风险点|\b(?:what|which|list|name|flag\w*|warn\w*|key|main|factors?)\b|[?？]$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:\d{1,2}(?:\.\d)*\s*)?(?:投资|主要)?风险(?:提示|因素|警示|分析)?\s*(?:[：:]|\W*$)|"
    r"^\W*(?:\d{1,2}(?:\.\d)*\s*)?(?:investment |key |main )?risks?(?: (?:warnings?|factors?|alerts?|"
    r"analysis))?\s*(?:[：:]|\W*$)",
    re.IGNORECASE,
)
# What a question about the risks of a report may say besides; it names no topic: words for risks, for
# pointing them out, for kinds and places of reports, and how many there are.
_FRAME = frozenset(
    analyze(
        "风险 风险点 不确定性 提示 提醒 警示 投资者 投资 因素 留意 注意 关注 列出 指出 主要 可能 出错 "
        "报告 研报 快报 点评 深度 专题 策略 周报 月报 年报 行业 公司 趋势 展望 章节 部分 开头 最后 末尾 "
        "结尾 年 月 这份 "
        "risk risks uncertainty uncertainties caveat caveats danger dangers pitfall pitfalls wrong could go "
        "warn warns warned warning warnings flag flags flagged factor factors investor investors investment "
        "point points out key main major according report note piece paper comment flash weekly monthly annual "
        "deep dive initiation outlook strategy sector industry company section chapter beginning end list "
        "two three four five six seven eight nine ten"
    )
)
_TELLS = 0.3  # weight of a word that names a topic
_LONGEST_INLINE = 1.4  # of a factual answer's length


def answer_risks(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return the risks that the reports of a question name; None for any other question."""
    text = simplify(question.text)
    if not (_ASKS.search(text) and _WANTS.search(text)):
        return None
    allowed = readable(finder.index, documents)
    if len(allowed) > (MAX_REPORTS if question.documents else 1):
        return None
    titles = frozenset().union(
        *(text_terms(_titles(finder, question, doc_id)) for doc_id in allowed)
    )
    asked = without_issuers(text, finder.issuers)
    if question.documents:
        asked = without_references(asked)
    if any(
        finder.weight(term) > _TELLS
        for term in analyze(asked)
        if not (term in _FRAME or term in titles or only_asks(term) or term.isdigit())
    ):
        return None
    found = {
        doc_id: _risks(reader_of(finder.index, doc_id, question.language)) for doc_id in allowed
    }
    return lines_by_report(found, finder, question.language)


def _titles(finder: Finder, question: Question, doc_id: str) -> str:
    """Return a report's title in both languages."""
    title = finder.index.document(doc_id).metadata.title
    return f"{title} {reader_of(finder.index, doc_id, question.language).heading(title)}"


def _risks(reader: Reader) -> list[Evidence]:
    """Return the lines that name a report's risks, from the first place that has them."""
    document = reader.document
    for block in document.blocks:
        if block.role in (Role.BOILERPLATE, Role.CONTENTS) or block.table is not None:
            continue
        match = _LABEL.match(document.block_text(block))
        if match is None:
            continue
        if len(document.block_text(block)) - match.end() > len(match[0]):
            lines = list(block_evidence(reader, block))
        else:
            lines = _below(reader, document, block)
        if lines:
            return _fitting(lines)
    return []


def _below(reader: Reader, document: Document, label: Block) -> list[Evidence]:
    """Return what stands under a label: the items of a list, or one paragraph."""
    lines: list[Evidence] = []
    for block in document.blocks[label.ordinal + 1 :]:
        is_item = block.kind is BlockKind.LIST_ITEM
        if block.kind is BlockKind.HEADING or block.table is not None or (lines and not is_item):
            break
        if block.role not in (Role.BOILERPLATE, Role.CONTENTS):
            lines += block_evidence(reader, block)
    return lines


def _fitting(lines: Sequence[Evidence]) -> list[Evidence]:
    """Return the lines, of long ones as many as a list may have; a first one always."""
    kept: list[Evidence] = []
    taken = 0.0
    for line in lines[:MAX_LIST_ITEMS]:
        taken += length_share(line.text)
        if kept and taken > 2 * _LONGEST_INLINE:
            break
        kept.append(line)
    return kept
