"""Bytes of a text file → characters. The only place that guesses an encoding."""

import codecs
import re
import unicodedata

from corpus.errors import DocumentError, EmptyDocument
from corpus.language import count_han

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark starts with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Tried in this order after UTF-8; each must decode the whole file without an error.
_LEGACY_ENCODINGS = ("gb18030", "big5")
# Share of characters that a report may have outside letters, digits, punctuation and space.
_MAX_ODD_SHARE = 0.02
_MIN_USUAL_SHARE = 0.9
_USUAL = re.compile(r"[\x00-\xff\u2010-\u9fff\uff00-\uffff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


def decode_text(data: bytes, *, file_name: str) -> str:
    r"""Decode a text file; line ends become "\n".

    UTF-8, UTF-16 and UTF-32 by their byte order mark, then UTF-8, UTF-16 without a mark (every
    second byte of Latin text is zero), GB18030 (which contains GBK and GB2312) and Big5.

    Raises:
        EmptyDocument: Nothing but white space.
        DocumentError: No encoding fits.
    """
    text = _decode(data)
    if text is None:
        raise DocumentError(
            f"{file_name}: 不是 UTF-8、UTF-16、GB18030 或 Big5 编码的文本，请另存为 UTF-8 / "
            f"not a text file in UTF-8, UTF-16, GB18030 or Big5 "
            f"(first bytes {data[:8].hex(' ')}); save it as UTF-8 and add it again"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    if not text.strip():
        raise EmptyDocument(
            f"{file_name}: 文件里没有文字 / the file holds no text ({len(data)} bytes)"
        )
    return text


def _decode(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _try(data[len(mark) :], encoding)
    if (text := _try(data, "utf-8")) is not None:
        return text
    if b"\x00" in data:  # in text, a zero byte is half of a character in UTF-16
        names = ("utf-16-le", "utf-16-be")
        found = [text for name in names if (text := _try(data, name)) is not None]
        best = max(found, key=_usual_share, default="")
        return best if _usual_share(best) > _MIN_USUAL_SHARE else None
    if _is_western(data) and (text := _try(data, "cp1252")) is not None:
        return text
    candidates = [text for name in _LEGACY_ENCODINGS if (text := _try(data, name)) is not None]
    # Both accept most bytes; the right one gives common characters, the wrong one rare ones.
    return max(candidates, key=_common_han, default=None)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _odd_share(text) > _MAX_ODD_SHARE else text


# What is certainly not odd need not be looked up one by one.
_UNCOMMON = re.compile(r"[^\t\n -~\u3000-\u3020\u4e00-\u9fa5\uff01-\uff5e]")


def _odd_share(text: str) -> float:
    odd = sum(
        1
        for char in _UNCOMMON.findall(text)
        if char == "\ufffd"
        or (unicodedata.category(char) in {"Cc", "Cn"} and char not in "\t\n\r\f\v")
    )
    return odd / max(len(text), 1)


def _usual_share(text: str) -> float:
    """Return the share of characters that are Latin, Chinese or the punctuation of either."""
    usual = len(_USUAL.findall(text))
    return usual / max(len(text), 1)


def _is_western(data: bytes) -> bool:
    """Say whether the bytes above ASCII mostly stand alone; those of Chinese come in pairs."""
    runs = _HIGH_RUN.findall(data)
    return sum(len(run) == 1 for run in runs) * 2 > len(runs)


def _common_han(text: str) -> int:
    """Count characters of GB2312's first level (3,755 common ones), the mark of real Chinese."""
    common = 0
    for char in text[:20_000]:
        encoded = char.encode("gb2312", errors="ignore")
        common += len(encoded) == 2 and 0xB0 <= encoded[0] <= 0xD7
    return common or count_han(text[:20_000]) // 4
