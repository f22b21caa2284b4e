"""A conversation → Markdown or Word, every answer with its citations."""

import io
import re
from datetime import date

from rag.schema import Answer, AnswerStatus
from web.conversation import Conversation
from web.render import citation_line
from web.texts import Texts

_SPECIAL = re.compile(r"([\\`*_{}<>#|!\[\]])")
# XML 1.0 has no place for these; Word calls a file with them damaged.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def export_name(conversation: Conversation, ending: str) -> str:
    """Return a file name for a conversation, safe on every system."""
    name = re.sub(r"[^\w-]+", "_", conversation.name)[:40].strip("_") or "conversation"
    return f"{name}.{ending}"


def to_markdown(conversation: Conversation, texts: Texts, on: date) -> str:
    """Return a conversation as Markdown; what comes from reports is escaped.

    A marker in an answer stays `[1]` and its citation stands below the answer.
    """
    lines = [f"# {_escaped(conversation.name or texts('untitled'))}", "", on.isoformat(), ""]
    for turn in conversation.turns:
        lines += [f"## {_escaped(turn.question)}", ""]
        if turn.answer is None:
            lines += [_escaped(turn.problem or texts("stopped")), ""]
            continue
        lines += [_escaped_answer(line) for line in turn.answer.text.split("\n")]
        lines += ["", f"*{_escaped(_state(turn.answer, texts))}*", ""]
        for citation in turn.answer.citations:
            lines += [f"> {_escaped(citation_line(citation))}", ">"]
            if citation.translation:
                lines += [f"> {_escaped(citation.translation)}", ">"]
            lines[-1] = ""
    return "\n".join(lines).rstrip() + "\n"


def to_word(conversation: Conversation, texts: Texts, on: date) -> bytes:
    """Return a conversation as a Word file."""
    from docx import Document as WordDocument

    word = WordDocument()
    word.core_properties.author = ""
    word.add_heading(_clean(conversation.name or texts("untitled")), level=1)
    word.add_paragraph(on.isoformat())
    for turn in conversation.turns:
        word.add_heading(_clean(turn.question), level=2)
        if turn.answer is None:
            word.add_paragraph(_clean(turn.problem or texts("stopped")))
            continue
        for line in turn.answer.text.split("\n"):
            is_item = line.startswith("- ")
            style = "List Bullet" if is_item else None
            word.add_paragraph(_clean(line[2:] if is_item else line), style=style)
        word.add_paragraph().add_run(_clean(_state(turn.answer, texts))).italic = True
        for citation in turn.answer.citations:
            word.add_paragraph(_clean(citation_line(citation)), style="Quote")
            if citation.translation:
                word.add_paragraph(_clean(citation.translation), style="Quote")
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _state(answer: Answer, texts: Texts) -> str:
    if answer.status is AnswerStatus.ANSWERED:
        return texts("verified")
    return texts("unsupported" if answer.status is AnswerStatus.UNSUPPORTED else "not_found")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _escaped_answer(line: str) -> str:
    if line.startswith("| "):  # a row of a table: only its cells are a report's
        return "|".join(_escaped_answer(cell) if cell.strip() else cell for cell in line.split("|"))
    bullet = "- " if line.startswith("- ") else ""
    text = _escaped(line.removeprefix("- "))
    # Markers and bold are the answer's own; the rest of its text is a report's.
    text = re.sub(r"\\\[(\d{1,3})\\\]", r"[\1]", text)
    return bullet + re.sub(r"\\\*\\\*(.+?)\\\*\\\*", r"**\1**", text)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
