"""The checksums in the store's tables: made, compared, and added to an index that has none yet.

Chunks and views have theirs in a column. The table `seals` has four of every document: of what the
shelf shows, of its content, of its file (source), and of all its chunks and views (parts);
and how many chunks it has. The seal
over that table and the index's description stands in `meta`.
"""

import json
import sqlite3
from collections.abc import Collection

from index.checksums import checksum

SHOWN = "doc_id, file_name, sha256, added, title, issuer, date, language, num_pages, edition_sha256"
"""The columns of a document that a list shows, in the order in which they are summed."""

_SEAL = "seal"


def seal(connection: sqlite3.Connection, doc_ids: Collection[str]) -> None:
    """Bring the seals up to date after the chunks or views of documents have changed."""
    for doc_id in sorted(doc_ids):
        sums = connection.execute(
            "SELECT checksum FROM chunks WHERE doc_id = ? ORDER BY chunk_id", (doc_id,)
        ).fetchall()
        num_chunks = len(sums)
        sums += connection.execute(
            "SELECT views.checksum FROM chunks JOIN views USING (chunk_id) WHERE doc_id = ? "
            "ORDER BY chunk_id, language",
            (doc_id,),
        ).fetchall()
        parts = checksum(row[0] for row in sums)
        connection.execute(
            "UPDATE seals SET parts = ?, num_chunks = ? WHERE doc_id = ?",
            (parts, num_chunks, doc_id),
        )
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_SEAL, _seal_of(connection)))


def is_sealed(connection: sqlite3.Connection) -> bool:
    """Say whether the seals and the index's description are what was sealed."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_SEAL,)).fetchone()
    stored, sealed = (
        connection.execute(f"SELECT doc_id FROM {table} ORDER BY doc_id").fetchall()
        for table in ("documents", "seals")
    )
    return row is not None and row[0] == _seal_of(connection) and stored == sealed


def _seal_of(connection: sqlite3.Connection) -> str:
    rows = connection.execute("SELECT * FROM meta WHERE key != ? ORDER BY key", (_SEAL,)).fetchall()
    rows += connection.execute("SELECT * FROM seals ORDER BY doc_id").fetchall()
    return checksum(value for row in rows for value in row).hex()


def damaged_parts(connection: sqlite3.Connection) -> set[str]:
    """Return the documents of which a chunk or view is missing, or there too often."""
    sums: dict[str, list[bytes]] = {}
    for query in (
        "SELECT doc_id, checksum FROM chunks ORDER BY chunk_id",
        "SELECT doc_id, views.checksum FROM views LEFT JOIN chunks USING (chunk_id) "
        "ORDER BY views.chunk_id, language",
    ):
        for doc_id, found in connection.execute(query):
            sums.setdefault(str(doc_id), []).append(found)
    parts = dict(connection.execute("SELECT doc_id, parts FROM seals"))
    return {
        doc_id
        for doc_id in parts.keys() | sums.keys()
        if checksum(sums.get(doc_id, ())) != parts.get(doc_id)
    }


def damaged_rows(connection: sqlite3.Connection) -> set[str]:
    """Return the documents of which a chunk or view is not what its checksum says."""
    return {
        str(doc_id)
        for query in (
            "SELECT doc_id, checksum, chunk_id, doc_id, chunk FROM chunks",
            "SELECT doc_id, views.checksum, views.chunk_id, language, text, vector FROM views "
            "LEFT JOIN chunks USING (chunk_id)",
        )
        for doc_id, expected, *values in connection.execute(query)
        if checksum(values) != expected
    }


def documents_of(connection: sqlite3.Connection, chunk_ids: Collection[str]) -> set[str]:
    """Return the documents that chunks belong to."""
    rows = connection.execute(
        "SELECT DISTINCT doc_id FROM json_each(?) JOIN chunks ON chunk_id = json_each.value",
        (json.dumps(sorted(chunk_ids)),),
    )
    return {row[0] for row in rows}


def add_checksums(connection: sqlite3.Connection, version: int) -> None:
    """Add the columns and the table of checksums to the tables of format 1, and fill them."""
    connection.create_function("checksum_of", -1, lambda *values: checksum(values))
    for statement in (
        "ALTER TABLE chunks ADD COLUMN checksum BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE views ADD COLUMN checksum BLOB NOT NULL DEFAULT x''",
        "CREATE TABLE seals (doc_id TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE, "
        "shown BLOB NOT NULL, content BLOB NOT NULL, source BLOB NOT NULL, parts BLOB NOT NULL, "
        "num_chunks INTEGER NOT NULL"
        ") WITHOUT ROWID",
        "UPDATE chunks SET checksum = checksum_of(chunk_id, doc_id, chunk)",
        "UPDATE views SET checksum = checksum_of(chunk_id, language, text, vector)",
        f"INSERT INTO seals SELECT doc_id, checksum_of({SHOWN}), "
        "checksum_of(doc_id, document, renderings), checksum_of(doc_id, source), x'', 0 FROM documents",
    ):
        connection.execute(statement)
    connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(version),))
    seal(connection, [row[0] for row in connection.execute("SELECT doc_id FROM seals").fetchall()])
