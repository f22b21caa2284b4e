"""The words beside a sort of document, "white paper", that may be what it is called."""

import calendar
import re
from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass, replace

from corpus.glossary import names_of
from corpus.language import HAN
from index.terms import analyze, cut_words

_TOKEN = re.compile(
    rf"(?P<title>《[^》]+》)|(?P<latin>[A-Za-z0-9](?:[A-Za-z0-9&.+]|[-'’](?=[A-Za-z0-9]))*)|(?P<han>[{HAN}]+)|"
    r"(?P<space>[\s()（）“”\"'’·]+)|(?P<stop>.)",
    re.DOTALL,
)
_WORDS = """
    the a an this that its of on in for by and s chinese english edition version original first second third fourth
    quarter fiscal year half q1 q2 q3 q4 h1 h2 那 这 该 篇 份 本 里 上 中 中文 英文 中文版 英文版 版 关于 针对 对
    这份 那份 这篇 那篇 这本 那本 的 财年 季度 第一 第二 第三 第四 月 日 年
"""
_PERIOD = re.compile(r"(?:fy|cy)['’]?\d{2,4}|[1-4]q\d{2,4}|q[1-4]['’]?\d{2,4}|[12]h\d{2,4}")
_FILLER = frozenset(_WORDS.split())
# Of the same sort, by other words.
_SORTS = tuple(
    frozenset(names.split("|"))
    for names in (
        "年报|年度报告|annual report|10-k|20-f",
        "半年报|半年度报告|中报|interim report|half-year report",
        "季报|季度报告|quarterly report|10-q",
    )
)
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if number}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a question, with its terms and where it stands."""

    text: str
    start: int
    terms: tuple[str, ...] = ()
    is_stop: bool = False  # nothing goes on beyond it

    @property
    def end(self) -> int:
        """Return where the word ends."""
        return self.start + len(self.text)


def tokens_of(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield the words of text[start:end], Chinese runs cut, and the marks that end what they call."""
    for match in _TOKEN.finditer(text, start, end):
        if match["stop"]:
            yield Token(match[0], match.start(), is_stop=True)
        elif match["han"]:
            place = match.start()
            for word in cut_words(match[0]):
                yield Token(word, place, tuple(analyze(word)))
                place += len(word)
        elif not match["space"]:
            yield Token(match[0], match.start(), tuple(analyze(match[0])))


def run_of(tokens: Iterable[Token], known: Set[str], dates: Collection[str]) -> list[Token]:
    """Return the tokens that call a document so, up to the first that does not, words like "the" left out."""
    run: list[Token] = []
    for token in tokens:
        word = token.text.casefold()
        if token.is_stop:
            break
        if all(part in _FILLER for part in word.split("-")) or _PERIOD.fullmatch(word):
            continue
        first = word.split("-")[0]
        if (
            word in dates
            or str(_MONTHS.get(word, "")) in dates
            or (first.isdigit() and first in known)
        ):
            run.append(replace(token, terms=()))
        elif token.terms and set(token.terms) <= known:
            run.append(token)
        else:
            break
    return run


def tells(term: str) -> bool:
    """Say whether a term can tell documents apart: no number, no single character."""
    return len(term) > 1 and not term.isdigit() and term not in _FILLER


def names_company(name: str, text: str) -> bool:
    """Say whether a text names a company by a name of its own, or by another that is known for it.

    >>> names_company("Corning", "How many patents does Corning's segment hold?")
    True
    """
    forms = (name, *names_of(name))
    return any(
        re.search(rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])", text, re.IGNORECASE)
        if form.isascii()
        else form in text
        for form in forms
        if len(form) > 1
    )


def same_sort(name: str) -> frozenset[str]:
    """Return the names of a sort of document, itself among them.

    >>> sorted(same_sort("季报")), sorted(same_sort("White Paper"))
    (['10-q', 'quarterly report', '季度报告', '季报'], ['white paper'])
    """
    name = name.casefold()
    return next((names for names in _SORTS if name in names), frozenset({name}))
