"""A connection to a Milvus: one per address and process, its errors in our words."""

import json
import logging
import os
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from index.errors import IndexMismatch, StoreError
from index.place import MilvusPlace

Row = dict[str, Any]

OLDEST_SERVER = (2, 5)
"""Sparse vectors, partition keys and count(*) as they are used here."""

_CONNECT_S, _READ_S, _CALL_S = 10.0, 20.0, 120.0  # a server that is gone is waited for so long
_MESSAGE_BYTES = 8 << 20  # of one insert; a server takes 64 MB
_PAGE, _FEW = 500, 100  # rows of one answer; a row of the documents may have 60 kB


class Milvus:
    """What is used of a Milvus. Safe to share between threads.

    Every method raises StoreError where the server does not answer or refuses.
    """

    def __init__(self, place: MilvusPlace, client: Any) -> None:  # noqa: ANN401
        """Take a pymilvus client, which several of these may share."""
        self.place = place
        self.client = client

    def has(self, collection: str) -> bool:
        """Say whether a collection is there."""
        with self.said():
            return bool(self.client.has_collection(collection, timeout=_READ_S))

    def collections(self) -> list[str]:
        """Return the names of all collections."""
        with self.said():
            return sorted(self.client.list_collections(timeout=_READ_S))

    def load(self, collection: str, *, num_replicas: int = 1) -> None:
        """Make a collection searchable; after a restart none is."""
        with self.said():
            self.client.load_collection(collection, replica_number=num_replicas, timeout=_CALL_S)

    def insert(self, collection: str, rows: Iterable[Row]) -> None:
        """Write rows whose keys are new."""
        for batch in _batches(rows):
            with self.said():
                self.client.insert(collection, batch, timeout=_CALL_S)

    def upsert(self, collection: str, row: Row) -> None:
        """Write one row in the place of the one with its key, in one step."""
        with self.said():
            self.client.upsert(collection, [row], timeout=_CALL_S)

    def delete(self, collection: str, condition: str) -> None:
        """Delete the rows that meet a condition."""
        with self.said():
            self.client.delete(collection, filter=condition, timeout=_CALL_S)

    def flush(self, collection: str) -> None:
        """Let Milvus Lite index what was written; a server does when it sees fit."""
        if not self.place.is_lite:
            return
        with self.said():
            self.client.flush(collection, timeout=_CALL_S)

    def count(self, collection: str, condition: str) -> int:
        """Count the rows that meet a condition."""
        found = self._query(collection, "Strong", filter=condition, output_fields=["count(*)"])
        return int(found[0]["count(*)"])

    def get(self, collection: str, keys: Sequence[str], fields: Sequence[str]) -> list[Row]:
        """Return the rows with these keys, in any order; missing ones are left out."""
        if not keys:
            return []
        return self._query(
            collection, self.place.consistency, ids=list(keys), output_fields=["key", *fields]
        )

    def iterate(self, collection: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows that meet a condition, in any order."""
        few = self._query(
            collection, "Strong", filter=condition, output_fields=list(fields), limit=_FEW
        )
        if len(few) < _FEW:  # an iterator takes several calls, a hundred rows are one
            yield from few
            return
        with self.said():
            rows = self.client.query_iterator(
                collection,
                batch_size=_PAGE,
                filter=condition,
                output_fields=list(fields),
                consistency_level="Strong",
                timeout=_READ_S,
            )
        try:
            while True:
                with self.said():
                    page = rows.next()
                if not page:
                    return
                yield from page
        finally:
            rows.close()

    def search(
        self, collection: str, field: str, vector: object, condition: str, limit: int
    ) -> dict[str, float]:
        """Return the keys with the highest inner products, and these; best first."""
        with self.said():
            (found,) = self.client.search(
                collection,
                [vector],
                anns_field=field,
                filter=condition,
                limit=limit,
                search_params={"metric_type": "IP"},
                consistency_level=self.place.consistency,
                timeout=_READ_S,
            )
        return {str(hit["key"]): float(hit["distance"]) for hit in found}

    def _query(self, collection: str, consistency: str, **arguments: object) -> list[Row]:
        with self.said():
            rows = self.client.query(
                collection, consistency_level=consistency, timeout=_READ_S, **arguments
            )
        return list(rows)

    def said(self) -> AbstractContextManager[None]:
        """Turn what pymilvus and gRPC raise inside into a StoreError."""
        return _said(self.place)


@contextmanager
def _said(place: MilvusPlace) -> Iterator[None]:
    """Turn what pymilvus and gRPC raise into a StoreError."""
    from grpc import FutureTimeoutError, RpcError
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, RpcError, FutureTimeoutError, ConnectionError) as error:
        said = " ".join(str(getattr(error, "message", "") or error).split())[:300]
        raise StoreError(
            f"{place} does not answer as it should ({said}); check that it runs, and RAG_STORE and "
            "RAG_STORE_TOKEN"
        ) from error


_clients: dict[str, Any] = {}
_connecting = threading.Lock()


def connect(place: MilvusPlace) -> Milvus:
    """Return this process's connection to a Milvus, opened on first use.

    Raises:
        StoreError: pymilvus is not installed; it cannot be reached, or is too old.
        IndexMismatch: A file of Milvus Lite is damaged.
    """
    _require_client(place)
    with _connecting:
        if place.uri not in _clients:
            with _said(place):
                client = _open_client(place)
                version = str(client.get_server_version())
            if not _is_supported(version, is_lite=place.is_lite):
                raise StoreError(
                    f"{place} is Milvus {version}; {OLDEST_SERVER[0]}.{OLDEST_SERVER[1]} or newer "
                    "is needed (Milvus Lite 3 or newer); update it, nothing was changed"
                )
            _clients[place.uri] = client
        return Milvus(place, _clients[place.uri])


def disconnect(place: MilvusPlace) -> None:
    """Close this process's connection, so that another process may open a file of Milvus Lite."""
    with _connecting:
        client = _clients.pop(place.uri, None)
    if client is None:
        return
    client.close()
    if place.is_lite:
        from milvus_lite.server_manager import server_manager_instance

        server_manager_instance.release_server(place.uri)


def _require_client(place: MilvusPlace) -> None:
    needed = ["pymilvus", "milvus_lite"] if place.is_lite else ["pymilvus"]
    for name in needed:
        try:
            import_module(name)
        except ImportError as error:
            raise StoreError(
                f"{place} needs the package {name}; run `.venv/bin/python -m pip install -r "
                "requirements-milvus.txt`"
            ) from error


def _open_client(place: MilvusPlace) -> Any:  # noqa: ANN401
    from pymilvus import MilvusClient

    # What goes wrong is told by our errors; these would show a traceback of each.
    for name in ("pymilvus", "milvus_lite", "grpc._server"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if not place.is_lite:
        token = os.environ.get("RAG_STORE_TOKEN", "")
        return MilvusClient(uri=place.uri, token=token, timeout=_CONNECT_S)
    require_whole_file(Path(place.uri))
    try:
        return MilvusClient(uri=place.uri, timeout=_CONNECT_S)
    except Exception as error:  # milvus-lite raises what went wrong inside
        raise StoreError(
            f"{place} cannot be opened ({error}). Milvus Lite serves one process at a time: stop "
            "the other one, or run a Milvus server; a folder can be shared by several processes"
        ) from error


def require_whole_file(path: Path) -> None:
    """Refuse a file of Milvus Lite whose manifests are damaged, before it is opened.

    Milvus Lite 3.2 takes a missing or cut manifest for an empty collection, and deletes its data
    as left over.

    Raises:
        IndexMismatch: It is of an older Milvus Lite, or a manifest is missing or damaged.
    """
    if path.is_file():
        raise IndexMismatch(
            f"{path} was written by Milvus Lite 2, which Milvus Lite 3 cannot read; move it away "
            "and build or migrate the index again"
        )
    for collection in sorted(path.glob("collections/*")):
        written = [*collection.glob("partitions/*/data/*"), *collection.glob("wal/*")]
        manifest = collection / "manifest.json"
        try:
            if written:
                _ = json.loads(manifest.read_text(encoding="utf-8"))["partitions"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexMismatch(
                f"{manifest} is missing or damaged ({error}); Milvus Lite would take the "
                "collection for empty and delete its data, so it was not opened. Put back "
                "a copy of the folder, or move it away and build or migrate the index again"
            ) from error


def _is_supported(version: str, *, is_lite: bool) -> bool:
    numbers = re.search(r"(\d+)\.(\d+)", version)
    if numbers is None:
        return False
    found = (int(numbers[1]), int(numbers[2]))
    return found >= ((3, 0) if is_lite or "lite" in version.lower() else OLDEST_SERVER)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(_size_of(value) for value in row.values())
        if size > _MESSAGE_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size_of(value: object) -> int:
    if isinstance(value, str):
        return 3 * len(value)
    if isinstance(value, dict):
        return 8 * len(value)
    return 4 * len(value) if hasattr(value, "__len__") else 8
