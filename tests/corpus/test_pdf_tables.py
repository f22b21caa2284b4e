"""Tables in PDFs: with lines, without, merged cells, over pages."""

from reportlab.pdfgen.canvas import Canvas

from corpus.reading.pdf.grids import is_figure
from corpus.schema import BlockKind, Document
from tests.corpus.pdf_samples import HEIGHT, cells, grid, make_pdf, paragraph, read, write

PROSE = [
    "The following table shows how revenue developed over the last three years of the plan, and",
    "the text goes on for a while so that it reads as running text before the table begins.",
]


def tables(document: Document) -> list[list[list[str]]]:
    return [
        [[document.cell_text(cell) for cell in row] for row in block.table.rows]
        for block in document.blocks
        if block.table
    ]


def test_a_ruled_table_keeps_rows_header_caption_and_unit():
    xs, ys = [60, 200, 300, 400], [150, 170, 190, 210]
    rows = [
        ["项目", "2021 年", "2022 年"],
        ["营业收入", "1,230", "1,175"],
        ["净利润", "182", "129"],
    ]

    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 100, "表 1：主要财务数据")
        write(canvas, 330, 140, "单位：万元")
        grid(canvas, xs, ys)
        cells(canvas, xs, ys, rows)

    document = read(make_pdf(draw))
    assert tables(document) == [rows]
    table = next(block.table for block in document.blocks if block.table)
    assert table.header_rows == 1
    assert table.caption == "表 1：主要财务数据"
    assert table.unit == "万元"


def test_a_merged_cell_is_followed_by_empty_ones_and_wrapped_cells_are_joined():
    def draw(canvas: Canvas) -> None:
        for y in (100, 120, 160):
            canvas.line(60, HEIGHT - y, 360, HEIGHT - y)
        for x in (60, 360):
            canvas.line(x, HEIGHT - 100, x, HEIGHT - 160)
        for x in (160, 260):
            canvas.line(x, HEIGHT - 120, x, HEIGHT - 160)
        write(canvas, 150, 114, "分行业情况")
        paragraph(canvas, 63, 134, ["罐式集装", "箱业务"])
        write(canvas, 163, 134, "764,321")
        write(canvas, 263, 134, "17.30")

    document = read(make_pdf(draw))
    assert tables(document) == [[["分行业情况", "", ""], ["罐式集装箱业务", "764,321", "17.30"]]]


def test_a_table_whose_lines_leave_out_columns_is_cut_at_its_white_space():
    rows = [
        ["BM25", "59.1", "66.9", "55.0"],
        ["DPR", "78.4", "79.4", "73.2"],
        ["Both", "76.6", "79.8", "71.0"],
    ]

    def draw(canvas: Canvas) -> None:
        ys = [100, 120, 140, 160, 180]
        grid(canvas, [60, 160, 360], ys)
        cells(canvas, [60, 180, 240, 300], ys, [["Model", "NQ", "WQ", "TREC"], *rows])

    assert tables(read(make_pdf(draw))) == [[["Model", "NQ", "WQ", "TREC"], *rows]]


def test_a_table_without_lines_is_found_with_its_header():
    header = ["", "2021", "2022", "2023E"]
    rows = [
        ["Revenue", "9,583", "10,329", "11,050"],
        ["Cost of sales", "(7,363)", "(8,042)", "(8,680)"],
        ["Gross profit margin", "23.2%", "22.1%", "21.4%"],
        ["Net earnings", "274", "306", "-"],
    ]

    def draw(canvas: Canvas) -> None:
        paragraph(canvas, 60, 80, PROSE)
        for place, row in enumerate([header, *rows]):
            for column, text in enumerate(row):
                canvas.setFont("Helvetica", 10)
                y = HEIGHT - 140 - 16 * place
                if column:
                    canvas.drawRightString(250 + 80 * column, y, text)
                else:
                    canvas.drawString(60, y, text)
        paragraph(canvas, 60, 250, PROSE)

    document = read(make_pdf(draw))
    assert tables(document) == [[header, *rows]]
    assert sum(block.kind is BlockKind.PARAGRAPH for block in document.blocks) == 2


def test_header_names_of_several_lines_are_one_row_and_groups_another():
    def draw(canvas: Canvas) -> None:
        paragraph(
            canvas,
            60,
            60,
            ["Consolidated statements of earnings", "US$ in millions, unaudited"],
            12,
        )
        for x, text in ((310, "Three months ended"), (470, "Six months ended")):
            canvas.setFont("Helvetica", 10)
            canvas.drawCentredString(x, HEIGHT - 120, text)
        for column in range(4):
            for line, text in enumerate(("July", str(2022 + column % 2))):
                canvas.drawRightString(
                    290 + 80 * column, HEIGHT - 134 - 14 * line, f"{text} restated"
                )
        for place, label in enumerate(("Revenue", "Cost of sales", "Gross profit", "Net earnings")):
            write(canvas, 60, 164 + 14 * place, label)
            for column in range(4):
                figure = f"{place + 1},{column}00"
                canvas.drawRightString(290 + 80 * column, HEIGHT - 164 - 14 * place, figure)

    document = read(make_pdf(draw))
    (rows,) = tables(document)
    assert rows[0] == ["", "Three months ended", "", "Six months ended", ""]
    assert rows[1] == ["", *["July restated 2022 restated", "July restated 2023 restated"] * 2]
    assert rows[2] == ["Revenue", "1,000", "1,100", "1,200", "1,300"]
    table = next(block.table for block in document.blocks if block.table)
    assert table.header_rows == 2


def test_currency_signs_set_apart_belong_to_their_figures():
    def draw(canvas: Canvas) -> None:
        for place, (label, figure) in enumerate(
            [("Revenue", "9,583"), ("Net earnings", "274"), ("Cash", "1,093")]
        ):
            write(canvas, 60, 100 + 16 * place, label)
            write(canvas, 250, 100 + 16 * place, "$")
            canvas.drawRightString(330, HEIGHT - 100 - 16 * place, figure)

    assert tables(read(make_pdf(draw))) == [
        [["Revenue", "$ 9,583"], ["Net earnings", "$ 274"], ["Cash", "$ 1,093"]]
    ]


def test_columns_of_text_are_no_table():
    def draw(canvas: Canvas) -> None:
        paragraph(canvas, 60, 100, [f"left column line number {n} of the text" for n in range(12)])
        paragraph(canvas, 320, 100, [f"right column has {n} lines of text now" for n in range(12)])

    assert tables(read(make_pdf(draw))) == []


def test_a_table_over_two_pages_is_one_table_without_its_repeated_header():
    xs = [60, 200, 400]
    header = ["Company", "Employees"]

    def page(names: list[str]):
        def draw(canvas: Canvas) -> None:
            ys = [100 + 20 * place for place in range(len(names) + 2)]
            grid(canvas, xs, ys)
            cells(canvas, xs, ys, [header, *([name, str(100 + len(name))] for name in names)])

        return draw

    document = read(make_pdf(page(["Alpha", "Beta"]), page(["Gamma", "Delta"])))
    assert tables(document) == [
        [header, ["Alpha", "105"], ["Beta", "104"], ["Gamma", "105"], ["Delta", "105"]]
    ]
    assert document.text[document.pages[1].start :].startswith("Gamma")


def test_a_row_cut_by_the_page_break_is_put_together():
    xs = [60, 160, 260, 400]

    def first(canvas: Canvas) -> None:
        ys = [700, 720, 740]
        grid(canvas, xs, ys)
        cells(canvas, xs, ys, [["产品", "金额", "说明"], ["设备", "371", "主要系冷链扩产"]])

    def second(canvas: Canvas) -> None:
        ys = [80, 100, 120]
        grid(canvas, xs, ys)
        cells(canvas, xs, ys, [["", "", "项目人员储备所致"], ["集装箱", "764", "无"]])

    assert tables(read(make_pdf(first, second))) == [
        [
            ["产品", "金额", "说明"],
            ["设备", "371", "主要系冷链扩产项目人员储备所致"],
            ["集装箱", "764", "无"],
        ]
    ]


def test_frames_around_text_are_no_tables():
    def draw(canvas: Canvas) -> None:
        grid(canvas, [50, 560], [90, 200])
        paragraph(canvas, 60, 110, PROSE)

    document = read(make_pdf(draw))
    assert tables(document) == []
    assert document.text == " ".join(PROSE)


def test_figures_are_told_from_words():
    figures = ["1,234.5", "(29.55)", "26.1 %", "$", "2024E", "—", "-%", "US$ 3.5", "12.3x", "N/A"]
    words = ["Revenue", "3 units", "第一季度", "2019年报告期", ""]
    assert [text for text in figures if not is_figure(text)] == []
    assert [text for text in words if is_figure(text)] == []
