"""By which names a question may limit itself to the reports of an issuer."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from corpus.glossary import names_of
from index.opened import OpenedIndex

# What an issuer's name is shortened by: 东吴证券 → 东吴, Soochow Securities → Soochow.
_SUFFIXES = ("证券", "国际证券", " Securities", " International Securities", " Research")


# Who writes about others. A company writes about itself: a question that names it wants to hear
# what anybody says of it, and is not limited to its own filings.
_HOUSE = re.compile(
    r"证券|研究|期货|基金|资产管理|银行国际|国际金融|\b(?:Securities|Research|Capital|Brokers?|Investments?)\b",
    re.IGNORECASE,
)


def issuer_names(index: OpenedIndex) -> Mapping[str, Sequence[str]]:
    """Return every name of every house on the shelf, with the ids of its documents, sorted."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for entry in index.shelf:
        if not any(_HOUSE.search(name) for name in (entry.issuer, *names_of(entry.issuer))):
            continue
        for name in {entry.issuer, *names_of(entry.issuer)}:
            for short in {name, *(name.removesuffix(suffix) for suffix in _SUFFIXES)}:
                if len(short) >= 2:
                    names[short].add(entry.doc_id)
    return {name: tuple(sorted(doc_ids)) for name, doc_ids in names.items()}
