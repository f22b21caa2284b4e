"""What form an answer takes, read off the words of the question, in both languages.

A question may want several things at once ("who developed it, and when?"): `kinds_of` gives all,
the leading one first.
"""

import re
from enum import StrEnum
from functools import lru_cache

from corpus.language import HAN
from corpus.quantities import QuantityKind
from index.terms import analyze


class QuestionKind(StrEnum):
    """What form the answer takes."""

    NUMBER = "number"
    DATE = "date"
    ENTITY = "entity"  # who, which company, which product
    LIST = "list"
    DEFINITION = "definition"
    CAUSE = "cause"
    YES_NO = "yes_no"
    COMPARISON = "comparison"
    SUMMARY = "summary"
    CROSS_REPORT = "cross_report"
    OTHER = "other"


def _patterns(*rows: tuple[QuestionKind, str]) -> tuple[tuple[QuestionKind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in rows)


# "When was it founded?", "released when?"; in "when it describes surveillance" nothing is asked.
_WHEN = (
    r"\b(?:and|or|since|by|until|exactly|roughly|about) when\b|\bwhen[?？]?$|"
    r"\bwhen (?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|might|may|should)\b"
)
# "Per its 2020 annual report, does it hedge?": what a question may open with.
_SETTING = r"(?:per|according to|based on|in|as of|as at|at|by|on|for|under|during)\b[^?]{1,80}?, "
# The first pattern that matches decides, so the narrow kinds come first.
_KINDS = _patterns(
    (
        QuestionKind.CROSS_REPORT,
        r"(?:各家?|各个|几家|这些|不同|五[家份]|哪些|所有|多家)(?:券商|机构|报告|研报)|券商(?:之间|们)|分别怎么看|"
        r"\b(?:brokers|reports|houses|institutions|notes)\b.*\b(?:differ|disagree|agree|compare|each|say)"
        r"|\b(?:differ|disagree|agree|compare|each of)\b.*\b(?:brokers|reports|houses)\b|"
        r"\b(?:which|what) (?:brokers|reports|houses)\b|\bacross (?:the |all )?(?:brokers|reports|notes)\b",
    ),
    (
        QuestionKind.SUMMARY,
        r"总结|概括|概述|(?:简要|简单|简短|大致)(?:地)?介绍|介绍(?:一下|下)|摘要|综述|归纳|梳理(?![^，,？?]{0,12}后)|主要观点|核心观点|主要内容|(?:哪些|几个|什么)要点|讲了(?:些)?(?:什么|啥|哪)|"
        r"说了(?:些)?(?:什么|啥|哪)|"
        r"\boverview of\b|\b(?:an?|brief|short|quick|give\w*|provide) (?:\w+ )?overview\b|\boverview[?.]?$|"
        r"\b(?:summari[sz]e|summary|outline|recap|key (?:points|takeaways|messages)|takeaways|"
        r"main (?:points|arguments|message|takeaways)|gist|in a nutshell|in brief|in short|sum(?:s|med)? up|"
        r"highlights|run-?down|sketch|(?:walk|run|talk) me through)\b",
    ),
    (
        QuestionKind.CAUSE,
        r"为什么|为何|为啥|原因|问题出在|症结|根源|根子|怎么会|何以|缘何|凭什么|凭啥|因为什么|理由|怎么看出|(?:推动|驱动|拖累|影响)因素|"
        r"(?:增加|减少|上升|下降|增长|下滑|提高|降低|不如|不及|低于|高于)[^？?]{0,20}(?:怎么|如何)解释|"
        r"(?:怎么|如何)解释[^？?]{0,40}(?:增加|减少|上升|下降|增长|下滑|提高|降低|不如|不及|低于|高于)|"
        r"\bhow (?:do|does|did) [^?]{1,60} explain\b[^?]*\b(?:doing|worse|better|declin|drop|fall|fell|r[io]se|"
        r"increas|decreas|higher|lower|grow|slow|chang)|\bwhy\b|\b(?:reasons?|causes?|"
        r"what (?:mainly |primarily |largely |chiefly )?(?:drives|drove|explains|led|makes|made|is behind|"
        r"dragged|weighed on|pushed|boosted|hurt|lifted|caused|contributed)|"
        r"on what grounds|rationale)\b",
    ),
    (
        QuestionKind.COMPARISON,
        r"比较|对比|相比|区别|区分|差异|差别|有何不同|不同|不一样|哪个(?:更|最)|谁(?:更|最)|(?:哪个|哪边|谁)[^，。？?]{0,8}(?:高|低|大|小|多|少|快|慢|贵|便宜)(?:些|一点)?(?=[，,？?。]|$)|高于|低于|差多少|相差|强在哪|优于|"
        r"比.{1,20}(?:高|低|多|少|贵|便宜|快|慢|大|小|强|好)(?:多少|几|吗|在哪)|"
        r"\b(?:compare[ds]?|comparison|versus|vs\.?|stack(?:s|ed)? up|measure[sd]? up|differ\w*|"
        r"as opposed to|relative to each|"
        r"(?:cheap|pric[iy]|costli|larg|bigg|high|low|fast|slow|great(?!er China)|small|short|long|"
        r"bett|strong|weak)er|"
        r"cheapest|largest|"
        r"highest|lowest|most expensive)\b|\bagainst\b[^?]*\b(?:both|each|two)\b|\b\w[\w.]* against \w|"
        r"\b(?:give|quote|state) both\b|\bor\b[^?]{1,60}\bwhich (?:one )?(?:is|was|has|had|costs?|does|did)\b|"
        r"\bwhich (?:one )?(?:is|was|has|had) [^?]{0,40}\b(?:more|less|longer|better|worse)\b",
    ),
    (
        QuestionKind.DEFINITION,
        r"缩写|全称|简称|\bstands? for\b|\bshort for\b|\babbreviat\w*|\bacronym\b|"
        r"(?:怎么|如何|怎样)(?:计)?算(?:的|出来的?)?[?？。]?$|才(?:能)?算(?!出)|"
        r"\bhow (?:is|are|do|does) [^?]{1,80} (?:calculated|computed|defined?)\b|\bwhat counts as\b",
    ),
    (
        QuestionKind.NUMBER,
        r"多少|(?<!哪)几(?!个阶段|种|类|大|代|家|个(?:时期|方面|部分|要点|维度|层))"
        r"(?:个|组|篇|款|帧|块|道|条|步|层|张|倍|万|亿|分|秒|次|人|美元|美分|欧元|英镑|元|毛|项|成|小时|天)|"
        r"多大|多高|多快|多长|多久|多贵|占比|比例|(?<!大)规模(?=[^，。的]{0,10}(?:多少|多大|几|[？?]|$))|价格|售价|定价|收费|月费|年费|增速|增长率|多重|几何|市值|参数量|帧率|分辨率|"
        r"\bhow (?:much|many|large|big|long|fast|high|often|expensive)\b|\bwhat (?:share|"
        r"percentage|proportion|size|price|rate|growth|number|is the (?:price|cost|fee|size|market "
        r"size|market cap\w*|number|rate|cagr|resolution))\b|\bcosts?\b|\bprices?\b|\bfees?\b|"
        r"\b(?:what(?:'s| is| was| are| were)|number of|at what)\b.*\b(?:share|revenues?|income|profits?|fee|"
        r"size|rate|growth|number|value|market cap\w*|resolution|length|duration|margin|parameters|"
        r"sales|turnover|credits|balances?|amount|expenses?|assets|liabilities|equity|earnings|debt|inventor(?:y|ies)|"
        r"receivables?|payables?|outlay|budget|cash flows?|provisions?|dividends?|spending)\b|"
        r"\b(?:market (?:value|cap\w*)|revenue|net profit|growth|parameter count|size|"
        r"frame rate|resolution|headcount|DAUs?|MAUs?)\b.*[?？]?$|\b(?:in|actual) numbers?\b|\bnumber\s*[?？]?$|"
        r"\bwhat (?:\w+ ){0,2}(?:margin|revenue|profit|income|sales|price|fee|rate|share|growth|return|"
        r"ratio|percentage|amount|value|score|accuracy|length|resolution|size|gain|loss(?:es)?|earnings)s?\b|"
        r"\bwhat did .{1,60} (?:earn|make|cost|pay|charge|book|report)\b|"
        r"\b(?:expected|forecast|projected) to (?:reach|hit|total|exceed|be worth)\b|\bworth\b",
    ),
    (
        QuestionKind.DATE,
        r"什么时候|啥时候|何时|几时|哪(?:一)?(?:年|月|天|日)|几月|几几年|几号|什么时间|哪个(?:年份|月份)|(?:发布|推出|上线|成立|报告)"
        r"(?:时间|日期|年份)|日期[?？]?$|"
        rf"{_WHEN}|\b(?:what|which) (?:year|month|date|day)\b|\bdate of\b|\b(?:release|launch|"
        r"publication|founding|report) (?:date|year|month)\b",
    ),
    (
        QuestionKind.LIST,
        r"哪些|哪几|哪[两三四五六七八九十]|列出|列举|有什么|有啥|几(?:种|类|大|代|家|个(?:阶段|时期|方面|部分|要点|维度|层))|分别|"
        r"包括什么|都有谁|各是什么|由.{1,6}(?:组成|构成|拼成)|有谁|举(?:例|了|出)|"
        r"(?:^|[.,;:?] |please )name\b|"
        r"\b(?:list|enumerate|give (?:the|some|me) (?:\w+ )?(?:examples|names)|examples? of|"
        r"which (?:\w+ ){0,2}(?:companies|stocks|firms|names|platforms|"
        r"partners|apps|brokers|players|vendors|sectors|industries|areas)|"
        r"what are|(?:what|which) (?:\w+ ){0,3}(?:risks|factors|stages|types|kinds|companies|stocks|names|steps|"
        r"problems|challenges|limitations|advantages|applications|products|models|shortcomings|weaknesses|strengths|flaws|"
        r"drawbacks|difficulties|things|modes|reasons|benefits|components|parts))\b|"
        r"^(?:the |main |key |major |current |different )*(?:risks|factors|stages|types|kinds|companies|"
        r"stocks|steps|"
        r"problems|challenges|limitations|advantages|applications|products|models|shortcomings|drawbacks|"
        r"difficulties|benefits|components|techniques|technologies|methods|approaches|features|uses|use cases|"
        r"partners|scenarios|weaknesses|strengths|examples|tasks|areas|fields)\b",
    ),
    (
        QuestionKind.DEFINITION,
        r"(?:是|说的是|指)(?:什么|啥)(?:意思|模型|公司)?[?？]?$|(?:怎么|如何)(?:解释|界定|定义|理解)|什么是|什么叫|何谓|何为|"
        r"含义|定义|指的?是|什么意思|代表什么|干(?:什么|嘛|啥)用|是?(?:怎么|咋)(?:一)?回事|原理|有什么用|"
        r"\bwhat(?:'s| is| are) (?:exactly |actually |really )?(?:an? |the )?[\w\s.·-]{1,30}(?:[?,]|$)|"
        r"\bwhat (?:exactly|actually) (?:is|are) |"
        r"\bwhat (?:is|are) (?:\w+ ){0,3}[“\"][^”\"]+[”\"]|"
        r"\bdefin|\bmean(?:s|t|ing)?\b|"
        r"\bhow does (?:an? |the )?[\w\s.·-]{1,40} work\b|\bexplain\b|\bwhat does .{1,40} do\b",
    ),
    (
        QuestionKind.YES_NO,
        r"吗[?？。!！\s]*$|吗[?？]|是否|是不是|有没有|能不能|会不会|可不可以|对不对|"
        rf"^(?:{_SETTING})?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b",
    ),
    (
        QuestionKind.ENTITY,
        r"谁|哪(?:家|个|位|款|支|只|所|部|项|种|国|里|儿)|什么(?:公司|机构|模型|产品|平台|数据集|技术|行业|评级)|叫什么|名字|"
        r"\b(?:who|whom|whose|which|where|what (?:company|firm|model|product|platform|dataset|rating|"
        r"lab|tool|name))\b",
    ),
)

# Words that ask for one more thing, whatever leads the question.
_ALSO = _patterns(
    (QuestionKind.NUMBER, r"多少|几(?:倍|个|亿|万|元|帧)|\bhow (?:much|many|large|big|long)\b"),
    (
        QuestionKind.DATE,
        r"什么时候|何时|几时|哪[一]?[年月天日]|几月|(?:发布|推出|上线)(?:时间|日期)|"
        rf"{_WHEN}|"
        r"\b(?:what|which) (?:year|month|date|day)\b",
    ),
    (QuestionKind.ENTITY, r"谁|哪家|哪位|叫什么|\bwho\b|\bwhich (?:company|firm|model)\b"),
)
# What asks whether something is so, and what asks how much it is.
_WHETHER = re.compile(
    r"吗[?？。!！\s]*$|是否|是不是|有没有|会不会|"
    rf"^(?:{_SETTING})?(?:is|are|was|were|do|does|did|has|have|had|can|will|would)\b",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    r"多少|几|多[大高快长久贵]|\b(?:how|what|which|figure|number|and by)\b", re.IGNORECASE
)
_PROPERTY = re.compile(
    r"[的年度][^，。的]{1,10}(?:是|为)(?:什么|啥)[?？]?$|\bwhat is [^?]*['’]s ", re.IGNORECASE
)
# "What was its former A-share ticker name?", "这个口径包含哪些因素": no amount, whatever word for one stands there.
_NAMES_ASKED = re.compile(r"\bwhat(?:'s| is| was| are| were) (?:[\w-]+ ){0,6}name\b", re.IGNORECASE)
_AMOUNT_ASKED = re.compile(r"多少|几|多[大高快长久贵]|\bhow (?:much|many)\b", re.IGNORECASE)
_WHICH_ONES = re.compile(r"(?:包含|包括|涵盖|考虑|由|受)了?哪些")
_SINGLE = frozenset({QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.ENTITY})

# What kind of quantity a number question wants, by its own words.
COUNTS = frozenset({QuantityKind.COUNT, QuantityKind.NUMBER, QuantityKind.MEASURE})
"""What counts things."""
TIMES = frozenset({QuantityKind.DURATION})
"""What measures time."""
_UNITS: tuple[tuple[frozenset[QuantityKind], re.Pattern[str]], ...] = tuple(
    (frozenset(kinds), re.compile(pattern, re.IGNORECASE))
    for kinds, pattern in (
        (
            {QuantityKind.MONEY},
            r"(?:多少|几)(?:钱|元|美元|美金|美分|人民币|块)|(?:花费?|耗资)了?多少(?!时间|小时|分钟|秒|天|个?月|年|人|次|算力)|价格|作价|对价|出价|报价|售价|定价|收费|费用|月费|年费|成本|市值|营收|收入|"
            r"利润|市场规模|产业规模|市场有多大|融资|报酬|薪酬|年薪|薪水|工资|奖金|补贴|补助|分红|股利|(?:订阅|服务|会员|授权|管理|使用|版权|培训|开发)费|\b(?:price[sd]?|costs?|fees?|revenue|income|profit|"
            r"market cap\w*|market size|how expensive|charge[ds]?|pay|dollars?|outlay|budget|"
            r"funding|raised?|worth|salar(?:y|ies)|wages?|remuneration|compensation|bonus(?:es)?)\b|"
            r"\bhow much (?:is|are) (?:an?|the|one|each)\b(?! \w+ (?:larger|bigger|higher|lower|faster))|"
            r"\bhow much (?:is|are)\b[^?]{1,60}\b(?:plans?|tiers?|memberships?|subscriptions?|"
            r"licen[cs]es?|packages?|tickets?|seats?)\b|\b(?:if|when) (?:billed|paid)\b|\bbilled\b|"
            r"\bsize of [^?]{0,40}\b(?:market|industry|sector)\b|"
            r"(?:[一每]个?[月年]|包[月年])(?:要|收|付|得|需要?|交)+多少(?![张次个小分条人])",
        ),
        (
            {QuantityKind.PERCENT, QuantityKind.POINTS, QuantityKind.MULTIPLE},
            r"几个(?:百分)?点|抽成|佣金率|手续费率|占比|比例|增速|增长率|复合|同比|环比|百分|几成|\b(?:share|percent\w*|proportion|growth|cagr|rate)\b|"
            r"\b(?:basis|percentage) points?\b|\bhow many points\b",
        ),
        (
            {QuantityKind.CODE},
            r"代码|证书|编号|牌照|电话|\b(?:ticker|stock code|licen[cs]e|certificate|phone)\b",
        ),
        ({QuantityKind.MULTIPLE, QuantityKind.PERCENT}, r"多少倍|几倍|\bhow many times\b"),
        (
            # "多少家", "how many": things are counted, which neither a share nor a price does.
            COUNTS,
            r"(?:多少|几)(?:家|个(?!点)|人|名|位|款|种|篇|部|条|张|只|台|套|项|次|页|遍|支|组|件|份|块|幅|对|层|步|册|本|首|场|集|辆|颗|座|所|笔|单|例|股|字|架|艘)(?!百分|[小月])|"
            r"多少(?!税|报酬|薪|工资|奖金|补贴|补助|分红|股利|股息|现金|贷款|借款|担保|钱|元|美元|美金|人民币|港|欧元|英镑|日元|百分|比例|个?百分|倍|时间|小时|分钟|秒|天|年|个?月|[亿万]|折|度|(?:手续|服务|订阅|管理|授权|会员|学|月|年)?费(?!会员|用户|的)|佣金|抽成|成本|"
            rf"收入|营收|利润|市值|融资|资金|投资|预算|价|呢|了|才|会|能|要|算|是|才|左右|"
            rf"[{HAN}]{{1,6}}(?:费|款|金额|资金|奖金|利息|税|薪酬|成本|收入|利润|支出|价值))(?=[{HAN}]{{2}})|"
            r"\bhow many (?!(?:[\w-]+ ){0,3}(?:hours|minutes|seconds|days|months|years|weeks)\b)"
            r"(?!times|hours|minutes|seconds|days|months|years|weeks|dollars|yuan|percent|basis points|points)",
        ),
        (
            {QuantityKind.MEASURE, QuantityKind.NUMBER, QuantityKind.COUNT},
            r"分辨率|采样率|帧|内存|带宽|\b(?:resolution|sampl\w+ rate|frames?|bandwidth|fps)\b",
        ),
        (
            TIMES,
            r"多久|多长|多长时间|几(?:个)?(?:小时|分钟|秒|天|个月|年)(?![月底])|多少(?:小时|分钟|秒|天)|时长|"
            r"\bhow (?:long|many (?:[\w-]+ ){0,3}(?:hours|minutes|seconds|days|months|years))\b",
        ),
    )
)

# Words for a property that the answer shows by its form, so that it need not name it: a price tag
# says no "price", a date no "date". Words for what is measured (revenue, share) are none of them.
_SHOWN_BY: tuple[tuple[frozenset[QuantityKind], str], ...] = (
    (
        frozenset({QuantityKind.MONEY}),
        "价格 售价 定价 收费 费用 花 花费 贵 钱 多少钱 月费 年费 付费 price cost fee charge pay expensive "
        "worth dollar money priced",
    ),
    (frozenset({QuantityKind.CODE}), "代码 股票代码 证券代码 股票 证券 ticker code symbol"),
    (
        frozenset({QuantityKind.DATE}),
        "时间 日期 时候 年份 月份 发布 推出 上线 问世 出 放 开源 date time year month release launch publish "
        "came out debut dated introduce",
    ),
    (frozenset({QuantityKind.DURATION}), "时长 长度 时间 long length duration time"),
    (frozenset({QuantityKind.COUNT, QuantityKind.NUMBER}), "数量 个数 总数 大小 size number count"),
    (frozenset({QuantityKind.PERCENT}), "占比 比例 份额 share percentage percent proportion"),
)


def kinds_of(text: str) -> tuple[QuestionKind, ...]:
    """Return what a question wants, the leading kind first; never empty.

    >>> [kind.value for kind in kinds_of("Pika 1.0是谁开发的，几月推出？")]
    ['date', 'entity']
    """
    leading = next((kind for kind, pattern in _KINDS if pattern.search(text)), QuestionKind.OTHER)
    if leading is QuestionKind.NUMBER and _WHETHER.search(text) and not _HOW_MUCH.search(text):
        leading = QuestionKind.YES_NO  # "增速会慢下来吗", "Did its growth slow?"
    elif leading is QuestionKind.NUMBER and not _AMOUNT_ASKED.search(text):
        if _NAMES_ASKED.search(text):
            leading = QuestionKind.ENTITY
        elif _WHICH_ONES.search(text):
            leading = QuestionKind.LIST
    # "万兴科技的股票代码是什么" asks for a code, "什么是市盈率" for a meaning.
    is_property = leading is QuestionKind.DEFINITION and _PROPERTY.search(text) is not None
    if (leading is QuestionKind.OTHER or is_property) and unit_kinds_of(text):
        leading = QuestionKind.NUMBER
    if leading not in _SINGLE:
        return (leading,)
    also = (kind for kind, pattern in _ALSO if kind is not leading and pattern.search(text))
    return (leading, *also)


def unit_kinds_of(text: str) -> frozenset[QuantityKind]:
    """Return the kinds of quantity that the words of a question ask for; empty when any will do."""
    found = [kinds for kinds, pattern in _UNITS if pattern.search(text)]
    return frozenset().union(*found) if found else frozenset()


@lru_cache(maxsize=1)
def shown_by() -> dict[str, frozenset[QuantityKind]]:
    """Return, for terms that name a property, the kinds of quantity whose sight tells it."""
    found: dict[str, frozenset[QuantityKind]] = {}
    for kinds, words in _SHOWN_BY:
        for word in words.split():
            for term in analyze(word):
                found[term] = found.get(term, frozenset()) | kinds
    return found
