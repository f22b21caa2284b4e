import pytest

from corpus.chunks import split_document
from corpus.codec import to_json
from corpus.loaders import read_document
from index.stored_chunks import StoredChunks
from tests.tiny_corpus import TINY_CORPUS


@pytest.fixture
def chunks() -> list:
    return [
        chunk
        for name, text in TINY_CORPUS.items()
        for chunk in split_document(read_document(text.encode(), name))
    ]


def test_stored_chunks_are_those_that_were_stored_in_their_order(chunks: list) -> None:
    stored = StoredChunks({chunk.chunk_id: (chunk.doc_id, to_json(chunk)) for chunk in chunks})
    assert list(stored.values()) == chunks
    assert len(stored) == len(chunks)
    assert [stored.doc_id(chunk.chunk_id) for chunk in chunks] == [c.doc_id for c in chunks]


def test_only_what_is_asked_for_is_read(chunks: list) -> None:
    whole = chunks[0]
    stored = StoredChunks({"broken#0000": ("broken", "{"), whole.chunk_id: ("", to_json(whole))})
    assert stored[whole.chunk_id] == whole
    with pytest.raises(ValueError, match=r"."):
        stored["broken#0000"]


def test_an_unknown_chunk_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        StoredChunks({}).doc_id("x#0000")
    assert "x#0000" not in StoredChunks({})
