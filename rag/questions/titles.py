"""Which document a question means by what it is called: the FLEX white paper, 《视频生成模型再迎突破》, a 10-Q.

What a document is called need not stand in its sentences, so that it is taken out of the question, and only that
document is read. Reports that are told by their house are settled in `rag.questions.issuers`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.glossary import names_of
from corpus.language import question_language
from corpus.schema import Language
from index.opened import OpenedIndex
from index.schema import ShelfEntry
from index.terms import analyze
from rag.questions.issuers import is_house, without_issuers
from rag.questions.question import leaves_out
from rag.questions.title_words import (
    Token,
    names_company,
    run_of,
    same_sort,
    tells,
    tokens_of,
)

# What a document may be. Of the first, every house writes many, so that the words before them must name one.
_ANY_SORT = r"report|paper|article|document|file|note|报告|研报|文章|文件|文档|材料|快报|点评"
_SORT = re.compile(
    r"(?<![A-Za-z0-9])(?P<en>white ?paper|annual report|quarterly report|interim report|10-[QK]|20-F|8-K|"
    r"prospectus|filing|(?:earnings|press|results|news) release|proposed rules?|proposed AD|"
    r"(?:proposed )?(?:airworthiness )?directive|final rule|"
    r"rulemaking|proposal|notice|letter|memo|brochure|handbook|manual|guide|"
    rf"audit report|audit|thesis|study|{_ANY_SORT})(?![A-Za-z0-9])|"
    r"(?P<zh>白皮书|蓝皮书|年度报告|半年度报告|季度报告|年报|半年报|季报|招股书|招股说明书|论文|研究报告|审计报告|(?:财报)?新闻稿|业绩公告|公告|提案|拟议规则|(?:拟议)?适航指令|指令|通报|说明书|"
    r"手册|指南|报告|研报|文章|文件|文档|材料|快报|点评)",
    re.IGNORECASE,
)
# What a house writes is no paper, letter or annual report.
_OF_HOUSES = re.compile(
    r"report|note|file|document|报告|研报|研究报告|快报|点评|文件|文档", re.IGNORECASE
)
_GENERIC = re.compile(rf"(?:{_ANY_SORT})", re.IGNORECASE)
_IS_OF = r"\b{0} (?:edition|version|original|text)\b|\b{0}\b(?=[^,.?]{{0,40}}$)"
_EDITIONS = (
    (Language.ZH, re.compile(f"中文|{_IS_OF.format('Chinese')}", re.IGNORECASE)),
    (Language.EN, re.compile(f"英文|{_IS_OF.format('English')}", re.IGNORECASE)),
)
_EDITION_BEHIND = re.compile(
    r"\s*(?:的?[中英]文版?(?:本)?|[(（][^()（）]{0,30}(?:edition|version|版)[)）]|"
    r"(?:Chinese|English) (?:edition|version))",
    re.IGNORECASE,
)
_ASIDE_BEHIND = re.compile(r"\s*[(（][^()（）]{1,60}[)）]")
# "In Tongdun's | FLEX white paper", "the English | FISCO white paper".
_ARTICLE = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:the|an?|this|that|its) )?(?:(?!(?:In|On|From|Per|Under|By|Of|At|Does|Is|Did|Do|Are) )"
    r"[A-Z][\w&-]*(?:['’]s)? )?$"
)
_DATA_BEHIND = re.compile(r"^的?(?:数据|资料|信息)(?=[，,中里上可来显])")  # 年报数据中
_GOES_ON = re.compile(r" (?:on|about|of|for)(?= )")
_NAMELESS = frozenset(analyze("AI report reports paper papers 报告 研报 深度 行业 form"))
_MOST_BESIDE = 14  # tokens that a document is called by
_MOST_OPENED = 12  # documents whose first page is looked at
_FIRST_PAGE = 3000  # characters
# Words of the first page that tell a document whose title says only of what sort it is.
_LEAST_ON_PAGE = 2


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a question names a document, and which it may be."""

    start: int
    end: int
    sort: tuple[int, int]  # where the word for the sort of document stands
    documents: tuple[str, ...]
    is_company: bool  # the company's own report: its name is asked for as well


@dataclass(frozen=True)
class Titles:
    """What the documents of an index are called. Safe to share between threads."""

    index: OpenedIndex
    issuers: Mapping[str, Sequence[str]]

    def named(self, question: str, history: Sequence[str]) -> tuple[str, tuple[str, ...] | None]:
        """Return what `limit` does; where a question goes on, the documents of the one before as well.

        Nothing where a house is named: its reports are told apart by other means.
        """
        if without_issuers(question, self.issuers) != question:
            return question, None
        asked, documents = self.limit(question)
        if documents is None and history and leaves_out(question):
            documents = self.limit(history[-1])[1]
        return asked, documents

    def limit(self, text: str) -> tuple[str, tuple[str, ...] | None]:
        """Return a question without the name of the document that it means, and that document.

        Several documents where they are called the same; None, and the text as it is, where none is named. Of a
        company's own report only the sort is taken out, as its name says whose figures are asked for.
        """
        refs = [(sort, self._reference(text, sort)) for sort in _SORT.finditer(text)]
        named = [(sort[0], ref) for sort, ref in refs if ref is not None]
        # "In the segment note of the 10-Q": what any sort may be is a part of what one is.
        found = [ref for sort, ref in named if not _GENERIC.fullmatch(sort)]
        found = found or [ref for _, ref in named]
        if not found:
            return text, None
        documents = tuple(sorted({doc_id for ref in found for doc_id in ref.documents}))
        if len(found) > 1:
            return text, documents
        ref = found[0]
        if ref.is_company:
            return f"{text[: ref.sort[0]]}{_DATA_BEHIND.sub('', text[ref.sort[1] :])}", documents
        is_english = question_language(text) is Language.EN
        return (
            f"{text[: ref.start]}{'the report' if is_english else '报告'}{text[ref.end :]}",
            documents,
        )

    def _reference(self, text: str, sort: re.Match[str]) -> Reference | None:
        """Return the reference around a word for a sort of document, None where it names none."""
        before = list(tokens_of(text, 0, sort.start()))[-_MOST_BESIDE:]
        end = _end_of(text, sort.end())
        aside = list(tokens_of(text, sort.end(), end))
        behind = (
            list(tokens_of(text, end, len(text)))[:_MOST_BESIDE]
            if _GOES_ON.match(text, end)
            else []
        )
        found = {
            doc_id: said
            for doc_id in self._candidates([*before, *aside, *behind], sort[0])
            if (said := self._said(doc_id, before, aside, behind)) is not None
        }
        companies = self._filers(text)
        if companies:
            # The release of another company has the same words: "first-quarter 2023 earnings release".
            found = {
                d: said for d, said in found.items() if not self._entries[d].names or d in companies
            }
        if not found:
            return self._filing(companies, sort)
        most = max(said.words for said in found.values())
        nearest = [doc_id for doc_id, said in found.items() if said.words == most]
        if any(self._entries[doc_id].names for doc_id in nearest):
            # Of a company's filings: of this form, of this day.
            terms = set(analyze(sort[0]))
            nearest = [doc_id for doc_id in nearest if terms <= self._called[doc_id]] or nearest
            days = max(found[doc_id].dates for doc_id in nearest)
            nearest = [doc_id for doc_id in nearest if found[doc_id].dates == days]
        start = min([sort.start(), *(found[d].start for d in nearest if found[d].start >= 0)])
        if article := _ARTICLE.search(text, 0, start):
            start = article.start()
        end = max([end, *(found[d].end for d in nearest)])
        nearest = self._of_edition(nearest, text[start:end]) if len(nearest) > 1 else nearest
        is_company = any(self._entries[doc_id].names for doc_id in nearest)
        return Reference(start, end, sort.span(), tuple(sorted(nearest)), is_company)

    def _filers(self, text: str) -> frozenset[str]:
        """Return the filings of the companies that a question names."""
        return frozenset(
            doc_id
            for doc_id, entry in self._entries.items()
            if any(names_company(name, text) for name in entry.names)
        )

    def _filing(self, companies: Collection[str], sort: re.Match[str]) -> Reference | None:
        """Return those of the filings of the companies named that have the form named, None without."""
        if _GENERIC.fullmatch(sort[0]):
            return None
        forms = [set(analyze(name)) for name in same_sort(sort[0])]
        found = sorted(
            doc_id for doc_id in companies if any(terms <= self._called[doc_id] for terms in forms)
        )
        return Reference(*sort.span(), sort.span(), tuple(found), True) if found else None

    def _candidates(self, beside: Sequence[Token], sort: str) -> list[str]:
        """Return the documents that have a word of theirs beside a sort, or are called by it."""
        terms = {t for token in beside for t in token.terms if tells(t)} - _NAMELESS
        if not _GENERIC.fullmatch(sort):
            terms |= set(analyze(sort))
        found: set[str] = set()
        # The words that fewest documents are called by tell most.
        for doc_ids in sorted((self._by_term.get(term, ()) for term in terms), key=len):
            if len(found.union(doc_ids)) > _MOST_OPENED:
                break
            found |= set(doc_ids)
        if not _OF_HOUSES.fullmatch(sort):
            found = {doc_id for doc_id in found if not is_house(self._entries[doc_id].issuer)}
        return sorted(found)

    def _said(
        self,
        doc_id: str,
        before: Sequence[Token],
        aside: Sequence[Token],
        behind: Sequence[Token],
    ) -> "_Said | None":
        """Return what calls a document so on both sides of a sort; None where too little does."""
        own = self._called[doc_id] - _NAMELESS
        known = self._called[doc_id] | self._first_page(doc_id)
        dates = _dates_of(self._entries[doc_id])
        left = run_of(reversed(before), known, dates)
        right = run_of(behind, known, dates)
        inside = [token for token in aside if set(token.terms) & known]
        words = {term for token in (*left, *right, *inside) for term in token.terms if tells(term)}
        if not (words & own or len(words) >= _LEAST_ON_PAGE):
            return None
        start = left[-1].start if left else -1
        days = {token.text.casefold() for token in (*left, *right) if not token.terms}
        return _Said(len(words), len(days), start, right[-1].end if right else -1)

    def _of_edition(self, documents: Sequence[str], text: str) -> list[str]:
        for language, words in _EDITIONS:
            fit = [d for d in documents if self._entries[d].language is language]
            if fit and words.search(text):
                return fit
        return list(documents)

    @cached_property
    def _entries(self) -> Mapping[str, ShelfEntry]:
        return {entry.doc_id: entry for entry in self.index.shelf}

    @cached_property
    def _called(self) -> Mapping[str, frozenset[str]]:
        """Return the terms that each document is called by: title, file, issuer, names of its company."""
        return {
            entry.doc_id: frozenset(
                analyze(
                    " ".join(
                        (
                            entry.title,
                            re.sub(r"[_.-]", " ", entry.file_name),
                            entry.issuer,
                            *names_of(entry.issuer),
                            *entry.names,
                            *(other for name in entry.names for other in names_of(name)),
                            self._title_in_edition(entry),
                        )
                    )
                )
            )
            for entry in self.index.shelf
        }

    def _title_in_edition(self, entry: ShelfEntry) -> str:
        """Return the title in the other language, "" where the document has no edition."""
        if not entry.num_renderings:
            return ""
        text = self.index.document(entry.doc_id).text
        units = self.index.renderings(entry.doc_id)
        return next(
            (u.text for u in units if text[u.start : u.end].strip("# \n") == entry.title), ""
        )

    @cached_property
    def _by_term(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for doc_id, terms in self._called.items():
            for term in terms:
                found.setdefault(term, []).append(doc_id)
        return {term: tuple(doc_ids) for term, doc_ids in found.items()}

    @cached_property
    def _pages(self) -> dict[str, frozenset[str]]:
        return {}  # of the documents that were looked at; another thread can only put the same there

    def _first_page(self, doc_id: str) -> frozenset[str]:
        if doc_id not in self._pages:
            text = self.index.document(doc_id).text[:_FIRST_PAGE]
            self._pages[doc_id] = frozenset(analyze(text))
        return self._pages[doc_id]


@dataclass(frozen=True, slots=True)
class _Said:
    """How many words and parts of dates call a document so, and from where to where; -1 for nowhere."""

    words: int
    dates: int
    start: int
    end: int


def _end_of(text: str, end: int) -> int:
    """Return where what belongs to a sort of document ends: an edition, an aside in brackets."""
    for pattern in (_EDITION_BEHIND, _ASIDE_BEHIND):
        if match := pattern.match(text, end):
            end = match.end()
    return end


def _dates_of(entry: ShelfEntry) -> frozenset[str]:
    """Return the numbers that a document may be dated by: of its date, and in its title."""
    numbers = re.findall(r"\d+", f"{entry.date} {entry.title}")
    return frozenset([*numbers, *(number.lstrip("0") for number in numbers)])
