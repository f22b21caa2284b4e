"""What a table is called and in which unit it counts, from the lines around it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.reading.structure import TERMINAL, UNIT_LINE, looks_like_heading
from corpus.reading.tables import table_unit
from corpus.schema import Block, BlockKind, Table

_LINES_ABOVE = 4
_MAX_CONTEXT_CHARS = 200  # a longer line above a table is prose, not its title or unit
_MAX_TITLE_CHARS = 80
_MAX_LEAD_CHARS = 400  # of a sentence that ends in a colon


def with_table_context(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give tables the caption and unit printed above them, or else the caption below."""
    placed: list[Block] = []
    stand_below = _stand_below(text, blocks)
    for place, block in enumerate(blocks):
        if block.table:
            table = _in_context(block.table, text, blocks[max(0, place - _LINES_ABOVE) : place])
            below = blocks[place + 1 : place + 3]
            is_free = stand_below or len(below) < 2 or below[1].table is None
            own = "" if stand_below else block.table.caption
            if not own and below and _names_table(text, below[0]) and is_free:
                caption = text[below[0].start : below[0].end]
                table = replace(table, caption=caption, unit=table.unit or table_unit(caption))
            above = placed[-1].table if placed else None
            if above and not table.caption and len(above.rows[0]) == len(table.rows[0]):
                # The next period of the same statement, printed right under it.
                table = replace(table, caption=above.caption, unit=table.unit or above.unit)
            block = replace(block, table=table)
        placed.append(block)
    return tuple(placed)


def _stand_below(text: str, blocks: Sequence[Block]) -> bool:
    """Say whether this document prints the captions of tables below them, as papers do."""
    names = [place for place in range(1, len(blocks)) if _names_table(text, blocks[place])]
    after = [place + 1 < len(blocks) and blocks[place + 1].table is not None for place in names]
    before = [blocks[place - 1].table is not None for place in names]
    only_before = sum(b and not a for a, b in zip(after, before, strict=True))
    only_after = sum(a and not b for a, b in zip(after, before, strict=True))
    return only_before > only_after


def _names_table(text: str, block: Block) -> bool:
    named = text[block.start : block.start + 5].lower().startswith(("table", "表", "附表"))
    return block.kind is BlockKind.CAPTION and named


def _in_context(table: Table, text: str, before: Sequence[Block]) -> Table:
    caption, unit = table.caption, table.unit
    for block in reversed(before):
        line = text[block.start : block.end]
        if block.table:
            break
        leads_in = line.endswith((":", "：")) or block.kind is BlockKind.LIST_ITEM
        if len(line) > _MAX_CONTEXT_CHARS:
            # Of a long paragraph only its last sentence leads in to the table.
            line = _last_sentence(line) if leads_in else ""
            if not line or len(line) > _MAX_LEAD_CHARS:
                break
        unit = unit or table_unit(line)
        if UNIT_LINE.match(line) or _CHOICE.match(line):
            continue
        is_title = block.kind in (BlockKind.CAPTION, BlockKind.HEADING) or (
            block.kind is BlockKind.PARAGRAPH
            and (looks_like_heading(line) or (block is before[-1] and _is_named_so(line)))
        )
        if not caption and (is_title or (leads_in and line[-1] not in "。.;；")):
            caption = line
        if caption or line[-1] in TERMINAL:
            break
    return replace(table, caption=caption, unit=unit)


def _is_named_so(line: str) -> bool:
    """Say whether a short line right above a table has the capitals of a title: "Europe, and Africa (EMEA)"."""
    words = [word for word in re.findall(r"[A-Za-z][\w'’.-]*", line) if len(word) > 3]
    is_short = len(line) <= _MAX_TITLE_CHARS and line[-1] not in TERMINAL
    return is_short and bool(words) and all(word[0].isupper() for word in words)


_CHOICE = re.compile(r"[□√☑✓■☐\s]*(?:适用|不适用|是|否)[□√☑✓■☐\s适用不是否]*$")
"""A form's tick boxes between a heading and its table: √适用 □不适用."""
_SENTENCE_END = re.compile(r"[。！？]|[.!?](?=\s+[A-Z])")


def _last_sentence(text: str) -> str:
    ends = [match.end() for match in _SENTENCE_END.finditer(text[:-1])]
    return text[ends[-1] :].strip() if ends else text
