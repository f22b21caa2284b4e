"""The record of a team's index in a Milvus: what of its rows counts; one row, written in one step.

Milvus has no transactions. A writer takes the lease, writes rows under revisions that the record
does not speak of yet, and at last writes the record; a killed writer's rows are never seen, and
swept away by the next one.
"""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index.errors import IndexMismatch, StoreError
from index.milvus.connection import Milvus
from index.milvus.tables import RECORDS, Ranges, in_ranges, record_row

FORMAT_VERSION = 1
"""Version of the rows and of the JSON inside them; another one is refused."""

_LEASE_S = 120.0  # a writer that has not been heard of for so long is dead
_SETTLE_S = 1.0  # two writers that reached for the lease together see each other by then


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A state of the index."""

    format: int = FORMAT_VERSION
    generation: int = 0
    next_revision: int = 1
    num_documents: int = 0
    num_chunks: int = 0
    num_views: int = 0
    mean_length: float = 0.0
    """Terms per view that the weights in the sparse vectors were made with."""
    vocabulary: int = 0
    """The revision that holds the document frequencies; 0 is none yet."""
    staged: Ranges = ()
    """Revisions of documents that a build has read and not made live yet."""
    retired: Mapping[str, Ranges] = field(default_factory=dict)
    """Revisions that were replaced or removed, by the dimension of their vectors; the next writer
    deletes their rows. Until then who opened the index before goes on reading them."""
    meta: Mapping[str, str] = field(default_factory=dict)

    @property
    def dim(self) -> int:
        """Return the dimension of the vectors, 0 where none have been written."""
        return int(self.meta.get("dim") or 0)

    def condition(self, team: str) -> str:
        """Return the condition that rows meet which count."""
        condition = f'team == "{team}" and revision < {self.next_revision}'
        hidden = [pair for ranges in self.retired.values() for pair in ranges] + list(self.staged)
        return f"{condition} and not {in_ranges(hidden)}" if hidden else condition


def read_record(milvus: Milvus) -> Record | None:
    """Return the record of a team; None where it has no index.

    Raises:
        IndexMismatch: It is of another format; or what this machine remembers of a file of Milvus
            Lite says that rows have been lost.
    """
    place = milvus.place
    rows = []
    if milvus.has(RECORDS):
        milvus.load(RECORDS)
        rows = milvus.get(RECORDS, [place.team], ["data"])
    record = _parse(str(rows[0]["data"]), str(place)) if rows else None
    remembered = _remembered(milvus)
    found = record.generation if record else 0
    if remembered > found:
        raise IndexMismatch(
            f"{place} holds generation {found} of the index, it has held {remembered}: the file has "
            "lost what was written. Put back a copy of it, or move it and its .generation "
            "files away and build or migrate the index again"
        )
    return record


def _parse(text: str, where: str) -> Record:
    values = json.loads(text)
    if values.get("format") != FORMAT_VERSION:
        raise IndexMismatch(
            f"{where} holds an index of format {values.get('format')}, this program reads format "
            f"{FORMAT_VERSION}; name another team or Milvus and build or migrate the index there"
        )
    retired = {
        dim: tuple((first, last) for first, last in ranges)
        for dim, ranges in values.pop("retired").items()
    }
    staged = tuple((first, last) for first, last in values.pop("staged"))
    return Record(**values, retired=retired, staged=staged)


def publish(milvus: Milvus, record: Record) -> None:
    """Make a state the one that is read."""
    place = milvus.place
    milvus.upsert(RECORDS, record_row(place, place.team, json.dumps(asdict(record))))
    milvus.flush(RECORDS)
    if path := _reminder(milvus):
        path.write_text(str(record.generation), encoding="utf-8")


def _reminder(milvus: Milvus) -> Path | None:
    """Return where this machine remembers the generation of a file that may be emptied silently."""
    if not milvus.place.is_lite:
        return None
    path = Path(milvus.place.uri)
    return path.with_name(f"{path.name}.{milvus.place.team}.generation")


def _remembered(milvus: Milvus) -> int:
    path = _reminder(milvus)
    try:
        return int(path.read_text(encoding="utf-8")) if path else 0
    except (OSError, ValueError):
        return 0


class Lease:
    """The right to write a team's index. It lapses when it is not renewed."""

    def __init__(self, milvus: Milvus) -> None:
        self._milvus = milvus
        self._key = f"{milvus.place.team}/lease"
        self._holder = uuid.uuid4().hex

    def ensure(self) -> None:
        """Take it, or keep it for longer.

        Raises:
            StoreError: Another process has it.
        """
        place = self._milvus.place
        holder, until = self._read()
        # In Milvus Lite, where threads take turns, any other holder has been killed.
        if holder not in ("", self._holder) and until > time.time() and not place.is_lite:
            raise StoreError(
                f"{place} is being written by another process; try again when it has finished. "
                f"If it was killed, in {round(until - time.time())} seconds"
            )
        self._write(time.time() + _LEASE_S)
        if holder != self._holder and not place.is_lite:
            time.sleep(_SETTLE_S)
        self.require()

    def require(self) -> None:
        """Make sure that it is still held.

        Raises:
            StoreError: Another process has taken it.
        """
        if self._read()[0] != self._holder:
            raise StoreError(
                f"{self._milvus.place} is being written by another process, which came first; "
                "nothing was changed, try again when it has finished"
            )

    def give_back(self) -> None:
        """Let others write."""
        if self._read()[0] == self._holder:
            self._write(0.0)

    def _read(self) -> tuple[str, float]:
        rows = self._milvus.get(RECORDS, [self._key], ["data"])
        held = json.loads(rows[0]["data"]) if rows else {}
        return str(held.get("holder", "")), float(held.get("until", 0.0))

    def _write(self, until: float) -> None:
        held = {"holder": self._holder, "until": until}
        self._milvus.upsert(RECORDS, record_row(self._milvus.place, self._key, json.dumps(held)))
