"""Which rows head others, where a grid holds several tables, which columns name a row."""

import pytest

from corpus.codec import from_json, to_json
from corpus.loaders import read_document
from corpus.reading.groups import indents_of, row_parents, table_starts
from corpus.reading.tables import count_label_columns
from corpus.schema import Table


def test_rows_stand_below_the_nearest_name_that_is_less_far_in() -> None:
    rows = [
        ["", "2024"],
        ["Revenue by category", ""],
        ["Domestic:", ""],
        ["Appliances", "1,384"],
        ["Total domestic", "8,890"],
        ["International:", ""],
        ["Appliances", "92"],
        ["All revenue", "9,583"],
    ]
    indents = [None, 0.0, 6.0, 12.0, 18.0, 6.0, 12.0, 0.0]
    parents = row_parents(rows, 1, indents)
    assert parents == (-1, -1, 1, 2, 2, 1, 5, -1)
    table = Table((), parents=parents)
    assert table.heads(6) == [5, 1]
    assert table.heads(7) == []


def test_an_empty_row_of_a_form_heads_nothing() -> None:
    rows = [["项目", "金额"], ["债务重组损益", ""], ["政府补助", "7,504"], ["合计", "7,504"]]
    assert row_parents(rows, 1, [0.0, 0.0, 0.0, 30.0]) == ()
    assert row_parents(rows, 1) == ()


def test_the_name_of_a_figure_that_is_not_there_heads_nothing() -> None:
    rows = [["离退休职工人数", ""], ["专业构成", ""], ["生产人员", "940"], ["销售人员", "79"]]
    assert row_parents(rows, 0, [0.0, 40.0, 40.0, 40.0]) == ()
    # the same rows under a name that may head them
    assert row_parents([["员工构成", ""], *rows[1:]], 0, [0.0, 40.0, 40.0, 40.0]) == (-1, 0, 0, 0)


def test_a_colon_heads_rows_up_to_the_total_without_any_indent() -> None:
    rows = [
        ["流动资产：", ""],
        ["货币资金", "122"],
        ["流动资产合计", "264"],
        ["非流动资产：", ""],
        ["固定资产", "74"],
        ["非流动资产合计", "1,045"],
        ["资产总计", "1,309"],
    ]
    assert row_parents(rows, 0) == (-1, 0, -1, -1, 3, -1, -1)


def test_numbered_rows_head_others_only_where_none_of_them_has_figures() -> None:
    rows = [["1. Child labour", ""], ["Other", "Nil"], ["2. Safety", ""], ["Posting", "June"]]
    assert row_parents(rows, 0) == (-1, 0, -1, 2)
    rows = [["1. 重新计量", ""], ["二、净利润", "12"], ["2. 公允价值", ""], ["每股收益", "0.6"]]
    assert row_parents(rows, 0) == ()


def test_centred_names_have_no_indent() -> None:
    centred: list[tuple[float, float] | None] = [(20, 80), (35, 65), (10, 90), (40, 60)]
    assert indents_of(centred) == [None] * 4
    assert indents_of([(0, 80), None, (6, 40), (6, 90)]) == [0, None, 6, 6]


def test_a_header_in_the_middle_of_a_grid_begins_a_table() -> None:
    rows = [
        ["数据", "2019年", "2018年"],
        ["营业收入", "1,175", "1,230"],
        ["", "2019年末", "2018年末"],
        ["总资产", "2,464", "2,051"],
    ]
    assert table_starts(rows, 1) == [0, 2]


def test_the_title_above_a_repeated_header_belongs_to_the_table_below() -> None:
    head = ["产品", "收入", "毛利率（%）"]
    rows = [
        ["分行业", "", ""],
        head,
        ["设备", "371", "32.5"],
        ["分地区", "", ""],
        ["地区", "收入", "毛利率（%）"],
        ["境内", "397", "29.4"],
    ]
    assert table_starts(rows, 2) == [0, 3]


def test_rows_of_words_begin_no_table() -> None:
    rows = [["姓名", "职务", "任期"], ["黄一", "董事", "2012"], ["李二", "监事", "2018"]]
    assert table_starts(rows, 1) == [0]
    figures = [
        ["", "2023", "2022"],
        ["Cash", "1", "2"],
        ["Notes", "none", "none"],
        ["Debt", "3", "4"],
    ]
    assert table_starts(figures, 1) == [0]


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([["Single", "BM25", "26.5"], ["Single", "DPR", "41.5"], ["Single", "ORQA", "33.3"]], 2),
        ([["DP", "NLL", "44.9"], ["", "Triplet", "41.6"], ["L2", "NLL", "43.5"]], 2),
        ([["Acme", "Paris", "12"], ["Bolt", "Rome", "8"], ["Core", "Rome", "9"]], 1),
        ([["Cash", "104", "280"], ["Cash", "117", "203"], ["Other", "47", "48"]], 1),
    ],
    ids=["repeated", "merged", "names", "figures"],
)
def test_a_column_that_groups_rows_is_followed_by_their_names(
    rows: list[list[str]], number: int
) -> None:
    assert count_label_columns(rows, 0) == number


def test_a_stored_table_without_the_new_field_is_still_read() -> None:
    stored = to_json(Table((), 1, 2, "caption", "元"))
    old = stored.rsplit(",", 1)[0] + "]"
    assert from_json(Table, old) == Table((), 1, 2, "caption", "元")


def test_groups_are_found_in_text_files_too() -> None:
    text = "# 报表\n\n| 项目 | 2024 |\n| --- | --- |\n| 流动资产： | |\n| 货币资金 | 122 |\n"
    document = read_document(text.encode(), "a.md")
    (table,) = (block.table for block in document.blocks if block.table)
    assert table.parents == (-1, -1, 1)


def test_a_repeated_name_stands_below_the_row_that_it_is_a_part_of() -> None:
    rows = [
        ["Operating income", "348"],
        ["% of revenue", "3.6%"],
        ["Restructuring", "(7)"],
        ["Total charges", "14"],
        ["Adjusted income", "362"],
        ["% of revenue", "3.8%"],
    ]
    assert row_parents(rows, 0, [0.0, 8.0, 8.0, 8.0, 0.0, 8.0]) == (-1, 0, -1, -1, -1, 4)
    assert row_parents(rows, 0) == ()


def test_names_that_recur_below_a_bare_row_stand_under_it() -> None:
    rows = [
        ["", "2023"],
        ["Net revenue", ""],
        ["North", "5,583"],
        ["South", "777"],
        ["Total", "6,360"],
        ["Operating profit", ""],
        ["North", "1,599"],
        ["South", "188"],
    ]
    assert row_parents(rows, 1, [None] + [0.0] * 7) == (-1, -1, 1, 1, -1, -1, 5, 5)
    alone = [["", "2023"], ["Assets", ""], ["Cash", "1"], ["Debts", ""], ["Loans", "2"]]
    assert row_parents(alone, 1, [None] + [0.0] * 4) == ()
