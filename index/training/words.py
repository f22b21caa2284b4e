"""Prepare jieba's dictionary for a fast start: python -m index.training.words.

Writes index/models/words.npz: every word, and every beginning of a word that is none itself, with its
log probability (minus infinity for the beginnings). The dictionary is read as plain text: jieba's own
loader unmarshals a cache file from the shared temporary folder, where anybody can put one. Reading the
text took half a second of every start; the same bytes come out of the same dictionary.
"""

import math
from importlib import resources

import numpy as np

from index.words import WORDS_PATH


def prepare_words() -> tuple[list[str], list[float]]:
    """Return words and beginnings of words, sorted, with their log probabilities."""
    text = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8")
    fields = text.split()
    words, counts = fields[0::3], [int(count) for count in fields[1::3]]
    log_total = math.log(sum(counts))
    weights = {word[:end]: -math.inf for word in words for end in range(2, len(word))}
    weights.update(
        (word, math.log(count or 1) - log_total) for word, count in zip(words, counts, strict=True)
    )
    ordered = sorted(weights)
    return ordered, [weights[word] for word in ordered]


def main() -> None:
    """Write the file."""
    words, weights = prepare_words()
    blob = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    with WORDS_PATH.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, words=blob, weights=np.array(weights))
    print(f"{WORDS_PATH}: {len(words):,} entries, {WORDS_PATH.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
