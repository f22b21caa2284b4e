"""Word and web files: blocks, tables, hidden text, damaged files."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from corpus.errors import DocumentError, EmptyDocument, EncryptedDocument
from corpus.reading.web_page import read_html
from corpus.reading.word import read_docx
from corpus.schema import BlockKind, Document, Language


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
