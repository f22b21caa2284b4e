"""The robustness suites: each asks the plain question and the disturbed one, and names the loss.

python -m eval robustness [--suite NAME]… [--limit N] [--out FILE]
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.schema import Language
from eval.cases import Case, CaseError, load_split
from eval.intervals import Difference, compare_pairs
from eval.metrics import holds_fact
from eval.robustness.counterfactual import change_figures, choose_figures, counterfactual_cases
from eval.robustness.noise import write_noise
from eval.robustness.questions import DISTURBANCES, disturb_cases
from eval.robustness.shelves import (
    english_cases,
    english_shelf,
    rename_documents,
    renamed_shelf,
    shipped_shelf,
    without_editions,
)
from eval.runner import CaseResult, run_cases, stand_of
from eval.sample import spread_sample
from rag.pipeline import Pipeline, ensure_index
from rag.settings import Settings

NUM_NOISE = 200
DEFAULT_LIMIT = 120
_METRICS = ("passed", "recall@5")


@dataclass(frozen=True, slots=True)
class Loss:
    """What a disturbance changes in one metric and language, over the same cases."""

    suite: str
    language: str
    metric: str
    plain: float
    disturbed: float
    difference: Difference  # disturbed - plain: negative is a loss
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """What every suite works with."""

    cases: Sequence[Case]  # the sample
    pool: Sequence[Case]  # all of them: few cases hold a figure that can be changed
    pipeline: Pipeline
    plain: Mapping[tuple[str, Language], CaseResult]  # by case id and language
    folder: Path  # for shelves and indices; removed afterwards

    def ask(self, cases: Sequence[Case], pipeline: Pipeline | None = None) -> list[CaseResult]:
        """Ask cases of a pipeline, by default of the plain one."""
        pipeline = pipeline or self.pipeline
        return run_cases(cases, pipeline, stand_of(pipeline))


Suite = Callable[[Bench], list[Loss]]


def compare_with_plain(
    bench: Bench, suite: str, results: Sequence[CaseResult], note: str = ""
) -> list[Loss]:
    """Return the losses of results against the plain run, by language and metric."""
    losses = []
    for language in Language:
        pairs = [
            (bench.plain[r.case.case_id, language], r)
            for r in results
            if r.language is language and (r.case.case_id, language) in bench.plain
        ]
        losses += _losses(suite, language, pairs, note)
    return losses


def _losses(
    suite: str, language: Language, pairs: Sequence[tuple[CaseResult, CaseResult]], note: str
) -> list[Loss]:
    losses = []
    for metric in _METRICS:
        values = [
            (a.case.case_id, a.scores[metric], b.scores[metric])
            for a, b in pairs
            if metric in a.scores and metric in b.scores
        ]
        if values:
            plain = sum(before for _, before, _ in values) / len(values)
            disturbed = sum(after for _, _, after in values) / len(values)
            found = compare_pairs(values)
            losses.append(Loss(suite, language.value, metric, plain, disturbed, found, note))
    return losses


def _question_suite(name: str) -> Suite:
    def run(bench: Bench) -> list[Loss]:
        results = bench.ask(disturb_cases(bench.cases, DISTURBANCES[name]))
        return compare_with_plain(bench, name, results)

    return run


def _noise(bench: Bench) -> list[Loss]:
    shelf = shipped_shelf(bench.folder / "noise")
    write_noise(shelf.documents_dir, NUM_NOISE)
    pipeline = shelf.open(bench.pipeline.settings, bench.folder / "noise-index")
    note = f"{NUM_NOISE} unrelated reports added"
    return compare_with_plain(bench, "noise", bench.ask(bench.cases, pipeline), note)


def _order(bench: Bench) -> list[Loss]:
    shelf, names = renamed_shelf(bench.folder / "order")
    pipeline = shelf.open(bench.pipeline.settings, bench.folder / "order-index")
    results = bench.ask(rename_documents(bench.cases, names), pipeline)
    texts = {key: r.answer.text if r.answer else "" for key, r in bench.plain.items()}
    other = sum(
        texts[r.case.case_id, r.language] != (r.answer.text if r.answer else "") for r in results
    )
    note = f"reports renamed into the opposite order; {other} of {len(results)} answers differ"
    return compare_with_plain(bench, "order", results, note)


def _counterfactual(bench: Bench) -> list[Loss]:
    """Ask over reports with changed figures: the new figure is right, the old one is not."""
    figures = choose_figures(bench.pool)
    pairs = counterfactual_cases(bench.pool, figures)
    plain = bench.ask([pair.plain for pair in pairs])
    shelf = shipped_shelf(bench.folder / "changed", lambda text: change_figures(text, figures))
    pipeline = shelf.open(bench.pipeline.settings, bench.folder / "changed-index")
    results = bench.ask([pair.changed for pair in pairs], pipeline)
    kept = sum(
        r.answer is not None
        and any(holds_fact(r.answer.text, fact, Language.ZH) for fact in pair.plain.facts)
        and not r.scores["correct"]
        for pair, r in zip(pairs, results, strict=True)
    )
    note = f"{len(figures)} figures changed; {kept} of {len(results)} answers keep an old one"
    return _losses("counterfactual", Language.ZH, list(zip(plain, results, strict=True)), note)


def _no_edition(bench: Bench) -> list[Loss]:
    shelf = without_editions(bench.folder / "bare")
    pipeline = shelf.open(bench.pipeline.settings, bench.folder / "bare-index")
    note = "without the English editions: English questions meet Chinese text"
    return compare_with_plain(bench, "no_edition", bench.ask(bench.cases, pipeline), note)


def _english_reports(bench: Bench) -> list[Loss]:
    stand = stand_of(bench.pipeline)
    shelf = english_shelf(bench.folder / "english", bench.pipeline)
    pipeline = shelf.open(bench.pipeline.settings, bench.folder / "english-index")
    results = bench.ask(english_cases(bench.cases, stand.sources), pipeline)
    note = "reports in English only: Chinese questions meet English text"
    return compare_with_plain(bench, "english_reports", results, note)


SUITES: Mapping[str, Suite] = {
    **{name: _question_suite(name) for name in DISTURBANCES},
    "noise": _noise,
    "order": _order,
    "counterfactual": _counterfactual,
    "no_edition": _no_edition,
    "english_reports": _english_reports,
}


def run_suites(
    names: Sequence[str], pool: Sequence[Case], limit: int, settings: Settings, folder: Path
) -> list[Loss]:
    """Run suites on the shipped reports, and return their losses in the order of the names.

    Asked is a sample of `limit` of the pool; `folder` takes the shelves and indices.
    """
    cases = spread_sample(pool, limit)
    shelf = shipped_shelf(folder / "plain")
    pipeline = shelf.open(settings, folder / "plain-index")
    results = run_cases(cases, pipeline, stand_of(pipeline))
    plain = {(r.case.case_id, r.language): r for r in results}
    bench = Bench(cases, pool, pipeline, plain, folder)
    losses: list[Loss] = []
    for name in names:
        sys.stderr.write(f"{name} …\n")
        losses += SUITES[name](bench)
    return losses


def robustness_command(arguments: Sequence[str]) -> tuple[int, str]:
    """Run the suites on a sample of the development cases."""
    parser = argparse.ArgumentParser(
        prog="python -m eval robustness",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--suite", action="append", help=f"one of {', '.join(SUITES)}; else all")
    parser.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="number of cases")
    parser.add_argument("--out", type=Path, help="write the losses as JSON to this file")
    options = parser.parse_args(arguments)
    names = options.suite or list(SUITES)
    if unknown := sorted(set(names) - SUITES.keys()):
        raise CaseError(f"no suites {unknown}; there are {', '.join(SUITES)}")
    ensure_index(Settings())
    with tempfile.TemporaryDirectory() as folder:
        losses = run_suites(names, load_split("dev"), options.limit, Settings(), Path(folder))
    if options.out:
        content = json.dumps([asdict(loss) for loss in losses], ensure_ascii=False, indent=1)
        options.out.write_text(content + "\n", encoding="utf-8")
    return 0, format_losses(losses)


def format_losses(losses: Sequence[Loss]) -> str:
    """Return the losses as a table; * marks p < 0.05."""
    lines = [f"{'suite':18}{'':4}{'metric':10}{'n':>5}{'plain':>8}{'disturbed':>11}{'change':>9}"]
    for loss in losses:
        found = loss.difference
        mark = "*" if found.p < 0.05 else " "
        lines.append(
            f"{loss.suite:18}{loss.language:4}{loss.metric:10}{found.num:5d}{loss.plain:8.3f}"
            f"{loss.disturbed:11.3f}{found.change:+9.3f}{mark} [{found.low:+.3f}, {found.high:+.3f}]"
        )
    notes = dict.fromkeys(f"{loss.suite}: {loss.note}" for loss in losses if loss.note)
    return "\n".join([*lines, "", *notes])
