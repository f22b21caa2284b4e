"""How fast retrieval is: python -m eval.bench_search SET… [--chunks N] [--baseline MODEL].

Chunks are made of the sets' sentences, drawn with a seed, until there are N; the questions are the
sets' own. Times are of the process's CPU on whatever else the machine does: compare within a run.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.sentences import sentence_spans
from eval.retrieval import RetrievalSet, load_set
from index.cross_language import translated_query
from index.encoder import Encoder, load_encoder
from index.forward import build_forward_index
from index.fusion import DENSE_WEIGHT, standardized_sum
from index.lexical import QueryTerm, build_lexical
from index.names import build_name_index
from index.rescoring import Sentences, rescored
from index.search import NUM_CANDIDATES
from index.term_table import TermTable
from index.terms import analyze

CHUNK_CHARS = 300
NUM_QUESTIONS = 200
NUM_ENCODED = 64  # passages that both encoders encode


def make_chunks(sets: Sequence[RetrievalSet], number: int) -> list[str]:
    """Return texts of about CHUNK_CHARS characters, each of sentences of one language."""
    drawn = random.Random(20261121)
    chunks: list[str] = []
    pools = [
        [passage[start:end] for passage in found.passages for start, end in sentence_spans(passage)]
        for found in sets
    ]
    while len(chunks) < number:
        pool = drawn.choice(pools)
        text = ""
        while len(text) < CHUNK_CHARS:
            text += drawn.choice(pool)
        chunks.append(text)
    return chunks


def time_each(run: Callable[[str], object], questions: Sequence[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile of CPU milliseconds, after a first round of ten."""
    for question in questions[:10]:
        run(question)
    taken = []
    for question in questions:
        begun = time.process_time()
        run(question)
        taken.append(1000 * (time.process_time() - begun))
    return float(np.median(taken)), float(np.quantile(taken, 0.95))


def time_search(chunks: Sequence[str], questions: Sequence[str], encoder: Encoder) -> list[str]:
    """Return lines of a table: each part of a search, and the whole."""
    import faiss

    faiss.omp_set_num_threads(1)
    lexical = build_lexical([analyze(chunk) for chunk in chunks])
    sentences = Sentences([build_forward_index(chunks)])
    names = build_name_index(chunks)
    dense = faiss.IndexFlatIP(encoder.dim)
    dense.add(encoder.encode_documents(chunks))
    table = TermTable.load()

    def plain(question: str) -> np.ndarray:
        return lexical.bm25_scores(
            QueryTerm(((term, 1.0),)) for term in dict.fromkeys(analyze(question))
        )

    def translated(question: str) -> np.ndarray:
        return lexical.bm25_scores(translated_query(question, table, lexical, names))

    def nearest(question: str) -> np.ndarray:
        depth = min(NUM_CANDIDATES, len(chunks))
        found, rows = dense.search(encoder.encode_queries([question]), depth)
        scores = np.zeros(len(chunks), dtype=np.float32)
        scores[rows[0]] = found[0]
        return scores

    def whole(question: str) -> np.ndarray:
        query = translated_query(question, table, lexical, names)
        others, weighted = lexical.bm25(query)
        scores = np.maximum(plain(question), others)
        fused = standardized_sum([scores, nearest(question)], [1.0, DENSE_WEIGHT])
        return rescored(
            fused, float(scores.std()), lambda rows: sentences.best_scores(weighted, rows)
        )

    parts = {
        "terms as they are": plain,
        "translated, with names": translated,
        "dense": nearest,
        "all, fused, rescored": whole,
    }
    lines = []
    for name, run in parts.items():
        median, high = time_each(run, questions)
        lines.append(f"| {name} | {median:.1f} | {high:.1f} |")
    return lines


def texts_per_second(encoder: Encoder, texts: Sequence[str]) -> float:
    """Return how many texts are encoded in a second of CPU time."""
    encoder.encode_documents(texts[:4])
    begun = time.process_time()
    encoder.encode_documents(texts)
    return len(texts) / (time.process_time() - begun)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_search", description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--baseline", help="a sentence-transformers model, for its throughput")
    options = parser.parse_args(arguments)
    sets = [load_set(path) for path in options.sets]
    chunks = make_chunks(sets, options.chunks)
    asked = sorted({question for found in sets for question in found.questions})
    questions = random.Random(0).sample(asked, min(NUM_QUESTIONS, len(asked)))
    encoder = load_encoder("default")
    lines = [f"| {len(chunks)} chunks, ms of CPU | median | 95 % |", "|---|---|---|"]
    lines += time_search(chunks, questions, encoder)
    ours = texts_per_second(encoder, chunks[:2000])
    lines.append(f"\nencoder: {ours:.0f} texts of {CHUNK_CHARS} characters per CPU second")
    if options.baseline:
        theirs = texts_per_second(load_encoder(options.baseline), chunks[:NUM_ENCODED])
        lines.append(f"{Path(options.baseline).name}: {theirs:.1f}; ratio {ours / theirs:.0f}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
