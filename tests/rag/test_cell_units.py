"""Bare figures of tables get the unit that their labels or their table state."""

import pytest

from corpus.schema import BlockKind, Language, Role
from rag.evidence.cell_units import CENTS, EXCEPTS_SHARES, measured, table_unit_of
from rag.evidence.evidence import Evidence


@pytest.mark.parametrize(
    ("text", "unit", "row", "column", "expected"),
    [
        ("1,384", "$ in millions", "Appliances", "July 29, 2023", "$1,384 million"),
        ("$ 9,583", "$ in millions", "Revenue", "July 29, 2023", "$9,583 million"),
        ("(204)", "US$ in thousands", "Dividends", "2023", "-US$204 thousand"),
        ("1.25", "$ in millions, except per share amounts", "Earnings per share", "2023", "1.25"),
        ("3.6 %", "$ in millions", "% of revenue", "2023", "3.6 %"),
        ("32.51", "元", "冷冻设备", "毛利率（%）", "32.51%"),
        ("504", "亿元", "收入", "2023年", "504亿元"),
        ("50.23", "股", "黄杰", "税前报酬总额（万元）", "50.23万元"),
        ("董事长", "股", "黄杰", "职务", "董事长"),
        ("12", "1 credit = $0.01", "Credits", "", "12"),
    ],
)
def test_a_figure_counts_in_its_own_unit_or_in_the_tables(
    text: str, unit: str, row: str, column: str, expected: str
) -> None:
    assert measured(text, unit, row, column) == expected


def test_a_label_with_a_unit_overrules_the_table() -> None:
    assert table_unit_of("元", "占年度销售总额占比（%）") == ""
    assert table_unit_of("元", "销售额") == "元"


def test_sentences_are_left_as_they_are() -> None:
    sentence = Evidence(
        doc_id="a", block=0, start=0, end=2, quote="12", text="12", language=Language.EN,
        role=Role.CONTENT, section=(), page=None, around=(), unit="$ in millions",
    )  # fmt: skip
    assert sentence.kind is BlockKind.PARAGRAPH
    assert sentence.measured == "12"


@pytest.mark.parametrize(
    ("unit", "figure", "is_by_share"),
    [
        ("MILLIONS, EXCEPT PER COMMON SHARE DATA", "$ 3.85", True),
        ("$ in millions, except per share amounts", "(1.04)", True),
        ("$ in millions, except per share amounts", "21,979", False),
        ("$ in millions, except per share amounts", "475.1", False),
        ("$ in millions", "3.85", False),
    ],
)
def test_cents_are_by_the_share_where_the_unit_excepts_them(
    unit: str, figure: str, *, is_by_share: bool
) -> None:
    assert bool(EXCEPTS_SHARES.search(unit) and CENTS.match(figure)) is is_by_share
