"""PDF → text: order, joins, headers and footers, headings, boxes, pages."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from corpus.reading.pdf.furniture import page_labels
from corpus.reading.pdf.lines import line_joint
from corpus.schema import BlockKind, Document, Language
from tests.corpus.pdf_samples import SONG, WIDTH, make_pdf, paragraph, read, write

ZH_LINES = [
    "报告期内公司实现营业收入一百一十七亿元较去年同期减少百分之四主要受全球经济放缓",
    "影响其中冷冻设备收入保持增长罐式集装箱收入有所下降公司将继续推进技术改造以提高",
    "产能并夯实招标管理。",
]
EN_LINES = [
    "Revenue declined in the second quarter, primarily driven by a decrease in the number of",
    "transactions and partially offset by a higher average order value in the online channel,",
    "which grew for the third quarter in a row.",
]


def texts(document: Document, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    return [document.block_text(block) for block in document.blocks if block.kind is kind]


@pytest.mark.parametrize(
    ("lines", "joint", "language"),
    [(ZH_LINES, "", Language.ZH), (EN_LINES, " ", Language.EN)],
    ids=["zh", "en"],
)
def test_hard_wraps_are_joined_as_the_language_wants(lines, joint, language):
    document = read(make_pdf(lambda c: paragraph(c, 60, 100, lines)))
    assert texts(document) == [joint.join(lines)]
    assert document.language is language


def test_two_columns_are_read_one_after_the_other():
    left = [f"left column line number {n} of the text" for n in range(12)]
    right = [f"right column line number {n} of the text" for n in range(12)]

    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 60, "A title over both columns of the page, set in larger type", 16)
        paragraph(canvas, 60, 100, left)
        paragraph(canvas, 320, 100, right)

    text = read(make_pdf(draw)).text
    assert text.index("left column line number 11") < text.index("right column line number 0")
    assert text.index("A title") < text.index("left column line number 0")


def test_three_columns_on_the_same_baselines_are_read_in_order():
    def draw(canvas: Canvas) -> None:
        for column, name in enumerate(("alpha", "beta", "gamma")):
            lines = [f"{name} column holds running text {n}" for n in range(15)]
            paragraph(canvas, 40 + 180 * column, 100, lines, 9)

    text = read(make_pdf(draw)).text
    order = [
        text.index(f"{name} column holds running text {n}")
        for name in ("alpha", "beta", "gamma")
        for n in (0, 14)
    ]
    assert order == sorted(order)


def test_running_headers_footers_and_page_numbers_are_removed():
    def page(number: int):
        def draw(canvas: Canvas) -> None:
            write(canvas, 220, 40, "2023 年年度报告")
            paragraph(
                canvas,
                60,
                120 + 15 * number,
                [f"Page content {word} only here." for word in ("one", "two")],
            )
            write(canvas, 280, 815, f"{number + 3} / 156")

        return draw

    document = read(make_pdf(*(page(n) for n in range(1, 6))))
    assert "年年度报告" not in document.text
    assert "156" not in document.text
    assert document.text.count("Page content one") == 5
    assert [page.label for page in document.pages] == ["4", "5", "6", "7", "8"]


def test_text_that_repeats_on_all_pages_is_kept_when_there_is_nothing_else():
    document = read(make_pdf(*[lambda c: write(c, 60, 60, "Strictly confidential")] * 4))
    assert document.text.count("Strictly confidential") == 4


def test_printed_numbers_become_labels_only_when_they_count_up():
    assert page_labels(["", "1", "2", "3"]) == ["1", "1", "2", "3"]
    assert page_labels(["9", "4", "7", ""]) == ["1", "2", "3", "4"]
    assert page_labels([]) == []


def test_a_paragraph_cut_by_a_page_break_is_one_block_and_each_half_is_on_its_page():
    document = read(
        make_pdf(
            lambda c: paragraph(c, 60, 700, ZH_LINES[:2]),
            lambda c: paragraph(c, 60, 100, ["使产品竞争力得到提升。", *ZH_LINES[2:]]),
        )
    )
    first, second = document.pages
    assert len(texts(document)) >= 1
    assert "招标管理以提高" not in document.text
    assert ZH_LINES[1] + "使产品竞争力得到提升。" in document.text
    assert document.text[second.start :].startswith("使产品竞争力")
    assert document.text[first.start : first.end].endswith(ZH_LINES[1])


def test_spaced_out_ideographs_are_one_word():
    def draw(canvas: Canvas) -> None:
        canvas.setFont(SONG, 10)
        for place, char in enumerate("目录"):
            canvas.drawString(200 + 22 * place, 700, char)
        write(canvas, 60, 200, "AI 绘 画 的 发 展")

    text = read(make_pdf(draw)).text
    assert "目录" in text
    assert "AI 绘画的发展" in text


def test_ligatures_and_radicals_become_ordinary_characters():
    document = read(make_pdf(lambda c: write(c, 60, 100, "\ufb01nancial ⼈⼯智能", font=SONG)))
    assert "人工智能" in document.text


@pytest.mark.parametrize(
    ("left", "right", "known", "joined"),
    [
        ("the re\u0002", "port", (), "the report"),
        ("an open\u0002", "domain task", ("open-domain",), "an open-domain task"),
        ("a high\u0002", "yield bond", ("high", "yield"), "a high-yield bond"),
        ("non\u0002", "GAAP income", (), "non-GAAP income"),
        ("in 1,234,", "567 units", (), "in 1,234,567 units"),
        ("September 21,", "2020", (), "September 21, 2020"),
        ("人工", "智能", (), "人工智能"),
        ("the report", "says", (), "the report says"),
    ],
)
def test_line_joint(left, right, known, joined):
    dropped, between = line_joint(left, right, frozenset(known))
    assert left[: len(left) - dropped] + between + right == joined


def test_headings_captions_notes_and_list_items_are_told_apart():
    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 80, "一、行业观点", 16)
        paragraph(canvas, 60, 120, ZH_LINES)
        write(canvas, 60, 220, "• 建议关注云厂商")
        write(canvas, 60, 250, "图 1：全球市场规模")
        write(canvas, 60, 280, "资料来源：公司公告，研究所")

    document = read(make_pdf(draw))
    kinds = {document.block_text(block): block.kind for block in document.blocks}
    assert kinds["一、行业观点"] is BlockKind.HEADING
    assert kinds["建议关注云厂商"] is BlockKind.LIST_ITEM
    assert kinds["图 1：全球市场规模"] is BlockKind.CAPTION
    assert kinds["资料来源：公司公告，研究所"] is BlockKind.NOTE
    body = next(b for b in document.blocks if document.block_text(b).startswith("报告期内"))
    assert body.section == ("一、行业观点",)


def test_a_tick_box_is_an_answer_and_not_a_bullet():
    document = read(make_pdf(lambda c: write(c, 60, 100, "□适用 √不适用", font=SONG)))
    assert document.text == "□适用 √不适用"


def test_vertical_side_notes_stand_apart_from_the_text():
    def draw(canvas: Canvas) -> None:
        paragraph(canvas, 80, 100, EN_LINES)
        canvas.saveState()
        canvas.translate(30, 300)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(0, 0, "Company research note")
        canvas.restoreState()

    document = read(make_pdf(draw))
    assert texts(document) == [" ".join(EN_LINES)]
    note = document.blocks[-1]
    assert document.block_text(note) == "Company research note"
    origin = next(o for o in document.origins if o.start >= note.start)
    assert origin.box is not None
    assert origin.box.x0 < 40
    assert origin.box.bottom - origin.box.top > 50  # it runs upwards


def test_every_line_knows_its_box_on_the_page():
    document = read(make_pdf(lambda c: paragraph(c, 60, 100, EN_LINES)))
    assert len(document.origins) == 3
    for line, origin in zip(EN_LINES, document.origins, strict=True):
        assert document.text[origin.start : origin.end] == line
        assert origin.box is not None
        assert origin.box.page == 1
        assert origin.box.x0 == pytest.approx(60, abs=1)
    second = document.origins[1].box
    assert second is not None
    assert second.top < 114 < second.bottom + 1  # the baseline of the second line


def test_a_rotated_page_is_read_as_shown():
    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf(_sideways))))
    writer.pages[0].rotate(90)
    buffer = io.BytesIO()
    writer.write(buffer)
    document = read(buffer.getvalue())
    assert document.text == "Shown upright on a turned page"
    assert document.blocks[0].kind is BlockKind.PARAGRAPH
    assert document.pages[0].width > WIDTH
    box = document.origins[0].box
    assert box is not None
    assert (box.x0, box.bottom) == (pytest.approx(100, abs=1), pytest.approx(302, abs=1))


def _sideways(canvas: Canvas) -> None:
    canvas.translate(300, 100)
    canvas.rotate(90)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(0, 0, "Shown upright on a turned page")


def test_blocks_cover_the_text_but_for_white_space():
    document = read(
        make_pdf(
            lambda c: paragraph(c, 60, 100, EN_LINES), lambda c: paragraph(c, 60, 100, ZH_LINES)
        )
    )
    last = 0
    for block in document.blocks:
        assert not document.text[last : block.start].strip()
        last = block.end
    assert last == len(document.text)
    assert document.pages[0].start == 0
    assert document.pages[-1].end == len(document.text)


def test_a_heading_goes_on_below_the_words_after_its_number() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 100, "B", 12, "Helvetica-Bold")
        write(canvas, 85, 100, "Alternative Functions and", 12, "Helvetica-Bold")
        write(canvas, 85, 115, "Triplet Loss", 12, "Helvetica-Bold")
        paragraph(
            canvas, 60, 140, ["In addition to dot product we also experiment with others."] * 4
        )

    document = read(make_pdf(draw))
    headings = [document.block_text(b) for b in document.blocks if b.kind is BlockKind.HEADING]
    assert headings == ["B Alternative Functions and Triplet Loss"]


def test_a_single_ideograph_is_read_where_no_font_stands_in_for_the_files() -> None:
    """pdfium drops a piece of text without an extent, as a missing glyph gives it."""

    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 100, "其他说明")
        write(canvas, 60, 170, "无")

    assert read(make_pdf(draw)).text.split() == ["其他说明", "无"]
