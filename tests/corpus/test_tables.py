import pytest

from corpus.reading.tables import (
    align_rows,
    cell_type,
    count_header_rows,
    count_label_columns,
    table_unit,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        ("—", "empty"),
        ("/", "empty"),
        ("300624.SZ", "ticker"),
        ("002415", "ticker"),
        ("2025E", "period"),
        ("FY24", "period"),
        ("1Q25", "period"),
        ("2023年", "period"),
        ("453亿元", "number"),
        ("-3.5%", "number"),
        ("$1,234.5", "number"),
        ("约20美元/月", "number"),
        ("12x", "number"),
        ("3D资产", "text"),
        ("万兴科技", "text"),
        ("Revenue", "text"),
    ],
)
def test_cells_are_told_apart(text: str, kind: str) -> None:
    assert cell_type(text) == kind


def test_a_row_whose_merged_first_cell_is_missing_moves_right() -> None:
    rows = [
        ["地区", "城市", "销量"],
        ["华东", "上海", "120"],
        ["", "杭州", "90"],
        ["华南", "深圳", "80"],
    ]
    assert align_rows(rows) == [0, 0, 0, 0]
    shifted = [
        ["板块", "代码", "名称", "市值"],
        ["影视", "300182", "捷成股份", "12.3亿"],
        ["300133", "华策影视", "10.1亿", ""],
        ["游戏", "002517", "恺英网络", "20.5亿"],
    ]
    assert align_rows(shifted) == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([["产品", "售价"], ["A", "3.5"]], 1),
        ([["Product", "Price"], ["A", "$3"]], 1),
        ([["营业收入", "3.5"], ["净利润", "1.2"]], 0),
        ([["", "2023", "2024E"], ["收入", "1", "2"]], 1),
        ([["公司", "2023年", ""], ["", "收入", "利润"], ["甲", "1", "2"]], 2),
        ([["公司的中文名称", "瀚海装备集团"], ["公司的法定代表人", "沈砚秋"]], 0),
        ([["2019年收入", "本期"], ["2019年利润", "上期"]], 1),
        ([["only one row", "x"]], 0),
        ([], 0),
    ],
    ids=["zh", "en", "no header", "periods", "two rows", "entries", "years", "single row", "empty"],
)
def test_header_rows_are_counted(rows: list[list[str]], number: int) -> None:
    assert count_header_rows(rows) == number


def test_group_code_and_name_columns_name_the_row() -> None:
    rows = [
        ["板块", "代码", "名称", "市值"],
        ["影视", "300182", "捷成", "1"],
        ["", "300133", "华策", "2"],
        ["", "300251", "光线", "3"],
    ]
    assert count_label_columns(rows, 1) == 3
    assert count_label_columns([["产品", "价格"], ["A", "1"]], 1) == 1


@pytest.mark.parametrize(
    ("caption", "corner", "unit"),
    [
        ("表 3：收入预测（亿元）", "", "亿元"),
        ("图 2：产业链（示意）", "", ""),
        ("Table 2: Forecasts (US$ in millions)", "", "US$ in millions"),
        ("表 1：参数（单位：万元）", "", "万元"),
        ("", "单位：百万元", "百万元"),
        ("", "项目（%）", "%"),
        ("Revenue by segment", "", ""),
    ],
)
def test_the_unit_is_read_from_the_caption_or_the_corner(
    caption: str, corner: str, unit: str
) -> None:
    assert table_unit(caption, corner) == unit
