"""Documents → a store: build from a folder, add files, remove documents.

A file that cannot be read is reported and stops nothing else. Documents that the user added stay
when the folder is built again. Every change of the index is one transaction.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.chunks import split_document
from corpus.editions.edition import (
    EDITIONS_DIR,
    edition_name,
    edition_sha256,
    load_edition,
    other_language,
)
from corpus.errors import DocumentError, EditionError
from corpus.loaders import READER_VERSION, document_id, list_files, read_document
from corpus.schema import BlockKind, Chunk, Document, Rendering
from index.encoder import Encoder
from index.errors import IndexMismatch
from index.schema import BuildSummary, Fingerprint, Refused, View
from index.store import Store, create_store, open_store
from index.terms import ANALYZER_VERSION

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, steps done, steps in all)."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A document with everything that is stored of it, but the vectors."""

    document: Document
    source: bytes
    added: bool
    renderings: tuple[Rendering, ...]
    edition_sha256: str
    chunks: tuple[Chunk, ...]
    views: tuple[View, ...]
    notes: tuple[str, ...]


def build_index(
    documents_dir: Path,
    index_dir: Path,
    encoder: Encoder,
    *,
    editions_dir: Path = EDITIONS_DIR,
    on_progress: Progress = no_progress,
) -> BuildSummary:
    """Make the index hold the folder's documents and the ones that the user added before.

    Files that have not changed are not read again, unless the reader, the analyzer or the encoder
    has changed; then everything is, the added documents from their stored bytes.

    Raises:
        NoDocuments: The folder holds nothing to read, or nothing could be read.
        IndexMismatch: The index there cannot be used or written.
    """
    files = list_files(documents_dir)
    with closing(create_store(index_dir)) as store:
        known = store.fingerprints()
        stale = _identity(encoder) != {key: store.meta(key) for key in _identity(encoder)}
        refused: list[Refused] = []
        reads: list[_Read] = []
        unchanged: list[str] = []
        kept_ids: set[str] = set()
        total = len(files) + sum(stored.added for stored in known.values())
        for done, (data, name, added) in enumerate(_sources(files, documents_dir, store)):
            on_progress("read", done, total)
            doc_id = document_id(name)
            if doc_id in kept_ids:
                refused.append(_same_id(name, doc_id))
                continue
            kept_ids.add(doc_id)
            if not stale and _is_current(doc_id, data, known, editions_dir):
                unchanged.append(doc_id)
                continue
            try:
                document = read_document(data, name)
            except DocumentError as error:
                refused.append(Refused(name, str(error)))
                if doc_id not in known:
                    continue
                # A bad new version never destroys the good old one.
                document = store.document(doc_id)
                data = store.source(doc_id)[1]
            reads.append(_prepare(document, data, added=added, editions_dir=editions_dir))
        if not reads and not unchanged:
            raise DocumentError(
                f"no document in {documents_dir} could be read: "
                + "; ".join(item.reason for item in refused)
            )
        gone = tuple(sorted(known.keys() - kept_ids))
        summary = _write(store, reads, gone, encoder, on_progress, force=stale)
    return replace(summary, unchanged=tuple(unchanged), refused=tuple(refused))


def add_documents(
    files: Sequence[tuple[str, bytes]],
    index_dir: Path,
    encoder: Encoder,
    *,
    editions_dir: Path = EDITIONS_DIR,
    on_progress: Progress = no_progress,
) -> BuildSummary:
    """Add files, given as (file name, bytes); the same name replaces the older version.

    Raises:
        IndexMismatch: The index was built by another version or encoder.
    """
    with closing(create_store(index_dir)) as store:
        _require_same_identity(store, encoder)
        known = store.fingerprints()
        reads: list[_Read] = []
        refused: list[Refused] = []
        unchanged: list[str] = []
        for done, (name, data) in enumerate(files):
            on_progress("read", done, len(files))
            doc_id = document_id(name)
            if any(read.document.doc_id == doc_id for read in reads):
                refused.append(_same_id(name, doc_id))
            elif _is_current(doc_id, data, known, editions_dir):
                unchanged.append(doc_id)
            else:
                try:
                    document = read_document(data, name)
                except DocumentError as error:
                    refused.append(Refused(Path(name).name, str(error)))
                    continue
                reads.append(_prepare(document, data, added=True, editions_dir=editions_dir))
        summary = _write(store, reads, (), encoder, on_progress, force=False)
    return replace(summary, unchanged=tuple(unchanged), refused=tuple(refused))


def remove_document(doc_id: str, index_dir: Path) -> BuildSummary:
    """Remove a document with everything made of it.

    Raises:
        IndexMissing: There is no index.
        DocumentError: There is no such document.
    """
    with closing(open_store(index_dir)) as store:
        known = store.fingerprints()
        if doc_id not in known:
            raise DocumentError(
                f"no document {doc_id!r} in {index_dir}; there are {', '.join(sorted(known))}"
            )
        with store.transaction():
            store.delete_document(doc_id)
            store.set_meta(generation=str(store.generation + 1))
    return BuildSummary(removed=(doc_id,))


def is_stale(documents_dir: Path, index_dir: Path, encoder: Encoder) -> bool:
    """Say whether `build_index` would change the index in a folder that holds one.

    Raises:
        IndexMissing: There is no index.
        IndexMismatch: It cannot be read.
    """
    with closing(open_store(index_dir)) as store:
        if _identity(encoder) != {key: store.meta(key) for key in _identity(encoder)}:
            return True
        known = store.fingerprints()
    folder = {document_id(path.name): path for path in list_files(documents_dir)}
    if {doc_id for doc_id, stored in known.items() if not stored.added} - folder.keys():
        return True
    return not all(
        _is_current(doc_id, path.read_bytes(), known, EDITIONS_DIR)
        for doc_id, path in folder.items()
    )


def _identity(encoder: Encoder) -> dict[str, str]:
    """Return what the stored chunks, terms and vectors depend on."""
    return {
        "encoder": encoder.name,
        "dim": str(encoder.dim),
        "reader": str(READER_VERSION),
        "analyzer": str(ANALYZER_VERSION),
    }


def _require_same_identity(store: Store, encoder: Encoder) -> None:
    wanted = _identity(encoder)
    found = {key: store.meta(key) for key in wanted}
    if store.generation and found != wanted:
        raise IndexMismatch(
            f"{store.path} was built with {found}, this program uses {wanted}; run "
            "`python -m index build` first (it keeps the documents you added)"
        )


def _sources(
    files: Sequence[Path], documents_dir: Path, store: Store
) -> Iterator[tuple[bytes, str, bool]]:
    """Yield (bytes, name, added) of the folder's files, then of the documents added before."""
    for path in files:
        yield path.read_bytes(), path.relative_to(documents_dir).as_posix(), False
    for doc_id, stored in sorted(store.fingerprints().items()):
        if stored.added:
            name, data = store.source(doc_id)
            yield data, name, True


def _is_current(
    doc_id: str, data: bytes, known: dict[str, Fingerprint], editions_dir: Path
) -> bool:
    if doc_id not in known:
        return False
    stored = known[doc_id]
    edition = editions_dir / edition_name(doc_id, stored.language)
    return stored.sha256 == hashlib.sha256(
        data
    ).hexdigest() and stored.edition_sha256 == edition_sha256(edition)


def _same_id(name: str, doc_id: str) -> Refused:
    return Refused(name, f"{name}: another file has the same name without ending ({doc_id})")


def _prepare(document: Document, data: bytes, *, added: bool, editions_dir: Path) -> _Read:
    notes = [f"{document.doc_id}: {item.what}: {item.reason}" for item in document.skipped]
    path = editions_dir / edition_name(document.doc_id, document.language)
    renderings: tuple[Rendering, ...] = ()
    try:
        edition = load_edition(document, path)
    except EditionError as error:
        edition = None
        notes.append(str(error))
    if edition is not None:
        renderings = edition.renderings
        if edition.missing or edition.stale:
            notes.append(
                f"{path.name}: {len(edition.missing)} units without a rendering, "
                f"{len(edition.stale)} entries whose original is not in the document"
            )
    chunks = tuple(split_document(document))
    return _Read(
        document=document,
        source=data,
        added=added,
        renderings=renderings,
        edition_sha256=edition_sha256(path),
        chunks=chunks,
        views=tuple(_views(document, chunks, renderings)),
        notes=tuple(notes),
    )


def _views(
    document: Document, chunks: Sequence[Chunk], renderings: Sequence[Rendering]
) -> Iterator[View]:
    """Yield what is indexed of each chunk: the original, and its rendering where there is one."""
    heading_texts = {document.text[item.start : item.end]: item.text for item in renderings}
    for chunk in chunks:
        context = f"{chunk.context}\n" if chunk.context else ""
        yield View(chunk.chunk_id, document.language, context + chunk.text)
        parts = [item.text for item in renderings if chunk.start <= item.start < chunk.end]
        if parts:
            above = [heading_texts.get(line, "") for line in chunk.context.split("\n")]
            text = "\n".join([*filter(None, above), " ".join(parts)])
            yield View(chunk.chunk_id, other_language(document.language), text)


_BATCH = 256  # views encoded between two reports of progress


def _write(
    store: Store,
    reads: Sequence[_Read],
    gone: Sequence[str],
    encoder: Encoder,
    on_progress: Progress,
    *,
    force: bool,
) -> BuildSummary:
    known = store.fingerprints()
    views = [view for read in reads for view in read.views]
    batches = [views[start : start + _BATCH] for start in range(0, len(views), _BATCH)]
    vectors = []
    for done, batch in enumerate(batches):
        on_progress("encode", done * _BATCH, len(views))
        vectors.append(encoder.encode_documents([view.text for view in batch]))
    if reads or gone or force:
        with store.transaction():
            for doc_id in gone:
                store.delete_document(doc_id)
            for read in reads:
                store.put_document(
                    read.document,
                    source=read.source,
                    added=read.added,
                    renderings=read.renderings,
                    edition_sha256=read.edition_sha256,
                )
                store.put_chunks(read.chunks)
            for batch, matrix in zip(batches, vectors, strict=True):
                store.put_views(batch, matrix)
            store.set_meta(generation=str(store.generation + 1), **_identity(encoder))
    on_progress("done", 1, 1)
    ids = [read.document.doc_id for read in reads]
    return BuildSummary(
        added=tuple(doc_id for doc_id in ids if doc_id not in known),
        replaced=tuple(doc_id for doc_id in ids if doc_id in known),
        removed=tuple(gone),
        num_pages=sum(len(read.document.pages) for read in reads),
        num_chunks=sum(len(read.chunks) for read in reads),
        num_tables=sum(
            block.kind is BlockKind.TABLE for read in reads for block in read.document.blocks
        ),
        notes=tuple(note for read in reads for note in read.notes),
    )
