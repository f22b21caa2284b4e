"""What goes on working with less: no permission to write, one core, little memory, Windows' ways."""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from index.build import add_documents, build_index
from index.encoder import HashEncoder, load_encoder
from index.search import Index
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.index.test_build import without_permission_to_write

ROOT = Path(__file__).resolve().parents[2]
LITTLE_MEMORY = 1_500_000_000
REPORT = "Osprey Power\r\n\r\nOsprey Power sold 417 turbines in 2023.\r\n\r\n鱼鹰电力2023年售出417台风机。\r\n"
QUESTION = "2023年仓储机器人市场规模是多少？"


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permissions of this kind are POSIX")
def test_questions_are_answered_from_a_folder_without_permission_to_write(
    documents_dir: Path,
) -> None:
    with tempfile.TemporaryDirectory() as name:  # its parents, unlike those of tmp_path, are open
        Path(name).chmod(0o755)
        folder = Path(name) / "index"
        build_index(documents_dir, folder, load_encoder("default"))
        settings = Settings(index_dir=folder)
        expected = Pipeline.load(settings).answer(QUESTION)  # by now all modules are imported
        assert expected.citations
        before = {path: path.read_bytes() for path in folder.rglob("*.sqlite")}
        with without_permission_to_write(folder):
            reply = Pipeline.load(settings).answer(QUESTION)
        assert (reply.text, reply.citations) == (expected.text, expected.citations)
        assert {path: path.read_bytes() for path in folder.rglob("*.sqlite")} == before


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_report_from_windows_reads_like_any_other(
    tmp_path: Path, encoder: HashEncoder, end: str
) -> None:
    data = REPORT.replace("\r\n", end).encode()
    add_documents([("C:\\reports\\2023\\osprey.txt", data)], tmp_path, encoder)
    index = Index.open(tmp_path, encoder)
    assert [(entry.doc_id, entry.file_name) for entry in index.shelf] == [("osprey", "osprey.txt")]
    unix = tmp_path / "unix"
    add_documents([("osprey.txt", REPORT.replace("\r\n", "\n").encode())], unix, encoder)
    other = Index.open(unix, encoder)
    assert index.document("osprey").text == other.document("osprey").text
    assert list(index.chunks.values()) == list(other.chunks.values())


def test_one_core_builds_the_same_index(documents_dir: Path, tmp_path: Path) -> None:
    encoder = load_encoder("hash")
    found = []
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        build_index(documents_dir, folder, encoder, workers=workers)
        found.append(Index.open(folder, encoder).search("Heron 4 price", top_k=5))
    assert found[0] == found[1] != []


@pytest.mark.skipif(sys.platform != "linux", reason="these limits are Linux's")
def test_building_and_answering_take_one_core_and_little_memory(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (LITTLE_MEMORY, LITTLE_MEMORY))
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])

    index = str(tmp_path / "index")
    for command in (
        [sys.executable, "-m", "index", "build", "--index", index],
        [
            sys.executable,
            "-m",
            "rag",
            "--index",
            index,
            "2025年中国AI+安防市场规模预计是多少？",
        ],
    ):
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
            preexec_fn=limit, env=os.environ | {"OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
    assert "900亿元" in done.stdout
