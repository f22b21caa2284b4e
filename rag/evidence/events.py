"""What happened to a company: a round of funding, a takeover, a rating cut. No other answers for it."""

import re

from corpus.schema import Role
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
# A house turning against a stock or a sector.
_AGAINST = re.compile(
    r"卖出|减持|看空|看淡|低配|不再(?:推荐|看好|覆盖|给予)|(?:下调|调低|降低)[^，。；]{0,12}(?:评级|推荐|目标价|买入|增持|中性)|"
    r"(?:评级|推荐|目标价)[^，。；]{0,6}(?:下调|调低|降)|"
    r"\b(?:advis|recommend|suggest)\w*(?: \w+){0,3} (?:sell|reduc)\w*|\bsell (?:rating|call|recommendation)|"
    r"\bdowngrad\w*|\bunderweight\b|\bbearish\b|\bno longer (?:recommend|like|favou?r|cover)\w*|"
    r"\b(?:drop|cut|lower|withdr[ae]w|end|ceas|abandon)\w*(?: \w+){0,3} "
    r"(?:ratings?|recommendations?|coverage|target price|price target)\b",
    re.IGNORECASE,
)
# "After the acquisition of X, who …": not what is asked about.
_BEFORE = re.compile(
    r"^[^，,？?]{1,40}?(?:之后|以后|后)[，,]|^(?:after|following|upon|once|since) [^,?]{1,80},",
    re.IGNORECASE,
)
_OF_PREMISE = frozenset({QuestionKind.CAUSE, QuestionKind.DATE})
_OF_SEVERAL = frozenset({QuestionKind.LIST, QuestionKind.SUMMARY, QuestionKind.CROSS_REPORT})


def is_of_another_event(question: Question, evidence: Evidence) -> bool:
    """Say whether a question supposes an event that the evidence does not speak of."""
    if question.kind in _OF_SEVERAL:
        return False
    if supposes_against(question):
        # What a rating means tells of none that was given.
        is_meaning = evidence.role is Role.BOILERPLATE
        return is_meaning or not _AGAINST.search(f"{evidence.text} {evidence.quote}")
    return _is_of_another_round(question, evidence) or _lacks_event(question, evidence)


def supposes_against(question: Question) -> bool:
    """Say whether a question why or when supposes that a house turned against a stock or a sector."""
    return question.kind in _OF_PREMISE and _AGAINST.search(simplify(question.text)) is not None


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
    text = _BEFORE.sub(" ", simplify(question.text))
    return any(
        words.search(text) and not words.search(f"{evidence.nearby} {evidence.quote}")
        for words in _EVENTS
    )
