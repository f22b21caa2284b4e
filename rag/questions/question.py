"""What a question asks: its language, kind, terms, periods and the reports it is limited to.

Both languages go through one path; what differs between them is in the tables of this module, of
`rag.questions.kinds` and of `rag.questions.naming`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.glossary import names_in
from corpus.language import HAN, question_language
from corpus.quantities import Quantity, QuantityKind, parse_quantities
from corpus.schema import Language
from index.terms import analyze, simplify
from rag.questions.asking import only_asks
from rag.questions.heads import head_terms
from rag.questions.kinds import QuestionKind, kinds_of, unit_kinds_of
from rag.questions.naming import acronyms, aliases, name_terms, versions
from rag.questions.references import without_references


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question. `terms` are in analyzer form, without the words that only ask."""

    text: str  # as asked, completed from the conversation
    language: Language
    kind: QuestionKind  # the leading one
    kinds: tuple[QuestionKind, ...]  # all that is wanted, the leading one first
    terms: tuple[str, ...]  # each once, in order
    recalled: frozenset[str]  # those of the terms that only the conversation gives
    # Those of the terms that name something: evidence without one is of another.
    names: frozenset[str]
    aliases: Mapping[str, tuple[str, ...]]  # other names of what a term names, in both languages
    acronyms: Mapping[str, str]  # term → the capitals that may stand for several words
    versions: frozenset[str]  # names with a version, squashed: "pika1.0"
    heads: frozenset[
        str
    ]  # terms of what exactly is asked for; empty when the form does not show it
    # What stands in quotation marks, case-folded, and ratings with a capital: a Hold.
    quoted: tuple[str, ...]
    periods: tuple[Quantity, ...]  # dates and years asked about
    figures: tuple[Quantity, ...]  # other quantities in the question
    unit_kinds: frozenset[QuantityKind]  # kinds of quantity asked for; empty when any will do
    bigrams: frozenset[str]  # pairs of neighbouring Chinese characters, without the asking words
    documents: tuple[str, ...] | None  # doc_ids named by issuer, None when none is
    is_titled: bool = False  # whether it names the document it asks: the FY2022 10-K


_ASKING_WORDS = re.compile(
    r"什么|多少|意思|含义|定义|全称|解释|哪[些几个家位款种年]?|怎么样?|如何|为什么|为何|是否|有没有|请问?|几|吗|呢|是|的|了|有|在"
)
_ORDINAL = re.compile(
    r"第|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth", re.IGNORECASE
)
_OF_SORT = re.compile(r"第[一二三四五\d][类方者级]")  # 第三类, 第三方: of a sort, and no figure
# 737 MAX, 911 Turbo: a number that begins a name.
_BEGINS_NAME = re.compile(r"\d{2,4} (?!AI\b|[A-Z]{3}\b(?=\s*\d))[A-Z][A-Za-z]+")
# “A”, "Buy", 「看好」: a word as the report writes it. Titles in 《》 are names that have spellings.
_QUOTED = re.compile(r"[“\"「『‘](?P<quoted>[^“”\"「」『』‘’]{1,20})[”\"」』’]")
_HAN_POSSESSIVE = re.compile(rf"(?<=[{HAN}])['’]s\b")  # 四方科技's
_FORM = re.compile(
    r"(?<![\w-])(?:form )?(?:10-[KQ]|8-K|20-F|6-K|40-F)(?:/A)?(?![\w-])", re.IGNORECASE
)
_RATINGS = re.compile(
    r"(?<=[a-z,;:] )(?:Buy|Hold|Sell|Overweight|Underweight|Outperform|Underperform|Neutral|Accumulate|Add|Reduce|"
    r"Positive|Negative|Equal[- ]weight)\b"
)
_MAY = re.compile(r"May (?!\d|of\b|in\b)")  # "May the report be …"
_GLOSS = re.compile(rf"(?<=[{HAN}])\s*[(（][A-Za-z][A-Za-z .·-]*[)）]")
_FROM = re.compile(r"(?:[从由自]|\b(?:between|from) )$", re.IGNORECASE)
_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")

_ELLIPSIS = re.compile(
    r"^(?:那么?|那|它|其|他们?|这个?|该|再|还有|以及|然后|呢)|呢[?？]?$|^(?:and|what about|how about|"
    r"then|also|but)\b|\b(?:it|its|they|their|that|those|this one|the same|he|she)\b|^(?:它|其|该)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"什么|多少|谁|哪|几|吗|如何|怎|为何|是否|\b(?:what|which|who|whose|when|where|why|how|is|are|was|were|"
    r"do|does|did|has|have|can)\b",
    re.IGNORECASE,
)
# A question this short names at most one thing, so the rest is in the conversation.
_SHORT_TERMS = 3


def parse_question(
    text: str,
    *,
    history: Sequence[str] = (),
    language: Language | None = None,
    issuers: Mapping[str, Sequence[str]] | None = None,
    is_titled: bool = False,
) -> Question:
    """Analyse a question.

    Args:
        text: As the user asked it.
        history: The user's earlier questions, oldest first; completes ellipsis and pronouns.
        language: Overrules the language of the question.
        issuers: Names by which a question may limit itself to documents → their doc_ids.
        is_titled: Whether it names a document by what it is called.
    """
    asked_before = history[-1] if history and leaves_out(text) else ""
    completed = f"{text}（{asked_before}）" if asked_before else text
    # The patterns below know simplified characters and plain digits only.
    own, previous, whole = map(_readable, (text, asked_before, completed))
    documents, rest = _limit(whole, issuers or {})
    own_rest = _limit(own, issuers or {})[1]
    if documents:
        rest, own_rest = without_references(rest), without_references(own_rest)
    periods, figures = _asked_quantities(own_rest if documents else own)
    if previous and not periods:
        periods, _ = _asked_quantities(previous)
    # 高级版（Pro): what is glossed is named already, in the words of the report or in these.
    asked = _GLOSS.sub(" ", own_rest)
    kinds = kinds_of(own)
    if previous and kinds[0] is QuestionKind.OTHER:
        kinds = kinds_of(previous)
    if len(documents or ()) > 1 and kinds[0] is not QuestionKind.SUMMARY:
        kinds = (QuestionKind.CROSS_REPORT,)
    terms = _content_terms(rest)
    return Question(
        text=completed,
        language=language or question_language(own),
        kind=kinds[0],
        kinds=kinds,
        terms=terms,
        recalled=frozenset(terms) - frozenset(_content_terms(own_rest)),
        names=(name_terms(asked) or name_terms(rest)) & frozenset(terms),
        aliases=aliases(rest),
        acronyms={term: word for word in acronyms(own_rest) for term in analyze(word)},
        versions=versions(own_rest),
        heads=head_terms(own_rest),
        quoted=(
            *(match["quoted"].strip().casefold() for match in _QUOTED.finditer(own_rest)),
            *(match[0] for match in _RATINGS.finditer(_QUOTED.sub(" ", own_rest))),
        ),
        periods=periods,
        figures=figures,
        unit_kinds=unit_kinds_of(whole) if QuestionKind.NUMBER in kinds else frozenset(),
        bigrams=han_bigrams(_ASKING_WORDS.sub(" ", own_rest)),
        documents=documents,
        is_titled=is_titled,
    )


def _readable(text: str) -> str:
    """Return a text without what only says in which form something is filed: 10-K is no figure."""
    return _FORM.sub(" ", _HAN_POSSESSIVE.sub(" ", simplify(text)))


def _asked_quantities(text: str) -> tuple[tuple[Quantity, ...], tuple[Quantity, ...]]:
    """Return the periods and the figures of a question.

    A figure in words is mostly no figure (一年, 一次, two kinds of) unless it is an ordinal; nor is
    the version of a name.
    """
    quantities = parse_quantities(text)
    named = versions(text)
    codes = tuple(name for name in names_in(text) if name.isdigit())
    dates = [
        q
        for q in quantities
        if q.kind is QuantityKind.DATE and not (q.start == 0 and _MAY.match(text))
    ]
    periods = tuple(end for date in dates for end in _ends(date, text))
    figures = tuple(
        q
        for q in quantities
        if q.kind is not QuantityKind.DATE
        and (
            any(c.isdigit() for c in text[q.start : q.end]) or _ORDINAL.match(text[q.start : q.end])
        )
        and not any(name.endswith(text[q.start : q.end].strip()) for name in named)
        and not _BEGINS_NAME.match(text, q.start)
        and not text.startswith(codes, q.start)
        and not _OF_SORT.match(text, q.start)
    )
    return periods, figures


def _ends(date: Quantity, text: str) -> tuple[Quantity, ...]:
    """Return a period; of "从2023年到2030年", a change between two dates, both of them as well."""
    if date.date is None or date.date_end is None or not _FROM.search(text[: date.start]):
        return (date,)
    first = replace(date, high=date.low, date_end=None)
    last = replace(date, low=date.high, date=date.date_end, date_end=None)
    return (date, first, last)


def leaves_out(text: str) -> bool:
    """Say whether a question leaves out what it is about: by a pronoun, or as a mere fragment.

    >>> leaves_out("那2020年呢？"), leaves_out("And the Pro plan?"), leaves_out("法国的GDP是多少？")
    (True, True, False)
    >>> leaves_out("Does Pika or Gen-2 make longer clips, and how long are they?")
    False
    """
    text = simplify(text)
    if match := _ELLIPSIS.search(text):
        # An English pronoun behind a name of the same question means that: "Pika or Gen-2, and how long are they?"
        is_inside = match.start() > 0 and match[0].isascii()
        return not (is_inside and name_terms(text[: match.start()]))
    is_short = len([term for term in analyze(text) if not only_asks(term)]) < _SHORT_TERMS
    return is_short and not _ASKS.search(text)


@lru_cache(maxsize=1 << 14)
def han_bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese characters of a text.

    >>> sorted(han_bigrams("领先大市 AI"))
    ['先大', '大市', '领先']
    """
    return frozenset(
        run[start : start + 2] for run in _HAN_RUN.findall(text) for start in range(len(run) - 1)
    )


def _content_terms(text: str) -> tuple[str, ...]:
    """Return the terms that say what is asked about, each once, in order.

    A joined form ("on-device" → "ondevic") says nothing that its parts do not.
    """
    kept: list[str] = []
    for term in analyze(text):
        size = next((n for n in (2, 3, 4) if "".join(kept[-n:]) == term and len(kept) >= n), 0)
        if not size:
            kept.append(term)
        elif all(len(part) == 1 for part in kept[-size:]):
            # "A9", "W.A.L.T": the parts say nothing without each other.
            kept[-size:] = [term]
    return tuple(term for term in dict.fromkeys(kept) if not only_asks(term))


def _limit(text: str, issuers: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...] | None, str]:
    """Return the documents of the issuers that a question names, and the question without them."""
    documents: set[str] = set()
    rest = text
    for name in sorted(issuers, key=len, reverse=True):
        pattern = re.compile(
            rf"(?<![A-Za-z0-9]){re.escape(name)}(?:['’]s)?(?![A-Za-z0-9])"
            if name.isascii()
            else re.escape(name),
            re.IGNORECASE,
        )
        if pattern.search(rest):
            documents |= set(issuers[name])
            rest = pattern.sub(" ", rest)
    return (tuple(sorted(documents)) if documents else None), rest
