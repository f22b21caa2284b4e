"""Evidence for tests of what is read off it: sentences and cells that stand in no report."""

from collections.abc import Sequence

from corpus.language import question_language
from corpus.schema import BlockKind, Role
from rag.evidence.evidence import WEIGHT_BLOCK, Evidence


def sentence(
    text: str,
    *,
    lead: str = "",
    section: Sequence[str] = (),
    section_text: str = "",
    role: Role = Role.CONTENT,
) -> Evidence:
    """Return a sentence, with what stands before it and under the same headings."""
    return Evidence(
        doc_id="d", block=0, start=0, end=len(text), quote=text, text=text,
        language=question_language(text), role=role, section=tuple(section), page=None,
        around=((lead, WEIGHT_BLOCK),), lead=lead, section_text=section_text or text,
    )  # fmt: skip


def cell(
    text: str, row: str, column: str, *, rest: str = "", caption: str = "", unit: str = ""
) -> Evidence:
    """Return a cell with its labels and what else stands in its row."""
    return Evidence(
        doc_id="d", block=0, start=0, end=len(text), quote=text, text=text,
        language=question_language(f"{row}{column}{caption}"), role=Role.CONTENT, section=(),
        page=None, around=((rest, WEIGHT_BLOCK),), row=row, column=column, caption=caption,
        unit=unit, kind=BlockKind.TABLE,
    )  # fmt: skip
