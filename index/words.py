"""Chinese words and how probable they are: jieba's dictionary, prepared by `index.training.words`."""

from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

from index.arrays import load_arrays
from index.errors import IndexMissing

WORDS_PATH = Path(__file__).parent / "models" / "words.npz"


@lru_cache(maxsize=1)
def word_weights() -> dict[str, float]:
    """Return log probabilities of words, and minus infinity for what is only a word's beginning.

    Raises:
        IndexMissing: The file that ships is not there, or damaged.
    """
    try:
        arrays = load_arrays(WORDS_PATH)
        words = arrays["words"].tobytes().decode().split("\n")
        weights = arrays["weights"].tolist()
        return dict(zip(words, weights, strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise IndexMissing(
            f"{WORDS_PATH} cannot be read ({error}); it is part of the repository, restore it with "
            "git checkout"
        ) from error
