"""Questions per second of the web API, with 1, 8 and 32 clients at once.

Clients and server share the machine, so the rate is a floor; what the suite reports is how it
changes with the number of clients.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from socket import create_server

from eval.bench.process import ROOT, BenchError, environment, percentile

_START_S = 120.0
_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of clients got."""

    clients: int
    per_second: float
    p50_ms: float
    p95_ms: float
    peak_mb: float  # of the server, so far


def measure_clients(questions: Sequence[str], counts: Sequence[int], *, total: int) -> list[Load]:
    """Ask `total` questions with each number of clients; every reply must be an answer.

    Raises:
        BenchError: The page did not start, or a reply was an error.
    """
    with served() as (port, pid):
        _ask_all(port, questions, 1, len(questions))  # warms up
        loads = []
        for clients in counts:
            started = time.perf_counter()
            latencies = _ask_all(port, questions, clients, total)
            wall_s = time.perf_counter() - started
            loads.append(
                Load(
                    clients=clients,
                    per_second=len(latencies) / wall_s,
                    p50_ms=1000 * percentile(latencies, 0.5),
                    p95_ms=1000 * percentile(latencies, 0.95),
                    peak_mb=_peak_mb(pid),
                )
            )
    return loads


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """Start the web page on a free port; stop it at the end."""
    with create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_up(process, port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchError(f"app.py ended with {process.returncode}; start it by hand to see why")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/v1/models")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise BenchError(f"app.py does not answer on port {port} after {_START_S:.0f} s")


def _ask_all(port: int, questions: Sequence[str], clients: int, total: int) -> list[float]:
    """Share `total` questions among clients; return the seconds that each answer took."""
    waiting = list(islice(cycle(questions), total))
    lock = threading.Lock()
    latencies: list[float] = []
    problems: list[str] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
        while not problems:
            with lock:
                if not waiting:
                    return
                question = waiting.pop()
            started = time.perf_counter()
            try:
                status, said = _ask(connection, question)
            except OSError as error:
                status, said = 0, str(error)
            taken = time.perf_counter() - started
            with lock:
                if status == 200:
                    latencies.append(taken)
                else:
                    problems.append(f"{status}: {said[:200]}")

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise BenchError(f"the web API answered {problems[0]}")
    return latencies


def _ask(connection: http.client.HTTPConnection, question: str) -> tuple[int, str]:
    reply = ask_once(connection, question)
    return reply.status, reply.read().decode()


def ask_once(connection: http.client.HTTPConnection, question: str) -> http.client.HTTPResponse:
    """Ask the web API a question; the reply is not read yet."""
    body = json.dumps({"messages": [{"role": "user", "content": question}]})
    connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
    return connection.getresponse()


def _peak_mb(pid: int) -> float:
    """Return the highest resident memory of a process so far; 0.0 where there is no /proc."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as status:
            lines = dict(line.split(":", 1) for line in status if ":" in line)
    except OSError:
        return 0.0
    return int(lines["VmHWM"].split()[0]) / 1024
