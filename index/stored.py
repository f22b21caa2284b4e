"""Reading one index on disk: what its SQLite file holds, as values."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from corpus.chunks import chunk_id_of, split_chunk_id
from corpus.codec import from_json
from corpus.schema import Chunk, Document, Language, Rendering
from index.errors import IndexMismatch
from index.schema import Fingerprint, ShelfEntry, View

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
        return int(self.meta("generation") or 0)

    def shelf(self) -> list[ShelfEntry]:
        """Return the documents, sorted by id."""
        rows = self._connection.execute(
            "SELECT doc_id, file_name, title, issuer, date, language, num_pages, "
            "(SELECT count(*) FROM chunks WHERE chunks.doc_no = documents.doc_no), "
            "num_renderings, added FROM documents WHERE live = 1 ORDER BY doc_id"
        )
        return [
            ShelfEntry(
                doc_id=row[0],
                file_name=row[1],
                title=row[2],
                issuer=row[3],
                date=row[4],
                language=Language(row[5]),
                num_pages=row[6],
                num_chunks=row[7],
                num_renderings=row[8],
                added=bool(row[9]),
            )
            for row in rows
        ]

    def versions(self) -> dict[str, str]:
        """Return the version of every document by doc_id, sorted; another text has another one."""
        rows = self._connection.execute(
            "SELECT doc_id, version FROM documents WHERE live = 1 ORDER BY doc_id"
        )
        return dict(rows.fetchall())

    def fingerprints(self) -> dict[str, Fingerprint]:
        """Return what each document was made from, by doc_id."""
        rows = self._connection.execute(
            "SELECT doc_id, sha256, edition_sha256, language, added FROM documents WHERE live = 1"
        )
        return {
            row[0]: Fingerprint(row[1], row[2], Language(row[3]), added=bool(row[4]))
            for row in rows
        }

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
        name, data = self._of_document("file_name", doc_id), self._of_document("source", doc_id)
        assert isinstance(data, bytes)
        return str(name), data

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
        row = self._one(f"SELECT chunk FROM chunks WHERE {_LIVE} AND ordinal = ?", place)
        if row is None:
            raise KeyError(chunk_id)
        return from_json(Chunk, row[0])

    def chunks(self, doc_id: str | None = None) -> list[Chunk]:
        """Return all chunks, of one document or of all, sorted by document and place."""
        which, values = ("", ()) if doc_id is None else ("AND doc_id = ?", (doc_id,))
        rows = self._connection.execute(
            f"SELECT chunk FROM documents JOIN chunks USING (doc_no) WHERE live = 1 {which} "
            "ORDER BY doc_id, ordinal",
            values,
        )
        return [from_json(Chunk, row[0]) for row in rows]

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
            for row in self._connection.execute(
                f"SELECT ordinal, language, text, vector FROM views WHERE {_LIVE} "
                "ORDER BY ordinal, language",
                (doc_id,),
            ):
                views.append(View(chunk_id_of(doc_id, row[0]), Language(row[1]), row[2]))
                vectors.append(row[3])
        matrix = np.frombuffer(b"".join(vectors), dtype="<f4")
        if matrix.size != len(views) * dim:
            raise IndexMismatch(
                f"{self.path}: {matrix.size} vector values for {len(views)} views of {dim}; "
                "build the index again with `python -m index build`"
            )
        return views, matrix.reshape(len(views), dim).astype(np.float32)

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
        row = self._one(f"SELECT {column} FROM documents WHERE {_LIVE}", (doc_id,))
        if row is None:
            raise KeyError(doc_id)
        value: str | bytes = row[0]
        return value

    def _one(self, query: str, values: tuple[object, ...]) -> tuple | None:  # type: ignore[type-arg]
        with self._lock:
            row: tuple | None = self._connection.execute(query, values).fetchone()  # type: ignore[type-arg]
        return row
