"""Documents → a store: build from a folder, add files, remove documents.

A file that cannot be read is reported and stops nothing else. Documents that the user added stay
when the folder is built again. Every change of the index is one transaction.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from corpus.editions.edition import EDITIONS_DIR
from corpus.errors import DocumentError, EncryptedDocument
from corpus.loaders import (
    READER_VERSION,
    TAKES_PASSWORD,
    ReadOptions,
    document_id,
    list_files,
    read_document,
)
from corpus.schema import Document
from index.encoder import Encoder
from index.errors import IndexMismatch
from index.integrity import damaged_documents
from index.prepare import Prepared, is_current, prepare
from index.progress import OnProgress, Progress, ReadingProgress, no_progress
from index.schema import BuildSummary, Refused
from index.store import Store, create_store, open_store
from index.terms import ANALYZER_VERSION


def build_index(
    documents_dir: Path,
    index_dir: Path,
    encoder: Encoder,
    *,
    editions_dir: Path = EDITIONS_DIR,
    password: str | None = None,
    on_progress: OnProgress = no_progress,
) -> BuildSummary:
    """Make the index hold the folder's documents and the ones that the user added before.

    Files that have not changed are not read again, unless the reader, the analyzer or the encoder
    has changed; then everything is, the added documents from their stored bytes. Passwords are not
    stored: an encrypted document that is to be read again without one stays as it was read before,
    and is among the refused.

    Args:
        documents_dir: The folder of documents.
        index_dir: Where the index lies.
        encoder: Makes the vectors.
        editions_dir: Where the renderings of documents lie.
        password: Opens the encrypted files among them.
        on_progress: Called with how far it has come.

    Raises:
        NoDocuments: The folder holds nothing to read, or nothing could be read.
        IndexMismatch: The index there cannot be used or written.
    """
    files = list_files(documents_dir)
    with closing(create_store(index_dir)) as store:
        store.verify()
        known = store.fingerprints()
        damaged = damaged_documents(store)
        stale = _identity(encoder) != {key: store.meta(key) for key in _identity(encoder)}
        refused: list[Refused] = []
        reads: list[Prepared] = []
        unchanged: list[str] = []
        kept_ids: set[str] = set()
        progress = ReadingProgress(_sizes(files, store), on_progress)
        for place, (data, name, added) in enumerate(_sources(files, documents_dir, store)):
            progress.start(place, name)
            doc_id = document_id(name)
            if doc_id in kept_ids:
                refused.append(_same_id(name, doc_id))
                continue
            kept_ids.add(doc_id)
            is_whole = not stale and doc_id not in damaged
            if is_whole and is_current(doc_id, data, known, editions_dir):
                unchanged.append(doc_id)
                continue
            document = _read(data, name, password, progress, refused)
            if document is None:
                if doc_id not in known or doc_id in damaged:
                    continue
                # A bad new version never destroys the good old one.
                document = store.document(doc_id)
                data = store.source(doc_id)[1]
            reads.append(prepare(document, data, added=added, editions_dir=editions_dir))
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
    password: str | None = None,
    on_progress: OnProgress = no_progress,
) -> BuildSummary:
    """Add files; the same name replaces the older version, the same bytes change nothing.

    Args:
        files: (file name, bytes) of each.
        index_dir: Where the index lies; it is made when there is none.
        encoder: The one that the index was built with.
        editions_dir: Where the renderings of documents lie.
        password: Opens the encrypted files among them; it is stored nowhere.
        on_progress: Called with how far it has come.

    Raises:
        IndexMismatch: The index was built by another version or encoder.
    """
    with closing(create_store(index_dir)) as store:
        _require_same_identity(store, encoder)
        known = store.fingerprints()
        reads: list[Prepared] = []
        refused: list[Refused] = []
        unchanged: list[str] = []
        progress = ReadingProgress([len(data) for _, data in files], on_progress)
        for place, (name, data) in enumerate(files):
            progress.start(place, name)
            doc_id = document_id(name)
            if any(read.document.doc_id == doc_id for read in reads):
                refused.append(_same_id(name, doc_id))
            elif is_current(doc_id, data, known, editions_dir):
                unchanged.append(doc_id)
            elif (document := _read(data, name, password, progress, refused)) is not None:
                reads.append(prepare(document, data, added=True, editions_dir=editions_dir))
        summary = _write(store, reads, (), encoder, on_progress, force=False)
    return replace(summary, unchanged=tuple(unchanged), refused=tuple(refused))


def _read(
    data: bytes,
    name: str,
    password: str | None,
    progress: ReadingProgress,
    refused: list[Refused],
) -> Document | None:
    """Read a file; None, with the reason in `refused`, when it cannot be read."""
    try:
        return read_document(data, name, ReadOptions(password, progress.on_page))
    except EncryptedDocument as error:
        needs_password = Path(name).suffix.lower() in TAKES_PASSWORD
        refused.append(Refused(Path(name).name, str(error), needs_password))
    except DocumentError as error:
        refused.append(Refused(Path(name).name, str(error)))
    return None


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
        is_current(doc_id, path.read_bytes(), known, EDITIONS_DIR)
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


def _sizes(files: Sequence[Path], store: Store) -> list[int]:
    """Return the sizes in bytes of what `_sources` yields, in its order."""
    known = store.fingerprints()
    added = [store.source_size(doc_id) for doc_id in sorted(known) if known[doc_id].added]
    return [*(path.stat().st_size for path in files), *added]


def _same_id(name: str, doc_id: str) -> Refused:
    return Refused(name, f"{name}: another file has the same name without ending ({doc_id})")


_BATCH = 256  # views encoded between two reports of progress


def _write(
    store: Store,
    reads: Sequence[Prepared],
    gone: Sequence[str],
    encoder: Encoder,
    on_progress: OnProgress,
    *,
    force: bool,
) -> BuildSummary:
    known = store.fingerprints()
    views = [view for read in reads for view in read.views]
    batches = [views[start : start + _BATCH] for start in range(0, len(views), _BATCH)]
    vectors = []
    for done, batch in enumerate(batches):
        share = done / len(batches)
        on_progress(Progress("encode", done * _BATCH, len(views), share))
        vectors.append(encoder.encode_documents([view.text for view in batch]))
    if reads or gone or force:
        with store.transaction():
            if not force:  # another process may have built it with another encoder since we looked
                _require_same_identity(store, encoder)
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
    on_progress(Progress("done", 1, 1, 1.0))
    ids = [read.document.doc_id for read in reads]
    return BuildSummary(
        added=tuple(doc_id for doc_id in ids if doc_id not in known),
        replaced=tuple(doc_id for doc_id in ids if doc_id in known),
        removed=tuple(gone),
        files=tuple(read.summary for read in reads),
    )
