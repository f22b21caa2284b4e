"""Requests that no report can meet: to write something new, or to say what is so today."""

import re

from index.terms import simplify

_MAKES = re.compile(
    r"^\W*(?:(?:please|can you|could you|would you)\s+)?(?:write|draft|compose|draw|paint|sing|translate|code|"
    r"tell) (?:me |us )?(?:an? |this |the )?(?:\w+ )?(?:joke|story|poem|song|letter|email|e-mail|essay|code|script|"
    r"picture|tweet|speech)\b|"
    # With its counter, and last: 讲个笑话, but not 说说AI绘画.
    r"^\W*(?:请|帮我|帮忙|给我|替我|能不能|可以)*(?:写|编|画|讲|作|唱)(?:一?[个首篇封段张幅份])[^，。？?]{0,6}?"
    r"(?:笑话|故事|诗|歌|信|邮件|作文|代码|程序|文案|画|演讲稿)[吧吗呗。！!？?\s]*$",
    re.IGNORECASE,
)
_LIVE = re.compile(
    r"(?<![至到])今[天日晚早]|[明昨][天日]|此刻|"
    r"(?<!of )\btomorrow\b|\b(?:tonight|yesterday|this (?:morning|afternoon|evening))\b|"
    r"\btoday'?s? (?:close|price|weather|date|rate|level)\b|"
    r"\b(?:close|trad\w+|weather)\b[^?]*\btoday\b",
    re.IGNORECASE,
)


def is_out_of_reach(text: str) -> bool:
    """Say whether a text asks to make something, or for what is so today.

    >>> is_out_of_reach("Tell me a joke."), is_out_of_reach("上证指数今天收在多少点？")
    (True, True)
    >>> is_out_of_reach("Write a summary of the risks."), is_out_of_reach("AI绘画今年的市场规模？")
    (False, False)
    """
    text = simplify(text)
    return _MAKES.search(text) is not None or _LIVE.search(text) is not None
