"""Damage of files: bits flipped, blocks zeroed, ends cut off, files deleted; is it noticed?

After each trial the index must hold what it held before, have been refused with a clear error, or have
made anew what is derived. A write-ahead log that is damaged may take the last change with it: SQLite
goes back to the last whole one, so there the state before it is right too.
"""

import os
import random
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from corpus.errors import AssistantError
from eval.trust.changes import CHANGES, MISSING, Bench, state
from index.store import create_store

_REFUSED = "refused"


@dataclass(slots=True)
class Damaged:
    """What came of damaging files; `problems` are wrong states, crashes and unclear errors."""

    trials: int = 0
    unharmed: int = (
        0  # the state was whole: the bytes meant nothing, or what is derived was made anew
    )
    refused: int = 0
    repaired: int = 0  # of those refused, how many a build put right
    by_file: dict[str, int] = field(default_factory=dict)  # trials
    problems: list[str] = field(default_factory=list)


def damage_at_random(number: int, seed: int) -> Damaged:
    """Damage one file of an index `number` times, each time of a whole one."""
    rng = random.Random(seed)
    result = Damaged()
    with tempfile.TemporaryDirectory(prefix="trust-") as name:
        bench = Bench(CHANGES[1], Path(name))
        shelves = [_closed(bench, Path(name)), _with_log(bench, Path(name))]
        for trial in range(number):
            whole, allowed = shelves[trial % 2]
            shutil.rmtree(bench.work, ignore_errors=True)
            shutil.copytree(whole, bench.work)
            what = _damage(rng, bench.work)
            kind = what.split()[1]
            result.by_file[kind] = result.by_file.get(kind, 0) + 1
            result.trials += 1
            found = _in_child(partial(state, bench.work))
            if found in allowed:
                result.unharmed += 1
            elif found in (_REFUSED, MISSING):
                result.refused += 1
                _repair(bench, what, result)
            else:
                result.problems.append(f"trial {trial}, {what}: {found[:300]}")
    return result


def _repair(bench: Bench, what: str, result: Damaged) -> None:
    """Build again: that must lead to the right state or be refused."""
    built = _in_child(lambda: (bench.change.run(bench.work), state(bench.work))[1])
    result.repaired += built == bench.new
    if built not in (bench.new, _REFUSED):
        result.problems.append(f"{what}, after a build: {built[:300]}")


def _closed(bench: Bench, folder: Path) -> tuple[Path, set[str]]:
    """Return an index as a process that has ended leaves it."""
    return Path(shutil.copytree(bench.work, folder / "closed")), {bench.new}


def _with_log(bench: Bench, folder: Path) -> tuple[Path, set[str]]:
    """Return an index whose last change stands in the write-ahead log only."""
    bench.reset()
    with closing(create_store(bench.work)) as store:
        store._connection.execute("PRAGMA wal_autocheckpoint = 0")
        bench.change.run(bench.work)
        copied = Path(shutil.copytree(bench.work, folder / "logged"))
    return copied, {bench.old, bench.new}


def _damage(rng: random.Random, folder: Path) -> str:
    """Damage one file; say what was done."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    # Half of it hits what is no cache.
    truth = [path for path in files if path.parent == folder]
    path = rng.choice(truth if rng.random() < 0.5 else files)
    how = rng.choice(_WAYS)
    name = path.name if path.parent == folder else f"derived/{path.name}"
    return f"{how.__name__.strip('_')} {name}{how(rng, path)}"


def _flip(rng: random.Random, path: Path) -> str:
    data = bytearray(path.read_bytes())
    places = [rng.randrange(len(data) * 8) for _ in range(rng.choice((1, 1, 1, 8)))] if data else []
    for place in places:
        data[place // 8] ^= 1 << place % 8
    path.write_bytes(data)
    return f" at bits {places}"


def _zero(rng: random.Random, path: Path) -> str:
    data = bytearray(path.read_bytes())
    size = rng.choice((16, 512, 4096))
    start = rng.randrange(len(data) + 1) // size * size
    data[start : start + size] = bytes(len(data[start : start + size]))
    path.write_bytes(data)
    return f" at {start}, {size} bytes"


def _cut(rng: random.Random, path: Path) -> str:
    size = rng.randrange(path.stat().st_size + 1)
    if rng.random() < 0.5:
        size = size // 4096 * 4096
    os.truncate(path, size)
    return f" to {size} bytes"


def _delete(_: random.Random, path: Path) -> str:
    path.unlink()
    return ""


_WAYS: tuple[Callable[[random.Random, Path], str], ...] = (
    _flip, _flip, _flip, _flip, _zero, _cut, _cut, _delete,
)  # fmt: skip


def _in_child(look: Callable[[], str]) -> str:
    """Return what a function returns in a process of its own: a crash there is a result, too."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            try:
                found = look()
            except AssistantError:
                found = _REFUSED
            except BaseException as error:  # noqa: BLE001  (whatever it is, the parent is told)
                found = f"an error that is no clear message: {error!r}"
            os.write(writer, found.encode()[:4000])
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        found = pipe.read().decode(errors="replace")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return found or f"the process ended with {status}"
