"""The truth on disk: one SQLite file with documents, chunks, renderings and vectors.

Every change is one transaction, so a crash leaves the state before or after it. Readers see one
state at a time (WAL). What FAISS and the lexical search need is derived from here.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from corpus.codec import from_json, to_json
from corpus.schema import Chunk, Document, Language, Rendering
from index.errors import IndexMismatch, IndexMissing
from index.schema import Fingerprint, ShelfEntry, View

FORMAT_VERSION = 1
"""Version of the tables and of the JSON inside them; another one is refused."""

FILE_NAME = "reports.sqlite"

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, file_name TEXT NOT NULL, sha256 TEXT NOT NULL,
    added INTEGER NOT NULL, title TEXT NOT NULL, issuer TEXT NOT NULL, date TEXT NOT NULL,
    language TEXT NOT NULL, num_pages INTEGER NOT NULL, edition_sha256 TEXT NOT NULL,
    document TEXT NOT NULL, renderings TEXT NOT NULL, source BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE chunks (
    chunk_id TEXT PRIMARY KEY, doc_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    chunk TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE views (
    chunk_id TEXT NOT NULL REFERENCES chunks ON DELETE CASCADE, language TEXT NOT NULL,
    text TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (chunk_id, language)
) WITHOUT ROWID;
CREATE INDEX chunks_by_document ON chunks (doc_id);
"""


class Store:
    """One index on disk. Open it with `open_store` or `create_store`; close it after use."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside one step: all of them on success, none on an error."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state: what others write meanwhile is not seen inside."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def stored_documents(self) -> dict[str, tuple[str, str]]:
        """Return the JSON of every document and of its renderings, by doc_id."""
        rows = self._connection.execute("SELECT doc_id, document, renderings FROM documents")
        return {row[0]: (row[1], row[2]) for row in rows}

    def meta(self, key: str) -> str:
        """Return a value of the index's own description, "" when it is not set."""
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else ""

    def set_meta(self, **values: str) -> None:
        """Set values of the index's own description."""
        self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    @property
    def generation(self) -> int:
        """Return how many times the index has changed; 0 before the first build is finished."""
        return int(self.meta("generation") or 0)

    def put_document(
        self,
        document: Document,
        *,
        source: bytes,
        added: bool,
        renderings: Sequence[Rendering] = (),
        edition_sha256: str = "",
    ) -> None:
        """Store a document without chunks, in place of the one with the same id."""
        self.delete_document(document.doc_id)
        meta = document.metadata
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.doc_id,
                document.file_name,
                document.sha256,
                int(added),
                meta.title,
                meta.issuer,
                meta.date,
                document.language.value,
                len(document.pages),
                edition_sha256,
                to_json(document),
                to_json(tuple(renderings)),
                source,
            ),
        )

    def put_chunks(self, chunks: Iterable[Chunk]) -> None:
        """Store chunks of documents that are there."""
        self._connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?)",
            ((chunk.chunk_id, chunk.doc_id, to_json(chunk)) for chunk in chunks),
        )

    def put_views(self, views: Sequence[View], vectors: np.ndarray) -> None:
        """Store what is indexed of chunks that are there; row i of the vectors is of views[i]."""
        rows = zip(views, vectors.astype("<f4"), strict=True)
        self._connection.executemany(
            "INSERT INTO views VALUES (?, ?, ?, ?)",
            ((v.chunk_id, v.language.value, v.text, vector.tobytes()) for v, vector in rows),
        )

    def delete_document(self, doc_id: str) -> bool:
        """Delete a document with all that was made of it; say whether it was there."""
        cursor = self._connection.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))
        return cursor.rowcount > 0

    def shelf(self) -> list[ShelfEntry]:
        """Return the documents, sorted by id."""
        rows = self._connection.execute(
            "SELECT doc_id, file_name, title, issuer, date, language, num_pages, "
            "(SELECT count(*) FROM chunks WHERE chunks.doc_id = documents.doc_id), "
            "json_array_length(renderings), added FROM documents ORDER BY doc_id"
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

    def fingerprints(self) -> dict[str, Fingerprint]:
        """Return what each document was made from, by doc_id."""
        rows = self._connection.execute(
            "SELECT doc_id, sha256, edition_sha256, language, added FROM documents"
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
        row = self._one("SELECT document FROM documents WHERE doc_id = ?", (doc_id,))
        if row is None:
            raise KeyError(doc_id)
        return from_json(Document, row[0])

    def renderings(self, doc_id: str) -> tuple[Rendering, ...]:
        """Return a document's units in the other language, in order."""
        row = self._one("SELECT renderings FROM documents WHERE doc_id = ?", (doc_id,))
        return from_json(tuple[Rendering, ...], row[0]) if row else ()

    def source(self, doc_id: str) -> tuple[str, bytes]:
        """Return the name and the bytes of the file that a document was read from.

        Raises:
            KeyError: No such document.
        """
        row = self._one("SELECT file_name, source FROM documents WHERE doc_id = ?", (doc_id,))
        if row is None:
            raise KeyError(doc_id)
        return row[0], row[1]

    def source_size(self, doc_id: str) -> int:
        """Return how many bytes that file has, 0 for an unknown document."""
        row = self._one("SELECT length(source) FROM documents WHERE doc_id = ?", (doc_id,))
        return int(row[0]) if row else 0

    def chunks(self) -> list[Chunk]:
        """Return all chunks, sorted by id."""
        rows = self._connection.execute("SELECT chunk FROM chunks ORDER BY chunk_id")
        return [from_json(Chunk, row[0]) for row in rows]

    def chunks_of(self, doc_id: str) -> list[Chunk]:
        """Return the chunks of a document, sorted by id."""
        rows = self._connection.execute(
            "SELECT chunk FROM chunks WHERE doc_id = ? ORDER BY chunk_id", (doc_id,)
        )
        return [from_json(Chunk, row[0]) for row in rows]

    def views_of(self, doc_id: str, *, dim: int) -> tuple[list[View], np.ndarray]:
        """Return a document's views sorted by chunk and language, and their vectors, (n, dim)."""
        rows = self._connection.execute(
            "SELECT chunk_id, language, text, vector FROM views WHERE chunk_id IN "
            "(SELECT chunk_id FROM chunks WHERE doc_id = ?) ORDER BY chunk_id, language",
            (doc_id,),
        ).fetchall()
        views = [View(row[0], Language(row[1]), row[2]) for row in rows]
        matrix = np.frombuffer(b"".join(row[3] for row in rows), dtype="<f4")
        return views, matrix.reshape(len(views), dim).astype(np.float32)

    def stored_chunks(self) -> dict[str, tuple[str, str]]:
        """Return the document and the JSON of every chunk, by chunk_id, sorted."""
        rows = self._connection.execute(
            "SELECT chunk_id, doc_id, chunk FROM chunks ORDER BY chunk_id"
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def views(self, *, dim: int) -> tuple[list[View], np.ndarray]:
        """Return all views sorted by chunk and language, and their vectors, (n_views, dim)."""
        views: list[View] = []
        vectors: list[bytes] = []
        for row in self._connection.execute(
            "SELECT chunk_id, language, text, vector FROM views ORDER BY chunk_id, language"
        ):
            views.append(View(row[0], Language(row[1]), row[2]))
            vectors.append(row[3])
        matrix = np.frombuffer(b"".join(vectors), dtype="<f4")
        if matrix.size != len(views) * dim:
            raise IndexMismatch(
                f"{self.path}: {matrix.size} vector values for {len(views)} views of {dim}; "
                "build the index again with `python -m index build`"
            )
        return views, matrix.reshape(len(views), dim).astype(np.float32)

    def check(self) -> list[str]:
        """Return what SQLite finds wrong with the file; an empty list when nothing is."""
        try:
            rows = self._connection.execute("PRAGMA integrity_check").fetchall()
            orphans = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            return [f"{self.path}: {error}"]
        problems = [row[0] for row in rows if row[0] != "ok"]
        return problems + [f"row without its parent: {row}" for row in orphans]

    def _one(self, query: str, values: tuple[str, ...]) -> tuple | None:  # type: ignore[type-arg]
        row: tuple | None = self._connection.execute(query, values).fetchone()  # type: ignore[type-arg]
        return row


def create_store(index_dir: Path) -> Store:
    """Open the index in a folder, making both if they are missing.

    Raises:
        IndexMismatch: The file there is no index of this version.
    """
    path = index_dir / FILE_NAME
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        connection = _connect(path)
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            connection.executescript(
                f"BEGIN; {_TABLES} INSERT INTO meta VALUES ('format', '{FORMAT_VERSION}'); COMMIT;"
            )
    except (sqlite3.Error, OSError) as error:
        raise IndexMismatch(
            f"{path} cannot be written as an index ({error}); check the folder's permissions and "
            "free space, or name another folder with --index"
        ) from error
    return _checked(Store(connection, path))


def open_store(index_dir: Path) -> Store:
    """Open a finished index.

    Raises:
        IndexMissing: There is none in the folder.
        IndexMismatch: It is of another version, or damaged.
    """
    path = index_dir / FILE_NAME
    if not path.is_file():
        raise IndexMissing(f"no index in {index_dir}; build one with `python -m index build`")
    try:
        store = _checked(Store(_connect_to_read(path), path))
        if store.generation == 0:
            store.close()
            raise IndexMissing(
                f"the index in {index_dir} was never finished; run `python -m index build` again"
            )
    except sqlite3.Error as error:
        raise IndexMismatch(
            f"{path} cannot be read ({error}); delete the file and run `python -m index build`, "
            "then add your own documents again"
        ) from error
    return store


def _connect(path: Path) -> sqlite3.Connection:
    # The web page answers from several threads; each call uses the connection for one statement.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Connect for reading; in a folder that cannot be written, without the files of WAL."""
    if os.access(path, os.W_OK, effective_ids=_EFFECTIVE) and os.access(
        path.parent, os.W_OK, effective_ids=_EFFECTIVE
    ):
        return _connect(path)
    # Nobody can write there, so nothing changes under us.
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


_EFFECTIVE = os.access in os.supports_effective_ids


def _checked(store: Store) -> Store:
    found = store.meta("format")
    if found != str(FORMAT_VERSION):
        store.close()
        raise IndexMismatch(
            f"{store.path} is an index of format {found or 'unknown'}, this program reads format "
            f"{FORMAT_VERSION}; move it away and run `python -m index build`, then add your own "
            "documents again (their files are in its table documents, column source)"
        )
    return store
