"""Word alignment: IBM Model 1 in both directions, trained to agree, with a liking for the diagonal.

Sentences of one shape (number of distinct terms left and right) form one dense array, so an
iteration is a handful of numpy operations per shape and no loop over sentences.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Counts = npt.NDArray[np.float64]

Sentence = tuple[Sequence[int], Sequence[int], float]
"""The terms of both sides in order, and how much the sentence counts."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Expected number of times that terms left[i] and right[i] translate each other."""

    left: Ids
    right: Ids
    counts: Counts


def align(
    sentences: Iterable[Sentence],
    *,
    max_terms: int = 60,
    iterations: int = 5,
    agreement_from: int = 2,
    diagonal: float = 4.0,
) -> Alignment:
    """Return expected counts of term pairs after `iterations` of EM.

    Repeated terms of a sentence count once, where they stand first. Sentences with no term, or more
    than `max_terms`, on a side are left out: they cost the square of their length. From iteration
    `agreement_from` on, the posteriors of the two directions are multiplied. From the second on, a
    link from place x to place y, both from 0 to 1, is weighted with exp(-diagonal * |x - y|).

    Source: Brown et al., Computational Linguistics 1993, https://aclanthology.org/J93-2003/;
    agreement: Liang, Taskar and Klein, NAACL 2006, https://aclanthology.org/N06-1014/; diagonal:
    Dyer, Chahuneau and Smith, NAACL 2013, https://aclanthology.org/N13-1073/.
    """
    shapes: dict[tuple[int, int], list[Sentence]] = defaultdict(list)
    for left_terms, right_terms, weight in sentences:
        left, right = list(dict.fromkeys(left_terms)), list(dict.fromkeys(right_terms))
        if 0 < len(left) <= max_terms and 0 < len(right) <= max_terms:
            shapes[len(left), len(right)].append((left, right, weight))
    weights = {
        shape: np.array([weight for *_, weight in found], dtype=np.float32)[:, None, None]
        for shape, found in shapes.items()
    }
    pairs, numbers, spans = _number_pairs(shapes)
    posteriors = np.empty(len(numbers), dtype=np.float32)
    left_of = (pairs >> 32).astype(np.int32)
    right_of = (pairs & 0xFFFFFFFF).astype(np.int32)
    counts: Counts = np.ones(len(pairs))
    for iteration in range(iterations):
        to_right = (counts / _totals(left_of, counts)[left_of]).astype(np.float32)
        to_left = (counts / _totals(right_of, counts)[right_of]).astype(np.float32)
        for start, shape in spans:
            # block[i, j, k]: the pair of the j-th left and k-th right term of sentence i.
            block = numbers[start : start + math.prod(shape)].reshape(shape)
            near = _nearness(shape[1], shape[2], diagonal if iteration else 0.0)
            forward = to_right[block] * near
            forward /= forward.sum(axis=1, keepdims=True) + _NULL
            backward = to_left[block] * near
            backward /= backward.sum(axis=2, keepdims=True) + _NULL
            posterior = forward * backward if iteration >= agreement_from else forward + backward
            posterior *= weights[shape[1], shape[2]]
            posteriors[start : start + posterior.size] = posterior.ravel()
        counts = np.asarray(
            np.bincount(numbers, posteriors, minlength=len(pairs)), dtype=np.float64
        )
    return Alignment(left_of, right_of, counts)


def _nearness(num_left: int, num_right: int, diagonal: float) -> npt.NDArray[np.float32]:
    """Return the weight of each link of a shape; places are those of the middle of a term."""
    left = (np.arange(num_left) + 0.5) / num_left
    right = (np.arange(num_right) + 0.5) / num_right
    return np.exp(-diagonal * np.abs(left[:, None] - right)).astype(np.float32)


_NULL = np.float32(1e-3)  # probability mass of "translates nothing here"


def _number_pairs(
    shapes: dict[tuple[int, int], list[Sentence]],
) -> tuple[npt.NDArray[np.int64], Ids, list[tuple[int, tuple[int, int, int]]]]:
    """Number the term pairs that occur.

    Returns:
        The pairs' keys, ascending; the number of each link of each sentence, shape after shape; for
        each shape where its links start and (num_sentences, num_left, num_right).
    """
    keys, spans, start = [], [], 0
    for (num_left, num_right), sentences in sorted(shapes.items()):
        left = np.array([terms for terms, _, _ in sentences], dtype=np.int64)
        right = np.array([terms for _, terms, _ in sentences], dtype=np.int64)
        keys.append(((left[:, :, None] << 32) | right[:, None, :]).ravel())
        spans.append((start, (len(sentences), num_left, num_right)))
        start += keys[-1].size
    pairs, numbers = np.unique(np.concatenate(keys), return_inverse=True)
    return pairs, numbers.astype(np.int32), spans


def _totals(terms: Ids, counts: Counts) -> Counts:
    totals = np.bincount(terms, counts)
    return np.asarray(np.where(totals > 0, totals, 1.0), dtype=np.float64)
