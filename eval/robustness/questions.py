"""Questions as people type them: the same question, disturbed by code, the same way every time."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from corpus.language import HAN
from corpus.schema import Language
from eval.cases import Case

_HAN_PAIR = re.compile(rf"(?=([{HAN}])([{HAN}]))")
_LONG_WORD = re.compile(r"\b[A-Za-z][a-z]{4,}\b")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code).isalnum()}

Disturb = Callable[[str, Language, random.Random], str]
"""Question, its language, randomness → the disturbed question; unchanged where nothing applies."""


def swap_letters(question: str, language: Language, rng: random.Random) -> str:
    """Let two neighbours change places: Chinese characters, or letters inside an English word."""
    if language is Language.ZH:
        spots = [m.start() for m in _HAN_PAIR.finditer(question) if m[1] != m[2]]
    else:
        spots = [
            offset
            for m in _LONG_WORD.finditer(question)
            for offset in range(m.start() + 1, m.end() - 2)
            if question[offset] != question[offset + 1]
        ]
    if not spots:
        return question
    spot = rng.choice(spots)
    return question[:spot] + question[spot + 1] + question[spot] + question[spot + 2 :]


def drop_letter(question: str, language: Language, rng: random.Random) -> str:
    """Leave out one letter of an English word; a Chinese question repeats a character instead."""
    if language is Language.ZH:
        spots = [m.start() for m in _HAN_PAIR.finditer(question)]
    else:
        spots = [o for m in _LONG_WORD.finditer(question) for o in range(m.start() + 1, m.end())]
    if not spots:
        return question
    spot = rng.choice(spots)
    if language is Language.ZH:
        return question[:spot] + question[spot] + question[spot:]
    return question[:spot] + question[spot + 1 :]


def to_traditional(question: str, language: Language, rng: random.Random) -> str:
    """Write a Chinese question in traditional characters."""
    del rng
    return _traditional()(question) if language is Language.ZH else question


@lru_cache(maxsize=1)
def _traditional() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("s2t").convert
    return convert


def to_full_width(question: str, language: Language, rng: random.Random) -> str:
    """Write the Latin letters and digits of a Chinese question as a Chinese keyboard may."""
    del rng
    return question.translate(_FULL_WIDTH) if language is Language.ZH else question


def to_casual(question: str, language: Language, rng: random.Random) -> str:
    """Type without capitals and punctuation at the end, as in a chat."""
    del language, rng
    return question.lower().rstrip("？?。.! ！")


# Wordings that ask for the same; the first that applies is used.
_REWORDED: Mapping[Language, Sequence[tuple[str, str]]] = {
    Language.ZH: (
        ("是多少", "有多少"),
        ("有多大", "是多少"),
        ("有哪些", "包括哪些"),
        ("哪些", "哪几个"),
        ("为什么", "为何"),
        ("为啥", "为什么"),
        ("什么时候", "何时"),
        ("多少钱", "什么价格"),
        ("多少", "几多"),
        ("是什么", "指什么"),
        ("怎么", "如何"),
        ("哪家", "哪个"),
    ),
    Language.EN: (
        ("What is ", "What's "),
        ("What are ", "Which are "),
        ("How much ", "What amount "),
        ("How many ", "What number of "),
        ("Which ", "What "),
        ("When ", "On what date "),
        ("Why ", "For what reason "),
        ("How does ", "In what way does "),
        ("According to ", "As per "),
        ("What's ", "What is "),
        ("Who ", "Which person or firm "),
    ),
}
_FRAMES: Mapping[Language, Sequence[str]] = {
    Language.ZH: ("请问{}", "我想了解一下：{}", "{}麻烦查一下", "帮我看看，{}"),
    Language.EN: (
        "Could you tell me: {}",
        "{} Please check the reports.",
        "I'd like to know: {}",
        "Quick question. {}",
    ),
}


def to_paraphrase(question: str, language: Language, rng: random.Random) -> str:
    """Ask with another question word where one is known, inside a polite frame."""
    for old, new in _REWORDED[language]:
        if old in question:
            question = question.replace(old, new, 1)
            break
    return rng.choice(_FRAMES[language]).format(question)


DISTURBANCES: Mapping[str, Disturb] = {
    "swapped_letters": swap_letters,
    "dropped_letter": drop_letter,
    "traditional": to_traditional,
    "full_width": to_full_width,
    "casual": to_casual,
    "paraphrase": to_paraphrase,
}


def disturb_cases(cases: Sequence[Case], disturb: Disturb) -> list[Case]:
    """Return the cases with disturbed questions, only in the languages where that changes them.

    The randomness of a question depends on its case alone: the order of cases changes nothing.
    """
    disturbed = []
    for case in cases:
        questions = {
            language: disturb(text, language, random.Random(f"{case.case_id} {language}"))
            for language, text in case.questions.items()
        }
        changed = {
            language: text
            for language, text in questions.items()
            if text != case.questions[language]
        }
        if changed:
            disturbed.append(replace(case, questions=changed))
    return disturbed
