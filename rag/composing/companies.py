"""Which companies a report recommends or names: every one, as its own sentences list them.

Recommendations stand in several places of a report, a few names in each. They are collected by the
words that recommend and by tickers; of two sentences that list the same names the fuller is kept.
What several reports have in common is compared by all names of a company.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from corpus.glossary import names_in, names_of
from corpus.language import HAN
from corpus.schema import BlockKind, Role
from index.opened import OpenedIndex
from index.terms import analyze
from rag.composing.dating import date_of
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.reports import MAX_REPORTS, said_by_report
from rag.composing.trim import cut_evidence, length_share
from rag.evidence.evidence import Evidence
from rag.evidence.finding import Finder
from rag.evidence.gathering import block_evidence
from rag.evidence.reader import reader_of
from rag.questions.issuers import without_issuers
from rag.questions.question import Question, parse_question

_COMPANIES = (
    r"公司|标的|个股|股票|企业|龙头|\b(?:companies|stocks?|names|picks|tickers?|firms|shares)\b"
)
_RECOMMENDS = (
    r"推荐|建议(?:重点|持续|积极)?关注|看好|首推|首选|受益标的|相关标的|重点关注|维持.{0,6}(?:买入|增持)|"
    r"\b(?:recommend\w*|suggest(?:s|ed)? (?:watching|paying attention)|top (?:picks?|recommendations?)|"
    r"positive on|"
    r"liked?|favou?r(?:s|ed)?|watch(?:ing)?|pick(?:s|ed)?)\b"
)
_NAMES = (
    r"提到|提及|列出|列了|点名|涉及|覆盖|关注|"
    r"\b(?:name[sd]?|mention(?:s|ed)?|list(?:s|ed)?|cover(?:s|ed)?|flag(?:s|ged)?)\b"
)
_ASKS = re.compile(
    rf"(?:(?:{_RECOMMENDS}|{_NAMES})[^。？?]*?(?:{_COMPANIES}|谁)|"
    rf"(?:{_COMPANIES})[^。？?]*?(?:{_RECOMMENDS}|{_NAMES})|金股|首选股|\b(?:top|stock) (?:picks?|"
    rf"recommendations?)\b)",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"凭什么|为什么|为何|理由|原因|怎么看|\b(?:why|reasons?|what does|what do|how do)\b",
    re.IGNORECASE,
)
_COMMON = re.compile(
    r"共同|同时|都|均|\bboth\b|\bin common\b|\ball (?:of them|reports|brokers)\b", re.IGNORECASE
)
_SAYS = re.compile(_RECOMMENDS, re.IGNORECASE)
_TICKER = re.compile(
    r"[（(]\s*(?:[A-Z]{0,4}[:：]?\s?)?\d{4,6}(?:\.[A-Z]{2})?|[（(](?:NYSE|NASDAQ|HKEX)[:：]",
    re.IGNORECASE,
)
_LISTED = re.compile(
    rf"(?P<name>[{HAN}A-Za-z][{HAN}A-Za-z0-9·&. -]{{1,30}}?)\s*[（(]\s*(?P<code>\d{{4,6}}(?:\.[A-Z]{{2}})?)"
)
# Words of such a question that name no topic within the report.
_FRAME = re.compile(
    rf"{_WHY.pattern}|{_COMPANIES}|{_RECOMMENDS}|{_NAMES}|各家|各自|哪些|哪几家|什么|上市|有谁|谁|里面?|"
    rf"报告|研报|的|了|都|均|共同|同时|被|"
    r"\b(?:which|what|who|are|is|does|do|the|report|note|listed|all|both|by|in|of|and|list|to|its|it|give|"
    r"me|for|us|each|point|cite|name)\b|[?？。.,，、]",
    re.IGNORECASE,
)
_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_MAX_SHARE = 2.0
_MIN_TICKERS = 2


@dataclass(frozen=True, slots=True)
class _Listing:
    """A sentence that lists companies."""

    evidence: Evidence
    names: tuple[tuple[frozenset[str], str], ...]  # all names of each company, and as printed

    @property
    def keys(self) -> frozenset[frozenset[str]]:
        return frozenset(key for key, _ in self.names)


def answer_companies(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return the companies that reports recommend or name; None for other questions, or without.

    Of a question with a topic within the report ("which companies benefit from X?") the sentences
    that speak of it are found by the search, not here.
    """
    is_asked = _ASKS.search(question.text) or (
        _WHY.search(question.text) and _SAYS.search(question.text)
    )
    if not is_asked or not question.documents:
        return None
    rest = _FRAME.sub(" ", without_issuers(question.text, finder.issuers))
    topic = frozenset(parse_question(rest, language=question.language).terms)
    named = names_in(rest)
    if topic - frozenset().union(*(analyze(name) for name in named)):
        return None
    index = finder.index
    order = sorted(documents or (), key=lambda d: (date_of(index, d), d), reverse=True)
    found = {d: list(_listings(index, d, question)) for d in order[:MAX_REPORTS]}
    found = {doc_id: _fullest(listings) for doc_id, listings in found.items() if listings}
    if not found:
        return None
    if named:
        return _on_company(named[0], found, finder, question)
    if len(question.documents) > 1 and _COMMON.search(question.text):
        return _in_common(found) if len(found) == len(order) else None
    statements = [
        said_by_report(part, index, question.language)
        if len(order) > 1
        else Statement(part.text, part)
        for listings in found.values()
        for part in _parts(listings)
    ]
    return Composed.of(Draft(tuple(statements)))


def _listings(index: OpenedIndex, doc_id: str, question: Question) -> Iterator[_Listing]:
    """Yield the sentences of a report that recommend companies, or that list them with tickers."""
    reader = reader_of(index, doc_id, question.language)
    for block in reader.document.blocks:
        if block.role is not Role.CONTENT or block.kind not in _TEXT:
            continue
        for evidence in block_evidence(reader, block):
            recommends = _SAYS.search(evidence.text) or _SAYS.search(evidence.quote)
            listed = len(_TICKER.findall(evidence.quote)) >= _MIN_TICKERS
            if (recommends or listed) and (names := _names(evidence.text)):
                yield _Listing(evidence, names)


def _names(text: str) -> tuple[tuple[frozenset[str], str], ...]:
    """Return the companies of a text in order: those of the glossary, and those with a ticker."""
    found: dict[frozenset[str], tuple[int, str]] = {}
    folded = text.casefold()
    for name in names_in(text):
        start = folded.find(name)
        key = frozenset(other.casefold() for other in (name, *names_of(name)))
        if start >= 0 and (key not in found or start < found[key][0]):
            found[key] = (start, text[start : start + len(name)])
    for match in _LISTED.finditer(text):
        codes = {match["code"].casefold(), match["code"].split(".")[0].casefold()}
        if not any(codes & key or match["name"].strip().casefold() in key for key in found):
            name = re.split(r"[、，,：:和及]|\band\b", match["name"])[-1]
            name = _SAYS.split(name)[-1].strip()
            found[frozenset({name.casefold(), *codes})] = (match.start(), name)
    return tuple((key, name) for key, (_, name) in sorted(found.items(), key=lambda item: item[1]))


def _fullest(listings: Sequence[_Listing]) -> list[_Listing]:
    """Return the listings that name somebody whom no fuller one names, in order."""
    kept: list[_Listing] = []
    # Of two with the same names the one with their tickers.
    for listing in sorted(listings, key=lambda i: (-len(i.names), -i.evidence.quote.count("("))):
        if not listing.keys <= frozenset().union(*(other.keys for other in kept)):
            kept.append(listing)
    return sorted(kept, key=lambda item: item.evidence.start)


def _parts(listings: Sequence[_Listing]) -> list[Evidence]:
    """Return what is quoted: whole sentences if they fit, else from what recommends to the last name."""
    whole = [listing.evidence for listing in listings]
    if sum(length_share(evidence.text) for evidence in whole) <= _MAX_SHARE:
        return whole
    return [_cut(listing) for listing in listings]


def _cut(listing: _Listing) -> Evidence:
    text = listing.evidence.text
    said = _SAYS.search(text)
    first = text.find(listing.names[0][1])
    start = said.start() if said and said.start() < first else first
    last = max(text.find(name) + len(name) for _, name in listing.names)
    # What stands in brackets behind the last name belongs to it.
    behind = re.match(r"\s*[（(][^（()）]*[)）]", text[last:])
    return cut_evidence(listing.evidence, max(0, start), last + (behind.end() if behind else 0))


def _on_company(
    name: str, found: dict[str, list[_Listing]], finder: Finder, question: Question
) -> Composed | None:
    """Return what each report says where it recommends one company: its name and what is behind it."""
    key = frozenset(other.casefold() for other in (name, *names_of(name)))
    statements = []
    for listings in found.values():
        for listing in listings:
            printed = next((said for other, said in listing.names if key & other), "")
            if printed:
                evidence = _about(listing, printed)
                statements.append(said_by_report(evidence, finder.index, question.language))
                break
    return Composed.of(Draft(tuple(statements))) if statements else None


def _about(listing: _Listing, printed: str) -> Evidence:
    """Return a sentence cut to a company and the brackets behind it, whole where there are none."""
    text = listing.evidence.text
    start = text.find(printed)
    behind = re.match(r"\s*[（(][^（()）]{3,}[)）]", text[start + len(printed) :])
    if behind is None or _TICKER.match(behind[0].strip()):
        return listing.evidence
    return cut_evidence(listing.evidence, start, start + len(printed) + behind.end())


def _in_common(found: dict[str, list[_Listing]]) -> Composed | None:
    """Return the companies that every report names, each with a sentence of each report."""
    first, *others = found.values()
    statements: list[Statement] = []
    for listing in first:
        for key, name in listing.names:
            places = [_place(listings, key) for listings in others]
            if name not in {s.text for s in statements} and all(places):
                also = tuple(place for place in places if place is not None)
                statements.append(Statement(name, listing.evidence, also))
    return Composed.of(Draft(tuple(statements))) if statements else None


def _place(listings: Sequence[_Listing], key: frozenset[str]) -> Evidence | None:
    """Return the sentence that names a company under any of its names."""
    return next(
        (item.evidence for item in listings if any(key & other for other in item.keys)), None
    )
