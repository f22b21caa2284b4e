"""Companies that report on themselves, by their shortest names: 四方科技集团股份有限公司 → 四方科技."""

import re

from corpus.glossary import reporting_companies
from corpus.language import HAN

_HAN = re.compile(f"[{HAN}]")
_LEAST_HAN, _LEAST_LATIN = 2, 4  # characters of a name that is one: no ticker

# Block (formerly known as Square): the shelf may know either.
_FORMERLY = re.compile(
    r"(?P<now>[A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,3}) ?[(（](?:formerly|previously|f/k/a)(?: known as| named)? "
    r"(?P<before>[^()（）]{2,40})[)）]"
)


def by_short_names(text: str) -> str:
    """Return a text with companies of the shelf called by their short names.

    A full name has words (集团, 股份) that stand everywhere in the company's own report and say nothing.
    """
    text = _FORMERLY.sub(_known_of, text)
    for names in reporting_companies():
        for full in sorted(names, key=len, reverse=True):
            short = _short(full, names)
            if short != full and full.casefold() in text.casefold():
                text = short.join(_pattern(full).split(text))
        for name in names:
            if _HAN.search(name):
                text = text.replace(f"{name}公司", name)  # 四方科技公司员工情况
    return text


def _known_of(match: re.Match[str]) -> str:
    """Return that of a company's two names by which it reports, the one of today where it is neither or both."""
    known = {name.casefold() for names in reporting_companies() for name in names}
    is_known = [match[key].casefold() in known for key in ("now", "before")]
    return match["before"] if is_known == [False, True] else match["now"]


def _short(full: str, names: tuple[str, ...]) -> str:
    """Return the shortest of a company's names in the script of a full one; a Latin one begins it."""
    is_han = _HAN.search(full) is not None
    others = (
        name
        for name in names
        if (
            _HAN.search(name) and len(name) >= _LEAST_HAN
            if is_han
            else len(name) >= _LEAST_LATIN and full.casefold().startswith(name.casefold())
        )
    )
    return min(others, key=len, default=full)


def _pattern(name: str) -> re.Pattern[str]:
    around = ("(?<![A-Za-z0-9])", "(?![A-Za-z0-9])") if name.isascii() else ("", "")
    return re.compile(around[0] + re.escape(name) + around[1], re.IGNORECASE)
