import codecs

import pytest

from corpus.errors import DocumentError, EmptyDocument
from corpus.reading.decode import decode_text

CHINESE = "2023年，公司营业收入为12.5亿元，同比增长30%。\n管理层预计明年继续增长。\n"
TRADITIONAL = "2023年，公司營業收入為12.5億元，同比增長30%。\n管理層預計明年繼續增長。\n"
ENGLISH = "Revenue was US$3.2 billion in 2023, up 12%.\nThe plant opened in Oslo.\n"
WESTERN = "Revenue rose 12% to £3.2 billion, a “strong” result — the café in Zürich opened.\n"


@pytest.mark.parametrize("text", [CHINESE, TRADITIONAL, ENGLISH], ids=["zh", "zh-Hant", "en"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
        ("gb18030", b""),
    ],
    ids=["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030"],
)
def test_text_is_decoded_whatever_it_was_saved_in(text: str, encoding: str, mark: bytes) -> None:
    assert decode_text(mark + text.encode(encoding), file_name="a.txt") == text


@pytest.mark.parametrize("encoding", ["gbk", "gb2312"])
def test_older_chinese_encodings_are_recognised(encoding: str) -> None:
    assert decode_text(CHINESE.encode(encoding), file_name="a.txt") == CHINESE


def test_big5_is_told_from_gb18030() -> None:
    assert decode_text(TRADITIONAL.encode("big5"), file_name="a.txt") == TRADITIONAL


def test_english_saved_by_windows_is_not_read_as_chinese() -> None:
    assert decode_text(WESTERN.encode("cp1252"), file_name="a.txt") == WESTERN


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_utf_16_without_a_mark_is_recognised(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding), file_name="a.txt") == text


def test_line_ends_become_one_kind_and_inner_marks_go() -> None:
    assert decode_text("a\r\nb\rc\ufeff\nd".encode(), file_name="a.txt") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 8,
        b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 16 + b"\x00" * 64,
        b"\x7fELF\x02\x01\x01" + b"\x00\x10\x8b\x48\x01\xe8\xff\x74" * 60 + b"\x00",
        b"\x00\x01\x02\x03" * 100,
        b"\xff" * 500,
    ],
    ids=["all bytes", "png", "elf", "small numbers", "ff"],
)
def test_binary_is_refused_with_its_name_and_a_remedy(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"chart\.txt.*UTF-8"):
        decode_text(data, file_name="chart.txt")


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE + "\n \n".encode("utf-16-le")]
)
def test_a_file_without_text_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyDocument, match=r"blank\.md"):
        decode_text(data, file_name="blank.md")


def test_text_cut_in_the_middle_of_a_character_is_not_silently_mangled() -> None:
    cut = CHINESE.encode("utf-8")[:-2]
    try:
        decoded = decode_text(cut, file_name="cut.txt")
    except DocumentError:
        return
    assert "营业收入" in decoded
