"""Builds that read in parallel, are interrupted, or run out of disk."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from corpus.loaders import read_document
from index.build import add_documents, build_index
from index.database import FILE_NAME, connect
from index.encoder import HashEncoder, Vectors
from index.errors import IndexMismatch, IndexMissing, IndexUnwritable
from index.progress import Progress
from index.schema import FileSummary, NewDocument, Staged
from index.search import Index
from index.store import create_store, open_store
from tests.corpus.pdf_samples import make_pdf, write
from tests.tiny_corpus import EN_CHIPS, ZH_STORAGE

ROOT = Path(__file__).parents[2]
NUM_FILES = 12


class InterruptedEncoder(HashEncoder):
    """Lets some texts pass and is interrupted then."""

    def __init__(self, calls: int) -> None:
        super().__init__(dim=64)
        self.calls = calls

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.calls -= 1
        if self.calls < 0:
            raise KeyboardInterrupt
        return super().encode_documents(texts)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files that a build stages in several steps."""
    monkeypatch.setattr("index.intake._BATCH", 16)
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(NUM_FILES):
        paragraphs = [f"Paragraph {number}.{n}. {EN_CHIPS[400:900]}" for n in range(6)]
        (folder / f"report{number:02d}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    return folder


def content_hash(index_dir: Path) -> str:
    with closing(open_store(index_dir)) as store:
        assert store.check() == []
        return store.content_hash()


def num_staged(index_dir: Path) -> int:
    with closing(sqlite3.connect(index_dir / FILE_NAME)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM documents WHERE live = 0").fetchone()
        return int(count)


@pytest.fixture
def names_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read from now on."""
    names: list[str] = []

    def reading(data: bytes, name: str, options: object) -> object:
        names.append(name)
        return read_document(data, name)

    monkeypatch.setattr("index.reading.read_document", reading)
    return names


@pytest.mark.slow
def test_the_number_of_processes_does_not_show_in_the_index(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    (documents_dir / "broken.txt").write_bytes(b"\xff" * 200)
    pdf = make_pdf(*[lambda canvas: write(canvas, 60, 100, "Text of a page.")] * 3)
    (documents_dir / "a.pdf").write_bytes(pdf)
    seen: dict[int, list[Progress]] = {1: [], 3: []}
    summaries = [
        build_index(
            documents_dir,
            tmp_path / str(workers),
            encoder,
            workers=workers,
            on_progress=seen[workers].append,
        )
        for workers in (1, 3)
    ]
    assert content_hash(tmp_path / "1") == content_hash(tmp_path / "3")
    assert summaries[0] == summaries[1]
    assert [(step.name, step.page) for step in seen[1]] == [
        (step.name, step.page) for step in seen[3]
    ]
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_a_process_that_is_shot_costs_no_file(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    shot: list[int | None] = []

    def shoot(_: Progress) -> None:
        children = multiprocessing.active_children()
        if not shot and children:
            shot.extend(child.pid for child in children)
            for child in children:
                child.kill()

    build_index(documents_dir, tmp_path / "shot", encoder, workers=2, on_progress=shoot)
    build_index(documents_dir, tmp_path / "whole", encoder, workers=1)
    assert shot
    assert content_hash(tmp_path / "shot") == content_hash(tmp_path / "whole")


def test_an_interrupted_build_is_not_seen_and_goes_on_where_it_was(
    folder: Path, tmp_path: Path, names_read: list[str]
) -> None:
    index_dir = tmp_path / "index"
    with pytest.raises(KeyboardInterrupt):
        build_index(folder, index_dir, InterruptedEncoder(calls=4))
    staged = num_staged(index_dir)
    assert 0 < staged < NUM_FILES
    with pytest.raises(IndexMissing, match="never finished"):
        open_store(index_dir)
    names_read.clear()
    summary = build_index(folder, index_dir, HashEncoder(dim=64))
    assert len(names_read) == NUM_FILES - staged
    assert len(summary.added) == len(summary.files) == NUM_FILES
    assert num_staged(index_dir) == 0
    build_index(folder, tmp_path / "at once", HashEncoder(dim=64))
    assert content_hash(index_dir) == content_hash(tmp_path / "at once")


def test_what_was_staged_of_an_older_version_or_by_another_encoder_is_not_used(
    folder: Path, tmp_path: Path, names_read: list[str]
) -> None:
    index_dir = tmp_path / "index"
    with pytest.raises(KeyboardInterrupt):
        build_index(folder, index_dir, InterruptedEncoder(calls=4))
    staged = num_staged(index_dir)
    (folder / "report00.txt").write_text("A newer version.", encoding="utf-8")
    (folder / "report01.txt").unlink()
    names_read.clear()
    with pytest.raises(KeyboardInterrupt):
        build_index(folder, index_dir, InterruptedEncoder(calls=0))
    assert names_read[:2] == ["report00.txt", f"report{staged:02d}.txt"]
    build_index(folder, index_dir, HashEncoder(dim=32))
    build_index(folder, tmp_path / "at once", HashEncoder(dim=32))
    assert content_hash(index_dir) == content_hash(tmp_path / "at once")
    assert num_staged(index_dir) == 0


def test_readers_see_the_old_index_until_a_build_is_finished(
    folder: Path, index_dir: Path, encoder: HashEncoder
) -> None:
    before = content_hash(index_dir)
    with pytest.raises(KeyboardInterrupt):
        build_index(folder, index_dir, InterruptedEncoder(calls=4))
    assert num_staged(index_dir) > 0
    assert content_hash(index_dir) == before
    index = Index.open(index_dir, encoder)
    assert index.search("Heron 4 price", top_k=1)[0].chunk.doc_id == "en_chips"
    add_documents([("mine.txt", b"A text of mine.")], index_dir, encoder)
    assert num_staged(index_dir) > 0  # adding leaves an unfinished build alone


_BUILD = """
import sys
from pathlib import Path
import index.intake
from index.build import build_index
from index.encoder import HashEncoder
index.intake._BATCH = 6
build_index(Path(sys.argv[1]), Path(sys.argv[2]), HashEncoder(dim=64), workers=int(sys.argv[3]))
"""


@pytest.mark.slow
def test_a_killed_build_goes_on_and_leaves_no_process_behind(
    folder: Path, tmp_path: Path, names_read: list[str]
) -> None:
    index_dir = tmp_path / "index"
    # A script without `if __name__ == "__main__"`: the processes that read must not run it again.
    script = tmp_path / "build.py"
    script.write_text(_BUILD, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder), str(index_dir), "2"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if (index_dir / FILE_NAME).is_file() and _count_quietly(index_dir):
            break
        time.sleep(0.01)
    process.kill()
    process.wait()
    staged = num_staged(index_dir)
    summary = build_index(folder, index_dir, HashEncoder(dim=64))
    assert len(names_read) == NUM_FILES - staged or not summary.changed
    build_index(folder, tmp_path / "at once", HashEncoder(dim=64))
    assert content_hash(index_dir) == content_hash(tmp_path / "at once")
    while time.monotonic() < deadline and _is_running(process.pid):
        time.sleep(0.05)
    assert not _is_running(process.pid)


def _count_quietly(index_dir: Path) -> int:
    try:
        return num_staged(index_dir)
    except sqlite3.Error:  # its tables are being made
        return 0


def _is_running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_full_disk_stops_a_build_and_the_old_index_goes_on_serving(
    folder: Path, index_dir: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Index.open(index_dir, encoder)
    expected = opened.search("Heron 4 price", top_k=3)
    before = content_hash(index_dir)

    def full(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        return connection

    with monkeypatch.context() as disk:
        disk.setattr("index.store.connect", full)
        with pytest.raises(IndexUnwritable, match=r"full.*as it was before.*space"):
            build_index(folder, index_dir, encoder)
        files = [(f"my-{path.name}", path.read_bytes()) for path in folder.iterdir()]
        with pytest.raises(IndexUnwritable):
            add_documents(files, index_dir, encoder)
    assert opened.is_current()
    assert opened.search("Heron 4 price", top_k=3) == expected
    assert content_hash(index_dir) == before
    assert Index.open(index_dir, encoder).search("Heron 4 price", top_k=3) == expected
    assert len(build_index(folder, index_dir, encoder).added) == NUM_FILES


_LIMITED = """
import resource, sys
from pathlib import Path
from index.encoder import HashEncoder
from index.search import Index
from index.store import open_store
other = open_store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
index = Index.open(Path(sys.argv[1]), HashEncoder())
print(index.search("Heron 4 price", top_k=1)[0].chunk.doc_id)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of this kind are POSIX")
def test_without_room_for_what_is_derived_an_index_is_searched_from_memory(index_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(index_dir)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "en_chips", done.stderr
    assert not list((index_dir / "derived").iterdir())


def test_a_build_whose_staged_documents_were_removed_says_so(tmp_path: Path) -> None:
    document = read_document(ZH_STORAGE.encode(), "zh.txt")
    summary = FileSummary("zh", "zh.txt", "", 0, 0, 0, 0)
    with closing(create_store(tmp_path)) as store, closing(create_store(tmp_path)) as other:
        with store.transaction():
            store.put_document(
                NewDocument(document, source=b"", added=False, staged=Staged("reader 1", summary))
            )
        assert store.staged("reader 1").keys() == {"zh"}
        assert store.staged("reader 2") == {}
        with other.transaction():
            other.drop_staged()
        with pytest.raises(IndexMismatch, match="at the same time"), store.transaction():
            store.publish([store.number("zh")])
        assert store.shelf() == []


def test_ctrl_c_ends_the_processes_that_read(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    def interrupt(_: Progress) -> None:
        if multiprocessing.active_children():
            raise KeyboardInterrupt  # as Ctrl-C does

    with pytest.raises(KeyboardInterrupt):
        build_index(documents_dir, tmp_path / "b", encoder, workers=2, on_progress=interrupt)
    deadline = time.monotonic() + 20
    while multiprocessing.active_children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not multiprocessing.active_children()
