"""What happened to a company: a round of funding, a takeover, a suit. No other answers for it."""

import re

from index.terms import simplify
from rag.evidence.evidence import Evidence
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

_ROUND = re.compile(
    r"(?P<zh>天使|种子|(?<![A-Za-z])[A-H](?=\+?\s*轮))\+?\s*轮|\bSeries (?P<series>[A-H])\b|"
    r"\b(?P<en>angel|seed)(?:[ -](?:round|funding|investment|financing))",
    re.IGNORECASE,
)
_IN_ENGLISH = {"天使": "angel", "种子": "seed"}
_EVENTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"收购|并购|买下|\bacqui(?:re|sition)\w*|\btake-?overs?\b|\bb(?:uy|ought) out\b|\bmerge\w*",
        r"诉讼|起诉|\bsue[ds]?\b|\blawsuits?\b|\bsuing\b",
        r"裁员|\blay-?offs?\b|\blaid off\b",
        r"破产|倒闭|\bbankrupt\w*|\binsolven\w*",
        r"罚款|处罚|\bfine[ds]\b|\bpenalt(?:y|ies)\b",
    )
)
_OF_SEVERAL = frozenset({QuestionKind.LIST, QuestionKind.SUMMARY, QuestionKind.CROSS_REPORT})


def is_of_another_event(question: Question, evidence: Evidence) -> bool:
    """Say whether a question supposes an event that the evidence does not speak of."""
    if question.kind in _OF_SEVERAL:
        return False
    return _is_of_another_round(question, evidence) or _lacks_event(question, evidence)


def _is_of_another_round(question: Question, evidence: Evidence) -> bool:
    asked = _rounds_in(question.text)
    said = _rounds_in(f"{evidence.text} {evidence.quote}") if asked else frozenset()
    return bool(said) and asked.isdisjoint(said)


def _rounds_in(text: str) -> frozenset[str]:
    """Return the rounds of funding that a text names, the same in both languages.

    >>> _rounds_in("A 轮") == _rounds_in("its Series A"), sorted(_rounds_in("天使轮"))
    (True, ['angel'])
    """
    found = (next(filter(None, match.groups())).casefold() for match in _ROUND.finditer(text))
    return frozenset(_IN_ENGLISH.get(name, name) for name in found)


def _lacks_event(question: Question, evidence: Evidence) -> bool:
    text = simplify(question.text)
    return any(
        words.search(text) and not words.search(f"{evidence.nearby} {evidence.quote}")
        for words in _EVENTS
    )
