"""Measure retrieval alone: python -m eval.retrieval SET… [--questions FILE] [--system NAME]….

A set is a SQuAD-like JSON file (the paragraph of a question is what should be found) or a TSV
file of `question<TAB>passage` lines. Every question is asked against all passages of its set.
Rank ties count against the system. Intervals are bootstrap over questions, 95 %, seeded.
Not measured: cutting documents into chunks, filters, and the speed of the store.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import AssistantError
from eval.retrieval_systems import Scorer, faiss_baseline, make_systems
from index.encoder import load_encoder
from index.lexical import Scores
from index.term_table import TermTable

CUTOFFS = (1, 5, 10)
NUM_RESAMPLES = 1000


class RetrievalSetError(AssistantError):
    """A retrieval set cannot be read."""


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Questions, each with the number of the one passage that answers it."""

    name: str
    passages: tuple[str, ...]
    questions: tuple[str, ...]
    relevant: tuple[int, ...]  # relevant[i] belongs to questions[i]


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over questions with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set."""

    set_name: str
    system: str
    num_passages: int
    num_questions: int
    measures: dict[str, Measure]  # "recall@1", …, "mrr"


def load_set(path: Path, questions: Path | None = None) -> RetrievalSet:
    """Read a SQuAD-like JSON file or a TSV file; equal passages are one passage.

    With `questions`, another SQuAD-like file, the questions are those that it has under the same
    ids: XQuAD has a file for each language, and this asks the questions of one on the text of another.

    Raises:
        RetrievalSetError: Neither, or without any question.
    """
    try:
        text = path.read_text(encoding="utf-8")
        pairs = _squad_pairs(json.loads(text)) if path.suffix == ".json" else _tsv_pairs(text)
        if questions is not None:
            pairs = _asked_otherwise(json.loads(text), json.loads(questions.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RetrievalSetError(
            f"{path}: not a SQuAD-like JSON or question<TAB>passage file ({error!r})"
        ) from error
    numbers: dict[str, int] = {}
    asked = [
        (question, numbers.setdefault(passage, len(numbers)))
        for passage, questions in pairs
        for question in questions or [""]
    ]
    asked = [(question, number) for question, number in asked if question.strip()]
    if not asked:
        raise RetrievalSetError(f"{path}: holds no question")
    texts, relevant = zip(*asked, strict=True)
    return RetrievalSet(path.stem, tuple(numbers), texts, relevant)


_Squad = dict[str, list[dict[str, list[dict[str, Any]]]]]


def _paragraphs(content: _Squad) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for entry in content["data"]:
        for paragraph in entry["paragraphs"]:
            yield str(paragraph["context"]), paragraph["qas"]


def _squad_pairs(content: _Squad) -> list[tuple[str, list[str]]]:
    return [(passage, [str(qa["question"]) for qa in qas]) for passage, qas in _paragraphs(content)]


def _asked_otherwise(content: _Squad, other: _Squad) -> list[tuple[str, list[str]]]:
    """Return the passages of one file with the questions of another, by their ids."""
    asked = {qa["id"]: str(qa["question"]) for _, qas in _paragraphs(other) for qa in qas}
    return [
        (passage, [asked[qa["id"]] for qa in qas if qa["id"] in asked])
        for passage, qas in _paragraphs(content)
    ]


def _tsv_pairs(text: str) -> list[tuple[str, list[str]]]:
    rows = [line.split("\t") for line in text.split("\n") if line.strip()]
    return [(passage.strip(), [question]) for question, passage in rows]


def rank_of(scores: Scores, relevant: int) -> int:
    """Return the rank of a passage, from 1; passages with an equal score go before it."""
    return int((scores >= scores[relevant]).sum())


def measure(ranks: Sequence[int]) -> dict[str, Measure]:
    """Return recall at the cutoffs and the mean reciprocal rank, with intervals."""
    array = np.array(ranks, dtype=np.float64)
    values = {f"recall@{k}": (array <= k).astype(np.float64) for k in CUTOFFS}
    values["mrr"] = 1.0 / array
    draws = np.random.default_rng(0).integers(0, len(array), (NUM_RESAMPLES, len(array)))
    return {name: _with_interval(per_question, draws) for name, per_question in values.items()}


def _with_interval(values: npt.NDArray[np.float64], draws: npt.NDArray[np.int64]) -> Measure:
    low, high = np.quantile(values[draws].mean(axis=1), [0.025, 0.975])
    return Measure(float(values.mean()), float(low), float(high))


def evaluate(retrieval_set: RetrievalSet, systems: dict[str, Scorer]) -> list[Row]:
    """Return one row per system, in the given order."""
    rows = []
    for system, score in systems.items():
        ranks = [
            rank_of(score(question), relevant)
            for question, relevant in zip(
                retrieval_set.questions, retrieval_set.relevant, strict=True
            )
        ]
        rows.append(
            Row(
                retrieval_set.name,
                system,
                len(retrieval_set.passages),
                len(retrieval_set.questions),
                measure(ranks),
            )
        )
    return rows


def format_rows(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    names = list(rows[0].measures) if rows else []
    lines = [
        "| set | passages | n | system | " + " | ".join(names) + " |",
        "|---|---|---|---|" + "---|" * len(names),
    ]
    for row in rows:
        cells = (
            f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]"
            for found in row.measures.values()
        )
        head = f"| {row.set_name} | {row.num_passages} | {row.num_questions} | {row.system} | "
        lines.append(head + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print a table; 1 when a set or an encoder cannot be loaded."""
    parser = argparse.ArgumentParser(prog="python -m eval.retrieval", description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE",
        help="ask the questions of this file, by their ids",
    )
    parser.add_argument("--encoder", default="default", help="as RAG_ENCODER names it")
    parser.add_argument("--baseline", help="a sentence-transformers model, with FAISS alone")
    parser.add_argument("--system", action="append", help="only these systems (may be repeated)")
    parser.add_argument("--out", type=Path, help="write the rows as JSON to this file")
    options = parser.parse_args(arguments)
    rows: list[Row] = []
    try:
        encoder, table = load_encoder(options.encoder), TermTable.load()
        baseline = load_encoder(options.baseline) if options.baseline else None
        for path in options.sets:
            retrieval_set = load_set(path, options.questions)
            systems = make_systems(retrieval_set.passages, encoder, table)
            if baseline is not None:
                name = f"FAISS, {baseline.name}"
                systems[name] = faiss_baseline(retrieval_set.passages, baseline)
            wanted = options.system or list(systems)
            rows += evaluate(retrieval_set, {name: systems[name] for name in wanted})
    except AssistantError as error:
        sys.stderr.write(f"错误 / Error: {error}\n")
        return 1
    sys.stdout.write(format_rows(rows) + "\n")
    if options.out:
        options.out.write_text(
            json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False),
            encoding="utf-8",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
