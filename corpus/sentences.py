"""Where sentences begin and end, in Chinese and English alike."""

import re
from itertools import pairwise

# A Chinese sentence ends at 。！？； and the next one follows without a space; closing quotes and
# brackets belong to it. An English one ends at .!?; before white space and something that can
# start a sentence, so "3.14", "a.b", "e.g. this", "W. A. L. T",
# "Stability.ai" and the date "2023. 12" stay whole.
_SENTENCE_END = re.compile(
    r"(?=[。！？；!?;.\n])"  # no other character is worth the tests below
    r"(?:[。！？；]+[”’」』）)\"]*"
    r"|[!?;]+[\"')\]”’]*(?=\s)"
    r"|(?<![A-Z])(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\bNo)(?<!\bInc)(?<!\bLtd)(?<!\bCo)"
    r"(?<!\bCorp)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bSt)(?<!\bapprox)(?<!\bFig)(?<!^\d)(?<!\n\d)"
    r"\.(?!(?<=\d\.)\s+\d)[\"')\]”’]*(?=\s+[\"'(\[“A-Z0-9\u4e00-\u9fff])"
    r"|\.[\"')\]”’]*(?=\s*\n)"
    r"|\n+)"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Cut a text into sentence spans [start, end), in characters.

    The spans cover the text without gap or overlap; a span may start with white space.

    >>> text = "梯度是什么？它是导数。See section 3.1. Then stop."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['梯度是什么？', '它是导数。', 'See section 3.1.', ' Then stop.']
    """
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if start < end]


def trim_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Shrink a span so that it neither starts nor ends with white space."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
