"""Is the text of a page the text that the page shows? Judged by its characters alone."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from corpus.pdf.marks import PageMarks, Word

_MIN_CHARS = 20  # fewer say nothing about a page
_MAX_UNMAPPED = 0.15
_MAX_FOREIGN = 0.04
_MIN_COMMON_HAN = 0.75  # real Chinese: above 0.97
_MIN_VOWELLED = 0.6  # real English: above 0.95
_SCAN_SHARE = 0.5
_DRAWN_PATHS = 300
_LATIN_WORD = re.compile(r"[A-Za-z]{4,}")
_VOWEL = re.compile(r"[aeiouyAEIOUY]")
# Scripts that a Chinese or English report holds in quantity. Anything else in quantity comes
# from a font whose map of characters is broken.
_HOME_SCRIPTS = (
    "CJK",
    "LATIN",
    "DIGIT",
    "FULLWIDTH",
    "IDEOGRAPHIC",
    "GREEK",
    "HIRAGANA",
    "KATAKANA",
)


def nonsense_reason(words: Sequence[Word], num_unmapped: int) -> str:
    """Say why the text of a page cannot be what it shows, "" when it reads as text."""
    text = "".join(word.text for word in words)
    total = len(text) + num_unmapped
    if total < _MIN_CHARS:
        return ""
    if num_unmapped > _MAX_UNMAPPED * total:
        return f"{num_unmapped} of {total} characters have no meaning in Unicode"
    foreign = count_foreign(text)
    if foreign > _MAX_FOREIGN * total:
        return f"{foreign} of {total} characters are from scripts that do not belong here"
    han = [char for char in text if "\u4e00" <= char <= "\u9fff"]
    common = sum(_is_common(char) for char in han)
    if len(han) >= _MIN_CHARS and common < _MIN_COMMON_HAN * len(han):
        return f"only {common} of {len(han)} Chinese characters are in use"
    latin = _LATIN_WORD.findall(" ".join(word.text for word in words))
    vowelled = sum(bool(_VOWEL.search(word)) for word in latin)
    if len(latin) >= 2 * _MIN_CHARS and vowelled < _MIN_VOWELLED * len(latin):
        return f"only {vowelled} of {len(latin)} Latin words hold a vowel"
    return ""


def count_foreign(text: str) -> int:
    """Count letters from scripts other than Chinese, Latin, Greek and Japanese kana.

    A text wholly in one other script is honest text, so a script that makes up most of it is not
    counted.
    """
    scripts = Counter(_script(char) for char in text if ord(char) > 0x24F)
    return sum(
        count
        for script, count in scripts.items()
        if script and script not in _HOME_SCRIPTS and count < 0.5 * len(text)
    )


def _script(char: str) -> str:
    """Return the first word of a letter's Unicode name, "" for what is not a letter."""
    if "\u4e00" <= char <= "\u9fff":
        return "CJK"
    category = unicodedata.category(char)
    if category in {"Co", "Cn", "Cs"}:
        return "UNASSIGNED"
    if category[0] not in "LM":
        return ""
    return unicodedata.name(char, "UNASSIGNED ").split(" ", 1)[0].split("-", 1)[0]


def _is_common(char: str) -> bool:
    """Say whether an ideograph is in GB2312 or Big5's common part, simplified or traditional."""
    if char.encode("gb2312", errors="ignore"):
        return True
    big5 = char.encode("big5", errors="ignore")
    return len(big5) == 2 and big5[0] < 0xC9


def unread_reason(page: PageMarks) -> str:
    """Say why nothing usable stands on a page, "" for pages with text and for empty ones."""
    num_chars = sum(len(word.text) for word in page.words)
    nonsense = nonsense_reason(page.words, page.num_unmapped)
    if nonsense:
        return f"text that extracts as nonsense: {nonsense}"
    if num_chars >= _MIN_CHARS:
        return ""
    if page.image_share() >= _SCAN_SHARE:
        return "a scanned picture without a text layer"
    if page.num_paths + len(page.drawings) >= _DRAWN_PATHS and not num_chars:
        return "letters drawn as shapes, without text"
    return ""
