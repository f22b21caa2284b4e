"""The truth on disk: one SQLite file with documents, chunks, renderings and vectors.

Every change is one transaction, so a crash leaves the state before or after it. Readers see one
state at a time (WAL). A build that takes long stages its documents in transactions of their own,
where no reader sees them, and makes all of them live in the last one. What FAISS and the lexical
search need is derived from here.
"""

import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from corpus.chunks import split_chunk_id
from corpus.codec import from_json, to_json
from corpus.schema import Chunk, Document, Language, Rendering
from index import seals
from index.checksums import checksum
from index.database import (
    BUSY_TIMEOUT_S,
    FILE_NAME,
    FORMAT_VERSION,
    connect,
    connect_to_read,
    has_tables,
    make_tables,
)
from index.errors import IndexMismatch, IndexMissing, IndexOutdated, IndexUnwritable
from index.prepare import summary_of
from index.schema import FileSummary, Fingerprint, Staged, View
from index.stored import StoredIndex


class Store(StoredIndex):
    """One index on disk. Open it with `open_store` or `create_store`; close it after use."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._numbers: dict[str, int] = {}  # doc_no of what was put last, by doc_id
        self._touched: set[int] = set()  # doc_no of documents that were given chunks or views
        self._changed = False  # whether the transaction changed what readers see

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside one step: all of them on success, none on an error.

        Raises:
            IndexUnwritable: The disk is full, or another process writes for too long.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._touched.clear()
            self._changed = False
            yield
            seals.seal_parts(self._connection, self._touched)
            if self._changed:
                seals.seal(self._connection)
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:  # after some errors SQLite has rolled back itself
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.DatabaseError):
                raise IndexUnwritable(
                    f"{self.path} could not be written ({error}); the index is as it was before. "
                    "Free some space or check the folder's permissions, then run the same again: "
                    "files that were read already are not read again"
                ) from error
            raise

    def set_meta(self, **values: str) -> None:
        """Set values of the index's own description."""
        self._changed = True
        self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def put_document(
        self,
        document: Document,
        *,
        source: bytes,
        added: bool,
        renderings: Sequence[Rendering] = (),
        edition_sha256: str = "",
        staged: Staged | None = None,
    ) -> None:
        """Store a document without chunks, in place of the one with the same id.

        With `staged` it is put beside that one, and takes its place when it is published.
        """
        if staged is None:
            self.delete_document(document.doc_id)
        self._changed |= staged is None
        meta = document.metadata
        shown = (
            document.doc_id,
            staged.made_by if staged else "",
            uuid.uuid4().hex,
            document.file_name,
            document.sha256,
            int(added),
            meta.title,
            meta.issuer,
            meta.date,
            document.language.value,
            len(document.pages),
            len(renderings),
            edition_sha256,
            to_json(staged.summary if staged else summary_of(document)),
        )
        content = (to_json(document), to_json(tuple(renderings)), source)
        cursor = self._connection.execute(
            "INSERT INTO documents VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (shown[0], int(staged is None), *shown[1:], *content),
        )
        number = int(cursor.lastrowid or 0)
        self._numbers[document.doc_id] = number
        seals.seal_document(self._connection, (number, *shown), *content)

    def put_chunks(self, chunks: Iterable[Chunk]) -> None:
        """Store chunks of documents that this store has been given."""
        rows = [(*self._place(chunk.chunk_id), to_json(chunk)) for chunk in chunks]
        self._touched.update(row[0] for row in rows)
        self._connection.executemany(
            "INSERT INTO chunks (doc_no, ordinal, chunk, checksum) VALUES (?, ?, ?, ?)",
            ((*row, checksum(row)) for row in rows),
        )

    def put_views(self, views: Sequence[View], vectors: np.ndarray) -> None:
        """Store what is indexed of chunks that are there; row i of the vectors is of views[i]."""
        rows = [
            (*self._place(view.chunk_id), view.language.value, view.text, vector.tobytes())
            for view, vector in zip(views, vectors.astype("<f4"), strict=True)
        ]
        self._touched.update(row[0] for row in rows)
        self._connection.executemany(
            "INSERT INTO views (doc_no, ordinal, language, text, vector, checksum) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            ((*row, checksum(row)) for row in rows),
        )

    def _place(self, chunk_id: str) -> tuple[int, int]:
        doc_id, ordinal = split_chunk_id(chunk_id)
        return self._numbers[doc_id], ordinal

    def number(self, doc_id: str) -> int:
        """Return the row of the document that this store was given last under an id.

        Raises:
            KeyError: It was given none.
        """
        return self._numbers[doc_id]

    def staged(self, made_by: str) -> dict[str, tuple[int, Fingerprint, FileSummary]]:
        """Return what an unfinished build has left: row, origin and summary, by doc_id."""
        rows = self._connection.execute(
            "SELECT doc_id, doc_no, sha256, edition_sha256, language, added, summary "
            "FROM documents WHERE live = 0 AND made_by = ? ORDER BY doc_no",
            (made_by,),
        )
        return {
            row[0]: (
                row[1],
                Fingerprint(row[2], row[3], Language(row[4]), added=bool(row[5])),
                from_json(FileSummary, row[6]),
            )
            for row in rows
        }

    def publish(self, numbers: Collection[int]) -> None:
        """Make staged documents live, each in place of the one with its id.

        Raises:
            IndexMismatch: One of them is gone: another build has cleaned up meanwhile.
        """
        self._changed = True
        for number in numbers:
            row = self._one("SELECT doc_id FROM documents WHERE doc_no = ? AND live = 0", (number,))
            if row is None:
                raise IndexMismatch(
                    f"{self.path}: another build of this index ran at the same time and has "
                    "removed what this one had read; run `python -m index build` again"
                )
            self.delete_document(row[0])
            self._connection.execute("UPDATE documents SET live = 1 WHERE doc_no = ?", (number,))

    def drop_staged(self, *, keep: Collection[int] = ()) -> None:
        """Delete what unfinished builds have left, but for some rows."""
        rows = self._connection.execute("SELECT doc_no FROM documents WHERE live = 0").fetchall()
        gone = [(number,) for (number,) in rows if number not in keep]
        self._connection.executemany("DELETE FROM documents WHERE doc_no = ?", gone)

    def compact(self) -> bool:
        """Write the file anew, without a trace of what was deleted or staged.

        Returns:
            Whether the log could be emptied as well: not while another program has the index open.
        """
        with self.transaction():
            self.drop_staged()
        try:
            self._connection.execute("VACUUM")
            # A program that has the index open keeps it open: its end is not waited for as a writer's is.
            self._connection.execute("PRAGMA busy_timeout = 2000")
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            self._connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
        except sqlite3.OperationalError as error:
            raise IndexUnwritable(
                f"{self.path} could not be written anew ({error}); what was removed is removed, but "
                "traces may be left in the file. Free some space, close other programs, run it again"
            ) from error
        return not busy

    def delete_document(self, doc_id: str) -> bool:
        """Delete a document with all that was made of it; say whether it was there."""
        self._changed = True
        cursor = self._connection.execute(
            "DELETE FROM documents WHERE doc_id = ? AND live = 1", (doc_id,)
        )
        return cursor.rowcount > 0


def create_store(index_dir: Path) -> Store:
    """Open the index in a folder, making both if they are missing.

    Raises:
        IndexMismatch: The file there is no index of this version.
    """
    path = index_dir / FILE_NAME
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        connection = connect(path)
        make_tables(connection)
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        raise IndexMismatch(
            f"{path} cannot be written as an index ({error}); check the folder's permissions and "
            "free space, or name another folder with --index"
        ) from error
    store = _checked(Store(connection, path))
    if store.generation:
        store.verify()  # a change would seal the damage in
    return store


_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
    }
)
"""Errors of SQLite that say nothing about the file: a full disk, a lock, missing permissions."""


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
        connection = connect_to_read(path)
        if not has_tables(connection):
            connection.close()
            raise _without_tables(path)
        store = _checked(Store(connection, path))
        if store.generation == 0:
            store.close()
            raise IndexMissing(
                f"the index in {index_dir} was never finished; run `python -m index build` again"
            )
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING:
            raise IndexMismatch(
                f"{path} cannot be opened ({error}); free some space, check the folder's permissions "
                "and whether another program holds the file, then try again: nothing is lost"
            ) from error
        raise IndexMismatch(
            f"{path} cannot be read ({error}); delete the file and run `python -m index build`, "
            "then add your own documents again"
        ) from error
    return store


def _without_tables(path: Path) -> IndexMissing | IndexMismatch:
    """Return the error for a file without tables: its first build was cut off, or it was emptied."""
    if any((path.parent / "derived").glob("*/manifest.json")):
        return IndexMismatch(
            f"{path} is empty, though an index was there: the file is damaged. Restore it from a "
            "backup, or delete it, run `python -m index build` and add your own documents again"
        )
    return IndexMissing(
        f"the index in {path.parent} was never finished; run `python -m index build` again"
    )


def _checked(store: Store) -> Store:
    found = store.meta("format")
    if found == str(FORMAT_VERSION):
        return store
    store.close()
    told = f"{store.path} is an index of format {found or 'unknown'}, this program reads format "
    if found and found.isdigit() and int(found) < FORMAT_VERSION:
        raise IndexOutdated(
            f"{told}{FORMAT_VERSION}; run `python -m index build`: it puts the old file aside and "
            "carries over the documents you added"
        )
    raise IndexMismatch(
        f"{told}{FORMAT_VERSION}; use the version of the program that made it, or move the file "
        "away and run `python -m index build`"
    )
