"""Fixtures of the page: an assistant over the tiny corpus, the served application, a browser."""

import shutil
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.settings import Settings
from web.examples import Examples
from web.handlers import Desk
from web.page_image import PageImages
from web.service import Assistant


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


@pytest.fixture(scope="session")
def served(_built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The whole application on a free port, over an index of its own."""
    with warnings.catch_warnings():
        # Gradio and what it imports warn about one another; none of it is ours to mend.
        warnings.simplefilter("ignore")
        import uvicorn

        from web.server import create_app

        index_dir = tmp_path_factory.mktemp("served") / "index"
        shutil.copytree(_built_once, index_dir)
        app = create_app(Settings(index_dir=index_dir, encoder="hash"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started, "the server did not start"
        yield Served(f"http://127.0.0.1:{port}", index_dir)
        server.should_exit = True
        thread.join(timeout=20)
