"""The SQLite file of an index: its tables, and connections for writing and for reading."""

import os
import sqlite3
from pathlib import Path

FORMAT_VERSION = 2
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
    ordinal INTEGER NOT NULL, chunk TEXT NOT NULL
);
CREATE UNIQUE INDEX chunks_by_document ON chunks (doc_no, ordinal);
CREATE TABLE views (
    view_no INTEGER PRIMARY KEY, doc_no INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE UNIQUE INDEX views_by_document ON views (doc_no, ordinal, language);
"""
"""A document is live, or staged: written by a build that is not finished, and seen by no reader.
The rows of a document never change once it is live; a new version is another row, with another
`version`. `made_by` says which reader, analyzer and encoder made it."""


def connect(path: Path) -> sqlite3.Connection:
    """Connect for reading and writing."""
    # The web page answers from several threads; each call uses the connection for one statement.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Connect for reading; in a folder that cannot be written, without the files of WAL."""
    if os.access(path, os.W_OK, effective_ids=_EFFECTIVE) and os.access(
        path.parent, os.W_OK, effective_ids=_EFFECTIVE
    ):
        return connect(path)
    # Nobody can write there, so nothing changes under us.
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


_EFFECTIVE = os.access in os.supports_effective_ids
