"""Open the index in a folder: for reading, or to be changed, making what is missing."""

import sqlite3
from pathlib import Path

from index.changing import Store
from index.database import (
    FILE_NAME,
    FORMAT_VERSION,
    connect,
    connect_to_read,
    has_tables,
    make_tables,
)
from index.errors import IndexMismatch, IndexMissing, IndexOutdated


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
