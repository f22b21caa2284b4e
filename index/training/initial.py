"""First vectors of the encoder: English words from a teacher, Chinese ones through the term table.

Both languages start in the teacher's space, so contrastive training only has to refine it. Two
cores encode 23,000 words in two minutes; encoding the training text would take half a day.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.term_table import TermTable
from index.terms import analyze

Matrix = npt.NDArray[np.float64]

MIN_TEACHER_COUNT = 20  # rarer words take the vector of their stem's other forms, or chance
SMOOTHING = 1e-4  # of the frequency weights a / (a + p), Arora et al., ICLR 2017
FLOOR = 0.15  # added to the weights: common words keep some say


def initial_vectors(
    tokens: Sequence[str],
    counts: Counter[str],
    teacher: str,
    table: TermTable,
    *,
    dim: int,
) -> npt.NDArray[np.float32]:
    """Return one vector per token, row 0 (unknown) zero.

    Args:
        tokens: The tokenizer's vocabulary, by id.
        counts: How often each word stands in the training text.
        teacher: An English sentence-transformers model, by path.
        table: Carries the English vectors over to Chinese words.
        dim: At most the teacher's.
    """
    rows = [
        row
        for row, token in enumerate(tokens)
        if token.isascii() and token.isalpha() and len(token) > 1
        if counts[token] >= MIN_TEACHER_COUNT
    ]
    taught = _taught([tokens[row] for row in rows], counts, teacher, dim)
    random = np.random.default_rng(0)
    vectors = random.standard_normal((len(tokens), dim)) * 0.5 / np.sqrt(dim)
    vectors[rows] = taught
    stems = _stem_vectors([tokens[row] for row in rows], taught, counts)
    known = set(rows)
    for row, token in enumerate(tokens):
        if row in known or not token:
            continue
        names = [(name, 1.0) for name in analyze(token)[:1]] if token.isascii() else []
        found = [
            (stems[name], weight)
            for name, weight in names or table.translate(token)
            if name in stems
        ]
        if found:
            total = np.sum([weight * vector for vector, weight in found], axis=0)
            vectors[row] = total / np.linalg.norm(total)
    share = np.array([counts.get(token, 1) for token in tokens]) / counts.total()
    vectors *= (FLOOR + SMOOTHING / (SMOOTHING + share))[:, None]
    vectors[0] = 0.0
    return np.asarray(vectors, dtype=np.float32)


def _taught(words: Sequence[str], counts: Counter[str], teacher: str, dim: int) -> Matrix:
    """Return the teacher's vectors, centred and rotated to their `dim` principal axes, unit."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(teacher, device="cpu", local_files_only=True)
    vectors = np.asarray(model.encode(list(words), batch_size=256), dtype=np.float64)
    weights = np.sqrt([counts[word] for word in words])[:, None]
    vectors -= (vectors * weights).sum(axis=0) / weights.sum()
    _, _, axes = np.linalg.svd(vectors * np.sqrt(weights), full_matrices=False)
    projected = vectors @ axes[:dim].T
    return np.asarray(projected / np.linalg.norm(projected, axis=1, keepdims=True))


def _stem_vectors(
    words: Sequence[str], vectors: Matrix, counts: Counter[str]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the mean vector of the words that share a term of the analyzer, by count."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, word in enumerate(words):
        for term in analyze(word)[:1]:
            rows[term].append(row)
    return {
        term: np.average(vectors[found], axis=0, weights=[counts[words[row]] for row in found])
        for term, found in rows.items()
    }
