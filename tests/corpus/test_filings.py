"""Covers of companies' own reports, of papers and of white papers: who, what, when."""

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.loaders import read_document
from corpus.reading.pdf.titles import with_pdf_title
from corpus.schema import Metadata, Security
from tests.corpus.pdf_samples import cells, grid, make_pdf, paragraph, read, write

SENTENCE = (
    "Halden Securities Limited acted as sponsor, and Norvik Corporation supplied parts to us."
)


def read_text(text: str) -> Metadata:
    return read_document(text.encode(), "report.md").metadata


def test_a_quarterly_report_is_its_registrants_and_of_its_period() -> None:
    def cover(canvas: Canvas) -> None:
        write(canvas, 150, 80, "UNITED STATES SECURITIES AND EXCHANGE COMMISSION", 14)
        write(canvas, 250, 110, "FORM 10-Q", 14)
        write(canvas, 100, 140, "For the quarterly period ended July 29, 2023")
        write(canvas, 220, 180, "ARBOR & PINE CO., INC.", 14)
        write(canvas, 180, 200, "(Exact name of registrant as specified in its charter)")
        xs, ys = [60, 240, 360, 520], [250, 270, 290]
        grid(canvas, xs, ys)
        rows = [
            ["Title of each class", "Trading Symbol", "Name of exchange"],
            ["Common Stock", "ARBP", "New York Stock Exchange"],
        ]
        cells(canvas, xs, ys, rows)
        paragraph(canvas, 60, 340, [SENTENCE] * 3)

    def last(canvas: Canvas) -> None:
        write(canvas, 60, 100, "SIGNATURES", 14)
        write(canvas, 60, 140, "Date: September 1, 2023")

    metadata = read(make_pdf(cover, last)).metadata
    company = "ARBOR & PINE CO., INC."
    assert metadata.issuer == company
    assert metadata.title == f"{company} Form 10-Q for the quarterly period ended July 29, 2023"
    assert metadata.date == "2023-09-01"
    assert metadata.securities == (Security(company, "ARBP"),)


@pytest.mark.parametrize("kind", ["2019 年年度报告", "2024年半年度报告", "2025年第一季度报告"])
def test_a_chinese_periodic_report_is_the_companys(kind: str) -> None:
    def cover(canvas: Canvas) -> None:
        write(canvas, 60, 80, "公司代码：600321 公司简称：青川股份")
        write(canvas, 150, 300, "青川新能源科技股份有限公司", 22)
        write(canvas, 200, 340, kind, 22)

    def second(canvas: Canvas) -> None:
        line = "保荐机构华岭证券股份有限公司履行了持续督导职责，公司与其签订了三方监管协议。"
        paragraph(canvas, 60, 80, [line] * 4)

    metadata = read(make_pdf(cover, second)).metadata
    assert metadata.issuer == "青川新能源科技股份有限公司"
    assert metadata.title == f"青川新能源科技股份有限公司 {kind}"
    assert metadata.securities == (Security("青川股份", "600321"),)


def test_company_and_kind_on_one_line_and_english_annual_reports() -> None:
    one_line = read_text(
        "证券代码：688999\n\n# 蓝隼智能股份有限公司2024年年度报告\n\n公司经营良好。\n"
    )
    assert one_line.issuer == "蓝隼智能股份有限公司"
    assert one_line.title == "蓝隼智能股份有限公司 2024年年度报告"
    english = read_text(f"# Halden Shipping Limited\n\n# Annual Report 2024\n\n{SENTENCE}\n")
    assert english.issuer == "Halden Shipping Limited"
    assert english.title == "Halden Shipping Limited Annual Report 2024"


def test_a_name_in_a_sentence_issues_nothing() -> None:
    assert read_text(f"# A study of ports\n\n{SENTENCE}\n").issuer == ""
    chinese = "本项目由青川新能源科技股份有限公司与华岭证券股份有限公司共同完成，效果良好。"
    assert read_text(f"# 港口研究\n\n{chinese}\n").issuer == ""


def test_a_brokers_report_on_an_annual_report_is_the_brokers() -> None:
    metadata = read_text(
        "# 青川股份(600321)2024年年度报告点评\n\n证券分析师：陆鸣\n\n执业证书编号：S0123456789012\n\n"
        "预计2026E净利润增长。\n\n资料来源：华岭证券研究所\n"
    )
    assert metadata.issuer == "华岭证券"
    assert metadata.title == "青川股份(600321)2024年年度报告点评"
    assert metadata.has_forecasts


def test_a_white_paper_is_its_publishers_and_its_title_may_take_two_lines() -> None:
    def cover(canvas: Canvas) -> None:
        write(canvas, 120, 200, "可信数据流通", 26)
        write(canvas, 120, 240, "白皮书", 26)
        write(canvas, 120, 400, "星河数据研究院", 12)
        write(canvas, 120, 430, "2024 年 10 月", 12)

    metadata = read(make_pdf(cover)).metadata
    assert metadata.title == "可信数据流通白皮书"
    assert metadata.issuer == "星河数据研究院"
    assert metadata.date == "2024-10"


@pytest.mark.parametrize(
    ("info", "name", "title", "date"),
    [
        ({"Title": "The tide of ports"}, "a.pdf", "The tide of ports", ""),
        ({"Title": "Microsoft Word - ports.docx"}, "2024-03-05 x.pdf", "Found", "2024-03-05"),
        ({"Title": "0000764478-23-000041"}, "a.pdf", "Found", ""),
        ({"CreationDate": "D:20230901160329"}, "a.pdf", "Found", "2023-09-01"),
        ({"CreationDate": "D:20190901160329"}, "a.pdf", "Found", ""),
    ],
)
def test_what_the_file_says_of_itself_counts_when_the_text_bears_it_out(info, name, title, date):
    text = "The tide of ports, printed in 2023."
    metadata = with_pdf_title(Metadata("Found"), [], text, info, name)
    assert (metadata.title, metadata.date) == (title, date)


def test_noise_is_no_title() -> None:
    assert with_pdf_title(Metadata("sw | \\ +"), [], "sw", {}, "scan 7.pdf").title == "scan 7"


def test_a_company_goes_by_the_names_of_its_own_table() -> None:
    text = (
        "青川新能源科技股份有限公司\n\n2024年年度报告\n\n公司代码：600321 公司简称：青川股份\n\n"
        "| 公司的中文名称 | 青川新能源科技股份有限公司 |\n| --- | --- |\n| 公司的中文简称 | 青川股份 |\n"
        "| 公司的外文名称 | QINGCHUAN NEW ENERGY CO.,LTD |\n| 公司的外文名称缩写（如有） | 无 |\n"
        "| 公司的法定代表人 | 周一 |\n\n"
        "| 股票种类 | 股票简称 | 股票代码 | 变更前股票简称 |\n| --- | --- | --- | --- |\n"
        "| A股 | 青川股份 | 600321 | 青川电气 |\n"
    )
    names = read_document(text.encode(), "a.md").metadata.names
    assert names == (
        "青川新能源科技股份有限公司",
        "青川新能源科技",
        "青川股份",
        "600321",
        "QINGCHUAN NEW ENERGY CO.,LTD",
        "QINGCHUAN NEW ENERGY",
    )


def _form(*lines: str) -> Metadata:
    return read_text("\n\n".join(("UNITED STATES", "FORM 10-K", *lines, SENTENCE)))


def test_a_name_may_begin_with_a_number() -> None:
    found = _form(
        "For the fiscal year ended December 31, 2022",
        "Commission file number 1-3285",
        "7K COMPANY",
        "State of Incorporation: Delaware",
    )
    assert found.issuer == "7K COMPANY"
    assert "7K" in found.names


def test_a_period_may_go_over_two_lines_and_the_next_column_between() -> None:
    name = ("ARBOR & PINE CO., INC.", "(Exact name of registrant as specified in its charter)")
    split = _form("FOR THE FISCAL YEAR ENDED", "May 26, 2019 TRANSITION REPORT", *name)
    assert split.title.endswith("for the fiscal year ended May 26, 2019")
    beside = _form(
        "For the fiscal year ended Commission file", "March 31, 2021 number 1-5805", *name
    )
    assert beside.title.endswith("for the fiscal year ended March 31, 2021")


def test_small_capitals_are_joined_where_the_text_has_the_word() -> None:
    found = _form(
        "HALDEN R ESORTS I NTERNATIONAL",
        "(Exact name of Registrant as specified in its charter)",
        "Halden Resorts International owns hotels.",
    )
    assert found.issuer == "HALDEN RESORTS INTERNATIONAL"
    kept = _form(
        "U S FOUNDRY", "(Exact name of Registrant as specified in its charter)", "It owns mills."
    )
    assert kept.issuer == "U S FOUNDRY"
