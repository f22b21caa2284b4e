"""Answers and conversations → HTML. All text is escaped; nothing in it can become a tag or a link.

Of Markdown only lists, tables, bold and paragraphs are read, because answers use nothing else.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rag.schema import Answer, AnswerStatus, Citation, Nearest
from web.conversation import Turn
from web.feedback import MAX_COMMENT_CHARS
from web.texts import Texts

_MARKER = re.compile(r"\[(\d{1,3})\]")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_BULLET = re.compile(r"\s*[-*•]\s+")
MAX_SHOWN_TURNS = 30
"""Of a longer conversation the last ones are shown until the reader asks for the earlier ones."""

_ROW = re.compile(r"\s*\|.*\|\s*$")  # of a table
_RULE = re.compile(r"[\s|:-]+$")  # the line under its header
_NUMBERED = re.compile(r"\s*\d{1,3}[.)、]\s+")


@dataclass(frozen=True, slots=True)
class Progress:
    """What can be shown of an answer that is being written."""

    status: str = ""  # what is being done
    text: str = ""  # sentences that have passed the checks
    draft: str = ""  # what is written and not checked yet


def transcript_html(
    turns: Sequence[Turn],
    texts: Texts,
    *,
    pending: str = "",
    progress: Progress | None = None,
    empty: str = "",
    shown: int = MAX_SHOWN_TURNS,
) -> str:
    """Return a conversation.

    Args:
        turns: Oldest first.
        texts: Of the page's language.
        pending: A question that is being answered, shown at the end.
        progress: How far its answer is.
        empty: HTML to show while there is nothing else.
        shown: How many turns; a button stands for those before.
    """
    first = max(len(turns) - shown, 0)
    parts = [_earlier_html(first, texts)] if first else []
    parts += [
        turn_html(turns[number], number, texts, is_last=number == len(turns) - 1 and not pending)
        for number in range(first, len(turns))
    ]
    if pending:
        parts.append(
            f'<article class="turn pending">{_question_html(pending, texts)}'
            f'<div class="answer" role="status">{_progress_html(progress, texts)}</div></article>'
        )
    label = escape(texts("transcript"))
    inner = "".join(parts) or empty
    opening = f'<div class="transcript" role="log" aria-live="polite" aria-label="{label}">'
    return f"{opening}{inner}</div>"


def _earlier_html(hidden: int, texts: Texts) -> str:
    label = escape(texts("earlier", count=hidden))
    return f'<button type="button" class="small earlier" data-event="earlier">{label}</button>'


def _progress_html(progress: Progress | None, texts: Texts) -> str:
    """Return an answer that is being written: no marker leads anywhere yet."""
    shown = progress or Progress()
    status = escape(shown.status or texts("searching"))
    parts = [f'<p class="searching">{status}</p>']
    if shown.text.strip():
        parts.append(f'<div class="text">{formatted(shown.text, (), 0, texts)}</div>')
    if shown.draft.strip():
        label = escape(texts("unverified"))
        draft = escape(shown.draft.strip())
        parts.append(f'<p class="unverified"><span class="mark">{label}</span> {draft}</p>')
    return "".join(parts)


def turn_html(turn: Turn, number: int, texts: Texts, *, is_last: bool) -> str:
    """Return a question with its answer, sources and buttons."""
    if turn.answer is None:
        problem = escape(turn.problem or texts("stopped"))
        body = f'<p class="problem" role="alert">{problem}</p>'
    else:
        body = _answer_html(turn.answer, number, texts)
    buttons = _buttons_html(turn, number, texts, is_last=is_last)
    last = " last" if is_last else ""
    return (
        f'<article class="turn{last}" data-turn="{number}">{_question_html(turn.question, texts)}'
        f'<div class="answer">{body}{buttons}</div></article>'
    )


def formatted(text: str, markers: Collection[int], number: int, texts: Texts) -> str:
    """Return an answer's text with lists, tables, bold and its markers as buttons.

    A marker without a citation stays plain text: a button that leads nowhere is a false promise.
    """
    parts = []
    for tag, lines in _paragraphs(text):
        if tag == "p":
            parts.append("<p>" + "<br>".join(_inline(x, markers, number, texts) for x in lines))
            parts.append("</p>")
        elif tag == "table":
            rows = [
                "".join(f"<td>{_inline(cell, markers, number, texts)}</td>" for cell in row)
                for row in _table_rows(lines)
            ]
            parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
        else:
            items = "".join(f"<li>{_inline(x, markers, number, texts)}</li>" for x in lines)
            parts.append(f"<{tag}>{items}</{tag}>")
    return "".join(parts)


def place(page: int | None, section: str, texts: Texts) -> str:
    """Return where a passage stands: page and section, as far as known; plain text."""
    parts = [texts("page_n", page=page)] if page is not None else []
    return " · ".join([*parts, *([section] if section else [])])


def _question_html(question: str, texts: Texts) -> str:
    you = escape(texts("you"))
    return f'<div class="question"><span class="sr">{you}: </span>{escape(question)}</div>'


def _answer_html(answer: Answer, number: int, texts: Texts) -> str:
    markers = {citation.marker for citation in answer.citations}
    answered = answer.status is AnswerStatus.ANSWERED
    said = answer.text if answered else texts.adapted(answer.text)  # an abstention quotes nothing
    text = formatted(said, markers, number, texts)
    completed = ""
    if answer.trace.completed and answer.trace.completed != answer.question:
        read_as = escape(texts("completed", question=answer.trace.completed))
        completed = f'<p class="completed">{read_as}</p>'
    if answered:
        shown = f'<div class="text" lang="{answer.language}">{text}</div>'
        sources = "".join(_source_row(item, number, texts) for item in answer.citations)
        shown += f'<ol class="sources" aria-label="{escape(texts("sources"))}">{sources}</ol>'
    else:
        key = "unsupported" if answer.status is AnswerStatus.UNSUPPORTED else "not_found"
        head = f'<p class="abstained"><span aria-hidden="true">∅</span> {escape(texts(key))}</p>'
        shown = f'{head}<div class="text muted" lang="{answer.language}">{text}</div>'
        shown += _nearest_html(answer.nearest, number, texts)
    return completed + shown + _state_html(answer, texts)


def _source_row(citation: Citation, number: int, texts: Texts) -> str:
    who = " · ".join(filter(None, (citation.issuer, citation.date)))
    section = citation.section.rpartition(" > ")[2]
    where = place(citation.page, "" if section == citation.title else section, texts)
    detail = " · ".join(filter(None, (who, where)))
    return (
        f'<li><button type="button" class="source-row" data-event="cite" data-turn="{number}" '
        f'data-marker="{citation.marker}"><span class="chip" aria-hidden="true">{citation.marker}'
        f'</span><span class="source-title">{escape(citation.title)}</span>'
        f'<span class="source-where">{escape(detail)}</span></button></li>'
    )


def _nearest_html(nearest: Sequence[Nearest], number: int, texts: Texts) -> str:
    if not nearest:
        return ""
    rows = "".join(
        f'<li><button type="button" class="nearest-row" data-event="near" data-turn="{number}" '
        f'data-index="{index}"><span class="nearest-text">{escape(item.text)}</span>'
        f'<span class="source-where">{escape(_nearest_where(item, texts))}</span></button></li>'
        for index, item in enumerate(nearest)
    )
    head = f'<h3 class="nearest-head">{escape(texts("nearest"))}</h3>'
    return f'{head}<ul class="nearest">{rows}</ul>'


def _nearest_where(item: Nearest, texts: Texts) -> str:
    where = place(item.page, item.section.rpartition(" > ")[2], texts)
    return " · ".join(dict.fromkeys(filter(None, (item.title, where))))


def _state_html(answer: Answer, texts: Texts) -> str:
    offline = answer.engine == "extractive"
    engine = texts("engine_extractive") if offline else texts("engine_model", name=answer.engine)
    verified = f"✓ {texts('verified')} · " if answer.status is AnswerStatus.ANSWERED else ""
    return f'<p class="state">{escape(verified + engine)}</p>'


def _buttons_html(turn: Turn, number: int, texts: Texts, *, is_last: bool) -> str:
    buttons = []
    if turn.answer is not None:
        copied = escape(plain_text(turn.answer))
        buttons.append(
            f'<button type="button" class="quiet" data-copy="{copied}" '
            f'data-done="{escape(texts("copied"))}">{escape(texts("copy"))}</button>'
        )
    if is_last:
        buttons += [_button(key, number, texts) for key in ("retry", "edit")]
    if turn.answer is not None:
        for vote, sign in (("good", "👍"), ("bad", "👎")):
            pressed = "true" if turn.vote == vote else "false"
            buttons.append(
                f'<button type="button" class="quiet vote" data-open-comment="{vote}" '
                f'aria-pressed="{pressed}" aria-label="{escape(texts(vote))}" '
                f'title="{escape(texts(vote))}"><span aria-hidden="true">{sign}</span></button>'
            )
    return f'<div class="actions">{"".join(buttons)}</div>{_comment_html(turn, number, texts)}'


def _button(key: str, number: int, texts: Texts) -> str:
    return (
        f'<button type="button" class="quiet" data-event="{key}" data-turn="{number}">'
        f"{escape(texts(key))}</button>"
    )


def _comment_html(turn: Turn, number: int, texts: Texts) -> str:
    if turn.answer is None:
        return ""
    if turn.vote:
        return f'<p class="thanks" role="status">{escape(texts("comment_thanks"))}</p>'
    label = escape(texts("comment"))
    return (
        f'<div class="comment" data-form hidden><input type="text" name="comment" '
        f'maxlength="{MAX_COMMENT_CHARS}" aria-label="{label}" placeholder="{label}">'
        f'<button type="button" class="small" data-event="vote" data-turn="{number}">'
        f"{escape(texts('comment_send'))}</button></div>"
    )


def plain_text(answer: Answer) -> str:
    """Return an answer with its sources listed below, for the clipboard."""
    lines = [answer.text, *(citation_line(item) for item in answer.citations)]
    return "\n".join(lines)


def citation_line(citation: Citation) -> str:
    """Return a citation as one line: [1] issuer, "title", date, p. 3, section: quote."""
    page = f"p. {citation.page}" if citation.page is not None else ""
    title = f"《{citation.title}》" if citation.title else citation.doc_id
    where = ", ".join(filter(None, (citation.issuer, title, citation.date, page, citation.section)))
    quote = " ".join(citation.quote.split())
    return f"[{citation.marker}] {where}: “{quote}”"


def _paragraphs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield ("p", "ul", "ol" or "table", lines) with the list signs taken off."""
    tag, lines = "", list[str]()
    for line in text.split("\n"):
        match, kind = _BULLET.match(line), "ul"
        if match is None:
            match, kind = _NUMBERED.match(line), "ol"
        if match is None:
            kind = "table" if _ROW.match(line) else "p" if line.strip() else ""
        if kind != tag:
            if lines:
                yield tag, lines
            tag, lines = kind, []
        if kind:
            lines.append(line[match.end() :] if match else line)
    if lines:
        yield tag, lines


def _table_rows(lines: Sequence[str]) -> list[list[str]]:
    """Return the cells of a Markdown table, header first."""
    rows = [line.strip().strip("|").split("|") for line in lines if not _RULE.match(line)]
    return [[cell.strip() for cell in row] for row in rows]


def _inline(line: str, markers: Collection[int], number: int, texts: Texts) -> str:
    # Escaped first: neither pattern below can match anything that escaping has put in.
    bold = _BOLD.sub(r"<strong>\1</strong>", escape(line.strip()))

    def chip(match: re.Match[str]) -> str:
        marker = int(match[1])
        if marker not in markers:
            return match[0]
        label = escape(texts("source_n", marker=marker, title=""))
        return (
            f'<button type="button" class="chip" data-event="cite" data-turn="{number}" '
            f'data-marker="{marker}" aria-label="{label}">{marker}</button>'
        )

    return re.sub(r"\s+(?=<button)", "", _MARKER.sub(chip, bold))
