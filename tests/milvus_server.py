"""A Milvus server for the tests that need one: Milvus Lite behind a port, in a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.place import MilvusPlace

_SERVER = """
import sys
from milvus_lite.adapter.grpc.server import run_server
run_server(sys.argv[1], "127.0.0.1", int(sys.argv[2]))
"""
_DEADLINE_S = 60


@contextmanager
def run_milvus(folder: Path) -> Iterator[MilvusPlace]:
    """Run a server over a folder; give its place."""
    from index.milvus.connection import disconnect

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = [sys.executable, "-c", _SERVER, str(folder / "data"), str(port)]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    place = MilvusPlace(uri=f"http://127.0.0.1:{port}", folder=folder)
    try:
        deadline = time.monotonic() + _DEADLINE_S
        while not _listens(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield place
    finally:
        disconnect(place)
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
