"""Fit the weights of rag/scoring.py on the development cases: python -m eval.fit

A linear model over the named features, trained to put the evidence of a case above the rest of
what was gathered for its question (softmax over the evidence of one question, L2 penalty, full
batch gradient steps, no randomness). Reports how often the best evidence is right, on the cases
fitted and by five-fold cross-validation; the test cases are not read.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.schema import Language
from eval.cases import CASES_DIR, Case, load_cases
from eval.metrics import holds_fact, normalise
from rag.evidence import Evidence, gather_evidence
from rag.pipeline import Pipeline, ensure_index
from rag.question import parse_question
from rag.scoring import WEIGHTS_PATH, score_evidence
from rag.settings import Settings

_STEPS = 600
_STEP_SIZE = 2.0
_PENALTY = 0.002
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class _Example:
    """The evidence of one question: features, shape (n, num_features), and which of it is right."""

    case_id: str
    features: np.ndarray
    right: np.ndarray


def is_evidence_of(case: Case, evidence: Evidence) -> bool:
    """Say whether a piece of evidence is, or holds, or is part of the evidence of a case."""
    said = normalise(evidence.quote)
    for span in case.evidence:
        wanted = normalise(span.quote)
        if evidence.doc_id != span.doc_id or not said:
            continue
        if span.row or span.column:
            if evidence.is_cell and (said == wanted or wanted in said):
                return True
        elif said in wanted or wanted in said:
            return True
    return False


def _states_facts(case: Case, evidence: Evidence) -> bool:
    """Say whether a piece of evidence states every fact of a case; reports repeat themselves."""
    text = f"{evidence.row} {evidence.column} {evidence.text}"
    needed = [holds_fact(text, fact, evidence.language) for fact in case.facts]
    return bool(needed) and sum(needed) >= case.min_facts


def gather_examples(pipeline: Pipeline, cases: Sequence[Case]) -> tuple[list[_Example], list[str]]:
    """Return one example per answerable case and language whose evidence was gathered."""
    examples = []
    names: list[str] = []
    for case in cases:
        if not case.answerable:
            continue
        for language in Language:
            question = parse_question(case.questions[language], issuers=pipeline.issuers)
            candidates = pipeline.retrieve(
                question.text, pipeline.settings.top_k, documents=question.documents
            )
            evidence = gather_evidence(pipeline.index, candidates, language)
            scored = score_evidence(question, evidence, pipeline.term_weight)
            right = np.array(
                [
                    is_evidence_of(case, item.evidence) or _states_facts(case, item.evidence)
                    for item in scored
                ],
                dtype=bool,
            )
            if right.any() and not right.all():
                names = list(scored[0].features)
                matrix = np.array([[item.features[name] for name in names] for item in scored])
                examples.append(_Example(case.case_id, matrix, right))
    return examples, names


def fit(examples: Sequence[_Example], num_features: int) -> np.ndarray:
    """Return weights, shape (num_features,), that give the right evidence the most probability."""
    weights = np.zeros(num_features)
    velocity = np.zeros(num_features)
    for _ in range(_STEPS):
        gradient = -2 * _PENALTY * weights
        for example in examples:
            logits = example.features @ weights
            probability = np.exp(logits - logits.max())
            probability /= probability.sum()
            share = probability * example.right
            gradient += ((share / max(share.sum(), 1e-12) - probability) @ example.features) / len(
                examples
            )
        velocity = 0.9 * velocity + gradient
        weights = weights + _STEP_SIZE * 0.1 * velocity
    return weights


def top1(examples: Sequence[_Example], weights: np.ndarray) -> float:
    """Return the share of examples whose best evidence is right."""
    return float(np.mean([e.right[int(np.argmax(e.features @ weights))] for e in examples]))


def main() -> int:
    """Fit, report and write the weights."""
    settings = Settings.from_env(os.environ)
    ensure_index(settings)
    pipeline = Pipeline.load(settings)
    examples, names = gather_examples(pipeline, load_cases(CASES_DIR / "dev.jsonl"))
    # Both languages of a case stay in one fold: they share the evidence.
    ids = sorted({example.case_id for example in examples})
    folds = {case_id: number % _FOLDS for number, case_id in enumerate(ids)}
    held_out = []
    for fold in range(_FOLDS):
        rest = [e for e in examples if folds[e.case_id] != fold]
        mine = [e for e in examples if folds[e.case_id] == fold]
        held_out.append((len(mine), top1(mine, fit(rest, len(names)))))
    weights = fit(examples, len(names))
    crossed = sum(n * share for n, share in held_out) / sum(n for n, _ in held_out)
    print(f"{len(examples)} questions, right evidence first: {top1(examples, weights):.3f} fitted, "
          f"{crossed:.3f} cross-validated")
    for name, value in zip(names, weights, strict=True):
        print(f"  {name:28}{value:8.3f}")
    stored = json.loads(WEIGHTS_PATH.read_text(encoding="utf-8"))
    stored["evidence"] = {
        name: round(float(value), 4) for name, value in zip(names, weights, strict=True)
    }
    WEIGHTS_PATH.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
