"""Text and Markdown files → items. What the file shows is kept, what only marks it up is not.

Handled: hard-wrapped lines (with or without blank lines between them), paragraphs cut by a page
break, Markdown headings, emphasis, lists, links and tables, tab-separated tables, HTML left over
from converters, bullets of PDF converters. Not covered: Markdown code fences and nested quotes,
which stay as they stand.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from corpus.language import HAN
from corpus.reading.assemble import Item
from corpus.reading.structure import (
    BULLET,
    CAPTION,
    ENUMERATOR,
    FRONT_LINE,
    NOTE,
    TERMINAL,
    display_columns,
    heading_level,
    looks_like_heading,
)
from corpus.reading.traced import Traced
from corpus.schema import BlockKind

_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_FENCE = re.compile(r"^\s*(?:```|~~~)[\w+-]*\s*$")
_UNDERLINE = re.compile(r"^(?:=+|-{3,})\s*$")  # below a heading
_FOOTNOTE = re.compile(r"^\[\^[^\]\s]{1,20}\]:\s+")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,20}\]")
_PIPE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_PIPE_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*\|?\s*$")
_TEMPLATE_TAG = re.compile(r"\[Table_\w+\]")

_EMPHASIS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_LIST_ITEM_BREAK = re.compile(r"</li>\s*<li>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:[a-z][a-z0-9]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_LINK_START = re.compile(r"!?\[(?=[^\[\]]*\]\([^()\s]*\))")
_LINK_END = re.compile(r"(?<=[^\[\]])\]\((?:#|https?:|mailto:|[\w./-])?[^()\s]*\)")
_AUTOLINK = re.compile(r"<(?=https?://[^\s<>]+>)|(?<=[\w/])>(?![\w=])")
_ESCAPE = re.compile(r"\\(?=[$*_#\[\]()~`>+.!-])")
_MATH = re.compile(r"(?<![\\\w$])\$([A-Za-z_\\{][^$\n]{0,60}?)\$(?![\d$])")
# One space between two ideographs is a converter's artefact (绘 画); more than one is a layout gap.
_HAN_GAP = re.compile(rf"(?<=[{HAN}])[ \u3000](?=[{HAN}])")
_SPACES = re.compile(r"(?<=\S)[ \u00a0\u3000]{2,}(?=\S)")
_BOLD_LINE = re.compile(r"^\*\*(?!\*)(?:(?!\*\*).)+\*\*[\s：:]*$")

# Two figures stand side by side: their captions or notes share a line.
_SIDE_BY_SIDE = re.compile(r"(?<=\S)\s+(?=(?:数据来源|资料来源)[:：]|(?:图|表|图表)\s*\d+\s*[:：])")
# A line that goes on is nearly full; a paragraph's last line is mostly shorter.
_FULL_SHARE = 0.8
# Below this a whole paragraph may be a label or a heading, so it is not joined to the next.
_MIN_CONTINUED_COLUMNS = 60
_ORPHAN_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class _Line:
    kind: BlockKind
    text: Traced
    level: int = 0
    rows: tuple[tuple[Traced, ...], ...] = ()
    after_gap: bool = False  # a blank line stands before it
    starts: bool = False  # a bullet, enumerator or heading mark opens it


def read_items(decoded: str) -> list[Item]:
    """Cut a decoded text or Markdown file into items in reading order."""
    lines = list(_join_table_rows(_classify(decoded)))
    has_markup = any(line.level for line in lines)
    wrap_columns = _wrap_columns(lines)
    joined = _join_wrapped(lines, wrap_columns)
    return [
        Item(kind=line.kind, text=line.text, level=line.level, rows=line.rows)
        for line in _find_plain_headings(joined, has_markup=has_markup)
    ]


def clean(text: Traced) -> Traced:
    """Take the markup out of a piece of text and close the gaps that converters leave."""
    text = text.replace(_LIST_ITEM_BREAK, added="；")
    text = text.replace(_TAG)
    if "<http" in text.text:
        text = text.replace(_AUTOLINK)
    text = _without_math_signs(text)
    for pattern in (_FOOTNOTE_MARK, _EMPHASIS, _LINK_START, _LINK_END, _ESCAPE, _HAN_GAP):
        text = text.replace(pattern)
    return text.replace(_SPACES, added=" ").strip()


def _without_math_signs(text: Traced) -> Traced:
    """Drop the pair of dollar signs around a formula; the one of US$ has no partner."""
    pieces = []
    last = 0
    for match in _MATH.finditer(text.text):
        pieces += [text[last : match.start()], text[match.start(1) : match.end(1)]]
        last = match.end()
    return Traced.join([*pieces, text[last:]]) if pieces else text


def _classify(decoded: str) -> Iterator[_Line]:
    offset = 0
    after_gap = False
    held: _Line | None = None  # a line alone below a gap: an underline makes it a heading
    for raw in decoded.split("\n"):
        piece = Traced.of(raw, offset)
        offset += len(raw) + 1
        if held and _UNDERLINE.match(raw) and looks_like_heading(held.text.text):
            level = 1 if raw.startswith("=") else 2
            yield replace(held, kind=BlockKind.HEADING, level=level, starts=True)
            held, after_gap = None, True
            continue
        if held:
            yield held
            held = None
        if _PIPE_RULE.match(raw) or _FENCE.match(raw):
            continue  # between the header and the rows of one Markdown table; around code
        if not raw.strip(" \u3000\xa0\t\f\v") or _RULE.match(raw):
            after_gap = True
            continue
        lines = list(_classify_line(piece.replace(_TEMPLATE_TAG)))
        for line in lines:
            placed = replace(line, after_gap=after_gap)
            is_alone = len(lines) == 1 and (after_gap or offset == len(raw) + 1)
            if is_alone and line.kind is BlockKind.PARAGRAPH:
                held = placed
            else:
                yield placed
            after_gap = False
    if held:
        yield held


def _classify_line(piece: Traced) -> Iterator[_Line]:
    raw = piece.text
    if _PIPE_ROW.match(raw):
        stripped = piece.strip()[1:-1]
        cells = tuple(clean(cell) for cell in stripped.split("|"))
        if any(cells):
            yield _Line(BlockKind.TABLE, Traced("", ()), rows=(cells,))
        return
    if "\t" in raw.strip(" ") and raw.strip():
        cells = tuple(clean(cell) for cell in piece.split("\t"))
        if len(cells) > 1 and any(cells):
            yield _Line(BlockKind.TABLE, Traced("", ()), rows=(cells,))
            return
    if match := _FOOTNOTE.match(raw):
        yield _Line(BlockKind.NOTE, clean(piece[match.end() :]), starts=True)
        return
    if match := _MARKDOWN_HEADING.match(raw):
        text = clean(piece[match.end() :])
        if bullet := BULLET.match(text.text):
            text = text[bullet.end() :].strip()
        if text:
            yield _Line(BlockKind.HEADING, text, level=len(match[1]), starts=True)
        return
    yield from _classify_prose(piece)


def _classify_prose(piece: Traced) -> Iterator[_Line]:
    stripped = piece.strip()
    starts = False
    while bullet := BULLET.match(stripped.text):
        stripped, starts = stripped[bullet.end() :].strip(), True
    whole_bold = bool(_BOLD_LINE.match(stripped.text))
    text = clean(stripped)
    if not text:
        return
    if whole_bold and looks_like_heading(text.text):
        # Deeper than any marked heading: it heads a few paragraphs inside a section.
        yield _Line(BlockKind.HEADING, text, level=6, starts=True)
        return
    for part in _split_side_by_side(text):
        if CAPTION.match(part.text):
            yield _Line(BlockKind.CAPTION, part, starts=True)
        elif NOTE.match(part.text):
            yield _Line(BlockKind.NOTE, part, starts=True)
        elif starts or ENUMERATOR.match(part.text):
            yield _Line(BlockKind.LIST_ITEM, part, starts=True)
        else:
            yield _Line(BlockKind.PARAGRAPH, part)


def _split_side_by_side(text: Traced) -> list[Traced]:
    if not (CAPTION.match(text.text) or NOTE.match(text.text)):
        return [text]
    cuts = [match.end() for match in _SIDE_BY_SIDE.finditer(text.text)]
    bounds = [0, *cuts, len(text.text)]
    return [text[start:end].strip() for start, end in itertools.pairwise(bounds)]


def _join_table_rows(lines: Iterator[_Line]) -> Iterator[_Line]:
    """Make one table of rows that stand under each other, without a gap, in similar widths."""
    table: _Line | None = None
    for line in lines:
        if line.rows and table and not line.after_gap:
            table = replace(table, rows=table.rows + line.rows)
            continue
        if table:
            yield table
        table = line if line.rows else None
        if not line.rows:
            yield line
    if table:
        yield table


def _wrap_columns(lines: Sequence[_Line]) -> int:
    """Estimate at how many columns lines were hard-wrapped; 0 when they were not.

    Hard-wrapped prose has many lines of nearly one width that stop in mid-sentence.
    """
    prose = [line for line in lines if line.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)]
    open_widths = [
        display_columns(line.text.text)
        for line in prose
        if line.text.text[-1] not in TERMINAL and display_columns(line.text.text) >= 40
    ]
    if len(open_widths) < 5 or len(open_widths) < 0.3 * len(prose):
        return 0
    middle = median(open_widths)
    near = sum(abs(width - middle) <= 0.2 * middle for width in open_widths)
    return int(middle) if near >= 0.6 * len(open_widths) else 0


def _join_wrapped(lines: Sequence[_Line], wrap_columns: int) -> list[_Line]:
    joined: list[_Line] = []
    last_width = 0  # of the last physical line of joined[-1]
    for line in lines:
        if joined and _goes_on(joined[-1], last_width, line, wrap_columns):
            joined[-1] = replace(joined[-1], text=_join_text(joined[-1].text, line.text))
        else:
            joined.append(line)
        last_width = display_columns(line.text.text)
    return joined


def _goes_on(previous: _Line, last_width: int, line: _Line, wrap_columns: int) -> bool:
    """Say whether a line continues the block before it."""
    if line.starts or line.rows or previous.rows or line.kind is not BlockKind.PARAGRAPH:
        return False
    if previous.kind is BlockKind.HEADING and previous.level:
        return False
    text = previous.text.text
    if not wrap_columns:
        # Not hard-wrapped: only a paragraph that a page break cut in mid-sentence goes on.
        is_open = re.search(rf"[{HAN}a-z，,、]$", text) and re.match(rf"[{HAN}a-z]", line.text.text)
        return bool(
            is_open
            and display_columns(text) >= _MIN_CONTINUED_COLUMNS
            and display_columns(line.text.text) >= _MIN_CONTINUED_COLUMNS
            and previous.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
            and previous.text.text.count("：") <= text.count("。") + 1
        )
    is_orphan = display_columns(line.text.text) <= _ORPHAN_COLUMNS and text[-1] not in TERMINAL
    if is_orphan and last_width > 5 * _ORPHAN_COLUMNS:
        return True
    if previous.kind in (BlockKind.CAPTION, BlockKind.NOTE):
        return False
    return last_width >= _FULL_SHARE * wrap_columns and (
        text[-1] not in TERMINAL or last_width >= wrap_columns
    )


def _join_text(left: Traced, right: Traced) -> Traced:
    """Join two lines: with a space between Latin letters or digits, without one around Chinese."""
    space = left.text[-1].isascii() and right.text[0].isascii() and left.text[-1] not in "-("
    return Traced.join([left, Traced.added(" "), right] if space else [left, right])


def _find_plain_headings(lines: Sequence[_Line], *, has_markup: bool) -> list[_Line]:
    """Find headings that nothing marks: a short line alone before prose, a list or a heading.

    Where the file marks its headings, only the ones with a number are looked for, so that the
    legends of figures do not become sections.
    """
    found: list[_Line] = []
    for line in reversed(lines):
        following = found[-1] if found else None
        if line.kind is BlockKind.HEADING and FRONT_LINE.match(line.text.text):
            line = replace(line, kind=BlockKind.PARAGRAPH, level=0)
        elif _is_plain_heading(line, following):
            numbered = heading_level(line.text.text) is not None
            if numbered or not has_markup:
                line = replace(line, kind=BlockKind.HEADING, level=0 if numbered else 5)
        found.append(line)
    return found[::-1]


def _is_plain_heading(line: _Line, following: _Line | None) -> bool:
    text = line.text.text
    if line.kind is not BlockKind.PARAGRAPH or line.starts or following is None:
        return False
    if not looks_like_heading(text) or FRONT_LINE.match(text):
        return False
    leads_prose = following.kind is BlockKind.PARAGRAPH and following.text.text[-1] in TERMINAL
    return (
        leads_prose
        or text.endswith(("：", ":"))
        or following.kind in (BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.TABLE)
    )
