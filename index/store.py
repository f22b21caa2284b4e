"""The truth on disk: one SQLite file with documents, chunks, renderings and vectors.

Every change is one transaction, so a crash leaves the state before or after it. Readers see one
state at a time (WAL). What is read is compared with its checksum (`index.checksums`). What FAISS and
the lexical search need is derived from here.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from corpus.codec import from_json, to_json
from corpus.schema import Chunk, Document, Language, Rendering
from index import seals
from index.checksums import Value, checksum
from index.connection import connect, connect_to_read, reading, writing
from index.errors import IndexMismatch, IndexMissing
from index.schema import Fingerprint, ShelfEntry, View
from index.tables import FORMAT_VERSION, has_tables, make_tables, sqlite_problems, upgrade

FILE_NAME = "reports.sqlite"


class Store:
    """One index on disk. Open it with `open_store` or `create_store`; close it after use."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path
        self._touched: set[str] = set()  # documents whose chunks or views this transaction changes

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside one step: all of them on success, none on an error.

        Raises:
            IndexMismatch: It cannot be written, or is damaged: a change would hide that.
        """
        with writing(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            self._touched.clear()
            try:
                self.verify()
                yield
                seals.seal(self._connection, self._touched)
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # an error of the disk may have rolled back already
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state: what others write meanwhile is not seen inside."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def verify(self) -> None:
        """Compare the index's description and the list of documents with their seal; fast.

        Raises:
            IndexMismatch: They are damaged.
        """
        with reading(self.path):
            if not seals.is_sealed(self._connection):
                raise self._damaged("the list of documents")

    def verify_parts(self) -> None:
        """Compare the list of chunks and views of every document with its seal.

        Raises:
            IndexMismatch: One is missing, or there too often.
        """
        with reading(self.path):
            damaged = seals.damaged_parts(self._connection)
        if damaged:
            raise self._damaged(f"the list of chunks of {', '.join(sorted(damaged))}")

    def damaged_parts(self) -> set[str]:
        """Return the documents of which a chunk or view is missing, changed or too many."""
        with reading(self.path):
            return seals.damaged_parts(self._connection) | seals.damaged_rows(self._connection)

    def stored_documents(self) -> dict[str, tuple[str, str]]:
        """Return the JSON of every document and of its renderings, by doc_id."""
        rows = self._rows(
            "SELECT doc_id, document, renderings, content FROM documents JOIN seals USING (doc_id)"
        )
        return {row[0]: self._content(row) for row in rows}

    def _content(self, row: Sequence[Value]) -> tuple[str, str]:
        """Return the JSON of a document and of its renderings from (doc_id, both, checksum)."""
        doc_id, *content, expected = row
        self._compare((doc_id, *content), expected, f"document {doc_id!r}")
        return str(content[0]), str(content[1])

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
        found = self.meta("generation") or "0"
        if not found.isdecimal():
            raise self._damaged("the number of the generation")
        return int(found)

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
        self._touched.add(document.doc_id)
        meta = document.metadata
        shown = (
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
        )
        content = (to_json(document), to_json(tuple(renderings)))
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*shown, *content, source),
        )
        sums = (
            checksum(shown),
            checksum((document.doc_id, *content)),
            checksum((document.doc_id, source)),
        )
        self._connection.execute(
            "INSERT INTO seals VALUES (?, ?, ?, ?, x'', 0)", (document.doc_id, *sums)
        )

    def put_chunks(self, chunks: Iterable[Chunk]) -> None:
        """Store chunks of documents that are there."""
        rows = [(chunk.chunk_id, chunk.doc_id, to_json(chunk)) for chunk in chunks]
        self._touched.update(row[1] for row in rows)
        self._connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?)", ((*row, checksum(row)) for row in rows)
        )

    def put_views(self, views: Sequence[View], vectors: np.ndarray) -> None:
        """Store what is indexed of chunks that are there; row i of the vectors is of views[i]."""
        pairs = zip(views, vectors.astype("<f4"), strict=True)
        rows = [(v.chunk_id, v.language.value, v.text, vector.tobytes()) for v, vector in pairs]
        self._touched.update(seals.documents_of(self._connection, {row[0] for row in rows}))
        self._connection.executemany(
            "INSERT INTO views VALUES (?, ?, ?, ?, ?)", ((*row, checksum(row)) for row in rows)
        )

    def delete_document(self, doc_id: str) -> bool:
        """Delete a document with all that was made of it; say whether it was there."""
        cursor = self._connection.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))
        self._touched.discard(doc_id)
        return cursor.rowcount > 0

    def shelf(self) -> list[ShelfEntry]:
        """Return the documents, sorted by id."""
        counts = dict(self._rows("SELECT doc_id, num_chunks FROM seals"))
        renderings = dict(self._rows("SELECT doc_id, json_array_length(renderings) FROM documents"))
        return [
            ShelfEntry(
                doc_id=row[0],
                file_name=row[1],
                title=row[4],
                issuer=row[5],
                date=row[6],
                language=Language(row[7]),
                num_pages=row[8],
                num_chunks=counts[row[0]],
                num_renderings=renderings[row[0]],
                added=bool(row[3]),
            )
            for row in self._shown()
        ]

    def fingerprints(self) -> dict[str, Fingerprint]:
        """Return what each document was made from, by doc_id."""
        return {
            row[0]: Fingerprint(row[2], row[9], Language(row[7]), added=bool(row[3]))
            for row in self._shown()
        }

    def _shown(self) -> list[tuple]:  # type: ignore[type-arg]
        """Return the columns of documents that are small, compared with their checksums, by id."""
        rows = self._rows(
            f"SELECT {seals.SHOWN}, seals.shown FROM documents JOIN seals USING (doc_id) "
            "ORDER BY doc_id"
        )
        found = []
        for row in rows:
            self._compare(row[:-1], row[-1], f"the entry of {row[0]}")
            found.append(row)
        return found

    def document(self, doc_id: str) -> Document:
        """Return a document; its text is what every offset counts in.

        Raises:
            KeyError: No such document.
        """
        return from_json(Document, self._stored(doc_id)[0])

    def renderings(self, doc_id: str) -> tuple[Rendering, ...]:
        """Return a document's units in the other language, in order."""
        try:
            return from_json(tuple[Rendering, ...], self._stored(doc_id)[1])
        except KeyError:
            return ()

    def _stored(self, doc_id: str) -> tuple[str, str]:
        row = self._one(
            "SELECT doc_id, document, renderings, content FROM documents JOIN seals USING (doc_id) "
            "WHERE doc_id = ?",
            (doc_id,),
        )
        if row is None:
            raise KeyError(doc_id)
        return self._content(row)

    def source(self, doc_id: str) -> tuple[str, bytes]:
        """Return the name and the bytes of the file that a document was read from.

        Raises:
            KeyError: No such document.
        """
        row = self._one(
            "SELECT doc_id, documents.source, seals.source, file_name FROM documents "
            "JOIN seals USING (doc_id) WHERE doc_id = ?",
            (doc_id,),
        )
        if row is None:
            raise KeyError(doc_id)
        self._compare(row[:2], row[2], f"the file of {doc_id}")
        return row[3], row[1]

    def source_size(self, doc_id: str) -> int:
        """Return how many bytes that file has, 0 for an unknown document."""
        row = self._one("SELECT length(source) FROM documents WHERE doc_id = ?", (doc_id,))
        return int(row[0]) if row else 0

    def chunks(self) -> list[Chunk]:
        """Return all chunks, sorted by id."""
        return [from_json(Chunk, chunk) for _, chunk in self.stored_chunks().values()]

    def stored_chunks(self) -> dict[str, tuple[str, str]]:
        """Return the document and the JSON of every chunk, by chunk_id, sorted."""
        chunks = {}
        for *row, expected in self._rows(
            "SELECT chunk_id, doc_id, chunk, checksum FROM chunks ORDER BY chunk_id"
        ):
            if checksum(row) != expected:
                raise self._damaged(f"chunk {row[0]!r}")
            chunks[row[0]] = (row[1], row[2])
        return chunks

    def views(self, *, dim: int) -> tuple[list[View], np.ndarray]:
        """Return all views sorted by chunk and language, and their vectors, (n_views, dim)."""
        views: list[View] = []
        vectors: list[bytes] = []
        for *row, expected in self._rows(
            "SELECT chunk_id, language, text, vector, checksum FROM views "
            "ORDER BY chunk_id, language"
        ):
            if checksum(row) != expected:
                raise self._damaged(f"what is indexed of chunk {row[0]!r}")
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
        return [f"{self.path}: {problem}" for problem in sqlite_problems(self._connection)]

    def _compare(self, values: Iterable[Value], expected: object, what: str) -> None:
        if checksum(values) != expected:
            raise self._damaged(what)

    def _damaged(self, what: str) -> IndexMismatch:
        return IndexMismatch(
            f"{self.path}: {what} is damaged, its checksum differs. `python -m index check` lists all "
            "damage; `python -m index build` reads damaged documents again"
        )

    def _rows(self, query: str) -> Iterator[tuple]:  # type: ignore[type-arg]
        with reading(self.path):
            for row in self._connection.execute(query):  # noqa: UP028  (it would close the cursor late)
                yield row

    def _one(self, query: str, values: tuple[str, ...]) -> tuple | None:  # type: ignore[type-arg]
        with reading(self.path):
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
        connection = connect(path)
        make_tables(connection)
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
    except sqlite3.Error as error:
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
    """Return a store of this format; one of the format before gets its checksums now."""
    found = store.meta("format")
    if found == "1":
        with writing(store.path):
            upgrade(store._connection)
        found = store.meta("format")
    if found != str(FORMAT_VERSION):
        store.close()
        raise IndexMismatch(
            f"{store.path} is an index of format {found or 'unknown'}, this program reads format "
            f"{FORMAT_VERSION}; move it away and run `python -m index build`, then add your own "
            "documents again (their files are in its table documents, column source)"
        )
    return store
