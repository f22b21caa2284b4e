"""Names in a question, and whether a text holds one: spellings, acronyms, versions, aliases."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from corpus.glossary import names_in, names_of
from corpus.language import HAN, question_language
from corpus.schema import Language
from index.background import rarity
from index.spellings import load_spellings
from index.terms import analyze
from rag.questions.kinds import shown_by

# A capitalised word inside a sentence, or a Latin word among Chinese ones; "AI-enabled" is no name.
_ACCENTED = "À-ÖØ-öø-ÿ"  # NÜWA
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_CAPITALISED = re.compile(
    rf"(?<=[A-Za-z0-9,;:'’)\"] )[\"“(]?{_CAPITAL}[A-Za-z{_ACCENTED}0-9&.·]*(?:-[A-Z0-9]\w*)*"
    rf"|\b[a-z]*{_CAPITAL}[a-z]*{_CAPITAL}[A-Za-z{_ACCENTED}0-9]*|"
    rf"^{_CAPITAL}[A-Za-z{_ACCENTED}0-9&.·-]+(?=['’]s\b)|(?<![A-Za-z])(?:[A-Z]\.){{2,}}[A-Z]?"
)
_LATIN_AMONG_HAN = re.compile(r"[A-Za-z][A-Za-z0-9&.·+-]*")
# Capitalised by habit, or measures and currencies: no company, product or person.
_NO_NAMES = frozenset(
    analyze(
        "AI I Q1 Q2 Q3 Q4 H1 H2 FY RMB USD HKD EUR JPY CNY CEO US UK China Chinese English American Hong "
        "Kong HQ PPT dollars yuan Mr Ms Dr A B C D 2B 2C To-B To-C "
        "LLM LLMs AIGC FPS Figure Table Chart Exhibit "
        "EPS EBIT EBITDA GAAP non-GAAP R&D SG&A G&A CFO COO CTO capex opex "
        "COGS PPE PP&E PPNE D&A DPO DSO DIO EBITDAR FCF ROE ROA ROIC YoY QoQ YTD IPO ESG "
        "January February March April May June July August September October November December"
    )
)
# "SAM 2", "Gen-2", "Pika 1.0", "DALL·E 2": what is said of another version is not said of it.
_VERSIONED = re.compile(
    r"(?<![A-Za-z])(?P<name>[A-Za-z](?:[A-Za-z·.]|-(?=[A-Za-z]))*)[\s-]?[vV]?(?P<version>\d{1,3}(?:\.\d+)*(?:(?![dD]\b)[A-Za-z](?![A-Za-z]))?)"
    r"(?![A-Za-z]|[\d,.]*\d|\s?(?:[%％万亿年月日天号个款张家种条项只台倍元块帧秒人次]|billion|million|trillion|"
    r"percent|years?|months?|days?|times|x\d))"
)
# FY24, 1H, 2Q24: of when something is, no name.
_PERIOD = re.compile(
    r"(?:FY|CY)'?\d{2,4}|[1-4]Q(?:\d{2}|\d{4})?|[12]H(?:\d{2}|\d{4})?|[QH][1-4]", re.IGNORECASE
)
_WRITTEN = re.compile(r"[A-Za-z][\w.·&-]*(?: \d+(?:\.\d+)*)?|[\u4e00-\u9fff]+", re.ASCII)
_LONG = 4  # characters of a Chinese name
_SAID_OF = re.compile(
    r"的|[一1]个?[年月天季]|每|多少|几|什么|哪|谁|何|是|有|在|于|能|可以|会(?!员)|将|需|要|为"
)
_FIRST = re.compile(r"(?:^|(?<=[.?!:;] ))[A-Z][a-z]{3,}(?![\w.:-])")
_BRITISH = re.compile(r"is(?:e[drs]?|ing|ations?)$|our(?:s|ed|ing)?$")
_UNSEEN = 0.95
# A Latin word in small letters among Chinese ones that general text knows this well is no name: plan, rate.
_KNOWN = 0.7
_RARE = 0.5  # rarer than the words that start a sentence: Name 3 risks, Phase 2
# "Lou Xiaohua (楼晓华)", "菲达环保 (Feida)": a name in both scripts.
_LATIN_NAME = r"[A-Z][A-Za-z0-9.&-]*(?: (?:of |and |& )?[A-Z][A-Za-z0-9.&-]*){0,6}"
_GLOSSED = re.compile(rf"(?P<latin>{_LATIN_NAME})(?:['’]s)? ?[(（](?P<han>[{HAN}]{{2,12}})[)）]")
_ACRONYM = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,5}(?![A-Za-z0-9])")
_CAPITALS = re.compile(r"\b(?:[A-Z][a-z]+[\s-]+){1,4}[A-Z][a-z]+")
_READ = 0.3  # least probability of a reading of a character
_LEAST_SPELLED, _MOST_SPELLED, _LONGEST_SYLLABLE = 4, 15, 6
_NOT_IN_A_NAME = re.compile(r"[^0-9a-z\u4e00-\u9fff.]|(?<!\d)\.|\.(?!\d)")


def name_terms(text: str) -> frozenset[str]:
    """Return the terms of words that are names by their form, or that the glossary knows.

    Other Chinese names cannot be told from other words by their form.
    """
    pattern = _LATIN_AMONG_HAN if question_language(text) is Language.ZH else _CAPITALISED
    words = " ".join(
        match[0].removesuffix("'s").removesuffix("’s")
        for match in pattern.finditer(text)
        if not _PERIOD.fullmatch(match[0]) and not _is_word(match[0])
    )
    if pattern is _CAPITALISED:
        words += "".join(f" {word}" for word in _FIRST.findall(text) if _is_unknown(word))
    found = {term for term in analyze(words) if len(term) > 1 and not term.isdigit()}
    return frozenset((found | aliases(text).keys()) - _NO_NAMES)


def _is_unknown(first: str) -> bool:
    """Say whether the first word of a sentence, which always has a capital, is one that general text has not."""
    if _BRITISH.search(first):
        return False
    return all(rarity(term) >= _UNSEEN and term not in shown_by() for term in analyze(first))


def _is_word(latin: str) -> bool:
    """Say whether a Latin word is written as a word that general text knows."""
    return latin.islower() and all(rarity(term) < _KNOWN for term in analyze(latin))


def names_written(text: str) -> str:
    """Return the names of a text as it writes them, apart by spaces; of a Chinese run its subject.

    >>> names_written("Pika 1.0是谁开发的"), names_written("多少钱")
    ('Pika 1.0', '')
    """
    names = name_terms(text)
    found = (word for word in _WRITTEN.findall(text) if set(analyze(word)) & names)
    return " ".join(
        word if word.isascii() or len(word) <= _LONG else _subject(word) for word in found
    )


def _subject(run: str) -> str:
    """Return a run of Chinese characters up to what is said or asked of its subject.

    >>> _subject("文心一格黄金会员一个月多少钱"), _subject("中文在线的主营业务")
    ('文心一格黄金会员', '中文在线')
    """
    known = max((run.find(name) + len(name) for name in names_in(run) if name in run), default=2)
    asked = _SAID_OF.search(run, known)
    return run[: asked.start()] if asked else run


def acronyms(text: str) -> frozenset[str]:
    """Return the words of two to five capitals, which may stand for several: SD, NFT.

    >>> sorted(acronyms("GPT3训一次比SD贵多少？"))
    ['SD']
    """
    return frozenset(word for word in _ACRONYM.findall(text) if word.casefold() not in _NO_NAMES)


def versions(text: str) -> frozenset[str]:
    """Return the names with a version in a text, squashed.

    >>> sorted(versions("SAM 2 和 DALL·E 2 是 2023 年发布的吗？"))
    ['dalle2', 'sam2']
    """
    found = set()
    for match in _VERSIONED.finditer(unicodedata.normalize("NFKC", text)):
        terms = [term for term in analyze(match["name"]) if term not in _NO_NAMES]
        # "Name 3 risks" names no version; 2.0 is always one.
        is_rare = any(rarity(term) > _RARE for term in terms) or "." in match["version"]
        if terms and is_rare and match["name"] != match["name"].lower():
            found.add(squash(match["name"]) + match["version"].casefold())
    return frozenset(found)


def aliases(text: str) -> dict[str, tuple[str, ...]]:
    """Return, for each term of a name, the other forms of that name: those that the glossary or the text gives.

    >>> aliases("What did Lou Xiaohua (楼晓华) earn?")["lou"]
    ('楼晓华',)
    """
    found: dict[str, tuple[str, ...]] = {}
    glossed = [(match["latin"], match["han"]) for match in _GLOSSED.finditer(text)]
    named = [(name, names_of(name)) for name in names_in(text)]
    for name, forms in [*named, *((a, (b,)) for a, b in glossed)]:
        others = tuple(other.casefold() for other in forms)
        for term in analyze(name):
            found[term] = found.get(term, ()) + others
    return found


@lru_cache(maxsize=1 << 12)
def squash(text: str) -> str:
    """Reduce a text to its letters, digits and decimal points, in one case.

    >>> squash("W. A. L. T"), squash("DALL·E 2"), squash("Pika 1.0")
    ('walt', 'dalle2', 'pika1.0')
    """
    return _NOT_IN_A_NAME.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=1 << 12)
def initials(text: str) -> frozenset[str]:
    """Return the initials of runs of capitalised words in a text.

    >>> sorted(initials("基于 Stable Diffusion 微调"))
    ['SD']
    """
    found = set()
    for match in _CAPITALS.finditer(text):
        letters = "".join(word[0] for word in re.split(r"[\s-]+", match[0]))
        found |= {letters[i:j] for i in range(len(letters)) for j in range(i + 2, len(letters) + 1)}
    return frozenset(found)


@lru_cache(maxsize=1 << 10)
def _characters_of(term: str) -> re.Pattern[str] | None:
    """Compile a Latin name to the Chinese characters that it may spell; None where it spells none.

    Two or three syllables of two letters or more: yatu is 雅图, and hardly ever anything else.
    """
    by_letters = load_spellings().by_letters
    readings = []
    for parts in _syllables(term):
        classes = []
        for part in parts:
            codes, likely = by_letters.get(part, ((), ()))
            classes.append(
                "".join(chr(c) for c, p in zip(codes, likely, strict=True) if p >= _READ)
            )
        if all(classes):
            readings.append("".join(f"[{characters}]" for characters in classes))
    return re.compile("|".join(readings)) if readings else None


def _syllables(term: str) -> Iterator[tuple[str, ...]]:
    """Yield a term cut into two or three parts of two to six letters."""
    for first in range(2, min(7, len(term) - 1)):
        rest = term[first:]
        if len(rest) <= _LONGEST_SYLLABLE:
            yield term[:first], rest
        for second in range(2, min(7, len(rest) - 1)):
            if len(rest) - second <= _LONGEST_SYLLABLE:
                yield term[:first], rest[:second], rest[second:]


def is_spelled_in(term: str, text: str) -> bool:
    """Say whether a text has Chinese characters that a Latin name spells by their sound.

    >>> is_spelled_in("yatu", "元隆雅图(002878.SZ)"), is_spelled_in("yatu", "视觉中国")
    (True, False)
    """
    if not (_LEAST_SPELLED <= len(term) <= _MOST_SPELLED and term.isascii() and term.isalpha()):
        return False
    pattern = _characters_of(term)
    return pattern is not None and pattern.search(text) is not None


def spells(term: str, name: str) -> bool:
    """Say whether a Latin name spells just these Chinese characters by their sound.

    >>> spells("yatu", "雅图"), spells("yatu", "元隆雅图")
    (True, False)
    """
    pattern = _characters_of(term)
    return pattern is not None and pattern.fullmatch(name) is not None


def holds_version(version: str, text: str) -> bool:
    """Say whether a text holds a squashed name with just that version, however it is spelled.

    >>> holds_version("laion400m", "LAION-400M 4亿图文对"), holds_version("sam2", "SAM 2.1")
    (True, False)
    """
    return _version_pattern(version).search(unicodedata.normalize("NFKC", text)) is not None


@lru_cache(maxsize=1 << 10)
def _version_pattern(version: str) -> re.Pattern[str]:
    letters = r"[\s.·‧-]{0,2}".join(re.escape(char) for char in version)
    return re.compile(rf"{letters}(?!\.?\d)", re.IGNORECASE)


def holds_alias(term: str, others: Mapping[str, Collection[str]], folded: str) -> bool:
    """Say whether a case-folded text holds another form of a name."""
    return any(
        re.search(rf"(?<![a-z0-9]){re.escape(alias)}(?![a-z0-9])", folded)
        if alias.isascii()
        else alias in folded
        for alias in others.get(term, ())
    )
