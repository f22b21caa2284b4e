"""A question as a query for text in the other language: translations, and names by their sound."""

from functools import partial
from typing import Protocol

from index.lexical import Matches, QueryTerm
from index.opened import Vocabulary
from index.spelled import latin_names, spelled_terms
from index.spellings import Spellings, load_spellings
from index.term_table import TermTable
from index.terms import analyze

KNOWN_WORD = 0.3
"""Probability of a Chinese word's best translation from which it is a word, not a spelled name.
recall@5 on BiPaR, Chinese to English: 0.478 at 0.05, 0.488 at 0.3, 0.484 without a limit."""


class NameFinder(Protocol):
    """Finds names by their sound: `index.names`, or an index elsewhere."""

    def find(self, name: str, spellings: Spellings) -> Matches:
        """Return the texts that hold a name (lower-case letters), ascending, with strengths."""


def translated_query(
    question: str, table: TermTable, vocabulary: Vocabulary, names: NameFinder
) -> list[QueryTerm]:
    """Return the query that carries a question into the other language of an index.

    First the terms with their translations, as `TermTable.expand` orders them, then names of an
    English question that sound like characters of the text, then terms of the text that
    characters of a Chinese question spell.
    """
    query = list(table.expand(analyze(question)))
    spellings = load_spellings()
    for name in latin_names(question):
        matches = names.find(name, spellings)
        if len(matches[0]):
            query.append(QueryTerm((), matches=matches))
    spelled = spelled_terms(question, vocabulary.latin_words, spellings, partial(_is_known, table))
    query += [QueryTerm(tuple(found.items())) for found in spelled]
    return query


def _is_known(table: TermTable, word: str) -> bool:
    return any(probability > KNOWN_WORD for _, probability in table.translate(word)[:1])
