"""Words that make, limit, deny or compare claims, in both languages; for `rag.composing.yes_no`."""

import re

# Words that make a claim say more: what has none of them does not bear it out.
CLAIMS_MORE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"所有|全部|任何|一切|每[个家款一]|都(?!市)|\ball\b|\bevery\b|\bany\b|\beach\b|\bboth\b",
        r"完全|彻底|\b(?:completely|entirely|fully|wholly)\b",
        r"首[个家次款]|第一|最早|率先|\bfirst\b|\bearliest\b",
        r"最(?!近|新|终|后)|\b(?:most|least|best|worst)\b|\b(?:large|high|low|great|small|long|fast)est\b",
        r"一定|必须|必然|\b(?:must|always|never|necessarily)\b",
        r"普遍|主要|大多|多数|\b(?:mainly|mostly|usually|generally|often)\b",
        r"[只仅](?!要)|唯一|\bonly\b|\bsole(?:ly)?\b|\bexclusively\b",
    )
)
# Words that make a text say less than a claim without them.
SAYS_LESS = re.compile(
    r"[只仅](?![要为有达]|\s*\d)|唯一|部分|有些|有的|一些|少数|主要|大多|多数|如果|若[非是]?(?!干)|除非|一旦|"
    r"\bonly\b(?! \d)|\bsome\b|\bfew\b|\bpartly\b|\bmainly\b|\bmostly\b|\bif\b|\bunless\b",
    re.IGNORECASE,
)
# A claim about what is to come or what may be is not one of what is.
OPEN = re.compile(
    r"可能|或[许将]|有望|或(?=[^者])|拟|计划|争取|尝试|假设|据传|传闻|质疑|"
    r"\bplan(?:s|ned|ning)? to\b|"  # "the Team plan" is no intention
    r"\b(?:may|might|could|would|aims?|hopes?|allegedly|reportedly|rumou?red|perhaps|possibly|potential)\b",
    re.IGNORECASE,
)
FORECAST = re.compile(
    r"预[计期测]|将|会|\b(?:will|expect\w*|forecast\w*|project\w*|estimate\w*|by 20\d\d)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"不(?!断|少|同|仅|只|但|久|过|乏|论|妨|错|管|限于|可或缺)|没有|没(?=[能见])|未(?!来|必)|无(?!论|人|疑|线|形|数|限|缝|监督)|"
    r"非(?!常|卡口|洲|均|遗|线性)|禁止|"
    r"\b(?:not(?! only)|no(?!\. ?[0-9])|never|neither|nor|cannot|none|without|forbid\w*|unable)\b|n['’]t\b",
    re.IGNORECASE,
)
ASKS_WHETHER = re.compile(
    r"吗[?？。！!\s]*$|是否|是不是|能不能|会不会|有没有|可不可以|能否|可否|对不对[?？]?$|"
    r"^\s*(?:is|are|was|were|do|does|did|has|have|had|can|will)\b",
    re.IGNORECASE,
)
"""What a question that wants a yes or a no looks like."""
# What makes a question of a claim.
CLAIM = re.compile(
    r"吗|是不是|有没有|可不可以|对不对|是否|请问|[（(][^（）()]*[)）]|(?<=能)不能|(?<=会)不会|[?？]",
    re.IGNORECASE,
)
BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
# What happens once: its date is part of the claim, not of its frame.
EVENT = re.compile(
    r"成立|创立|创办|提出|发布|推出|上线|问世|诞生|开源|收购|上市|"
    r"\b(?:founded|established|proposed|released|launched|published|introduced|acquired|listed|born)\b",
    re.IGNORECASE,
)
FIGURE_WORDS = frozenset(
    [
        "万",
        "亿",
        "万亿",
        "元",
        "美元",
        "美金",
        "港元",
        "港币",
        "人民币",
        "个",
        "年",
        "月",
        "日",
        "分钟",
        "秒",
        "倍",
        "billion",
        "million",
        "trillion",
        "rmb",
        "usd",
        "hkd",
        "dollar",
        "yuan",
        "percent",
        "%",
        "$",
    ]
)
WHICH = re.compile(
    r"还是|\bor\b|什么|哪|多少|\b(?:what|which|how|who|why|when|where)\b", re.IGNORECASE
)
COMPARES = re.compile(
    r"(?:相比(?:于|之下)?|相较于?|(?<![占对])比|优于|强于|弱于|不如|领先于?|落后于?|"
    r"\b(?:than|compared (?:with|to)|versus|relative to|ahead of|behind|beats?)\b)(?!\s*[约近超]?\d)",
    re.IGNORECASE,
)
# Words of a question that a claim is made with; they need not stand in the evidence.
COPULAS = frozenset(
    [
        "是",
        "为",
        "有",
        "能",
        "会",
        "可以",
        "能够",
        "吗",
        "属于",
        "算",
        "达",
        "达到",
        "具有",
        "拥有",
        "采用",
        "使用",
        "用",
        "get",
        "have",
        "has",
        "be",
        "make",
        "do",
        "count",
        "use",
        "显示",
        "表明",
        "指出",
        "认为",
        "调查",
        "show",
        "survei",
        "find",
        "实现",
        "由",
        "come",
        "超过",
        "超",
        "达",
        "不足",
        "约",
        "近",
        "over",
        "exce",
        "reach",
        "surpass",
        "than",
    ]
)
OFTEN = frozenset(
    [
        "每年",
        "每月",
        "年",
        "月",
        "按月",
        "按年",
        "一年",
        "year",
        "month",
        "annual",
        "monthli",
        "yearli",
    ]
)
# A sentence that begins so speaks of what the one before it names.
REFERS = re.compile(
    r"[其它该此]|上述|前者|公司|\b(?:it|its|they|their|this|these|the (?:company|model|product|team))\b",
    re.IGNORECASE,
)

# "是否开源", "Open source?": a label whose cells say yes or no, and how they say it.
WHETHER = re.compile(r"是否(?P<zh>.{1,10})$|(?P<en>.{2,30})[?？]$")
SAYS_YES = re.compile(r"\s*(?:是|有|支持|√|✓|✔|yes\b|y$)", re.IGNORECASE)
SAYS_NO = re.compile(r"\s*(?:否|无|不|×|✗|✘|no\b|n$)", re.IGNORECASE)
