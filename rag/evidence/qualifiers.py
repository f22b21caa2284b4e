"""What a question insists on and nothing else stands for: a plan, a region, a rating, a person.

"Midjourney's Enterprise plan" is not answered by its Pro plan, India's market not by China's, and "who is
its chief executive" not by what the chief executive says.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from corpus.language import HAN, question_language
from corpus.schema import Language
from index.terms import analyze, simplify
from rag.evidence.clauses import clause_spans
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.holding import spelled
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

# "企业版", "钻石会员", "the Enterprise plan": one of several of its kind, told apart by this word.
_ONE_OF = re.compile(
    rf"(?P<zh>[{HAN}]{{2}})(?:会员|版(?!权|本)|套餐)|"
    r"\b(?P<en>[A-Za-z]+)[ -](?:plan(?! to\b)|tier|members?(?:hip)?|edition|subscription)\b",
    re.IGNORECASE,
)
_CLASS = r"会员|版|套餐|计划|档|方案|账户|用户|plan|tier|member|edition|subscription|version|user|trial|account"
_OF_CLASS = re.compile(_CLASS, re.IGNORECASE)
# Words there that tell none apart: which, the cheapest, a paid one, by the month.
_NOT_ONE = re.compile(
    r"[这那哪某每各几两一个种款档的]|最|付费|收费|便宜|订阅|按[年月]|[年月]度|不同|所有|其他|正式|改进|升级|最新|测试|完整|普通|"
    r"^(?:the|an?|any|each|every|which|what|this|that|its?|their|all|both|same|other|new|paid|paying|pricing|"
    r"subscription|monthly|annual|yearly|cheap\w*|low\w*|high\w*|top|bottom|entry|per|of|for|on|in|and|or|"
    r"member\w*|plan|price|popular|expensive|priciest|personal|business|first|second|third)$",
    re.IGNORECASE,
)
_REGIONS = tuple(
    (re.compile(zh), re.compile(rf"(?<!\w)(?:{en})(?!\w)", re.IGNORECASE))
    for zh, en in (
        (
            "美国",  # no "us", no US$, no Latin America
            "(?-i:USA?|U\\.S\\.?(?!\\w))(?!\\$| dollar)|United States|(?<!North )(?<!South )(?<!Latin )American?",
        ),
        ("全球|世界(?!杯|纪录)", "global\\w*|worldwide|the world|(?-i:WW)"),
        ("北美", "North America\\w*"),
        ("欧洲|欧盟", "Europe\\w*|EU"),
        ("英国", "UK|U\\.K\\.|Britain|British|England"),
        ("德国", "German\\w*"),
        ("法国", "France|French"),
        ("日本", "Japan\\w*"),
        ("韩国", "Korea\\w*"),
        ("印度(?!尼)", "India\\w*"),
        ("印度尼西亚|印尼", "Indonesia\\w*"),
        ("东南亚", "South-?east Asia\\w*"),
        ("新加坡", "Singapore\\w*"),
        ("越南", "Vietnam\\w*"),
        ("泰国", "Thai\\w*"),
        ("俄罗斯", "Russia\\w*"),
        ("巴西", "Brazil\\w*"),
        ("墨西哥", "Mexic\\w*"),
        ("拉美|拉丁美洲|南美", "Latin America\\w*|South America\\w*"),
        ("加拿大", "Canad\\w*"),
        ("澳大利亚|澳洲", "Australia\\w*"),
        ("中东", "Middle East\\w*"),
        ("非洲", "Africa\\w*"),
        ("香港(?!大学|中文大学|科技大学)", "Hong Kong(?! dollar| Poly| Univ)"),
        ("台湾", "Taiwan\\w*"),
        ("澳门", "Maca[uo]"),
        ("北京(?!大学|交通大学|师范|理工)", "Beijing"),
        ("上海(?!大学|交通大学|师范|理工)", "Shanghai"),
        ("深圳(?!大学|交通大学|师范|理工)", "Shenzhen"),
        ("广州(?!大学|交通大学|师范|理工)", "Guangzhou"),
        ("杭州(?!大学|交通大学|师范|理工)", "Hangzhou"),
        ("成都(?!大学|交通大学|师范|理工)", "Chengdu"),
        ("武汉(?!大学|交通大学|师范|理工)", "Wuhan"),
        ("南京(?!大学|交通大学|师范|理工)", "Nanjing"),
        ("苏州(?!大学|交通大学|师范|理工)", "Suzhou"),
        ("伦敦(?!大学|交通大学|师范|理工)", "London"),
        ("纽约(?!大学|交通大学|师范|理工)", "New York(?! Univ| Times)"),
        ("东京(?!大学|交通大学|师范|理工)", "Tokyo"),
    )
)
_IN_CHINA = (
    re.compile(r"中国(?!证监|银行|会计|企业会计)|\bChina\b(?! Securities)"),
    re.compile(r"\bChin(?:a|ese)\b|\bPRC\b", re.IGNORECASE),
)
# 美国国内, "U.S. domestic": of a company at home, which its own report calls only that.
_AT_HOME = re.compile(r"国内|境内|本土|\bdomestic\b", re.IGNORECASE)
_LISTED = re.compile(
    r"上市|股票代码|挂牌|[沪深]市|[港A]股|\b(?:tickers?|listed|listings?|trades?|traded|"
    r"stock exchange)\b|\.(?:SH|SZ|HK)\b",
    re.IGNORECASE,
)
_ASKS_PLACE = re.compile(
    r"哪个?(?:城市|国家|州|省|地区)|\b(?:which|what) (?:US |U\.S\. )?(?:city|country|state|province)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(rf"[{HAN}]{{2,}}[市州省县国]|\b[A-Z][a-z]+(?:, [A-Z][A-Za-z.]+| City| State)\b")
_OF_A_PERSON = frozenset({QuestionKind.ENTITY, QuestionKind.OTHER})
_ROLES = (
    r"CEO|CTO|CFO|COO|首席[\u4e00-\u9fff]{1,3}官|首席|创始人|创办人|总裁|董事长|总经理|负责人|掌门人|作者|设计师|艺术家|学生|成员|合伙人|"
    r"(?:co-?)?founders?|chief (?:executive|technology|financial|operating)(?: officer)?|president|"
    r"chair(?:man|woman)?|"
    r"authors?|artist|designer|head|students?|members?"
)
_OFFICE = re.compile(rf"(?:{_ROLES})", re.IGNORECASE)
# One office is not another: the chief financial officer is no chief executive.
_OFFICES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bCEO\b|chief executive|首席执行官|行政总裁",
        r"\bCFO\b|chief financial|首席财务官|财务总监",
        r"\bCTO\b|chief technology|首席技术官",
        r"\bCOO\b|chief operating|首席运营官",
        r"\bchair(?:man|woman|person)?\b|董事长|主席",
        r"\b(?:co-?)?founders?\b|创始人|创办人",
    )
)
_BESIDE = 25  # characters between an office and who holds it
_ASKS_EXPANSION = re.compile(
    r"缩写|全称|\bshort for\b|\babbreviat\w*|\bacronym\b|\bletters\b[^?]*\bstand for\b|^[\w.&-]+ stands? for\b|"
    r"\bdo(?:es)? [\w.&-]+ stand for\b",
    re.IGNORECASE,
)
_ASKS_PERSON = re.compile(
    rf"(?:{_ROLES})[^，。,.?？]{{0,6}}(?:是谁|叫什么|是哪位|姓名|的?名字)|谁是[^，。]{{0,15}}(?:{_ROLES})|"
    r"谁(?:带队|领导|牵头|主导|负责|领衔|执掌|创立|创办)|\bled by whom\b|"
    r"\bwho (?:co-?)?founded\b|\bfirst author\b|\bname of the (?:person|man|woman|artist|designer|author|winner)\b|"
    r"(?:那位|这位)(?:作者|画师|设计师|艺术家|研究者|创始人|获奖者|得主|参赛者|选手|冠军)[^，。]{0,4}(?:叫|是谁|名字)|"
    r"\bwho (?:led|leads|heads?|headed|runs?|ran)\b(?! an? )|"
    rf"\bwho (?:is|was|are|were) [^?]*\b(?:{_ROLES})\b|\b(?:name|names) of [^?]*\b(?:{_ROLES})\b|"
    rf"\b(?:{_ROLES})\b(?: of (?:[\w.'’&-]+ ){{0,5}}[\w.'’&-]+)?\?$",
    re.IGNORECASE,
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚倪"
)
_PERSON = re.compile(
    rf"(?<![{HAN}])[{_SURNAMES}][{HAN}]{{1,2}}(?![{HAN}])|(?:{_ROLES})\s*[{_SURNAMES}][{HAN}]{{1,2}}|"
    rf"[{HAN}]{{2,}}[·•][{HAN}]{{2,}}|\b[A-Z][a-z]+(?: [A-Z]\.?)? [A-Z][a-z]+\b|"
    rf"[{_SURNAMES}][{HAN}]{{1,2}}(?=等|及其|团队|教授|博士)"
)


def lacks_qualifier(question: Question, evidence: Evidence, missing: Collection[str]) -> bool:
    """Say whether evidence is of another plan or region than the question insists on."""
    apart = _told_apart(simplify(question.text))
    if apart and all(_lacks_one(term, question, evidence, missing) for term in apart):
        return True
    # "Which of them trade in Shanghai?" asks for an exchange.
    asked = () if _LISTED.search(question.text) else _regions_of(simplify(question.text))
    if evidence.is_own_report and _AT_HOME.search(simplify(question.text)):
        return not _AT_HOME.search(evidence.nearby) and bool(asked)
    if (
        evidence.is_own_report
        and evidence.language is Language.EN
        and _IN_CHINA[0].search(question.text)
    ):
        asked = (*asked, _IN_CHINA)  # of a foreign company only a part is there
    return any(not (zh.search(evidence.nearby) or en.search(evidence.nearby)) for zh, en in asked)


def lacks_place(question: Question, evidence: Evidence) -> bool:
    """Say whether a city or country is asked for and the evidence has none that the question has not."""
    if not _ASKS_PLACE.search(simplify(question.text)):
        return False
    text = f"{evidence.text} {evidence.quote}"
    regions = (zh.search(text) or en.search(text) for zh, en in _REGIONS)
    found = [match[0] for match in (*regions, _PLACE.search(text)) if match]
    return all(place in question.text for place in found)


def _lacks_one(term: str, question: Question, evidence: Evidence, missing: Collection[str]) -> bool:
    """Say whether evidence lacks a word that tells one of several apart, as such: no team, a Team plan."""
    if term in missing or evidence.is_cell:
        return term in missing
    if term not in text_terms(evidence.text):
        return False  # said in other words, or above the text
    is_marked = not term.isascii() or re.search(rf"\b{term.capitalize()}", question.text)
    if not is_marked and not _OF_CLASS.search(evidence.text):
        return False  # "the restructuring plan" is no product, nor is one told apart here
    return (
        re.search(
            rf"{re.escape(term)}\w{{0,4}}[^，。,.]{{0,8}}?(?:{_CLASS})",
            evidence.text,
            re.IGNORECASE,
        )
        is None
    )


def lacks_person(question: Question, evidence: Evidence) -> bool:
    """Say whether a person is asked for by office and the evidence has no name of a person."""
    if _OF_A_PERSON.isdisjoint(question.kinds):
        return False
    if not _ASKS_PERSON.search(simplify(question.text)):
        return False
    clauses = [evidence.text[start:end] for start, end in clause_spans(evidence.text)]
    if evidence.is_cell:
        clauses = [f"{evidence.label} {evidence.text}"]
    asked = [office for office in _OFFICES if office.search(question.text)]
    said = f"{evidence.lead} {evidence.label} {evidence.text} {evidence.quote}"
    if asked and not any(office.search(said) for office in asked):
        return True
    is_of_office = _OFFICE.search(evidence.lead) is not None or not _OFFICE.search(question.text)
    return not any(_names_officer(clause, question, is_of_office) for clause in clauses)


def _names_officer(clause: str, question: Question, is_of_office: bool) -> bool:
    """Say whether a clause has a person that the question has not, next to an office."""
    offices = [match.span() for match in _OFFICE.finditer(clause)]
    for name in _PERSON.finditer(clause):
        beside = any(
            name.start() - end <= _BESIDE and start - name.end() <= _BESIDE
            for start, end in offices
        )
        if (beside or is_of_office) and name[0] not in question.text:
            return True
    return False


def lacks_expansion(question: Question, evidence: Evidence) -> bool:
    """Say whether it is asked what an abbreviation stands for and the evidence does not spell it out."""
    # A company's full name is no expansion: only Latin names are abbreviations.
    names = [term for term in question.names if term.isascii()]
    if not names or not _ASKS_EXPANSION.search(question.text):
        return False
    text = f"{evidence.text} {evidence.quote}"
    for term in names:
        if evidence.is_cell and spelled(term).fullmatch(evidence.row.strip()):
            beside = evidence.around[0][0].replace(evidence.row, "").strip(" 指:：")
            return bool(beside)  # else a table of what terms mean, and of nothing else
        name = spelled(term).pattern
        if re.search(
            rf"{name}\s*[（(：:]|[（(][^（()）]{{0,60}}{name}\s*[)）]|{name}[^。.]{{0,6}}(?:全称|即|是指)|"
            rf"{name},? (?:short|which stands|standing) ",
            text,
            re.IGNORECASE,
        ):
            return False
    return True


def one_of_several(text: str) -> str:
    """Return what a text tells apart from others of its kind, as it is written: "platinum tier".

    >>> one_of_several("What does the platinum tier cost?"), one_of_several("which plan?")
    ('platinum tier', '')
    """
    found = (match for match in _ONE_OF.finditer(text) if _told_apart(match[0]))
    return " ".join(match[0] for match in found)


@lru_cache(maxsize=256)
def _told_apart(text: str) -> frozenset[str]:
    """Return the terms that tell what is asked about from others of its kind.

    >>> sorted(_told_apart("文心一格钻石会员每月多少钱？")), sorted(_told_apart("最便宜的会员"))
    (['钻石'], [])
    """
    # "the Pro (高级版) plan" is told apart in English already.
    is_english = question_language(text) is Language.EN
    words = (
        match["en"] if is_english else match["zh"] or match["en"]
        for match in _ONE_OF.finditer(text)
    )
    words = (word for word in words if word)
    return frozenset(term for word in words if not _NOT_ONE.search(word) for term in analyze(word))


@lru_cache(maxsize=256)
def _regions_of(text: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((zh, en) for zh, en in _REGIONS if zh.search(text) or en.search(text))
