"""Offline means offline: the whole main job runs where no connection can be made, and asks for none."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Every call that leaves the process is refused and noted, except for sockets of this machine's own
# processes (AF_UNIX, pairs of sockets). An audit hook cannot be taken away again, and sees C code
# that goes through Python's socket module; name look-ups, which would come first, are seen too.
_WATCH = """
import socket, sys
tried = []
NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request")
def watch(event, arguments):
    if event in NAMES:
        tried.append((event, str(arguments)))
        raise OSError("there is no network")
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        if arguments[0].family != getattr(socket, "AF_UNIX", None):
            tried.append((event, str(arguments[1:])))
            raise OSError("there is no network")
sys.addaudithook(watch)
"""

_TOLD = "print('TRIED', tried)\n"


def watched(program: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program that cannot connect; its last line tells what it tried."""
    return subprocess.run(
        [sys.executable, "-c", _WATCH + program + _TOLD],
        cwd=folder, env=environment() | more, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip


def environment() -> dict[str, str]:
    """Return the environment of a user without a home, settings or a proxy."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RAG_", "HF_")) and "proxy" not in name.lower()
    }
    return kept | {"PYTHONPATH": str(ROOT), "HOME": "/nonexistent", "OMP_NUM_THREADS": "1"}


@pytest.mark.parametrize(
    "call",
    [
        "import urllib.request; urllib.request.urlopen('http://192.0.2.1/')",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.invalid', 80)",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "import requests; requests.get('http://192.0.2.1/')",
    ],
)
def test_a_call_would_be_seen_though_it_is_caught(tmp_path: Path, call: str) -> None:
    done = watched(f"try:\n    {call}\nexcept Exception:\n    pass\n", tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1] not in ("TRIED []", "")


def test_sockets_of_this_machine_are_no_call(tmp_path: Path) -> None:
    done = watched("import socket; a, b = socket.socketpair(); a.send(b'x'); b.recv(1)\n", tmp_path)
    assert done.stdout.splitlines()[-1] == "TRIED []", done.stderr[-3000:]


_MAIN_JOB = """
import gc
from pathlib import Path
from index.__main__ import main as index_main
from rag.__main__ import main as rag_main
from eval.__main__ import main as eval_main
assert index_main(['build', '--index', 'index']) == 0
Path('mine.txt').write_text('Osprey Power sold 417 turbines in 2023.', encoding='utf-8')
assert index_main(['add', 'mine.txt', '--index', 'index']) == 0
for question in (
    '2025年中国AI+安防市场规模预计是多少？',
    'What was the size of the Chinese AI+security market in 2020?',
    'How many turbines did Osprey Power sell in 2023?',
):
    assert rag_main([question]) == 0
gc.collect()  # indexes that were asked: as processes of their own they would have ended
assert rag_main(['forget', 'mine', '--index', 'index']) == 0
assert eval_main(['--limit', '4', '--out', 'run', '--no-page']) in (0, 1)
"""


@pytest.mark.slow
def test_the_whole_main_job_runs_without_a_network_and_calls_nobody(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = watched(_MAIN_JOB, tmp_path, RAG_INDEX_DIR=str(tmp_path / "index"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]
    assert done.stdout.splitlines()[-1] == "TRIED []"
    for found in ("417", "900亿元", "RMB 45.3 billion"):
        assert found in done.stdout
    assert after.ru_utime - before.ru_utime < 60
