"""One step of measuring a shelf: python -m eval.bench.growing write|build|ask|add FOLDER [CHUNKS].

The last line printed is JSON; times are of the processor, in one thread, so that what else happens
on the machine does not bend the curve. `write` makes the texts, `build` their index, `ask` searches and
answers, `add` adds one report more.
"""

import json
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from eval.bench.filling import fill_index
from eval.bench.process import percentile, processor_s
from eval.bench.synthetic import clauses_of_shelf, report_text, write_shelf
from eval.cases import load_split
from index.build import add_documents, build_index
from index.search import Index
from index.settings import encoder_from_env
from rag.pipeline import Pipeline, encoder_of
from rag.settings import Settings

_NUM_QUESTIONS = 100
_NUM_ANSWERS = 40
_NEAREST = 10


_READ_UP_TO = 100_000  # chunks; larger shelves are filled with copies of so many read ones:
_COPIED = 10_000


def write(folder: Path, num_chunks: int) -> dict[str, object]:
    """Write the texts that are read."""
    write_shelf(folder / "texts", num_chunks if num_chunks <= _READ_UP_TO else _COPIED)
    return {}


def build(folder: Path, num_chunks: int) -> dict[str, object]:
    """Build the index, and what is derived from it."""
    encoder = encoder_from_env()
    started = processor_s()
    if num_chunks <= _READ_UP_TO:
        build_index(folder / "texts", folder / "index", encoder, workers=1)
    else:
        fill_index(folder / "texts", folder / "index", num_chunks, encoder)
    index = Index.open(folder / "index", encoder)
    seconds = processor_s() - started
    characters = sum(len(chunk.text) for chunk in index.chunks.values())
    return {"seconds": seconds, "chunks": len(index.chunks), "characters": characters}


def ask(folder: Path, _: int) -> dict[str, object]:
    """Open the index; search and answer."""
    started = time.process_time()
    settings = replace(Settings(), index_dir=folder / "index")
    index = Index.open(settings.index_dir, encoder_of(settings))
    pipeline = Pipeline(index, settings)
    open_s = time.process_time() - started
    questions = _questions(folder)
    for question in questions[:_NUM_ANSWERS:4]:  # loads what is loaded once
        pipeline.answer(question)
    searches = _latencies(lambda text: pipeline.retrieve(text), questions)
    answers = _latencies(lambda text: pipeline.answer(text), questions[1:_NUM_ANSWERS])
    # Before the exact search, which reads every vector.
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "memory_mb": peak_mb,
        "open_s": open_s,
        "search_p50_ms": percentile(searches, 0.5),
        "search_p95_ms": percentile(searches, 0.95),
        "answer_p50_ms": percentile(answers, 0.5),
        "answer_p95_ms": percentile(answers, 0.95),
        "recall": _recall(index, questions),
    }


def add(folder: Path, _: int) -> dict[str, object]:
    """Add a report to the index, and open it again."""
    encoder = encoder_from_env()
    before = Index.open(folder / "index", encoder)
    before.search("市场规模", top_k=1)
    text = report_text(clauses_of_shelf(), 1, seed=1)
    started = time.process_time()
    add_documents([("added.txt", text.encode())], folder / "index", encoder)
    stored = time.process_time()
    after = Index.open(folder / "index", encoder)
    ready = time.process_time()
    if len(after.chunks) <= len(before.chunks):
        raise SystemExit("the report was not added")
    return {"add_s": stored - started, "ready_s": ready - started}


def _questions(folder: Path) -> list[str]:
    """Return questions of the evaluation, and clauses of the shelf itself."""
    asked = [text for case in load_split("dev") for text in case.questions.values()]
    draw = random.Random(0)
    paths = sorted((folder / "texts").iterdir())
    lines = [
        draw.choice(draw.choice(paths).read_text(encoding="utf-8").split("\n\n")[2:])[:60]
        for _ in range(_NUM_QUESTIONS // 2)
    ]
    return draw.sample(asked, _NUM_QUESTIONS // 2) + lines


def _latencies(call: Callable[[str], object], questions: list[str]) -> list[float]:
    """Return what each call takes, in milliseconds."""
    latencies = []
    for question in questions:
        started = time.process_time()
        call(question)
        latencies.append(1000 * (time.process_time() - started))
    return latencies


def _recall(index: Index, questions: list[str]) -> float:
    """Return the share of the exact nearest views that the dense search finds among its own."""
    parts = [part.segment.dense.vectors for part in index.derived.parts]
    queries = index.encoder.encode_queries(questions)
    _, found = index.derived.dense.search(queries, _NEAREST)
    shares = []
    for query, rows in zip(queries, found, strict=True):
        scores = np.concatenate([vectors @ query for vectors in parts])
        least = np.sort(scores)[-_NEAREST]  # equal scores are equally near
        shares.append(np.mean(scores[rows[rows >= 0]] >= least - 1e-6))
    return float(np.mean(shares))


_STEPS = {"write": write, "build": build, "ask": ask, "add": add}


def main(arguments: list[str]) -> int:
    """Do one step and print what it took."""
    step, folder, *chunks = arguments
    result = _STEPS[step](Path(folder), int(chunks[0]) if chunks else 0)
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
