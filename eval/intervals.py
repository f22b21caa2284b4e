"""How sure a mean is: bootstrap intervals, paired comparison, calibration. Seeded, deterministic.

Both languages of a case are drawn together: they are not independent questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

NUM_RESAMPLES = 1000
NUM_BINS = 10
_SEED = 20261121
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `num` values with its 95 % interval."""

    mean: float
    low: float
    high: float
    num: int


def estimate(values: Sequence[tuple[str, float]]) -> Estimate:
    """Return the mean of (case id, value) pairs with its interval, drawing whole cases.

    Percentile bootstrap. Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993.
    Nothing has the mean 0 and the interval from 0 to 1.

    >>> estimate([("a", 1.0), ("b", 0.0)]).mean
    0.5
    """
    if not values:
        return Estimate(0.0, 0.0, 1.0, 0)
    sums, counts = _by_case(values)
    means = _resampled_means(sums, counts)
    low, high = np.quantile(means, [_LOW, _HIGH])
    return Estimate(float(sums.sum() / counts.sum()), float(low), float(high), len(values))


@dataclass(frozen=True, slots=True)
class Difference:
    """How the mean of the same questions changed between two runs: positive is better."""

    change: float
    low: float
    high: float
    p: float  # how often chance alone changes as much
    better: int  # questions that rose
    worse: int
    num: int


def compare_pairs(pairs: Sequence[tuple[str, float, float]]) -> Difference:
    """Compare (case id, before, after) of the same questions.

    The interval is a paired bootstrap over cases. p is the share of random sign changes per case
    that move the mean at least as much, both sides (a paired permutation test; source: Noreen,
    Computer-Intensive Methods for Testing Hypotheses, 1989), counting the observed one.
    """
    if not pairs:
        return Difference(0.0, 0.0, 0.0, 1.0, 0, 0, 0)
    sums, counts = _by_case([(case_id, after - before) for case_id, before, after in pairs])
    low, high = np.quantile(_resampled_means(sums, counts), [_LOW, _HIGH])
    signs = np.random.default_rng(_SEED).choice([-1.0, 1.0], (NUM_RESAMPLES, len(sums)))
    extreme = np.abs(signs @ sums) >= abs(sums.sum()) - 1e-9
    return Difference(
        change=float(sums.sum() / counts.sum()),
        low=float(low),
        high=float(high),
        p=float((1 + extreme.sum()) / (1 + NUM_RESAMPLES)),
        better=sum(after > before for _, before, after in pairs),
        worse=sum(after < before for _, before, after in pairs),
        num=len(pairs),
    )


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence: how sure they were and how many were right."""

    low: float
    high: float
    confidence: float
    right: float
    num: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether an answer that is 80 % sure is right 8 times of 10."""

    bins: tuple[Bin, ...]  # those with answers, rising
    error: float  # mean distance of confidence and share right, weighted by answers; 0 is perfect
    brier: float  # mean squared distance of confidence and outcome; 0 is perfect
    num: int


def calibrate(outcomes: Sequence[tuple[float, bool]]) -> Calibration:
    """Return the calibration of (confidence, right) pairs in ten bins of equal width.

    Sources: expected calibration error as in Naeini et al., AAAI 2015; Brier, Monthly Weather
    Review 1950.

    >>> calibrate([(0.95, True), (0.95, False)]).error
    0.45
    """
    bins = []
    for number in range(NUM_BINS):
        low, high = number / NUM_BINS, (number + 1) / NUM_BINS
        mine = [
            (confidence, right)
            for confidence, right in outcomes
            if min(NUM_BINS - 1, int(confidence * NUM_BINS)) == number
        ]
        if mine:
            sure = sum(confidence for confidence, _ in mine) / len(mine)
            share = sum(right for _, right in mine) / len(mine)
            bins.append(Bin(low, high, sure, share, len(mine)))
    num = len(outcomes)
    error = sum(item.num * abs(item.confidence - item.right) for item in bins) / max(1, num)
    brier = sum((confidence - right) ** 2 for confidence, right in outcomes) / max(1, num)
    return Calibration(tuple(bins), round(error, 9), brier, num)


def _by_case(
    values: Sequence[tuple[str, float]],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return sums and counts per case, both of shape (num_cases,), in order of appearance."""
    groups: dict[str, list[float]] = {}
    for case_id, value in values:
        groups.setdefault(case_id, []).append(value)
    sums = np.array([sum(group) for group in groups.values()])
    counts = np.array([float(len(group)) for group in groups.values()])
    return sums, counts


def _resampled_means(
    sums: npt.NDArray[np.float64], counts: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the means of resamples of whole cases, shape (NUM_RESAMPLES,)."""
    draws = _draws(len(sums))
    return np.asarray(sums[draws].sum(axis=1) / counts[draws].sum(axis=1))


@lru_cache(maxsize=256)
def _draws(num: int) -> npt.NDArray[np.int64]:
    """Return NUM_RESAMPLES draws of `num` cases with replacement, shape (NUM_RESAMPLES, num)."""
    return np.random.default_rng(_SEED).integers(0, num, (NUM_RESAMPLES, num))
