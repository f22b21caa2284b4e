"""Questions put as commands, and how the answer is to be given: 请提供2019年应收账款的详细数据, 单位为元.

Figures of annual reports are often asked for so. The words of the command stand in no report.
"""

import re

# What asks to be given something, at the start.
_OPENING = re.compile(
    r"^\s*(?:(?:请问|请|麻烦[你您]?|劳烦|能否|能不能|可否|可以|帮我|帮忙|给我|替我|我?想要?(?=知道|了解|查|问)|我们?想|"
    r"知道|了解|问(?:一?下)|查(?:询|看|阅|一?下)+|告诉我|告知|提供|给出|列示)(?:一下)?[，,：:]?)+"
)
_GIVES = re.compile(r"告诉|告知|提供|给出|给我|列示|查|知道|了解|描述")
_DESCRIBES = re.compile(
    r"^\s*(?:请|帮我|能否|可否)?(?:具体|详细|简单|简要)?(?:地)?描述(?:一下|下)?"
)
# What is given: data of something, which it is not called by itself.
_DATA = r"(?:数据|数值|数额|数字|信息|资料)"
_DATA_LAST = re.compile(rf"的?(?:详细|具体|相关|准确|全部)*{_DATA}(?:情况)?(?=[。.！!?？\s]*$)")
_DETAILS_LAST = re.compile(r"的?(?:详细|具体|相关)*(?:详情|细节|情况)(?=[。.！!?？\s]*$)")
_DATA_BEFORE = re.compile(
    rf"的(?:(?:详细|具体|准确)(?:{_DATA}|金额)|数据|数值|数额)(?=(?:分别|大约|约|总共|共)?(?:是|为|有)多少)"
)
_DATA_OF_REPORT = re.compile(
    r"(?<=[年报告表])的?(?:数据|资料|信息)(?:可知|可见|来看|显示)?(?=[，,中里上])|"
    r"(?<=年报|报告|财报)(?:可知|可见|来看)(?=[，,])"
)
_IN_UNIT_LAST = re.compile(
    r"[，,；;]\s*(?:以[^，。？?]{1,6}为单位|单位(?:为|是|：|:)?[^，。？?]{1,6})(?=[。.?？\s]*$)"
)
# 研发人员数是什么: a number, whatever the word that asks.
_COUNT_IS_WHAT = re.compile(
    r"(?<=人数|员数|工数|总数|数量|金额|数额|余额|总额|比例|占比|收入|利润|费用)(?:是|为)(?:什么|啥)(?=[?？。\s]*$)"
)
_AMOUNTS_TO = re.compile(
    r"为(?=多少|几[个人家元]|什么[?？。]?$)"
)  # 商誉为多少: 誉为 is a word as well
_ANALYSE_LAST = re.compile(
    r"[，,；;]\s*请?(?:做|作|进行|给出)?一?[个下]?(?:简要|简单|大致)?的?(?:分析|介绍|说明|概述|总结)"
    r"(?=[。.！!?？\s]*$)"
)
_SUMS_UP = re.compile(r"介绍|概述|总结|概括|描述|分析|说明")


def without_command(text: str) -> str:
    """Return a Chinese question without the words of a command, and without how the answer is to be given.

    >>> without_command("请提供四方科技2019年应收账款的详细数据。")
    '四方科技2019年应收账款。'
    >>> without_command("提供四方科技2019年长期借款，单位为元。")
    '四方科技2019年长期借款。'
    >>> without_command("请具体描述一下关键审计事项的情况。")
    '简要介绍关键审计事项的情况。'
    """
    text = _AMOUNTS_TO.sub("是", _IN_UNIT_LAST.sub("", _DATA_OF_REPORT.sub("", text)))
    text = _DATA_BEFORE.sub("", _COUNT_IS_WHAT.sub("是多少", text))
    if (last := _ANALYSE_LAST.search(text)) and not _SUMS_UP.search(text[: last.start()]):
        text = f"简要介绍{text[: last.start()]}{text[last.end() :]}"
    if described := _DESCRIBES.match(text):
        rest = text[described.end() :]
        return _DATA_LAST.sub("", rest) if _DATA_LAST.search(rest) else f"简要介绍{rest}"
    opening = _OPENING.match(text)
    if opening is None:
        return text
    rest = text[opening.end() :]
    if _GIVES.search(opening[0]):
        rest = _DETAILS_LAST.sub("", _DATA_LAST.sub("", rest))
    return rest if len(rest.strip("。.！!?？ ")) > 1 else text
