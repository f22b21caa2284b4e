from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.changing import Store
from index.errors import IndexMismatch
from index.store import open_store
from index.stored_chunks import StoredChunks


@pytest.fixture
def store(index_dir: Path) -> Iterator[Store]:
    with closing(open_store(index_dir)) as opened:
        yield opened


def test_stored_chunks_are_those_that_were_stored_in_their_order(store: Store) -> None:
    stored = StoredChunks(store, store.shelf())
    chunks = store.chunks()
    assert list(stored.values()) == chunks
    assert list(stored) == sorted(chunk.chunk_id for chunk in chunks)
    assert len(stored) == len(chunks)


def test_only_what_is_asked_for_is_read(store: Store) -> None:
    chunks = store.chunks()
    store._connection.execute("UPDATE chunks SET chunk = '{' WHERE chunk_no = 1")
    stored = StoredChunks(store, store.shelf())
    unreadable = []
    for chunk in chunks:
        try:
            assert stored[chunk.chunk_id] == chunk
        except IndexMismatch:
            unreadable.append(chunk)
    assert len(unreadable) == 1


@pytest.mark.parametrize(
    "chunk_id", ["x#0000", "en_chips", "en_chips#9999", "en_chips#00000", "#", ""]
)
def test_an_unknown_chunk_is_a_key_error(store: Store, chunk_id: str) -> None:
    stored = StoredChunks(store, store.shelf())
    with pytest.raises(KeyError):
        stored[chunk_id]
    assert chunk_id not in stored
