"""Blocks of a marked-up file as a reader collects them, hidden text set apart, and the document.

Shared by the Word and the web page reader. Neither kind has pages or offsets into the file, so
blocks have no page and text no origins.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from corpus.loaders import document_from_items
from corpus.reading.assemble import Item
from corpus.reading.structure import BULLET, CAPTION, NOTE
from corpus.reading.traced import Traced
from corpus.schema import BlockKind, Document, Skipped

SPACES = re.compile(r"\s+")
_QUOTED_CHARS = 80
_HARD_SPACES = "\xa0\u2002\u2003\u3000"
_SPACE_POINTS = 3.0


def _indents(names: Sequence[str]) -> tuple[float | None, ...]:
    """Return how far in names stand, where a file uses hard spaces for it; () where it does not."""
    depths = [len(name) - len(name.lstrip(_HARD_SPACES)) for name in names]
    if not any(depths):
        return ()
    return tuple(
        _SPACE_POINTS * depth if name.strip() else None
        for name, depth in zip(names, depths, strict=True)
    )


def small_number(value: str, otherwise: int) -> int:
    """Return the number that an attribute gives; `otherwise` for what is none, or is senseless.

    >>> small_number("12", 1), small_number("²", 1), small_number("9" * 5000, 1)
    (12, 1, 1)
    """
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else otherwise


@dataclass(slots=True)
class Collected:
    """What a reader has found so far: items in order, and hidden text."""

    items: list[Item] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Add a block; what its own words say it is wins over how it is marked."""
        text = SPACES.sub(" ", text).strip()
        if not text:
            return
        if CAPTION.match(text) and kind is BlockKind.PARAGRAPH and len(text) <= 120:
            kind = BlockKind.CAPTION
        elif NOTE.match(text) and kind is BlockKind.PARAGRAPH:
            kind = BlockKind.NOTE
        elif kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) and (match := BULLET.match(text)):
            kind, text = BlockKind.LIST_ITEM, text[match.end() :].strip() or text
        self.items.append(Item(kind, Traced.added(text), level=level))

    def add_table(
        self,
        rows: Sequence[Sequence[str]],
        header_rows: int | None = None,
        spanning: Collection[int] = (),
    ) -> None:
        """Add a table of at least one filled cell; `spanning` rows are one cell over all columns."""
        indents = _indents([row[0] if row else "" for row in rows])
        cells = [[SPACES.sub(" ", cell).strip() for cell in row] for row in rows]
        if any(any(row) for row in cells):
            traced = tuple(tuple(Traced.added(cell) for cell in row) for row in cells)
            self.items.append(
                Item(
                    BlockKind.TABLE,
                    rows=traced,
                    header_rows=header_rows,
                    is_grid=True,
                    indents=indents,
                    spanning=frozenset(spanning),
                )
            )

    def document(self, data: bytes, file_name: str) -> Document:
        """Build the document."""
        document = document_from_items(self.items, data=data, file_name=file_name)
        if not self.hidden:
            return document
        text = " ".join(self.hidden)
        quoted = f"“{text[:_QUOTED_CHARS]}{'…' if len(text) > _QUOTED_CHARS else ''}”"
        return replace(document, skipped=(Skipped("hidden text", f"不显示 / not shown: {quoted}"),))
