"""Fixtures of the page: an assistant over the tiny corpus, the served application, a browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.settings import Settings
from web.examples import Examples
from web.handlers import Desk
from web.page_image import PageImages
from web.service import Assistant

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def assistant(index_dir: Path) -> Assistant:
    """An assistant whose shelf a test may change."""
    return Assistant(Settings(index_dir=index_dir, encoder="hash"))


@pytest.fixture
def desk(assistant: Assistant) -> Desk:
    return Desk(assistant, Examples(assistant), PageImages())


@dataclass(frozen=True)
class Served:
    url: str
    index_dir: Path


@contextmanager
def serve(index_dir: Path, **environment: str) -> Iterator[str]:
    """Run app.py on a free port; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"RAG_INDEX_DIR": str(index_dir), "RAG_ENCODER": "hash", **environment}
    log = index_dir.parent / f"{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _await_port(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def _await_port(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"app.py did not start: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def served(_built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The whole application, over an index of its own that tests may add to."""
    index_dir = tmp_path_factory.mktemp("served") / "index"
    shutil.copytree(_built_once, index_dir)
    with serve(index_dir) as url:
        yield Served(url, index_dir)
