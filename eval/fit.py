"""Fit the weights of rag/scoring.py on the development cases: python -m eval.fit.

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
from eval.metrics import holds_fact, is_correct, normalise
from rag.abstain import decide, decision_features
from rag.citations import cite
from rag.evidence import Evidence, gather_evidence
from rag.extractive import compose
from rag.pipeline import Pipeline, ensure_index
from rag.question import parse_question
from rag.scoring import WEIGHTS_PATH, learned_weights, score_evidence
from rag.settings import Settings

_STEPS = 600
_STEP_SIZE = 2.0
_PENALTY = 0.002
_FOLDS = 5
# Says how sure an answer is, but a long sentence is no better than a short one.
_NOT_FOR_ORDER = ("length",)


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
            scored = score_evidence(question, evidence, pipeline.term_weight, pipeline.similarity)
            right = np.array(
                [
                    is_evidence_of(case, item.evidence) or _states_facts(case, item.evidence)
                    for item in scored
                ],
                dtype=bool,
            )
            if right.any() and not right.all():
                names = [name for name in scored[0].features if name not in _NOT_FOR_ORDER]
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
    return np.asarray(weights)


def top1(examples: Sequence[_Example], weights: np.ndarray) -> float:
    """Return the share of examples whose best evidence is right."""
    return float(np.mean([e.right[int(np.argmax(e.features @ weights))] for e in examples]))


def gather_decisions(
    pipeline: Pipeline, cases: Sequence[Case]
) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Return case ids, features (n, num), whether answering is right, is answerable, and names."""
    rows = []
    names: list[str] = []
    for case in cases:
        for language in Language:
            question = parse_question(case.questions[language], issuers=pipeline.issuers)
            candidates = pipeline.retrieve(
                question.text, pipeline.settings.top_k, documents=question.documents
            )
            evidence = gather_evidence(pipeline.index, candidates, language)
            ranked = score_evidence(question, evidence, pipeline.term_weight, pipeline.similarity)
            fit_ = decide(ranked).evidence
            if not fit_:
                continue
            features = decision_features(fit_)
            names = list(features)
            weights = {term: pipeline.term_weight(term) for term in question.terms}
            reply = cite(question, compose(question, fit_, pipeline.index, weights), pipeline.index)
            right = case.answerable and is_correct(case, reply, language)
            rows.append((case.case_id, list(features.values()), right, case.answerable))
    ids, matrix, right_, answerable = zip(*rows, strict=True)
    return (list(ids), np.array(matrix), np.array(right_, dtype=float), np.array(answerable), names)


def fit_logistic(features: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return logistic weights, shape (num_features,), by Newton steps with an L2 penalty.

    Features are standardised for the penalty to be fair, and the weights scaled back; the last
    feature is the constant 1.
    """
    scale = features.std(axis=0)
    scale[scale == 0] = 1.0
    scaled = features / scale
    weights = np.zeros(features.shape[1])
    penalty = np.full(features.shape[1], _DECISION_PENALTY)
    penalty[-1] = 1e-3
    for _ in range(50):
        p = 1 / (1 + np.exp(-scaled @ weights))
        gradient = scaled.T @ (right - p) - penalty * weights
        hessian = (scaled * (p * (1 - p))[:, None]).T @ scaled + np.diag(penalty)
        weights = weights + np.linalg.solve(hessian, gradient)
    return np.asarray(weights / scale)


_DECISION_PENALTY = 3.0
_THRESHOLD = 0.35
"""Answer from this likelihood on. A wrong answer harms more than an abstention helps, but below
0.3 the development cases decline less than half of what the reports do not say (docs/log.md)."""


def folds_of(case_ids: Sequence[str]) -> np.ndarray:
    """Number each case's fold; both languages of a case share one."""
    order = {case_id: number % _FOLDS for number, case_id in enumerate(sorted(set(case_ids)))}
    return np.array([order[case_id] for case_id in case_ids])


def fit_evidence(pipeline: Pipeline, cases: Sequence[Case]) -> dict[str, float]:
    """Fit the weights that order evidence; print how often the first is right."""
    examples, names = gather_examples(pipeline, cases)
    folds = folds_of([example.case_id for example in examples])
    crossed = []
    for fold in range(_FOLDS):
        rest = [e for e, f in zip(examples, folds, strict=True) if f != fold]
        mine = [e for e, f in zip(examples, folds, strict=True) if f == fold]
        crossed.append((len(mine), top1(mine, fit(rest, len(names)))))
    weights = fit(examples, len(names))
    mean = sum(n * share for n, share in crossed) / sum(n for n, _ in crossed)
    print(
        f"{len(examples)} questions, right evidence first: {top1(examples, weights):.3f} fitted, "
        f"{mean:.3f} cross-validated"
    )
    return {name: round(float(value), 4) for name, value in zip(names, weights, strict=True)}


def fit_decision(pipeline: Pipeline, cases: Sequence[Case]) -> dict[str, float]:
    """Fit the weights that decide to answer; print what each threshold would have done."""
    ids, features, right, answerable, names = gather_decisions(pipeline, cases)
    folds = folds_of(ids)
    crossed = np.zeros(len(right))
    for fold in range(_FOLDS):
        weights = fit_logistic(features[folds != fold], right[folds != fold])
        crossed[folds == fold] = 1 / (1 + np.exp(-features[folds == fold] @ weights))
    num = 2 * sum(case.answerable for case in cases)
    num_not = 2 * len(cases) - num
    print("threshold  right  wrong  wrongly declined  rightly declined   (cross-validated)")
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        said = crossed >= threshold
        good = float((said & (right > 0)).sum()) / num
        bad = float((said & (right == 0) & answerable).sum()) / num
        kept = 1 - float((said & ~answerable).sum()) / num_not
        print(f"{threshold:9.2f}{good:7.3f}{bad:7.3f}{1 - good - bad:18.3f}{kept:18.3f}")
    weights = fit_logistic(features, right)
    fitted = {name: round(float(value), 4) for name, value in zip(names, weights, strict=True)}
    return {"threshold": _THRESHOLD, **fitted}


def main() -> int:
    """Fit, report and write the weights."""
    settings = Settings.from_env(os.environ)
    ensure_index(settings)
    pipeline = Pipeline.load(settings)
    cases = load_cases(CASES_DIR / "dev.jsonl")
    for name, fit_part in (("evidence", fit_evidence), ("decision", fit_decision)):
        stored = json.loads(WEIGHTS_PATH.read_text(encoding="utf-8"))
        stored[name] = fit_part(pipeline, cases)
        WEIGHTS_PATH.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
        learned_weights.cache_clear()
        for feature, value in stored[name].items():
            print(f"  {feature:28}{value:8.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
