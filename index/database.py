"""The SQLite file of an index: its tables, and connections for writing and for reading."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexMismatch

FORMAT_VERSION = 3
"""Version of the tables and of the JSON inside them; another one is refused."""

FILE_NAME = "reports.sqlite"

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    doc_no INTEGER PRIMARY KEY AUTOINCREMENT, doc_id TEXT NOT NULL, live INTEGER NOT NULL,
    made_by TEXT NOT NULL, version TEXT NOT NULL,
    file_name TEXT NOT NULL, sha256 TEXT NOT NULL, added INTEGER NOT NULL, title TEXT NOT NULL,
    issuer TEXT NOT NULL, date TEXT NOT NULL, language TEXT NOT NULL, num_pages INTEGER NOT NULL,
    num_renderings INTEGER NOT NULL, edition_sha256 TEXT NOT NULL, summary TEXT NOT NULL,
    document TEXT NOT NULL, renderings TEXT NOT NULL, source BLOB NOT NULL
);
CREATE UNIQUE INDEX live_documents ON documents (doc_id) WHERE live = 1;
CREATE TABLE chunks (
    chunk_no INTEGER PRIMARY KEY, doc_no INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, chunk TEXT NOT NULL, checksum BLOB NOT NULL
);
CREATE UNIQUE INDEX chunks_by_document ON chunks (doc_no, ordinal);
CREATE TABLE views (
    view_no INTEGER PRIMARY KEY, doc_no INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL,
    checksum BLOB NOT NULL
);
CREATE UNIQUE INDEX views_by_document ON views (doc_no, ordinal, language);
CREATE TABLE seals (
    doc_no INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    num_chunks INTEGER NOT NULL, shown BLOB NOT NULL, document BLOB NOT NULL,
    renderings BLOB NOT NULL, source BLOB NOT NULL, chunks BLOB NOT NULL, views BLOB NOT NULL
);
"""
"""A document is live, or staged: written by a build that is not finished, and seen by no reader.
The rows of a document never change once it is live; a new version is another row, with another
`version`. `made_by` says which reader, analyzer and encoder made it. Checksums: `index.seals`."""


BUSY_TIMEOUT_S = 30
"""How long a writer waits for another one."""


def connect(path: Path) -> sqlite3.Connection:
    """Connect for reading and writing."""
    # The web page answers from several threads; each call uses the connection for one statement.
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_S
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten with zeros
    _distrust(connection)
    return connection


def _distrust(connection: sqlite3.Connection) -> None:
    """Let SQLite check cells before it reads them, and run nothing that the file's schema says."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Connect for reading; in a folder that cannot be written, without the files of WAL."""
    if os.access(path, os.W_OK, effective_ids=_EFFECTIVE) and os.access(
        path.parent, os.W_OK, effective_ids=_EFFECTIVE
    ):
        return connect(path)
    # Nobody can write there, so nothing changes under us.
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    _distrust(connection)
    return connection


_EFFECTIVE = os.access in os.supports_effective_ids


def has_tables(connection: sqlite3.Connection) -> bool:
    """Say whether there is an index in the file, finished or not."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'meta'"
    return connection.execute(query).fetchone() is not None


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables where there are none, in one step."""
    if has_tables(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    if not has_tables(connection):  # another process may have made them since we looked
        for statement in filter(str.strip, TABLES.split(";")):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT_VERSION),))
    connection.execute("COMMIT")


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn SQLite's errors while reading into one of the index.

    Raises:
        IndexMismatch: The file is damaged, or is being written for too long.
    """
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeDecodeError) as error:
        raise IndexMismatch(
            f"{path} cannot be read ({error}); `python -m index check` says what is damaged. Move the "
            "file away and run `python -m index build`, then add your own documents again"
        ) from error
