"""A segment: the searches over the views of some documents. On disk it never changes.

Shelves grow by segments: a new document makes a small one, and small ones are merged
(`index.derived`), so that adding to a large shelf never touches what is there.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.chunks import split_chunk_id
from corpus.schema import Language
from index.arrays import Kinds, open_arrays, save_arrays
from index.dense import DenseIndex, build_dense, load_dense
from index.errors import IndexMismatch
from index.forward import (
    ForwardIndex,
    ForwardIndexBuilder,
    analyze_sentences,
    load_forward_index,
)
from index.inverted import InvertedIndex, build_inverted_index, load_inverted_index
from index.merging import NewRows, merge_forward, merge_lexical, merge_names
from index.names import NameIndex, build_name_index, load_name_index
from index.stored import StoredIndex

LANGUAGES = tuple(Language)
_MANIFEST_NAME = "manifest.json"
_ROWS: Kinds = {"bounds": np.int64, "ordinals": np.int32, "languages": np.uint8}
_AT_A_TIME = 64  # documents whose views are read together


@dataclass(frozen=True, eq=False)
class Segment:
    """The searches over the same rows. Rows are views, by document, then by chunk and language."""

    documents: tuple[str, ...]  # versions, in the order of their rows
    bounds: npt.NDArray[np.int64]  # first row of each document, and the end
    ordinals: npt.NDArray[np.int32]  # of each row: its chunk in the document
    languages: npt.NDArray[np.uint8]  # of each row: its place in `LANGUAGES`
    lexical: InvertedIndex
    forward: ForwardIndex
    names: NameIndex
    dense: DenseIndex

    @property
    def num_rows(self) -> int:
        """Return how many views it covers."""
        return len(self.ordinals)

    @property
    def name(self) -> str:
        """Return what its folder is called: a hash of its documents."""
        return hashlib.sha256("\n".join(self.documents).encode()).hexdigest()[:16]


def build_segment(store: StoredIndex, documents: Mapping[str, str], *, dim: int) -> Segment:
    """Make a segment of stored documents, given as doc_id → version, in their order."""
    sizes: list[int] = []
    ordinals: list[int] = []
    languages: list[int] = []
    texts: list[str] = []
    vectors = []
    for doc_ids in _batches(documents):
        views, matrix = store.views(dim=dim, documents=doc_ids)
        counts = dict.fromkeys(doc_ids, 0)
        for view in views:
            doc_id, ordinal = split_chunk_id(view.chunk_id)
            counts[doc_id] += 1
            ordinals.append(ordinal)
            languages.append(LANGUAGES.index(view.language))
            texts.append(view.text)
        sizes += counts.values()
        vectors.append(matrix)
    forward = ForwardIndexBuilder()
    lexical = build_inverted_index(_analyzed(texts, forward))
    return Segment(
        documents=tuple(documents.values()),
        bounds=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]),
        ordinals=np.array(ordinals, dtype=np.int32),
        languages=np.array(languages, dtype=np.uint8),
        lexical=lexical,
        forward=forward.build(),
        names=build_name_index(texts),
        dense=build_dense(np.concatenate([np.zeros((0, dim), np.float32), *vectors])),
    )


def _analyzed(texts: Iterable[str], forward: ForwardIndexBuilder) -> Iterator[list[str]]:
    """Yield the terms of each text, and add them to a forward index on the way.

    Terms as strings take far more memory than either index: those of one text are held at a time.
    """
    for text in texts:
        sentences = analyze_sentences(text)
        forward.add(sentences)
        yield list(chain.from_iterable(sentences))


def _batches(documents: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(documents)
    while batch := list(islice(rest, _AT_A_TIME)):
        yield batch


def merge_segments(parts: Sequence[Segment], documents: Sequence[str]) -> Segment:
    """Make a segment of documents, given by version in their order, that the parts hold."""
    place = {version: number for number, version in enumerate(documents)}
    held = [[place.get(version, -1) for version in part.documents] for part in parts]
    sizes = np.zeros(len(documents), dtype=np.int64)
    for part, places in zip(parts, held, strict=True):
        wanted = np.array(places, dtype=np.int64)
        sizes[wanted[wanted >= 0]] = np.diff(part.bounds)[wanted >= 0]
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    moved = [_new_rows(part, places, bounds) for part, places in zip(parts, held, strict=True)]
    num_rows = int(bounds[-1])
    pairs = list(zip(parts, moved, strict=True))
    return Segment(
        documents=tuple(documents),
        bounds=bounds,
        ordinals=_gathered([(part.ordinals, rows) for part, rows in pairs], num_rows),
        languages=_gathered([(part.languages, rows) for part, rows in pairs], num_rows),
        lexical=merge_lexical([(part.lexical, rows) for part, rows in pairs], num_rows),
        forward=merge_forward([(part.forward, rows) for part, rows in pairs], num_rows),
        names=merge_names([(part.names, rows) for part, rows in pairs], num_rows),
        dense=build_dense(
            _gathered([(part.dense.vectors, rows) for part, rows in pairs], num_rows)
        ),
    )


def _new_rows(part: Segment, places: Sequence[int], bounds: npt.NDArray[np.int64]) -> NewRows:
    """Return the new row of every row of a part, whose documents go to these places."""
    owner = np.repeat(np.arange(len(part.documents)), np.diff(part.bounds))
    place = np.array(places, dtype=np.int64)[owner]
    rows = bounds[place] + np.arange(part.num_rows) - part.bounds[owner]
    return np.where(place >= 0, rows, -1)


def _gathered(parts: Sequence[tuple[np.ndarray, NewRows]], num_rows: int) -> np.ndarray:
    first = parts[0][0]
    whole = np.zeros((num_rows, *first.shape[1:]), dtype=first.dtype)
    for values, rows in parts:
        whole[rows[rows >= 0]] = values[rows >= 0]
    return whole


def save_segment(segment: Segment, parent: Path, identity: Mapping[str, int]) -> Path:
    """Write a segment into a folder of its own below `parent`, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    parent.mkdir(parents=True, exist_ok=True)
    folder = parent / segment.name
    with tempfile.TemporaryDirectory(dir=parent, prefix=".making-") as name:
        making = Path(name) / "files"
        making.mkdir()
        segment.lexical.save(making)
        segment.forward.save(making)
        segment.names.save(making)
        segment.dense.save(making)
        save_arrays(making, "rows", segment, _ROWS)
        files = {path.name: _sha256(path) for path in sorted(making.iterdir())}
        manifest = {**identity, "documents": segment.documents, "files": files}
        (making / _MANIFEST_NAME).write_text(json.dumps(manifest), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        making.rename(folder)
    return folder


def documents_of(folder: Path, identity: Mapping[str, int]) -> tuple[str, ...]:
    """Return which documents the segment in a folder covers; () if it is none of this identity."""
    try:
        manifest = json.loads((folder / _MANIFEST_NAME).read_text(encoding="utf-8"))
        if any(manifest[key] != value for key, value in identity.items()):
            return ()
        return tuple(str(version) for version in manifest["documents"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def load_segment(folder: Path) -> Segment:
    """Open a segment, memory-mapped.

    Raises:
        IndexMismatch: A file is damaged, or they do not belong together.
        OSError, ValueError, RuntimeError, KeyError, TypeError: A file is missing or damaged.
    """
    manifest = json.loads((folder / _MANIFEST_NAME).read_text(encoding="utf-8"))
    # A file that nobody vouches for is not opened.
    if manifest["files"].keys() != {path.name for path in folder.iterdir()} - {_MANIFEST_NAME}:
        raise IndexMismatch(f"{folder} holds other files than its manifest names")
    for name, expected in manifest["files"].items():
        if _sha256_of(folder / name) != expected:
            raise IndexMismatch(f"{folder / name} is damaged: its checksum differs")
    segment = Segment(
        documents=tuple(manifest["documents"]),
        lexical=load_inverted_index(folder),
        forward=load_forward_index(folder),
        names=load_name_index(folder),
        dense=load_dense(folder),
        **open_arrays(folder, "rows", _ROWS),
    )
    counts = {
        segment.num_rows,
        len(segment.languages),
        segment.lexical.num_documents,
        segment.forward.num_documents,
        segment.names.num_texts,
        len(segment.dense.vectors),
        int(segment.bounds[-1]),
    }
    if len(counts) > 1 or len(segment.bounds) != len(segment.documents) + 1:
        raise IndexMismatch(f"{folder}: its files hold different numbers of rows")
    return segment


def _sha256_of(path: Path) -> str:
    """Return the checksum of a file; of one that has not been written since, it is known."""
    status = path.stat()
    return _sha256(path, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=4096)
def _sha256(path: Path, *_: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
