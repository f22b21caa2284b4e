"""What a question counts: 三种模态 are no layers, and "two models" no graphics cards."""

import re
from collections.abc import Collection
from functools import lru_cache

from corpus.schema import Language
from index.terms import analyze, simplify
from rag.evidence.amounts import VAGUE, amounts_of
from rag.evidence.cell_units import COUNT_HEADER
from rag.evidence.evidence import Evidence
from rag.questions.kinds import COUNTS, QuestionKind
from rag.questions.question import Question

_ASKED_ZH = re.compile(
    r"(?:多少|几)(?P<word>[家层篇款张步页块条次人名位帧台杯部集首座遍幅种类])(?P<thing>[\u4e00-\u9fff]{0,2})"
)
_ASKED_EN = re.compile(r"\bhow many (?P<noun>(?:[a-z-]+ )?[a-z-]+)", re.IGNORECASE)
_NOUN_ZH = re.compile(
    r"多少(?P<noun>(?![个家人位名款种张篇条次倍钱])[\u4e00-\u9fff]{2,6})(?=[?？，。]|$)"
)
# Counters that may stand for each other.
_ALIKE = ("人名位", "款种个类", "家个", "张幅块卡", "次遍", "块张卡")
_PEOPLE = re.compile(
    r"用户|人|员|者|客户|读者|粉丝|玩家|\b(?:people|persons?|users?|employees?|headcount|staff|members?|workers?|players?|"
    r"subscribers?|developers?|artists?|analysts?|engineers?|customers?|participants?)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，。；、,;.]")
_BEHIND_PEOPLE, _BEFORE_PEOPLE = 25, 12  # characters between a figure and the people that it counts
_COUNTERS_OF_PEOPLE = "名位人"
_OTHER_COUNTER = re.compile(r"[个款张条次层篇部家项种分秒组套]\W?$")
_ANYBODY = frozenset(analyze("people person persons many employees staff"))
# 数百张, but not 数百万美元 where clients are counted.
_VAGUELY = re.compile(
    rf"(?:{VAGUE.pattern})(?!万?亿?(?:美|港|欧|日|人民币)?元|\s*(?:dollars|yuan|percent|%))",
    re.IGNORECASE,
)
_BEHIND = 3  # characters from a figure to its counter


def counts_another(question: Question, evidence: Evidence, missing: Collection[str]) -> bool:
    """Say whether the figures of a sentence count other things than the question does."""
    if QuestionKind.NUMBER is not question.kind or question.unit_kinds != COUNTS:
        return False
    if COUNT_HEADER.match(evidence.column.strip()):
        return False  # the header says that something is counted, not what
    counters, nouns = _asked(simplify(question.text))
    behind = _ASKED_ZH.search(simplify(question.text))
    things = set(behind["thing"]) if behind else set()
    if nouns and evidence.language is question.language:
        held = [term for term in nouns if term in question.terms]
        return bool(held) and all(term in missing for term in held)
    if _lacks_noun(question, evidence, missing):
        return True
    text = evidence.measured
    noun = _NOUN_ZH.search(simplify(question.text))
    if noun and _PEOPLE.search(noun["noun"]) and evidence.language is Language.ZH:
        return not evidence.is_cell and not _counts_people(text, evidence, question)
    if _asks_people(question) and evidence.language is Language.EN and not evidence.is_cell:
        return not _counts_people(text, evidence, question)
    if not counters or evidence.is_cell or _VAGUELY.search(text):
        return False
    if "人" in counters:
        return not _counts_people(text, evidence, question)
    if "帧" in counters and "fps" in text.casefold():
        return False
    return not any(
        (counters & set(text[figure.start : figure.end + _BEHIND]))
        or (things & set(text[figure.end : figure.end + _BEHIND]))
        for figure in amounts_of(question, evidence, COUNTS)
    )


def _lacks_noun(question: Question, evidence: Evidence, missing: Collection[str]) -> bool:
    """Say whether a Chinese question counts something by its noun, 多少付费会员, and evidence lacks that."""
    match = _NOUN_ZH.search(simplify(question.text))
    if match is None or evidence.language is not Language.ZH:
        return False
    terms = [term for term in analyze(match["noun"]) if term in question.terms]
    return bool(terms) and all(term in missing for term in terms)


def _asks_people(question: Question) -> bool:
    match = _ASKED_EN.search(question.text)
    return match is not None and bool(set(analyze(match["noun"])) & _ANYBODY)


def _counts_people(text: str, evidence: Evidence, question: Question) -> bool:
    """Say whether a figure of a text, or a vague number, counts people: within the same clause."""
    if VAGUE.search(text) and _PEOPLE.search(text):
        return True
    for figure in amounts_of(question, evidence, COUNTS):
        said = text[figure.start : figure.end + 1]
        behind = _CLAUSE.split(text[figure.end :])[0][:_BEHIND_PEOPLE]
        before = _CLAUSE.split(text[: figure.start])[-1][-_BEFORE_PEOPLE:]
        if said.endswith(tuple(_COUNTERS_OF_PEOPLE)) or _PEOPLE.search(f"{said}{behind}"):
            return True
        if _PEOPLE.search(before) and not _OTHER_COUNTER.search(said):
            return True  # 员工总数 1,406
    return False


@lru_cache(maxsize=256)
def _asked(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the counters that a Chinese question asks for, and the nouns of an English one.

    >>> sorted(_asked("有多少家公司？")[0]), sorted(_asked("How many layers are there?")[1])
    (['个', '家'], ['layer'])
    """
    if match := _ASKED_ZH.search(text):
        alike = (group for group in _ALIKE if match["word"] in group)
        return frozenset(match["word"]).union(*alike), frozenset()
    if match := _ASKED_EN.search(text):
        nouns = frozenset(analyze(match["noun"]))
        # "How many people work there?": people go by many words.
        return frozenset(), frozenset() if nouns & _ANYBODY else nouns
    return frozenset(), frozenset()
