"""Sentences → clauses."""

import re
from functools import lru_cache
from itertools import pairwise

# A comma ends a clause, a thousands separator does not; brackets stay whole. A colon ends none:
# what follows it is what it announces.
_CLAUSE_END = re.compile(r"[，；]|[,;](?=\s)|—{2}|(?<=[a-z0-9)%’”]{2})[.!?](?=\s+[a-z]?[A-Z])")
_OPEN, _CLOSE = "（(《“「[", "）)》”」]"


@lru_cache(maxsize=1 << 14)
def clause_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Cut a sentence into clauses [start, end) that cover it; nothing is cut inside brackets.

    >>> text = "规模达453亿元，增速（同比，全年）放缓。"
    >>> [text[start:end] for start, end in clause_spans(text)]
    ['规模达453亿元，', '增速（同比，全年）放缓。']
    """
    cuts = [0]
    depth = 0
    position = 0
    for match in _CLAUSE_END.finditer(text):
        between = text[position : match.start()]
        depth += sum(between.count(char) for char in _OPEN)
        depth = max(0, depth - sum(between.count(char) for char in _CLOSE))
        position = match.end()
        if depth == 0:
            cuts.append(match.end())
    cuts.append(len(text))
    return tuple((start, end) for start, end in pairwise(cuts) if start < end)
