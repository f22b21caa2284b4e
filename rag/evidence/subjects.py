"""Whose figures a question asks for, and whether evidence is of somebody else."""

import re
from collections.abc import Collection
from functools import lru_cache

from corpus.glossary import names_in
from corpus.language import HAN
from corpus.schema import Language
from index.terms import simplify
from rag.evidence.evidence import Evidence, text_terms
from rag.questions.question import Question

# 宏远食品2019年的…: what companies of their trade call themselves, before a period or what is theirs.
_TRADES = (
    "股份|集团|控股|科技|技术|电子|电气|电器|食品|饮料|酒业|乳业|医药|药业|制药|生物|医疗|器械|健康|能源|电力|新能|石油|石化|"
    "煤业|银行|证券|保险|信托|地产|置业|实业|重工|机械|装备|精密|智能|汽车|材料|新材|化工|化学|钢铁|有色|矿业|水泥|玻璃|纸业|"
    "传媒|影视|文化|网络|软件|信息|通信|光电|半导体|微电子|环保|水务|建设|建筑|建工|物流|航空|港口|高速|旅游|酒店|百货|商业|"
    "零售|超市|农业|牧业|渔业|家居|纺织|服饰|珠宝|教育|有限公司"
)
_BY_SURNAME = re.compile(r"\b(?:Mr|Ms|Mrs|Dr)\.? (?P<surname>[A-Z][a-z]+)")
_PERSON_NAMED = re.compile(r"\b(?P<first>[A-Z][a-z]+)(?: [A-Z]\.)? (?P<surname>[A-Z][a-z]+)")
_OF_HOUSES = ("证券", "银行", "信托", "保险")
_COMPANY = re.compile(
    rf"(?:请问|根据[^，,]{{0,30}}[，,])?(?P<name>[{HAN}]{{1,12}}?(?:{_TRADES}))"
    r"(?=公司|的|在|于|截至|\d{2,4}\s?年|[本上去今]年|[本上]期|[期年][初末]|第?[一二三四]季|FY|Q\d)"
)


def lacks_name(question: Question, evidence: Evidence, missing: Collection[str]) -> bool:
    """Say whether evidence is of another name than a question asks for.

    In another language names are spelled in their own way, so that only those can be missed whose
    forms are known, or all where a company reports on itself: it gives its names in both languages.
    """
    is_readable = evidence.language is question.language or evidence.is_own_report
    # What is asked for in capitals is written so in any language: TPS, EBITDA.
    known = question.aliases.keys() | (question.acronyms.keys() & question.heads)
    # REALM-News, written REALMNews: what is held as one word lacks no part of it.
    held = question.names - set(missing)
    lacking = (
        t
        for t in missing
        if t in question.names
        and not any(t.removesuffix("s") in one for one in held)
        and not by_surname(t, question.text, evidence.text)
    )
    if any(is_readable or t in known for t in lacking):
        return True
    if evidence.language is not Language.ZH:
        return False
    company = company_by_form(question.text)
    if question.documents is not None and company.endswith(_OF_HOUSES):
        return False  # whose reports are read was settled with the names of issuers
    return bool(company) and company not in simplify(evidence.everything)


@lru_cache(maxsize=1 << 12)
def by_surname(term: str, question: str, text: str) -> bool:
    """Say whether a term is the first name of somebody whom a text calls by the surname: Mary Dillon, Ms. Dillon.

    >>> by_surname("mari", "What is Mary Dillon's salary?", "Ms. Dillon will receive $1."), by_surname(
    ...     "mari", "What is Mary Dillon's salary?", "Mr. Johnson will receive $2.")
    (True, False)
    """
    surnames = {match["surname"] for match in _BY_SURNAME.finditer(text)}
    return any(
        match["surname"] in surnames and term in text_terms(match["first"])
        for match in _PERSON_NAMED.finditer(question)
    )


@lru_cache(maxsize=256)
def company_by_form(text: str) -> str:
    """Return the Chinese company that a question opens with, by its form; "" where none shows.

    >>> company_by_form("宏远食品2019年的净利润是多少？"), company_by_form("2019年的净利润是多少？")
    ('宏远食品', '')
    """
    match = _COMPANY.match(simplify(text).strip())
    return match["name"] if match and not names_in(match["name"]) else ""
