"""What is stored of a document but its text: one row, read for all of them when an index is opened."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from corpus.schema import Chunk, Language
from index.errors import IndexMismatch
from index.milvus.connection import Milvus
from index.milvus.record import Record
from index.milvus.tables import DOCUMENTS
from index.schema import Fingerprint, ShelfEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A stored document, but its text."""

    revision: int
    doc_id: str
    file_name: str
    sha256: str
    edition_sha256: str
    added: bool
    title: str
    issuer: str
    date: str
    language: str
    languages: tuple[str, ...]
    """Of its views."""
    num_pages: int
    num_chunks: int
    num_views: int
    num_renderings: int
    num_terms: int
    """Terms of all its views together."""
    source_bytes: int

    def entry(self) -> ShelfEntry:
        """Return the document as a list shows it."""
        return ShelfEntry(
            doc_id=self.doc_id,
            file_name=self.file_name,
            title=self.title,
            issuer=self.issuer,
            date=self.date,
            language=Language(self.language),
            num_pages=self.num_pages,
            num_chunks=self.num_chunks,
            num_renderings=self.num_renderings,
            added=self.added,
        )

    def fingerprint(self) -> Fingerprint:
        """Return what it was made from."""
        return Fingerprint(
            self.sha256, self.edition_sha256, Language(self.language), added=self.added
        )

    def edges_differ(self, chunks: Sequence[Chunk]) -> bool:
        """Say whether chunks are missing."""
        return len(chunks) != self.num_chunks

    def to_json(self) -> str:
        """Write it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def read_heads(milvus: Milvus, record: Record) -> dict[str, Head]:
    """Return the documents of a state by doc_id, sorted.

    Raises:
        IndexMismatch: A row cannot be read.
    """
    condition = f'{record.condition(milvus.place.team)} and kind == "head"'
    heads = {}
    try:
        for row in milvus.iterate(DOCUMENTS, condition, ["data"]):
            values = json.loads(row["data"])
            head = Head(**{**values, "languages": tuple(values["languages"])})
            heads[head.doc_id] = head
    except (ValueError, TypeError, KeyError) as error:
        raise IndexMismatch(
            f"a document of {milvus.place} cannot be read ({error}); build or migrate the index again"
        ) from error
    return dict(sorted(heads.items()))
