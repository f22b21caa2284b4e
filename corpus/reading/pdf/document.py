"""Blocks of all pages → Document: page breaks are closed, boxes become origins."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import EmptyDocument
from corpus.language import detect_language
from corpus.reading.assemble import assemble, with_roles
from corpus.reading.identity import base_name, document_id
from corpus.reading.metadata import read_metadata
from corpus.reading.pdf.blocks import PageBlock
from corpus.reading.pdf.captions import with_table_context
from corpus.reading.pdf.continued import join_pages
from corpus.reading.pdf.items import Tracer, heading_ranks, make_items
from corpus.reading.pdf.titles import first_page, with_pdf_title
from corpus.reading.roles import assign_roles
from corpus.schema import Document, Origin, Page, Skipped


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page after layout."""

    number: int
    label: str
    width: float
    height: float
    blocks: tuple[PageBlock, ...]
    unread: str = ""


def build_document(
    pages: Sequence[ReadPage],
    skipped: Sequence[Skipped],
    *,
    data: bytes,
    file_name: str,
    info: Mapping[str, str] | None = None,
) -> Document:
    """Lay out the pages' blocks as one document.

    Args:
        pages: In order.
        skipped: What was left out.
        data: The file.
        file_name: As given.
        info: The file's own entries on itself.

    Raises:
        EmptyDocument: No page holds text; the message says why each was left out.
    """
    tracer = Tracer([], _words(pages))
    joined = join_pages([(page.number, block) for page in pages for block in page.blocks])
    ranks = heading_ranks([block for entry in joined for _, block in entry])
    kept = [
        (entry, item)
        for entry in joined
        for item in make_items(entry, tracer, ranks)
        if item.text or item.rows
    ]
    if not kept:
        raise EmptyDocument(_empty_message(pages, skipped, file_name))
    assembled = assemble([item for _, item in kept])
    blocks = with_table_context(assembled.text, assembled.blocks)
    roles = [
        entry[0][1].role or role
        for (entry, _), role in zip(kept, assign_roles(assembled.text, blocks), strict=True)
    ]
    blocks = with_roles(blocks, roles)
    origins = tracer.origins(assembled.origins)
    metadata = read_metadata(assembled.text, blocks)
    sizes = [(entry[0][0], 0.0 if entry[0][1].role else entry[0][1].size) for entry, _ in kept]
    metadata = with_pdf_title(
        metadata, first_page(sizes, blocks), assembled.text, info or {}, file_name
    )
    return Document(
        doc_id=document_id(file_name),
        file_name=base_name(file_name),
        sha256=hashlib.sha256(data).hexdigest(),
        language=detect_language(assembled.text),
        metadata=metadata,
        text=assembled.text,
        blocks=blocks,
        pages=_page_spans(pages, origins, len(assembled.text)),
        origins=origins,
        skipped=tuple(skipped),
    )


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def _words(pages: Sequence[ReadPage]) -> frozenset[str]:
    """Return the Latin words of the document, as a judge of hyphens at line ends."""
    texts = (
        word.text.lower()
        for page in pages
        for block in page.blocks
        for line in block.lines
        for word in line.words[1:-1]  # at the ends stand halves
        if word.text.isascii()
    )
    return frozenset(match[0] for text in texts for match in _WORD.finditer(text))


def _empty_message(pages: Sequence[ReadPage], skipped: Sequence[Skipped], file_name: str) -> str:
    reasons = sorted({page.unread for page in pages if page.unread})
    why = "; ".join(reasons) or "页面是空的 / its pages are empty"
    advice = ""
    if any("scan" in reason or "nonsense" in reason or "shapes" in reason for reason in reasons):
        advice = (
            "；安装 requirements-ocr.txt 即可识别 / "
            "install requirements-ocr.txt to have such pages recognised"
        )
    if skipped and not reasons:
        why += "；略去 / left out: " + "; ".join(
            f"{entry.what} ({entry.reason})" for entry in skipped[:3]
        )
    return (
        f"{file_name}: {len(pages)} 页上没有找到文字 / "
        f"no text was found on {len(pages)} page(s): {why}{advice}"
    )


def _page_spans(
    pages: Sequence[ReadPage], origins: Sequence[Origin], length: int
) -> tuple[Page, ...]:
    """Cut the text at the first character of each page; a page without text is an empty span."""
    first_at: dict[int, int] = {}
    for origin in origins:
        if origin.box is not None:
            first_at.setdefault(origin.box.page, origin.start)
    starts: list[int] = []
    position = length
    for page in reversed(pages):
        position = min(position, first_at.get(page.number, position))
        starts.append(position)
    starts.reverse()
    if starts:
        starts[0] = 0
    ends = [*starts[1:], length]
    return tuple(
        Page(
            page.number,
            page.label,
            round(page.width, 2),
            round(page.height, 2),
            start,
            end,
            page.unread,
        )
        for page, start, end in zip(pages, starts, ends, strict=True)
    )
