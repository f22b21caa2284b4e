"""The figure check: does a rendering say the same figures as its original, no more and no fewer?

Compared are the quantities of `corpus.quantities` (value, unit, scale, currency, percent, date,
code, hedge), the units that stand alone in captions and headers, and the digits of names and
numbering, each as often as it is printed. Not covered: figures that changed places within one
unit, words without a figure ("most", "doubled" on both sides), the currency of an order of
magnitude (数百万美元), and hedges before digits with a letter (about 970M).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.editions.figure_pairs import pair_figures, read_side
from corpus.schema import Block, Document, Rendering


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A unit whose rendering says other figures than the original, `document.text[start:end]`."""

    block: int  # ordinal of its block
    start: int
    end: int
    original: str
    rendering: str
    missing: tuple[str, ...]  # as printed in the original, in order; not in the rendering
    added: tuple[str, ...]  # as printed in the rendering, in order; not in the original

    def describe(self) -> str:
        """Return what is wrong in one line, for a report or for the writer of the rendering."""
        parts = []
        if self.missing:
            parts.append("not in the rendering: " + ", ".join(self.missing))
        if self.added:
            parts.append("not in the original: " + ", ".join(self.added))
        return "; ".join(parts)


def check_figures(
    document: Document, renderings: Iterable[Rendering]
) -> tuple[FigureDifference, ...]:
    """Return the renderings whose figures differ from their originals', in order."""
    blocks = iter(document.blocks)
    block = next(blocks, None)
    known: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {}
    differences = []
    for item in sorted(renderings, key=lambda item: item.start):
        while block is not None and block.end <= item.start:
            block = next(blocks, None)
        if block is None:
            break
        original = document.text[item.start : item.end]
        if original == item.text:
            continue
        key = (original, item.text)
        if key not in known:
            known[key] = compare_figures(original, item.text)
        missing, added = known[key]
        if missing and added and block.table is not None:
            context = _cell_context(document, block, item.start)
            missing, added = compare_figures(original, item.text, context=context)
        if missing or added:
            differences.append(
                FigureDifference(
                    block.ordinal, item.start, item.end, original, item.text, missing, added
                )
            )
    return tuple(differences)


def compare_figures(
    original: str, rendering: str, *, context: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (missing, added) of a rendering: figures as printed, in the order of their text.

    Args:
        original: The text of a unit.
        rendering: The same in the other language.
        context: Of a table's cell: caption and header of its column, one per line. The unit that
            they name may be printed with the figure in the rendering.

    >>> compare_figures("2020年市场规模达453亿元", "The market reached RMB 4.53 billion in 2020")
    (('453亿元',), ('RMB 4.53 billion',))
    """
    left, right = read_side(original), read_side(rendering)
    pair_figures(left, right, context)
    return (
        tuple(original[figure.start : figure.end] for figure in left.open),
        tuple(rendering[figure.start : figure.end] for figure in right.open),
    )


def _cell_context(document: Document, block: Block, start: int) -> str:
    """Return caption, unit and column headers of the cell that starts there, one per line."""
    table = block.table
    if table is None:
        return ""
    lines = [table.caption, table.unit]
    column = next(
        (n for row in table.rows for n, cell in enumerate(row) if cell.start == start < cell.end),
        None,
    )
    if column is not None:
        headers = (row[column] for row in table.rows[: table.header_rows] if column < len(row))
        lines += [document.cell_text(cell) for cell in headers if cell.start != start]
    return "\n".join(line for line in lines if line)
