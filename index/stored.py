"""Reading one index on disk: what its SQLite file holds, as values.

What is read is compared with its checksum, see `index.seals`.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpus.chunks import chunk_id_of, split_chunk_id
from corpus.codec import from_json
from corpus.schema import Chunk, Document, Language, Rendering
from index import seals
from index.arrays import as_vectors
from index.checksums import Value, checksum
from index.database import reading
from index.errors import IndexMismatch
from index.schema import FileSummary, Fingerprint, ShelfEntry, View

_LIVE = "doc_no = (SELECT doc_no FROM documents WHERE doc_id = ? AND live = 1)"


class StoredIndex:
    """The part of a store that changes nothing. Staged documents are not seen.

    May be used from several threads.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self.path = path

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def hold(self) -> None:
        """Read one state from now on, until the store is closed: what others write is not seen."""
        self._connection.execute("BEGIN")
        self.meta("generation")  # the first read chooses the state

    def meta(self, key: str) -> str:
        """Return a value of the index's own description, "" when it is not set."""
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else ""

    @property
    def generation(self) -> int:
        """Return how many times the index has changed; 0 before the first build is finished."""
        found = self.meta("generation") or "0"
        if not found.isdecimal():
            raise self._damaged("the number of the generation")
        return int(found)

    def verify(self) -> None:
        """Compare the index's description and the list of documents with their seal; fast.

        Raises:
            IndexMismatch: They are damaged.
        """
        with self._lock, reading(self.path):
            if not seals.is_sealed(self._connection):
                raise self._damaged("the list of documents")

    def damaged_parts(self) -> set[str]:
        """Return the documents of which a chunk or view is missing, changed or too many.

        Reads all of them.
        """
        with self._lock, reading(self.path):
            return seals.damaged_parts(self._connection)

    def shelf(self) -> list[ShelfEntry]:
        """Return the documents, sorted by id."""
        return [
            ShelfEntry(
                doc_id=row[1],
                file_name=row[4],
                title=row[7],
                issuer=row[8],
                date=row[9],
                language=Language(row[10]),
                num_pages=row[11],
                num_chunks=num_chunks,
                num_renderings=row[12],
                added=bool(row[6]),
                names=from_json(FileSummary, row[14]).names if row[14] else (),
            )
            for row, num_chunks in self._shown()
        ]

    def versions(self) -> dict[str, str]:
        """Return the version of every document by doc_id, sorted; another text has another one."""
        return {row[1]: row[3] for row, _ in self._shown()}

    def fingerprints(self) -> dict[str, Fingerprint]:
        """Return what each document was made from, by doc_id."""
        return {
            row[1]: Fingerprint(row[5], row[13], Language(row[10]), added=bool(row[6]))
            for row, _ in self._shown()
        }

    def _shown(self) -> Iterator[tuple[tuple[Any, ...], int]]:
        """Yield the small columns of every document, and how many chunks it has, by doc_id."""
        for *row, expected, num_chunks in self._rows(
            f"SELECT {seals.SHOWN}, shown, num_chunks FROM documents JOIN seals USING (doc_no) "
            "WHERE live = 1 ORDER BY doc_id"
        ):
            self._compare(row, expected, f"the entry of {row[1]!r}")
            yield tuple(row), num_chunks

    def document(self, doc_id: str) -> Document:
        """Return a document; its text is what every offset counts in.

        Raises:
            KeyError: No such document.
        """
        return from_json(Document, str(self._of_document("document", doc_id)))

    def renderings(self, doc_id: str) -> tuple[Rendering, ...]:
        """Return a document's units in the other language, in order."""
        try:
            stored = str(self._of_document("renderings", doc_id))
        except KeyError:
            return ()
        return from_json(tuple[Rendering, ...], stored)

    def source(self, doc_id: str) -> tuple[str, bytes]:
        """Return the name and the bytes of the file that a document was read from.

        Raises:
            KeyError: No such document.
        """
        data = self._of_document("source", doc_id)
        row = self._one(f"SELECT file_name FROM documents WHERE {_LIVE}", (doc_id,))
        if row is None or not isinstance(data, bytes):
            raise self._damaged(f"the file of {doc_id!r}")
        return str(row[0]), data

    def source_size(self, doc_id: str) -> int:
        """Return how many bytes that file has, 0 for an unknown document."""
        row = self._one(f"SELECT length(source) FROM documents WHERE {_LIVE}", (doc_id,))
        return int(row[0]) if row else 0

    def chunk(self, chunk_id: str) -> Chunk:
        """Return a chunk.

        Raises:
            KeyError: No such chunk.
        """
        place = split_chunk_id(chunk_id)
        row = self._one(
            f"SELECT doc_no, ordinal, chunk, checksum FROM chunks WHERE {_LIVE} AND ordinal = ?",
            place,
        )
        if row is None:
            counted = self._one(f"SELECT num_chunks FROM seals WHERE {_LIVE}", place[:1])
            if counted and place[1] < counted[0]:
                raise self._damaged(f"chunk {chunk_id!r}")
            raise KeyError(chunk_id)
        self._compare(row[:-1], row[-1], f"chunk {chunk_id!r}")
        return from_json(Chunk, row[2])

    def chunks(self, doc_id: str | None = None) -> list[Chunk]:
        """Return all chunks, of one document or of all, sorted by document and place."""
        found = []
        for number in [doc_id] if doc_id is not None else list(self.versions()):
            rows = list(
                self._rows(
                    "SELECT doc_no, ordinal, chunk, checksum FROM chunks "
                    f"WHERE {_LIVE} ORDER BY ordinal",
                    (number,),
                )
            )
            self._compare_all("chunks", number, rows)
            found += [from_json(Chunk, row[2]) for row in rows]
        return found

    def num_views(self, doc_id: str) -> int:
        """Return how many views a document has, 0 for an unknown one."""
        row = self._one(f"SELECT count(*) FROM views WHERE {_LIVE}", (doc_id,))
        return int(row[0]) if row else 0

    def views(
        self, *, dim: int, documents: Iterable[str] | None = None
    ) -> tuple[list[View], np.ndarray]:
        """Return views and their vectors, (n_views, dim), of some documents in the order given.

        By default of all, sorted by id. Within a document by chunk and language.

        Raises:
            IndexMismatch: The vectors have another width.
        """
        views: list[View] = []
        vectors: list[bytes] = []
        for doc_id in self.versions() if documents is None else documents:
            rows = list(
                self._rows(
                    "SELECT doc_no, ordinal, language, text, vector, checksum FROM views "
                    f"WHERE {_LIVE} ORDER BY ordinal, language",
                    (doc_id,),
                )
            )
            self._compare_all("views", doc_id, rows)
            for _, ordinal, language, text, vector, _ in rows:
                views.append(View(chunk_id_of(doc_id, ordinal), Language(language), text))
                vectors.append(vector)
        values = np.frombuffer(b"".join(vectors), dtype="<f4")
        return views, as_vectors(values, len(views), dim, self.path)

    def content_hash(self) -> str:
        """Return a hash of everything that readers see, the same however it came to be."""
        digest = hashlib.sha256()
        for query in (
            "SELECT doc_id, file_name, sha256, added, edition_sha256, document, renderings, source "
            "FROM documents WHERE live = 1 ORDER BY doc_id",
            "SELECT doc_id, ordinal, chunk FROM documents JOIN chunks USING (doc_no) "
            "WHERE live = 1 ORDER BY doc_id, ordinal",
            "SELECT doc_id, ordinal, views.language, text, vector FROM documents "
            "JOIN views USING (doc_no) WHERE live = 1 ORDER BY doc_id, ordinal, views.language",
        ):
            for row in self._connection.execute(query):
                digest.update(repr(row).encode())
        return digest.hexdigest()

    def check(self) -> list[str]:
        """Return what SQLite finds wrong with the file; an empty list when nothing is."""
        try:
            rows = self._connection.execute("PRAGMA integrity_check").fetchall()
            orphans = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            return [f"{self.path}: {error}"]
        problems = [row[0] for row in rows if row[0] != "ok"]
        return problems + [f"row without its parent: {row}" for row in orphans]

    def _of_document(self, column: str, doc_id: str) -> str | bytes:
        """Return a large column of a document, compared with its checksum.

        Raises:
            KeyError: No such document.
        """
        row = self._one(
            f"SELECT doc_no, documents.{column}, seals.{column} FROM documents "
            f"JOIN seals USING (doc_no) WHERE {_LIVE}",
            (doc_id,),
        )
        if row is None:
            raise KeyError(doc_id)
        self._compare(row[:2], row[2], f"the {column} of {doc_id!r}")
        value: str | bytes = row[1]
        return value

    def _compare_all(self, table: str, doc_id: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Compare the rows of a document, each of which ends with its checksum, with its seal."""
        sealed = self._one(f"SELECT {table} FROM seals WHERE {_LIVE}", (doc_id,))
        if rows and sealed is None:
            raise self._damaged(f"the list of {table} of {doc_id!r}")
        for row in rows:
            if checksum(row[:-1]) != row[-1]:
                raise self._damaged(f"one of the {table} of {doc_id!r}")
        if sealed is not None:
            self._compare((row[-1] for row in rows), sealed[0], f"the {table} of {doc_id!r}")

    def _compare(self, values: Iterable[Value], expected: object, what: str) -> None:
        if checksum(values) != expected:
            raise self._damaged(what)

    def _damaged(self, what: str) -> IndexMismatch:
        return IndexMismatch(
            f"{self.path}: {what} is damaged, its checksum differs. `python -m index check` lists all "
            "damage; `python -m index build` reads damaged documents again"
        )

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        with reading(self.path):
            for row in self._connection.execute(query, values):  # noqa: UP028
                yield row  # `yield from` would close the cursor after its connection

    def _one(self, query: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        with self._lock, reading(self.path):
            row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        return row
