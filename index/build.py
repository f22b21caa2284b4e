"""Documents → a store: build from a folder, add files, remove documents.

A file that cannot be read is reported and stops nothing else. Documents that the user added stay
when the folder is built again. Every change of the index is one transaction.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path

from corpus.editions.edition import EDITIONS_DIR
from corpus.errors import DocumentError
from corpus.loaders import READER_VERSION, list_files
from corpus.reading.identity import document_id
from index.encoder import Encoder
from index.errors import IndexMismatch
from index.intake import How, Intake
from index.opened import ReportStore, create_store, open_store
from index.place import Place
from index.prepare import is_current
from index.progress import OnProgress, no_progress
from index.schema import BuildSummary
from index.terms import ANALYZER_VERSION
from index.upgrade import carried_over, set_aside


def build_index(  # noqa: PLR0913  (all but the first three have a default)
    documents_dir: Path,
    index_dir: Place,
    encoder: Encoder,
    *,
    editions_dir: Path = EDITIONS_DIR,
    password: str | None = None,
    on_progress: OnProgress = no_progress,
    workers: int | None = None,
) -> BuildSummary:
    """Make the index hold the folder's documents and the ones that the user added before.

    Files that have not changed are not read again, unless the reader, the analyzer or the encoder
    has changed; then everything is, the added documents from their stored bytes. A build that was
    interrupted goes on where it was; until it is finished, readers see the index before it. An
    index of an older format is put aside, and the documents added to it are read again.
    Passwords are not stored: an encrypted document that is to be read again without one stays as
    it was read before, and is among the refused.

    Args:
        documents_dir: The folder of documents.
        index_dir: Where the index lies.
        encoder: Makes the vectors.
        editions_dir: Where the renderings of documents lie.
        password: Opens the encrypted files among them.
        on_progress: Called with how far it has come.
        workers: How many processes read files; by default one per core, at most 4, and none
            beside this one for little work. The index is the same, whatever their number.

    Raises:
        NoDocuments: The folder holds nothing to read, or nothing could be read.
        IndexMismatch: The index there cannot be used or written.
        IndexUnwritable: The disk is full; the index is as it was before.
    """
    files = list_files(documents_dir)
    set_aside(index_dir)
    with closing(create_store(index_dir)) as store:
        identity = identity_of(encoder)
        stale = identity != {key: store.meta(key) for key in identity}
        how = How(encoder, identity, editions_dir, on_progress, password, workers)
        intake = Intake(store, how, stale=stale)
        known = store.fingerprints()
        older = [] if store.generation else list(carried_over(index_dir))
        intake.take(
            chain(_sources(files, documents_dir, store), older),
            [*_sizes(files, store), *(len(data) for data, _, _ in older)],
        )
        if intake.is_empty:
            raise DocumentError(
                f"no document in {documents_dir} could be read: "
                + "; ".join(item.reason for item in intake.refused)
            )
        gone = tuple(sorted(known.keys() - intake.taken))
        return intake.finish(gone=gone, clean=True)


def add_documents(  # noqa: PLR0913
    files: Sequence[tuple[str, bytes]],
    index_dir: Place,
    encoder: Encoder,
    *,
    editions_dir: Path = EDITIONS_DIR,
    password: str | None = None,
    on_progress: OnProgress = no_progress,
    workers: int | None = None,
) -> BuildSummary:
    """Add files; the same name replaces the older version, the same bytes change nothing.

    Args:
        files: (file name, bytes) of each.
        index_dir: Where the index lies; it is made when there is none.
        encoder: The one that the index was built with.
        editions_dir: Where the renderings of documents lie.
        password: Opens the encrypted files among them; it is stored nowhere.
        on_progress: Called with how far it has come.
        workers: How many processes read files, see `build_index`.

    Raises:
        IndexMismatch: The index was built by another version or encoder.
        IndexUnwritable: The disk is full; the index is as it was before.
    """
    with closing(create_store(index_dir)) as store:
        _require_same_identity(store, encoder)
        how = How(encoder, identity_of(encoder), editions_dir, on_progress, password, workers)
        intake = Intake(store, how, stale=False)
        sources = ((data, name, True) for name, data in files)
        intake.take(sources, [len(data) for _, data in files])
        return intake.finish()


def remove_document(doc_id: str, index_dir: Place) -> BuildSummary:
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


def is_stale(documents_dir: Path, index_dir: Place, encoder: Encoder) -> bool:
    """Say whether `build_index` would change the index in a folder that holds one.

    Raises:
        IndexMissing: There is no index.
        IndexMismatch: It cannot be read.
    """
    with closing(open_store(index_dir)) as store:
        if identity_of(encoder) != {key: store.meta(key) for key in identity_of(encoder)}:
            return True
        known = store.fingerprints()
    folder = {document_id(path.name): path for path in list_files(documents_dir)}
    if {doc_id for doc_id, stored in known.items() if not stored.added} - folder.keys():
        return True
    return not all(
        is_current(doc_id, path.read_bytes(), known, EDITIONS_DIR)
        for doc_id, path in folder.items()
    )


def identity_of(encoder: Encoder) -> dict[str, str]:
    """Return what the stored chunks, terms and vectors depend on."""
    return {
        "encoder": encoder.name,
        "dim": str(encoder.dim),
        "reader": str(READER_VERSION),
        "analyzer": str(ANALYZER_VERSION),
    }


def _require_same_identity(store: ReportStore, encoder: Encoder) -> None:
    wanted = identity_of(encoder)
    found = {key: store.meta(key) for key in wanted}
    if store.generation and found != wanted:
        raise IndexMismatch(
            f"{store.path} was built with {found}, this program uses {wanted}; run "
            "`python -m index build` first (it keeps the documents you added)"
        )


def _sources(
    files: Sequence[Path], documents_dir: Path, store: ReportStore
) -> Iterator[tuple[bytes, str, bool]]:
    """Yield (bytes, name, added) of the folder's files, then of the documents added before."""
    for path in files:
        yield path.read_bytes(), path.relative_to(documents_dir).as_posix(), False
    for doc_id, stored in sorted(store.fingerprints().items()):
        if stored.added:
            name, data = store.source(doc_id)
            yield data, name, True


def _sizes(files: Sequence[Path], store: ReportStore) -> list[int]:
    """Return the sizes in bytes of what `_sources` yields, in its order."""
    known = store.fingerprints()
    added = [store.source_size(doc_id) for doc_id in sorted(known) if known[doc_id].added]
    return [*(path.stat().st_size for path in files), *added]
