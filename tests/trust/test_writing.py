"""Crashes, kills and damage: a sample of what `python -m eval.trust` tries, see docs/promises.md.

The trials fork, so they run in a process of their own that has no threads.
"""

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import AssistantError
from eval.trust.damage import damage_at_random
from index.build import add_documents, build_index, remove_document
from index.encoder import HashEncoder
from index.errors import IndexMismatch
from index.integrity import SUMS_NAME, damaged_models, write_sums
from index.search import Index
from index.store import FILE_NAME, create_store, open_store

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the trials fork")


def trial(arguments: Sequence[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "eval.trust", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "stride"), [("kill", 9), ("torn", 17), ("full", 17)])
def test_a_fault_at_any_step_leaves_the_old_state_or_the_new_one(fault: str, stride: int) -> None:
    said = trial(["crashes", "--fault", fault, "--stride", str(stride)])
    counts = [int(number) for number in re.findall(r"(\d+) trials", said)]
    assert len(counts) == 4  # first build, build again, add, remove
    assert all(count >= 4 for count in counts)
    if fault == "full":
        assert sum(int(number) for number in re.findall(r"(\d+) refused", said)) > 4


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_the_old_state_or_the_new_one() -> None:
    said = trial(["kills", "--n", "100", "--seed", "1"])
    assert sum(int(number) for number in re.findall(r"(\d+) trials", said)) == 100


@pytest.mark.slow
def test_damage_is_noticed_or_does_no_harm() -> None:
    said = trial(["damage", "--n", "300", "--seed", "1"])
    assert "300 trials" in said
    assert int(re.findall(r"(\d+) refused", said)[0]) > 20


def test_the_trials_see_damage_that_is_not_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without checksums the same trials find wrong states: they can fail."""
    monkeypatch.setattr("index.stored.StoredIndex._compare", lambda *_: None)
    monkeypatch.setattr("index.stored.StoredIndex._compare_all", lambda *_: None)
    monkeypatch.setattr("index.stored.StoredIndex.verify", lambda _: None)
    assert damage_at_random(40, 6).problems


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chunks SET chunk = replace(chunk, '187', '987') WHERE chunk LIKE '%187%'",
        "UPDATE documents SET document = replace(document, '187', '987')",
        "UPDATE documents SET source = x'00' WHERE doc_id = 'zh_warehouse'",
        "UPDATE documents SET title = 'Another'",
        "UPDATE views SET text = 'x' WHERE view_no = 1",
        "UPDATE views SET vector = zeroblob(length(vector)) WHERE view_no = 1",
        "UPDATE chunks SET ordinal = 99 WHERE chunk_no = 1",
        "DELETE FROM chunks WHERE chunk_no = 1",
        "DELETE FROM views WHERE view_no = 1",
        "DELETE FROM documents WHERE doc_id = 'en_ferries'",
        "UPDATE documents SET live = 0 WHERE doc_id = 'en_ferries'",
        "UPDATE meta SET value = '7' WHERE key = 'generation'",
    ],
)
def test_a_changed_value_is_found_by_the_check_and_put_right_by_a_build(
    index_dir: Path,
    documents_dir: Path,
    encoder: HashEncoder,
    statement: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from index.__main__ import main

    with closing(sqlite3.connect(index_dir / FILE_NAME)) as connection:
        assert connection.execute(statement).rowcount
        connection.commit()
    assert main(["check", "--index", str(index_dir)]) == 1
    said = capsys.readouterr()
    assert any(word in said.out + said.err for word in ("damaged", "without its parent"))
    try:
        build_index(documents_dir, index_dir, encoder)
    except IndexMismatch:  # the list of documents itself is damaged: nothing is built on that
        return
    with closing(open_store(index_dir)) as store:
        assert not store.check()
        assert "187亿元" in store.document("zh_warehouse").text
    assert Index.open(index_dir, encoder).search("ferries", top_k=1)


def test_a_change_does_not_hide_damage(index_dir: Path, encoder: HashEncoder) -> None:
    with closing(sqlite3.connect(index_dir / FILE_NAME)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM documents WHERE doc_id = 'en_ferries'")
        connection.commit()
    with pytest.raises(IndexMismatch, match="damaged"):
        add_documents([("mine.txt", b"A new text.")], index_dir, encoder)
    with pytest.raises(IndexMismatch, match="damaged"):
        remove_document("en_chips", index_dir)


def test_an_emptied_file_is_not_taken_for_a_missing_index(
    index_dir: Path, encoder: HashEncoder
) -> None:
    Index.open(index_dir, encoder).close()
    os.truncate(index_dir / FILE_NAME, 0)
    with pytest.raises(IndexMismatch, match="emp"):
        Index.open(index_dir, encoder)


def test_two_writers_at_once_both_get_through(index_dir: Path, encoder: HashEncoder) -> None:
    code = (
        "import sys; from pathlib import Path; from index.build import add_documents; "
        "from index.encoder import HashEncoder; "
        "[add_documents([(f'{sys.argv[2]}{n}.txt', f'Text {sys.argv[2]} {n}.'.encode())], "
        "Path(sys.argv[1]), HashEncoder()) for n in range(5)]"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(index_dir), name], cwd=ROOT)
        for name in ("a", "b")
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    with closing(open_store(index_dir)) as store:
        store.verify()
        assert store.generation == 11
        assert {f"{name}{n}" for name in "ab" for n in range(5)} <= set(store.versions())
        assert not store.damaged_parts()


def test_a_writer_that_waits_too_long_says_so(
    index_dir: Path,
) -> None:
    with closing(create_store(index_dir)) as store, closing(create_store(index_dir)) as other:
        store._connection.execute("PRAGMA busy_timeout = 10")
        other._connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(AssistantError, match="could not be written"), store.transaction():
            pass


def test_a_clock_that_goes_backwards_changes_nothing(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter(range(2_000_000_000, 0, -86_400))
    for name in ("time", "monotonic"):
        monkeypatch.setattr(time, name, lambda: float(next(now)))
    folder = tmp_path / "index"
    build_index(documents_dir, folder, encoder)
    Index.open(folder, encoder)
    add_documents([("mine.txt", b"A clock that goes backwards.")], folder, encoder)
    found = Index.open(folder, encoder).search("clock that goes backwards", top_k=1)
    assert found[0].chunk.doc_id == "mine"
    remove_document("mine", folder)
    assert all(
        item.chunk.doc_id != "mine" for item in Index.open(folder, encoder).search("clock", top_k=9)
    )


def test_the_models_that_ship_are_those_that_were_summed() -> None:
    assert damaged_models() == [], (
        "after training run `python -c 'from index.integrity import write_sums; write_sums()'`"
    )


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert SUMS_NAME in damaged_models(tmp_path)[0]
    write_sums(tmp_path)
    assert damaged_models(tmp_path) == []
    (tmp_path / "model.safetensors").write_bytes(b"weighty")
    assert "model.safetensors" in damaged_models(tmp_path)[0]
