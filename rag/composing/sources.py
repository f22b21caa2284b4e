"""Where a figure or table is from: the line below it that gives its source.

"数据来源：…" shares no word with the title of its figure, which is what a question names.
"""

import re
from collections.abc import Sequence

from corpus.schema import Block, BlockKind
from index.terms import analyze, simplify
from rag.composing.beside import evidence_of_block
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import wording
from rag.evidence.amounts import CAPTION
from rag.evidence.evidence import Evidence
from rag.evidence.finding import Finder
from rag.evidence.forms import SOURCE
from rag.evidence.scoring import ScoredEvidence
from rag.questions.question import Question

_ASKS = re.compile(
    r"来源|取自|出自|引自|来自|哪里来|从哪|谁(?:提供|给)的|\b(?:sourced?|taken|drawn|come|comes|came) from\b|"
    r"\bsources?\b|\bcited?\b|\bwho (?:supplied|supplies|provided|provides)\b|\b(?:supplied|provided) by\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"图|表(?!现|示|达|明|述)|数据|\b(?:figure|chart|table|exhibit|graph|data)s?\b", re.IGNORECASE
)
# What such a question says besides what the figure shows.
_FRAME = frozenset(
    analyze(
        "图 表 图表 张 幅 数据 资料 来源 取 自 来自 是从 来 出 出自 引自 文件 白皮书 报告 "
        "谁 提供 哪家 document paper chart figure table supply supplied provide provided "
        "exhibit graph source sourced data taken drawn cite cited come from"
    )
)
_LEAST_HELD = 0.5  # share of the rest that the title of the figure must hold
_LONGEST_TITLE, _STOPS = 40, "。.；;：:！!？?，,"
_BELOW = 4  # blocks below a title, up to its source


def answer_source(
    question: Question, ranked: Sequence[ScoredEvidence], finder: Finder
) -> Composed | None:
    """Return the source of the figure or table that a question names; None for any other question."""
    text = simplify(question.text)
    if not (_ASKS.search(text) and _FIGURE.search(text)):
        return None
    titles = [item for item in ranked if _may_be_title(item.evidence)]
    best = max(titles, key=lambda item: _held(question, item, finder), default=None)
    if best is None or _held(question, best, finder) < _LEAST_HELD:
        return None
    source = _source_below(best.evidence, finder)
    return Composed(Draft((Statement(wording(source), source),)), (best,)) if source else None


def _may_be_title(evidence: Evidence) -> bool:
    """Say whether a line is the title of a figure by its form, or short and without a stop."""
    quote = evidence.quote.strip()
    if CAPTION.match(quote):
        return True
    return not evidence.is_cell and len(quote) <= _LONGEST_TITLE and quote[-1:] not in _STOPS


def _held(question: Question, item: ScoredEvidence, finder: Finder) -> float:
    """Return the share of what a question says of a figure that its title holds."""
    weights = {term: finder.weight(term) for term in question.terms if term not in _FRAME}
    held = sum(weight for term, weight in weights.items() if term not in item.missing)
    return held / (sum(weights.values()) or 1.0)


def _source_below(title: Evidence, finder: Finder) -> Evidence | None:
    """Return the line below a title that gives its source; of figures side by side, in their order."""
    blocks = finder.index.document(title.doc_id).blocks
    first = title.block
    while first and _is_title(blocks[first - 1]):
        first -= 1
    last = title.block
    while last + 1 < len(blocks) and _is_title(blocks[last + 1]):
        last += 1
    sources: list[Evidence] = []
    for block in blocks[last + 1 : last + 1 + _BELOW]:
        if _is_title(block) or block.kind is BlockKind.HEADING:
            break
        lines = evidence_of_block(finder.index, title.doc_id, block.ordinal, title.language)
        sources += [line for line in lines if SOURCE.match(line.quote)]
    place = title.block - first
    return sources[place] if len(sources) > place else None


def _is_title(block: Block) -> bool:
    return block.kind is BlockKind.CAPTION
