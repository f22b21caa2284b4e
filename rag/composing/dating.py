"""Of when a report is: as it prints it, else the latest past date that its text mentions."""

import re
from dataclasses import dataclass

from corpus.quantities import DateParts, QuantityKind
from corpus.schema import Document, Role
from index.opened import OpenedIndex
from rag.evidence.evidence import text_quantities
from rag.kept import kept_with_index

# A date behind one of these is to come: a deadline, a maturity, a plan.
_TO_COME = re.compile(
    r"(?:到期|截止|届满|将于|将在|预计|计划|拟|有望|不迟于|之前|到期日)[^，。；,;.]{0,12}$|"
    r"\b(?:due|until|expir\w+|matur\w+|will|by|before|expected|plans?|scheduled|through|to)\b[^,;.]{0,20}$",
    re.IGNORECASE,
)
_MAX_BLOCKS = 4000  # of an undated document, that are read for a date
_MONTHS_OLD = 12


@dataclass(frozen=True, slots=True, order=True)
class Dated:
    """A date of a report. Later is greater; no date is the least."""

    date: str  # ISO 8601 as far as it is known, or ""
    is_printed: bool  # the report gives it as its own; else it is the latest one in its text

    @property
    def month(self) -> str:
        """Return year and month, or what of them is known."""
        return self.date[:7]

    @property
    def months(self) -> int:
        """Count the months from the year 0; of a year alone, to its end."""
        year, _, rest = self.date.partition("-")
        return int(year) * 12 + int(rest[:2] or 12) if year else 0


@kept_with_index(maxsize=1024)
def date_of(index: OpenedIndex, doc_id: str) -> Dated:
    """Return of when a document is.

    Raises:
        KeyError: No such document.
    """
    document = index.document(doc_id)
    if document.metadata.date:
        return Dated(document.metadata.date, True)
    return Dated(_latest_mentioned(document), False)


@kept_with_index(maxsize=1)
def newest_month(index: OpenedIndex) -> int:
    """Return the month of the newest report on the shelf that prints its date, see `Dated.months`."""
    return max((Dated(entry.date, True).months for entry in index.shelf if entry.date), default=0)


def is_old(index: OpenedIndex, doc_id: str) -> bool:
    """Say whether a report is over a year older than the newest one on the shelf."""
    months = date_of(index, doc_id).months
    return months > 0 and newest_month(index) - months > _MONTHS_OLD


def _latest_mentioned(document: Document) -> str:
    """Return the latest day, or month, that is told as past in a document; "" where none is."""
    latest = ""
    for block in document.blocks[:_MAX_BLOCKS]:
        if block.role is Role.CONTENTS:
            continue
        text = document.block_text(block)
        for quantity in text_quantities(text):
            if quantity.kind is not QuantityKind.DATE or quantity.forecast or quantity.date_end:
                continue
            day = _day(quantity.date)
            if day > latest and not _TO_COME.search(text[: quantity.start]):
                latest = day
    return latest[:7]


def _day(parts: DateParts | None) -> str:
    """Return a full date in ISO 8601, "" of one that leaves out the day: those are often plans."""
    if parts is None or not (parts.year and parts.month and parts.day):
        return ""
    return f"{parts.year:04d}-{parts.month:02d}-{parts.day:02d}"
