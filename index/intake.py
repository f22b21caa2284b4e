"""Files into a store: read, encoded and staged bit by bit, then made live in one transaction.

What a build has staged when it is interrupted is found by the next one, which does not read those
files again. Readers see the state before until the last transaction.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.reading.identity import document_id
from index.encoder import Encoder
from index.opened import ReportStore
from index.prepare import Prepared, is_current, prepare
from index.progress import OnProgress, Progress, ReadingProgress, no_progress
from index.reading import Outcome, Task, num_workers, read_files
from index.schema import BuildSummary, FileSummary, NewDocument, Refused, Staged

_BATCH = 256  # views encoded between two reports of progress, and at least so many between commits


@dataclass(frozen=True, slots=True)
class How:
    """How files are taken in."""

    encoder: Encoder
    identity: Mapping[str, str]  # of the index: reader, analyzer and encoder
    editions_dir: Path
    on_progress: OnProgress
    password: str | None = None
    workers: int | None = None  # None: by the cores and the work


class Intake:
    """One change of an index. `take` the files, then `finish`."""

    def __init__(
        self, store: ReportStore, how: How, *, stale: bool, damaged: Collection[str] = ()
    ) -> None:
        """Prepare a change.

        Where the index is stale, files that have not changed are read too, and so are those of
        damaged documents.
        """
        self._store = store
        self._how = how
        self._made_by = json.dumps(dict(how.identity), sort_keys=True)
        self._stale = stale
        self._damaged = frozenset(damaged)
        self._known = store.fingerprints()
        self._left = store.staged(self._made_by)  # by a build that was interrupted
        self._pending: list[Prepared] = []
        self._files: list[tuple[int, FileSummary]] = []  # row and summary of what becomes live
        self.refused: list[Refused] = []
        self.unchanged: list[str] = []
        self.taken: set[str] = set()  # doc_ids of all files, whatever came of them

    def take(self, sources: Iterable[tuple[bytes, str, bool]], sizes: Sequence[int]) -> None:
        """Read files, given as (bytes, name, added) with their sizes, and stage what they hold."""
        progress = ReadingProgress(sizes, self._how.on_progress)
        workers = num_workers(self._how.workers, sum(sizes))
        for task, outcome in read_files(self._tasks(sources, progress), workers, progress):
            prepared = self._usable(task, outcome)
            if prepared is not None:
                self.put(prepared)

    def refuse(self, name: str, reason: str) -> None:
        """Note a file that cannot even be read; what was stored of it before stays."""
        self.refused.append(Refused(name, reason))
        self.taken.add(document_id(name))

    def put(self, prepared: Prepared) -> None:
        """Take a document in; it is staged with the next ones."""
        self._pending.append(prepared)
        if sum(len(item.views) for item in self._pending) >= _BATCH:
            self._stage()

    def _tasks(
        self, sources: Iterable[tuple[bytes, str, bool]], progress: ReadingProgress
    ) -> Iterator[Task]:
        """Yield the files that have to be read."""
        how = self._how
        for place, (data, name, added) in enumerate(sources):
            doc_id = document_id(name)
            if doc_id in self.taken:
                self.refused.append(_same_id(name, doc_id))
                continue
            self.taken.add(doc_id)
            is_whole = not self._stale and doc_id not in self._damaged
            if is_whole and is_current(doc_id, data, self._known, how.editions_dir):
                progress.start(place, name)
                self.unchanged.append(doc_id)
            elif self._is_staged(doc_id, data, added=added):
                progress.start(place, name)
                number, _, summary = self._left[doc_id]
                self._files.append((number, summary))
            else:
                yield Task(place, name, data, added, how.editions_dir, how.password)

    def _is_staged(self, doc_id: str, data: bytes, *, added: bool) -> bool:
        left = {key: stored for key, (_, stored, _) in self._left.items()}
        return (
            is_current(doc_id, data, left, self._how.editions_dir) and left[doc_id].added == added
        )

    def _usable(self, task: Task, outcome: Outcome) -> Prepared | None:
        """Return what is to be stored for a file; a bad new version never destroys the old one."""
        if isinstance(outcome, Prepared):
            return outcome
        self.refused.append(outcome)
        doc_id = document_id(task.name)
        if doc_id not in self._known or doc_id in self._damaged:
            return None
        if not self._stale:
            self.unchanged.append(doc_id)
            return None
        document, (_, data) = self._store.document(doc_id), self._store.source(doc_id)
        return prepare(document, data, added=task.added, editions_dir=task.editions_dir)

    def _stage(self, on_progress: OnProgress = no_progress) -> None:
        """Encode what is pending and write it where no reader sees it yet."""
        views = [view for item in self._pending for view in item.views]
        vectors = []
        for start in range(0, len(views), _BATCH):
            on_progress(Progress("encode", start, len(views), start / len(views)))
            texts = [view.text for view in views[start : start + _BATCH]]
            vectors.append(self._how.encoder.encode_documents(texts))
        with self._store.transaction():
            for item in self._pending:
                self._store.put_document(
                    NewDocument(
                        item.document,
                        source=item.source,
                        added=item.added,
                        renderings=item.renderings,
                        edition_sha256=item.edition_sha256,
                        staged=Staged(self._made_by, item.summary),
                    )
                )
                self._store.put_chunks(item.chunks)
                self._files.append((self._store.number(item.document.doc_id), item.summary))
            if views:
                self._store.put_views(views, np.concatenate(vectors))
        self._pending = []

    def finish(self, *, gone: Sequence[str] = (), clean: bool = False) -> BuildSummary:
        """Make the change live and say what it was.

        Args:
            gone: Documents that are removed with it.
            clean: Delete what other builds have left unfinished.

        Raises:
            IndexUnwritable: The disk is full; the index is as it was before.
            IndexMismatch: Another build has removed what this one had staged.
        """
        if self._pending:
            self._stage(self._how.on_progress)
        numbers = [number for number, _ in self._files]
        if numbers or gone or self._stale:
            with self._store.transaction():
                for doc_id in gone:
                    self._store.delete_document(doc_id)
                self._store.publish(numbers)
                if clean:
                    self._store.drop_staged()
                generation = str(self._store.generation + 1)
                self._store.set_meta(generation=generation, **self._how.identity)
        self._how.on_progress(Progress("done", 1, 1, 1.0))
        ids = [summary.doc_id for _, summary in self._files]
        return BuildSummary(
            added=tuple(doc_id for doc_id in ids if doc_id not in self._known),
            replaced=tuple(doc_id for doc_id in ids if doc_id in self._known),
            removed=tuple(gone),
            unchanged=tuple(self.unchanged),
            refused=tuple(self.refused),
            files=tuple(summary for _, summary in self._files),
        )

    @property
    def is_empty(self) -> bool:
        """Say whether no file at all could be used."""
        return not (self._pending or self._files or self.unchanged)


def _same_id(name: str, doc_id: str) -> Refused:
    return Refused(name, f"{name}: another file has the same name without ending ({doc_id})")
