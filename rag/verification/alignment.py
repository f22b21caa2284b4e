"""Which clause of the evidence a clause of a sentence says again."""

from dataclasses import dataclass
from functools import lru_cache

from index.background import rarity
from index.terms import analyze
from rag.verification.sources import Source, Statement
from rag.verification.vocabulary import Translate

SAME_WORDS = 0.62
"""Nearness from which two clauses differ in little but a negation, a name or a date."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A clause of the evidence, and how much it has in common with one of a sentence."""

    statement: Statement
    span: tuple[int, int]
    said: float  # share of the sentence's clause that is in it, from 0 to 1
    covered: float  # share of it that the sentence's clause says, from 0 to 1

    @property
    def text(self) -> str:
        """Return the clause."""
        return self.statement.folded[self.span[0] : self.span[1]]

    @property
    def both(self) -> float:
        """Return the sum of both shares, by which clauses are ranked."""
        return self.said + self.covered

    @property
    def nearness(self) -> float:
        """Return the smaller of both shares: 1.0 for the same words."""
        return min(self.said, self.covered)


@lru_cache(maxsize=1 << 13)
def clause_terms(text: str) -> tuple[tuple[str, float], ...]:
    """Return the terms of a clause with their weights: figures are compared elsewhere."""
    terms = dict.fromkeys(analyze(text))
    return tuple((term, rarity(term)) for term in terms if not any(c.isdigit() for c in term))


def aligned(clause: str, source: Source, translate: Translate) -> list[Aligned]:
    """Return the clauses of the evidence, those that say most of a clause first."""
    found = [
        Aligned(statement, span, *shares(clause, statement.folded[span[0] : span[1]], translate))
        for statement in source.statements
        for span in statement.clauses
    ]
    return sorted(found, key=lambda item: -item.both)


def shares(clause: str, other: str, translate: Translate) -> tuple[float, float]:
    """Return how much of a clause the other has, and how much of the other it has.

    Terms count by their rarity; a likely translation is as good as the term.
    """
    mine, theirs = clause_terms(clause), clause_terms(other)
    my_terms, their_terms = {term for term, _ in mine}, {term for term, _ in theirs}
    met: set[str] = set()
    said = total = 0.0
    for term, weight in mine:
        total += weight
        partners = {term, *translate(term)} & their_terms
        said += weight if partners else 0.0
        met |= partners
    rest = sum(weight for _, weight in theirs)
    back = sum(weight for term, weight in theirs if term in met or translate(term) & my_terms)
    return (said / total if total else 0.0), (back / rest if rest else 0.0)
