"""Statements → an Answer with numbered citations, each checked against its document."""

import re
from collections.abc import Sequence

from index.opened import OpenedIndex
from rag.evidence import Evidence
from rag.extractive import Statement
from rag.messages import NO_RENDERING
from rag.question import Question
from rag.schema import Answer, AnswerStatus, Citation

_FOREIGN_MARKER = re.compile(r"\[(\d+)\]")


def cite(question: Question, statements: Sequence[Statement], index: OpenedIndex) -> Answer:
    """Number the statements' evidence and put the markers behind them.

    Raises:
        ValueError: A quote is not what its document says; nothing is shown then.
    """
    citations: dict[tuple[str, int, int], Citation] = {}
    lines = []
    for statement in statements:
        evidence = statement.evidence
        key = (evidence.doc_id, evidence.start, evidence.end)
        if key not in citations:
            citations[key] = citation_of(len(citations) + 1, evidence, index)
        # A report has markers of its own; only ours stand in square brackets.
        text = _FOREIGN_MARKER.sub(r"(\1)", statement.text)
        lines.append(f"{text} [{citations[key].marker}]")
    listed = [f"- {line}" for line in lines] if len(lines) > 1 else lines
    if any(statement.evidence.language is not question.language for statement in statements):
        listed.append(NO_RENDERING[question.language])
    return Answer(
        question=question.text,
        text="\n".join(listed),
        language=question.language,
        status=AnswerStatus.ANSWERED,
        citations=tuple(citations.values()),
    )


def citation_of(marker: int, evidence: Evidence, index: OpenedIndex) -> Citation:
    """Return the citation of a piece of evidence.

    Raises:
        ValueError: The quote is not what its document says.
    """
    document = index.document(evidence.doc_id)
    if document.text[evidence.start : evidence.end] != evidence.quote:
        raise ValueError(f"{evidence.doc_id}[{evidence.start}:{evidence.end}] is another text")
    meta = document.metadata
    return Citation(
        marker=marker,
        quote=evidence.quote,
        doc_id=evidence.doc_id,
        title=meta.title,
        issuer=meta.issuer,
        date=meta.date,
        page=evidence.page,
        section=" > ".join(evidence.section),
        start=evidence.start,
        end=evidence.end,
        translation=evidence.text if evidence.text != evidence.quote else None,
    )
