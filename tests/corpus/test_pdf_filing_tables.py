"""Tables as companies print them in filings: years under a span, signs apart, shaded rows, several in one."""

from reportlab.pdfgen.canvas import Canvas

from corpus.reading.groups import table_starts
from corpus.reading.pdf.items import without_sign_columns
from corpus.reading.tables import count_header_rows, num_header_rows_below
from corpus.reading.traced import Traced
from corpus.schema import Document, Table
from tests.corpus.pdf_samples import HEIGHT, Draw, grid, make_pdf, read, write

NAMES = ("Net sales", "Cost of sales", "Operating income", "Net income")


def figures(canvas: Canvas, y: float, name: str, values: list[str]) -> None:
    write(canvas, 60, y, name, 9)
    for place, value in enumerate(values):
        canvas.drawRightString(330 + 90 * place, HEIGHT - y, value)


def tables_of(document: Document) -> list[tuple[Table, list[list[str]]]]:
    return [
        (block.table, [[document.text[c.start : c.end] for c in row] for row in block.table.rows])
        for block in document.blocks
        if block.table is not None
    ]


def test_years_below_the_span_they_are_of_go_on_with_the_header() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 340, 100, "Year Ended December 31,", 9)
        figures(canvas, 114, "", ["2021", "2022", "2023"])
        for place, name in enumerate(NAMES):
            figures(canvas, 130 + 14 * place, name, ["1,106", "1,366", "1,773"])

    ((table, rows),) = tables_of(read(make_pdf(draw)))
    assert table.header_rows == 2
    assert rows[1] == ["", "2021", "2022", "2023"]
    assert rows[2] == ["Net sales", "1,106", "1,366", "1,773"]


def test_a_long_span_heads_the_table_and_the_next_one_its_own() -> None:
    def draw(canvas: Canvas) -> None:
        for top, span in (
            (100, "Three Months Ended December 31,"),
            (220, "Six Months Ended June 30,"),
        ):
            write(canvas, 330, top, span, 9)
            figures(canvas, top + 14, "", ["2022", "2021"])
            figures(canvas, top + 28, "($ in millions)", ["Total", "Total"])
            for place, name in enumerate(NAMES):
                figures(canvas, top + 44 + 14 * place, name, ["1,092", "1,030"])

    found = tables_of(read(make_pdf(draw)))
    assert len(found) == 2
    for (table, rows), span in zip(found, ("Three Months", "Six Months"), strict=True):
        header = " ".join(cell for row in rows[: table.header_rows] for cell in row)
        assert span in header
        assert "2022" in header
        assert rows[table.header_rows][0] == "Net sales"


def test_rows_below_a_header_are_its_own_only_where_they_are_dates_or_remarks() -> None:
    header = [["", "13 Weeks Ended", ""], ["", "January 28,", "January 29,"]]
    rest = [["", "2023", "2022"], ["", "(Unaudited)", ""], ["Sales", "7", "8"]]
    assert num_header_rows_below([*header, *rest], 2) == 2
    assert num_header_rows_below([*header, *rest], count_header_rows([*header, *rest])) == 0
    assert num_header_rows_below([["", "Units", ""], ["", "31", "30"], ["Sales", "7", "8"]], 1) == 0
    assert (
        num_header_rows_below([["", "A", "B"], ["Founded", "1998", "2003"], ["X", "1", "2"]], 1)
        == 0
    )


def test_a_second_span_in_a_grid_begins_a_table() -> None:
    rows = [
        ["", "13 Weeks Ended", ""], ["", "January 28,", "January 29,"], ["", "2023", "2022"],
        ["Cosmetics", "40%", "41%"], ["Skincare", "16%", "15%"],
        ["", "52 Weeks Ended", ""], ["", "January 28,", "January 29,"], ["", "2023", "2022"],
        ["Cosmetics", "42%", "43%"], ["Skincare", "17%", "17%"],
    ]  # fmt: skip
    assert table_starts(rows, 3) == [0, 5]


def test_currency_signs_go_with_their_figures() -> None:
    rows = [
        ["", "2022", "", "2021", ""],
        ["Cash", "$", "11,258", "$", "12,277"],
        ["Other", "", "917", "", "1,028"],
    ]
    traced = [tuple(Traced.of(cell, 0) for cell in row) for row in rows]
    assert [[cell.text for cell in row] for row in without_sign_columns(traced)] == [
        ["", "2022", "2021"],
        ["Cash", "$ 11,258", "$ 12,277"],
        ["Other", "917", "1,028"],
    ]
    moved = without_sign_columns([tuple(map(Traced.added, ("Net", "3,226.8 $", "2,729.4", "x")))])
    assert [cell.text for cell in moved[0]] == ["Net", "3,226.8", "$ 2,729.4", "x"]


def test_the_gaps_between_shaded_cells_are_no_columns_rulings() -> None:
    def draw(canvas: Canvas) -> None:
        figures(canvas, 100, "Years ended December 31,", ["2022", "2021", "2020"])
        for place, name in enumerate((*NAMES, "Total assets")):
            figures(
                canvas, 120 + 14 * place, name, [f"{place + 1},054", f"{place + 2},057", "21.0"]
            )
        # Hairlines beside the first figures, over all rows; one ruling above and one below.
        for y in (108, 180):
            canvas.line(60, HEIGHT - y, 520, HEIGHT - y)
        for x in (250, 345, 440):
            canvas.rect(x, HEIGHT - 180, 0.8, 72, stroke=0, fill=1)

    ((_, rows),) = tables_of(read(make_pdf(draw)))
    assert ["Cost of sales", "2,054", "3,057", "21.0"] in rows
    assert rows[0] == ["Years ended December 31,", "2022", "2021", "2020"]


def test_the_header_of_a_statement_on_two_pages_is_no_running_header() -> None:
    def statement(span: str) -> Draw:
        def draw(canvas: Canvas) -> None:
            write(canvas, 60, 60, span, 9)
            figures(canvas, 60, "", ["2023", "2022"])
            for place, name in enumerate(NAMES):
                figures(canvas, 76 + 14 * place, name, ["1,106", "1,366"])

        return draw

    pages = [statement("Three Months Ended June 30,"), statement("Six Months Ended June 30,")]
    found = tables_of(read(make_pdf(*pages)))
    assert [rows[0] for _, rows in found] == [
        ["Three Months Ended June 30,", "2023", "2022"],
        ["Six Months Ended June 30,", "2023", "2022"],
    ]
    assert all(table.header_rows == 1 for table, _ in found)


def test_a_unit_between_the_names_of_columns_and_their_figures_is_no_row() -> None:
    def draw(canvas: Canvas) -> None:
        for top, region in ((100, "Latin America"), (230, "Asia, and the Pacific")):
            write(canvas, 60, top, region, 9, "Helvetica-Bold")
            figures(canvas, top + 20, "", ["2022", "2021", "2022 vs. 2021"])
            write(canvas, 260, top + 32, "(in thousands, except revenue per member)", 9)
            for place, name in enumerate(NAMES):
                figures(canvas, top + 46 + 14 * place, name, ["1,106", "1,366", "(260)"])

    found = tables_of(read(make_pdf(draw)))
    assert len(found) == 2
    for (table, rows), region in zip(
        found, ("Latin America", "Asia, and the Pacific"), strict=True
    ):
        header = rows[: table.header_rows]
        assert region in (table.caption, header[0][0])
        assert ["2022", "2021", "2022 vs. 2021"] in [row[1:] for row in header]
        assert [row[0] for row in rows[table.header_rows :]] == list(NAMES)
        assert table.unit == "in thousands, except revenue per member"


def test_years_beside_a_name_go_on_with_the_span_above() -> None:
    rows = [["", "March 26,", "Dec. 31,"], ["Backlog", "2023", "2022"], ["Space", "29", "30"]]
    assert num_header_rows_below(rows, 1) == 1
    rows = [["", "Increase", ""], ["Years Ended", "2021", "2021 vs. 2020"], ["Sales", "1", "2"]]
    assert num_header_rows_below(rows, 1) == 1
    rows = [["", "A", "B"], ["Opened", "2021", "2020"], ["Rooms", "7", "8"]]
    assert num_header_rows_below(rows, 1) == 0


def test_lines_around_nothing_but_a_header_make_no_table_of_it() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, [280, 460], [96, 112, 128])
        canvas.line(370, HEIGHT - 112, 370, HEIGHT - 128)
        write(canvas, 300, 108, "Quarters Ended", 8)
        for place, day in enumerate(("March 26, 2023", "March 27, 2022")):
            canvas.drawRightString(360 + 90 * place, HEIGHT - 124, day)
        for place, name in enumerate(NAMES):
            figures(canvas, 140 + 14 * place, name, ["1,106", "1,366"])

    ((table, rows),) = tables_of(read(make_pdf(draw)))
    assert "2023" in " ".join(rows[table.header_rows - 1])
    assert [row[0] for row in rows[table.header_rows :]] == list(NAMES)
