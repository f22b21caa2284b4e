"""The truth on disk: one SQLite file with documents, chunks, renderings and vectors, to be changed.

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
from corpus.schema import Chunk, Language
from index import seals
from index.checksums import checksum
from index.database import BUSY_TIMEOUT_S
from index.errors import IndexMismatch, IndexUnwritable
from index.prepare import summary_of
from index.schema import FileSummary, Fingerprint, NewDocument, View
from index.stored import StoredIndex


class Store(StoredIndex):
    """One index on disk. Open it with `index.store`; close it after use."""

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

    def put_document(self, new: NewDocument) -> None:
        """Store a document without chunks, in place of the one with the same id.

        One that is staged is put beside that one, and takes its place when it is published.
        """
        document, staged, meta = new.document, new.staged, new.document.metadata
        if staged is None:
            self.delete_document(document.doc_id)
        self._changed |= staged is None
        shown = (
            document.doc_id,
            staged.made_by if staged else "",
            uuid.uuid4().hex,
            document.file_name,
            document.sha256,
            int(new.added),
            meta.title,
            meta.issuer,
            meta.date,
            document.language.value,
            len(document.pages),
            len(new.renderings),
            new.edition_sha256,
            to_json(staged.summary if staged else summary_of(document)),
        )
        content = (to_json(document), to_json(new.renderings), new.source)
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
