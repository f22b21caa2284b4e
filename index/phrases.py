"""Names and set phrases of glossaries, in terms: what leads from one language to the other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from corpus.schema import Language
from index.terms import analyze, term_language

Phrase = tuple[str, ...]
"""The terms of a name or set phrase, in order."""


def read_phrases(lines: Iterable[str]) -> dict[Phrase, tuple[Phrase, ...]]:
    """Read glossary lines into phrases of either language and their translations, in file order."""
    phrases: dict[Phrase, list[Phrase]] = defaultdict(list)
    for line in lines:
        columns = line.rstrip("\r\n").split("\t")
        if len(columns) < 2 or line.startswith("#") or columns[:2] == ["zh", "en"]:
            continue
        left, right, others = (
            [tuple(analyze(name)) for name in column.split("|")]
            for column in (*columns[:2], columns[3] if len(columns) > 3 else "")
        )
        for first, second in ((left, right), (left, others), (right, others)):
            for source in filter(None, first):
                for target in filter(None, second):
                    phrases[source].append(target)
                    phrases[target].append(source)
    return {
        phrase: tuple(other for other in dict.fromkeys(others) if other != phrase)
        for phrase, others in phrases.items()
        if any(other != phrase for other in others)
    }


def company_line(names: Sequence[str]) -> str:
    r"""Return the names of a company as a line of a glossary.

    >>> company_line(("四方科技", "SQUARE TECHNOLOGY", "603339"))
    '四方科技\tSQUARE TECHNOLOGY\tcompany\t603339'
    """
    columns: tuple[list[str], list[str], list[str]] = ([], [], [])
    for name in names:
        language = term_language(name.casefold())
        place = {Language.ZH: 0, Language.EN: 1, None: 2}[language]
        columns[place].append(" ".join(name.replace("|", " ").split()))
    left, right, others = map("|".join, columns)
    return f"{left}\t{right}\tcompany\t{others}"
