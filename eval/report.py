"""Results → tables for the terminal and JSON for the record."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from corpus.schema import Language
from eval.metrics import mean
from eval.runner import CaseResult


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: means over the results of a group."""

    group: str
    num: int
    passed: float
    correct: float
    cited: float
    declined: float
    exact: float


def summarise(results: Sequence[CaseResult]) -> list[Row]:
    """Return means by language, answerable and unanswerable apart, then by kind."""
    rows = []
    for language in Language:
        mine = [result for result in results if result.language is language]
        rows.append(_row(f"{language} answerable", [r for r in mine if r.case.answerable]))
        rows.append(_row(f"{language} unanswerable", [r for r in mine if not r.case.answerable]))
    kinds = sorted({result.case.kind for result in results if result.case.answerable})
    for kind in kinds:
        for language in Language:
            rows.append(
                _row(
                    f"{language} {kind}",
                    [r for r in results if r.case.kind == kind and r.language is language],
                )
            )
    return [row for row in rows if row.num]


def _row(group: str, results: Sequence[CaseResult]) -> Row:
    def share(value: Callable[[CaseResult], bool]) -> float:
        return mean([float(value(result)) for result in results])

    return Row(
        group=group,
        num=len(results),
        passed=share(lambda r: r.passed),
        correct=share(lambda r: r.correct),
        cited=share(lambda r: r.cited),
        declined=share(lambda r: r.declined),
        exact=share(lambda r: r.quotes_exact),
    )


def format_table(rows: Iterable[Row]) -> str:
    """Return the rows as a table: shares of the cases in each group."""
    lines = [f"{'':24}{'n':>5}{'passed':>9}{'correct':>9}{'cited':>8}{'declined':>10}{'exact':>8}"]
    for row in rows:
        lines.append(
            f"{row.group:24}{row.num:5d}{row.passed:9.3f}{row.correct:9.3f}{row.cited:8.3f}"
            f"{row.declined:10.3f}{row.exact:8.3f}"
        )
    return "\n".join(lines)


def to_record(results: Sequence[CaseResult]) -> dict[str, Any]:
    """Return everything about a run as JSON-ready values, in the order of the results."""
    return {
        "summary": [
            {name: getattr(row, name) for name in Row.__slots__} for row in summarise(results)
        ],
        "median_ms": round(1000 * median(r.seconds for r in results), 2) if results else 0.0,
        "results": [
            {
                "id": result.case.case_id,
                "language": result.language.value,
                "kind": result.case.kind,
                "question": result.case.questions[result.language],
                "answer": result.answer.text if result.answer else "",
                "status": result.answer.status.value if result.answer else "error",
                "error": result.error,
                "passed": result.passed,
                "correct": result.correct,
                "concise": result.concise,
                "cited": result.cited,
                "quotes": [c.quote for c in result.answer.citations] if result.answer else [],
            }
            for result in results
        ],
    }
