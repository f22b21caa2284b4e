"""The checksums in the store's tables: made and compared.

Chunks and views have theirs in a column. The table `seals` has, of every document, those of what the
shelf shows, of its content, its renderings and its file, and of the checksums of all its chunks and of
all its views in order; and how many chunks there are. The seal over these rows and the index's
description stands in `meta`; it covers what is live.
"""

import sqlite3
from collections.abc import Iterable

from index.checksums import Value, checksum

SHOWN = (
    "doc_no, doc_id, made_by, version, file_name, sha256, added, title, issuer, date, "
    "documents.language, num_pages, num_renderings, edition_sha256, summary"
)
"""The small columns of a document, in the order in which they are summed. `live` is not among them: it
changes, and the seal says which documents are."""

_SEAL = "seal"


def seal_document(
    connection: sqlite3.Connection, shown: tuple[Value, ...], document: str, renderings: str,
    source: bytes,
) -> None:  # fmt: skip
    """Put the seal of a document without chunks; `shown` as in `SHOWN`."""
    number = shown[0]
    sums = [checksum(shown), *(checksum((number, v)) for v in (document, renderings, source))]
    none = checksum(())
    connection.execute(
        "INSERT INTO seals VALUES (?, 0, ?, ?, ?, ?, ?, ?)", (number, *sums, none, none)
    )


def seal_parts(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Bring the seals of documents up to date after chunks or views of theirs were put."""
    for number in sorted(numbers):
        chunks, views = (_sums(connection, table, number) for table in ("chunks", "views"))
        connection.execute(
            "UPDATE seals SET num_chunks = ?, chunks = ?, views = ? WHERE doc_no = ?",
            (len(chunks), checksum(chunks), checksum(views), number),
        )


def _sums(connection: sqlite3.Connection, table: str, number: int) -> list[bytes]:
    order = "ordinal" if table == "chunks" else "ordinal, language"
    rows = connection.execute(
        f"SELECT checksum FROM {table} WHERE doc_no = ? ORDER BY {order}", (number,)
    )
    return [row[0] for row in rows]


def seal(connection: sqlite3.Connection) -> None:
    """Seal what is live and the index's description; the last step of a change."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_SEAL, _seal_of(connection)))


def is_sealed(connection: sqlite3.Connection) -> bool:
    """Say whether what is live, and the index's description, are what was sealed."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_SEAL,)).fetchone()
    return row is not None and row[0] == _seal_of(connection)


def _seal_of(connection: sqlite3.Connection) -> str:
    rows = connection.execute("SELECT * FROM meta WHERE key != ? ORDER BY key", (_SEAL,)).fetchall()
    # Without the index by doc_id: it may be damaged by itself.
    rows += connection.execute(
        "SELECT seals.* FROM documents NOT INDEXED LEFT JOIN seals USING (doc_no) WHERE live = 1 "
        "ORDER BY doc_no"
    ).fetchall()
    return checksum(value for row in rows for value in row).hex()


def damaged_parts(connection: sqlite3.Connection) -> set[str]:
    """Return the live documents of which a chunk or view is missing, changed or too many.

    Reads all of them.
    """
    damaged = set()
    live = connection.execute(
        "SELECT doc_no, doc_id, chunks, views FROM documents JOIN seals USING (doc_no) WHERE live = 1"
    ).fetchall()
    for number, doc_id, *expected in live:
        for table, columns, whole in (
            ("chunks", "ordinal, chunk", expected[0]),
            ("views", "ordinal, views.language, text, vector", expected[1]),
        ):
            rows = connection.execute(
                f"SELECT doc_no, {columns}, checksum FROM {table} WHERE doc_no = ? ORDER BY "
                + ("ordinal" if table == "chunks" else "ordinal, language"),
                (number,),
            ).fetchall()
            sums = [row[-1] for row in rows]
            if checksum(sums) != whole or any(checksum(row[:-1]) != row[-1] for row in rows):
                damaged.add(str(doc_id))
    return damaged
