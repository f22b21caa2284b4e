"""Word and web files: blocks, tables, hidden text, damaged files."""

import io
import random
import struct
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from corpus.errors import DocumentError, EmptyDocument, EncryptedDocument
from corpus.loaders import read_document
from corpus.reading.web_page import read_html
from corpus.reading.word import read_docx
from corpus.schema import BlockKind, Document, Language
from eval.trust.mutation import mutate_zip


def tables(document: Document) -> list[list[list[str]]]:
    return [
        [[document.cell_text(cell) for cell in row] for row in block.table.rows]
        for block in document.blocks
        if block.table
    ]


def word_file(fill) -> bytes:
    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_file_keeps_headings_lists_and_merged_cells():
    def fill(document):
        document.add_heading("一、行业观点", level=1)
        document.add_paragraph("人工智能进入快速发展阶段。")
        document.add_paragraph("关注云厂商", style="List Bullet")
        document.add_paragraph("表 1：收入预测（亿元）")
        table = document.add_table(rows=2, cols=3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "公司"
        table.cell(0, 2).text = "收入"
        for column, text in enumerate(("甲", "增持", "12.3")):
            table.cell(1, column).text = text

    document = read_docx(word_file(fill), "report.docx")
    kinds = [(block.kind, document.block_text(block)) for block in document.blocks[:4]]
    assert kinds == [
        (BlockKind.HEADING, "一、行业观点"),
        (BlockKind.PARAGRAPH, "人工智能进入快速发展阶段。"),
        (BlockKind.LIST_ITEM, "关注云厂商"),
        (BlockKind.CAPTION, "表 1：收入预测（亿元）"),
    ]
    assert tables(document) == [[["公司", "", "收入"], ["甲", "增持", "12.3"]]]
    assert document.blocks[-1].table is not None
    assert document.blocks[-1].table.unit == "亿元"
    assert document.language is Language.ZH
    assert document.doc_id == "report"


def test_hidden_and_deleted_words_of_a_word_file_are_no_evidence():
    def fill(document):
        paragraph = document.add_paragraph("Seen by all. ")
        paragraph.add_run("Never shown.").font.hidden = True
        run = paragraph.add_run("Taken out.")
        paragraph._p.append(_deleted(run._r))

    document = read_docx(word_file(fill), "a.docx")
    assert document.text == "Seen by all."
    assert "Never shown." in document.skipped[0].reason


def _deleted(run):
    from docx.oxml import OxmlElement

    deleted = OxmlElement("w:del")
    for text in run.findall(qn("w:t")):
        text.tag = qn("w:delText")
    deleted.append(run)
    return deleted


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"oops", DocumentError, "not a Word file"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), EncryptedDocument, "encrypted"),
    ],
)
def test_what_is_no_docx_gets_a_message(data, error, message):
    with pytest.raises(error, match=message):
        read_docx(data, "a.docx")


def test_a_zip_that_is_no_word_file_and_one_that_unpacks_too_far():
    def pack(name: str, size: int) -> bytes:
        buffer = io.BytesIO()
        with (
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open(name, "w") as entry,
        ):
            for _ in range(size // 1_000_000 or 1):
                entry.write(bytes(min(size, 1_000_000)))
        return buffer.getvalue()

    with pytest.raises(DocumentError, match="damaged"):
        read_docx(pack("a.txt", 10), "a.docx")
    with pytest.raises(DocumentError, match="unpacks to"):
        read_docx(pack("word/document.xml", 2_000_000), "a.docx", max_unpacked_bytes=1_000_000)


PAGE = """<html><head><title>x</title><script>var a = 1;</script></head><body>
<nav>Home</nav><h1>Industry outlook</h1>
<div>Loose text <b>in bold</b>.<p>First <a href="#">paragraph</a>.</p></div>
<ul><li>One point</li><li>Another</li></ul>
<table><caption>Table 1: Revenue (US$ in millions)</caption>
<tr><th rowspan="2">Company</th><th colspan="2">Revenue</th></tr><tr><th>2022</th><th>2023</th></tr>
<tr><td>Alpha</td><td>1.0</td><td>2.0</td></tr></table>
<p style="display: none">Recommend buying</p><p hidden>Also hidden</p><!-- comment -->
</body></html>"""


def test_a_web_page_keeps_what_it_shows():
    document = read_html(PAGE.encode(), "page.html")
    blocks = [
        (block.kind, document.block_text(block)) for block in document.blocks if not block.table
    ]
    assert blocks == [
        (BlockKind.PARAGRAPH, "Home"),
        (BlockKind.HEADING, "Industry outlook"),
        (BlockKind.PARAGRAPH, "Loose text in bold."),
        (BlockKind.PARAGRAPH, "First paragraph."),
        (BlockKind.LIST_ITEM, "One point"),
        (BlockKind.LIST_ITEM, "Another"),
        (BlockKind.CAPTION, "Table 1: Revenue (US$ in millions)"),
    ]
    assert tables(document) == [
        [["Company", "Revenue", ""], ["", "2022", "2023"], ["Alpha", "1.0", "2.0"]]
    ]
    table = document.blocks[-1].table
    assert table is not None
    assert (table.header_rows, table.unit) == (2, "US$ in millions")
    assert "Recommend buying" in document.skipped[0].reason
    assert "comment" not in document.text


def test_a_chinese_page_in_gb18030_is_decoded():
    html = '<html><meta charset="gb2312"><body><p>人工智能行业深度报告</p></body></html>'
    assert read_html(html.encode("gb18030"), "a.html").text == "人工智能行业深度报告"


@pytest.mark.parametrize("html", ["", "<html><body><script>a</script></body></html>"])
def test_a_page_without_text_is_refused(html):
    with pytest.raises(EmptyDocument):
        read_html(html.encode(), "a.html")


@pytest.mark.parametrize("depth", [300, 5000])
def test_a_page_nested_without_end_is_refused(depth):
    with pytest.raises(DocumentError, match="nested"):
        read_html(b"<div>" * depth + b"text", "a.html")


def _tables(document: Document) -> list[tuple[list[list[str]], tuple[int, ...]]]:
    return [
        ([[document.cell_text(c) for c in row] for row in block.table.rows], block.table.parents)
        for block in document.blocks
        if block.table
    ]


def test_a_cell_over_all_columns_and_hard_spaces_show_what_heads_what() -> None:
    html = (
        "<table><tr><th>Segment</th><th>2024</th></tr><tr><td colspan=2>Domestic</td></tr>"
        "<tr><td>Phones</td><td>10</td></tr><tr><td>Assets</td><td></td></tr>"
        "<tr><td>&nbsp;&nbsp;Cash</td><td>7</td></tr><tr><td>Total</td><td>17</td></tr></table>"
    )
    ((rows, parents),) = _tables(read_document(html.encode(), "a.html"))
    assert [rows[head][0] if head >= 0 else "" for head in parents] == [
        "", "", "Domestic", "Domestic", "Assets", "",
    ]  # fmt: skip


def test_a_merged_row_of_a_word_table_heads_the_rows_below() -> None:
    import docx

    file = docx.Document()
    table = file.add_table(rows=4, cols=3)
    for number, row in enumerate(
        (["分部", "2024", "2023"], ["境内"], ["手机", "10", "8"], ["电脑", "5", "4"])
    ):
        for place, text in enumerate(row):
            table.cell(number, place).text = text
    table.cell(1, 0).merge(table.cell(1, 2))
    buffer = io.BytesIO()
    file.save(buffer)
    ((_, parents),) = _tables(read_document(buffer.getvalue(), "a.docx"))
    assert parents == (-1, -1, 1, 1)


def test_an_item_that_holds_a_list_or_paragraphs_is_an_item() -> None:
    html = "<ul><li>First<ul><li>Nested</li></ul></li><li><p>Second</p><p>More of it</p></li></ul>"
    document = read_document(html.encode(), "a.html")
    assert [(block.kind.value, document.block_text(block)) for block in document.blocks] == [
        ("list_item", "First"),
        ("list_item", "Nested"),
        ("list_item", "Second"),
        ("paragraph", "More of it"),
    ]


def test_markdown_underlines_fences_and_footnotes() -> None:
    text = "报告\n====\n\n业绩\n---\n\n收入增长[^1]。\n\n```python\nx = 1\n```\n\n[^1]: 不含汇率影响。\n"
    document = read_document(text.encode(), "a.md")
    assert [(block.kind.value, document.block_text(block)) for block in document.blocks] == [
        ("heading", "报告"),
        ("heading", "业绩"),
        ("paragraph", "收入增长。"),
        ("paragraph", "x = 1"),
        ("note", "不含汇率影响。"),
    ]


def _with_header_field(data: bytes, local: int, central: int, value: int) -> bytes:
    """Return a zip file with one 16-bit field of every member's two headers replaced."""
    changed = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        place = -1
        while (place := data.find(magic, place + 1)) >= 0:
            struct.pack_into("<H", changed, place + offset, value)
    return bytes(changed)


# Offsets as in PKWARE's APPNOTE 4.3.7 and 4.3.12.
@pytest.mark.parametrize(
    ("local", "central", "value"),
    [
        pytest.param(4, 6, 990, id="a later version"),
        pytest.param(6, 8, 1, id="encrypted"),
        pytest.param(8, 10, 99, id="an unknown compression"),
    ],
)
def test_a_zip_that_cannot_be_unpacked_is_called_damaged(local, central, value):
    whole = word_file(lambda document: document.add_paragraph("Seen by all."))
    broken = _with_header_field(whole, local, central, value)
    with pytest.raises(DocumentError, match="the Word file is damaged"):
        read_docx(broken, "a.docx")
    for seed in range(16):  # one in eight times the packed bytes are changed instead
        assert isinstance(mutate_zip(random.Random(seed), broken), bytes)
