"""What is stored of a document but its text: one row, read for all of them when an index is opened."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from corpus.codec import from_json
from corpus.schema import Document, Language
from index.errors import IndexMismatch
from index.milvus.connection import Milvus
from index.milvus.tables import DOCUMENTS, plain_text
from index.schema import FileSummary, Fingerprint, ShelfEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A stored document, but its text."""

    revision: int
    dim: int  # of its vectors, 0 where it has none
    doc_id: str
    file_name: str
    sha256: str
    edition_sha256: str
    added: bool
    title: str
    issuer: str
    date: str
    language: str
    languages: tuple[str, ...]  # of its views
    num_pages: int
    num_chunks: int
    num_views: int
    num_renderings: int
    source_bytes: int
    made_by: str  # of one that was staged, see `index.schema.Staged`
    summary: str

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
            names=self.file_summary().names if self.summary else (),
        )

    def fingerprint(self) -> Fingerprint:
        """Return what it was made from."""
        language = Language(self.language)
        return Fingerprint(self.sha256, self.edition_sha256, language, added=self.added)

    def file_summary(self) -> FileSummary:
        """Return what was read of its file."""
        return from_json(FileSummary, self.summary)

    def to_json(self) -> str:
        """Write it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def head_of(document: Document, **others: object) -> Head:
    """Return the head of a document, with what it does not say of itself."""
    metadata = document.metadata
    return Head(
        doc_id=document.doc_id,
        file_name=document.file_name,
        sha256=document.sha256,
        title=metadata.title,
        issuer=metadata.issuer,
        date=metadata.date,
        language=document.language.value,
        num_pages=len(document.pages),
        **others,  # type: ignore[arg-type]
    )


def read_heads(milvus: Milvus, condition: str) -> Iterator[Head]:
    """Yield the documents whose rows meet a condition.

    Raises:
        IndexMismatch: A row cannot be read.
    """
    try:
        for row in milvus.iterate(DOCUMENTS, f'{condition} and kind == "head"', ["data"]):
            values = json.loads(plain_text(row["data"]))
            yield Head(**{**values, "languages": tuple(values["languages"])})
    except (ValueError, TypeError, KeyError) as error:
        raise IndexMismatch(
            f"a document of {milvus.place} cannot be read ({error}); build or migrate the index again"
        ) from error
