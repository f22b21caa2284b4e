"""What the searches need, derived from the store: FAISS, the inverted index, the index of names.

A cache: segments lie in `derived/` beside the store, with the checksum of every file; what is
missing, damaged or of another version is made anew from the store. A new generation takes the
segments that cover its documents, and makes one for the rest. Never the only copy of anything.
"""

import contextlib
import shutil
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import AssistantError
from index.dense import Dense
from index.errors import IndexMismatch
from index.lexical import Alive, Lexical
from index.names import Names
from index.processes import num_cores, start_pool, submit
from index.rescoring import Sentences
from index.segment import (
    Segment,
    build_segment,
    documents_of,
    load_segment,
    merge_segments,
    save_segment,
)
from index.store import open_store
from index.stored import StoredIndex
from index.terms import ANALYZER_VERSION

if TYPE_CHECKING:
    from concurrent.futures import Future

DERIVED_VERSION = 5
"""Of the files of a segment; a segment of another version is made anew."""

MOST_ROWS = 1 << 16
"""Views of a segment, unless one document has more. The arrays of a search then fit into the
processor's cache, and making a segment takes seconds and some hundred megabytes."""

_FEW_ROWS = 2_000  # segments of fewer rows are always merged: it costs nothing
_GROWTH = 2  # a segment is merged with one of up to so many times its rows
_MOST_GONE = 0.25  # share of rows of documents that have left the shelf, above which one is redone
_ABANDONED_S = 3600.0  # after which a half-written folder belongs to no process any more


@dataclass(frozen=True, eq=False)
class Part:
    """A segment, and which of its documents are looked for in it: the others have left the shelf."""

    segment: Segment
    live: frozenset[str]  # versions

    @property
    def alive(self) -> Alive | None:
        """Say which rows count; None is all of them."""
        alive = np.array([version in self.live for version in self.segment.documents], dtype=bool)
        return None if alive.all() else np.repeat(alive, np.diff(self.segment.bounds))

    @property
    def num_live(self) -> int:
        """Return how many rows count."""
        alive = self.alive
        return self.segment.num_rows if alive is None else int(alive.sum())


class Derived:
    """The searches over all segments; rows are numbered on, segment by segment.

    Rows of documents that have left the shelf since a segment was made are never found.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        """Take segments that cover every document of the shelf once."""
        self.parts = tuple(parts)
        segments = [part.segment for part in parts]
        self.alive = [part.alive for part in parts]
        self.lexical = Lexical([segment.lexical for segment in segments], self.alive)
        self.sentences = Sentences([segment.forward for segment in segments])
        self.names = Names([segment.names for segment in segments], self.alive)
        self.dense = Dense([segment.dense for segment in segments], self.alive)


def load_derived(index_dir: Path, store: StoredIndex, *, dim: int) -> Derived:
    """Open the segments that cover a store's documents; make those that are missing.

    A folder that cannot be written is no error: what was made is used from memory.

    Raises:
        IndexMismatch: The vectors in the store have another width.
    """
    identity = {"version": DERIVED_VERSION, "analyzer": ANALYZER_VERSION, "dim": dim}
    return Derived(_Shelf(index_dir / "derived", store, identity).parts())


class _Shelf:
    """The segments in a folder, brought in line with a store."""

    def __init__(self, folder: Path, store: StoredIndex, identity: Mapping[str, int]) -> None:
        self._folder = folder
        self._store = store
        self._identity = identity
        self._documents = store.versions()

    def parts(self) -> list[Part]:
        parts = self._found()
        covered = frozenset[str]().union(*(part.live for part in parts))
        fresh = {
            doc_id: version for doc_id, version in self._documents.items() if version not in covered
        }
        made = self._made(fresh)
        kept, again = _to_merge(parts, made)
        if again:
            kept += [self._kept(segment) for segment in self._merged(again)]
        if made or again:
            self._clean({part.segment.name for part in kept})
        if not kept:  # an empty shelf
            kept = [self._made_here({})]
        return kept

    def _found(self) -> list[Part]:
        """Open segments, the largest first, until the documents are covered as far as they can be."""
        missing = set(self._documents.values())
        covers: dict[Path, Collection[str]] = {}
        with contextlib.suppress(OSError):
            covers = {
                path: missing.intersection(documents_of(path, self._identity))
                for path in sorted(self._folder.iterdir())
            }
        parts = []
        for path in sorted(covers, key=lambda path: -len(covers[path])):
            live = missing.intersection(covers[path])
            if live:
                with contextlib.suppress(*_DAMAGE):
                    parts.append(Part(load_segment(path), frozenset(live)))
                    missing -= live
        return parts

    def _made(self, fresh: Mapping[str, str]) -> list[Part]:
        """Make segments of documents that none covers, none with more rows than are allowed."""
        sizes = {doc_id: self._store.num_views(doc_id) for doc_id in fresh}
        runs = [{doc_id: fresh[doc_id] for doc_id in run} for run in _cut(sizes)]
        workers = min(num_cores(), len(runs))
        if workers < 2:
            return [self._made_here(run) for run in runs]
        with start_pool(workers) as pool:
            folder = self._folder.parent
            futures = [submit(pool, _make_segment, folder, run, self._identity) for run in runs]
            return [self._taken(future, run) for future, run in zip(futures, runs, strict=True)]

    def _taken(self, future: "Future[Path]", documents: Mapping[str, str]) -> Part:
        """Open what another process has made; where it could not, make it here."""
        # A pool whose process was killed is a RuntimeError.
        with contextlib.suppress(AssistantError, *_DAMAGE):
            return Part(load_segment(future.result()), frozenset(documents.values()))
        return self._made_here(documents)

    def _made_here(self, documents: Mapping[str, str]) -> Part:
        return self._kept(build_segment(self._store, documents, dim=self._identity["dim"]))

    def _merged(self, parts: Sequence[Part]) -> Iterator[Segment]:
        """Put segments together without what has left the shelf; documents in the order of ids."""
        sizes: dict[str, int] = {}
        for part in parts:
            rows = np.diff(part.segment.bounds).tolist()
            sizes |= dict(zip(part.segment.documents, rows, strict=True))
        live = frozenset[str]().union(*(part.live for part in parts))
        ordered = {v: sizes[v] for v in self._documents.values() if v in live}
        for versions in _cut(ordered):
            wanted = frozenset(versions)
            holders = [part.segment for part in parts if not wanted.isdisjoint(part.live)]
            yield merge_segments(holders, versions)

    def _kept(self, segment: Segment) -> Part:
        """Write a segment and open it again from there, so that it need not stay in memory."""
        with contextlib.suppress(*_DAMAGE):
            segment = load_segment(save_segment(segment, self._folder, self._identity))
        return Part(segment, frozenset(segment.documents))

    def _clean(self, used: Collection[str]) -> None:
        """Delete segments that are not used; whoever has them open keeps them."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                is_half = path.name.startswith(".")
                if is_half and time.time() - path.stat().st_mtime < _ABANDONED_S:
                    continue
                if path.name not in used:
                    shutil.rmtree(path, ignore_errors=True)


_DAMAGE = (IndexMismatch, OSError, ValueError, RuntimeError, KeyError, TypeError)


def _make_segment(
    index_dir: Path, documents: Mapping[str, str], identity: Mapping[str, int]
) -> Path:
    """Make and write a segment, in a process of its own; return its folder.

    Raises:
        IndexMismatch: The store has other versions of the documents by now.
        OSError: It cannot be written.
    """
    with closing(open_store(index_dir)) as store:
        store.hold()
        versions = store.versions()
        if any(versions.get(doc_id) != version for doc_id, version in documents.items()):
            raise IndexMismatch(f"{index_dir} has changed while its searches were made")
        segment = build_segment(store, documents, dim=identity["dim"])
    return save_segment(segment, index_dir / "derived", identity)


def _to_merge(parts: Sequence[Part], made: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Return which segments stay as they are, and which are put together.

    As in a log-structured merge tree a segment grows by at least half whenever its rows are written
    again, so each row is written as often as the logarithm of the shelf's size.
    """
    thin = [part for part in parts if part.num_live < (1 - _MOST_GONE) * part.segment.num_rows]
    rest = sorted((part for part in parts if part not in thin), key=lambda part: part.num_live)
    full = [part for part in made if part.segment.num_rows > MOST_ROWS // 2]
    again = thin + [part for part in made if part not in full]
    if not again:
        return [*parts, *made], []
    num_rows = sum(part.num_live for part in again)
    while rest:
        size = rest[0].num_live
        if num_rows + size > MOST_ROWS or size > max(_FEW_ROWS, _GROWTH * num_rows):
            break
        num_rows += size
        again.append(rest.pop(0))
    if len(again) == 1 and not thin:
        return [*parts, *made], []
    return rest + full, again


def _cut(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Cut documents, given with their rows, into runs that make a segment each."""
    run: list[str] = []
    num_rows = 0
    for name, size in sizes.items():
        if run and num_rows + size > MOST_ROWS:
            yield run
            run, num_rows = [], 0
        run.append(name)
        num_rows += size
    if run:
        yield run
