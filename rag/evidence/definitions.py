"""Sentences that define a term, looked up by the term: "unit case" means a unit of measurement equal to….

A search finds the many sentences that use a term more often than the one that says what it means. So the
sentences that define something are looked up by what they define.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from corpus.language import HAN
from corpus.schema import Block, Document
from corpus.units import block_units
from index.opened import OpenedIndex
from index.terms import analyze
from rag.evidence.definienda import wanted_terms
from rag.evidence.evidence import Evidence
from rag.evidence.gathering import block_evidence
from rag.evidence.items import Item
from rag.evidence.reader import reader_of
from rag.evidence.similarity import Similarity
from rag.kept import kept_with_index
from rag.questions.question import Question

_LEAST_KNOWN = 0.75  # of the weight of a term: with less, no document defines it
_MAX_FOUND = 12

_WORD = r"[A-Za-z0-9&/’'.-]+"
_TERM = rf"(?:{_WORD} ){{0,6}}?{_WORD}(?: ?\([A-Z&]{{2,8}}\))?"
_QUOTED = rf"[“\"‘](?P<quoted>{_TERM})[,.]?[”\"’]"
_NAMED = rf"(?:{_QUOTED}|(?P<term>{_TERM}))"
_AS_USED = (
    r"(?:(?:As used (?:in|herein)|For (?:the )?purposes of|In (?:this|these|our))[^,]{0,60}, )?"
)
_START = rf"^(?:[(\[*]?\d{{0,2}}[)\].*]?\s+)?{_AS_USED}(?:[Tt]he term |[Aa]n? |[Tt]he |[Oo]ur )?"
# What only a definition says after its term, and what may also say something else of it.
_MEANS = (
    r"means?\b|refers? to\b|(?:is|are)(?: \w+)? defined (?:as|to)\b|consists? (?:\w+ )?of\b|"
    r"(?:is|are) (?:calculated|computed|measured|determined)\b(?! (?:annually|quarterly|monthly))|equals\b|"
    r"(?:is|are) (?:an? )?(?:account|measure|metric|term|number|amount|sum|total|ratio)s?\b|represents?\b|"
    r"reflects?\b(?= the)|includes?\b|comprises?\b|(?:is|are) comprised of\b"
)
# Only the first definition that a sentence's own subject gets; any number within the sentence.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_START}{_NAMED},? (?:{_MEANS})",
        rf"{_START}{_NAMED}(?:: | [–—-] )(?=[A-Z]\w+ \w+ \w+)",
        rf"{_START}{_NAMED} \((?=[a-z]\w* (?:[^()]* ){{4}})",
        rf"\bdefines? (?:the term )?{_NAMED} (?:as|to (?:mean|be|include))\b",
        rf"(?:^|, (?:and )?|\band ){_NAMED},? (?:which (?:is|are) )?defined as\b",
        rf"\b(?:known as|referred to as|called|termed|so-called) (?:the |an? )?{_QUOTED}",
        rf"(?:^|[，。；])(?:\s*[（(]?\d{{0,2}}[）).、]?)\s*(?:本报告所称|其中，?|所谓的?)?[“\"「]?"
        rf"(?P<term>[{HAN}A-Za-z0-9（）()·-]{{2,24}}?)[”\"」]?(?:[（(][^（）()]*[)）])?，?"
        r"(?:通常|主要|一般|具体|均)?(?:是指|指的是|系指|指|被?定义为|是一[种类个款]|[=＝])",
        rf"(?:被?称(?:之)?为|叫做|称作|简称为?)[“\"「](?P<term>[{HAN}A-Za-z0-9·-]{{2,24}})[”\"」]",
    )
)
# "Core working capital. Accounts receivable plus inventories less…": an entry of a glossary.
_HEADWORD = re.compile(rf"{_QUOTED}[.:]?|(?P<term>[A-Z]{_TERM})[.:]")
_LONGEST_HEADWORD = 60  # characters
_WORDS_BEFORE = "it this that these those we our they such which there he she you please"
_PRONOUNS = frozenset(_WORDS_BEFORE.split())


@lru_cache(maxsize=1 << 14)
def defined_in(sentence: str) -> tuple[str, ...]:
    """Return the terms that a sentence defines, in the order of the forms that definitions have.

    >>> defined_in('As used in this report, "unit case" means a unit of measurement equal to 192 ounces.')
    ('unit case',)
    >>> defined_in("所谓“热点账户”，是指被集中访问的账户。")
    ('热点账户',)
    """
    text = " ".join(sentence.split())
    found = (
        next(filter(None, match.groups()))
        for pattern in _PATTERNS
        for match in pattern.finditer(text)
    )
    return tuple(
        dict.fromkeys(term for term in found if term.split()[0].casefold() not in _PRONOUNS)
    )


def headword(before: str) -> str:
    """Return the term that a sentence before another one consists of, "" where it says more.

    >>> headword("Core working capital."), headword("We believe so.")
    ('Core working capital', '')
    """
    text = " ".join(before.split())
    match = _HEADWORD.fullmatch(text) if len(text) <= _LONGEST_HEADWORD else None
    term = next(filter(None, match.groups())) if match else ""
    return "" if term.split(" ")[0].casefold() in _PRONOUNS else term


class Wanted:
    """The terms that a question wants defined, seen by those that the documents define."""

    def __init__(
        self,
        question: Question,
        defined: Iterable[str],
        weight: Callable[[str], float],
        similarity: Similarity,
    ) -> None:
        """Take the terms of the question of which the documents know enough."""
        terms = wanted_terms(question)
        defined = set(defined) if terms else set()
        items = (
            Item(
                replace(question, text=term, terms=tuple(analyze(term))),
                defined,
                weight,
                similarity,
            )
            for term in terms
        )
        self._items = [item for item in items if defined and item.share_known >= _LEAST_KNOWN]

    def __bool__(self) -> bool:
        """Say whether there is anything to be defined."""
        return bool(self._items)

    def defined_by(self, evidence: Evidence) -> bool:
        """Say whether a sentence defines what is wanted."""
        return (
            bool(self._items)
            and not evidence.is_cell
            and any(map(self.is_called, (*defined_in(evidence.quote), headword(evidence.lead))))
        )

    def is_called(self, term: str) -> bool:
        """Say whether a term is what is wanted, no less and no more."""
        return bool(term) and any(item.is_called(term) for item in self._items)


@kept_with_index(maxsize=64)
def _definitions(index: OpenedIndex, doc_id: str) -> tuple[tuple[str, int, int], ...]:
    """Return what a document defines: the term, the block, the sentence's first character.

    Raises:
        KeyError: No such document.
    """
    document = index.document(doc_id)
    return tuple(
        (term, block.ordinal, start)
        for block in document.blocks
        if block.table is None
        for term, start in _defined_in_block(document, block)
    )


def _defined_in_block(document: Document, block: Block) -> Iterator[tuple[str, int]]:
    before = ""
    for unit in block_units(document, block):
        text = document.text[unit.start : unit.end]
        for term in (*defined_in(text), headword(before)):
            if term:
                yield term, unit.start
        before = text


def definitions_called(
    question: Question,
    index: OpenedIndex,
    documents: Collection[str],
    weight: Callable[[str], float],
    similarity: Similarity,
) -> list[Evidence]:
    """Return the sentences that define what a question wants defined, in order.

    Args:
        question: The analysed question.
        index: Holds the documents.
        documents: Those that are looked into.
        weight: How much a term says, from 0 to 1.
        similarity: Gives what may stand for a term.
    """
    if not wanted_terms(question):
        return []
    known = [(doc_id, *one) for doc_id in sorted(documents) for one in _definitions(index, doc_id)]
    wanted = Wanted(question, (term for _, term, _, _ in known), weight, similarity)
    if not wanted:
        return []
    found = [(doc, block, start) for doc, term, block, start in known if wanted.is_called(term)]
    return [
        sentence
        for doc_id, block, start in dict.fromkeys(found[:_MAX_FOUND])
        for sentence in _sentence(index, doc_id, block, start, question)
    ]


def _sentence(
    index: OpenedIndex, doc_id: str, block: int, start: int, question: Question
) -> Iterator[Evidence]:
    reader = reader_of(index, doc_id, question.language)
    evidence = block_evidence(reader, reader.document.blocks[block])
    return (item for item in evidence if item.start == start)
