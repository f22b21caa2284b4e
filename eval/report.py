"""Results → means by language, kind, report and difficulty, and the table for the terminal."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.catalogue import METRICS
from eval.intervals import Calibration, Difference, Estimate, calibrate, compare_pairs, estimate
from eval.record import ResultRecord, languages_of

OUTCOMES = ("right", "wrong", "declined", "crashed")
"""Of a question; "declined" is wrongly declined: a rightly declined one is right."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that have something in common, in one language."""

    dimension: str  # "all", "answerable", "unanswerable", "kind", "document", "difficulty"
    name: str  # the kind, the doc_id …; the dimension itself where there is only one
    language: str
    num: int
    outcomes: Mapping[str, int]  # by OUTCOMES
    metrics: Mapping[str, Estimate]  # by the names of the catalogue; only those that apply

    @property
    def declined(self) -> float:
        """Return the share of the questions that were declined, rightly or not."""
        precision = self.metrics.get("abstention_precision")
        return precision.num / self.num if precision else 0.0


def outcome_of(result: ResultRecord) -> str:
    """Return what came of a question, one of OUTCOMES."""
    if result.status == "error":
        return "crashed"
    if result.passed:
        return "right"
    return "declined" if result.answerable and result.status != "answered" else "wrong"


def summarise(results: Sequence[ResultRecord]) -> list[Group]:
    """Return the groups of a run in the order in which they are shown; empty ones are left out.

    Turns of conversations are in "all" and in their own kind; the rows "answerable" and
    "unanswerable" hold single questions only, so that they can be compared with older runs.
    """
    groups = []
    for language in languages_of(results):
        mine = [r for r in results if r.language == language]
        single = [r for r in mine if r.kind != "conversation"]
        groups.append(_group("all", "all", language, mine))
        groups.append(
            _group("answerable", "answerable", language, [r for r in single if r.answerable])
        )
        rest = [r for r in single if not r.answerable]
        groups.append(_group("unanswerable", "unanswerable", language, rest))
    for dimension, names_of in _DIMENSIONS.items():
        names = sorted({name for r in results for name in names_of(r)})
        for name in names:
            for language in languages_of(results):
                mine = [r for r in results if r.language == language and name in names_of(r)]
                groups.append(_group(dimension, name, language, mine))
    return [group for group in groups if group.num]


def _kinds(result: ResultRecord) -> list[str]:
    return [result.kind]


def _documents(result: ResultRecord) -> list[str]:
    return list(result.documents)


def _difficulty(result: ResultRecord) -> list[str]:
    return [str(result.difficulty)] if result.kind != "conversation" else []


_DIMENSIONS: dict[str, Callable[[ResultRecord], list[str]]] = {
    "kind": _kinds,
    "document": _documents,
    "difficulty": _difficulty,
}


def _group(dimension: str, name: str, language: str, results: Sequence[ResultRecord]) -> Group:
    values: dict[str, list[tuple[str, float]]] = {}
    for result in results:
        for metric, value in result.scores.items():
            values.setdefault(metric, []).append((result.id, value))
    outcomes = Counter(outcome_of(result) for result in results)
    return Group(
        dimension=dimension,
        name=name,
        language=language,
        num=len(results),
        outcomes={outcome: outcomes[outcome] for outcome in OUTCOMES},
        metrics={m.name: estimate(values[m.name]) for m in METRICS if m.name in values},
    )


def find_group(groups: Sequence[Group], name: str, language: str) -> Group | None:
    """Return the group of a name in a language, None without one."""
    return next((g for g in groups if g.name == name and g.language == language), None)


def parity(results: Sequence[ResultRecord]) -> Difference:
    """Return what asking in English in place of Chinese changes, over the same cases."""
    passed = {(r.id, r.language): float(r.passed) for r in results}
    ids = dict.fromkeys(r.id for r in results)
    pairs = [
        (case_id, passed[case_id, "zh"], passed[case_id, "en"])
        for case_id in ids
        if (case_id, "zh") in passed and (case_id, "en") in passed
    ]
    return compare_pairs(pairs)


def calibration(results: Sequence[ResultRecord]) -> Calibration:
    """Return how well confidence foretells a right answer, over the questions that were answered."""
    return calibrate([(r.confidence, r.correct) for r in results if r.status == "answered"])


def latency_ms(results: Sequence[ResultRecord]) -> dict[str, float]:
    """Return the median, 90th and 99th percentile of the time per answer in milliseconds."""
    times = [result.ms for result in results] or [0.0]
    return {name: float(np.quantile(times, q))
            for name, q in (("median", 0.5), ("p90", 0.9), ("p99", 0.99))}  # fmt: skip


_COLUMNS = ("passed", "correct", "cited", "declined", "recall@5", "citation_recall",
            "number_support", "quotes_exact")  # fmt: skip
_HEADS = ("passed", "correct", "cited", "declined", "rec@5", "sentence", "number", "quote")


def format_table(groups: Sequence[Group]) -> str:
    """Return the groups as a table; the interval is of `passed`, 95 %."""
    head = f"{'':30}{'n':>5}{_HEADS[0]:>8}{'':16}" + "".join(f"{name:>9}" for name in _HEADS[1:])
    lines = [head]
    last = ""
    for group in groups:
        if group.dimension != last and last not in ("", "all", "answerable"):
            lines.append("")
        last = group.dimension
        name = group.name if group.dimension != "difficulty" else f"difficulty {group.name}"
        passed = group.metrics["passed"]
        row = f"{group.language} {name[:26]:27}{group.num:5d}{passed.mean:8.3f}"
        row += f" [{passed.low:.3f}, {passed.high:.3f}]"[:16].ljust(16)
        lines.append(row + "".join(f"{_cell(group, column):>9}" for column in _COLUMNS[1:]))
    return "\n".join(lines)


def _cell(group: Group, column: str) -> str:
    if column == "declined":
        return f"{group.declined:.3f}"
    found = group.metrics.get(column)
    return f"{found.mean:.3f}" if found else "–"


def format_rest(results: Sequence[ResultRecord]) -> str:
    """Return what stands below the table: abstention, yes/no, parity, calibration, latency."""
    lines = []
    groups = summarise(results)
    for language in languages_of(results):
        group = find_group(groups, "all", language)
        shown = [
            f"{name.replace('_', ' ')} {group.metrics[name].mean:.3f} (n={group.metrics[name].num})"
            for name in (
                "abstention_precision",
                "abstention_recall",
                "polarity",
                "citation_precision",
            )
            if group and name in group.metrics
        ]
        lines.append(f"{language}: " + ", ".join(shown))
    gap = parity(results)
    if gap.num:
        lines.append(
            f"en - zh on the same cases: {gap.change:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}]; "
            f"{gap.worse} right in Chinese only, {gap.better} in English only, of {gap.num}"
        )
    sure = calibration(results)
    lines.append(
        f"calibration error {sure.error:.3f}, Brier {sure.brier:.3f} (n={sure.num} answered)"
    )
    engines = Counter(result.engine for result in results if result.engine)
    if len(engines) > 1:  # a model is set up, and did not answer everything itself
        shared = ", ".join(f"{engine} {num}" for engine, num in engines.most_common())
        lines.append(f"answered by: {shared}")
    times = latency_ms(results)
    lines.append("per answer: " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in times.items()))
    return "\n".join(lines)
