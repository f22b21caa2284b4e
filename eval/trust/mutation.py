"""Bytes → worse bytes: what a fuzzer does to a sample. The same generator gives the same bytes."""

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence

Mutate = Callable[[random.Random, bytes], bytes]

MAX_BYTES = 200_000
"""A mutated sample is cut here, so that most of the time goes into different cases, not long ones."""

_BYTES = (b"\x00", b"\xff", b"\x7f", b"\xef\xbb\xbf", b"\xff\xfe", b"\x80" * 8, b"\r", b"\x1a")
_TOKENS = tuple(
    token.encode()
    for token in (
        "2023年", "23Q4", "第三季度", "上半年", "2024-02-30", "13月", "FY2024E", "between 2020 and 2023",
        "453亿元", "RMB 45.3 billion", "US$", "-", "−", "±", "1e999", "9" * 60, "0.", "1,000,00", "½",
        "百分之", "个百分点", "%", "‰", "三分之二", "两万零五百", "第一百二十三", "dozens of", "逾", "约", "以上",
        "[1]", "【1】", "［2］", "[3, 5-6]", "[1-99999999]", "[", "]", "[[", "(1)", "²", "①", "١٢٣",
        "600519.SH", "0700.HK", "AAPL", "是否", "为什么", "how many", "谁", "compared with", "那Pro呢？",
        "# ", "######## ", "| a | b |", "|---|", "\t", "- ", "> ", "```", "**", "__", "<br>", "</li><li>",
        "![](x)", "[a](b)", "<!--", "]]>", "&#0;", "&#x110000;", "&amp;", "<table>", "<td colspan=99999999>",
        "<td rowspan=99999999>", "<div hidden>", "<td>", "</table>", "colspan=\"²\"", "style=\"display:none\"",
        "w:val=\"99999999\"", "w:val=\"-1\"", "w:val=\"\"", "<w:tc/>", "<w:tr/>", "<w:p>", "</w:p>",
        "<w:gridSpan w:val=\"9999999\"/>", "<w:vMerge/>", "<w:vMerge w:val=\"restart\"/>", "<w:gridBefore/>",
        "msgid \"\"", "msgstr \"x\"", "#, fuzzy", "#~ ", "\"", "\\", "\\u", "%s", "{0}", "{", "}",
        "\u200b", "\u202e", "\ufeff", "\u2028", "\u0085", "\u0301" * 40, "👩‍👩‍👧", "𠮷", "ﬁ", "İ", "ß", "　",
        "\ue000", "\U0010ffff", "\x0b", "\x0c", "\x1c", "null", "NaN", "[]", "true", "0", "-1", "1.5",
        "/Type /Pages", "/Kids [1 0 R]", "/Count 999999999", "stream\n", "endobj", "xref", "/Length 0",
        "/W [99 99 99]", "/Prev 0", "startxref\n0", "BT /F1 12 Tf (x) Tj ET", "/Filter /FlateDecode",
    )
)  # fmt: skip


def mutate_bytes(rng: random.Random, data: bytes) -> bytes:
    """Change a sample in one to six places: bits, tokens, slices moved, repeated or taken out."""
    changed = bytearray(data[:MAX_BYTES])
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        _CHANGES[rng.randrange(len(_CHANGES))](rng, changed)
        del changed[MAX_BYTES:]
    return bytes(changed)


def mutate_text(rng: random.Random, data: bytes) -> bytes:
    """Change a sample as `mutate_bytes` does; three times in four it stays UTF-8."""
    changed = mutate_bytes(rng, data)
    return changed if rng.random() < 1 / 4 else changed.decode(errors="ignore").encode()


def _flip(rng: random.Random, data: bytearray) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _insert(rng: random.Random, data: bytearray) -> None:
    place = rng.randrange(len(data) + 1)
    token = rng.choice(_TOKENS if rng.random() < 0.8 else _BYTES)
    data[place:place] = token * rng.choice((1, 1, 1, 2, 300))


def _overwrite(rng: random.Random, data: bytearray) -> None:
    place = rng.randrange(len(data) + 1)
    token = rng.choice(_TOKENS)
    data[place : place + len(token)] = token


def _cut(rng: random.Random, data: bytearray) -> None:
    start, end = _slice(rng, data)
    del data[start:end]


def _repeat(rng: random.Random, data: bytearray) -> None:
    start, end = _slice(rng, data)
    data[end:end] = data[start:end] * rng.choice((1, 2, 50))


def _move(rng: random.Random, data: bytearray) -> None:
    start, end = _slice(rng, data)
    piece = data[start:end]
    del data[start:end]
    place = rng.randrange(len(data) + 1)
    data[place:place] = piece


def _truncate(rng: random.Random, data: bytearray) -> None:
    del data[rng.randrange(len(data) + 1) :]


def _slice(rng: random.Random, data: bytearray) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 4, 30, 300, 5000)))


_CHANGES: Sequence[Callable[[random.Random, bytearray], None]] = (
    _flip, _insert, _insert, _insert, _overwrite, _overwrite, _cut, _repeat, _move, _truncate,
)  # fmt: skip


def mutate_zip(rng: random.Random, data: bytes) -> bytes:
    """Change a member of a zip file and pack it again, so that the change reaches the parser.

    Once in eight times the packed bytes are changed instead.
    """
    try:
        if rng.random() < 1 / 8:
            return mutate_bytes(rng, data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    # RuntimeError: encrypted members, and those of a kind or version that zipfile does not know.
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError):
        return mutate_bytes(rng, data)
    # The text of a Word file is where most of the parsing is.
    names = [*members, *(["word/document.xml"] * 8 if "word/document.xml" in members else [])]
    name = rng.choice(names)
    members[name] = mutate_bytes(rng, members[name])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return buffer.getvalue()
