"""Overlapping windows of sentences: what the dense search compares with a question.

A mean over a whole passage drowns the one sentence that answers; the best window of one or two
sentences keeps it (docs/log.md: dense recall@5 on CMRC 2018 rose from 0.86 to 0.95).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from corpus.sentences import sentence_spans
from index.lexical import Scores

WINDOW_SENTENCES = 2


def split_windows(text: str) -> list[str]:
    """Return the whole text, each sentence, and each pair of neighbours; equal texts once."""
    spans = sentence_spans(text)
    windows = [text]
    for size in range(1, WINDOW_SENTENCES + 1):
        for first in range(len(spans) - size + 1):
            windows.append(text[spans[first][0] : spans[first + size - 1][1]])
    return list(dict.fromkeys(windows))


def best_window_scores(scores: Scores, owners: npt.NDArray[np.int64], num_documents: int) -> Scores:
    """Return each document's best window score.

    Args:
        scores: Shape (num_windows,).
        owners: Shape (num_windows,): the document of each window; every document has one.
        num_documents: Documents are numbered from 0.
    """
    best = np.full(num_documents, -np.inf, dtype=np.float32)
    np.maximum.at(best, owners, scores)
    return best


def number_owners(windows: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
    """Return the document of each window when the lists are laid end to end."""
    return np.repeat(np.arange(len(windows)), [len(texts) for texts in windows])
