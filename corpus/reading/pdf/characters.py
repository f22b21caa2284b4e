"""Single characters: what a PDF's code points stand for, and to which script they belong."""

import re
import unicodedata

HYPHEN_MARK = "\u0002"
"""What pdfium puts in place of a hyphen at the end of a line."""

# Symbol and Wingdings glyphs that reports use as bullets and tick boxes, by their private code.
_PRIVATE = {
    0xF0B7: "•", 0xF06C: "●", 0xF06E: "■", 0xF06F: "□", 0xF071: "□", 0xF072: "□", 0xF075: "◆",
    0xF076: "❖", 0xF0A7: "▪", 0xF0A8: "□", 0xF0D8: "➢", 0xF0DC: "➢", 0xF0E8: "➔", 0xF0E0: "→",
    0xF0FC: "✓", 0xF0FB: "✗", 0xF0FE: "☑", 0xF052: "☑", 0xF0A3: "□", 0xF0B2: "✓", 0xF02D: "-",
    0xF0B4: "×", 0xF0B1: "±", 0xF0B3: "≥",
}  # fmt: skip
_DROPPED = (0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFC)
_SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)


def _clean_table() -> dict[int, str | None]:
    """Map code points to what the reading text holds; the rest stays as it is.

    Ligatures become their letters, Kangxi radicals and compatibility ideographs (which broken
    font maps use for ordinary characters) the ordinary ones. Full-width forms stay as printed.
    """
    table: dict[int, str | None] = {
        code: unicodedata.normalize("NFKC", chr(code))
        for code in (*range(0xFB00, 0xFB07), *range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))
    }
    table |= dict.fromkeys(_SPACES, " ")
    table |= dict.fromkeys((*_DROPPED, *range(0xD800, 0xF900), 0xFFFD, 0xFFFE, 0xFFFF))
    return table | _PRIVATE


CLEANED = _clean_table()
"""For `str.translate`."""

UNMAPPED = re.compile(
    "[\ud800-\udfff\ufffd\ufffe"
    + "".join(chr(code) for code in range(0xE000, 0xF900) if code not in _PRIVATE)
    + "]"
)
"""A character that the file gives no meaning in Unicode."""


def is_han(char: str) -> bool:
    """Say whether a character belongs to Chinese text: an ideograph or its punctuation."""
    return (
        "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef"
    )
