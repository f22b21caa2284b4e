import pytest

from corpus.loaders import read_document
from corpus.schema import Analyst, Document, Metadata, Security


def read(text: str) -> Metadata:
    return read_document(text.encode(), "report.md").metadata


# As printed in the files: three of them carry no date of their own.
SHIPPED = {
    "000_90584e6a91591ae2": Metadata(
        title="预训练跨模态模型日趋成熟，智能物联 AIoT 行业有望受益",
        issuer="东方证券",
        securities=(Security("海康威视", "002415", "买入"), Security("大华股份", "002236", "买入")),
        has_forecasts=True,
    ),
    "001_25a8d3a807c203b0": Metadata(
        title="多模态技术加速，AI商业宏图正启",
        issuer="东吴证券",
        date="2023-12-18",
        analysts=(
            Analyst("张良卫", "S0600516070001"),
            Analyst("周良玖", "S0600517110002"),
            Analyst("郭若娜", "S0600122080017"),
        ),
    ),
    "003_df9cf0c7894b652b": Metadata(
        title="AIGC之AI绘画：技术与应用双突破，生产力变革在即",
        issuer="浙商证券",
        analysts=(Analyst("谢晨", "S1230521070004"), Analyst("姚逸云")),
        rating="看好(维持)",
    ),
    "004_3fd27e89a47051d0": Metadata(
        title="AIGC 行业趋势：泛娱乐加速应用，加强端侧部署",
        issuer="浦银国际证券",
        date="2024-04-26",
        analysts=(Analyst("赵丹"), Analyst("杨子超")),
    ),
}


@pytest.mark.parametrize("doc_id", SHIPPED)
def test_the_shipped_reports_say_of_themselves(doc_id: str, shipped: dict[str, Document]) -> None:
    assert shipped[doc_id].metadata == SHIPPED[doc_id]


def test_the_sora_report_names_its_stocks(shipped: dict[str, Document]) -> None:
    metadata = shipped["002_e256dbcac6dad0ec"].metadata
    assert metadata.title == "视频生成模型再迎突破"
    assert metadata.issuer == "华金证券"
    assert metadata.date == ""  # related reports carry dates, the report itself does not
    assert metadata.analysts == (Analyst("倪爽", "S0910523020003"),)
    assert metadata.rating.startswith("领先大市-A")
    tickers = [security.ticker for security in metadata.securities]
    assert len(tickers) == len(set(tickers)) == 13
    assert Security("捷成股份", "300182.SZ") in metadata.securities


def test_an_invented_chinese_report() -> None:
    assert read(
        "# 光伏：价格见底\n\n2025 年 1 月 9 日\n\n"
        "首席分析师：陆鸣\n\n执业证书编号：S0123456789012\n\n"
        "行业评级：推荐(上调)\n\n组件价格止跌，推荐青川股份(600123.SH，增持)。\n\n"
        "资料来源：公司公告，华岭证券研究所\n\n资料来源：华岭证券研究所\n"
    ) == Metadata(
        title="光伏：价格见底",
        issuer="华岭证券",
        date="2025-01-09",
        analysts=(Analyst("陆鸣", "S0123456789012"),),
        rating="推荐(上调)",
        securities=(Security("青川股份", "600123.SH", "增持"),),
    )


def test_an_invented_english_report() -> None:
    metadata = read(
        "# Copper: deficits ahead\n\nAnna Bell\nSenior Analyst\nanna.bell@example.com\n\n"
        "3 February 2025\n\nRating: Overweight\n\n"
        "Harbour Securities expects a deficit of 210,000 tonnes. Harbour Securities prefers "
        "Ridge Mining.\n"
    )
    assert metadata.title == "Copper: deficits ahead"
    assert metadata.issuer == "Harbour Securities"
    assert metadata.date == "2025-02-03"
    assert [analyst.name for analyst in metadata.analysts] == ["Anna Bell"]
    assert metadata.rating == "Overweight"


@pytest.mark.parametrize(
    "front",
    [
        "Analyst: Dana Whitfield",
        "Analysts: Dana Whitfield",
        "Dana Whitfield, CFA\nSenior Equity Analyst",
        "Dana Whitfield\nAnalyst\ndana@example.com",
    ],
)
def test_an_english_analyst_is_named(front: str) -> None:
    metadata = read(f"# Copper: deficits ahead\n\n{front}\n\n3 February 2025\n\nPrices rose.\n")
    assert [analyst.name for analyst in metadata.analysts] == ["Dana Whitfield"]


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("2024年3月5日", "2024-03-05"),
        ("2024-03-05", "2024-03-05"),
        ("2024.3.5", "2024-03-05"),
        ("发布日期：2024年12月31日", "2024-12-31"),
        ("March 5, 2024", "2024-03-05"),
        ("5 March 2024", "2024-03-05"),
        ("2024年13月5日", ""),
        ("2024年2月30日", ""),
    ],
)
def test_the_date_is_iso_or_nothing(line: str, date: str) -> None:
    assert read(f"# 标题是一份报告\n\n{line}\n\n正文说明市场情况良好。\n").date == date


def test_a_date_in_a_sentence_is_not_the_reports() -> None:
    assert read("# 标题\n\n公司于2024年3月5日发布了新产品，销量超出预期。\n").date == ""


def test_what_the_text_does_not_say_stays_empty() -> None:
    metadata = read("市场今天没有变化，成交量下降。\n")
    assert metadata.title
    assert metadata == Metadata(title=metadata.title)


def test_a_year_in_brackets_is_no_ticker() -> None:
    assert read("# 标题\n\n根据规划(2025)，行业将增长。见附录(第3页)。\n").securities == ()


def test_each_ticker_is_listed_once_in_order() -> None:
    securities = read(
        "# 标题\n\n推荐青川股份(600123.SH，增持)与远帆科技(300456.SZ)。青川股份(600123.SH)领先。\n"
    ).securities
    assert [security.ticker for security in securities] == ["600123.SH", "300456.SZ"]
    assert [security.name for security in securities] == ["青川股份", "远帆科技"]
