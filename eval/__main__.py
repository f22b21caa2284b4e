"""Ask the evaluation cases and report how good the answers are.

python -m eval [--split dev] [--limit N] [--baselines] [--llm] …   run, compare with the last run
python -m eval --compare A.json B.json                            compare two runs
python -m eval robustness [--suite NAME]                          disturbed questions and reports
python -m eval gate                                               fail when a figure fell
python -m eval new [--feedback FILE]                              write a case
python -m eval check [FILE…]                                      check cases
python -m eval judge                                              check a model as judge
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.errors import AssistantError
from eval.cases import Case, CaseError, load_cases, load_split
from eval.commands import COMMANDS
from eval.compare import Comparison, compare_runs, format_comparison
from eval.page.document import render_page
from eval.record import (
    RESULTS_DIR,
    ResultRecord,
    RunRecord,
    engine_of,
    last_record,
    load_record,
    make_record,
    save_record,
)
from eval.report import format_rest, format_table, summarise
from eval.runner import run_cases, stand_of
from eval.sample import spread_sample
from rag.pipeline import Pipeline, ensure_index
from rag.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Run a command; without one, run the evaluation. 1 when something is wrong with the answers."""
    given = sys.argv[1:] if arguments is None else arguments
    command: Callable[[Sequence[str]], tuple[int, str]] = _run
    if given and given[0] in COMMANDS:
        command, given = COMMANDS[given[0]], given[1:]
    try:
        code, said = command(given)
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    print(said)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--split", default="dev", help="dev (default) or test, the held-out part")
    parser.add_argument("--cases", type=Path, help="a file of your own cases (JSON Lines)")
    parser.add_argument("--limit", type=int, help="only N cases, spread evenly over the file")
    parser.add_argument("--baselines", action="store_true", help="run the baselines as well")
    parser.add_argument(
        "--baseline-model",
        default="default",
        help="sentence-transformers model of LangChain's recipe, by name or path; by default the "
        "encoder that ships, as nothing is downloaded",
    )
    parser.add_argument("--llm", action="store_true", help="answer through the model of RAG_LLM")
    parser.add_argument("--out", type=Path, help=f"where the JSON goes; else {RESULTS_DIR.name}/")
    parser.add_argument("--no-page", action="store_true", help="write no HTML page")
    parser.add_argument("--failures", action="store_true", help="print the cases that failed")
    parser.add_argument(
        "--show-held-out",
        action="store_true",
        help="keep and show the texts of the test split: nobody may tune on it afterwards",
    )
    parser.add_argument("--compare", nargs=2, type=Path, metavar="JSON", help="compare two runs")
    return parser


def _run(arguments: Sequence[str]) -> tuple[int, str]:
    options = _parser().parse_args(arguments)
    if options.compare:
        before, after = (load_record(path) for path in options.compare)
        return 0, format_comparison(compare_runs(before, after))
    cases = load_cases(options.cases) if options.cases else load_split(options.split)
    cases = spread_sample(cases, options.limit)
    pipeline = load_pipeline(use_model=options.llm)
    record = _ask(cases, pipeline, options)
    out = options.out or _new_path(record)
    previous = last_record(out.parent, record.cases, engine_of(record))
    comparison = compare_runs(load_record(previous), record) if previous else None
    if comparison and not comparison.num_common:
        comparison = None  # the cases were replaced: there is nothing to hold them against
    save_record(record, out)
    said = [format_table(summarise(record.results)), format_rest(record.results)]
    if comparison and previous:
        said.append(_since(comparison, previous))
    if options.failures:
        said.append(_failures(record.results))
    if record.baselines:
        from eval.baselines import format_baselines

        said.append(format_baselines(record.baselines))
    said.append(f"结果 / results: {out}")
    if not options.no_page:
        page = out.with_suffix(".html")
        page.write_text(render_page(record, comparison), encoding="utf-8")
        said.append(f"图表 / report: {page}")
    broken = any(r.status == "error" or r.scores.get("quotes_exact", 1) < 1 for r in record.results)
    return int(broken), "\n\n".join(filter(None, said))


def load_pipeline(*, use_model: bool) -> Pipeline:
    """Open the index that the environment names, with the model that it names or with none.

    Raises:
        AssistantError: The settings, the index or the model cannot be used.
    """
    environ = dict(os.environ)
    if use_model and not environ.get("RAG_LLM"):
        raise CaseError("--llm needs a model: set RAG_LLM=provider:model, see README.md")
    if not use_model:
        environ = {k: v for k, v in environ.items() if not k.startswith("RAG_LLM")}
    settings = Settings.from_env(environ)
    ensure_index(settings)
    return Pipeline.load(settings)


def _ask(cases: Sequence[Case], pipeline: Pipeline, options: argparse.Namespace) -> RunRecord:
    from tqdm import tqdm

    stand = stand_of(pipeline)
    if lost := [c.case_id for c in cases if not all(stand.sources.case_places(c))]:
        print(
            f"证据不在此索引中的题（检索与引用记 0）/ cases whose evidence is in no document of this "
            f"index, so that retrieval and citations count 0: {len(lost)}, {', '.join(lost[:5])} …",
            file=sys.stderr,
        )
    with tqdm(total=2 * len(cases), leave=False, file=sys.stderr, disable=None) as bar:
        results = run_cases(cases, pipeline, stand, on_case=bar.update)
    found = []
    if options.baselines:
        from eval.baselines import run_baselines
        from index.encoder import load_encoder

        found = run_baselines(cases, pipeline, stand, load_encoder(options.baseline_model))
    name = options.cases.name if options.cases else options.split
    held_out = name == "test" and not options.show_held_out
    return make_record(results, pipeline, cases=name, with_texts=not held_out, baselines=found)


def _new_path(record: RunRecord) -> Path:
    at = record.at.replace(":", "").replace("+0000", "")
    return RESULTS_DIR / f"{at}-{Path(record.cases).stem}.json"


def _since(comparison: Comparison, previous: Path) -> str:
    found = next(c.difference for c in comparison.changes if c.metric == "passed")
    return (
        f"since {previous.name}: {found.change:+.3f} [{found.low:+.3f}, {found.high:+.3f}], "
        f"p = {found.p:.3f}, {found.better} better, {found.worse} worse of {found.num}"
    )


def _failures(results: Sequence[ResultRecord]) -> str:
    lines = []
    for result in results:
        if result.passed or result.texts is None:
            continue
        lines.append(f"{result.id} {result.language} {result.kind}: {result.reason}")
        lines.append(f"  Q {result.texts.question}")
        lines.append(f"  A {(result.texts.answer or result.texts.error)[:400]}")
        wanted = [" / ".join(forms) for forms, held in result.texts.wanted if not held]
        lines.append(f"  missing {wanted}" if result.answerable else "  wanted an abstention")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
