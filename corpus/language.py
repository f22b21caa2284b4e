"""Which language a text is in. Knows nothing of documents or questions."""

import re

from corpus.schema import Language

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Character ranges of Chinese ideographs, for use inside a regular expression's brackets."""

_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")

# Two Chinese characters say about as much as one English word.
_HAN_PER_WORD = 2


def count_han(text: str) -> int:
    """Count the Chinese characters of a text."""
    return len(_HAN.findall(text))


def detect_language(text: str) -> Language:
    """Say which language carries a text; a tie or an empty text counts as English.

    Chinese research is full of Latin names, so the scripts are weighed, not merely spotted:

    >>> detect_language("基于 Stable Diffusion 的开发者生态百花齐放")
    <Language.ZH: 'zh'>
    >>> detect_language("Alipay (支付宝) reported higher revenue than expected")
    <Language.EN: 'en'>
    """
    num_han = count_han(text)
    num_words = len(_LATIN_WORD.findall(text))
    return Language.ZH if num_han > num_words * _HAN_PER_WORD else Language.EN


# Words that only the language of the sentence itself uses, never a quoted name.
_ZH_FRAME = re.compile(
    r"[的了吗呢么哪谁几]|什么|多少|怎|如何|为何|是否|有没有|哪些|多大|请|介绍|总结|比较|对比|说明|和|与|是"
)
_EN_FRAME = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|the|of|in|for|"
    r"and|to|by|with|has|have|had|can|could|will|would|should|on|at|per|list|compare|explain|summari[sz]e|"
    r"tell|give|name|(?-i:an?)|any|about|between|than|from|it|its|that|this|there)\b",
    re.IGNORECASE,
)


_QUOTED = re.compile(r"[(（\[《“\"「'][^)）\]》”\"」']*[)）\]》”\"」']")
# An apostrophe opens no quotation here: "What's Soochow's view?"
_QUOTATION = re.compile(r"[《“\"「][^》”\"」]*[》”\"」]")


def question_language(question: str) -> Language:
    """Say in which language a question is asked, whatever language its names are in.

    >>> question_language("What does 领先大市 mean?")
    <Language.EN: 'en'>
    >>> question_language("Midjourney Pro plan 多少钱"), question_language("字母“A”（如“领先大市-A”）？")
    (<Language.ZH: 'zh'>, <Language.ZH: 'zh'>)
    """
    own = _QUOTATION.sub(" ", question)
    num_zh = len(_ZH_FRAME.findall(own))
    num_en = len(_EN_FRAME.findall(own))
    if num_zh != num_en:
        return Language.ZH if num_zh > num_en else Language.EN
    # Neither frame shows: what stands in brackets or quotation marks is a quoted name.
    return Language.ZH if _HAN.search(_QUOTED.sub("", question)) else Language.EN
