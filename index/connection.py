"""SQLite as the store uses it: how it is opened, and its errors as errors of the index."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexMismatch

BUSY_S = 30.0
"""How long one writer waits for another."""


def connect(path: Path) -> sqlite3.Connection:
    """Connect for reading and writing, making the file when it is missing."""
    # The web page answers from several threads; each call uses the connection for one statement.
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=BUSY_S
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten with zeros
    _distrust(connection)
    return connection


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


def _distrust(connection: sqlite3.Connection) -> None:
    """Let SQLite check cells before it reads them, and run nothing that the file's schema says."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


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


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn SQLite's errors while writing into one of the index.

    Raises:
        IndexMismatch: The disk is full, the folder cannot be written, or another is writing.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise IndexMismatch(
            f"{path} cannot be written ({error}); the index is as it was. Check the folder's "
            "permissions and free space, and that no other program is changing the index"
        ) from error
