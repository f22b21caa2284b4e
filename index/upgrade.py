"""An index of an older format: put aside, and the documents that the user had added carried over."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from index.database import FILE_NAME, FORMAT_VERSION
from index.place import Place

_ASIDE = "reports.format-{}.sqlite"


def set_aside(index_dir: Place) -> None:
    """Rename the file of an index of an older format, so that a new one can be built in its place.

    What was derived from it is deleted. Nothing happens to an index of this format, of a newer one
    or of none that can be told.
    """
    if not isinstance(index_dir, Path):
        return
    path = index_dir / FILE_NAME
    found = _format(path)
    if not 0 < found < FORMAT_VERSION:
        return
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file
    shutil.rmtree(index_dir / "derived", ignore_errors=True)
    path.replace(index_dir / _ASIDE.format(found))


def carried_over(index_dir: Place) -> Iterator[tuple[bytes, str, bool]]:
    """Yield (bytes, name, True) of what the user had added to the index that was put aside."""
    if not isinstance(index_dir, Path):
        return
    for version in range(FORMAT_VERSION - 1, 0, -1):
        path = index_dir / _ASIDE.format(version)
        if path.is_file():
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as old:
                # From format 2 on, a document may be staged: of a build that was never finished.
                columns = {row[1] for row in old.execute("PRAGMA table_info(documents)")}
                seen = "AND live = 1" if "live" in columns else ""
                rows = old.execute(
                    f"SELECT source, file_name FROM documents WHERE added = 1 {seen} ORDER BY doc_id"
                )
                for source, name in rows:
                    yield source, name, True
            return


def _format(path: Path) -> int:
    """Return the format of an index file, 0 where it cannot be told."""
    if not path.is_file():
        return 0
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    except sqlite3.Error:
        return 0
    return int(row[0]) if row and row[0].isdigit() else 0
