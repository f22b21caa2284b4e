"""What a question is about, without the words that ask how: "各家怎么看X？" and "sum up X" → X.

Questions across reports and for summaries put a topic into a frame. The words of the frame stand in
no report, so that evidence must not be held against them.
"""

import re

from corpus.language import HAN

_HOUSES = r"券商|机构|报告|研报|分析师|研究所|投行"
_ZH_ACROSS = (
    rf"(?:各家?|各个|[几两三四五六]家|这?[几两三四五六]份|这些|不同|[两五]?[家份]|哪些|哪[几两]?[家份]|"
    rf"所有|其[他它]|多家|别的|后来|后续|"
    rf"之后|更新|最新)?的?(?:{_HOUSES})(?:们|之间|里|中|对此|都)*",
    r"(?:我看|我觉得)?(?:[两双几]家|[两双]方|[两双]边)?的?(?:说法|看法|观点|口径|结论|意见|判断|预测|数据|数字|数|立场)?"
    r"(?:好像|似乎|貌似|看上去|看着)?(?:是否|是不是|完全|相互|有点)*不?太?(?:一致|"
    r"一样|相同|统一|相符|矛盾|打架|冲突|对不上|对得上)[吗么]?",
    r"(?:有(?:什么|哪些|何|啥|没有)?|存在(?:什么|哪些|何)?)?(?:不同|差异|区别|分歧|异同|出入)(?:之处|意见|"
    r"看法|观点)?",
    r"(?:各自|分别|同时|共同|一起|对比(?:一下)?|比较(?:一下)?|相比|各方|各家|各有|双方|两者)+(?:都|也|是|的)?",
    r"(?:各自|分别|都|又|也|各)?(?:是)?(?:怎么|如何|怎样)(?:看待?|说|讲|评价|判断|写|描述|提示|解读|认为|定义|"
    r"表述|预测)?的?",
    r"(?:给|给出|提供|披露|引用|提到|提及|讨论|讲到|涉及|谈到|谈及|写|提示|警示|列出|强调|指出)(?:了|过|的|到)",
    r"(?:持|抱|有)(?:什么|何种|何|怎样的?)(?:态度|看法|观点|意见)|什么(?:看法|观点|态度|意见)",
    r"(?:各家)?的?(?:理由|观点|看法|意见|说法|评价|判断|态度)(?=[\s？?。，,]|$)|(?<=[\u4e00-\u9fff])方面的?",
    r"^\s*(?:关于|对于|针对|就|对|在)|到底|究竟|(?:[两双几]家|[两双]方|[两双]边)(?=\s|[，。？?]|$)",
)
_EN_HOUSES = r"(?:brokers?|reports?|houses?|institutions?|notes?|analysts?|brokerages?|firms)"
_EN_ACROSS = (
    rf"\b(?:how|what) (?:do|does|did|are|is|have|has) (?:(?:the|each|all|various|different|other|later|"
    rf"newer|both|two|"
    rf"these|five|several|earlier) (?:of )?)*(?:the )?(?:{_EN_HOUSES})? ?(?:and )?(?:each |all |both )?"
    r"(?:(?:differ|disagree|agree|compare|vary|diverge)\b(?: (?:on|in|about|over|as to|regarding|"
    r"from each other))?)?",
    rf"\b(?:do|does|did|are|have) (?:(?:the|all|both|these|two|different|various|any|"
    rf"other) )*{_EN_HOUSES} ?(?:all |both )?"
    r"(?:(?:differ|disagree|agree|compare|vary|consistent|aligned|say the same)\w*)?(?: (?:on|in|about|"
    r"over|as to|regarding))?(?: whether)?",
    rf"\b(?:which|what) (?:of the )?{_EN_HOUSES} (?:mentions?|discuss(?:es)?|covers?|talks? about|"
    rf"writes? about|cites?|"
    r"gives?|provides?|addresses|treats?|says?|expects?|names?)\b",
    rf"\b(?:what|how) (?:the |each |all |of the )*{_EN_HOUSES}\b|\b(?:warns?|warned) (?:of|about)\b",
    rf"\b(?:across|among|between|by|in|from|of|according to) (?:(?:the|all|both|these|two|different|"
    rf"various|several|other|later) )*{_EN_HOUSES}\b",
    r"\b(?:of them|exactly)\b|\bworr(?:y|ies|ied) about\b|\b(?:each|both|respectively|in common|whether)\b|"
    r"\b(?:seem|appear)s? to\b",
    r"\b(?:word|phrase|describe|define|view|see|mention|report|say about|think (?:of|about)|treat|assess|"
    r"judge|rate|point to|cite|"
    r"compare|contrast|disagree|agree|differ)s?\b(?: (?:on|about|over|in))?",
    r"\bcompare (?:how |what )?|\b(?:views?|opinions?|takes?|positions?|stances?|differences?|"
    r"disagreements?|disputes?) (?:on|about|of|over|in|between)\b|"
    r"\bwhere do\b|\bwhat do(?:es)?\b|\bhow do(?:es)?\b|\b(?:their|its)\b|\b(?:later|newer) reports\b|\bsay\b",
)
_ZH_SUMMARY = (
    r"(?:请|帮我|麻烦)?(?:用)?(?:一|两|三|几)?(?:句话|段话)?(?:来)?(?:简单|简要|简短|大致|大概|整体)?(?:地|的)?"
    r"(?:总结|概括|概述|归纳|梳理|综述|摘要|小结|提炼|汇总|说明|介绍|讲讲|说说)(?:一下|下|出)?",
    r"(?:简单|简短|简要|大致|一句话|几句话)(?:地|来|说)?(?:说|讲)?",
    r"(?:的|了)?(?:主要|核心|关键|基本|总体|整体|投资)?(?:观点|看法|结论|要点|内容|判断|逻辑|意思|论点|"
    r"信息|大意)(?=[是有为？?。，,和]|$|是什么|有哪些)",
    r"(?:主要|核心|到底|究竟|都)?(?:讲|说|写)(?:了|的)?(?:些)?(?:什么|啥|哪些(?:内容|方面|事)?)|"
    r"(?:是)?怎么(?:看待?|说)的?|如何看待?",
    rf"(?:这|该|那|本)?(?:[几两三四五])?[份篇]?(?:{_HOUSES}|文章|文件)(?:里|中|的|对|认为|关于)*",
    r"(?:指出|提出|强调|列出|提到|认为|谈到|讲到|写到|概括|归纳)的?|(?:目前|现在|当前|现阶段)?(?:存在|面临|具有)(?:的|着|哪些)*",
    r"(?:是|有|为)?(?:什么|哪些|啥)(?=[？?。，,]|$)|^\s*(?:把|将|关于|对于|对|就|针对)|(?<=[的对])(?:关于|"
    r"对于)|(?:这)?(?:一)?(?:部分|章节?|节)(?=的|[？?。，,]|$)|给的?",
)
_EN_SUMMARY = (
    r"\b(?:can|could|would) you\b|\bplease\b|\b(?:briefly|quickly|shortly|in (?:brief|short|a nutshell|"
    r"one sentence|a few words))\b",
    r"\b(?:give|write|provide|make) (?:me )?(?:a |an |the )?(?:brief |short |quick |concise )*(?:summary|"
    r"overview|outline|recap|sketch)(?: of)?\b",
    r"\b(?:sum(?:med)? up|summari[sz]e|outline|recap|sketch|describe|condense|(?:an? |the )?(?:brief |"
    r"short |quick )?(?:summary|overview|gist) of|overview|summary)\b",
    r"\b(?:what (?:are|is|were)|list|name) (?:the )?(?=(?:main|key|core|central|principal))",
    r"\b(?:the |its |their )?(?:main|key|core|central|principal|overall|investment)? ?(?:points?|"
    r"takeaways?|messages?|arguments?|views?|takes?|"
    r"opinions?|conclusions?|thes[ie]s|picture|gist|highlights?|ideas?|position|stance|case)\b(?: (?:on|of|"
    r"about|for|in|from|behind))?",
    r"\bwhat (?:does|do|is|are)\b|\b(?:say|says|said|argue|argues|think|thinks)\b(?: about)?|\bhow does\b|"
    r"\b(?:see|sees|view)\b|\bassociates? with\b",
    rf"\b(?:the|this|that|whole|entire)? ?(?:{_EN_HOUSES}|paper|document|article|section|chapter|"
    rf"part)\b(?: (?:on|about))?",
    r"\b(?:per|according to|by|in|from|for)\s*(?=[.?]|$)|\bwhat\b|\bcan do\b",
)
_ACROSS = tuple(re.compile(p, re.IGNORECASE) for p in (*_ZH_ACROSS, *_EN_ACROSS))
_SUMMARY = tuple(re.compile(p, re.IGNORECASE) for p in (*_ZH_SUMMARY, *_EN_SUMMARY))
ASKS_EACH = re.compile(
    rf"各家|(?:各|每)[家份篇个](?:{_HOUSES})|\b(?:each|every|all) (?:of the )?{_EN_HOUSES}\b|"
    rf"\b{_EN_HOUSES}['’]s? (?:views?|opinions?|takes?|positions?)\b|\bthe {_EN_HOUSES} (?:see|view|think|"
    rf"say|expect)\b",
    re.IGNORECASE,
)
"""What asks every report for its view."""
_VERB_NOT_VERB = re.compile(rf"([{HAN}])[没不]\1")  # 赚没赚钱, 是不是
_LEFT_OVER = re.compile(
    rf"^[\s，。？?！!；;、,.:：'’的和与及]+|[\s，。？?！!；;、,.:：'’的和与及]+$|(?<![{HAN}A-Za-z0-9])['’]s\b"
)


def topic_across(text: str) -> str:
    """Return what a question across reports is about, given it without the names of issuers.

    >>> topic_across("各家券商对Midjourney的盈利情况说法一致吗？")
    'Midjourney的盈利情况'
    >>> topic_across("Do the brokers agree on whether Midjourney makes money?")
    'Midjourney makes money'
    """
    return _without(text, _ACROSS)


def topic_of_summary(text: str) -> str:
    """Return what a summary is wanted of, "" when of whole reports; without names of issuers.

    >>> topic_of_summary("总结一下对听觉模型的看法"), topic_of_summary("Sum up the report.")
    ('听觉模型', '')
    """
    return _without(text, _SUMMARY)


def _without(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    text = _VERB_NOT_VERB.sub(r"\1", text)
    for pattern in patterns:
        text = pattern.sub(" ", text)
    previous = None
    while text != previous:
        previous = text
        text = _LEFT_OVER.sub("", re.sub(r"\s+", " ", text).strip())
        text = re.sub(
            r"^(?:关于|对于|对|就|把|将|在|on|of|about|for|in|and|whether|the|和|与)\s*(?![A-Za-z])|^(?:on|"
            r"of|about|for|in|and|whether|the)\s+|\s+(?:on|of|about|for|in|and|the|by|per)$",
            "",
            text,
            flags=re.IGNORECASE,
        )
    return text
