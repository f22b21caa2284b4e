"""What an answer says before it is numbered: its statements, how it opens, what it notes.

A draft is a list of statements, or a table whose cells are statements. Every statement carries its
evidence; openings and notes are the assistant's own words (`rag.messages`) and state nothing that
the statements do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evidence.evidence import Evidence
from rag.evidence.scoring import ScoredEvidence


@dataclass(frozen=True, slots=True)
class Statement:
    """A piece of the answer with the evidence that carries it."""

    text: str
    evidence: Evidence
    also: tuple[Evidence, ...] = ()  # further evidence, each with a marker of its own


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of statements: one row per thing that is compared."""

    columns: tuple[str, ...]  # above the cells, without the one above the names
    rows: tuple[tuple[str, tuple[Statement | None, ...]], ...]  # name, its cells


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that is not numbered yet."""

    statements: tuple[Statement, ...]  # of a table, those of its cells
    opening: str = ""  # before the first statement: "Yes. "
    notes: tuple[str, ...] = ()  # after the last one, each a line of its own in brackets
    grid: Grid | None = None  # takes the place of the list

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Return the evidence of the statements, in order."""
        return tuple(e for said in self.statements for e in (said.evidence, *said.also))


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft that was composed from more than one search, and what it may be worded from."""

    draft: Draft
    evidence: tuple[ScoredEvidence, ...]  # best first

    @classmethod
    def of(cls, draft: Draft) -> "Composed":
        """Return a draft of what was found by its form, not by a score, with its own evidence."""
        return cls(draft, tuple(ScoredEvidence(e, 0.0, {}, ()) for e in draft.evidence))


def draft_of(statements: Sequence[Statement]) -> Draft:
    """Return a draft of nothing but statements."""
    return Draft(tuple(statements))
