"""A question as a query for text in the other language: translations, and names by their sound."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Protocol

import numpy as np

from index.lexical import Matches, QueryTerm
from index.numerals import months_in, number_alternatives
from index.opened import Vocabulary
from index.spelled import latin_names, spelled_terms
from index.spellings import Spellings, load_readings, load_spellings
from index.term_table import TermTable
from index.terms import analyze, simplify

KNOWN_WORD = 0.3
"""Probability of a Chinese word's best translation from which it is a word, not a spelled name.
recall@5 on BiPaR, Chinese to English: 0.478 at 0.05, 0.488 at 0.3, 0.484 without a limit."""

CERTAIN_READING, MIN_READING_LETTERS = 0.7, 5
"""Least strength and length of what Chinese characters spell by a Japanese, Korean, Cantonese or
Vietnamese reading. Without them recall@5 on BiPaR falls by 0.008."""


class NameFinder(Protocol):
    """Finds names by their sound: `index.names`, or an index elsewhere."""

    def find(self, name: str, spellings: Spellings) -> Matches:
        """Return the texts that hold a name (lower-case letters), ascending, with strengths."""


def translated_query(
    question: str, table: TermTable, vocabulary: Vocabulary, names: NameFinder
) -> list[QueryTerm]:
    """Return the query that carries a question into the other language of an index.

    First the terms with their translations, as `TermTable.expand` orders them, numbers under all
    their names, then names of an English question that sound like characters of the text, then
    terms of the text that characters of a Chinese question spell.
    """
    query = [_with_numbers(term) for term in table.expand(analyze(question))]
    query += [QueryTerm(((month, 1.0),)) for month in months_in(simplify(question))]
    spellings, readings = load_spellings(), load_readings().values()
    for name in latin_names(question):
        matches = _find_any(name, (spellings, *readings), names)
        if len(matches[0]):
            query.append(QueryTerm((), matches=matches))
    is_known = partial(_is_known, table)
    spelled = spelled_terms(question, vocabulary.latin_words, spellings, is_known)
    for reading in readings:
        spelled += [
            found
            for read in spelled_terms(question, vocabulary.latin_words, reading, is_known)
            if (found := _certain(read))
        ]
    query += [QueryTerm(tuple(found.items())) for found in spelled]
    return query


def _find_any(name: str, spellings: Iterable[Spellings], names: NameFinder) -> Matches:
    """Return the texts that hold a name in any of the spellings, ascending, each with its best."""
    found = [names.find(name, spelled) for spelled in spellings if spelled.may_spell(name)]
    if not found:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
    views, places = np.unique(np.concatenate([rows for rows, _ in found]), return_inverse=True)
    best = np.zeros(len(views), dtype=np.float32)
    np.maximum.at(best, places, np.concatenate([strengths for _, strengths in found]))
    return views.astype(np.int32), best


def _with_numbers(term: QueryTerm) -> QueryTerm:
    """Add the other names of a number (4, four, 四个) to a query term that is one."""
    names = dict(number_alternatives(term.alternatives[0][0]))
    if not names:
        return term
    for name, strength in term.alternatives:
        names[name] = max(strength, names.get(name, 0.0))
    return replace(term, alternatives=tuple(names.items()))


def _certain(spelled: dict[str, float]) -> dict[str, float]:
    """Return what four more languages spell beyond doubt: any characters read as something."""
    return {
        term: strength
        for term, strength in spelled.items()
        if strength >= CERTAIN_READING and len(term) >= MIN_READING_LETTERS
    }


def _is_known(table: TermTable, word: str) -> bool:
    return any(probability > KNOWN_WORD for _, probability in table.translate(word)[:1])
