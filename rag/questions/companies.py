"""Companies that report on themselves, by their shortest names: 四方科技集团股份有限公司 → 四方科技."""

import re
from itertools import product

from corpus.glossary import reporting_companies
from corpus.language import HAN
from rag.questions.naming import spells

_HAN = re.compile(f"[{HAN}]")
_LEAST_HAN, _LEAST_LATIN = 2, 4  # characters of a name that is one: no ticker

# Block (formerly known as Square): the shelf may know either.
_FORMERLY = re.compile(
    r"(?P<now>[A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,3}) ?[(（](?:formerly|previously|f/k/a)(?: known as| named)? "
    r"(?P<before>[^()（）]{2,40})[)）]"
)

# What Chinese companies' names say that they do, and how they put it in English.
_TRADES = {
    "科技": "technology technologies tech sci-tech", "技术": "technology technologies tech",
    "生物": "bio biological biotech biotechnology bio-technology",
    "生物技术": "biotech biotechnology bio-technology", "生物科技": "biotech biotechnology bio-technology",
    "医药": "medicine pharma pharmaceutical pharmaceuticals", "制药": "pharma pharmaceutical pharmaceuticals",
    "药业": "pharma pharmaceutical pharmaceuticals", "医疗": "medical", "电子": "electronic electronics",
    "电气": "electric electrical", "电器": "electric electrical", "电力": "power", "动力": "power",
    "能源": "energy", "环保": "environmental environment", "环境": "environmental environment",
    "汽车": "automobile automotive auto motor", "软件": "software", "信息": "information",
    "网络": "network networks", "传媒": "media", "文化": "culture", "影视": "film", "游戏": "games",
    "通信": "communication communications", "通讯": "communication communications", "电信": "telecom",
    "智能": "intelligent smart", "机器人": "robot robotics", "半导体": "semiconductor",
    "微电子": "microelectronics", "装备": "equipment", "设备": "equipment",
    "光学": "optical", "光电": "optoelectronics", "化学": "chemical chemicals", "化工": "chemical chemicals",
    "材料": "material materials", "新": "new", "机械": "machinery", "重": "heavy",
    "工业": "industry industrial industries", "实业": "industry industrial industries", "钢铁": "steel",
    "矿业": "mining", "水泥": "cement", "食品": "food foods", "乳业": "dairy", "啤酒": "brewery", "银行": "bank",
    "保险": "insurance", "地产": "property", "航空": "airlines aviation", "航运": "shipping", "物流": "logistics",
    "国际": "international", "数字": "digital", "数码": "digital",
}  # fmt: skip
_IN_ENGLISH = frozenset(word for words in _TRADES.values() for word in words.split())
_LEGAL = re.compile("(?:集团|控股|股份|有限责任|有限|公司)+$")
_ROMANISED = re.compile(
    rf"\b(?P<head>[A-Z][a-z]{{3,}})(?P<trades>(?: (?:{'|'.join(sorted(_IN_ENGLISH, key=len, reverse=True))})\b)+)"
    r"(?:,? (?:Group|Holdings?|Corporation|Corp|Company|Co|Ltd|Limited|Inc)\b\.?,?)*",
    re.IGNORECASE,
)
_HEADS = (2, 3)  # characters that are spelled


def by_short_names(text: str) -> str:
    """Return a text with companies of the shelf called by their short names.

    A full name has words (集团, 股份) that stand everywhere in the company's own report and say nothing.
    """
    text = _FORMERLY.sub(_known_of, text)
    for names in reporting_companies():
        for full in sorted(names, key=len, reverse=True):
            short = _short(full, names)
            if short != full and full.casefold() in text.casefold():
                text = short.join(_pattern(full).split(text))
        for name in names:
            if _HAN.search(name):
                text = text.replace(f"{name}公司", name)  # 四方科技公司员工情况
    return _ROMANISED.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    """Return the Chinese name of the one company that a Latin name spells: Sifang Technology is 四方科技."""
    head = match["head"].casefold()
    trades = {
        "".join(words) for words in product(*map(_in_chinese, match["trades"].casefold().split()))
    }
    found = [
        names
        for names in reporting_companies()
        if any(_is_spelled(_LEGAL.sub("", name), head, trades) for name in names)
    ]
    if len(found) != 1:
        return match[0]
    return min((n for n in found[0] if _HAN.search(n) and len(n) >= _LEAST_HAN), key=len)


def _in_chinese(trade: str) -> list[str]:
    return [han for han, words in _TRADES.items() if trade in words.split()]


def _is_spelled(name: str, head: str, trades: set[str]) -> bool:
    return any(name[size:] in trades and spells(head, name[:size]) for size in _HEADS)


def _known_of(match: re.Match[str]) -> str:
    """Return that of a company's two names by which it reports, the one of today where it is neither or both."""
    known = {name.casefold() for names in reporting_companies() for name in names}
    is_known = [match[key].casefold() in known for key in ("now", "before")]
    return match["before"] if is_known == [False, True] else match["now"]


def _short(full: str, names: tuple[str, ...]) -> str:
    """Return the shortest of a company's names in the script of a full one; a Latin one begins it."""
    is_han = _HAN.search(full) is not None
    others = (
        name
        for name in names
        if (
            _HAN.search(name) and len(name) >= _LEAST_HAN
            if is_han
            else len(name) >= _LEAST_LATIN and full.casefold().startswith(name.casefold())
        )
    )
    return min(others, key=len, default=full)


def _pattern(name: str) -> re.Pattern[str]:
    around = ("(?<![A-Za-z0-9])", "(?![A-Za-z0-9])") if name.isascii() else ("", "")
    return re.compile(around[0] + re.escape(name) + around[1], re.IGNORECASE)
