"""What can go wrong with a Milvus, and the traps of Milvus Lite 3.2."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("pymilvus")

from index.__main__ import main
from index.build import add_documents, build_index, remove_document
from index.encoder import HashEncoder
from index.errors import IndexMismatch, IndexMissing, StoreError
from index.milvus import connection
from index.milvus.connection import connect, disconnect
from index.milvus.record import RECORDS, Lease, read_record
from index.milvus.store import create_milvus_store, open_milvus_store
from index.milvus.tables import DOCUMENTS, record_row, views_of
from index.opened import open_index, open_store
from index.place import MilvusPlace
from tests.milvus_server import run_milvus

ROOT = Path(__file__).resolve().parents[2]
DIM = HashEncoder().dim


def count_rows(place: MilvusPlace) -> tuple[int, int]:
    """Count the rows that are there, whether a record speaks of them or not."""
    team = f'team == "{place.team}"'
    return tuple(connect(place).count(name, team) for name in (DOCUMENTS, views_of(DIM)))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusPlace]:
    """A Milvus as other processes see it."""
    with run_milvus(tmp_path_factory.mktemp("server")) as place:
        yield place


def test_an_unreachable_milvus_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(connection, "_CONNECT_S", 0.5)
    monkeypatch.setenv("RAG_STORE_TOKEN", "root:secret")
    with socket.socket() as closed:  # bound and not listening: nobody else gets this port
        closed.bind(("127.0.0.1", 0))
        uri = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(StoreError, match=r"127\.0\.0\.1.*check that it runs"):
            open_store(MilvusPlace(uri=uri, folder=tmp_path))
        assert main(["list", "--index", f"milvus:{uri}"]) == 1
        monkeypatch.setenv("RAG_STORE", f"milvus:{uri}")
        assert main(["list"]) == 1
    said = capsys.readouterr().err
    assert said.count("错误 / Error: milvus:http://127.0.0.1") == 2
    assert "secret" not in said


@pytest.mark.parametrize(
    ("version", "is_supported"),
    [("2.3.22", False), ("v2.4.0", False), ("v2.5.0", True), ("2.6.4-dev", True), ("3.0.1", True),
     ("?", False), ("milvus_lite-2.4", False), ("milvus_lite-3.2.2", True)],
)  # fmt: skip
def test_old_versions_are_refused(
    milvus: MilvusPlace, version: str, is_supported: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pymilvus import MilvusClient

    monkeypatch.setattr(MilvusClient, "get_server_version", lambda self: version)
    # A file is one of Milvus Lite, which has other versions than a server.
    monkeypatch.setattr(MilvusPlace, "is_lite", "lite" in version)
    monkeypatch.setattr(connection, "_open_client", lambda place: MilvusClient(place.uri))
    if is_supported:
        assert connect(milvus)
    else:
        with pytest.raises(StoreError, match=r"2\.5 or newer.*nothing was changed"):
            connect(milvus)
    monkeypatch.undo()
    disconnect(milvus)


def test_without_the_client_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(StoreError, match=r"pip install -r requirements-milvus\.txt"):
        connect(MilvusPlace(uri="http://127.0.0.1:9", folder=tmp_path))


def test_reading_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    place = MilvusPlace(uri=str(tmp_path / "none.db"), folder=tmp_path)
    with pytest.raises(IndexMissing, match="index migrate"):
        open_store(place)
    assert list(tmp_path.iterdir()) == []


def test_a_second_process_is_told_why_it_cannot_open_a_file(
    milvus: MilvusPlace, capfd: pytest.CaptureFixture[str]
) -> None:
    open_store(milvus).close()
    command = [sys.executable, "-m", "index", "list", "--index", f"milvus:{milvus.uri}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "one process at a time" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("damage", ["cut", "gone", "empty"])
def test_a_damaged_manifest_is_refused_and_costs_no_data(milvus: MilvusPlace, damage: str) -> None:
    (views,) = Path(milvus.uri).glob("collections/reports_views_*")
    for path in views.glob("manifest.json*"):
        if damage == "gone":
            path.unlink()
        else:
            data = path.read_bytes()
            path.write_bytes(data[: len(data) // 2] if damage == "cut" else b"")
    before = sorted(views.rglob("*.parquet"))
    assert before
    with pytest.raises(IndexMismatch, match=r"manifest\.json.*was not opened.*copy"):
        open_store(milvus)
    assert sorted(views.rglob("*.parquet")) == before


@pytest.mark.parametrize(
    "collection", ["reports_views_512", "reports_records", "reports_documents"]
)
def test_a_collection_that_is_silently_empty_is_refused(
    milvus: MilvusPlace, collection: str
) -> None:
    """A manifest that can be read and says that nothing is there; Milvus Lite believes it."""
    folder = Path(milvus.uri) / "collections" / collection
    for path in folder.glob("manifest.json*"):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        for files in manifest["partitions"].values():
            files["data_files"] = files["delta_files"] = []
        path.write_text(json.dumps(manifest), encoding="utf-8")
    for path in folder.glob("wal/*"):
        path.unlink()
    with pytest.raises(IndexMismatch, match=r"have been lost|has lost|documents.*the record says"):
        open_store(milvus)
    with pytest.raises(IndexMismatch):
        open_index(milvus, HashEncoder())


def test_a_file_of_the_old_milvus_lite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(b"SQLite format 3\0")
    with pytest.raises(IndexMismatch, match="Milvus Lite 2"):
        open_store(MilvusPlace(uri=str(path), folder=tmp_path))
    assert path.read_bytes() == b"SQLite format 3\0"


def test_lost_rows_are_found(milvus: MilvusPlace) -> None:
    store = open_milvus_store(milvus)
    assert store.check() == []
    revision = store.heads()["en_chips"].revision
    connect(milvus).delete(DOCUMENTS, f'revision == {revision} and kind == "source"')
    assert any("en_chips (source)" in problem for problem in store.check())
    connect(milvus).delete(views_of(DIM), f"revision == {revision}")
    assert any("views" in problem for problem in store.check())
    assert any("en_chips: chunks are missing" in problem for problem in store.check())
    with pytest.raises(IndexMismatch, match="views, its record says"):
        open_store(milvus)


def test_another_format_is_refused_and_nothing_is_lost(milvus: MilvusPlace) -> None:
    store = open_milvus_store(milvus)
    before = count_rows(milvus)
    later = json.dumps({"format": 99})
    connect(milvus).upsert(RECORDS, record_row(milvus, milvus.team, later))
    for opening in (open_store, create_milvus_store):
        with pytest.raises(IndexMismatch, match="format 99"):
            opening(milvus)
    with pytest.raises(IndexMismatch, match="format 99"):
        add_documents([("mine.txt", b"Text.")], milvus, HashEncoder())
    assert count_rows(milvus) == before
    store.close()


def test_teams_are_apart(milvus: MilvusPlace) -> None:
    encoder, other = HashEncoder(), HashEncoder(dim=64)
    macro = replace(milvus, team="macro")
    with pytest.raises(IndexMissing, match="macro"):
        open_store(macro)
    add_documents([("en_chips.md", b"The macro team has its own report on chips.")], macro, encoder)
    tiny = replace(milvus, team="tiny")
    add_documents([("ferries.txt", b"Ferries of the tiny team.")], tiny, other)
    assert {item.chunk.doc_id for item in open_index(macro, encoder).search("chips", top_k=9)} == {
        "en_chips"
    }
    assert "macro team" in open_index(macro, encoder).document("en_chips").text
    assert "macro team" not in open_index(milvus, encoder).document("en_chips").text
    assert [entry.doc_id for entry in open_index(tiny, other).shelf] == ["ferries"]
    remove_document("en_chips", macro)
    assert "en_chips" in {entry.doc_id for entry in open_index(milvus, encoder).shelf}
    for place in (milvus, macro, tiny):
        with closing(open_store(place)) as store:
            assert store.check() == []


def test_another_kind_of_dense_index_finds_the_same(
    tmp_path: Path, documents_dir: Path, milvus: MilvusPlace
) -> None:
    place = MilvusPlace(uri=str(tmp_path / "hnsw.db"), folder=tmp_path, dense_index="HNSW")
    build_index(documents_dir, place, HashEncoder())
    found, expected = (
        open_index(one, HashEncoder()).search("ferry charging", top_k=3) for one in (place, milvus)
    )
    assert [item.chunk for item in found] == [item.chunk for item in expected]
    disconnect(place)


KILLED = """
import os, signal, sys
from pathlib import Path
from index.build import add_documents
from index.encoder import HashEncoder
from index.milvus import draft, record
from index.place import MilvusPlace
from tests.milvus_server import run_milvus
def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "rows":
    draft.Draft._write_vocabularies = die  # the rows of the document are written
else:
    import index.milvus.store as store
    store.publish = die  # everything is written, but that it counts
place = MilvusPlace(uri=sys.argv[1], folder=Path("."))
add_documents([("mine.txt", b"Quokkas smile."), ("en_chips.md", b"Chips.")], place, HashEncoder())
"""


@pytest.mark.parametrize("moment", ["rows", "record"])
def test_a_killed_writer_leaves_what_was_there(milvus: MilvusPlace, moment: str) -> None:
    encoder = HashEncoder()
    expected = open_index(milvus, encoder).search("export controls", top_k=5)
    rows = count_rows(milvus)
    disconnect(milvus)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, milvus.uri, moment],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    index = open_index(milvus, encoder)
    assert index.search("export controls", top_k=5) == expected
    assert index.generation == 1
    assert count_rows(milvus) > rows  # what the killed one left
    assert add_documents([("mine.txt", b"Quokkas smile.")], milvus, encoder).added == ("mine",)
    remove_document("mine", milvus)
    with closing(create_milvus_store(milvus)) as store:
        with store.transaction():
            store.drop_staged()
        with store.transaction():  # deletes what the ones before have retired
            store.set_meta(note="swept")
        assert store.check() == []
    assert count_rows(milvus)[1] == rows[1]


def test_only_one_process_writes_at_a_time(
    server: MilvusPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = replace(server, team="lease")
    encoder = HashEncoder()
    add_documents([("mine.txt", b"Version one.")], place, encoder)
    other = Lease(connect(place))
    other.ensure()
    with pytest.raises(StoreError, match=r"written by another process.*seconds"):
        add_documents([("mine.txt", b"Version two.")], place, encoder)
    assert "one" in open_index(place, encoder).document("mine").text
    now = time.time()
    monkeypatch.setattr("index.milvus.record.time.time", lambda: now + 1000)  # it has been killed
    assert add_documents([("mine.txt", b"Version two.")], place, encoder).replaced == ("mine",)
    with pytest.raises(StoreError, match="came first; nothing was changed"):
        other.require()
    other.give_back()
    assert "two" in open_index(place, encoder).document("mine").text


def test_a_writer_that_lost_its_lease_publishes_nothing(server: MilvusPlace) -> None:
    place = replace(server, team="late")
    encoder = HashEncoder()
    add_documents([("mine.txt", b"Version one.")], place, encoder)

    with closing(create_milvus_store(place)) as store:
        before = read_record(connect(place))
        with pytest.raises(StoreError, match="came first"), store.transaction():  # noqa: PT012
            store.delete_document("mine")
            store.set_meta(generation="2")
            connect(place).upsert(
                RECORDS,
                record_row(place, f"{place.team}/lease",
                           json.dumps({"holder": "another", "until": time.time() + 100})),
            )  # fmt: skip
        assert read_record(connect(place)) == before
    assert open_index(place, encoder).document("mine")


def test_a_restarted_server_is_used_again(tmp_path: Path, milvus: MilvusPlace) -> None:
    """After a restart no collection is loaded, which a search would fail on (code 101)."""
    expected = open_index(milvus, HashEncoder()).search("ferry", top_k=3)
    disconnect(milvus)
    moved = replace(milvus, uri=str(tmp_path / "moved.db"))
    shutil.copytree(milvus.uri, moved.uri)
    assert open_index(moved, HashEncoder()).search("ferry", top_k=3) == expected
    disconnect(moved)


def test_the_token_is_sent_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pymilvus

    sent = {}

    class Refusing:
        def __init__(self, **arguments: object) -> None:
            sent.update(arguments)
            raise pymilvus.MilvusException(message="auth check failure")

    monkeypatch.setattr(pymilvus, "MilvusClient", Refusing)
    monkeypatch.setenv("RAG_STORE_TOKEN", "root:secret")
    with pytest.raises(StoreError, match="auth check failure") as refused:
        connect(MilvusPlace(uri="https://milvus.example:443", folder=tmp_path))
    assert sent["token"] == "root:secret"
    assert "secret" not in str(refused.value)
    assert os.environ["RAG_STORE_TOKEN"]
