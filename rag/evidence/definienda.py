"""What a question wants defined: 超级人工智能. Where a report defines it, what is said of its parts is of another.

The words of a Chinese term say little one by one: 通用人工智能 has all but one of them.
"""

import re
from collections.abc import Sequence

from corpus.language import HAN
from index.terms import cut_words, simplify
from rag.evidence.evidence import Evidence
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

# 超级人工智能是什么意思, 怎么界定弱人工智能, 什么叫公转
_TERM = re.compile(
    rf"(?:什么(?:是|叫)|何谓|何为|(?:界定|定义|解释|理解)一?下?)[“\"「]?(?P<behind>[{HAN}]{{4,12}}?)(?=[”\"」？?，。的]|$)|"
    rf"(?P<before>[{HAN}]{{4,20}}?)[”\"」]?(?:到底|究竟)?"
    r"(?:是指|指的是|指的?(?:什么|啥)|是(?:什么|啥)(?:意思|概念)?|的(?:定义|含义|意思)|(?:怎么|如何)(?:定义|界定|理解|解释)|是?(?:怎么|咋)回事)"
)
_WORDS = "里 中 上 里面 说 的 讲 谈 提到 所谓 报告 文中 这 那 这个 那个 个 对 把"
_BEFORE = frozenset(_WORDS.split())
_LEAST = 4  # characters
_DEFINES = r"[”\"」]?(?:[（(][^（）()]*[)）])?[^，。；]{0,6}?(?:是|指|即|被定义|定义为|又称|也被?称|也叫|[：:]|——)"


def defined_elsewhere(question: Question, evidence: Sequence[Evidence]) -> set[tuple[str, int]]:
    """Return where evidence stands that lacks the term to be defined, while other evidence defines it."""
    if QuestionKind.DEFINITION not in question.kinds:
        return set()
    term = term_to_define(question.text)
    if not term:
        return set()
    pattern = re.compile(re.escape(term) + _DEFINES)
    if not any(pattern.search(simplify(item.quote)) for item in evidence):
        return set()
    return {(e.doc_id, e.start) for e in evidence if term not in simplify(f"{e.quote} {e.label}")}


def term_to_define(text: str) -> str:
    """Return the Chinese term of four characters or more that a question wants defined, "" for others.

    >>> term_to_define("报告里超级人工智能指的是什么水平的智能？"), term_to_define("浙商怎么界定弱人工智能？")
    ('超级人工智能', '弱人工智能')
    """
    match = _TERM.search(simplify(text))
    if match is None:
        return ""
    words = cut_words(match["behind"] or match["before"])
    last = max((n for n, word in enumerate(words) if word in _BEFORE), default=-1)
    term = "".join(words[last + 1 :])
    return term if len(term) >= _LEAST else ""
