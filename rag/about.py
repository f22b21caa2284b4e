"""Questions about a report itself: who wrote it, when, and which rating it gives.

Its words say little of the answer ("who wrote the Soochow report?"), so the cover lines that carry
the metadata are taken, when the question is limited to reports by their issuer.
"""

import re
from collections.abc import Callable, Collection

from corpus.schema import Document, Role
from index.search import Index
from index.terms import simplify
from rag.evidence import Evidence, evidence_of_block
from rag.question import Question

_AUTHORS = re.compile(
    r"谁(?:写|撰写|执笔|发布)|(?:作者|分析师|研究员)(?:们)?(?:是|有|叫|都是)?(?:谁|哪)|"
    r"\bwho (?:wrote|authored|are the (?:authors|analysts)|is the (?:author|analyst))\b|"
    r"\b(?:authors?|analysts?) of\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:报告|研报).{0,6}(?:日期|发布于|什么时候|何时|哪[天日年]|几号|几月)|(?:发布|报告)日期|"
    r"\b(?:report|note)\b.{0,30}\b(?:dated?|published|issued|released|come out)\b|"
    r"\b(?:publication|report|issue) date\b|\bdate of\b.{0,30}\b(?:report|note)\b",
    re.IGNORECASE,
)
_RATING = re.compile(
    r"(?:给|什么|哪种|投资|行业).{0,8}评级(?!.{0,3}(?:意思|含义|定义|标准))|评级是(?:什么|多少|啥)(?!意思|含义)|"
    r"\b(?:what|which) (?:industry |sector |investment )?rating\b",
    re.IGNORECASE,
)


def about_reports(question: Question, index: Index) -> list[Evidence]:
    """Return the cover lines that answer a question about reports, or nothing.

    Nothing for any other question, for one that names no issuer while several reports are on the
    shelf, and for what the reports do not print.
    """
    asked = simplify(question.text)
    finders: list[Callable[[Document], Collection[str]]] = []
    if _AUTHORS.search(asked):
        finders.append(lambda document: [analyst.name for analyst in document.metadata.analysts])
    if _DATE.search(asked):
        finders.append(_printed_dates)
    if _RATING.search(asked):
        finders.append(lambda document: [document.metadata.rating])
    doc_ids = question.documents or (
        [e.doc_id for e in index.shelf] if len(index.shelf) == 1 else []
    )
    found: dict[tuple[str, int], Evidence] = {}
    for doc_id in doc_ids if finders else ():
        document = index.document(doc_id)
        for finder in finders:
            for value in filter(None, finder(document)):
                if evidence := _cover_line(index, document, value, question):
                    found.setdefault((doc_id, evidence.start), evidence)
    return list(found.values())


def _cover_line(
    index: Index, document: Document, value: str, question: Question
) -> Evidence | None:
    """Return the first line of the cover that holds a value."""
    for block in document.blocks:
        if block.role is Role.FRONT and value in document.block_text(block):
            lines = evidence_of_block(index, document.doc_id, block.ordinal, question.language)
            return next((line for line in lines if value in line.quote), None)
    return None


def _printed_dates(document: Document) -> list[str]:
    """Return the forms in which the cover may print the report's date, as it stands there."""
    year, _, rest = document.metadata.date.partition("-")
    if not rest:
        return []
    month, _, day = rest.partition("-")
    pattern = re.compile(rf"{year}\D{{1,3}}0?{int(month)}\D{{1,3}}0?{int(day or 1)}\b|{year}")
    return [
        document.block_text(block)
        for block in document.blocks
        if block.role is Role.FRONT
        and len(document.block_text(block)) <= 40
        and pattern.search(document.block_text(block))
    ][:1]
