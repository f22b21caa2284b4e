"""The same questions over the same index in a folder and in a Milvus, in one run.

The index is built in a folder and copied; so what differs is the search, not what is searched.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from eval.bench.process import percentile
from eval.bench.synthetic import write_shelf
from index.build import build_index
from index.migrate import migrate
from index.opened import open_index
from index.place import MilvusPlace, Place
from index.settings import DOCUMENTS_DIR
from rag.pipeline import Pipeline, encoder_of
from rag.settings import Settings

T = TypeVar("T")

_TOP_K = 5


@dataclass(frozen=True, slots=True)
class StoreRow:
    """One shelf in both places. Shares are of the questions, 0 to 1.

    Times are of the processor with Milvus Lite, which runs in this process; waited for with a server.
    """

    shelf: str
    chunks: int
    questions: int
    same_first: float
    same_top: float  # mean share of the best five of one that the other has too
    same_answers: float  # text, citations and status
    local_ms: float  # median of a search
    milvus_ms: float
    local_answer_ms: float
    milvus_answer_ms: float
    migrate_s: float


def compare_stores(
    questions: Sequence[str], sizes: Sequence[int], target: MilvusPlace | None
) -> Iterator[StoreRow]:
    """Yield a row for the reports that ship, and for each made-up shelf of so many chunks.

    Args:
        questions: Asked of both.
        sizes: Of the made-up shelves.
        target: A Milvus to copy to, each shelf as a team of its own; by default a file of Milvus
            Lite that is deleted afterwards.
    """
    shelves = [("shipped", 0), *((f"made-{size}", size) for size in sizes)]
    for name, size in shelves:
        with tempfile.TemporaryDirectory(prefix="stores-") as folder:
            here = Path(folder)
            documents = DOCUMENTS_DIR
            if size:
                documents = here / "texts"
                write_shelf(documents, size)
            place = MilvusPlace(uri=str(here / "reports.db"), folder=here)
            if target is not None:
                place = replace(target, team=f"bench-{name}")
            yield _compare(name, documents, here / "index", place, questions)


def _compare(
    name: str, documents: Path, folder: Path, target: MilvusPlace, questions: Sequence[str]
) -> StoreRow:
    from index.milvus.connection import disconnect

    settings = Settings(index_dir=folder)
    encoder = encoder_of(settings)
    build_index(documents, folder, encoder)
    clock = time.process_time if target.is_lite else time.perf_counter
    started = clock()
    migrate(folder, target, encoder)
    migrate_s = clock() - started
    places: tuple[Place, Place] = (folder, target)
    local, milvus = (Pipeline(open_index(place, encoder), settings) for place in places)
    for pipeline in (local, milvus):  # what is loaded once
        pipeline.answer(questions[0])
    found, searching = _both(questions, local.retrieve, milvus.retrieve, clock)
    answers, answering = _both(questions, local.answer, milvus.answer, clock)
    tops = [[[item.chunk.chunk_id for item in one[:_TOP_K]] for one in both] for both in found]
    row = StoreRow(
        shelf=name,
        chunks=len(local.index.chunks),
        questions=len(questions),
        same_first=_mean([one[:1] == other[:1] for one, other in tops]),
        same_top=_mean([len({*one} & {*other}) / max(1, len(one)) for one, other in tops]),
        same_answers=_mean([
            (one.text, one.status, one.citations) == (other.text, other.status, other.citations)
            for one, other in answers
        ]),
        local_ms=percentile(searching[0], 0.5),
        milvus_ms=percentile(searching[1], 0.5),
        local_answer_ms=percentile(answering[0], 0.5),
        milvus_answer_ms=percentile(answering[1], 0.5),
        migrate_s=migrate_s,
    )  # fmt: skip
    disconnect(target)
    return row


def _both(
    questions: Sequence[str],
    first: Callable[[str], T],
    second: Callable[[str], T],
    clock: Callable[[], float],
) -> tuple[list[tuple[T, T]], tuple[list[float], list[float]]]:
    """Ask two in turn, so that both wait alike for what else happens; times in milliseconds."""
    replies, times = [], (list[float](), list[float]())
    for question in questions:
        pair = []
        for call, spent in zip((first, second), times, strict=True):
            started = clock()
            pair.append(call(question))
            spent.append(1000 * (clock() - started))
        replies.append((pair[0], pair[1]))
    return replies, times


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
