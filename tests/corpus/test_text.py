import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from corpus.errors import AssistantError, EmptyDocument, NoDocuments, UnsupportedFile
from corpus.loaders import list_files, read_document
from corpus.reading.decode import decode_text
from corpus.reading.identity import document_id
from corpus.schema import Block, BlockKind, Document
from index.settings import DOCUMENTS_DIR
from tests.tiny_corpus import NASTY_TEXTS, TINY_CORPUS, assert_whole


def read(text: str, name: str = "report.txt") -> Document:
    return read_document(text.encode(), name)


def blocks(text: str) -> list[tuple[str, str]]:
    """Return (kind, text) of every block."""
    document = read(text)
    return [(block.kind.value, document.block_text(block)) for block in document.blocks]


def rows(document: Document, block: Block) -> list[list[str]]:
    assert block.table is not None
    return [[document.cell_text(cell) for cell in row] for row in block.table.rows]


def tables(text: str) -> list[list[list[str]]]:
    document = read(text)
    return [rows(document, block) for block in document.blocks if block.table]


# Every line is 40 columns wide, as converters of PDF files write them.
WRAPPED_ZH = (
    "本公司在二零二三年全年的营业收入实现稳健",
    "增长，主要得益于海外市场的持续扩张以及新",
    "产品的放量，其中机器人业务的贡献最为显著",
    "，毛利率则由于原材料价格的下降而同比有所",
    "提升，管理层对下一年度的前景保持乐观并且",
    "计划继续加大研发方面的投入力度与人员编制",
    "规模。",
)
WRAPPED_EN = (
    "Revenue grew in every region last year as the new",
    "line of robots reached customers in Europe and in",
    "Asia, while gross margin rose on lower prices for",
    "steel and batteries; management expects the trend",
    "to hold through next year and plans to spend more",
    "on research, on its sales offices and on the size",
    "of its plant.",
)


@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["no blank lines", "blank lines"])
@pytest.mark.parametrize(
    ("lines", "joint"), [(WRAPPED_ZH, ""), (WRAPPED_EN, " ")], ids=["zh", "en"]
)
def test_hard_wrapped_lines_become_one_paragraph(
    lines: tuple[str, ...], joint: str, gap: str
) -> None:
    assert blocks(gap.join(lines)) == [("paragraph", joint.join(lines))]


def test_a_paragraph_cut_by_a_page_break_is_joined() -> None:
    before = (
        "随着扩散模型与多模态大模型的逐步成熟，图像生成的成本在过去两年里下降了一个数量级，企业"
    )
    after = (
        "因此开始把生成式工具放进设计流程，我们预计这一趋势会在未来三年里延续，并扩展到视频与三维。"
    )
    assert blocks(f"{before}\n\n{after}\n") == [("paragraph", before + after)]


def test_paragraphs_that_end_in_a_full_stop_stay_apart() -> None:
    first = "随着扩散模型与多模态大模型的逐步成熟，图像生成的成本在过去两年里下降了一个数量级。"
    second = "因此企业开始把生成式工具放进设计流程，我们预计这一趋势会在未来三年里延续。"
    assert blocks(f"{first}\n\n{second}\n") == [("paragraph", first), ("paragraph", second)]


def test_marked_headings_nest_by_their_numbers() -> None:
    document = read(
        "# 总览\n\n## 1 市场\n\n### 1.1 规模\n\n规模很大。\n\n## 2 风险\n\n竞争加剧。\n"
    )
    sections = {document.block_text(block): block.section for block in document.blocks}
    assert sections["规模很大。"][-2:] == ("1 市场", "1.1 规模")
    assert sections["竞争加剧。"][-1] == "2 风险"
    assert "1 市场" not in sections["竞争加剧。"]


def test_a_heading_excludes_itself_from_its_section() -> None:
    document = read("# Overview\n\nText stands here.\n")
    assert document.blocks[0].section == ()
    assert document.blocks[0].level == 1
    assert document.blocks[1].section == ("Overview",)


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "⚫ ", "□ ", "◆ ", "➢ ", "\uf06c "])
def test_bullets_are_list_items_without_their_mark(mark: str) -> None:
    assert blocks(f"{mark}机器人需求增长。\n{mark}成本下降。\n") == [
        ("list_item", "机器人需求增长。"),
        ("list_item", "成本下降。"),
    ]


@pytest.mark.parametrize(
    "text", ["3.5亿元的投资已经完成。", "-5% 是市场的预期。", "2023 年收入增长。"]
)
def test_a_figure_at_the_start_of_a_line_is_no_list_mark(text: str) -> None:
    assert blocks(text)[0][1].startswith(text[:4].strip())


def test_captions_and_notes_are_kept_apart_from_prose() -> None:
    assert blocks(
        "图 1：市场规模\n\n资料来源：公司公告\n\nFigure 2: Sales\n\nSource: company\n"
    ) == [
        ("caption", "图 1：市场规模"),
        ("note", "资料来源：公司公告"),
        ("caption", "Figure 2: Sales"),
        ("note", "Source: company"),
    ]


def test_captions_side_by_side_are_two_captions() -> None:
    text = "图 1：市场规模      图 2：增速\n\n资料来源：艾瑞  资料来源：公司公告\n"
    assert blocks(text) == [
        ("caption", "图 1：市场规模"),
        ("caption", "图 2：增速"),
        ("note", "资料来源：艾瑞"),
        ("note", "资料来源：公司公告"),
    ]


def test_a_tab_separated_table_keeps_its_cells() -> None:
    assert tables("地区\t装机\n浙江\t589\n广东\t437\n") == [
        [["地区", "装机"], ["浙江", "589"], ["广东", "437"]]
    ]


def test_short_rows_are_filled_and_shifted_rows_are_put_right() -> None:
    text = (
        "板块\t代码\t名称\t市值\n影视\t300182\t捷成股份\t12.3亿\n"
        "300133\t华策影视\t10.1亿\n游戏\t002517\t恺英网络\t20.5亿\n"
    )
    assert tables(text) == [
        [
            ["板块", "代码", "名称", "市值"],
            ["影视", "300182", "捷成股份", "12.3亿"],
            ["", "300133", "华策影视", "10.1亿"],
            ["游戏", "002517", "恺英网络", "20.5亿"],
        ]
    ]


def test_a_markdown_table_drops_its_rule_and_its_pipes() -> None:
    text = (
        "Table 1: Chips (US$)\n\n"
        "| Chip | Price |\n| :--- | ---: |\n| **Heron** | $149 |\n|  | $289 |\n"
    )
    document = read(text)
    block = next(block for block in document.blocks if block.table)
    assert rows(document, block) == [["Chip", "Price"], ["Heron", "$149"], ["", "$289"]]
    assert block.table is not None
    assert block.table.caption == "Table 1: Chips (US$)"
    assert block.table.header_rows == 1


def test_tables_with_a_blank_line_between_them_are_two() -> None:
    assert len(tables("a\tb\n1\t2\n\nc\td\n3\t4\n")) == 2


def test_remains_of_html_and_markdown_are_not_shown() -> None:
    text = (
        "**核心观点**：需求<b>上升</b>，见[附录](#a)与<https://example.com>。\n\n"
        "| 优点 | 缺点 |\n|---|---|\n| <ul><li>便宜</li><li>快</li></ul> | 吵<br>重 |\n"
    )
    document = read(text)
    assert (
        document.block_text(document.blocks[0])
        == "核心观点：需求上升，见附录与https://example.com。"
    )
    assert tables(text) == [[["优点", "缺点"], ["便宜；快", "吵；重"]]]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("营收为$3 billion，利润为$1 billion。", "营收为$3 billion，利润为$1 billion。"),
        ("表 1：收入（US$，百万）", "表 1：收入（US$，百万）"),
        (
            "Revenue, US$ in millions, HK$ in brackets.",
            "Revenue, US$ in millions, HK$ in brackets.",
        ),
        ("where $x_t$ is noise and $W$ is a matrix.", "where x_t is noise and W is a matrix."),
        ("a < b and c > d hold.", "a < b and c > d hold."),
        ("The price is $20 per month, \\$240 a year.", "The price is $20 per month, $240 a year."),
        ("snake_case_name stays as it is.", "snake_case_name stays as it is."),
        ("2*3*4 is 24 in all.", "2*3*4 is 24 in all."),
        ("见[1]与[2]两处。", "见[1]与[2]两处。"),
    ],
)
def test_dollar_signs_brackets_and_the_like_are_not_taken_for_markup(raw: str, shown: str) -> None:
    assert blocks(raw)[0][1] == shown


def test_a_gap_that_a_converter_left_between_ideographs_is_closed() -> None:
    assert blocks("AI 绘 画 是 AIGC 的重要分支。")[0][1] == "AI 绘画是 AIGC 的重要分支。"


@pytest.mark.parametrize("name", TINY_CORPUS)
def test_the_tiny_corpus_is_read_whole(name: str) -> None:
    document = read(TINY_CORPUS[name], name)
    assert_whole(document, TINY_CORPUS[name])


@pytest.mark.parametrize("path", sorted(DOCUMENTS_DIR.glob("*.txt")), ids=lambda path: path.stem)
def test_the_shipped_reports_are_read_whole(path: Path, shipped: dict[str, Document]) -> None:
    decoded = decode_text(path.read_bytes(), file_name=path.name)
    document = shipped[path.stem]
    assert_whole(document, decoded)
    # What is not shown is markup: no ideograph of the file is lost or made up.
    shown = sorted(char for char in document.text if "\u4e00" <= char <= "\u9fff")
    there = sorted(char for char in decoded if "\u4e00" <= char <= "\u9fff")
    assert shown == there


@pytest.mark.parametrize("name", NASTY_TEXTS)
def test_nasty_texts_are_read_whole_or_refused_as_empty(name: str) -> None:
    data = NASTY_TEXTS[name].encode()
    try:
        document = read_document(data, "nasty.txt")
    except EmptyDocument:
        shown = re.sub(r"表 1：|图 2：|资料来源：|</?\w+>", "", NASTY_TEXTS[name])
        assert not any(char.isalpha() for char in shown)
        return
    assert_whole(document, decode_text(data, file_name="nasty.txt"))


_PIECES = st.sampled_from(
    ["# ", "## 1.1 ", "- ", "| ", " |", "\t", "\n", "\n\n", "**", "<br>", "</li><li>", "[a](b)",
     "表 1：", "图 2：", "资料来源：", "免责声明", "2023年", "12.5亿元", "市场规模增长。",
     "Revenue rose. ", "---", "|---|", "$", "\\", "（1）", "①", "……5", "S0990521000011",
     "a@b.cn", "\u3000", "\x0c"]
)  # fmt: skip


@hypothesis_settings(max_examples=120, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=40).map("".join)))
def test_any_text_is_read_whole_or_refused(text: str) -> None:
    data = text.encode("utf-8", errors="ignore")
    try:
        document = read_document(data, "any.txt")
    except AssistantError:
        return
    assert_whole(document, decode_text(data, file_name="any.txt"))
    for left, right in pairwise(document.blocks):
        assert left.end < right.start


def test_reading_twice_gives_the_same_document() -> None:
    text = TINY_CORPUS["zh_warehouse.md"]
    assert read(text) == read(text)


@pytest.mark.parametrize("name", ["a.pptx", "a.xlsx", "a", "a.TXT.exe"])
def test_a_file_without_a_reader_is_refused_and_the_readers_are_named(name: str) -> None:
    with pytest.raises(UnsupportedFile, match=r"\.txt"):
        read_document(b"text", name)


def test_the_ending_may_be_in_capitals() -> None:
    assert read_document(b"Plain text.", "REPORT.TXT").text == "Plain text."


def test_an_empty_file_says_so() -> None:
    with pytest.raises(EmptyDocument, match=r"a\.txt.*0 bytes"):
        read_document(b"", "a.txt")


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "a/b c#?.txt", "….txt", "报告 (1).txt"])
def test_an_id_is_safe_in_a_path_and_a_url(name: str) -> None:
    doc_id = document_id(name)
    assert doc_id
    assert not set(doc_id) & set(" /\\?#%&:")
    assert not doc_id.startswith(".")


def test_files_are_listed_in_order_without_hidden_and_foreign_ones(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("x", encoding="utf-8")
    folder = tmp_path / "documents"
    (folder / "sub").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("b.txt", "a.md", "sub/c.TXT", ".hidden.txt", ".git/d.txt", "e.docx", "SOURCES.md"):
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    found = [path.relative_to(folder).as_posix() for path in list_files(folder)]
    assert found == ["a.md", "b.txt", "e.docx", "sub/c.TXT"]


def test_a_folder_without_documents_is_an_error_that_says_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(NoDocuments, match=r"\.txt"):
        list_files(tmp_path)
    with pytest.raises(NoDocuments, match="not a folder"):
        list_files(tmp_path / "nowhere")


def test_block_kinds_are_only_the_known_ones(shipped: dict[str, Document]) -> None:
    for document in shipped.values():
        assert {block.kind for block in document.blocks} <= set(BlockKind)
        assert all(
            bool(block.table) == (block.kind is BlockKind.TABLE) for block in document.blocks
        )
        assert all(
            bool(block.level) == (block.kind is BlockKind.HEADING) for block in document.blocks
        )
