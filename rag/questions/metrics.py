"""What is measured: words for the same metric, in both languages.

A figure answers only for its own metric: 62 % of the studios are no sample size, and a licence number is no
phone number. Prices, dates and counts of things show by their form what they are, and are not here.
"""

import re
from functools import lru_cache

from corpus.language import question_language
from corpus.schema import Language
from index.terms import analyze

# One metric a line: what it is called in Chinese and in English.
_METRICS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"参数|\bparam(?:eter)?s?\b",
        r"员工|雇员|人手|\bpeople\b(?=.*\b(?:employ|work))|\bemploy(?:s|ed|ees?)?\b|\bheadcount\b|\bstaff\b|\bworkforce\b",
        r"电话|手机|联系方式|热线|\b(?:tele)?phone\b|\bmobile (?:no|number)\b|\btel\b|\bhotline\b|\bdirect line\b",
        r"邮箱|邮件|\be-?mail\b|@",
        r"样本|受访|份问卷|问卷数|\bsample sizes?\b|\bsampled?\b|\brespondents?\b|\bsurveyed\b",
        r"月活|月度活跃|\bMAUs?\b|\bmonthly (?:active )?users?\b",
        r"日活|日活跃|\bDAUs?\b|\bdaily (?:active )?users?\b",
        r"营收|营业收入|收入|创收|\brevenues?\b|\bsales\b|"
        r"(?<!net )(?<!operating )(?<!interest )\bincome\b(?! tax)|\bturnover\b|\bearn(?:ed|s|ing)?\b",
        r"利润|净利|盈利|赚|亏损|\bprofits?\b|\bearnings\b|\bprofitable\b|\bnet income\b|\bEPS\b|\bloss(?:es)?\b",
        r"毛利率|净利率|利润率|\bmargins?\b",
        r"市盈率|\bP/?E\b|\bprice[- ]to[- ]earnings\b",
        r"目标价|\b(?:target price|price target)s?\b",
        r"市值|\bmarket (?:cap\w*|value)\b",
        r"估值|投[前后]|\bvaluations?\b|\bvalued\b|\b(?:pre|post)[- ]money\b",
        r"融资|天使轮|[A-F]轮|\bfunding\b|\braise[ds]?\b|\bfinancing\b|\bangel\b|\bSeries [A-F]\b",
        r"得分|评分|打分|跑分|分数|\bscor(?:e[sd]?|ing)\b|(?<!basis )(?<!percentage )(?<!how many )\bpoints?\b",
        r"女性|男性|\b(?:fe)?males?\b|\bwom[ae]n\b|\bmen\b",
        r"市占率|占有率|市场份额|份额|\bmarket shares?\b",
        r"分红|股息|派息|\bdividends?\b|\bpayout\b",
        r"专利|\bpatents?\b",
        r"下载|\bdownload\w*\b",
        r"研发|\bR&D\b|\bresearch and development\b",
        r"显存|内存|\bmemory\b|\bVRAM\b",
        r"延迟|时延|\blatency\b",
        r"采样率|\bsampl\w+ (?:rate|frequency)\b|\bk?Hz\b|赫兹",
        r"帧率|每秒帧数|帧|\bframes?\b|\bfps\b",
        r"分辨率|清晰度|像素|\d\s*[x×*]\s*\d|\d(?:p|K)\b|\bresolutions?\b|\bpixels?\b",
        r"存储|\bstorage\b|\bGB\b",
        r"积分|\bcredits\b",
        r"中央编号|\bcentral entity\b|\bCE (?:no|number)\b",
        r"证书|执业|牌照|资格|编号|\blicen[cs]es?\b|\bcertificates?\b|\bregistration\b",
        r"邮编|邮政编码|\bpost(?:al)? ?codes?\b|\bzip\b",
        r"训练|语料|\btrain(?:ed|ing|s)?\b|\bcorpus\b",
        r"GPU|显卡|算力卡|\bgraphics cards?\b",
        r"小时(?=素材|视频|音频|录音)|时长|\bfootage\b",
        r"国土|人口|\bpopulation\b",
        r"CAGR|复合(?:年)?增长|年均复合|\bcompound\w*\b",
        r"增速|增长|同比|环比|增幅|涨幅|\bgrowth\b|\bgrow(?:s|n|ing)?\b|\bgrew\b|\brose\b|\brise[sn]?\b|"
        r"\bincreas\w*\b|\bup \d",
        r"资本(?:开支|支出|性支出)|\bcap(?:ital )?ex(?:penditures?)?\b|"
        r"\b(?:purchases? of|additions? to)\b[^.;]{0,20}\bproperty\b",
        r"在手订单|未完成订单|积压订单|\bbacklogs?\b",
        r"对价|收购价格?|交易价格?|作价|\bpurchase (?:price|consideration)\b|\bconsideration\b|"
        r"\bdeal (?:value|size)\b|"
        r"\b(?:acquir\w+|b(?:uy|ought)|purchas\w+)\b[^.;]{0,80}\bfor\b[^.;]{0,30}[$€£¥\d]",
        r"注册资本|\bregistered capital\b",
        r"占比|比例|比重|几成|[%％]|\bshares?\b|\bproportion\b|\bpercent\w*\b",
        r"收益率?|回报|涨跌幅|\breturns?\b",
        r"税率|\btax\b",
        r"转化率|\bconversion\b",
        r"留存|\bretention\b",
        r"渗透率|普及率|\bpenetration\b",
        r"准确率|精度|\baccurac\w+\b|\bprecision\b",
        r"折扣|优惠|打折|折(?=卡|起|扣|优)|\bdiscounts?\b",
        r"股价|收盘价|\b(?:share|stock|closing) prices?\b",
        r"负债|债务|借款|\bdebts?\b|\bliabilit\w+\b|\bborrowings?\b|\bloans?\b",
        r"现金|\bcash\b",
        r"薪酬|薪资|工资|底薪|年薪|\bsalar(?:y|ies)\b|\bcompensation\b|\bremuneration\b|\bwages?\b",
        r"商誉|\bgoodwill\b",
        r"存货|库存|\binventor\w+\b",
        r"门店|店铺|\bstores?\b",
        r"降息|加息|利率|\brate cuts?\b|\binterest rates?\b",
        r"换手率|\bturnover rate\b",
    )
)  # fmt: skip


PER_SHARE = re.compile(r"每股|\bper (?:\w+ )?share\b|\bEPS\b", re.IGNORECASE)
"""What is measured by the share."""


@lru_cache(maxsize=1 << 14)
def metrics_in(text: str) -> frozenset[int]:
    """Return the numbers of the metrics that a text names.

    >>> metrics_in("Sora的参数量") == metrics_in("70 billion parameters"), metrics_in("多少钱")
    (True, frozenset())
    """
    return frozenset(number for number, words in enumerate(_METRICS) if words.search(text))


SHARES = metrics_in("%")
"""What a part is of a whole."""


REVENUE, PROFIT = metrics_in("营业收入"), metrics_in("净利润")
"""What is sold, and what of it is earned: a figure of the one is none of the other."""


@lru_cache(maxsize=1 << 10)
def metrics_asked(text: str, heads: frozenset[str]) -> frozenset[int]:
    """Return the metrics that a question asks for: of what exactly is asked, if that names any.

    "How many users did it have before its revenue grew?" asks for users only.

    Args:
        text: The question.
        heads: The terms of what exactly is asked for; empty where its form does not show it.
    """
    of_heads = frozenset(
        number
        for number, words in enumerate(_METRICS)
        if any(heads & set(analyze(match[0])) for match in words.finditer(text))
    )
    # A Chinese question may say the metric as its verb, apart from its noun: 营收了多少美元.
    is_shown = bool(heads) and question_language(text) is Language.EN
    return of_heads if of_heads or is_shown else metrics_in(text)


@lru_cache(maxsize=1 << 14)
def names_metric(text: str, metrics: frozenset[int]) -> bool:
    """Say whether a text names any of some metrics."""
    return any(_METRICS[number].search(text) for number in metrics)


@lru_cache(maxsize=1 << 10)
def metric_terms(text: str) -> frozenset[str]:
    """Return the terms of the words by which a text names metrics.

    >>> sorted(metric_terms("What were total liabilities?"))
    ['liabil']
    """
    return frozenset(
        term for words in _METRICS for match in words.finditer(text) for term in analyze(match[0])
    )
