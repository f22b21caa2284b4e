"""An index is copied as it is, between a folder and a Milvus."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index import migrate as module
from index.__main__ import main
from index.build import add_documents, remove_document
from index.encoder import HashEncoder, Vectors
from index.errors import IndexMismatch, IndexMissing
from index.migrate import migrate
from index.opened import ReportStore, open_index, open_store
from index.place import MilvusPlace, Place
from index.progress import Progress
from index.schema import Fingerprint, NewDocument
from tests.tiny_corpus import TINY_CORPUS

ROOT = Path(__file__).resolve().parents[2]
DOC_IDS = tuple(sorted(name.partition(".")[0] for name in TINY_CORPUS))


class QueriesOnly(HashEncoder):
    """Encodes no document: a migration has no need to."""

    def encode_documents(self, texts: list[str]) -> Vectors:
        raise AssertionError(f"{len(texts)} texts were to be encoded again")

    def encode_queries(self, texts: list[str]) -> Vectors:
        return HashEncoder().encode_documents(texts)


@pytest.fixture(params=["folder to milvus", "milvus to folder"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """A place with an index, and one of the other kind with none."""
    if request.param == "milvus to folder":
        yield request.getfixturevalue("milvus"), tmp_path / "target"
        return
    pytest.importorskip("pymilvus")
    from index.milvus.connection import disconnect

    target = MilvusPlace(uri=str(tmp_path / "target.db"), folder=tmp_path)
    yield request.getfixturevalue("index_dir"), target
    disconnect(target)


def assert_equal(source: Place, target: Place) -> None:
    """Compare all that two stores hold."""
    with closing(open_store(source)) as old, closing(open_store(target)) as new:
        assert new.shelf() == old.shelf()
        assert new.fingerprints() == old.fingerprints()
        assert new.check() == []
        dim = int(old.meta("dim"))
        assert [new.meta(key) for key in ("encoder", "dim", "reader", "analyzer")] == [
            old.meta(key) for key in ("encoder", "dim", "reader", "analyzer")
        ]
        for doc_id in old.fingerprints():
            assert new.document(doc_id) == old.document(doc_id)
            assert new.source(doc_id) == old.source(doc_id)
            assert new.renderings(doc_id) == old.renderings(doc_id)
            assert new.chunks(doc_id) == old.chunks(doc_id)
            views, vectors = old.views(dim=dim, documents=[doc_id])
            copied, others = new.views(dim=dim, documents=[doc_id])
            assert copied == views
            assert np.array_equal(others, vectors)


def test_a_copy_holds_the_same_and_finds_the_same(places: tuple[Place, Place]) -> None:
    source, target = places
    summary = migrate(source, target, QueriesOnly())
    assert (summary.copied, summary.kept, summary.removed) == (DOC_IDS, (), ())
    assert summary.same_top == 1.0
    assert summary.num_queries > 10
    assert_equal(source, target)
    again = migrate(source, target, QueriesOnly())
    assert (again.copied, again.kept) == ((), DOC_IDS)
    assert open_index(target, HashEncoder()).generation == 1


def stop_at(name: str) -> object:
    def on_progress(progress: Progress) -> None:
        if progress.name == name:
            raise KeyboardInterrupt

    return on_progress


def test_an_interrupted_copy_goes_on_where_it_stopped(
    places: tuple[Place, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = places
    monkeypatch.setattr(module, "_GROUP_CHUNKS", 1)
    with pytest.raises(KeyboardInterrupt):
        migrate(source, target, QueriesOnly(), on_progress=stop_at("zh_storage.txt"))
    with pytest.raises(IndexMissing):
        open_store(target)
    summary = migrate(source, target, QueriesOnly())
    assert summary.copied == DOC_IDS[2:]
    assert summary.kept == DOC_IDS[:2]
    assert_equal(source, target)


KILLED = """
import os, signal, sys
from index import migrate
copy, migrate._GROUP_CHUNKS = migrate._copy_document, 1
def die_there(old, new, fingerprint, doc_id):
    copy(old, new, fingerprint, doc_id)
    if doc_id == "zh_storage":
        os.kill(os.getpid(), signal.SIGKILL)
migrate._copy_document = die_there
from index.__main__ import main
main(["migrate", sys.argv[1], sys.argv[2]])
"""


def test_a_killed_copy_goes_on_where_it_stopped(
    index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    pytest.importorskip("pymilvus")
    from index.milvus.connection import disconnect

    monkeypatch.setenv("RAG_ENCODER", "hash")
    target = f"milvus:{tmp_path / 'target.db'}"
    command = [sys.executable, "-c", KILLED, str(index_dir), target]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert main(["migrate", str(index_dir), target]) == 0
    said = capsys.readouterr().out
    assert "2 份已复制/copied, 2 份已在/kept" in said
    assert "same top 5: " in said
    place = MilvusPlace(uri=str(tmp_path / "target.db"), folder=tmp_path)
    assert_equal(index_dir, place)
    disconnect(place)


def test_a_copy_is_brought_up_to_date_and_serves_meanwhile(
    places: tuple[Place, Place], encoder: HashEncoder
) -> None:
    source, target = places
    migrate(source, target, encoder)
    before = open_index(target, encoder)
    remove_document("en_chips", source)
    add_documents([("mine.txt", b"Quokkas smile."), ("zh_storage.txt", "储能。".encode())],
                  source, encoder)  # fmt: skip

    def on_progress(progress: Progress) -> None:
        if progress.stage == "copy":
            assert open_index(target, encoder).search("ferry", top_k=1) == expected

    expected = before.search("ferry", top_k=1)
    summary = migrate(source, target, encoder, on_progress=on_progress)
    assert summary.copied == ("mine", "zh_storage")
    assert summary.removed == ("en_chips",)
    assert not before.is_current()
    assert_equal(source, target)


def test_what_cannot_be_copied_is_said_and_nothing_is_changed(
    places: tuple[Place, Place], encoder: HashEncoder
) -> None:
    source, target = places
    with pytest.raises(IndexMissing):
        migrate(target, source, encoder)
    with pytest.raises(IndexMismatch, match="twice"):
        migrate(source, source, encoder)
    add_documents([("mine.txt", b"Quokkas smile.")], target, HashEncoder(dim=64))
    with pytest.raises(IndexMismatch, match=r"hash-64.*hash-512.*another place"):
        migrate(source, target, encoder)
    assert open_index(target, HashEncoder(dim=64)).search("quokkas", top_k=1)


def with_chunks_missing(
    old: ReportStore, new: ReportStore, fingerprint: Fingerprint, doc_id: str
) -> None:
    new.put_document(
        NewDocument(old.document(doc_id), source=old.source(doc_id)[1], added=fingerprint.added)
    )
    views, vectors = old.views(dim=int(old.meta("dim")), documents=[doc_id])
    first = views[0].chunk_id
    new.put_chunks(chunk for chunk in old.chunks(doc_id) if chunk.chunk_id == first)
    new.put_views(views[:1], vectors[:1])


def with_texts_exchanged(
    old: ReportStore, new: ReportStore, fingerprint: Fingerprint, doc_id: str
) -> None:
    new.put_document(
        NewDocument(old.document(doc_id), source=old.source(doc_id)[1], added=fingerprint.added)
    )
    new.put_chunks(old.chunks(doc_id))
    views, vectors = old.views(dim=int(old.meta("dim")), documents=[doc_id])
    places = [view.chunk_id for view in reversed(views)]
    moved = [
        type(view)(place, view.language, view.text)
        for place, view in zip(places, views, strict=True)
    ]
    new.put_views(moved, vectors)


@pytest.mark.parametrize(
    ("copy", "said"),
    [(with_chunks_missing, r"differs.*3 documents"), (with_texts_exchanged, "finds other chunks")],
)
def test_a_copy_that_differs_is_found(
    index_dir: Path, tmp_path: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch,
    copy: object, said: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(module, "_copy_document", copy)
    with pytest.raises(IndexMismatch, match=said):
        migrate(index_dir, tmp_path / "target", encoder)
