"""Two runs of the same questions: what rose, what fell, and whether chance explains it."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.catalogue import METRICS
from eval.intervals import Difference, compare_pairs
from eval.record import ResultRecord, RunRecord


@dataclass(frozen=True, slots=True)
class Change:
    """How one metric changed in one group of questions that both runs hold."""

    metric: str
    group: str  # "all", a language, or "zh table_cell"
    difference: Difference


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against an earlier one."""

    num_common: int  # questions in both
    num_changed_text: int  # of those, how many are worded differently now: compared all the same
    changes: tuple[Change, ...]
    better: tuple[tuple[ResultRecord, ResultRecord], ...]  # (before, after): failed, now passed
    worse: tuple[tuple[ResultRecord, ResultRecord], ...]


def compare_runs(before: RunRecord, after: RunRecord) -> Comparison:
    """Compare the questions that both runs hold, by case id and language, in the later one's order."""
    old = {(r.id, r.language): r for r in before.results}
    common = [(old[r.id, r.language], r) for r in after.results if (r.id, r.language) in old]
    groups: dict[str, list[tuple[ResultRecord, ResultRecord]]] = {"all": common}
    for pair in common:
        groups.setdefault(pair[1].language, []).append(pair)
    for pair in sorted(common, key=lambda pair: pair[1].kind):
        groups.setdefault(f"{pair[1].language} {pair[1].kind}", []).append(pair)
    changes = [
        Change(metric.name, group, difference)
        for group, pairs in groups.items()
        for metric in METRICS
        if metric.name == "passed" or group == "all"
        if (difference := _difference(pairs, metric.name)).num
    ]
    return Comparison(
        num_common=len(common),
        num_changed_text=sum(
            bool(a.texts and b.texts and a.texts.question != b.texts.question) for a, b in common
        ),
        changes=tuple(changes),
        better=tuple((a, b) for a, b in common if b.passed and not a.passed),
        worse=tuple((a, b) for a, b in common if a.passed and not b.passed),
    )


def _difference(pairs: Sequence[tuple[ResultRecord, ResultRecord]], metric: str) -> Difference:
    return compare_pairs(
        [
            (b.id, a.scores[metric], b.scores[metric])
            for a, b in pairs
            if metric in a.scores and metric in b.scores
        ]
    )


def format_comparison(comparison: Comparison) -> str:
    """Return the changes as a table, and the cases that fell; * marks p < 0.05."""
    lines = [f"{comparison.num_common} questions in both runs", ""]
    lines.append(f"{'':22}{'metric':22}{'n':>5}{'change':>9}{'95 % interval':>20}{'p':>8}  up/down")
    for change in comparison.changes:
        found = change.difference
        interval = f"[{found.low:+.3f}, {found.high:+.3f}]"
        mark = "*" if found.p < 0.05 else " "
        lines.append(
            f"{change.group:22}{change.metric:22}{found.num:5d}{found.change:+9.3f}{interval:>20}"
            f"{found.p:8.3f}{mark} {found.better}/{found.worse}"
        )
    for title, pairs in (("worse", comparison.worse), ("better", comparison.better)):
        named = ", ".join(f"{b.id} {b.language}" for _, b in pairs)
        lines += ["", f"{title} ({len(pairs)}): {named}"]
    return "\n".join(lines)
