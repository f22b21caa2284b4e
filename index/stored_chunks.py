"""The chunks of an opened index, each made from its JSON when it is asked for.

A search gives a dozen of them; making all of a large shelf took most of the time of opening it.
"""

from collections.abc import Iterator, Mapping

from corpus.codec import from_json
from corpus.schema import Chunk


class StoredChunks(Mapping[str, Chunk]):
    """Chunks by id, in the order of ids. Every look-up makes an equal chunk anew."""

    def __init__(self, stored: Mapping[str, tuple[str, str]]) -> None:
        """Take doc_id and JSON of every chunk, by id, sorted."""
        self._stored = stored

    def __getitem__(self, chunk_id: str) -> Chunk:
        return from_json(Chunk, self._stored[chunk_id][1])

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def doc_id(self, chunk_id: str) -> str:
        """Return the document of a chunk, without making it.

        Raises:
            KeyError: No such chunk.
        """
        return self._stored[chunk_id][0]
