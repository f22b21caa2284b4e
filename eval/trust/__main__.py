"""Trials of trust: python -m eval.trust crashes | kills | damage | fuzz; recorded in docs/promises.md.

crashes [--fault kill|torn|full] [--stride N]      a fault at every step of every change of an index
kills [--n 1000] [--seed 1]                        kill -9 at random moments
damage [--n 10000] [--seed 1]                      bits flipped, files cut and deleted
fuzz [TARGET…] [--minutes 10] [--seed 1]           changed samples into every parser
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# Children of these trials are forked, which threads do not survive.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from corpus.errors import AssistantError
from eval.trust.crashes import Trials, crash_everywhere, kill_at_random
from eval.trust.damage import damage_at_random
from eval.trust.faults import Fault
from eval.trust.fuzz import fuzz, run_atheris


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one kind of trial; 0 when no promise was broken, else 1."""
    options = _parser().parse_args(arguments)
    logging.disable(logging.WARNING)
    began = time.monotonic()
    try:
        broken = _RUN[options.command](options)
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    print(f"{time.monotonic() - began:.0f} s, {_processor_s():.0f} s of processor; {broken} broken")
    return int(bool(broken))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.trust",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    crashes = commands.add_parser("crashes", help="a fault at every step of every change")
    crashes.add_argument("--fault", type=Fault, choices=list(Fault)[:3], default=Fault.KILL)
    crashes.add_argument("--stride", type=int, default=1, metavar="N", help="every N-th step only")
    for name, number in (("kills", 1000), ("damage", 10_000)):
        trials = commands.add_parser(name)
        trials.add_argument("--n", type=int, default=number)
        trials.add_argument("--seed", type=int, default=1)
    fuzzing = commands.add_parser("fuzz", help="changed samples into every parser")
    fuzzing.add_argument("targets", nargs="*", metavar="TARGET")
    fuzzing.add_argument("--minutes", type=float, default=10.0, help="of each target")
    fuzzing.add_argument("--seed", type=int, default=1)
    fuzzing.add_argument("--found", type=Path, default=Path("found"), metavar="DIR")
    fuzzing.add_argument("--samples", type=Path, metavar="DIR", help="more files to start from")
    fuzzing.add_argument("--engine", choices=("own", "atheris"), default="own")
    return parser


def _crashes(options: argparse.Namespace) -> int:
    return _show(crash_everywhere(options.fault, stride=options.stride))


def _kills(options: argparse.Namespace) -> int:
    return _show(kill_at_random(options.n, options.seed))


def _show(results: Sequence[Trials]) -> int:
    for result in results:
        print(
            f"{result.what}: {result.trials} trials, {result.old} old, {result.new} new, "
            f"{result.refused} refused, {len(result.problems)} broken"
        )
        for problem in result.problems:
            print(f"    {problem}")
    return sum(len(result.problems) for result in results)


def _damage(options: argparse.Namespace) -> int:
    result = damage_at_random(options.n, options.seed)
    print(
        f"damage: {result.trials} trials, {result.unharmed} unharmed or made anew, "
        f"{result.refused} refused ({result.repaired} of them repaired by a build)"
    )
    for name, number in sorted(result.by_file.items()):
        print(f"    {name}: {number}")
    for problem in result.problems:
        print(f"    {problem}")
    return len(result.problems)


def _fuzz(options: argparse.Namespace) -> int:
    from eval.trust.targets import TARGETS

    broken = 0
    for name in options.targets or TARGETS:
        limits = {"seconds": options.minutes * 60, "seed": options.seed, "found": options.found}
        if options.engine == "atheris":
            broken += int(run_atheris(name, **limits) != 0)
            continue
        result = fuzz(name, **limits, samples=options.samples)
        broken += len(result.finds)
        print(
            f"{name}: {result.cases} cases, {result.refused} refused, {result.seconds:.0f} s, "
            f"finds: {' '.join(result.finds) or 'none'}"
        )
    return broken


def _processor_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


_RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "crashes": _crashes,
    "kills": _kills,
    "damage": _damage,
    "fuzz": _fuzz,
}


if __name__ == "__main__":
    sys.exit(main())
