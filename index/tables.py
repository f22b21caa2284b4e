"""The tables of the store's file, and files of an older format brought up to date."""

import sqlite3

from index import seals

FORMAT_VERSION = 2
"""Version of the tables and of the JSON inside them; another one is refused."""

# Format 1; what format 2 adds stands in `seals.add_checksums`, which an older file gets too.
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
CREATE INDEX chunks_by_document ON chunks (doc_id)
"""


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables where there are none, in one step."""
    if has_tables(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    if not has_tables(connection):  # another process may have made them since we looked
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('format', '1')")
        seals.add_checksums(connection, FORMAT_VERSION)
    connection.execute("COMMIT")


def has_tables(connection: sqlite3.Connection) -> bool:
    """Say whether there is an index in the file, finished or not."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'meta'"
    return connection.execute(query).fetchone() is not None


def upgrade(connection: sqlite3.Connection) -> None:
    """Give an index of format 1, which has no checksums, its checksums, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        if found == ("1",):  # another process may have done it since we looked
            seals.add_checksums(connection, FORMAT_VERSION)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def sqlite_problems(connection: sqlite3.Connection) -> list[str]:
    """Return what SQLite itself finds wrong with the file; an empty list when nothing is."""
    try:
        rows = connection.execute("PRAGMA integrity_check").fetchall()
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    problems = [row[0] for row in rows if row[0] != "ok"]
    return problems + [f"row without its parent: {row}" for row in orphans]
