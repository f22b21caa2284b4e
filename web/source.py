"""The source panel: where a quote stands, with the quote highlighted, and what it came from."""

import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from corpus.errors import DocumentError
from corpus.schema import Box, Document, Page
from rag.schema import Answer, Citation, Nearest
from web.document_view import Span, blocks_html, pairs_html, section_blocks
from web.page_image import PageImages
from web.render import citation_line, place
from web.service import Assistant
from web.texts import Texts

_PAGES_AHEAD = 3  # citations; readers open the first ones
_MAX_PAGE_IMAGES = 2  # a quote across more pages than that is a section, not a quote


@dataclass(frozen=True, slots=True)
class Place:
    """What the panel shows: a passage of a document, as a citation or as the nearest one."""

    doc_id: str
    title: str
    issuer: str
    date: str
    page: int | None
    section: str
    quote: str
    span: Span
    translation: str = ""
    citation: Citation | None = None


def cited_place(citation: Citation) -> Place:
    """Return the place of a citation."""
    return Place(
        citation.doc_id,
        citation.title,
        citation.issuer,
        citation.date,
        citation.page,
        citation.section,
        citation.quote,
        Span(citation.start, citation.end),
        citation.translation or "",
        citation,
    )


def nearest_place(nearest: Nearest, assistant: Assistant) -> Place:
    """Return the place of a nearest passage; its quote is what the document says there."""
    document = assistant.document(nearest.doc_id)
    meta = document.metadata if document else None
    quote = document.text[nearest.start : nearest.end] if document else nearest.text
    return Place(
        nearest.doc_id,
        nearest.title,
        meta.issuer if meta else "",
        meta.date if meta else "",
        nearest.page,
        nearest.section,
        quote,
        Span(nearest.start, nearest.end),
        nearest.text if nearest.text != quote else "",
    )


def draw_ahead(answer: Answer, assistant: Assistant, images: PageImages) -> None:
    """Draw the cited pages in the background, so that a click on a marker finds them ready."""

    def draw() -> None:
        for citation in answer.citations[:_PAGES_AHEAD]:
            document = assistant.document(citation.doc_id)
            if document is None:
                continue
            boxes = quote_boxes(document, Span(citation.start, citation.end))
            if not boxes:
                continue
            try:
                draw_page(document, boxes[0].page, assistant, images)
            except DocumentError:  # the panel says so when it is opened
                continue

    threading.Thread(target=draw, daemon=True).start()


def draw_page(document: Document, number: int, assistant: Assistant, images: PageImages) -> bytes:
    """Return a page of a document as JPEG.

    Raises:
        DocumentError: The page cannot be drawn.
    """
    return images.page(document.sha256, lambda: assistant.source(document.doc_id), number)


def page_address(document: Document, number: int) -> str:
    """Return where the page of this server finds the picture of a report's page."""
    return f"page-image/{quote(document.doc_id, safe='')}/{number}.jpg?v={document.sha256[:12]}"


def empty_html(texts: Texts) -> str:
    """Return the panel before anything was chosen."""
    return f'<div class="source-panel empty"><p>{escape(texts("source_empty"))}</p></div>'


def source_html(
    place_shown: Place,
    assistant: Assistant,
    texts: Texts,
    *,
    turn: int = 0,
    answer: Answer | None = None,
) -> str:
    """Return the panel for a place; `answer` gives the neighbours to step to."""
    document = assistant.document(place_shown.doc_id)
    bar = _bar_html(place_shown, texts, turn, answer)
    other = title_rendering(document, assistant) if document else ""
    head = f'<div class="source-top">{_head_html(place_shown, texts, other)}{bar}</div>'
    quote = _quote_html(place_shown, document, texts)
    span = place_shown.span
    if document is None or document.text[span.start : span.end] != place_shown.quote:
        gone = escape(texts("quote_gone"))
        return _panel(f'{head}<p class="problem">{gone}</p>{quote}', texts)
    pages = _pages_html(document, span, texts)
    blocks = section_blocks(document, span)
    renderings = assistant.renderings(document.doc_id)
    if renderings:
        columns = f"<span>{texts('original')}</span><span>{texts('rendering')}</span>"
        body = f'<div class="pair-head" aria-hidden="true">{columns}</div>'
        body += pairs_html(document, blocks, renderings, span)
    else:
        body = blocks_html(document, blocks, span)
    return _panel(f'{head}{quote}{pages}<div class="reading">{body}</div>', texts)


def _panel(inner: str, texts: Texts) -> str:
    label = escape(texts("source"))
    return f'<section class="source-panel" aria-label="{label}" tabindex="-1">{inner}</section>'


def title_rendering(document: Document, assistant: Assistant) -> str:
    """Return the title in the other language, "" where the edition has none."""
    title = document.metadata.title
    for item in assistant.renderings(document.doc_id):
        if document.text[item.start : item.end] == title:
            return item.text
    return ""


def _head_html(shown: Place, texts: Texts, title_rendered: str = "") -> str:
    marker = ""
    if shown.citation is not None:
        marker = f'<span class="chip" aria-hidden="true">{shown.citation.marker}</span>'
    who = " · ".join(filter(None, (shown.issuer, shown.date)))
    where = place(shown.page, shown.section.replace(" > ", " › "), texts)
    return (
        f'<header><div class="source-head">{marker}<h2>{escape(shown.title or shown.doc_id)}</h2>'
        f'<button type="button" class="icon" data-close-source aria-label="{texts("close")}" '
        f'title="{texts("close")} (Esc)">✕</button></div>'
        f'<p class="who">{escape(" · ".join(filter(None, (title_rendered, who))))}</p>'
        f'<p class="where">{escape(where)}</p></header>'
    )


def _bar_html(shown: Place, texts: Texts, turn: int, answer: Answer | None) -> str:
    buttons = []
    if shown.citation is not None:
        copied = escape(citation_line(shown.citation))
        buttons.append(
            f'<button type="button" class="small" data-copy="{copied}" '
            f'data-done="{texts("copied")}">{texts("copy_citation")}</button>'
        )
    buttons.append(
        f'<button type="button" class="small" data-event="read" data-doc="{escape(shown.doc_id)}" '
        f'data-start="{shown.span.start}" data-end="{shown.span.end}">{texts("read_here")}</button>'
    )
    if shown.citation is not None and answer is not None and len(answer.citations) > 1:
        markers = [citation.marker for citation in answer.citations]
        at = markers.index(shown.citation.marker)
        for key, sign, step in (("previous", "‹", -1), ("next", "›", 1)):
            target = markers[(at + step) % len(markers)]
            buttons.append(
                f'<button type="button" class="small step" data-event="cite" data-turn="{turn}" '
                f'data-marker="{target}" aria-label="{texts(key)}" title="{texts(key)}">{sign}'
                "</button>"
            )
    return f'<div class="source-bar">{"".join(buttons)}</div>'


def _quote_html(shown: Place, document: Document | None, texts: Texts) -> str:
    language = f' lang="{document.language}"' if document else ""
    translation = ""
    if shown.translation:
        said = escape(shown.translation)
        translation = f'<p class="quote-rendering" title="{texts("rendering")}">{said}</p>'
    return f"<blockquote><p{language}>{escape(shown.quote)}</p>{translation}</blockquote>"


def _pages_html(document: Document, span: Span, texts: Texts) -> str:
    boxes = quote_boxes(document, span)
    numbers = list(dict.fromkeys(box.page for box in boxes))[:_MAX_PAGE_IMAGES]
    pages = {page.number: page for page in document.pages}
    return "".join(
        _page_html(document, pages[number], [b for b in boxes if b.page == number], texts)
        for number in numbers
        if number in pages
    )


def _page_html(document: Document, page: Page, boxes: Sequence[Box], texts: Texts) -> str:
    """Return the picture of a page with boxes; the browser fetches it while the text is read."""
    frames = "".join(
        f'<span class="box" style="left:{100 * box.x0 / page.width:.3f}%;'
        f"top:{100 * box.top / page.height:.3f}%;"
        f"width:{100 * (box.x1 - box.x0) / page.width:.3f}%;"
        f'height:{100 * (box.bottom - box.top) / page.height:.3f}%"></span>'
        for box in boxes
    )
    label = escape(texts("page_image", page=page.number))
    # Known before the picture is there, so that nothing jumps and scrolling lands on the box.
    shape = f"aspect-ratio:{page.width:.2f}/{page.height:.2f}"
    return (
        f'<figure class="page"><div class="sheet" style="{shape}"><img alt="{label}" '
        f'src="{escape(page_address(document, page.number))}">{frames}</div>'
        f'<p class="muted no-picture">{escape(texts("page_failed"))}</p>'
        f"<figcaption>{label}</figcaption></figure>"
    )


def quote_boxes(document: Document, span: Span) -> list[Box]:
    """Return the boxes around a span on its pages, one a line, in reading order.

    An origin that the span covers in part gives that share of its width, a wide character (Chinese,
    full-width signs) counting twice: exact for a single character, close for a run of them.
    """
    merged: list[Box] = []
    for box in _covered_boxes(document, span):
        last = merged[-1] if merged else None
        if last is not None and _same_line(last, box):
            merged[-1] = Box(
                box.page,
                min(last.x0, box.x0),
                min(last.top, box.top),
                max(last.x1, box.x1),
                max(last.bottom, box.bottom),
            )
        else:
            merged.append(box)
    return merged


def _covered_boxes(document: Document, span: Span) -> Iterator[Box]:
    for origin in document.origins:
        if origin.box is None or not span.overlaps(origin.start, origin.end):
            continue
        box, text = origin.box, document.text
        start, end = max(span.start, origin.start), min(span.end, origin.end)
        step = (box.x1 - box.x0) / max(_columns(text[origin.start : origin.end]), 1)
        left = box.x0 + step * _columns(text[origin.start : start])
        right = box.x1 - step * _columns(text[end : origin.end])
        yield Box(box.page, left, box.top, right, box.bottom)


def _columns(text: str) -> int:
    """Return how many half-width columns a text takes (East Asian Width, UAX #11)."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _same_line(left: Box, right: Box) -> bool:
    height = max(left.bottom - left.top, right.bottom - right.top)
    shared = min(left.bottom, right.bottom) - max(left.top, right.top)
    near = right.x0 - left.x1 < 2 * height and right.x1 > left.x0
    return left.page == right.page and shared > 0.5 * height and near
