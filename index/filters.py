"""Which documents a search looks at: by id, by issuer, by date."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.glossary import names_of
from index.errors import FilterError
from index.schema import ShelfEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions that a document has to meet, all of them; an empty one says nothing.

    Dates are ISO 8601 and may be shortened: "2023", "2023-11". Both ends are included, and a report
    dated by month counts where any day of its month would. A report without a date is left out
    when a date is asked for.
    """

    documents: frozenset[str] | None = None
    """Only these doc_ids; None is all of them, an empty set none."""
    issuers: frozenset[str] = frozenset()
    """Any name of the broker, in either language; part of the name as stored is enough."""
    date_from: str = ""
    date_to: str = ""

    def __post_init__(self) -> None:
        for name in ("date_from", "date_to"):
            object.__setattr__(self, name, _iso_date(getattr(self, name)))
        if self.date_from and self.date_to and self.date_from > self.date_to + "~":
            raise FilterError(
                f"the dates {self.date_from} to {self.date_to} end before they begin; swap them"
            )

    def accept(self, entry: ShelfEntry) -> bool:
        """Say whether a document meets all conditions."""
        if self.documents is not None and entry.doc_id not in self.documents:
            return False
        if self.issuers and not any(_names(issuer, entry.issuer) for issuer in self.issuers):
            return False
        return _within(entry.date, self.date_from, self.date_to)


def _iso_date(written: str) -> str:
    """Return a date, or a year or month, as ISO 8601; 2023-1 and 2023年1月 are 2023-01."""
    match = _DATE.fullmatch(written.strip())
    if match is None:
        if not written.strip():
            return ""
        raise FilterError(f"{written!r} is no date; write it as 2023-12-18, 2023-12 or 2023")
    return "-".join(part.zfill(2) for part in match.groups() if part)


_MONTH, _DAY = r"(0?[1-9]|1[0-2])", r"(0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(rf"(\d{{4}})(?:年|(?:[-/.]|年){_MONTH}(?:月|(?:[-/.]|月){_DAY}日?)?)?")


def _names(asked: str, issuer: str) -> bool:
    folded = issuer.casefold()
    return bool(folded) and any(
        name.casefold() in folded for name in (asked, *names_of(asked)) if name.strip()
    )


def _within(date: str, first: str, last: str) -> bool:
    """Compare as far as both dates go: "2023-11" lies in 2023 and may lie after 2023-11-15."""
    if not first and not last:
        return True
    if not date:
        return False
    return date[: len(first)] >= first[: len(date)] and (
        not last or date[: len(last)] <= last[: len(date)]
    )


def accepted_documents(shelf: Iterable[ShelfEntry], filters: Filters) -> frozenset[str]:
    """Return the doc_ids of a shelf that meet the conditions."""
    return frozenset(entry.doc_id for entry in shelf if filters.accept(entry))
