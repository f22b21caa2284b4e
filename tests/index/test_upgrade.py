import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.build import add_documents, build_index, remove_document
from index.database import FILE_NAME, FORMAT_VERSION
from index.encoder import load_encoder
from index.errors import IndexMismatch, IndexOutdated
from index.store import open_store
from index.upgrade import carried_over, set_aside

ENCODER = load_encoder("hash")


@pytest.fixture
def old_index(tmp_path: Path) -> Path:
    """An index of format 1 with a document of the folder and one that the user added."""
    (tmp_path / "index" / "derived" / "1").mkdir(parents=True)
    with closing(sqlite3.connect(tmp_path / "index" / FILE_NAME)) as connection:
        connection.executescript(
            """
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE documents (doc_id TEXT PRIMARY KEY, file_name TEXT NOT NULL,
                added INTEGER NOT NULL, source BLOB NOT NULL) WITHOUT ROWID;
            INSERT INTO meta VALUES ('format', '1');
            """
        )
        rows = [
            ("shipped", "shipped.txt", 0, "旧的随附报告。".encode()),
            ("zeta", "zeta.txt", 1, "泽塔泵的价格为12美元。".encode()),
        ]
        connection.executemany("INSERT INTO documents VALUES (?, ?, ?, ?)", rows)
        connection.commit()
    return tmp_path / "index"


@pytest.fixture
def half_staged_index(tmp_path: Path) -> Path:
    """An index of format 2: two versions of an added document, and two that no reader ever saw."""
    (tmp_path / "index").mkdir()
    with closing(sqlite3.connect(tmp_path / "index" / FILE_NAME)) as connection:
        connection.executescript(
            """
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE documents (doc_no INTEGER PRIMARY KEY AUTOINCREMENT, doc_id TEXT NOT NULL,
                live INTEGER NOT NULL, file_name TEXT NOT NULL, added INTEGER NOT NULL,
                source BLOB NOT NULL);
            CREATE UNIQUE INDEX live_documents ON documents (doc_id) WHERE live = 1;
            INSERT INTO meta VALUES ('format', '2');
            """
        )
        rows = [
            ("shipped", 1, "shipped.txt", 0, "旧的随附报告。".encode()),
            ("zeta", 0, "zeta.txt", 1, b"The pump costs 99 dollars."),  # staged, never finished
            ("zeta", 1, "zeta.txt", 1, b"The pump costs 12 dollars."),
            ("staged", 0, "staged.txt", 1, b"Nobody saw this."),
        ]
        connection.executemany(
            "INSERT INTO documents (doc_id, live, file_name, added, source) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        connection.commit()
    return tmp_path / "index"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "shipped.txt").write_text("新的随附报告。", encoding="utf-8")
    return folder


def test_building_carries_over_what_the_user_had_added(old_index: Path, documents: Path) -> None:
    with pytest.raises(IndexOutdated, match=r"format 1.*index build"):
        open_store(old_index)
    assert set(build_index(documents, old_index, ENCODER).added) == {"shipped", "zeta"}
    with closing(open_store(old_index)) as store:
        added = {doc_id: stored.added for doc_id, stored in store.fingerprints().items()}
        assert added == {"shipped": False, "zeta": True}
        assert store.source("shipped")[1] == "新的随附报告。".encode()
    assert (old_index / "reports.format-1.sqlite").is_file()


def test_what_was_only_staged_is_not_carried_over(half_staged_index: Path, documents: Path) -> None:
    with pytest.raises(IndexOutdated, match=r"format 2.*index build"):
        open_store(half_staged_index)
    assert set(build_index(documents, half_staged_index, ENCODER).added) == {"shipped", "zeta"}
    with closing(open_store(half_staged_index)) as store:
        assert store.source("zeta")[1] == b"The pump costs 12 dollars."
    assert (half_staged_index / "reports.format-2.sqlite").is_file()


def test_what_was_removed_since_does_not_come_back(old_index: Path, documents: Path) -> None:
    build_index(documents, old_index, ENCODER)
    remove_document("zeta", old_index)
    build_index(documents, old_index, ENCODER)
    with closing(open_store(old_index)) as store:
        assert set(store.fingerprints()) == {"shipped"}


def test_a_build_that_was_cut_off_after_putting_aside_still_carries_over(old_index: Path) -> None:
    set_aside(old_index)
    assert [name for _, name, _ in carried_over(old_index)] == ["zeta.txt"]
    assert not (old_index / "derived").exists()


def test_an_index_of_this_format_or_a_newer_one_stays(tmp_path: Path, documents: Path) -> None:
    build_index(documents, tmp_path / "index", ENCODER)
    set_aside(tmp_path / "index")
    assert (tmp_path / "index" / FILE_NAME).is_file()
    with closing(sqlite3.connect(tmp_path / "index" / FILE_NAME)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", [FORMAT_VERSION + 1])
        connection.commit()
    with pytest.raises(IndexMismatch, match="version of the program that made it"):
        add_documents([("a.txt", b"A.")], tmp_path / "index", ENCODER)
    assert (tmp_path / "index" / FILE_NAME).is_file()
