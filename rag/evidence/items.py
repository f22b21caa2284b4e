"""The item of a company's statements that a question asks for, and how well a row's label is it.

"What was Best Buy's gross profit for the second quarter of fiscal 2024?" asks for the item "gross
profit": company, period and asking words say which of its figures is meant.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from corpus.glossary import names_in, names_of, reporting_companies
from index.terms import analyze, simplify
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.label_words import NEUTRAL, OF_COLUMNS, OF_GROUPS
from rag.evidence.line_items import (
    HEAD,
    forms_of,
    is_line_item,
    line_items_in,
    plain_label,
    squashed,
    without_line_item,
)
from rag.evidence.similarity import Similarity
from rag.questions.period_words import without_periods
from rag.questions.question import Question

_LEAST_REACHED = 0.5  # of the item's weight: with less, the item is another one than any label's
_OTHER = 1.2
_TELLING = 0.3  # least weight of a term that may name a company


class Item:
    """The item that a question asks for, seen by the labels that there are."""

    def __init__(
        self,
        question: Question,
        labels: Iterable[str],
        weight: Callable[[str], float],
        similarity: Similarity,
    ) -> None:
        """Take those terms of a question for the item that any of the labels has."""
        companies = _terms_named(reporting_companies(), question.text) | question.aliases.keys()
        self._text = simplify(question.text)
        self._weight = weight
        self._alike = {term: similarity.alike(term) | {term} for term in question.terms}
        self._phrases = similarity.phrases(tuple(analyze(question.text)))
        self._meant: frozenset[str] = frozenset().union(
            text_terms(question.text),
            *self._alike.values(),
            *(phrase for found in self._phrases.values() for phrase in found),
        )
        told = text_terms(without_periods(question.text)) & frozenset(question.terms)
        self._names = companies
        asked = [
            term
            for term in told - NEUTRAL
            if not term.isdigit() and self._alike[term].isdisjoint(companies)
        ]
        labels = set(labels)
        there = [text_terms(label) for label in labels]
        self._terms = [t for t in asked if any(self._met(t, terms) for terms in there)]
        reached, whole = sum(map(weight, self._terms)), sum(map(weight, asked))
        self.share_known = reached / whole if whole else 0.0
        # Of whom nothing is known: 四方精创2019年净利润, asked of a shelf without it.
        unmet = (term for term in asked if term not in self._terms and not term.isascii())
        self.is_of_stranger = not companies and any(weight(term) >= _TELLING for term in unmet)
        self._is_there = False
        self._other_names = self._names_of_line(question.text, labels, asked)
        is_reached = bool(self._terms) and self.share_known >= _LEAST_REACHED
        self.is_known = is_reached or bool(self._other_names)

    @property
    def is_line(self) -> bool:
        """Say whether the question asks for one line of a statement, whole, by a usual name."""
        return bool(self._other_names)

    def distance(self, evidence: Evidence) -> float:
        """Return how far a row is from being the item, in units of the score."""
        if not self._terms:
            return 0.0
        own = self._own(evidence)
        total = sum(map(self._weight, own))
        if not total:
            return _OTHER
        others = sum(self._weight(term) for term in own if not self._is_meant(term)) / total
        missing = self._share_missing(text_terms(labels_of(evidence)))
        return _OTHER * (others + missing) / 2 + _OTHER * (others > 0) / 2

    def is_it(self, evidence: Evidence) -> bool:
        """Say whether a row is called what is asked for, no less and no more."""
        return self.is_called(evidence.row, evidence.column, _above(evidence))

    def is_called(self, row: str, column: str = "", above: str = "") -> bool:
        """Say whether the labels of a row are what is asked for.

        Its own name says nothing else; what it does not say, its column, its table or the whole name of
        its group does.
        """
        if self._other_names:
            names = {squashed(plain_label(form)) for form in forms_of(row or column)}
            if not names.isdisjoint(self._other_names):
                return not _of_part(row)
            # Where the line is there by one of its names, what has words of it is another one.
            if self._is_there or _of_part(row) or any(map(is_line_item, names)):
                return False
        own = self._names_left(row) or self._names_left(column)
        if not (self.is_known and own and self.covers(own)):
            return False
        name, group = HEAD.sub("", row), _group(row)
        around = text_terms(group) if self.covers(own_terms(group)) else frozenset()
        return not self._share_missing(text_terms(f"{name} {column} {above}") | around)

    def _names_of_line(
        self, text: str, labels: Iterable[str], asked: Sequence[str]
    ) -> frozenset[str]:
        """Return all names of the line of a statement that a text asks for; none where it asks for a part of it."""
        named = line_items_in(text)
        if len(named) != 1:
            return frozenset()
        rest = text_terms(without_periods(without_line_item(text, named[0])))
        if not rest.isdisjoint(self._terms):
            return frozenset()
        # A word that no label has may tell a part of the company as well: net sales of yogurt.
        if any(term in rest and self._weight(term) >= _TELLING for term in asked):
            return frozenset()
        there = " ".join(map(squashed, labels))
        self._is_there = any(name in there for name in named[0].names)
        return named[0].names if self._is_there else named[0].otherwise or named[0].names

    def fits_column(self, column: str) -> bool:
        """Say whether a column says nothing of what is asked but of when, or by which count it is."""
        terms = own_terms(column) - OF_COLUMNS - self._names
        return self.covers(terms)

    def is_verbatim(self, row: str) -> bool:
        """Say whether the question has a row's own name in just these characters."""
        name = squashed(plain_label(row))
        return bool(name) and name in self._text.casefold()

    def names(self, terms: frozenset[str]) -> bool:
        """Say whether the question has any of some terms, in either language."""
        return any(map(self._is_meant, terms))

    def covers(self, terms: frozenset[str]) -> bool:
        """Say whether the question has all of some terms, in either language."""
        return all(map(self._is_meant, terms))

    def _own(self, evidence: Evidence) -> frozenset[str]:
        """Return the terms of what names a cell: its row, or its column where the row is a name."""
        return self._names_left(evidence.row) or self._names_left(evidence.column)

    def _names_left(self, label: str) -> frozenset[str]:
        forms = [own_terms(form) - self._names for form in forms_of(label)]
        return next((form for form in forms if form and self.covers(form)), forms[0])

    def _is_meant(self, term: str) -> bool:
        # A sentence may be cut into other words than a label: 流动|资产|合计, 流动资产|合计.
        return term in self._meant or (not term.isascii() and term in self._text)

    def _share_missing(self, terms: frozenset[str]) -> float:
        """Return the weight of the item's terms that are not among some, as a share."""
        total = sum(map(self._weight, self._terms))
        lacking = [term for term in self._terms if not self._met(term, terms)]
        return sum(map(self._weight, lacking)) / total if total else 1.0

    def _met(self, term: str, terms: frozenset[str]) -> bool:
        return (
            not self._alike.get(term, frozenset({term})).isdisjoint(terms)
            or any(phrase <= terms for phrase in self._phrases.get(term, ()))
            or (not term.isascii() and any(term in other for other in terms))
        )


def _of_part(row: str) -> bool:
    """Say whether the group of a row is of a part of the company: "International: Operating income"."""
    group = text_terms(_group(row)) - OF_GROUPS
    return any(not term.isdigit() for term in group)


def labels_of(evidence: Evidence) -> str:
    """Return the labels of a cell's row and column."""
    return f"{evidence.row} {evidence.column}"


def places_of(evidence: Evidence) -> str:
    """Return all that says what a cell is: its labels, and what stands above its table."""
    return f"{labels_of(evidence)} {_above(evidence)}"


def _above(evidence: Evidence) -> str:
    return " ".join((evidence.caption, *evidence.section[-1:], evidence.around[1][0]))


@lru_cache(maxsize=1 << 14)
def own_terms(label: str) -> frozenset[str]:
    """Return the terms of a row's own name: without its group, its number, and notes in brackets.

    >>> sorted(own_terms("减：营业成本")), sorted(own_terms("Current assets: Receivables, net"))
    (['成本', '营业'], ['receiv'])
    """
    own = without_periods(plain_label(simplify(label)))
    return frozenset(t for t in text_terms(own) - NEUTRAL if not t.isdigit())


def _terms_named(companies: Sequence[Sequence[str]], text: str) -> frozenset[str]:
    """Return the terms of all names of the companies that a text names."""
    named = names_in(text)
    folded = {name.casefold() for one in named for name in (one, *names_of(one))}
    found = (
        names for names in companies if not folded.isdisjoint(name.casefold() for name in names)
    )
    return frozenset().union(*(text_terms(name) for names in found for name in names)) - NEUTRAL


def _group(label: str) -> str:
    head = HEAD.match(label)
    return head[0].rstrip(" :：") if head else ""
