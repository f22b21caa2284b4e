"""Evidence → what a statement that cites it may say: its words, its figures, what surrounds it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from corpus.editions.figure_words import scaled_by, share_units, units_named
from corpus.quantities import Quantity, QuantityKind, parse_quantities
from corpus.quantities.numerals import fold_width
from corpus.schema import Metadata
from index.terms import analyze
from rag.evidence.evidence import Evidence

_CLAUSE_END = re.compile(
    r"[，。；;！？!?\n]|,(?![0-9])|\.(?=\s)|\b(?:while|whereas|but|although|and|with)\b|而(?!且)|但"
)
_STOP_AFTER_DIGIT = re.compile(r"(?<=[0-9])\.(?=\s|$)")


@dataclass(frozen=True)
class Statement:
    """A text with its quantities and clauses; a unit that stands apart is added to its figures."""

    text: str
    labels: tuple[str, ...] = ()  # captions and headers that may name the unit of its numbers

    @cached_property
    def folded(self) -> str:
        """Return the text in one width, offsets kept."""
        return fold_width(self.text)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Return the quantities as printed, and bare numbers once more in the unit of a label."""
        # After a colon that touches a name, digits would be read as part of the name; and the full
        # stop of a sentence as one of the figure before it.
        spaced = _STOP_AFTER_DIGIT.sub(" ", self.text.replace("：", " "))
        found = share_units(parse_quantities(spaced), self.folded)
        units = [unit for label in self.labels for unit in units_named(fold_width(label))]
        scaled = [
            scaled_by(quantity, unit)
            for quantity in found
            for unit in units
            if quantity.kind is QuantityKind.NUMBER and not quantity.unit
        ]
        percent = [
            scaled_by(quantity, _PERCENT)
            for quantity in found
            if quantity.kind is QuantityKind.NUMBER and any("%" in label for label in self.labels)
        ]
        return (*found, *scaled, *percent)

    @cached_property
    def dates(self) -> tuple[Quantity, ...]:
        """Return the quantities that are dates, in order."""
        return tuple(q for q in self.quantities if q.kind is QuantityKind.DATE)

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """Return the spans of the clauses; they cover the text."""
        # A comma inside a figure ("1,200") ends nothing.
        ends = [
            match.end()
            for match in _CLAUSE_END.finditer(self.folded)
            if not any(q.start < match.start() < q.end for q in self.quantities)
        ]
        cuts = sorted({0, *ends, len(self.text)})
        return tuple(pairwise(cuts))

    def clause_at(self, position: int) -> tuple[int, int]:
        """Return the clause that holds a character."""
        return next(
            (span for span in self.clauses if span[0] <= position < span[1]), (0, len(self.text))
        )

    @cached_property
    def terms(self) -> frozenset[str]:
        """Return the terms of the text."""
        return terms_of(self.text)


_PERCENT = parse_quantities("1%")[0]


@dataclass(frozen=True)
class Source:
    """What one piece of evidence carries."""

    statements: tuple[Statement, ...]  # the same in each language there is
    context: tuple[Statement, ...]  # labels, headings, the sentence before, title, issuer
    issuer: str = ""

    @cached_property
    def own_text(self) -> str:
        """Return the statements, case folded."""
        return "\n".join(statement.text for statement in self.statements).casefold()

    @cached_property
    def all_text(self) -> str:
        """Return statements and context, case folded."""
        parts = [self.own_text, *(statement.text.casefold() for statement in self.context)]
        return "\n".join(parts)

    @cached_property
    def own_terms(self) -> frozenset[str]:
        """Return the terms of the statements."""
        return frozenset().union(*(statement.terms for statement in self.statements))

    @cached_property
    def terms(self) -> frozenset[str]:
        """Return the terms of statements and context."""
        return self.own_terms.union(*(statement.terms for statement in self.context))


@lru_cache(maxsize=1 << 14)
def terms_of(text: str) -> frozenset[str]:
    """Return the terms of a text as a set."""
    return frozenset(analyze(text))


def source_of(evidence: Evidence, metadata: Metadata) -> Source:
    """Return what a piece of evidence carries.

    A cell says its labels too: row, column and unit are part of the statement.
    """
    texts = dict.fromkeys((evidence.quote, evidence.text))
    labels: tuple[str, ...] = ()
    if evidence.is_cell:
        head = " ".join(filter(None, (evidence.row, evidence.column)))
        texts = dict.fromkeys(f"{head}: {text}" for text in texts)
        labels = tuple(filter(None, (evidence.unit, evidence.caption, evidence.column)))
    context = [
        evidence.lead,
        evidence.caption,
        *evidence.section,
        *(text for text, _ in evidence.around),
        metadata.title,
        metadata.issuer,
    ]
    listed = dict.fromkeys(text for text in context if text.strip())
    return Source(
        tuple(Statement(text, labels) for text in texts),
        tuple(Statement(text) for text in listed),
        metadata.issuer,
    )


def joined(sources: Sequence[Source]) -> Source:
    """Return several pieces of evidence as one, for what a sentence draws from all of them."""
    if len(sources) == 1:
        return sources[0]
    return Source(
        tuple(statement for source in sources for statement in source.statements),
        tuple(statement for source in sources for statement in source.context),
        sources[0].issuer if len({source.issuer for source in sources}) == 1 else "",
    )
