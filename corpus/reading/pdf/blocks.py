"""A page's regions → blocks: paragraphs, headings, list items, captions, notes, tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from corpus.reading.pdf.characters import is_han
from corpus.reading.pdf.columns import Region
from corpus.reading.pdf.grids import GridTable
from corpus.reading.pdf.lines import Line, line_joint, merge_lines, usual_leading
from corpus.reading.pdf.marks import Rect, Ruling
from corpus.reading.pdf.unruled import find_unruled_tables
from corpus.reading.structure import (
    BULLET,
    CAPTION,
    ENUMERATOR,
    NOTE,
    TERMINAL,
    UNIT_LINE,
    display_columns,
    heading_level,
    is_contents_entry,
    looks_like_heading,
)
from corpus.schema import BlockKind, Role

_SAME_ROW = 0.3  # of the size
_PARAGRAPH_GAP = 1.4  # of the usual leading
_INDENT = 1.2  # of the size; Chinese paragraphs start two characters in
_LARGER = 1.12  # of the body's size: headings stand out by at least this
_SAME_SIZE = 0.08
_MAX_HEADING_LINES = 3
_FEW_LINES = 4  # so few do not show where a full line ends
_MAX_CAPTION_COLUMNS = 700
_MAX_BARE_CAPTION_COLUMNS = 100  # without a colon
_CHINESE_NUMBER = re.compile(
    r"第[一二三四五六七八九十百]{1,3}[章节部篇]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
)
_TICK_BOXES = "□✓☑"
_MAX_NUMBER_CHARS = 6  # of what a heading begins with: "B", "3.2.1"
_NAMED_NUMBER = re.compile(
    r"^(?:Item|Part|Section|Chapter|Note|Annex|Appendix)\s+(?:\d{1,2}[A-Z]?|[IVX]{1,4}|[A-Z])\s*[.:—–-]*\s+",
    re.I,
)


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block on one page. A table has `table`, everything else `lines`."""

    kind: BlockKind
    lines: tuple[Line, ...] = ()
    table: GridTable | None = None
    room: Rect = (0.0, 0.0, 0.0, 0.0)  # the region it stands in
    role: Role | None = None  # where the page shows it; None to judge by the words

    @property
    def size(self) -> float:
        """Of most of its letters, in points."""
        return median(line.size for line in self.lines) if self.lines else 0.0

    @property
    def text(self) -> str:
        """As it will read, for judging it."""
        return join_lines(self.lines)


def join_lines(lines: Sequence[Line]) -> str:
    """Join the lines of one block."""
    text = lines[0].text if lines else ""
    for line in lines[1:]:
        dropped, between = line_joint(text, line.text)
        text = text[: len(text) - dropped] + between + line.text
    return text


def region_blocks(region: Region, body: float, rulings: Sequence[Ruling] = ()) -> list[PageBlock]:
    """Cut a region into blocks, top to bottom.

    Args:
        region: Pieces that are read row by row.
        body: Size of the document's running text, in points.
        rulings: Horizontal lines of the page.
    """
    blocks: list[PageBlock] = []
    waiting: list[tuple[Line, ...]] = []
    for entry in _rows(region):
        if isinstance(entry, GridTable):
            blocks += _loose_blocks(waiting, region, body, rulings)
            waiting = []
            blocks.append(PageBlock(BlockKind.TABLE, table=entry, room=region.rect))
        else:
            waiting.append(entry)
    return blocks + _loose_blocks(waiting, region, body, rulings)


def _rows(region: Region) -> Iterator[tuple[Line, ...] | GridTable]:
    """Yield tables and rows of segments by their place, top to bottom."""
    row: list[Line] = []
    for piece in sorted(region.pieces, key=_height_of):
        content = piece.content
        if isinstance(content, GridTable):
            if row:
                yield tuple(sorted(row, key=lambda line: line.x0))
                row = []
            yield content
            continue
        if row and content.baseline - row[0].baseline > _SAME_ROW * min(content.size, row[0].size):
            yield tuple(sorted(row, key=lambda line: line.x0))
            row = []
        row.append(content)
    if row:
        yield tuple(sorted(row, key=lambda line: line.x0))


def _height_of(piece: object) -> tuple[float, float]:
    content = piece.content  # type: ignore[attr-defined]
    if isinstance(content, GridTable):
        return content.rect[1] + 5.0, content.rect[0]
    return content.baseline, content.x0


def _loose_blocks(
    rows: Sequence[tuple[Line, ...]], region: Region, body: float, rulings: Sequence[Ruling]
) -> list[PageBlock]:
    blocks: list[PageBlock] = []
    position = 0
    for found in find_unruled_tables(rows, rulings):
        lines = [merge_lines(row) for row in rows[position : found.first]]
        blocks += _text_blocks(lines, region, body)
        blocks.append(PageBlock(BlockKind.TABLE, table=found.table, room=region.rect))
        position = found.last + 1
    return blocks + _text_blocks([merge_lines(row) for row in rows[position:]], region, body)


def _text_blocks(lines: Sequence[Line], region: Region, body: float) -> list[PageBlock]:
    if not lines:
        return []
    room = region.rect
    leading = usual_leading(lines)
    right = _right_edge(region)
    groups: list[list[Line]] = [[lines[0]]]
    for index in range(1, len(lines)):
        left = min([line.x0 for line in lines[max(0, index - 5) : index + 6]])
        if _starts_block(groups[-1], lines[index], leading, (left, right), room):
            groups.append([lines[index]])
        else:
            groups[-1].append(lines[index])
    return [PageBlock(_kind(group, body), tuple(group), room=room) for group in groups]


def _right_edge(region: Region) -> float:
    """Return where full lines end: the furthest right that several lines reach."""
    lines = [piece.content for piece in region.pieces if isinstance(piece.content, Line)]
    ends = sorted((line.x1 for line in lines), reverse=True)
    if len(ends) < _FEW_LINES:
        return region.rect[2]
    for end in ends:
        if sum(abs(end - other) <= lines[0].size for other in ends) >= 2:
            return end
    return ends[0]


def _starts_block(
    block: Sequence[Line], line: Line, leading: float, edges: tuple[float, float], room: Rect
) -> bool:
    previous = block[-1]
    step = line.baseline - previous.baseline
    if step > max(_PARAGRAPH_GAP * leading, 1.15 * line.size):
        own_leading = usual_leading(block) or leading
        if step > 1.25 * own_leading:
            return True
    if not _share_size(line, previous) and not _is_fragment(line):
        return True
    if line.all_bold != previous.all_bold:
        return True
    if is_contents_entry(previous.text) or _is_marked(line.text) or UNIT_LINE.match(line.text):
        return True
    # A number at the start of a line may be the middle of a sentence: "14 CFR | 11.43 and 11.45".
    closed = previous.text[-1:] in TERMINAL or line.all_bold
    if closed and heading_level(line.text) is not None:
        return True
    if _is_centred(line, room) and _is_centred(previous, room):
        return False
    if line.all_bold and _hangs(block[0], line):
        return False
    return _ended(block, line, edges)


def _share_size(line: Line, previous: Line) -> bool:
    """Say whether two lines have a size in common; small capitals make a line of two sizes."""
    return abs(line.size - previous.size) <= _SAME_SIZE * previous.size or any(
        abs(word.size - other.size) <= _SAME_SIZE * other.size
        for word in line.words
        for other in previous.words[-3:]
    )


def _is_fragment(line: Line) -> bool:
    return len(line.text) <= 2


def _is_marked(text: str) -> bool:
    """Say whether a line's first characters start a block: bullet, number, caption, note."""
    return bool(
        is_bullet(text)
        or ENUMERATOR.match(text)
        or CAPTION.match(text)
        or NOTE.match(text)
        or _CHINESE_NUMBER.match(text)
    )


def is_bullet(text: str) -> bool:
    """Say whether a line starts with a bullet; a tick box is an answer, not a bullet."""
    return bool(BULLET.match(text)) and text[0] not in _TICK_BOXES


def _is_centred(line: Line, room: Rect) -> bool:
    left, right = line.x0 - room[0], room[2] - line.x1
    return left > 2 * line.size and right > 2 * line.size and abs(left - right) < 1.5 * line.size


def _hangs(first: Line, line: Line) -> bool:
    """Say whether a line goes on below the words after a number: the second line of a heading."""
    words = first.words
    return (
        len(words) > 1
        and len(words[0].text) <= _MAX_NUMBER_CHARS
        and line.x0 > first.x0 + line.size
        and abs(line.x0 - words[1].x0) <= 0.2 * line.size
    )


def _ended(block: Sequence[Line], line: Line, edges: tuple[float, float]) -> bool:
    """Say whether the block is over before `line`, judging by where its lines start and end."""
    left, right = edges
    previous = block[-1]
    first_word = line.words[0]
    needed = 0.0 if is_han(first_word.text[0]) else first_word.x1 - first_word.x0
    needed = max(2.0 * previous.size, needed + 0.4 * previous.size, 0.06 * (right - left))
    if right - previous.x1 > needed:
        return True
    is_numbered = _is_marked(block[0].text) or heading_level(block[0].text) is not None
    hanging = is_numbered and line.x0 > block[0].x0 - 1
    is_indented = line.x0 - left > _INDENT * line.size and not hanging
    if is_indented and (line.x0 - previous.x0 > line.size or previous.text[-1:] in TERMINAL):
        return True
    back = previous.x0 - line.x0 > line.size
    return back and len(block) >= 2 and abs(block[-2].x0 - previous.x0) < 1.0


def _kind(lines: Sequence[Line], body: float) -> BlockKind:
    text = join_lines(lines)
    columns = display_columns(text)
    if is_contents_entry(text) or UNIT_LINE.match(text):
        return BlockKind.PARAGRAPH
    if match := CAPTION.match(text):
        # "Table 2 compares …" is a sentence; "Table 2: …" is a caption, however long.
        is_marked = match[0].rstrip()[-1] in ":："
        is_short = columns <= _MAX_BARE_CAPTION_COLUMNS and text[-1] not in TERMINAL
        if is_short or (is_marked and columns <= _MAX_CAPTION_COLUMNS):
            return BlockKind.CAPTION
    if NOTE.match(text):
        return BlockKind.NOTE
    if _is_heading(lines, text, body):
        return BlockKind.HEADING
    if is_bullet(text) or ENUMERATOR.match(text):
        return BlockKind.LIST_ITEM
    return BlockKind.PARAGRAPH


def _is_heading(lines: Sequence[Line], text: str, body: float) -> bool:
    if len(lines) > _MAX_HEADING_LINES or text[-1] in "。；;，,、" or text[0] in _TICK_BOXES:
        return False
    size = median(line.size for line in lines)
    bold = all(line.all_bold for line in lines)
    numbered = heading_level(text) is not None
    columns = display_columns(text)
    if size >= _LARGER * body or (bold and size >= 0.95 * body):
        named = ENUMERATOR.sub("", text, count=1).lstrip(". ") if ENUMERATOR.match(text) else text
        named = _NAMED_NUMBER.sub("", named)
        return (numbered and columns <= 120) or looks_like_heading(named)
    return (
        numbered
        and len(lines) == 1
        and columns <= 60
        and text[-1] not in TERMINAL
        and not ENUMERATOR.match(text)
        and size >= 0.95 * body
    )
