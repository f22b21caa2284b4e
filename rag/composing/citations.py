"""Draft → an Answer with numbered citations, each checked against its document."""

import re
from dataclasses import dataclass, field

from index.opened import OpenedIndex
from rag.composing.draft import Draft, Grid, Statement
from rag.evidence.evidence import Evidence
from rag.messages import NO_RENDERING
from rag.questions.question import Question
from rag.schema import Answer, AnswerStatus, Citation

_FOREIGN_MARKER = re.compile(r"\[(\d+)\]")


def cite(question: Question, draft: Draft, index: OpenedIndex) -> Answer:
    """Number the evidence of a draft and put the markers behind its statements.

    Raises:
        ValueError: A quote is not what its document says; nothing is shown then.
    """
    numbered = _Numbered(index)
    if draft.grid is not None:
        lines = _table_lines(draft.grid, numbered)
    else:
        lines = [numbered.said(statement) for statement in draft.statements]
        lines = [f"- {line}" for line in lines] if len(lines) > 1 else lines
    if draft.opening:
        is_one = len(lines) == 1
        lines = [f"{draft.opening}{lines[0]}"] if is_one else [draft.opening.strip(), *lines]
    lines += draft.notes
    if any(evidence.language is not question.language for evidence in draft.evidence):
        lines.append(NO_RENDERING[question.language])
    return Answer(
        question=question.text,
        text="\n".join(lines),
        language=question.language,
        status=AnswerStatus.ANSWERED,
        citations=tuple(numbered.citations.values()),
    )


@dataclass
class _Numbered:
    """The citations of an answer, numbered as they come."""

    index: OpenedIndex
    citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict)

    def said(self, statement: Statement) -> str:
        """Return the text of a statement with its marker."""
        # A report has markers of its own; only ours stand in square brackets.
        text = _FOREIGN_MARKER.sub(r"(\1)", statement.text)
        markers = (self._marker(item) for item in (statement.evidence, *statement.also))
        return f"{text} {''.join(f'[{marker}]' for marker in markers)}"

    def _marker(self, evidence: Evidence) -> int:
        key = (evidence.doc_id, evidence.start, evidence.end)
        if key not in self.citations:
            self.citations[key] = citation_of(len(self.citations) + 1, evidence, self.index)
        return self.citations[key].marker


def _table_lines(grid: Grid, numbered: _Numbered) -> list[str]:
    """Return the lines of a Markdown table; a cell that no report fills is a dash."""
    rows = [["", *grid.columns], ["---"] * (len(grid.columns) + 1)]
    rows += [
        [name, *(numbered.said(cell) if cell is not None else "–" for cell in cells)]
        for name, cells in grid.rows
    ]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]


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
