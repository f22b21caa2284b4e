import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.chunks import split_document
from corpus.loaders import read_document
from corpus.schema import Document, Language, Rendering
from index.changing import Store
from index.database import FILE_NAME, FORMAT_VERSION
from index.errors import IndexMismatch, IndexMissing
from index.schema import NewDocument, View
from index.store import create_store, open_store
from tests.tiny_corpus import EN_FERRIES, ZH_STORAGE

DIM = 4


@pytest.fixture
def zh() -> Document:
    return read_document(ZH_STORAGE.encode(), "zh_storage.txt")


@pytest.fixture
def en() -> Document:
    return read_document(EN_FERRIES.encode(), "en_ferries.txt")


def put(store: Store, document: Document, *, added: bool = False) -> None:
    """Store a document with its chunks, one view each, and a vector of ones."""
    chunks = split_document(document)
    views = [View(chunk.chunk_id, document.language, chunk.text) for chunk in chunks]
    with store.transaction():
        store.put_document(
            NewDocument(
                document,
                source=b"as given",
                added=added,
                renderings=(Rendering(0, 2, "rendered"),),
                edition_sha256="e",
            )
        )
        store.put_chunks(chunks)
        store.put_views(views, np.ones((len(views), DIM), dtype=np.float32))
        store.set_meta(generation=str(store.generation + 1))


def damage(index_dir: Path, statement: str) -> None:
    with closing(sqlite3.connect(index_dir / FILE_NAME)) as connection:
        connection.execute(statement)
        connection.commit()


def test_what_is_stored_comes_back(tmp_path: Path, zh: Document, en: Document) -> None:
    with closing(create_store(tmp_path)) as store:
        put(store, zh, added=True)
        put(store, en)
    with closing(open_store(tmp_path)) as store:
        assert store.document(zh.doc_id) == zh
        assert store.document(en.doc_id) == en
        assert store.source(zh.doc_id) == ("zh_storage.txt", b"as given")
        assert store.renderings(zh.doc_id) == (Rendering(0, 2, "rendered"),)
        assert store.chunks() == split_document(en) + split_document(zh)
        assert store.generation == 2
        assert store.check() == []


def test_the_shelf_is_sorted_and_says_what_was_added(
    tmp_path: Path, zh: Document, en: Document
) -> None:
    with closing(create_store(tmp_path)) as store:
        put(store, zh, added=True)
        put(store, en)
        shelf = store.shelf()
        fingerprints = store.fingerprints()
    assert [entry.doc_id for entry in shelf] == ["en_ferries", "zh_storage"]
    assert [entry.added for entry in shelf] == [False, True]
    assert shelf[1].language is Language.ZH
    assert shelf[1].num_chunks == len(split_document(zh))
    assert shelf[1].num_renderings == 1
    assert fingerprints["zh_storage"].sha256 == zh.sha256
    assert fingerprints["zh_storage"].added
    assert fingerprints["zh_storage"].edition_sha256 == "e"


def test_views_and_vectors_are_aligned_and_sorted(
    tmp_path: Path, zh: Document, en: Document
) -> None:
    with closing(create_store(tmp_path)) as store:
        put(store, zh)
        put(store, en)
        views, vectors = store.views(dim=DIM)
        keys = [(view.chunk_id, view.language.value) for view in views]
        assert keys == sorted(keys)
        assert vectors.shape == (len(views), DIM)
        assert vectors.dtype == np.float32
        with pytest.raises(IndexMismatch, match="index build"):
            store.views(dim=DIM + 1)


def test_a_document_replaces_the_one_with_its_id(tmp_path: Path, zh: Document) -> None:
    with closing(create_store(tmp_path)) as store:
        put(store, zh)
        first = store.chunks()
        put(store, zh)
        assert store.chunks() == first
        assert len(store.shelf()) == 1


def test_deleting_a_document_deletes_everything_made_of_it(
    tmp_path: Path, zh: Document, en: Document
) -> None:
    with closing(create_store(tmp_path)) as store:
        put(store, zh)
        put(store, en)
        assert store.delete_document(zh.doc_id)
        assert not store.delete_document(zh.doc_id)
        assert {chunk.doc_id for chunk in store.chunks()} == {en.doc_id}
        views, _ = store.views(dim=DIM)
        assert all(view.chunk_id.startswith(en.doc_id) for view in views)
        assert store.check() == []


def replace_all_and_be_interrupted(store: Store, old: Document, new: Document) -> None:
    with store.transaction():
        store.delete_document(old.doc_id)
        store.put_document(NewDocument(new, source=b"", added=False))
        store.set_meta(generation="99")
        raise KeyboardInterrupt


def test_an_error_inside_a_transaction_leaves_the_state_before_it(
    tmp_path: Path, zh: Document, en: Document
) -> None:
    with closing(create_store(tmp_path)) as store:
        put(store, zh)
        with pytest.raises(KeyboardInterrupt):
            replace_all_and_be_interrupted(store, zh, en)
    with closing(open_store(tmp_path)) as store:
        assert [entry.doc_id for entry in store.shelf()] == [zh.doc_id]
        assert store.generation == 1


def test_a_process_that_dies_in_a_transaction_leaves_the_state_before_it(
    tmp_path: Path, zh: Document, en: Document
) -> None:
    with closing(create_store(tmp_path)) as store:
        put(store, zh)
    dying = create_store(tmp_path)
    dying._connection.execute("BEGIN IMMEDIATE")
    dying.put_document(NewDocument(en, source=b"", added=False))
    dying._connection.interrupt()
    dying.close()  # without a COMMIT, as a killed process leaves it
    with closing(open_store(tmp_path)) as store:
        assert [entry.doc_id for entry in store.shelf()] == [zh.doc_id]


def test_a_reader_sees_one_state_while_another_writes(
    tmp_path: Path, zh: Document, en: Document
) -> None:
    with closing(create_store(tmp_path)) as writer:
        put(writer, zh)
        with closing(open_store(tmp_path)) as reader, writer.transaction():
            writer.put_document(NewDocument(en, source=b"", added=False))
            assert [entry.doc_id for entry in reader.shelf()] == [zh.doc_id]


def test_unknown_documents_are_key_errors(tmp_path: Path) -> None:
    with closing(create_store(tmp_path)) as store:
        with pytest.raises(KeyError, match="nowhere"):
            store.document("nowhere")
        with pytest.raises(KeyError, match="nowhere"):
            store.source("nowhere")
        assert store.renderings("nowhere") == ()


def test_a_missing_index_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python -m index build"):
        open_store(tmp_path)
    assert not (tmp_path / FILE_NAME).exists()


def test_an_unfinished_index_counts_as_missing(tmp_path: Path) -> None:
    create_store(tmp_path).close()
    with pytest.raises(IndexMissing, match="never finished"):
        open_store(tmp_path)


@pytest.mark.parametrize("opening", [open_store, create_store])
def test_another_format_is_refused_and_nothing_is_lost(
    index_dir: Path, opening: type[Store]
) -> None:
    damage(index_dir, f"UPDATE meta SET value = '{FORMAT_VERSION + 1}' WHERE key = 'format'")
    before = (index_dir / FILE_NAME).read_bytes()
    with pytest.raises(IndexMismatch, match="python -m index build"):
        opening(index_dir)
    assert (index_dir / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough " * 40])
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises((IndexMismatch, IndexMissing), match="index build"):
        open_store(tmp_path)


def test_a_damaged_file_is_refused_or_found_by_the_check(index_dir: Path) -> None:
    path = index_dir / FILE_NAME
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = b"\x00" * (len(data) - len(data) // 2)
    path.write_bytes(data)
    try:
        store = open_store(index_dir)
    except IndexMismatch:
        return
    with closing(store):
        assert store.check()
