"""Two things that a question puts side by side, and the question for each alone.

"Magic3D和Point-E各要多久？" is "Magic3D要多久？" and "Point-E要多久？"; "the basic and standard plans" are a basic
and a standard plan.
"""

import re
from dataclasses import dataclass

from corpus.language import HAN, question_language
from corpus.schema import Language
from index.terms import simplify

_LATIN = r"[A-Za-z0-9][A-Za-z0-9.·&+'’-]*(?: [A-Z0-9][A-Za-z0-9.·&+'’-]*)*"
_JOINS_ZH = re.compile(
    r"\s*[里中]?(?:和|与|跟|同|以及|及(?!其)|、|对比|还是|或者?|(?:相)?比|\b(?:vs\.?|versus|and|or)\b)在?\s*",
    re.IGNORECASE,
)
# What a Chinese thing cannot reach over: particles, brackets, measures.
_BOUND_ZH = '的，,。、：:；;？?（）()“”"在里中把将从对给由被和与跟同或'
_HAN_ZH = rf"(?:[相绝]对|(?![{_BOUND_ZH}])[{HAN}])"
_BEFORE_ZH = re.compile(rf"(?:{_LATIN}|{_HAN_ZH}{{2,8}})$")
_AFTER_ZH = re.compile(
    rf"(?:{_LATIN}(?![A-Za-z])(?:版本?|模型|计划|套餐|会员|方案)?|{_HAN_ZH}{{2,8}}?"
    r"(?=各|分别|都|谁|哪|有|是|在|要|的|每|之间|两|这|相|差|比|生成|折算|收|一|规模|价格|[，,。？?：:]|$))"
)
_LEAST_SHARED, _LONGEST_SHARED = 2, 4  # characters at the end: 基本计划和标准计划

_NAME_EN = r"(?:the |an? )?(?:[A-Z0-9]|[a-z]+[A-Z])[\w.·&+'’/-]*(?: [A-Z0-9][\w.·&+'’/-]*)*"
_STOP_EN = (
    r"(?:the|an?|of|in|on|at|for|to|by|with|from|and|or|is|are|was|were|does|do|did|has|have|had|between|both|each|which|"
    r"what|how|who|when|where|why|that|it|its|their|than|as)"
)
_JOINS_EN = (
    r",? (?:and|or|vs\.?|versus|against|next to|alongside|as opposed to|"
    r"compared? (?:\w+ ){0,3}?(?:with|to|against|and)|stacks? up against|differ from|from that of|to that of)"
    r" (?:(?:what|how)(?: \w+)? )?(?:on |for |of |in |that of )?"
)
_NAMES_EN = re.compile(
    rf"(?P<a>{_NAME_EN}(?: (?!{_STOP_EN}\b)[a-z]+){{0,2}}?)(?:['’]s)?(?P<join>{_JOINS_EN})"
    rf"(?P<b>{_NAME_EN}|the (?!{_STOP_EN}\b)[a-z]+)"
)
# "the basic plan and the standard plan", "the basic plan and what on the standard plan"
_SAME_NOUN_EN = re.compile(
    rf"(?P<a>(?:the |an? )?[\w-]+ (?P<noun>[a-z]{{3,}}))(?P<join>{_JOINS_EN})"
    r"(?P<b>(?:the |an? )?[\w-]+ (?P=noun))\b"
)
# "the basic and standard plans", "two-tower and single-tower models"
_SHARED_NOUN_EN = re.compile(
    rf"\b(?P<a>(?!{_STOP_EN}\b)[\w-]+)(?P<join> (?:and|versus|vs\.?|or) (?:the )?)(?P<b>(?!{_STOP_EN}\b)[\w-]+)"
    r"(?= (?:[a-z]+ ){0,2}(?:[a-z]+s|plan|tier|version|model|edition)\b)",
    re.IGNORECASE,
)


_OF_CLASS = re.compile(
    r"(?<= )(?:plans|tiers|memberships|versions|models|editions|packages|subscriptions)\b"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things of a question, and the question for each of them alone."""

    things: tuple[str, str]
    questions: tuple[str, str]


def pairs_in(text: str) -> list[Pair]:
    """Return the pairs of things that a question puts side by side, the likeliest first.

    >>> pairs_in("Midjourney的基本计划和标准计划每次要几美分？")[0].questions
    ('Midjourney的基本计划每次要几美分?', 'Midjourney的标准计划每次要几美分?')
    >>> pairs_in("What does Zheshang charge on the basic and standard plans?")[0].things
    ('basic', 'standard')
    """
    if question_language(text) is Language.ZH:
        return _chinese(simplify(text))
    found = []
    for pattern in (_NAMES_EN, _SAME_NOUN_EN, _SHARED_NOUN_EN):
        for match in pattern.finditer(text):
            found.append(_pair(text, match.span("a"), match.span("b")))
    return found


def has_shared_noun(text: str) -> bool:
    """Say whether an English text names two things by one noun in the plural: the basic and standard plans.

    Where an amount is asked for, it is that of each.
    """
    return any(_OF_CLASS.search(text, match.end()) for match in _SHARED_NOUN_EN.finditer(text))


def _chinese(text: str) -> list[Pair]:
    found = []
    for join in _JOINS_ZH.finditer(text):
        before = _BEFORE_ZH.search(text[: join.start()])
        after = _AFTER_ZH.match(text, join.end())
        if before is None or after is None:
            continue
        first, second = before.span(), after.span()
        shared = _shared_end(before[0], text[join.end() :])
        if shared is not None:
            second = (join.end(), join.end() + shared)
        found.append(_pair(text, first, second))
    return found


def _shared_end(first: str, rest: str) -> int | None:
    """Return where the second thing ends if it ends like the first: 计划 in 基本计划和标准计划."""
    for size in range(min(_LONGEST_SHARED, len(first) - 1), _LEAST_SHARED - 1, -1):
        if not re.fullmatch(f"[{HAN}]+", first[-size:]):
            continue
        place = rest.find(first[-size:], 1, 12)
        if place > 0 and re.fullmatch(rf"[{HAN}A-Za-z0-9. -]+", rest[:place]):
            return place + size
    return None


def _pair(text: str, first: tuple[int, int], second: tuple[int, int]) -> Pair:
    """Return the pair of two spans; each question keeps one of them and drops what joins it to the other."""
    a, b = text[slice(*first)].strip(), text[slice(*second)].strip()
    alone = (
        f"{text[: first[1]]}{text[second[1] :]}",
        f"{text[: first[0]]}{text[second[0] :]}",
    )
    return Pair((a, b), alone)
