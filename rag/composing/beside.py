"""What stands beside a piece of evidence: its block, the items of its list, the next sentence."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.schema import BlockKind, Language, Role
from index.opened import OpenedIndex
from rag.evidence.evidence import Evidence
from rag.evidence.gathering import block_evidence
from rag.evidence.reader import reader_of

_MOST_TO_CLOSING = 5  # sentences
_STOP = re.compile(r"[。！？.!?；;][”」』\")）]*\s*$")
_REFERS = re.compile(r"\s*(?:它们?|其|该[^，。]{1,6}|(?:Its?|They|Their|These?|This)\b)")
# A sentence that begins so draws a conclusion; the reason stands before it.
_CONCLUDES = re.compile(
    r"\s*(?:因此|因而|所以|为此|故(?=[，此而])|由此|正因|(?:accordingly|therefore|hence|thus|consequently|"
    r"as a (?:result|consequence)|for (?:this|that|these) reasons?|so|because of this|this is why)\b)",
    re.IGNORECASE,
)


def evidence_of_block(
    index: OpenedIndex, doc_id: str, ordinal: int, language: Language
) -> tuple[Evidence, ...]:
    """Return the evidence of one block of a document, in order."""
    reader = reader_of(index, doc_id, language)
    return block_evidence(reader, reader.document.blocks[ordinal])


def neighbours(index: OpenedIndex, evidence: Evidence) -> list[Evidence]:
    """Return the sentences of the same block, in order, the evidence among them."""
    reader = reader_of(index, evidence.doc_id, evidence.language)
    block = reader.document.blocks[evidence.block]
    return list(block_evidence(reader, block)) if block.table is None else []


def units_of_blocks(index: OpenedIndex, evidence: Evidence, *, after: bool) -> list[Evidence]:
    """Return the first sentence of every list item beside a piece of evidence, in order.

    With `after`, those of the items that follow its block without a gap; otherwise those of all
    items in its section.
    """
    reader = reader_of(index, evidence.doc_id, evidence.language)
    blocks = reader.document.blocks
    home = blocks[evidence.block]
    items: list[tuple[Evidence, ...]] = []
    for block in blocks[home.ordinal + 1 if after else 0 :]:
        same = block.section == home.section and block.role is home.role
        if after and not (same and block.kind is BlockKind.LIST_ITEM):
            break
        if same and block.kind is BlockKind.LIST_ITEM:
            items.append(block_evidence(reader, block))
    if len(items) == 1:
        return list(items[0])  # one item with several sentences is the list itself
    return [sentences[0] for sentences in items if sentences]


def read_on(index: OpenedIndex, evidence: Evidence) -> tuple[Evidence, int] | None:
    """Return a sentence with the one that follows it, and where that starts; None where none does.

    The next one of its block; after a colon, or at the end of a block that lacks its stop, the first one of
    the next block of text under the same headings. Another paragraph is of something else.
    """
    if evidence.role is not Role.CONTENT:
        return None  # the lines of a cover stand each for itself
    reader = reader_of(index, evidence.doc_id, evidence.language)
    home = reader.document.blocks[evidence.block]
    sentences = block_evidence(reader, home)
    following = [item for item in sentences if item.start > evidence.start]
    goes_on = not _STOP.search(evidence.quote)
    if not following and goes_on and home.ordinal + 1 < len(reader.document.blocks):
        after = reader.document.blocks[home.ordinal + 1]
        if after.table is None and (after.section, after.role) == (home.section, home.role):
            following = list(block_evidence(reader, after))
    if not following or following[0].kind is BlockKind.NOTE:
        return None
    return spanning(index, (evidence, following[0])), following[0].start


def with_antecedent(index: OpenedIndex, evidence: Evidence) -> Evidence:
    """Return a sentence that opens with a pronoun with the one before it in its block; else itself."""
    is_text = evidence.role is Role.CONTENT
    return _read_back(index, evidence) if is_text and _REFERS.match(evidence.text) else evidence


def with_reason(index: OpenedIndex, evidence: Evidence) -> Evidence:
    """Return a sentence that draws a conclusion with the one before it in its block; else itself."""
    return _read_back(index, evidence) if _CONCLUDES.match(evidence.text) else evidence


def _read_back(index: OpenedIndex, evidence: Evidence) -> Evidence:
    """Return a sentence with the one before it in its block; the first one, and a cell, as it is."""
    if evidence.is_cell:
        return evidence
    before = [item for item in neighbours(index, evidence) if item.end <= evidence.start]
    return spanning(index, (before[-1], evidence)) if before else evidence


def to_closing(index: OpenedIndex, evidence: Evidence) -> Evidence:
    """Return a sentence with those behind it up to where its last bracket closes; else itself.

    "We like A (which signed B in June;" goes on in the next sentence of its block.
    """
    if _open_brackets(evidence.quote) <= 0:
        return evidence
    following = [item for item in neighbours(index, evidence) if item.start >= evidence.start]
    for last in range(1, min(len(following), _MOST_TO_CLOSING)):
        whole = spanning(index, following[: last + 1])
        if _open_brackets(whole.quote) <= 0:
            return whole
    return evidence


def _open_brackets(text: str) -> int:
    return sum(text.count(char) for char in "（(") - sum(text.count(char) for char in "）)")


def spanning(index: OpenedIndex, items: Sequence[Evidence]) -> Evidence:
    """Return neighbouring evidence of one document as one piece, from the first to the last."""
    first, last = items[0], items[-1]
    reader = reader_of(index, first.doc_id, first.language)
    quote = reader.document.text[first.start : last.end]
    if reader.language is reader.document.language:
        return replace(first, end=last.end, quote=quote, text=quote)
    text = first.text
    for item in items[1:]:
        text += f"{' ' if text[-1:].isascii() else ''}{item.text}"
    return replace(first, end=last.end, quote=quote, text=text)
