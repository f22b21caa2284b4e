"""Fit the weights of rag/evidence/ on the development cases: python -m eval.fit.

Two linear models over named features. The first orders evidence: it puts the evidence of a case
above the rest of what was gathered for its question (softmax over the evidence of one question, L2
penalty, full batch gradient steps, no randomness). The second decides whether to answer: logistic
in the features of the best evidence, fitted to whether the answer made from it is right. Both are
reported by five-fold cross-validation, a case's two languages in one fold; the test cases are not
read.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from tqdm import tqdm

from corpus.schema import Language
from eval.cases import CASES_DIR, Case, load_cases
from eval.metrics import holds_fact, in_language, is_concise, is_correct, normalise
from rag.composing.about import about_reports
from rag.composing.citations import cite
from rag.composing.extractive import compose
from rag.evidence.abstain import decide, decision_features
from rag.evidence.evidence import Evidence
from rag.evidence.gathering import gather_evidence
from rag.evidence.scoring import (
    WEIGHTS_PATH,
    ScoredEvidence,
    learned_weights,
    score_evidence,
    term_weights,
)
from rag.pipeline import Pipeline, ensure_index
from rag.questions.plain import in_plain_words
from rag.questions.question import Question, parse_question
from rag.settings import Settings

_SAME = 0.002  # a few cases of the thousands; more than that is a difference
_FOLDS = 5
_STEPS = 400
_STEP_SIZE = 0.2
_MOMENTUM = 0.9
_PENALTY = 0.001
_DECISION_PENALTY = 10.0
_THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
"""Likelihoods from which on to answer, to choose from."""
# Says how sure an answer is, but a long sentence is no better than a short one.
_NOT_FOR_ORDER = ("length", "missing_share")


@dataclass(frozen=True)
class Asked:
    """A case asked in one language, with what was gathered for it."""

    case: Case
    language: Language
    question: Question
    scored: tuple[ScoredEvidence, ...]

    @cached_property
    def right(self) -> np.ndarray:
        """Return which of the evidence is right, shape (n,)."""
        return np.array(
            [
                self.case.answerable
                and (is_evidence_of(self.case, item.evidence) or _states_facts(self, item.evidence))
                for item in self.scored
            ],
            dtype=bool,
        )


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


def _states_facts(asked: Asked, evidence: Evidence) -> bool:
    """Say whether a piece of evidence states every fact of a case; reports repeat themselves."""
    text = f"{evidence.row} {evidence.column} {evidence.text}"
    needed = [holds_fact(text, fact, evidence.language) for fact in asked.case.facts]
    return bool(needed) and sum(needed) >= asked.case.min_facts


def ask(pipeline: Pipeline, cases: Sequence[Case]) -> Iterator[Asked]:
    """Yield every case in each of its languages, with its evidence."""
    for case in cases:
        for language, text in case.questions.items():
            plain = in_plain_words(pipeline.spelling.correct(text))
            question = parse_question(plain, issuers=pipeline.issuers)
            if about_reports(question, pipeline.index):
                continue  # answered from the cover, without any weights
            candidates = pipeline.retrieve(
                question.text, pipeline.settings.top_k, documents=question.documents
            )
            evidence = gather_evidence(pipeline.index, candidates, question.language)
            scored = score_evidence(question, evidence, pipeline.term_weight, pipeline.similarity)
            yield Asked(case, language, question, tuple(scored))


def fit_evidence(asked: Sequence[Asked]) -> dict[str, float]:
    """Return the weights that order evidence; print how often the first is right."""
    examples = [one for one in asked if one.right.any() and not one.right.all()]
    names = [name for name in examples[0].scored[0].features if name not in _NOT_FOR_ORDER]
    folds = folds_of([one.case.case_id for one in examples])
    hits = 0.0
    for fold in range(_FOLDS):
        rest = _Rows.of([one for one, f in zip(examples, folds, strict=True) if f != fold], names)
        mine = _Rows.of([one for one, f in zip(examples, folds, strict=True) if f == fold], names)
        hits += mine.num * mine.top1(rest.fit())
    rows = _Rows.of(examples, names)
    weights = rows.fit()
    print(
        f"{len(examples)} questions, right evidence first: {rows.top1(weights):.3f} fitted, "
        f"{hits / len(examples):.3f} cross-validated"
    )
    return _named(names, weights)


@dataclass(frozen=True, eq=False)
class _Rows:
    """The evidence of several questions, one below the other."""

    features: np.ndarray  # shape (n, num_features)
    right: np.ndarray  # shape (n,), 1.0 or 0.0
    starts: np.ndarray  # shape (num,): first row of each question
    owner: np.ndarray  # shape (n,): number of each row's question

    @classmethod
    def of(cls, examples: Sequence[Asked], names: Sequence[str]) -> "_Rows":
        sizes = [len(one.scored) for one in examples]
        return cls(
            np.array(
                [[i.features[name] for name in names] for one in examples for i in one.scored]
            ),
            np.concatenate([one.right for one in examples]).astype(float),
            np.concatenate([[0], np.cumsum(sizes)[:-1]]),
            np.repeat(np.arange(len(examples)), sizes),
        )

    @property
    def num(self) -> int:
        return len(self.starts)

    def fit(self) -> np.ndarray:
        """Return weights, shape (num_features,), that give the right evidence most probability."""
        weights = np.zeros(self.features.shape[1])
        velocity = np.zeros_like(weights)
        for _ in range(_STEPS):
            logits = self.features @ weights
            logits -= np.maximum.reduceat(logits, self.starts)[self.owner]
            p = np.exp(logits)
            p /= np.add.reduceat(p, self.starts)[self.owner]
            share = p * self.right
            share /= np.maximum(np.add.reduceat(share, self.starts), 1e-12)[self.owner]
            gradient = self.features.T @ (share - p) / self.num - 2 * _PENALTY * weights
            velocity = _MOMENTUM * velocity + gradient
            weights = weights + _STEP_SIZE * velocity
        return weights

    def top1(self, weights: np.ndarray) -> float:
        """Return the share of questions whose best evidence is right."""
        parts = np.split(self.features @ weights, self.starts[1:])
        return float(
            np.mean([self.right[s + np.argmax(x)] for s, x in zip(self.starts, parts, strict=True)])
        )


def fit_decision(pipeline: Pipeline, asked: Sequence[Asked]) -> dict[str, float]:
    """Return the weights that decide to answer; print what each threshold would have done."""
    decided = [(one, decide(one.scored, one.question.kind).evidence) for one in asked]
    decided = [(one, fit) for one, fit in decided if fit]
    rows = [decision_features(fit) for _, fit in decided]
    names = list(rows[0])
    features = np.array([list(row.values()) for row in rows])
    right = np.array([_is_right(pipeline, one, fit) for one, fit in decided], dtype=float)
    answerable = np.array([one.case.answerable for one, _ in decided])
    folds = folds_of([one.case.case_id for one, _ in decided])
    crossed = np.zeros(len(right))
    for fold in range(_FOLDS):
        weights = fit_logistic(features[folds != fold], right[folds != fold])
        crossed[folds == fold] = 1 / (1 + np.exp(-features[folds == fold] @ weights))
    num = sum(one.case.answerable for one in asked)
    num_not = len(asked) - num
    print("threshold  right  wrong  wrongly declined  rightly declined   (cross-validated)")
    gains = {}
    for threshold in _THRESHOLDS:
        said = crossed >= threshold
        good = float((said & (right > 0)).sum()) / num
        bad = float((said & (right == 0) & answerable).sum()) / num
        kept = 1 - float((said & ~answerable).sum()) / num_not
        print(f"{threshold:9.2f}{good:7.3f}{bad:7.3f}{1 - good - bad:18.3f}{kept:18.3f}")
        gains[threshold] = good + kept
    # The share of questions answered rightly and the share declined rightly count the same. Sums this near are
    # equal; of those the lowest is taken, as most of what is asked has an answer.
    best = min(t for t, gain in gains.items() if gain >= max(gains.values()) - _SAME)
    return {"threshold": best, **_named(names, fit_logistic(features, right))}


def _is_right(pipeline: Pipeline, asked: Asked, fit: Sequence[ScoredEvidence]) -> bool:
    if not asked.case.answerable:
        return False
    weights = term_weights(asked.question, pipeline.term_weight)
    statements = compose(asked.question, fit, pipeline.index, weights)
    reply = cite(asked.question, statements, pipeline.index)
    return (
        is_correct(asked.case, reply, asked.language)
        and is_concise(reply, asked.case.kind)
        and in_language(reply, asked.language)
    )


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
        p = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        gradient = scaled.T @ (right - p) - penalty * weights
        hessian = (scaled * (p * (1 - p))[:, None]).T @ scaled + np.diag(penalty)
        weights = weights + np.linalg.solve(hessian, gradient)
    return np.asarray(weights / scale)


def folds_of(case_ids: Sequence[str]) -> np.ndarray:
    """Number each case's fold; both languages of a case share one."""
    order = {case_id: number % _FOLDS for number, case_id in enumerate(sorted(set(case_ids)))}
    return np.array([order[case_id] for case_id in case_ids])


def _named(names: Sequence[str], weights: np.ndarray) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, weights, strict=True)}


def _ordered(one: Asked, weights: dict[str, float]) -> Asked:
    """Return the evidence in the order that new weights give it."""
    scored = (
        replace(
            item,
            score=sum(weights.get(name, 0.0) * value for name, value in item.features.items()),
        )
        for item in one.scored
    )
    return replace(one, scored=tuple(sorted(scored, key=lambda item: -item.score)))


def main() -> int:
    """Fit, report and write the weights."""
    settings = Settings.from_env(os.environ)
    ensure_index(settings)
    pipeline = Pipeline.load(settings)
    cases = load_cases(CASES_DIR / "dev.jsonl")
    asked = list(tqdm(ask(pipeline, cases), total=2 * len(cases), unit="question"))
    evidence = fit_evidence(asked)
    decision = fit_decision(pipeline, [_ordered(one, evidence) for one in asked])
    stored = {"evidence": evidence, "decision": decision}
    WEIGHTS_PATH.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    learned_weights.cache_clear()
    for name, weights in stored.items():
        print(name, " ".join(f"{feature}={value:.2f}" for feature, value in weights.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
