"""By which names a question may limit itself to the reports of an issuer."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from corpus.glossary import names_of
from corpus.language import HAN
from corpus.schema import Language
from index.opened import OpenedIndex
from rag.questions.people import analyst_names

# What an issuer's name is shortened by: 东吴证券 → 东吴, Soochow Securities → Soochow.
_SUFFIXES = ("证券", "国际证券", " Securities", " International Securities", " Research")
# Without these it is still the house, so that its other names count: 浦银国际证券 → 浦银国际 = SPDBI.
_HOUSE_SUFFIXES = ("证券", " Securities")


# Who writes about others. A company writes about itself: a question that names it wants to hear
# what anybody says of it, and is not limited to its own filings.
_HOUSE = re.compile(
    r"证券|研究|期货|基金|资产管理|银行国际|国际金融|\b(?:Securities|Research|Capital|Brokers?|Investments?)\b",
    re.IGNORECASE,
)
# Who regulates houses is none.
_OF_STATE = re.compile(
    r"\bSecurities and Exchange Commission\b|证监会|证券交易所|\bStock Exchange\b", re.IGNORECASE
)


def issuer_names(index: OpenedIndex) -> Mapping[str, Sequence[str]]:
    """Return every name of every house and analyst on the shelf, with the ids of their documents, sorted."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for entry in index.shelf:
        for forms in analyst_names(index, index.document(entry.doc_id)).values():
            for name in forms:
                names[name].add(entry.doc_id)
        if not is_house(entry.issuer):
            continue
        for name in _all_names(entry.issuer):
            for short in {name, *(name.removesuffix(suffix) for suffix in _SUFFIXES)}:
                if len(short) >= 2:
                    names[short].add(entry.doc_id)
    return {name: tuple(sorted(doc_ids)) for name, doc_ids in names.items()}


def is_house(issuer: str) -> bool:
    """Say whether an issuer writes about others: a broker, a bank's research."""
    if _OF_STATE.search(issuer):
        return False
    return any(_HOUSE.search(name) for name in (issuer, *names_of(issuer)))


def _all_names(issuer: str) -> set[str]:
    names = {issuer, *names_of(issuer)}
    for name in tuple(names):
        for suffix in _HOUSE_SUFFIXES:
            if name.endswith(suffix):
                names.update(names_of(name.removesuffix(suffix)))
    return names


def common(one: Collection[str] | None, other: Collection[str] | None) -> Collection[str] | None:
    """Return the documents that two limits both allow; None is no limit."""
    if one is None or other is None:
        return one if other is None else other
    return set(one) & set(other)


def issuer_in(index: OpenedIndex, doc_id: str, language: Language) -> str:
    """Return whose report a document is, in a language where the glossary knows the name in it.

    The title where the report names no issuer.
    """
    metadata = index.document(doc_id).metadata
    name = metadata.issuer or metadata.title
    is_han = re.search(f"[{HAN}]", name) is not None
    if is_han == (language is Language.ZH):
        return name
    others = (
        other
        for other in names_of(name)
        if (re.search(f"[{HAN}]", other) is not None) != is_han and not other.isupper()
    )
    # The fullest name: "Soochow Securities", not "Soochow".
    return max(others, key=len, default=name)


def without_issuers(text: str, issuers: Mapping[str, Sequence[str]]) -> str:
    """Return a text without the names by which it limits itself to reports."""
    for name in sorted(issuers, key=len, reverse=True):
        text = _pattern(name).sub(" ", text)
    return text


def _pattern(name: str) -> re.Pattern[str]:
    around = ("(?<![A-Za-z0-9])", "(?:['’]s)?(?![A-Za-z0-9])") if name.isascii() else ("", "")
    return re.compile(around[0] + re.escape(name) + around[1], re.IGNORECASE)
