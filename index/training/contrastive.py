"""Train static vectors so that a question and the text that answers it point the same way.

Four kinds of batch: translated sentences, a few words of a sentence with the passage around its
translation (inverse cloze, all four language directions), headings and questions with their
passages, dictionary words with their glosses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]

TEMPERATURE = 0.05
BATCH_SIZE = 1024
MIX = {"sentences": 0.2, "windows": 0.45, "questions": 0.25, "glosses": 0.1}
WINDOW_DIRECTIONS = (("en", "zh", 0.35), ("zh", "en", 0.35), ("zh", "zh", 0.15), ("en", "en", 0.15))
MAX_PASSAGE_TOKENS = 300
SAME_WINDOW = 10  # segments closer than this may share a window: they are no negatives


@dataclass(frozen=True, slots=True)
class Texts:
    """Tokenized texts end to end: text i is `ids[offsets[i]:offsets[i + 1]]`."""

    ids: Ids
    offsets: Rows

    @property
    def lengths(self) -> Rows:
        """Return the number of tokens of each text."""
        return np.diff(self.offsets)


@dataclass(frozen=True, slots=True)
class TrainingText:
    """What is trained on; texts of one line share their number."""

    zh: Texts
    en: Texts
    sources: Rows  # of each zh/en segment, ascending; neighbours are neighbours in a document
    questions: Texts
    passages: Texts
    passage_keys: Rows  # equal for equal passages
    words: Texts
    glosses: Texts
    word_keys: Rows  # equal for equal words


@dataclass(frozen=True, slots=True)
class Bags:
    """A side of a batch: tokens end to end, and where each text starts."""

    ids: Ids
    starts: Rows


@dataclass(frozen=True, slots=True)
class Batch:
    """Left i belongs to right i; keys nearer than `margin` are no negatives of each other."""

    left: Bags
    right: Bags
    keys: Rows
    margin: int


class Sampler:
    """Draws batches, the same ones for the same seed."""

    def __init__(self, text: TrainingText, *, seed: int = 0) -> None:
        self._text = text
        self._random = np.random.default_rng(seed)
        lengths = np.minimum(text.zh.lengths, text.en.lengths)
        longest = np.maximum(text.zh.lengths, text.en.lengths)
        self._draw_sentence = self._by_source(np.flatnonzero((lengths >= 2) & (longest <= 150)))
        self._draw_window = self._by_source(np.flatnonzero((lengths >= 4) & (longest <= 150)))
        self._asked = np.flatnonzero((text.questions.lengths >= 2) & (text.passages.lengths >= 5))
        self._glossed = np.flatnonzero((text.words.lengths >= 1) & (text.glosses.lengths >= 1))

    def draw(self) -> Batch:
        """Return the next batch, of a kind drawn by MIX."""
        kinds = {
            "sentences": self._sentences,
            "windows": self._windows,
            "questions": self._questions,
            "glosses": self._glosses,
        }
        return kinds[str(self._random.choice(list(MIX), p=list(MIX.values())))]()

    def _sentences(self) -> Batch:
        rows = self._draw_sentence()
        return Batch(_whole(self._text.zh, rows), _whole(self._text.en, rows), rows, 1)

    def _windows(self) -> Batch:
        """Three to fourteen tokens of a segment, with up to four segments on each side of it."""
        text, rows = self._text, self._draw_window()
        direction = self._random.choice(4, p=[share for *_, share in WINDOW_DIRECTIONS])
        asked, answered = (
            {"zh": text.zh, "en": text.en}[language]
            for language in WINDOW_DIRECTIONS[direction][:2]
        )
        size = np.minimum(asked.lengths[rows], self._random.integers(3, 15, len(rows)))
        slack = asked.lengths[rows] - size + 1
        starts = asked.offsets[rows] + (self._random.random(len(rows)) * slack).astype(np.int64)
        first = np.maximum(rows - self._random.integers(0, 4, len(rows)), 0)
        first = np.where(text.sources[first] == text.sources[rows], first, rows)
        last_of_source = np.searchsorted(text.sources, text.sources[rows], side="right")
        end = np.minimum(rows + 1 + self._random.integers(0, 4, len(rows)), last_of_source)
        begin = answered.offsets[first]
        limit = np.maximum(begin + MAX_PASSAGE_TOKENS, answered.offsets[rows + 1])
        return Batch(
            _gather(asked.ids, starts, starts + size),
            _gather(answered.ids, begin, np.minimum(answered.offsets[end], limit)),
            rows,
            SAME_WINDOW,
        )

    def _questions(self) -> Batch:
        text, rows = self._text, self._random.choice(self._asked, BATCH_SIZE)
        begin = text.passages.offsets[rows]
        end = np.minimum(text.passages.offsets[rows + 1], begin + MAX_PASSAGE_TOKENS)
        right = _gather(text.passages.ids, begin, end)
        return Batch(_whole(text.questions, rows), right, text.passage_keys[rows], 1)

    def _glosses(self) -> Batch:
        text, rows = self._text, self._random.choice(self._glossed, BATCH_SIZE)
        keys = text.word_keys[rows]
        return Batch(_whole(text.words, rows), _whole(text.glosses, rows), keys, 1)

    def _by_source(self, rows: Rows) -> Callable[[], Rows]:
        """Draw segments so that a source counts by the root of its size."""
        _, starts, sizes = np.unique(
            self._text.sources[rows], return_index=True, return_counts=True
        )
        shares = np.sqrt(sizes) / np.sqrt(sizes).sum()

        def draw() -> Rows:
            chosen = self._random.choice(len(sizes), BATCH_SIZE, p=shares)
            offsets = (self._random.random(BATCH_SIZE) * sizes[chosen]).astype(np.int64)
            return np.asarray(rows[starts[chosen] + offsets])

        return draw


def train_vectors(
    vectors: npt.NDArray[np.float32], draw: Callable[[], Batch], *, steps: int, rate: float
) -> None:
    """Train in place: InfoNCE in both directions with the batch as negatives, lazy Adam.

    Only the rows that a batch touches are updated, which on two cores is the difference between
    0.2 s and 1.1 s a step. The rate rises over 30 steps and falls linearly to 2 %.

    Source: van den Oord et al., 2018, https://arxiv.org/abs/1807.03748.
    """
    import torch

    torch.set_num_threads(2)
    weights = torch.from_numpy(vectors)
    first, second = torch.zeros_like(weights), torch.zeros_like(weights)
    updates = torch.zeros(len(vectors), 1)
    for step in range(steps):
        batch = draw()
        used, local = np.unique(
            np.concatenate([batch.left.ids, batch.right.ids]), return_inverse=True
        )
        rows = torch.from_numpy(used.astype(np.int64))
        current = weights[rows].requires_grad_()
        split = len(batch.left.ids)
        loss = _loss(
            torch,
            _encode(torch, current, local[:split], batch.left.starts),
            _encode(torch, current, local[split:], batch.right.starts),
            batch,
        )
        (gradient,) = torch.autograd.grad(loss, current)
        with torch.no_grad():
            updates[rows] += 1
            first[rows] = first[rows] * 0.9 + gradient * 0.1
            second[rows] = second[rows] * 0.99 + gradient**2 * 0.01
            mean = first[rows] / (1 - 0.9 ** updates[rows])
            spread = (second[rows] / (1 - 0.99 ** updates[rows])).sqrt() + 1e-8
            pace = rate * min(1.0, (step + 1) / 30) * max(0.02, 1 - step / steps)
            weights[rows] = current.detach() - pace * mean / spread


def _encode(torch: Any, weights: Any, ids: Rows, starts: Rows) -> Any:  # noqa: ANN401
    functional = torch.nn.functional
    bags = functional.embedding_bag(
        torch.from_numpy(ids), weights, torch.from_numpy(starts), mode="mean"
    )
    return functional.normalize(bags, dim=1)


def _loss(torch: Any, left: Any, right: Any, batch: Batch) -> Any:  # noqa: ANN401
    scores = left @ right.T / TEMPERATURE
    keys = torch.from_numpy(batch.keys.astype(np.int64))
    near = (keys[:, None] - keys[None, :]).abs() < batch.margin
    near.fill_diagonal_(False)
    scores = scores.masked_fill(near, -1e4)
    targets = torch.arange(len(keys))
    cross_entropy = torch.nn.functional.cross_entropy
    return cross_entropy(scores, targets) + cross_entropy(scores.T, targets)


def lay_out(texts: Sequence[Sequence[int]]) -> Texts:
    """Lay token ids end to end, unknown tokens (0) left out."""
    kept = [[token for token in text if token] for text in texts]
    offsets = np.cumsum([0, *map(len, kept)], dtype=np.int64)
    ids = np.fromiter((token for text in kept for token in text), np.int32, int(offsets[-1]))
    return Texts(ids, offsets)


def _whole(texts: Texts, rows: Rows) -> Bags:
    return _gather(texts.ids, texts.offsets[rows], texts.offsets[rows + 1])


def _gather(ids: Ids, starts: Rows, ends: Rows) -> Bags:
    sizes = ends - starts
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return Bags(ids[np.repeat(starts - first, sizes) + np.arange(sizes.sum())], first)
