"""How Chinese and English reports print dates: patterns, in the order in which they are tried."""

import re

_Y4 = "(?:19|20)[0-9]{2}(?![0-9])"
_YEAR = rf"(?P<y>{_Y4}|[一二][零〇一二三四五六七八九]{{3}})"
_SHORT = "(?P<y>[0-9]{2}(?![0-9]))"
# Two digits are a year unless they belong to an amount: "in Q3 15 million users".
_ANY_YEAR = (
    rf"(?P<y>{_Y4}|'?[0-9]{{2}}"
    r"(?![0-9%,]|\.[0-9]| ?[%万亿家个元]| (?:thousand|million|billion|mn|bn|percent)))"
)
_MONTH = "(?P<m>1[0-2]|0?[1-9](?![0-9])|十[一二]?|[一二三四五六七八九])"
_DAY = (
    "(?P<d>3[01]|[12][0-9]|0?[1-9](?![0-9])|三?十一|二?十[一二三四五六七八九]?|三十"
    "|[一二三四五六七八九])"
)
_NAME = (
    r"(?P<mon>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_EN_DAY = r"(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9A-Za-z%.])"
_END = "(?![0-9A-Za-z])"
# Beside a year any digit is taken, so that the misprint Q6 2025 is not read as the year alone.
_QUARTER = "(?:第? ?(?P<q>[0-9一二三四]) ?季度|[Qq](?P<q2>[0-9])|(?P<q3>[0-9])[Qq])"
_HALF = "(?:(?P<h>[上下])半年|H(?P<h2>[0-9])|(?P<h3>[0-9])H)"
_FISCAL = r"(?P<fy>FY|fiscal year |fiscal )?"

# Tried in this order; the first that matches wins, so the longer forms come first.
PATTERNS = [
    re.compile(source, re.IGNORECASE)
    for source in (
        rf"{_YEAR} ?年 ?{_MONTH} ?月(?: ?{_DAY} ?[日号])?",
        rf"{_SHORT} ?年 ?{_MONTH} ?月(?: ?{_DAY} ?[日号])?",
        rf"{_YEAR} ?年? ?(?:{_QUARTER}|{_HALF}){'(?![0-9])'}",
        rf"{_SHORT} ?年 ?(?:{_QUARTER}|{_HALF}){'(?![0-9])'}",
        rf"{_SHORT}(?:[Qq](?P<q>[0-9])|H(?P<h>[0-9]))(?![0-9])",
        rf"(?P<y>{_Y4}|[0-9]{{2}}) ?(?P<fy>财年)",
        r"(?:(?:20 ?世纪 ?)(?P<dec>[1-9]0)|(?P<dec2>(?:19|20)[0-9]0|[5-9]0)) ?年代",
        rf"(?P<dec>(?:19|20)[0-9]0)s{_END}",
        rf"{_YEAR} ?年(?!代)",
        rf"{_SHORT}年(?P<short>)",
        rf"{_MONTH} ?月 ?{_DAY} ?[日号]",
        rf"{_MONTH} ?月(?!球|亮|饼)份?",
        rf"(?P<y>{_Y4})[-/.](?P<m>1[0-2]|0?[1-9])[-/.](?P<d>3[01]|[12][0-9]|0?[1-9]){_END}",
        rf"(?P<y>{_Y4})/(?P<m>1[0-2]|0?[1-9])(?![0-9/])",
        rf"(?P<y>{_Y4})-(?P<m>1[0-2]|0[1-9])(?![0-9年A-Za-z])",
        rf"(?P<y>{_Y4})\.(?P<m>1[0-2]|0?[1-9])(?![0-9%A-Za-z])(?! ?[万亿元倍])",
        rf"(?P<y>{_Y4})\. (?P<m>1[0-2]|[1-9])(?=\))",
        # 01/28/2016 is American; only a day that is no month shows the other order: 28/01/2016.
        rf"(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12][0-9]|0?[1-9])/(?P<y>{_Y4}){_END}",
        rf"(?P<d>3[01]|2[0-9]|1[3-9])/(?P<m>1[0-2]|0?[1-9])/(?P<y>{_Y4}){_END}",
        r"(?P<y>[12][0-9])/(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9/])",
        r"(?P<y>[12][0-9])/(?P<m>1[0-2]|0?[1-9])(?![0-9/])(?P<cell>)(?= ?(?:[)\n\t]|$))",
        rf"{_NAME} {_EN_DAY}(?:,? (?P<y>{_Y4}))?",
        rf"{_EN_DAY} (?:of )?{_NAME}{_END}(?:,? (?P<y>{_Y4}))?",
        rf"{_NAME},?[ -](?P<y>{_Y4}|'[0-9]{{2}}(?![0-9]))",
        rf"(?:[Qq](?P<q>[0-9])|H(?P<h>[0-9]))"
        rf"(?:(?: of |, |[ -]){_FISCAL}{_ANY_YEAR}|'?(?P<y2>{_Y4}|(?<=')[0-9]{{2}}))(?![0-9])",
        r"(?P<fy>FY) ?(?P<y>[0-9]{4}|[0-9]{2})[ -]?(?:Q(?P<q>[1-4])|H(?P<h>[12]))(?![0-9])",
        rf"(?:(?P<q>[0-9])Q|(?P<h>[0-9])H) ?{_FISCAL}{_ANY_YEAR}",
        r"(?:Q(?P<q>[1-4])|H(?P<h>[12])|(?P<q2>[1-4])Q|(?P<h2>[12])H)(?=[EFA]?(?![0-9A-Za-z]))",
        r"(?P<fy>FY|fiscal(?: year)?) ?(?P<y>[0-9]{4}(?![0-9])|'?[0-9]{2}(?![0-9]))",
        rf"(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)[- ](?P<what>half|quarter){_END}"
        rf"(?:(?: of|,)? {_FISCAL}(?P<y>{_Y4}))?",
        r"第? ?(?P<q>[0-9一二三四]) ?季度",
        r"(?P<h>[上下])半年",
        rf"(?P<mon>(?:Janu|Febru)ary|March|April|May|June|July|(?:Septem|Octo|Novem|Decem)ber|August)"
        rf"{_END}(?P<alone>)",
        r"(?P<d>3[01]|[12][0-9]|[1-9]) ?日(?![均内线元])",
    )
]
SUFFIX = re.compile(r"年?(?P<mark>[EFA])(?![A-Za-z0-9股])")
SEPARATOR = re.compile(r" ?(?:[-~]|至|到| to | through | until ) ?")
AND = re.compile(r" (?:and) | ?[与和] ?")
SHORT_RANGES = [
    (re.compile(rf"(?P<y>{_Y4}) ?(?:[-~至到]) ?(?={_Y4} ?(?:年(?!代)|财年))"), "year"),
    (re.compile(r"(?P<y>[0-9]{2}) ?[-~至到] ?(?P<y2>[0-9]{2}) ?年(?!内|期|后|前|代)"), "both"),
    (re.compile(rf"(?P<y>{_Y4}) ?[-~] ?(?P<y2>[0-9]{{2}})(?: ?年|(?![0-9年%.A-Za-z]))"), "both"),
    (re.compile(r"(?P<y>(?:19|20)[0-9]0) ?[-~] ?(?=(?:19|20)[0-9]0(?:s|年代))"), "decade"),
    (re.compile(r"(?P<m>1[0-2]|[1-9]) ?[-~至到] ?(?=(?:1[0-2]|[1-9]) ?月)"), "month"),
    (
        re.compile(rf"{_NAME} ?(?:-|to|through) ?(?={_NAME.replace('mon', 'mon2')},? {_Y4})", re.I),
        "name",
    ),
]
# "2023年前10个月", "the first ten months of 2023", 前三季度: from January on.
FROM_JANUARY = re.compile(
    r"的?前 ?(?P<n>[0-9]{1,2}|[一二三四五六七八九十]{1,2}) ?(?:个?(?P<m>月)|个?季度)"
)
NAMED_MONTHS = re.compile(
    rf"{_NAME} ?(?:-|to|through) ?(?={_NAME.replace('mon', 'mon2')},? {_Y4})", re.IGNORECASE
)
FIRST_MONTHS = re.compile(
    rf"(?:the )?first (?P<n>[0-9]{{1,2}}|two|three|four|five|six|seven|eight|nine|ten|eleven) "
    rf"(?:(?P<m>months)|quarters) of (?:the year )?(?P<y>{_Y4})",
    re.IGNORECASE,
)
DURATION_BEFORE = re.compile(
    r"(?:未来|近|过去|长达|超过|超|约|共|历时|为期|每|达|前|后|这|满|第|至少|最近|持续|连续|历经|"
    r"耗时|需要?|长|逾|不到|不足|至多|有着?|(?:over|past|next|last)) ?$"
)
DURATION_AFTER = re.compile(
    r" ?(?:来|内|间|期|后|前(?![0-9一二三四五六七八九十])|以上|以下|左右|多|国债|"
    r"的?(?:时间|经验|历史))"
)
MAY_BEFORE = re.compile(
    r"(?:^|[\t\n(]|\b(?:in|since|by|from|until|through|last|early|mid|late|of|to|and)[ -])$", re.I
)
