"""Ask the evaluation cases and report: python -m eval [--split dev] [--limit N] [--out FILE]."""

import argparse
import json
import os
import sys
from pathlib import Path
from statistics import median

from corpus.errors import AssistantError
from eval.cases import CASES_DIR, load_cases
from eval.report import format_table, summarise, to_record
from eval.runner import CaseResult, run_cases
from rag.pipeline import Pipeline, ensure_index
from rag.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Run the evaluation; 1 when a quote was not exact or a case crashed."""
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    parser.add_argument("--split", default="dev", help="dev (default) or test, the held-out part")
    parser.add_argument("--cases", type=Path, help="a file of your own cases (JSON Lines)")
    parser.add_argument("--limit", type=int, help="only the first N cases")
    parser.add_argument("--out", type=Path, help="write every answer as JSON to this file")
    parser.add_argument("--failures", action="store_true", help="print the cases that failed")
    options = parser.parse_args(arguments)
    try:
        cases = load_cases(options.cases or CASES_DIR / f"{options.split}.jsonl")[: options.limit]
        settings = Settings.from_env(os.environ)
        ensure_index(settings)
        pipeline = Pipeline.load(settings)
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    from tqdm import tqdm

    with tqdm(total=2 * len(cases), delay=1.0, leave=False, file=sys.stderr) as bar:
        results = run_cases(cases, pipeline, on_case=bar.update)
    print(format_table(summarise(results)))
    if results:
        print(f"median {1000 * median(r.seconds for r in results):.1f} ms per answer")
    if options.failures:
        _print_failures(results)
    if options.out:
        record = json.dumps(to_record(results), ensure_ascii=False, indent=1)
        options.out.write_text(record, encoding="utf-8")
    return int(any(result.error or not result.quotes_exact for result in results))


def _print_failures(results: list[CaseResult]) -> None:
    for result in results:
        if result.passed:
            continue
        print(f"\n{result.case.case_id} {result.language} {result.case.kind}")
        print(f"  Q {result.case.questions[result.language]}")
        print(f"  A {(result.answer.text if result.answer else result.error)[:400]}")
        wanted = [list(fact.forms.get(result.language, ())) for fact in result.case.facts]
        print(f"  wanted {wanted}" if result.case.answerable else "  wanted an abstention")


if __name__ == "__main__":
    sys.exit(main())
