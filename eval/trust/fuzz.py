"""Fuzzing: changed samples into a parser, in a process with limits, until the time is up.

    python -m eval.trust fuzz TARGET… --minutes 10 --seed 1 [--samples DIR] [--engine atheris]

A find is kept as a file, TARGET-HASH, with its reason beside it. Cases that were mended stand in
`tests/trust/found/` and are run by the tests. atheris (coverage-guided, from PyPI) is used when it is
asked for; it is no dependency.
"""

import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import AssistantError
from eval.trust.targets import TARGETS

CASE_CPU_S = 10.0
"""Processor time of one case; what takes longer is a find. A page of a report takes 0.05 s."""
MEMORY_BYTES = 4 * 1024**3
_MAX_BATCH_S = 300.0  # a process is replaced after this long, so that leaks do not look like finds
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Fuzzed:
    """What came of a run: `finds` are files."""

    target: str
    cases: int = 0
    refused: int = 0  # with a clear error
    seconds: float = 0.0
    finds: list[str] = field(default_factory=list)


def fuzz(
    name: str, *, seconds: float, seed: int, found: Path, samples: Path | None = None
) -> Fuzzed:
    """Fuzz a target for a while, in one process after another; a death of one is a find."""
    result = Fuzzed(name)
    found.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    while (left := seconds - (time.monotonic() - begin)) > 0:
        batch = min(left, _MAX_BATCH_S)
        command = [sys.executable, "-m", "eval.trust.fuzz", name, str(seed), str(batch), str(found)]
        command += [str(samples)] if samples else []
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            counted = json.loads(done.stdout.splitlines()[-1])
            result.cases += counted["cases"]
            result.refused += counted["refused"]
            result.finds += counted["finds"]
        else:
            result.finds.append(_keep_last(name, found, done.returncode, done.stderr))
        seed += 1
    result.seconds = time.monotonic() - begin
    return result


def _keep_last(name: str, found: Path, code: int, complaint: str) -> str:
    """Keep the case during which a process ended."""
    case = found / f".{name}.case"
    if not case.is_file():
        raise AssistantError(f"the fuzzer itself failed ({code}): {complaint[-2000:]}")
    cause = signal.Signals(-code).name if code < 0 else f"exit {code}"
    return _keep(name, found, case.read_bytes(), f"the process ended: {cause}\n{complaint[-3000:]}")


def _keep(name: str, found: Path, data: bytes, reason: str) -> str:
    path = found / f"{name}-{hashlib.sha256(data).hexdigest()[:10]}"
    path.write_bytes(data)
    path.with_name(path.name + ".txt").write_text(reason, encoding="utf-8")
    return path.name


def run_batch(
    name: str, seed: int, seconds: float, found: Path, samples: Path | None = None
) -> Fuzzed:
    """Fuzz a target in this process: it ends with the first case that breaks a limit."""
    target = TARGETS[name]
    rng = random.Random(seed)
    seeds = list(target.samples())
    if samples:
        endings = {".pdf", ".fuzz"} if name.startswith("pdf") else {f".{name}"}
        files = sorted(path for path in samples.iterdir() if path.suffix in endings)
        seeds += [path.read_bytes() for path in files]
    result = Fuzzed(name)
    target.run(seeds[0])  # what is loaded once is not counted as the case's
    _limit()
    found.mkdir(parents=True, exist_ok=True)
    known: set[str] = set()
    end = time.monotonic() + seconds
    case = found / f".{name}.case"
    while time.monotonic() < end:
        data = target.mutate(rng, rng.choice(seeds))
        case.write_bytes(data)
        signal.setitimer(signal.ITIMER_PROF, CASE_CPU_S)  # its signal ends the process
        try:
            target.run(data)
        except AssistantError:
            result.refused += 1
        except Exception as error:  # noqa: BLE001  (anything else is what is looked for)
            place = _place(error)
            if place not in known:
                known.add(place)
                reason = "".join(traceback.format_exception(error))
                result.finds.append(_keep(name, found, data, reason[-6000:]))
        signal.setitimer(signal.ITIMER_PROF, 0)
        result.cases += 1
    case.unlink(missing_ok=True)
    return result


def _place(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {frame.filename}:{frame.lineno}"


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def run_atheris(name: str, *, seconds: float, seed: int, found: Path) -> int:
    """Fuzz with coverage feedback, in a process that atheris ends; return its exit code."""
    corpus = found / f"{name}.corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(TARGETS[name].samples()):
        (corpus / f"sample{number}").write_bytes(data[:4096])
    code = (
        "import sys, atheris\n"
        "with atheris.instrument_imports(include=['corpus', 'rag', 'index', 'polib']):\n"
        "    from eval.trust.targets import TARGETS\n"
        "    from corpus.errors import AssistantError\n"
        f"target = TARGETS[{name!r}].run\n"
        "def one(data):\n"
        "    try:\n        target(data)\n    except AssistantError:\n        pass\n"
        "atheris.Setup(sys.argv, one)\natheris.Fuzz()\n"
    )
    command = [
        sys.executable, "-c", code, str(corpus), f"-max_total_time={int(seconds)}", f"-seed={seed}",
        f"-timeout={int(CASE_CPU_S) * 4}", "-max_len=4096", "-rss_limit_mb=4096",
        f"-artifact_prefix={found}/{name}-",
    ]  # fmt: skip
    return subprocess.run(command, cwd=_ROOT, check=False).returncode


def _main(arguments: Sequence[str]) -> int:
    name, seed, seconds, found = arguments[:4]
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    samples = Path(arguments[4]) if len(arguments) > 4 else None
    result = run_batch(name, int(seed), float(seconds), Path(found), samples)
    counted = {"cases": result.cases, "refused": result.refused, "finds": result.finds}
    sys.stdout.write(json.dumps(counted) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
