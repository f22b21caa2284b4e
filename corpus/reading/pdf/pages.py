"""One page's marks → its blocks in reading order."""

from collections.abc import Sequence

from corpus.reading.pdf.blocks import PageBlock, region_blocks
from corpus.reading.pdf.charts import find_charts
from corpus.reading.pdf.columns import Piece, order_regions
from corpus.reading.pdf.grids import GridTable
from corpus.reading.pdf.lines import Line, group_rows, split_row
from corpus.reading.pdf.marks import Direction, PageMarks, Ruling, Word
from corpus.schema import BlockKind, Role

_STACK_STEP = 1.6  # of the size: letters of a stacked line stand no further apart
_MIN_STACK = 4  # letters


def page_blocks(
    page: PageMarks, tables: Sequence[GridTable], words: Sequence[Word], body: float
) -> list[PageBlock]:
    """Put a page's tables and words into blocks.

    Args:
        page: The marks, for rulings and sideways text.
        tables: Ruled tables found on the page.
        words: Words outside those tables and outside headers and footers.
        body: Size of the document's running text, in points.
    """
    words, stacked = _take_stacks(words)
    segments = _segments(words, page.verticals)
    charts = find_charts(page, tables, segments, body)
    labels = {id(line) for chart in charts for line in chart.labels}
    segments = [line for line in segments if id(line) not in labels]
    pieces = [Piece(line.rect, line) for line in segments]
    pieces += [Piece(table.rect, table) for table in tables]
    blocks: list[PageBlock] = []
    for region in order_regions(pieces):
        blocks += region_blocks(region, body, page.horizontals)
    blocks += [
        PageBlock(BlockKind.PARAGRAPH, chart.labels, room=chart.rect, role=Role.FIGURE)
        for chart in charts
    ]
    return blocks + side_notes(page, stacked)


def _segments(words: Sequence[Word], verticals: Sequence[Ruling]) -> list[Line]:
    segments: list[Line] = []
    for row in group_rows(words):
        height = row[0].baseline - 0.3 * row[0].size
        walls = [wall.at for wall in verticals if wall.start <= height <= wall.end]
        segments += split_row(row, walls)
    return segments


def _take_stacks(words: Sequence[Word]) -> tuple[list[Word], list[list[Word]]]:
    """Set apart upright letters that stand one below the other: text written downwards.

    Returns:
        The other words, and each stack from top to bottom.
    """
    singles = sorted(
        (word for word in words if len(word.text) == 1 and word.text.isalpha()),
        key=lambda word: (round(word.x0), word.baseline),
    )
    stacks: list[list[Word]] = []
    for word in singles:
        last = stacks[-1][-1] if stacks else None
        if (
            last
            and abs(word.x0 - last.x0) <= 0.25 * word.size
            and 0.8 * word.size <= word.baseline - last.baseline <= _STACK_STEP * word.size
        ):
            stacks[-1].append(word)
        else:
            stacks.append([word])
    stacks = [stack for stack in stacks if len(stack) >= _MIN_STACK and _is_alone(stack, words)]
    taken = {id(word) for stack in stacks for word in stack}
    return [word for word in words if id(word) not in taken], stacks


def _is_alone(stack: Sequence[Word], words: Sequence[Word]) -> bool:
    """Say whether nothing stands close beside a stack, as it would beside a narrow column."""
    inside = {id(word) for word in stack}
    size = stack[0].size
    beside = sum(
        id(word) not in inside
        and stack[0].top <= word.baseline <= stack[-1].bottom
        and word.x1 > stack[0].x0 - size
        and word.x0 < stack[0].x1 + size
        for word in words
    )
    return beside <= len(stack) // 4


def side_notes(page: PageMarks, stacked: Sequence[Sequence[Word]]) -> list[PageBlock]:
    """Return text that runs up, down or in stacked letters, each as a block of its own."""
    blocks: list[PageBlock] = []
    for direction in (Direction.UP, Direction.DOWN):
        words = [word for way, word in page.sideways if way is direction]
        for row in group_rows(words):
            for line in split_row(row):
                shown = Line(tuple(_shown(word, direction) for word in line.words))
                blocks.append(PageBlock(BlockKind.NOTE, (shown,), role=Role.BOILERPLATE))
    for stack in stacked:
        text = "".join(word.text for word in stack)
        word = stack[0]._replace(
            text=text,
            x1=max(word.x1 for word in stack),
            bottom=stack[-1].bottom,
        )
        blocks.append(PageBlock(BlockKind.NOTE, (Line((word,)),), role=Role.BOILERPLATE))
    return blocks


def _shown(word: Word, direction: Direction) -> Word:
    """Give a word that was read along its own direction its box on the page."""
    if direction is Direction.UP:  # x runs against the page's y
        return word._replace(x0=word.top, top=-word.x1, x1=word.bottom, bottom=-word.x0)
    return word._replace(x0=-word.bottom, top=word.x0, x1=-word.top, bottom=word.x1)
