"""Traces of a document in files: pieces of it that nothing else holds, and where they are found."""

import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_PIECE_CHARS = 16
_PIECE_BYTES = 48
_MOST_PIECES = 400
_ENCODINGS = ("utf-8", "utf-16-le", "gb18030")


@dataclass(frozen=True, slots=True)
class Trace:
    """A piece of a document in a file."""

    path: Path
    kind: str  # of the piece: text, vector, file
    count: int  # different pieces of this kind that stand in the file


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is looked for, by kind; as bytes."""

    by_kind: dict[str, tuple[bytes, ...]]

    @property
    def number(self) -> int:
        """Count them."""
        return sum(len(pieces) for pieces in self.by_kind.values())

    def found_in(self, data: bytes | mmap.mmap) -> Iterator[tuple[str, int]]:
        """Yield the kinds of pieces that stand in data, with how many different ones."""
        for kind, pieces in self.by_kind.items():
            count = sum(data.find(piece) >= 0 for piece in pieces)
            if count:
                yield kind, count


def pieces_of(
    texts: Iterable[str], vectors: Iterable[bytes], source: bytes, others: Sequence[str]
) -> Pieces:
    """Cut a document into pieces to look for, without those that other documents hold as well.

    Args:
        texts: Of the document and its renderings.
        vectors: Of its chunks, as they are stored.
        source: The bytes of its file.
        others: The texts of all other documents.
    """
    known = "\n".join(others)
    wanted = [piece for text in texts for piece in _cut(text) if piece not in known]
    encoded = {form for piece in _sample(wanted) for form in _forms(piece)}
    files = [
        source[start : start + _PIECE_BYTES]
        for start in range(0, len(source) - _PIECE_BYTES + 1, _PIECE_BYTES)
    ]
    distinct = [piece for piece in files if len(set(piece)) > 12]  # no runs of spaces or zeros
    rows = [row[:_PIECE_BYTES] for row in vectors if any(row)]
    return Pieces(
        {
            "text": tuple(sorted(encoded)),
            "vector": tuple(_sample(rows)),
            "file": tuple(
                piece
                for piece in _sample(distinct)
                if piece.decode("utf-8", errors="ignore") not in known
            ),
        }
    )


def _cut(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        for start in range(0, len(line) - _PIECE_CHARS + 1, _PIECE_CHARS):
            piece = line[start : start + _PIECE_CHARS]
            if len(set(piece)) > 6:
                yield piece


def _sample(items: list[T]) -> list[T]:
    """Return at most `_MOST_PIECES` items, evenly spread."""
    step = max(1, -(-len(items) // _MOST_PIECES))
    return items[::step]


def _forms(piece: str) -> Iterator[bytes]:
    """Yield a piece as files may hold it: in the usual encodings, and escaped in JSON."""
    for encoding in _ENCODINGS:
        with suppress(UnicodeEncodeError):
            yield piece.encode(encoding)
    yield json.dumps(piece)[1:-1].encode()
    yield json.dumps(piece, ensure_ascii=False)[1:-1].encode()


def search_files(places: Iterable[Path], pieces: Pieces) -> tuple[list[Trace], int]:
    """Look for pieces in the raw bytes of all files below some folders.

    Returns:
        What was found, and how many files were read.
    """
    traces = []
    num_files = 0
    for path in sorted({file for place in places for file in _files(place)}):
        with suppress(FileNotFoundError), path.open("rb") as file:
            num_files += 1
            if path.stat().st_size == 0:
                continue
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                traces += [Trace(path, kind, count) for kind, count in pieces.found_in(data)]
    return traces, num_files


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    elif place.is_dir():
        yield from (path for path in place.rglob("*") if path.is_file() and not path.is_symlink())
