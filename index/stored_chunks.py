"""The chunks of an opened index, each read from the store when it is asked for.

A search gives a dozen of them; a shelf may hold a million.
"""

from collections.abc import Iterable, Iterator, Mapping

from corpus.chunks import chunk_id_of
from corpus.schema import Chunk
from index.schema import ShelfEntry
from index.stored import StoredIndex


class StoredChunks(Mapping[str, Chunk]):
    """Chunks by id, in the order of ids. Every look-up makes an equal chunk anew."""

    def __init__(self, store: StoredIndex, shelf: Iterable[ShelfEntry]) -> None:
        """Take the store that holds them and its shelf, sorted by id."""
        self._store = store
        self._counts = {entry.doc_id: entry.num_chunks for entry in shelf}

    def __getitem__(self, chunk_id: str) -> Chunk:
        return self._store.chunk(chunk_id)

    def __iter__(self) -> Iterator[str]:
        for doc_id, count in self._counts.items():
            yield from (chunk_id_of(doc_id, ordinal) for ordinal in range(count))

    def __len__(self) -> int:
        return sum(self._counts.values())
