"""Financial statements in PDFs: names far from their figures, grouped headers, sparse forms."""

from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from corpus.loaders import read_document
from corpus.reading.tables import count_header_rows, table_unit
from corpus.schema import Block, BlockKind, Document, Table
from tests.corpus.pdf_samples import HEIGHT, cells, grid, make_pdf, paragraph, read, write

PROSE = [
    "The accompanying notes are an integral part of these consolidated statements of ours."
] * 3


def table_of(document: Document) -> tuple[Table, list[list[str]]]:
    (block,) = (block for block in document.blocks if block.table)
    assert block.table is not None
    return block.table, [[document.cell_text(cell) for cell in row] for row in block.table.rows]


def row(canvas: Canvas, y: float, name: str, figures: Sequence[str], lift: float = 0.0) -> None:
    """Write a name at the left margin and figures that end at 400, 480, 560."""
    write(canvas, 40, y + lift, name, 8)
    for place, figure in enumerate(figures):
        canvas.drawRightString(400 + 80 * place, HEIGHT - y, figure)


def test_names_keep_their_figures_over_a_wide_gap_and_groups_stay_in_the_table() -> None:
    def draw(canvas: Canvas) -> None:
        paragraph(canvas, 40, 60, PROSE)
        row(canvas, 120, "", ["July 2024", "July 2023"])
        row(canvas, 132, "Assets", [])
        row(canvas, 144, "Current assets", [])
        row(canvas, 156, "Cash and cash equivalents", ["1,093", "1,874"])
        row(canvas, 168, "Receivables, net", ["856", "1,141"], lift=1.5)
        row(canvas, 180, "Total current assets", ["1,949", "3,015"], lift=1.5)
        for place, name in enumerate(("Liabilities", "Current liabilities", "Equity", "Ordinary")):
            row(canvas, 192 + 12 * place, name, [])
        row(canvas, 240, "Accounts payable", ["5,471", "5,687"])
        row(canvas, 252, "Accrued liabilities", ["709", "843"], lift=1.5)
        paragraph(canvas, 40, 300, PROSE)

    table, rows = table_of(read(make_pdf(draw)))
    assert rows[0] == ["", "July 2024", "July 2023"]
    assert rows[1:4] == [
        ["Assets", "", ""],
        ["Current assets", "", ""],
        ["Cash and cash equivalents", "1,093", "1,874"],
    ]
    assert rows[5] == ["Total current assets", "1,949", "3,015"]
    assert rows[-1] == ["Accrued liabilities", "709", "843"]
    assert len(rows) == 12
    assert table.header_rows == 1


def test_a_name_of_two_lines_is_one_row() -> None:
    def draw(canvas: Canvas) -> None:
        row(canvas, 100, "Revenue", ["10", "20"])
        row(canvas, 112, "Common stock, 1.0 billion shares authorised and", [])
        row(canvas, 124, "outstanding", ["22", "23"])
        row(canvas, 136, "Net earnings", ["30", "40"])

    _, rows = table_of(read(make_pdf(draw)))
    assert rows[1] == ["Common stock, 1.0 billion shares authorised and outstanding", "22", "23"]
    assert len(rows) == 3


def test_the_ruling_under_a_name_of_a_header_shows_what_it_covers() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawCentredString(450, HEIGHT - 100, "Benefits")
        canvas.line(340, HEIGHT - 103, 562, HEIGHT - 103)
        row(canvas, 114, "", ["Domestic", "Abroad", "Total"])
        for place, name in enumerate(("Balance in January", "Charges", "Payments")):
            row(canvas, 128 + 12 * place, name, ["34", "1", "35"])

    table, rows = table_of(read(make_pdf(draw)))
    assert rows[:2] == [["", "Benefits", "", ""], ["", "Domestic", "Abroad", "Total"]]
    assert table.header_rows == 2


def test_several_columns_of_words_name_a_row() -> None:
    def draw(canvas: Canvas) -> None:
        heads = (("Asset", 40), ("Location", 180), ("Level", 290))
        for text, x in heads:
            write(canvas, x, 100, text, 8)
        row(canvas, 100, "", ["2024", "2023"])
        names = ("Money funds", "Time deposits", "Money funds")
        for place, (name, location) in enumerate(
            zip(names, ("Cash", "Cash", "Other"), strict=True)
        ):
            y = 114 + 12 * place
            write(canvas, 180, y, location, 8)
            write(canvas, 290, y, "Level 1", 8)
            row(canvas, y, name, [f"{place}04", f"{place}80"])

    table, rows = table_of(read(make_pdf(draw)))
    assert rows[1] == ["Money funds", "Cash", "Level 1", "004", "080"]
    assert table.label_columns == 3


def test_the_title_is_the_caption_and_the_line_below_it_the_unit() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 40, 80, "Consolidated balance sheets", 12)
        write(canvas, 40, 94, "$ in millions, except per share amounts (unaudited)", 12)
        row(canvas, 120, "", ["2024", "2023"])
        for place, name in enumerate(("Cash", "Receivables", "Inventories")):
            row(canvas, 132 + 12 * place, name, ["1,093", "840"])
        paragraph(canvas, 40, 220, PROSE)

    table, _ = table_of(read(make_pdf(draw)))
    assert table.caption == "Consolidated balance sheets"
    assert table.unit == "$ in millions, except per share amounts"


def test_a_unit_is_read_where_it_stands_alone_and_in_brackets() -> None:
    assert table_unit("单位：元 币种：人民币") == "元"
    assert table_unit("Debt was as follows ($ in millions):") == "$ in millions"
    assert table_unit("(RMB in thousands)") == "RMB in thousands"
    assert table_unit("sold in millions of homes") == ""


def test_a_table_of_contents_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 40, 80, "CONTENTS", 12)
        for place in range(8):
            row(canvas, 110 + 12 * place, f"Part {chr(65 + place)} of the report", [str(3 + place)])

    assert not any(block.table for block in read(make_pdf(draw)).blocks)


def form(canvas: Canvas, names: Sequence[str], filled: dict[tuple[int, int], str]) -> None:
    """Draw a ruled form: a row per name and five columns, few of them filled."""
    xs = [60, 200, 270, 340, 410, 480, 550]
    ys = [100 + 16 * place for place in range(len(names) + 1)]
    grid(canvas, xs, ys)
    rows = [[name, *(filled.get((i, j), "") for j in range(5))] for i, name in enumerate(names)]
    cells(canvas, xs, ys, rows)


def test_a_sparse_form_over_two_pages_is_one_table_with_its_columns() -> None:
    names = [f"Item {letter}" for letter in "ABCDEFGHIJ"]

    def first(canvas: Canvas) -> None:
        heads = {(0, j): f"Col {j}" for j in range(5)}
        form(canvas, ["Changes", *names[:5]], {**heads, (1, 0): "1.5", (2, 4): "2.5"})

    def second(canvas: Canvas) -> None:
        form(canvas, names[5:], {(0, 3): "3.5", (4, 0): "4.5"})

    _, rows = table_of(read(make_pdf(first, second)))
    assert rows[0] == ["Changes", "Col 0", "Col 1", "Col 2", "Col 3", "Col 4"]
    assert rows[1] == ["Item A", "1.5", "", "", "", ""]
    assert rows[6] == ["Item F", "", "", "", "3.5", ""]
    assert rows[10] == ["Item J", "4.5", "", "", "", ""]


def test_header_rows_are_counted_down_to_the_last_part_of_a_merged_name() -> None:
    head = [
        ["项目", "2019年度", "", "", ""],
        ["", "归属于母公司", "", "", "合计"],
        ["", "股本", "其他", "", ""],
        ["", "", "优先股", "永续债", ""],
    ]
    body = [["期末余额", "210,674", "", "", "23,127"]] * 2
    assert count_header_rows([*head, *body]) == 4
    assert count_header_rows([["前十名股东", "", ""], ["股东", "数量", "比例"], *body]) == 2
    wide = [
        ["分行业情况", "", ""],
        ["分行业", "本期占总成本比例(%)", "本期金额较上年同期变动比例(%)"],
    ]
    assert count_header_rows([*wide, *body]) == 2
    assert count_header_rows([["甲", "1", ""], *body]) == 0


def test_a_long_cell_among_short_ones_does_not_make_a_frame() -> None:
    long = ["A promise of the holder that goes on for a while and on"] * 9

    def draw(canvas: Canvas) -> None:
        xs, ys = [60, 120, 180, 460, 510, 550], [100, 300, 330]
        grid(canvas, xs, ys)
        cells(
            canvas,
            xs,
            ys,
            [["Lock-up", "Huang", "", "yes", "no"], ["Other", "Li", "x", "no", "no"]],
        )
        paragraph(canvas, 183, 114, long)

    _, rows = table_of(read(make_pdf(draw)))
    assert rows[0] == ["Lock-up", "Huang", " ".join(long), "yes", "no"]


def kinds(document: Document) -> list[tuple[BlockKind, str]]:
    def text(block: Block) -> str:
        return document.block_text(block)

    return [(block.kind, text(block)) for block in document.blocks]


def test_a_unit_line_is_no_heading() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 40, 80, "Results of the year", 14)
        write(canvas, 40, 100, "(RMB in millions)", 14)
        paragraph(canvas, 40, 140, PROSE)

    assert kinds(read(make_pdf(draw)))[1] == (BlockKind.PARAGRAPH, "(RMB in millions)")


def test_a_figure_in_the_first_row_of_a_page_is_no_page_number() -> None:
    def draw(canvas: Canvas) -> None:
        for place, name in enumerate(("Revenue", "Cost of sales", "Net earnings")):
            row(canvas, 60 + 12 * place, name, [f"{place}0"])

    _, rows = table_of(read(make_pdf(draw)))
    assert rows[0] == ["Revenue", "00"]


def test_headings_stand_below_the_numbers_of_outer_kinds() -> None:
    lines = (
        "第四节 经营情况",
        "一、经营分析",
        "（一）主营业务",
        "1. 收入",
        "(1) 分行业",
        "2. 成本",
        "（二）投资",
    )
    text = "".join(f"# {line}\n\n公司经营情况良好，收入增长。\n\n" for line in lines)
    document = read_document(text.encode(), "annual.md")
    levels = [block.level for block in document.blocks if block.kind is BlockKind.HEADING]
    assert levels == [2, 3, 4, 5, 6, 5, 4]
    dotted = "".join(
        f"# {line}\n\n收入增长良好，超出预期。\n\n" for line in ("1 概况", "1.1 收入", "2 展望")
    )
    document = read_document(dotted.encode(), "report.md")
    assert [block.level for block in document.blocks if block.level] == [1, 2, 1]


def test_indents_make_parts_of_a_statement() -> None:
    def draw(canvas: Canvas) -> None:
        row(canvas, 100, "", ["2024", "2023"])
        row(canvas, 112, "Revenue by category", [])
        lines = (("Domestic:", 8, []), ("Appliances", 16, ["1,384", "1,657"]))
        lines += (("International:", 8, []), ("Appliances", 16, ["92", "104"]))
        lines += (("All revenue", 0, ["9,583", "10,329"]),)
        for place, (name, indent, figures) in enumerate(lines):
            y = 124 + 12 * place
            write(canvas, 40 + indent, y, name, 8)
            row(canvas, y, "", figures)

    table, rows = table_of(read(make_pdf(draw)))
    names = {number: cells[0] for number, cells in enumerate(rows)}
    assert [[names[head] for head in table.heads(number)] for number in (3, 5, 6)] == [
        ["Domestic:", "Revenue by category"],
        ["International:", "Revenue by category"],
        [],
    ]


def test_a_name_over_the_middle_of_several_columns_covers_them() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(40, HEIGHT - 100, "Model")
        for name, x in (("Top-20", 290), ("Top-100", 470)):
            canvas.drawCentredString(x, HEIGHT - 100, name)
        for place, name in enumerate(("NQ", "WQ", "TREC") * 2):
            canvas.drawCentredString(230 + 60 * place, HEIGHT - 112, name)
        for number, name in enumerate(("BM25", "Dense", "Both")):
            canvas.drawString(40, HEIGHT - 126 - 12 * number, name)
            for place in range(6):
                figure = f"{50 + 7 * place + number}.1"
                canvas.drawCentredString(230 + 60 * place, HEIGHT - 126 - 12 * number, figure)

    table, rows = table_of(read(make_pdf(draw)))
    assert rows[0] == ["Model", "Top-20", "", "", "Top-100", "", ""]
    assert rows[1] == ["", "NQ", "WQ", "TREC", "NQ", "WQ", "TREC"]
    assert table.header_rows == 2


def test_the_name_of_a_group_half_way_down_two_rulings_heads_its_first_row() -> None:
    """As typeset in papers: no upright lines but one, and two names to each group."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 8)
        for y in (90, 104, 134, 164):
            canvas.line(40, HEIGHT - y, 330, HEIGHT - y)
        canvas.line(140, HEIGHT - 90, 140, HEIGHT - 164)
        canvas.drawString(44, HEIGHT - 100, "Sim")
        canvas.drawString(66, HEIGHT - 100, "Loss")
        for place, name in enumerate(("Top-1", "Top-5", "Top-20")):
            canvas.drawString(170 + 50 * place, HEIGHT - 100, name)
        for number, loss in enumerate(("NLL", "Triplet", "NLL", "Triplet")):
            y = HEIGHT - 114 - 12 * number - (6 if number > 1 else 0)
            canvas.drawString(66, y, loss)
            for place in range(3):
                canvas.drawString(172 + 50 * place, y, f"{40 + 10 * place + number}.5")
        canvas.drawString(44, HEIGHT - 120, "DP")
        canvas.drawString(44, HEIGHT - 150, "L2")

    table, rows = table_of(read(make_pdf(draw)))
    assert rows[1:] == [
        ["DP", "NLL", "40.5", "50.5", "60.5"],
        ["", "Triplet", "41.5", "51.5", "61.5"],
        ["L2", "NLL", "42.5", "52.5", "62.5"],
        ["", "Triplet", "43.5", "53.5", "63.5"],
    ]
    assert rows[0] == ["Sim", "Loss", "Top-1", "Top-5", "Top-20"]
    assert table.label_columns == 2


def test_lines_side_by_side_in_a_ruled_row_are_rows() -> None:
    """As in the Federal Register: rulings between the columns only, dots lead to the next one."""
    xs = [40, 180, 320, 400, 480, 560]

    def draw(canvas: Canvas) -> None:
        grid(canvas, xs, [100, 120])
        cells(canvas, xs, [100], [["Action", "Labor", "Parts", "Each", "All"]])
        for x in xs[1:-1]:
            canvas.line(x, HEIGHT - 120, x, HEIGHT - 175)
        for y, line in (
            (
                132,
                ("Wiring change .......", "Up to 79 hours =", "Up to $3 ...", "$10 .....", "$766."),
            ),
            (144, ("", "$6,715.", "", "", "")),
            (156, ("Sensor test .......", "40 hours =", "$0 .....", "$3,400 ..", "$248.")),
            (168, ("", "$3,400.", "", "", "")),
        ):
            for x, text in zip(xs, line, strict=False):
                if text:
                    write(canvas, x + 3, y, text, 8)

    _, rows = table_of(read(make_pdf(draw)))
    assert rows[1:] == [
        ["Wiring change", "Up to 79 hours = $6,715.", "Up to $3", "$10", "$766."],
        ["Sensor test", "40 hours = $3,400.", "$0", "$3,400", "$248."],
    ]


def test_a_document_that_prints_captions_below_its_tables_keeps_to_it() -> None:
    def draw(canvas: Canvas) -> None:
        for number in (1, 2):
            top = 80 + 120 * number
            row(canvas, top, "", ["2024", "2023"])
            for place, name in enumerate(("Cash", "Receivables", "Inventories")):
                row(canvas, top + 12 + 12 * place, name, ["1,093", "840"])
            write(canvas, 40, top + 66, f"Table {number}: What there is in year {number}.", 8)

    document = read(make_pdf(draw))
    captions = [block.table.caption for block in document.blocks if block.table]
    assert captions == [f"Table {n}: What there is in year {n}." for n in (1, 2)]
