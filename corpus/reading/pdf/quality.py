"""Is the text of a page the text that the page shows? Judged by its characters alone."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from corpus.reading.pdf.marks import PageMarks, Word

_MIN_CHARS = 20  # fewer say nothing about a page
_MAX_UNMAPPED = 0.15
_MAX_FOREIGN = 0.04
_MIN_COMMON_HAN = 0.75  # real Chinese: above 0.97
_MIN_VOWELLED = 0.6  # real English: above 0.95
_MAX_STRAY = 2
_MAX_STRAY_SHARE = 0.003
_THIN_CHARS = 60
_SCAN_SHARE = 0.5
_DRAWN_PATHS = 300
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{4,}")
_WITHOUT_VOWELS = re.compile(r"(?<![a-z])[b-df-hj-np-tv-xz]{4,}(?![a-z])", re.IGNORECASE | re.ASCII)
# Letters of scripts that no Chinese or English report holds in quantity. Where they appear, a
# font's map of characters is broken. Kana, Greek and mathematical letters are at home.
_FOREIGN = re.compile(
    "[\u0400-\u1cff\u2c00-\u2dff\ua000-\ua7ff\ua800-\ud7ff\ufb1d-\ufdff\ufe70-\ufefe"
    "\U00010000-\U0001cfff]"
)


def nonsense_reason(words: Sequence[Word], num_unmapped: int) -> str:
    """Say why the text of a page cannot be what it shows, "" when it reads as text."""
    text = "".join(word.text for word in words)
    total = len(text) + num_unmapped
    if total < _MIN_CHARS:
        return ""
    if num_unmapped > _MAX_UNMAPPED * total:
        return (
            f"{total} 个字符中有 {num_unmapped} 个在 Unicode 中没有含义 / "
            f"{num_unmapped} of {total} characters have no meaning in Unicode"
        )
    foreign = count_foreign(text)
    if foreign > _MAX_FOREIGN * total:
        return (
            f"{total} 个字符中有 {foreign} 个来自不该出现的文字 / "
            f"{foreign} of {total} characters are from scripts that do not belong here"
        )
    han = _HAN.findall(text)
    common = sum(count for char, count in Counter(han).items() if _is_common(char))
    if len(han) >= _MIN_CHARS and common < _MIN_COMMON_HAN * len(han):
        return (
            f"{len(han)} 个汉字中只有 {common} 个常用 / "
            f"only {common} of {len(han)} Chinese characters are in use"
        )
    spaced = " ".join([word.text for word in words])
    latin = _LATIN_WORD.findall(spaced)
    vowelled = len(latin) - len(_WITHOUT_VOWELS.findall(spaced))
    if len(latin) >= 2 * _MIN_CHARS and vowelled < _MIN_VOWELLED * len(latin):
        return (
            f"{len(latin)} 个拉丁词中只有 {vowelled} 个含元音 / "
            f"only {vowelled} of {len(latin)} Latin words hold a vowel"
        )
    return ""


def count_foreign(text: str) -> int:
    """Count letters from scripts other than Chinese, Latin, Greek and Japanese kana.

    A text mostly in one other script is honest text, so that script is not counted.
    """
    scripts = Counter(_script(char) for char in _FOREIGN.findall(text))
    return sum(count for count in scripts.values() if count < 0.5 * len(text))


def count_wrong(page: PageMarks) -> int:
    """Count characters that are likely wrong: without a meaning, or from a script out of place.

    One or two are let pass: a name in Cyrillic, a stray symbol.
    """
    text = "".join(word.text for word in page.words)
    wrong = page.num_unmapped + count_foreign(text)
    return wrong if wrong > _MAX_STRAY and wrong > _MAX_STRAY_SHARE * len(text) else 0


def has_thin_layer(page: PageMarks) -> bool:
    """Say whether a scan's text layer holds too little to be the text of the picture.

    pdfium drops the characters of some OCR layers and keeps their figures and punctuation.
    """
    if not page.is_ocr_layer:
        return False
    text = "".join(word.text for word in page.words)
    letters = sum(char.isalpha() for char in text)
    return len(text) < _THIN_CHARS or letters < 0.5 * len(text)


def _script(char: str) -> str:
    """Return the first word of a character's Unicode name, which is its script for letters."""
    return unicodedata.name(char, "UNASSIGNED").split(" ", 1)[0].split("-", 1)[0]


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
        return f"文字提取出来是乱码 / text that extracts as nonsense: {nonsense}"
    if num_chars >= _MIN_CHARS:
        return ""
    if page.image_share() >= _SCAN_SHARE:
        return "扫描图片，没有文字层 / a scanned picture without a text layer"
    if page.num_paths + len(page.drawings) >= _DRAWN_PATHS and not num_chars:
        return "字母画成了图形，没有文字 / letters drawn as shapes, without text"
    return ""
