"""What stands around the conversation: header, list of conversations, first page, scope line."""

from collections.abc import Collection, Sequence
from html import escape

from web.conversation import History
from web.texts import LANGUAGE_NAMES, Texts, UiLanguage


def header_html(texts: Texts) -> str:
    """Return the bar at the top."""
    options = "".join(
        f'<option value="{language}"{" selected" if language is texts.language else ""}>'
        f"{LANGUAGE_NAMES[language]}</option>"
        for language in UiLanguage
    )
    views = "".join(
        f'<button type="button" class="tab" data-view="{view}">{texts(key)}</button>'
        for view, key in (("ask", "tab_ask"), ("shelf", "tab_shelf"))
    )
    return (
        f'<a class="skip" href="#question">{texts("skip")}</a>'
        f'<header class="top" lang="{texts.language}">'
        f'<button type="button" class="icon menu" data-menu aria-label="{texts("menu")}" '
        f'title="{texts("menu")}">☰</button>'
        f'<div class="brand"><h1>{texts("title")}</h1><p>{texts("subtitle")}</p></div>'
        f'<nav class="tabs" aria-label="{texts("title")}">{views}</nav>'
        f'<select data-change="language" aria-label="{texts("language")}">{options}</select>'
        f'<button type="button" class="icon" data-theme-switch aria-label="{texts("theme")}" '
        f'title="{texts("theme")}">◐</button></header>'
    )


def conversations_html(history: History, texts: Texts) -> str:
    """Return the list of conversations with its buttons."""
    rows = []
    for position, item in enumerate(history.conversations):
        current = position == history.current
        name = escape(item.name or texts("untitled"))
        identity = escape(item.conversation_id)
        buttons = (
            f'<button type="button" class="icon" data-rename="{identity}" '
            f'aria-label="{texts("rename")}: {name}" title="{texts("rename")}">✎</button>'
            f'<button type="button" class="icon" data-event="delete" data-id="{identity}" '
            f'data-confirm="{texts("confirm_delete")}" aria-label="{texts("delete")}: {name}" '
            f'title="{texts("delete")}">🗑︎</button>'
        )
        rows.append(
            f'<li class="{"current" if current else ""}"><button type="button" class="name" '
            f'data-event="open" data-id="{identity}" data-view="ask"'
            f"{' aria-current=true' if current else ''}>{name}</button>{buttons}</li>"
        )
    exports = ""
    if history.open.turns:
        exports = "".join(
            f'<button type="button" class="quiet" data-event="export" data-format="{kind}">'
            f"{texts(f'export_{kind}')}</button>"
            for kind in ("markdown", "word")
        )
    return (
        f'<nav class="conversations" aria-label="{texts("conversations")}">'
        f'<button type="button" class="new" data-event="new" data-view="ask">＋ {texts("new")}'
        f'</button><ul>{"".join(rows)}</ul><div class="exports">{exports}</div>'
        f'<p class="muted">{texts("kept_here")}</p></nav>'
    )


def welcome_html(examples: Sequence[str], num_documents: int, texts: Texts) -> str:
    """Return what an empty conversation shows."""
    if not num_documents:
        return (
            f'<div class="welcome"><p>{escape(texts("empty_shelf"))}</p><p><button type="button" '
            f'class="small" data-view="shelf">{texts("add_reports")}</button></p></div>'
        )
    rows = "".join(
        f'<li><button type="button" class="example" data-event="ask" '
        f'data-question="{escape(text)}">{escape(text)}</button></li>'
        for text in examples
    )
    listed = f"<h3>{texts('examples')}</h3><ul>{rows}</ul>" if rows else ""
    body = escape(texts("empty_body", count=num_documents))
    return f'<div class="welcome"><h2>{texts("empty_head")}</h2><p>{body}</p>{listed}</div>'


def suggestions_html(questions: Sequence[str], texts: Texts) -> str:
    """Return questions to go on with, each sent by a click; "" without any."""
    if not questions:
        return ""
    rows = "".join(
        f'<li><button type="button" class="small" data-event="ask" '
        f'data-question="{escape(text)}">{escape(text)}</button></li>'
        for text in questions
    )
    label = texts("follow_ups")
    return (
        f'<nav class="suggestions" aria-label="{label}"><span aria-hidden="true">{label}</span>'
        f"<ul>{rows}</ul></nav>"
    )


def scope_html(
    chosen: Collection[str] | None, num_documents: int, texts: Texts, *, editing: bool = False
) -> str:
    """Return the line above the question: which reports are searched, and whether one edits."""
    if not num_documents:
        line = ""  # the welcome says that the shelf is empty
    elif chosen is None:
        line = f"<span>{texts('scope_all', count=num_documents)}</span>"
    else:
        said = texts("scope_some", chosen=len(chosen), count=num_documents)
        line = (
            f'<span>{said}</span> <button type="button" class="link" data-event="all">'
            f"{texts('scope_clear')}</button>"
        )
    if editing:
        line += (
            f'<span class="editing">{texts("editing")} <button type="button" class="link" '
            f'data-event="cancel">{texts("cancel")}</button></span>'
        )
    return f'<div class="scope" data-send="{texts("send")}">{line}</div>'
