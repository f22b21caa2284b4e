"""The gate: figures that must not fall, on a fixed sample of the development cases.

python -m eval gate [--full]

The floors stand in `gate.toml`, each with its reason. Raise one when its figure has risen for good.
"""

import argparse
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import AssistantError
from eval.cases import load_split
from eval.catalogue import BY_NAME
from eval.record import ResultRecord, record_result
from eval.report import find_group, summarise
from eval.runner import run_cases, stand_of
from eval.sample import spread_sample
from rag.pipeline import Pipeline, ensure_index
from rag.settings import Settings

GATE_PATH = Path(__file__).parent / "gate.toml"


class GateError(AssistantError):
    """The file of floors is malformed."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that a metric of a group of questions may be."""

    metric: str  # a name of the catalogue, or "no_crash": share of questions without a crash
    group: str  # "answerable", "unanswerable", "all", or a kind
    language: str
    at_least: float
    reason: str


@dataclass(frozen=True, slots=True)
class Gate:
    """The floors and the sample of cases that they are for."""

    num_cases: int
    floors: tuple[Floor, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A floor and what was measured; None when no question of the group was asked."""

    floor: Floor
    found: float | None

    @property
    def holds(self) -> bool:
        """Say whether the floor holds; a group that was not measured does not hold."""
        return self.found is not None and self.found >= self.floor.at_least - 1e-9


def load_gate(path: Path = GATE_PATH) -> Gate:
    """Read the floors.

    Raises:
        GateError: Not of the form that `gate.toml` shows, or a metric that does not exist.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        floors = tuple(
            Floor(
                item["metric"],
                item["group"],
                language,
                float(item[language]),
                str(item["reason"]),
            )
            for item in content["floor"]
            for language in ("zh", "en")
            if language in item
        )
        if idle := [item["metric"] for item in content["floor"] if not item.keys() & {"zh", "en"}]:
            raise ValueError(f"floors without a figure: {idle}")
        gate = Gate(int(content["num_cases"]), floors)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GateError(f"{path}: not a file of floors ({error!r})") from error
    unknown = {f.metric for f in floors} - BY_NAME.keys() - {"no_crash"}
    if unknown or not all(f.reason.strip() for f in floors):
        raise GateError(
            f"{path}: unknown metrics {sorted(unknown)}, or a floor without a reason; metrics are "
            f"no_crash, {', '.join(BY_NAME)}"
        )
    return gate


def check_floors(floors: Sequence[Floor], results: Sequence[ResultRecord]) -> list[Verdict]:
    """Return what each floor's figure is in these results."""
    groups = summarise(results)
    verdicts = []
    for floor in floors:
        group = find_group(groups, floor.group, floor.language)
        if group is None:
            found = None
        elif floor.metric == "no_crash":
            found = 1 - group.outcomes["crashed"] / group.num
        else:
            estimate = group.metrics.get(floor.metric)
            found = estimate.mean if estimate else None
        verdicts.append(Verdict(floor, found))
    return verdicts


def run_gate(pipeline: Pipeline, gate: Gate, *, full: bool = False) -> list[Verdict]:
    """Ask the gate's sample of the development cases, or all of them, and check the floors."""
    cases = spread_sample(load_split("dev"), None if full else gate.num_cases)
    results = run_cases(cases, pipeline, stand_of(pipeline))
    records = [record_result(result, {}, with_texts=False) for result in results]
    return check_floors(gate.floors, records)


def format_verdicts(verdicts: Sequence[Verdict]) -> str:
    """Return a line per floor; those that do not hold with their reason."""
    lines = []
    for verdict in verdicts:
        floor = verdict.floor
        found = "none " if verdict.found is None else f"{verdict.found:.3f}"
        mark = "ok  " if verdict.holds else "FELL"
        name = f"{floor.language} {floor.group} {floor.metric}"
        lines.append(f"{mark} {name:44}{found} >= {floor.at_least:.3f}")
        if not verdict.holds:
            lines.append(f"     {floor.reason}")
    return "\n".join(lines)


def gate_command(arguments: Sequence[str]) -> tuple[int, str]:
    """Check the floors on the offline path; 1 when one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m eval gate", description=__doc__)
    parser.add_argument("--full", action="store_true", help="all development cases, not the sample")
    options = parser.parse_args(arguments)
    settings = Settings()  # the offline path as it ships, whatever the environment says
    ensure_index(settings)
    sys.stderr.write("正在提问 / asking …\n")
    verdicts = run_gate(Pipeline.load(settings), load_gate(), full=options.full)
    return int(not all(v.holds for v in verdicts)), format_verdicts(verdicts)
