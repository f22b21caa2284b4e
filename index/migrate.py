"""An index from one place to another, as it is: nothing is read or encoded again.

Documents are copied some at a time, each group in one transaction, so a copy that was interrupted
goes on where it stopped. A new copy is no finished index until all of it is there.
"""

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from corpus.sentences import sentence_spans
from index.encoder import Encoder
from index.errors import IndexMismatch
from index.opened import OpenedIndex, ReportStore, create_store, open_index, open_store
from index.place import Place
from index.progress import OnProgress, Progress, no_progress
from index.schema import Fingerprint, NewDocument, ShelfEntry

_GROUP_CHUNKS = 2_000  # copied in one transaction, about
_NUM_QUERIES = 24
_QUERY_CHARS = 120
_TOP_K = 5
LEAST_SAME = 0.9
"""Share of the same best chunks from which a copy counts as one: a large Milvus searches vectors
by approximation."""

_IDENTITY = ("encoder", "dim", "reader", "analyzer")


@dataclass(frozen=True, slots=True)
class MigrationSummary:
    """What was copied, and how the copy compares."""

    copied: tuple[str, ...]  # doc_ids
    kept: tuple[str, ...]  # were there already
    removed: tuple[str, ...]
    num_chunks: int
    num_queries: int  # asked of both
    same_top: float  # mean share of the best chunks of one that the other has too, 0 to 1


def migrate(
    source: Place, target: Place, encoder: Encoder, *, on_progress: OnProgress = no_progress
) -> MigrationSummary:
    """Make the target hold what the source holds, and compare them.

    Args:
        source: A finished index.
        target: A place without one, or with one that was built alike; that one is brought up to
            date, and serves meanwhile.
        encoder: The one of the source, for the queries that compare; texts are not encoded.
        on_progress: Called with how far it has come.

    Raises:
        IndexMissing: There is no finished index at the source.
        IndexMismatch: The target holds another kind of index, or the copy differs.
        StoreError: A Milvus cannot be reached, or is being written by another process.
    """
    if source == target:
        raise IndexMismatch(f"{source} was named twice; give two places")
    with closing(open_store(source)) as old, closing(create_store(target)) as new:
        old.hold()
        _require_alike(old, new)
        copied, kept, removed = _copy(old, new, on_progress)
        _require_equal(old.shelf(), new.shelf(), target)
    first, second = open_index(source, encoder), open_index(target, encoder)
    queries = _sample_queries(first)
    same = _same_top(first, second, queries)
    if same < LEAST_SAME:
        raise IndexMismatch(
            f"{target} holds the same documents as {source}, but finds other chunks: of the best "
            f"{_TOP_K} of {len(queries)} queries {same:.0%} are the same, at least {LEAST_SAME:.0%} "
            "were expected; choose a finer index (?index=HNSW or FLAT), or build it there"
        )
    return MigrationSummary(copied, kept, removed, len(first.chunks), len(queries), same)


def _require_alike(old: ReportStore, new: ReportStore) -> None:
    wanted = {key: old.meta(key) for key in _IDENTITY}
    found = {key: new.meta(key) for key in _IDENTITY}
    if any(found.values()) and found != wanted:
        raise IndexMismatch(
            f"{new.path} holds an index built with {found}, {old.path} was built with {wanted}; "
            "name another place, or remove that index first"
        )


def _copy(
    old: ReportStore, new: ReportStore, on_progress: OnProgress
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    wanted, found = old.fingerprints(), new.fingerprints()
    todo = [entry for entry in old.shelf() if found.get(entry.doc_id) != wanted[entry.doc_id]]
    gone = sorted(found.keys() - wanted.keys())
    is_finished = bool(new.generation)
    identity = {key: old.meta(key) for key in _IDENTITY}
    done, total = 0, sum(entry.num_chunks for entry in todo)
    for group in _groups(todo):
        with new.transaction():
            for entry in group:
                share = done / max(1, total)
                on_progress(Progress("copy", done, total, share, entry.file_name))
                _copy_document(old, new, wanted[entry.doc_id], entry.doc_id)
                done += entry.num_chunks
            new.set_meta(**identity)
            if is_finished:
                new.set_meta(generation=str(new.generation + 1))
    if gone or not is_finished:
        with new.transaction():
            for doc_id in gone:
                new.delete_document(doc_id)
            new.set_meta(generation=str(new.generation + 1), **identity)
    on_progress(Progress("done", 1, 1, 1.0))
    copied = tuple(entry.doc_id for entry in todo)
    return copied, tuple(sorted(wanted.keys() - set(copied))), tuple(gone)


def _groups(entries: Sequence[ShelfEntry]) -> list[list[ShelfEntry]]:
    groups: list[list[ShelfEntry]] = []
    size = _GROUP_CHUNKS
    for entry in entries:
        if size + entry.num_chunks > _GROUP_CHUNKS:
            groups.append([])
            size = 0
        groups[-1].append(entry)
        size += entry.num_chunks
    return groups


def _copy_document(
    old: ReportStore, new: ReportStore, fingerprint: Fingerprint, doc_id: str
) -> None:
    new.put_document(
        NewDocument(
            old.document(doc_id),
            source=old.source(doc_id)[1],
            added=fingerprint.added,
            renderings=old.renderings(doc_id),
            edition_sha256=fingerprint.edition_sha256,
        )
    )
    new.put_chunks(old.chunks(doc_id))
    new.put_views(*old.views(dim=int(old.meta("dim")), documents=[doc_id]))


def _require_equal(old: Sequence[ShelfEntry], new: Sequence[ShelfEntry], target: Place) -> None:
    # An older version of the program stored no names of companies beside its documents.
    one, other = ({replace(entry, names=()) for entry in shelf} for shelf in (old, new))
    if one == other:
        return
    differing = {entry.doc_id for entry in one ^ other}
    raise IndexMismatch(
        f"{target} differs from what was copied in {len(differing)} documents "
        f"({', '.join(sorted(differing)[:5])}); run the same command again"
    )


def _sample_queries(index: OpenedIndex) -> list[str]:
    """Return sentences of chunks that are drawn with a fixed seed."""
    ids = list(index.chunks)
    drawn = random.Random(0).sample(ids, min(_NUM_QUERIES, len(ids)))
    queries = []
    for chunk_id in drawn:
        text = index.chunks[chunk_id].text
        start, end = next(iter(sentence_spans(text)), (0, len(text)))
        queries.append(text[start:end][:_QUERY_CHARS])
    return queries


def _same_top(first: OpenedIndex, second: OpenedIndex, queries: Sequence[str]) -> float:
    """Return the mean share of the best chunks of one index that are among those of the other."""
    shares = []
    for query in queries:
        one, other = (
            {item.chunk.chunk_id for item in index.search(query, top_k=_TOP_K)}
            for index in (first, second)
        )
        shares.append(len(one & other) / len(one) if one else float(not other))
    return sum(shares) / len(shares) if shares else 1.0
