"""Evidence → the numbered, bounded JSON request that a language model reads."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from index.opened import OpenedIndex
from rag.composing.beside import evidence_of_block
from rag.evidence.evidence import Evidence
from rag.llm.hostile import addresses_model
from rag.llm.tokens import TokenCounter
from rag.schema import Citation

MAX_PIECES = 16
MAX_PIECE_CHARS = 700
_MAX_LABEL_CHARS = 120


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: the JSON text, and the evidence behind its ids, which count from 1."""

    text: str
    evidence: tuple[Evidence, ...]
    tokens: int
    withheld: int  # pieces left out because they speak to a model

    def numbered(self) -> dict[int, Evidence]:
        """Return the evidence by id."""
        return dict(enumerate(self.evidence, 1))


def build_request(
    index: OpenedIndex,
    pieces: Iterable[Evidence],
    counter: TokenCounter,
    *,
    budget_tokens: int,
    **fields: object,
) -> Request:
    """Return a request with as many pieces of evidence as the budget holds, the first ones first.

    Args:
        index: Where the evidence is from.
        pieces: Best first; each is sent once.
        counter: Counts tokens.
        budget_tokens: For the whole request, at least one piece is sent.
        fields: Go before the evidence: question=…, topic=….
    """
    chosen: list[Evidence] = []
    entries: list[dict[str, object]] = []
    withheld = 0
    used = counter.count(json.dumps(fields, ensure_ascii=False))
    for piece in _distinct(pieces):
        entry = _entry(index, piece, len(entries) + 1)
        if entry is None:
            withheld += 1
            continue
        cost = counter.count(json.dumps(entry, ensure_ascii=False)) + 2
        if entries and used + cost > budget_tokens:
            break
        used += cost
        chosen.append(piece)
        entries.append(entry)
        if len(entries) == MAX_PIECES:
            break
    text = json.dumps({**fields, "evidence": entries}, ensure_ascii=False)
    return Request(text, tuple(chosen), counter.count(text), withheld)


def _distinct(pieces: Iterable[Evidence]) -> Iterator[Evidence]:
    seen: set[tuple[str, int, int]] = set()
    for piece in pieces:
        key = (piece.doc_id, piece.start, piece.end)
        if key not in seen:
            seen.add(key)
            yield piece


def _entry(index: OpenedIndex, piece: Evidence, number: int) -> dict[str, object] | None:
    """Return one piece as it is sent, None when it speaks to the model."""
    if addresses_model(f"{piece.quote}\n{piece.text}\n{piece.row}\n{piece.column}"):
        return None
    meta = index.document(piece.doc_id).metadata
    labels = {
        "report": " · ".join(filter(None, (meta.issuer, meta.title, meta.date))),
        "section": piece.section[-1] if piece.section else "",
        "table": piece.caption,
        "row": piece.row,
        "column": piece.column,
        "unit": piece.unit,
        "before": "" if piece.is_cell else piece.lead,
    }
    shown = {
        name: text[:_MAX_LABEL_CHARS]
        for name, text in labels.items()
        if text.strip() and not addresses_model(text)
    }
    return {"id": number, **shown, "text": piece.text[:MAX_PIECE_CHARS]}


def cited_evidence(
    index: OpenedIndex, citations: Sequence[Citation], piece: Evidence
) -> list[Evidence]:
    """Return the sentences or cells that citations stand in, whole, read as `piece` is."""
    found = []
    for citation in citations:
        document = index.document(citation.doc_id)
        for block in document.blocks:
            if block.start <= citation.start < block.end:
                units = evidence_of_block(index, citation.doc_id, block.ordinal, piece.language)
                found += [u for u in units if u.start < citation.end and citation.start < u.end]
    return found


def taken_in_turn(pieces: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence with the reports taking turns, so that none crowds out the others."""
    by_report: dict[str, list[Evidence]] = {}
    for piece in pieces:
        by_report.setdefault(piece.doc_id, []).append(piece)
    rounds = zip_longest(*by_report.values())
    return [piece for round_ in rounds for piece in round_ if piece is not None]
