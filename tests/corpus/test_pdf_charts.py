"""Labels of charts are kept apart from sentences; tables and captions beside them are not."""

from reportlab.pdfgen.canvas import Canvas

from corpus.schema import BlockKind, Document, Role
from tests.corpus.pdf_samples import HEIGHT, make_pdf, paragraph, read, write

PROSE = [
    "Sales of the segment rose in every year of the plan, and we expect them to go on rising as",
    "the new plants reach their full output, which the company puts at the end of next year.",
]


def figures(document: Document) -> list[str]:
    return [document.block_text(block) for block in document.blocks if block.role is Role.FIGURE]


def axis(canvas: Canvas) -> None:
    for place, year in enumerate(("2021", "2022", "2023", "2024E")):
        write(canvas, 110 + 50 * place, 312, year, 7)
        write(canvas, 80, 304 - 30 * place, str(10 * place), 7)
    write(canvas, 270, 216, "Sales (left)", 7)


def test_labels_of_a_bar_chart_are_no_text() -> None:
    def draw(canvas: Canvas) -> None:
        paragraph(canvas, 60, 80, PROSE)
        write(canvas, 60, 180, "Figure 3: Sales by year")
        canvas.setFillColorRGB(0.1, 0.3, 0.7)
        for place, height in enumerate((30, 45, 70, 90)):
            canvas.rect(110 + 50 * place, HEIGHT - 303, 24, height, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        axis(canvas)
        write(canvas, 60, 340, "Source: company data")
        paragraph(canvas, 60, 400, PROSE)

    document = read(make_pdf(draw))
    (labels,) = figures(document)
    assert {"2021", "2024E", "30", "Sales (left)"} <= set(labels.split(" · "))
    said = [
        (block.kind, document.block_text(block))
        for block in document.blocks
        if block.role is not Role.FIGURE
    ]
    assert [kind for kind, _ in said] == [
        BlockKind.PARAGRAPH,
        BlockKind.CAPTION,
        BlockKind.NOTE,
        BlockKind.PARAGRAPH,
    ]
    assert not any("2021" in text for _, text in said)


def test_labels_of_a_curve_are_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        paragraph(canvas, 60, 80, PROSE)
        for place in range(3):
            canvas.bezier(110, 560, 160, 600 - 9 * place, 220, 520, 300, 620 - 9 * place)
        axis(canvas)
        paragraph(canvas, 60, 400, PROSE)

    document = read(make_pdf(draw))
    assert len(figures(document)) == 1
    assert not any(block.table for block in document.blocks)


def test_text_over_a_drawn_background_is_text() -> None:
    def draw(canvas: Canvas) -> None:
        for place in range(4):
            canvas.bezier(60, 780, 200, 700 + 9 * place, 300, 790, 500, 720 - 9 * place)
        paragraph(canvas, 60, 80, PROSE)

    document = read(make_pdf(draw))
    assert not figures(document)
    assert document.text == " ".join(PROSE)


def test_a_shaded_table_is_a_table() -> None:
    rows = [
        ("Revenue", "9,583", "10,329"),
        ("Cost", "7,363", "8,042"),
        ("Profit", "2,220", "2,287"),
    ]

    def draw(canvas: Canvas) -> None:
        for place, row in enumerate(rows):
            canvas.setFillColorRGB(0.8, 0.85, 1)
            for x, width in ((60, 150), (210, 90), (300, 80)):
                canvas.rect(x, HEIGHT - 104 - 16 * place, width, 14, stroke=0, fill=1)
            canvas.setFillColorRGB(0, 0, 0)
            write(canvas, 62, 100 + 16 * place, row[0])
            canvas.drawRightString(290, HEIGHT - 100 - 16 * place, row[1])
            canvas.drawRightString(370, HEIGHT - 100 - 16 * place, row[2])

    document = read(make_pdf(draw))
    assert not figures(document)
    assert sum(block.table is not None for block in document.blocks) == 1
