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
from typing import Any

import pytest

from rag.settings import Settings
from web.examples import Examples
from web.handlers import Desk
from web.page_image import PageImages
from web.service import Assistant

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
TIMEOUT_MS = 60_000  # a shared machine may be busy; nothing waits longer than it has to


@pytest.fixture
def assistant(index_dir: Path) -> Assistant:
    """An assistant whose shelf a test may change."""
    return Assistant(Settings(index_dir=index_dir, encoder="hash"))


@pytest.fixture
def desk(assistant: Assistant) -> Iterator[Desk]:
    made = Desk(assistant, Examples(assistant), PageImages())
    yield made
    made.images.close()


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


@pytest.fixture(scope="module")  # its event loop must not outlive this module
def browser() -> Iterator[Any]:
    reason = "playwright is not installed"
    sync_api = pytest.importorskip("playwright.sync_api", reason=reason)
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


class Visit:
    """A page in a context of its own, with what it complained of and whom it called."""

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": DESKTOP, "locale": "zh-CN", **options})
        self.context.set_default_timeout(TIMEOUT_MS)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("dialog", lambda dialog: self.problems.append(dialog.message))
        self.page.on("request", lambda request: self._note(request.url, url))
        self.page.goto(url)
        self.page.wait_for_selector(".welcome, .turn")

    def _note(self, address: str, url: str) -> None:
        if not address.startswith((url, "data:", "blob:")):
            self.problems.append(f"called {address}")

    def ask(self, question: str) -> Any:
        """Ask and return the new turn."""
        finished = self.page.locator(".turn:not(.pending)")
        number = finished.count()
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        finished.nth(number).wait_for()
        return finished.nth(number)

    def text_of(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[Any]:
    """A function that opens the page anew; at the end nothing may have gone wrong in it."""
    visits: list[Visit] = []

    def start(url: str = served.url, **options: Any) -> Visit:
        visits.append(Visit(browser, url, **options))
        return visits[-1]

    yield start
    for item in visits:
        item.context.close()
        assert item.problems == []
