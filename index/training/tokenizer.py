"""Build the encoder's tokenizer: one vocabulary for Chinese and English, counted, not learned.

A unigram model over words that are known beforehand (Chinese words from the analyzer's cut,
English surface forms) with pieces below them, so that a name outside the vocabulary still falls
into parts that the training has seen. Everything happens inside `tokenizers`: a program that
loads the model needs no analyzer.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

CutChinese = Callable[[str], Sequence[str]]
"""Cuts a run of Han characters into words."""

UNKNOWN = "[UNK]"  # row 0, kept at zero: text of unknown scripts has no direction

_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN_WORD = re.compile(r"[a-z]+")

_WORD_SCORE = -10.0  # one for all English words, so that a word never loses to two shorter ones
_PIECE_SCORE = -11.0
_CHARACTER_SCORE = -14.0


def count_words(texts: Iterable[str], cut_chinese: CutChinese) -> Counter[str]:
    """Count Chinese words and English surface forms, lower-cased."""
    counts: Counter[str] = Counter()
    for text in texts:
        lowered = text.lower()
        for run in _HAN_RUN.findall(lowered):
            counts.update(cut_chinese(run))
        counts.update(_LATIN_WORD.findall(lowered))
    return counts


def build_tokenizer(
    counts: Counter[str], *, num_chinese: int, num_english: int, num_pieces: int
) -> Tokenizer:
    """Return the tokenizer over the most frequent words, ties by code point.

    Numbers up to 2100 are words; longer ones fall into pieces of digits.
    """
    ranked = [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    chinese = [word for word in ranked if _HAN_RUN.fullmatch(word)]
    english = [word for word in ranked if _LATIN_WORD.fullmatch(word)]
    scores: dict[str, float] = {UNKNOWN: -30.0}
    characters = Counter(
        {character: 0 for word in chinese for character in word},
    )
    total = sum(counts[word] for word in chinese) or 1
    for word in chinese[:num_chinese]:
        scores[word] = math.log(counts[word] / total)
    for character in sorted(characters):
        scores.setdefault(character, -18.0)
    for word in english[:num_english]:
        scores[word] = _WORD_SCORE if len(word) > 1 else _CHARACTER_SCORE
    for piece in _pieces(english, counts, num_pieces):
        scores.setdefault(piece, _PIECE_SCORE)
    for character in "abcdefghijklmnopqrstuvwxyz0123456789":
        scores.setdefault(character, _CHARACTER_SCORE)
    for number in range(2101):
        scores.setdefault(str(number), _WORD_SCORE)
    tokenizer = Tokenizer(models.Unigram(list(scores.items()), unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    words = Regex(r"[\p{Han}]+|[a-z]+|[0-9]+(?:[.,][0-9]+)*")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(words, behavior="removed", invert=True)
    return tokenizer


def _pieces(words: Sequence[str], counts: Counter[str], num_pieces: int) -> list[str]:
    """Return the letter sequences of length 2 to 5 that stand in most words."""
    grams: dict[str, float] = defaultdict(float)
    for word in words:
        weight = math.log1p(counts[word])
        for size in (2, 3, 4, 5):
            for start in range(len(word) - size + 1):
                grams[word[start : start + size]] += weight * size  # longer pieces say more
    ranked = sorted(grams.items(), key=lambda item: (-item[1], item[0]))
    return [gram for gram, _ in ranked[:num_pieces]]
