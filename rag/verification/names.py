"""Are the names of a sentence those of its evidence?

A name is known by its form (a capitalised or Latin word, 某某科技), by the glossary, or by the
dictionary of Chinese names. It is carried by the evidence, or by what surrounds it, in any of its
spellings. Not covered: a name that the evidence has as well, put in the place of another of the
same clause; a Chinese name in no dictionary that does not look like a company's.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from corpus.glossary import names_in, names_of
from corpus.language import HAN, count_han, detect_language
from corpus.quantities import parse_quantities
from corpus.schema import Language
from index.background import rarity
from index.terms import analyze, cut_words, simplify
from rag.verification.sources import Source
from rag.verification.vocabulary import Translate

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.·&'’+][A-Za-z0-9]+)*\+*(?:-[A-Za-z0-9]+)*")
_HAN_RUN = re.compile(f"[{HAN}]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[“\"(‘]\s*)$")
# Capitalised by habit; they name no company, product or person.
_NO_NAMES = frozenset({
    "ai", "i", "rmb", "cny", "usd", "hkd", "us", "u.s", "yuan", "hk", "ceo", "cfo", "cto", "gdp",
    "ipo", "it", "vs", "no", "yes", "b2b", "b2c", "tob", "toc", "ok", "tv", "pc", "app", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "english", "neither", "either", "both", "although", "though", "despite", "among",
    "according", "meanwhile", "however", "moreover", "unlike", "whereas", "besides", "since",
})  # fmt: skip
_ORGANISATION = re.compile(
    rf"[{HAN}]{{2,4}}(?:科技|股份|集团|证券|有限公司|智能|银行|基金|传媒|网络|信息|电子|软件|资本|控股|"
    r"研究院|实验室|大学|医药|生物|能源|汽车|电器|通信|动力|影视|文化|游戏|国际)"
)
# The country of the reports has names that no glossary of companies lists.
_CHINA = ("中国", "国内", "我国", "中国大陆", "china", "chinese", "domestic")
_RARE_OPENING = 0.79  # of an English word that opens a sentence, and would be capitalised anyway
_RARE_FOREIGN = 0.62  # of one anywhere in a sentence whose evidence is in the other language
_RARE_PART = 0.58  # of a word of a company's name: common words make a description (国内科技公司)
_ATTRIBUTED = re.compile(
    r"(?:^|according to|by|根据|据|按照|按|由)\W{0,3}(?:the )?$", re.IGNORECASE
)


def wrong_name(claim: str, source: Source, translate: Translate) -> str:
    """Return the first name of a sentence that its evidence does not carry, or ""."""
    for name in _names(claim, source):
        if not _is_said(name, source.all_text, source.terms, translate):
            return name
    return _name_from_elsewhere(claim, source, translate)


def _names(claim: str, source: Source) -> Iterator[str]:
    """Yield what is a name in a sentence, or may be one."""
    yield from names_in(claim)
    figures = parse_quantities(claim)
    language = detect_language(claim)
    is_foreign = all(detect_language(item.text) is not language for item in source.statements)
    for match in _LATIN.finditer(claim):
        if any(q.start < match.end() and match.start() < q.end for q in figures):
            continue  # 2048x2048, 12M
        yield from _latin_names(claim, match, is_foreign=is_foreign)
    text = simplify(source.all_text)
    simple = simplify(claim)
    yield from (m[0] for m in _ORGANISATION.finditer(simple) if _is_organisation(m[0], text))
    for run in _HAN_RUN.findall(simple):
        yield from (w for w in cut_words(run) if w not in text and w in _dictionary_names())


def _latin_names(claim: str, match: "re.Match[str]", *, is_foreign: bool) -> Iterator[str]:
    """Yield the parts of a Latin word that are a name: capitalised, or Latin among Chinese.

    A common word that opens a sentence is none. Nor is one in a sentence that renders evidence of
    the other language, where there is no other way to tell "Market Size" from a name.
    """
    is_chinese = detect_language(claim) is Language.ZH
    opens = _SENTENCE_START.search(claim[: match.start()]) is not None
    whole = match[0].removesuffix("'s").removesuffix("’s")
    for part in (whole,) if any(char.isdigit() for char in whole) else whole.split("-"):
        shaped = any(char.isupper() or char.isdigit() for char in part[1:])
        if part.casefold() in _NO_NAMES or len(part) < 2:
            continue
        limit = _RARE_OPENING if part == whole and opens else _RARE_FOREIGN
        is_common = (is_foreign or opens) and not _is_rare(part, limit)
        if shaped or is_chinese or (part[0].isupper() and not is_common):
            yield part


def _is_rare(word: str, limit: float) -> bool:
    terms = analyze(word)
    return bool(terms) and all(rarity(term) >= limit for term in terms)


def _is_organisation(phrase: str, text: str) -> bool:
    """Say whether a phrase that ends like a company's name is one that a text does not have."""
    if phrase in text:
        return False
    words = [word for word in cut_words(phrase) if word not in text]
    return any(_is_rare(word, _RARE_PART) for word in words[:-1])


@lru_cache(maxsize=1)
def _dictionary_names() -> frozenset[str]:
    """Return the names of places, institutions, people and brands in jieba's dictionary."""
    fields = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").split()
    # The dictionary takes some common words for people and brands, hardly any for places.
    least = {"ns": 0.0, "nt": 0.0, "nr": _RARE_PART, "nrt": _RARE_PART, "nz": _RARE_PART}
    return frozenset(
        word
        for word, kind in zip(fields[0::3], fields[2::3], strict=True)
        if kind in least and len(word) > 1 and rarity(word) >= least[kind]
    )


def _is_said(name: str, text: str, terms: frozenset[str], translate: Translate) -> bool:
    """Say whether a text has a name, in any of its spellings."""
    others = _CHINA if name.casefold() in _CHINA else names_of(name)
    if any(_stands_in(spelling.casefold(), text) for spelling in (name, *others)):
        return True
    parts = analyze(name)
    if parts and all(part in terms for part in parts):
        return True
    if others:
        return False  # a known name has known spellings
    # A capitalised common word ("Software"), or a name that says what it means (National Bureau).
    return bool(parts) and all(
        part in terms or any(_has_term(other, text, terms) for other in translate(part))
        for part in parts
    )


def _has_term(term: str, text: str, terms: frozenset[str]) -> bool:
    return term in terms or (count_han(term) > 1 and term in text)


def _stands_in(name: str, text: str) -> bool:
    if not name.isascii():
        return name in text
    if re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text):
        return True
    # DALL·E and DALLE, Fei-Fei and Feifei.
    squeezed = re.sub(r"[^a-z0-9]", "", name)
    return len(squeezed) > 3 and squeezed in re.sub(r"[^a-z0-9\n]", "", text)


def _name_from_elsewhere(claim: str, source: Source, translate: Translate) -> str:
    """Return a name that only the surroundings have, in the place of one of the evidence, or ""."""
    names, own = names_in(claim), names_in(source.own_text)
    elsewhere = [
        name for name in names if not _is_said(name, source.own_text, source.own_terms, translate)
    ]
    for name in elsewhere:
        if _is_author(name, claim, source) and (len(names) > len(elsewhere) or not own):
            continue
        # A name of the heading may be what the evidence is about, unless it names something else
        # that the sentence leaves out.
        left_out = [
            other for other in own if not _is_said(other, claim.casefold(), frozenset(), _no)
        ]
        if _is_issuer(name, source) or (own and (len(names) == len(elsewhere) or left_out)):
            return name
    return ""


def _no(_: str) -> frozenset[str]:
    return frozenset()


def _is_author(name: str, claim: str, source: Source) -> bool:
    """Say whether a sentence is told as said by the report's issuer."""
    start = claim.casefold().find(name)
    return _is_issuer(name, source) and bool(_ATTRIBUTED.search(claim[: max(0, start)]))


def _is_issuer(name: str, source: Source) -> bool:
    spellings = {spelling.casefold() for spelling in (name, *names_of(name))}
    return source.issuer.casefold() in spellings
