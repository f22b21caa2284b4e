"""The shelf and the reader: what reports there are, and reading one."""

from collections.abc import Collection, Sequence
from html import escape

from corpus.errors import AssistantError
from index.schema import ShelfEntry
from web.document_view import NOWHERE, Span, blocks_html, outline
from web.service import Assistant
from web.texts import Texts, traditional


def shelf_html(
    entries: Sequence[ShelfEntry], texts: Texts, *, chosen: Collection[str] | None
) -> str:
    """Return the table of reports.

    Args:
        entries: In the order to show.
        texts: Of the page's language.
        chosen: The doc_ids that are searched, None for all.
    """
    label = escape(texts("filter"))
    rows = "".join(_row_html(entry, texts, chosen=chosen) for entry in entries)
    columns = ("col_use", "col_title", "col_issuer", "col_date")
    head = "".join(f'<th scope="col">{texts(key)}</th>' for key in columns)
    if not entries:
        return f'<p class="muted">{escape(texts("empty_shelf"))}</p>'
    return (
        f'<div class="shelf-bar"><span>{texts("shelf_count", count=len(entries))}</span>'
        f'<button type="button" class="small only-these" data-label="{texts("only_these")}" '
        f"hidden></button>"
        f'<input type="search" class="filter" placeholder="{label}" aria-label="{label}">'
        f"{_narrowing_html(entries, texts)}</div>"
        f'<table class="shelf"><thead><tr>{head}<th><span class="sr">{texts("open_report")}</span>'
        f'</th></tr></thead><tbody>{rows}</tbody></table><p class="muted no-match" hidden>'
        f"{escape(texts('no_match'))}</p>"
    )


def _narrowing_html(entries: Sequence[ShelfEntry], texts: Texts) -> str:
    """Return the choice of issuer and dates; what no report has cannot be chosen."""
    parts = []
    if issuers := sorted({entry.issuer for entry in entries if entry.issuer}):
        options = "".join(f"<option>{escape(issuer)}</option>" for issuer in issuers)
        parts.append(
            f'<select class="issuer" aria-label="{texts("col_issuer")}">'
            f'<option value="">{texts("all_issuers")}</option>{options}</select>'
        )
    if any(entry.date for entry in entries):
        parts += [
            f'<input type="date" class="{kind}" aria-label="{texts(key)}" title="{texts(key)}">'
            for kind, key in (("from", "date_from"), ("to", "date_to"))
        ]
    return "".join(parts)


def _row_html(entry: ShelfEntry, texts: Texts, *, chosen: Collection[str] | None) -> str:
    doc_id, title = escape(entry.doc_id), escape(entry.title or entry.file_name)
    checked = " checked" if chosen is None or entry.doc_id in chosen else ""
    size = [texts("pages", count=entry.num_pages) if entry.num_pages else texts("no_pages")]
    size.append(texts("chunks", count=entry.num_chunks))
    if entry.num_renderings:
        size.append(texts("with_rendering"))
    named = f"{entry.title} {entry.issuer} {entry.date} {entry.file_name}".casefold()
    haystack = escape(f"{named} {traditional(named)}")  # found in either kind of characters
    return (
        f'<tr data-haystack="{haystack}" data-issuer="{escape(entry.issuer)}" '
        f'data-date="{escape(entry.date)}"><td><input type="checkbox" data-doc="{doc_id}" '
        f'aria-label="{texts("col_use")}: {title}"{checked}></td>'
        f'<td class="title" lang="{entry.language}"><button type="button" class="link" '
        f'data-event="read" data-view="reader" data-doc="{doc_id}">{title}</button>'
        f'<span class="file">{escape(" · ".join([entry.file_name, *size]))}</span></td>'
        f"<td>{escape(entry.issuer)}</td><td>{escape(entry.date)}</td>"
        f'<td><button type="button" class="quiet" data-event="remove" data-doc="{doc_id}" '
        f'data-confirm="{texts("confirm_remove")}" aria-label="{texts("remove")}: {title}">'
        f"{texts('remove')}</button></td></tr>"
    )


def reader_html(assistant: Assistant, doc_id: str, texts: Texts, span: Span = NOWHERE) -> str:
    """Return a whole report with its outline, a span highlighted."""
    document = assistant.document(doc_id)
    back = (
        f'<button type="button" class="small" data-view="shelf">‹ {texts("back_to_shelf")}</button>'
    )
    if document is None:
        return f'{back}<p class="problem">{escape(texts("no_report"))}</p>'
    meta = document.metadata
    headings = [
        f'<li class="depth-{min(depth, 4)}"><button type="button" class="link" '
        f'data-jump="block-{ordinal}">{escape(text)}</button></li>'
        for ordinal, depth, text in outline(document)
    ]
    listed = f"<ul>{''.join(headings)}</ul>"
    if not headings:
        listed = f'<p class="muted">{texts("no_outline")}</p>'
    who = escape(" · ".join(filter(None, (meta.issuer, meta.date, document.file_name))))
    title = escape(meta.title or document.file_name)
    return (
        f'<div class="reader-bar">{back}<div><h2 lang="{document.language}">{title}</h2>'
        f'<p class="who">{who}</p></div></div><div class="reader-columns">'
        f'<nav class="outline" aria-label="{texts("outline")}"><h3>{texts("outline")}</h3>{listed}'
        f'</nav><article class="reading">{blocks_html(document, document.blocks, span)}</article>'
        "</div>"
    )


def notice_html(text: str) -> str:
    """Return something that went well as a notice."""
    return f'<div class="notice" role="status"><p>{escape(text)}</p></div>'


def problem_html(error: AssistantError | str) -> str:
    """Return an error as a notice."""
    return f'<div class="notice bad" role="alert"><p>{escape(str(error))}</p></div>'
