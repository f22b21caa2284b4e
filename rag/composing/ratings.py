"""What ratings mean: a Buy at one house is +15 % in six months, at another +20 % over an index.

Every report defines its ratings in lines of one form behind the text proper ("增持：预期未来6个月…", "“Hold”: over
the next 12 months …"). They are found by that form, told apart by stock and sector, and read with the line
above them that gives horizon and benchmark, where the definition does not.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from corpus.schema import Role
from index.terms import simplify
from rag.composing.draft import Composed
from rag.composing.extractive import unnumbered
from rag.composing.reports import (
    MAX_REPORTS,
    lines_by_report,
    readable,
)
from rag.evidence.evidence import Evidence
from rag.evidence.finding import Finder
from rag.evidence.gathering import block_evidence
from rag.evidence.reader import reader_of
from rag.questions.issuers import without_issuers
from rag.questions.question import Question

# Ratings that mean the same, in both languages; one English word may stand for two Chinese ones.
_RATINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"买入|强烈推荐|\b(?:Strong )?[Bb]uy\b",
        r"增持|谨慎推荐|\bAccumulate\b|\bAdd\b|\bOverweight\b",
        r"中性|\bNeutral\b",
        r"减持|\bReduce\b|\bUnderweight\b",
        r"卖出|回避|\bSell\b",
        r"持有|观望|\bHold\b",
        r"看好|优于大市|\bPositive\b",
        r"看淡|弱于大市|\bNegative\b|\bnegative\b",
        r"领先大市|跑赢(?:大市|行业)|\bOutperform\b",
        r"同步大市|\bIn[- ]line\b|\bMarket perform\b",
        r"落后大市|跑输(?:大市|行业)|\bUnderperform\b",
        r"超配|\bOverweight\b",
        r"标配|\bEqual[- ]weight\b|\bMarket[- ]weight\b|\b[Nn]eutral\b",
        r"低配|\bUnderweight\b",
        r"(?<![A-Za-z])A(?![A-Za-z])(?=.{0,6}(?:风险|级|risk|grade))|^A(?=\s*[—:：-])|(?:风险|评级)[^，。]{0,6}A(?![A-Za-z])",
        r"(?<![A-Za-z])B(?![A-Za-z])(?=.{0,6}(?:风险|级|risk|grade))|^B(?=\s*[—:：-])|(?:风险|评级)[^，。]{0,6}B(?![A-Za-z])",
    )
)
_LETTER = re.compile(
    r"(?:[这那]个|[后前里]面的?|中的?|字母|\b[Tt]he|\bletter)\s*[“\"「]?(?P<letter>[A-C])(?![A-Za-z])|"
    r"[“\"「'‘](?P<quoted>[A-C])[”\"」'’]|(?<![A-Za-z])(?P<graded>[A-C])(?=\s*[档级类等])|"
    r"(?:\b(?:grade|rating|level|class) (?:of )?|[等评]级[为是]?\s*)[“\"]?(?P<grade>[A-C])(?![A-Za-z])|"
    r"\ban? (?P<article>[A-C])(?= (?:mean|stand|rating|grade|signif|indicat|impl)|"
    r"\b[^?]{0,30}\b(?:risk|scale|rating)s?\b)"
)
_DEFINES = re.compile(
    r"^\W*(?:\d{1,2}\s*[.、)）]\s*)?[“\"「]?\s*(?P<rating>[\u4e00-\u9fff]{2,4}|[A-C]|"
    r"[A-Z][A-Za-z -]{1,14})\s*[”\"」]?\s*"
    r"(?:[:：]|[—–]{1,2}|-{1,2}\s)"
)
_ASKS = re.compile(
    r"意思|意味|含义|定义|标准|门槛|要求|条件|代表|对应|指什么|是指|算|跑赢|跑输|涨幅|多少|多长|多久|期限|(?:什么|哪个)指数|基准|参照|对标|"
    r"\b(?:mean\w*|signif\w+|stands? for|tells?|requires?|bar|threshold|defin\w+|"
    r"how (?:far|much|long|high)|benchmark|"
    r"performance|say about|hurdle|cut-?off|what (?:does|would|did) it take|mark|"
    r"must|needs? to|ha(?:ve|s) to|to (?:earn|get|merit|qualify)|"
    r"imply|implies|range|returns?|horizon|window|"
    r"(?:what|which) (?:index|return)|yardstick|gauge|against|outperform\w*|beat)\b",
    re.IGNORECASE,
)
_OF_RATINGS = re.compile(
    r"评级|等级|评行业|风险(?:级别|水平)|"
    r"\brisk (?:scale|level|class)\b|\b(?:sector|stock|industry|investment) calls?\b|"
    r"\bratings?\b|\brated?\b|\bgrade\b|\bmeasure a (?:sector|stock)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"多长|多久|期限|时间|未来几|\b(?:horizon|window|period|how long|over what|months)\b",
    re.IGNORECASE,
)
# "How far must it beat the benchmark?" asks for the distance only.
_AGAINST = re.compile(
    r"指数|(?<!跑赢)(?<!跑输)(?<!相对)(?<!超过)基准|参照|对标|\b(?:ind(?:ex|ices|exes)|yardstick|gauge|against)\b|"
    r"(?<!beat its )(?<!beat the )(?<!outperform its )(?<!outperform the )\bbenchmark\b",
    re.IGNORECASE,
)
_MONTHS = re.compile(r"\d+\s*个?月|\bmonths?\b")
_INDEX = re.compile(r"指数|基准|MSCI|\bindex\b", re.IGNORECASE)
_SECTOR = re.compile(r"行业|板块|\bsectors?\b|\bindustr(?:y|ies)\b", re.IGNORECASE)
_STOCK = re.compile(
    r"个股|股票|公司|证券评级|\bstocks?\b|\bshares?\b|\bcompan(?:y|ies)\b|\bequit(?:y|ies)\b",
    re.IGNORECASE,
)
_ABOVE = 12  # lines in which a definition's level, horizon and benchmark are looked for
_MOST_LINES = 2  # of one report


@dataclass(frozen=True, slots=True)
class _Definition:
    """A line that defines a rating, and the line above that says from when and against what."""

    ratings: frozenset[int]
    evidence: Evidence
    basis: Evidence | None
    of_sector: bool | None


def answer_ratings(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return how reports define the ratings that a question asks the meaning of; None for others."""
    asked = _asked(question)
    text = simplify(question.text)
    if not _ASKS.search(text) or not (asked or _OF_RATINGS.search(text)):
        return None
    if not (question.quoted or _OF_RATINGS.search(text)):
        return None
    allowed = readable(finder.index, documents)
    if len(allowed) > MAX_REPORTS or (not asked and not question.documents and len(allowed) > 1):
        return None  # every house has its own, and which of so many is not said
    found = {doc_id: _lines(question, finder, doc_id, asked) for doc_id in allowed}
    return lines_by_report(found, finder, question.language)


def asks_one_rating(question: Question, parts: Sequence[Question]) -> bool:
    """Say whether a question is about ratings in all its parts, and not about another one in each."""
    is_of_ratings = bool(question.quoted) or _OF_RATINGS.search(simplify(question.text)) is not None
    if not is_of_ratings or len(_asked(question)) > 1:
        return False
    return all(_ASKS.search(simplify(part.text)) for part in parts)


def _asked(question: Question) -> frozenset[int]:
    text = simplify(question.text)
    # "What does the A in Outperform-A stand for?" asks for the letter only.
    if letter := _LETTER.search(text):
        text = f"{next(filter(None, letter.groups()))} 级"
    return frozenset(n for n, words in enumerate(_RATINGS) if words.search(text))


def _lines(
    question: Question, finder: Finder, doc_id: str, asked: frozenset[int]
) -> list[Evidence]:
    """Return the lines of a report that answer: definitions of what is asked, with their basis."""
    text = simplify(without_issuers(question.text, finder.issuers))
    is_sector = _SECTOR.search(text) is not None and not _STOCK.search(text)
    is_stock = _STOCK.search(text) is not None and not _SECTOR.search(text)
    fit = [
        found
        for found in _definitions(question, finder, doc_id)
        if (not asked or asked & found.ratings)
        and not (is_sector and found.of_sector is False)
        and not (is_stock and found.of_sector is True)
    ]
    if not asked:
        # Horizon and benchmark are the same for all ratings, and told once.
        fit = fit[:1]
        if fit and fit[0].basis is not None and not (is_sector or is_stock):
            return [fit[0].basis]
    lines: list[Evidence] = []
    for found in fit[:_MOST_LINES]:
        said = found.evidence.text
        lacks = (_WHEN.search(text) and not _MONTHS.search(said)) or (
            _AGAINST.search(text) and not _INDEX.search(said)
        )
        basis = [found.basis] if lacks and found.basis is not None else []
        lines += [line for line in (*basis, *unnumbered([found.evidence])) if line not in lines]
    return lines


def _definitions(question: Question, finder: Finder, doc_id: str) -> Iterator[_Definition]:
    reader = reader_of(finder.index, doc_id, question.language)
    above: list[Evidence | str] = []  # lines, and headings as they stand in the document
    for block in reader.document.blocks:
        if block.table is not None:
            continue
        if block.role is not Role.BOILERPLATE:
            above = []
            continue
        lines = block_evidence(reader, block)
        for line in lines:
            match = _DEFINES.match(line.quote.strip())
            said = frozenset(
                n for n, words in enumerate(_RATINGS) if match and words.search(match[0])
            )
            if said:
                yield _Definition(said, line, _basis(above), _level(line, above))
            else:
                above = [*above, line][-_ABOVE:]
        if not lines:
            above = [*above, reader.document.block_text(block)][-_ABOVE:]


def _basis(above: Sequence[Evidence | str]) -> Evidence | None:
    """Return the nearest line above that gives a horizon and a benchmark."""
    lines = (line for line in reversed(above) if not isinstance(line, str))
    return next((e for e in lines if _MONTHS.search(e.text) and _INDEX.search(e.text)), None)


def _level(evidence: Evidence, above: Sequence[Evidence | str]) -> bool | None:
    """Say whether a definition is of sectors (True) or of stocks (False), by its words or those above."""
    for line in (evidence, *reversed(above)):
        text = line if isinstance(line, str) else line.quote
        of_sector, of_stock = _SECTOR.search(text), _STOCK.search(text)
        if bool(of_sector) != bool(of_stock):
            return bool(of_sector)
    return None
