"""Opposites: a text that says the contrary of a question's premise answers it only by denying it."""

import re
from functools import lru_cache

# Pairs that reports use of the same things.
_PAIRS = (
    (
        r"买入|增持|看好|推荐|buy|overweight|recommend\w*|bullish",
        r"卖出|减持|看空|下调|sell\w*|underweight|reduce|downgrad\w*|bearish",
    ),
    (r"闭源|closed[- ]source|proprietary", r"开源|open[- ]sourc\w*"),
    (
        r"上升|增长|提高|提升|上涨|增加|rise\w*|rose|grow\w*|grew|increas\w*",
        r"下降|下滑|降低|下跌|减少|fall\w*|fell|declin\w*|decreas\w*|drop\w*",
    ),
    (
        r"加快|加速|提速|\baccelerat\w*|\b(?:speed|pick)\w* up\b",
        r"放缓|减速|减慢|趋缓|\bslow(?:s|ed|ing|er)?\b|\bdecelerat\w*",
    ),
    (r"免费|\bfree\b", r"付费|收费|\bpaid\b"),
    (r"盈利|\bprofit(?:able)?\b", r"亏损|loss-making|\blosses\b|unprofitable"),
    (
        r"必须联网|\bonline\b|\bconnected\b",
        r"离线|无需联网|没有网络|\boffline\b|without (?:a )?(?:network|internet)",
    ),
    (r"同意|赞成|\bagree\w*", r"反对|质疑|\boppose\w*|\bdisagree\w*"),
    (r"最大|最高|\blargest\b|\bhighest\b|\bbiggest\b", r"最小|最低|\bsmallest\b|\blowest\b"),
    (
        r"强于|优于|\bbetter than\b|\bstronger\b|\bsuperior\b",
        r"弱于|不如|差于|\bworse than\b|\bweaker\b",
    ),
    (
        r"维持|继续|保持|\bmaintain\w*|\bcontinu(?:e|es|ed|ing)\b|\bkeeps?\b|\bkept\b|\breiterat\w*",
        r"不再|取消|撤销|终止|放弃|\bno longer\b|\bdrop(?:s|ped|ping)?\b|\bceas\w+|\bstop(?:s|ped|ping)?\b|"
        r"\bwithdr[ae]w\w*|\bdiscontinu\w+|\babandon\w*",
    ),
    (r"上调|\bupgrad\w*|\braise[ds]?\b", r"下调|\bdowngrad\w*|\blower(?:ed|s)\b|\bcut\b"),
)
# Of a property, where all other words are the same: "the resolution is high" – "is low".
_DEGREES = (
    (r"[较更很]?[高强大好快多]|\b(?:high|strong|large|big|good|fast|more|many)(?:er)?\b|\bbetter\b",
     r"[较更很][低弱小差慢少]|\b(?:low|weak|small|poor|slow|less|few|bad)(?:er)?\b|\bworse\b"),
    (r"[较更很]?[低弱小差慢少]|\b(?:low|weak|small|poor|slow|less|few|bad)(?:er)?\b|\bworse\b",
     r"[较更很][高强大好快多]|\b(?:high|strong|large|big|good|fast|more|many)(?:er)?\b|\bbetter\b"),
    (r"允许|可以|能够?|\ballow\w*|\bpermit\w*|\bcan\b", r"禁止|\bforbid\w*|\bprohibit\w*|\bban(?:s|ned)?\b"),
)  # fmt: skip
_COMPILED = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(opposite, re.IGNORECASE))
    for one, other in _PAIRS
    for asked, opposite in ((one, other), (other, one))
)


_COMPILED_DEGREES = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(opposite, re.IGNORECASE))
    for asked, opposite in _DEGREES
)


def contrary_words(question: str, text: str) -> tuple[str, ...]:
    """Return the words of a question of which a text has the opposite and not the word itself.

    Degrees count as well, so that the text must be known to speak of the same property.

    >>> contrary_words("GAN生成的图像分辨率较高吗？", "GAN 生成的图像分辨率较低")
    ('较高',)
    """
    pairs = (*_asked_of(question), *_COMPILED_DEGREES)
    return tuple(
        word[0]
        for asked, opposite in pairs
        if (word := asked.search(question)) and opposite.search(text) and not asked.search(text)
    )


def is_contrary(question: str, text: str) -> bool:
    """Say whether a text has only the opposite of a word that the question has.

    >>> is_contrary("Why does it advise selling the stock?", "We recommend the stock.")
    True
    >>> is_contrary("它开源吗？", "它是开源模型。")
    False
    """
    return any(
        opposite.search(text) and not asked.search(text) for asked, opposite in _asked_of(question)
    )


@lru_cache(maxsize=256)
def _asked_of(question: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Return the pairs of which a question has one side only; found once, not for every text."""
    return tuple(
        (asked, opposite)
        for asked, opposite in _COMPILED
        if asked.search(question) and not opposite.search(question)
    )
