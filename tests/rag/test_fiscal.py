"""How a company counts its years, and of when the columns of its reports are."""

from dataclasses import replace

import pytest

from corpus.loaders import read_document
from corpus.quantities import DateParts, QuantityKind, parse_quantities
from rag.evidence.fiscal import Calendar, calendar_of
from rag.evidence.periods import period_of_column_fits, when_of
from rag.questions.period_words import Standing

RETAILER = Calendar(last_month=1, shift=0, year=2023, month=7, months=3)
ANNUAL = Calendar(last_month=12, shift=0, year=2021, month=12, months=12)


def _calendar(title: str, *lines: str) -> Calendar | None:
    document = read_document(("# Report\n\n" + "\n\n".join(lines)).encode(), "filing.md")
    metadata = replace(document.metadata, title=title, names=("Northwind Stores", "NWS"))
    return calendar_of(replace(document, metadata=metadata))


@pytest.mark.parametrize(
    ("title", "line", "expected"),
    [
        (
            "NORTHWIND Form 10-Q for the quarterly period ended July 29, 2023",
            "Our fiscal year ends on the Saturday nearest the end of January. The second quarter of "
            "fiscal 2024 was strong.",
            Calendar(1, 0, 2023, 7, 3),
        ),
        (  # the year that ends in February 2024 is called fiscal 2023
            "NORTHWIND Form 10-K for the fiscal year ended February 3, 2024",
            "Fiscal 2023 ended February 3, 2024 and had 53 weeks. In fiscal 2023 sales rose.",
            Calendar(1, -1, 2024, 1, 12),
        ),
        (  # which year ended when is said, whatever the report speaks of most
            "NORTHWIND Form 10-K for the fiscal year ended February 2, 2019",
            "The year ended February 2, 2019 (“fiscal 2019”) had 52 weeks; fiscal 2018, fiscal 2018, fiscal 2018.",
            Calendar(1, 0, 2019, 1, 12),
        ),
        (  # nearly as often is no sign
            "NORTHWIND Form 10-K for the fiscal year ended February 2, 2019",
            "Our fiscal year ends in January. "
            + "Fiscal 2019 was better than fiscal 2018. " * 9
            + "So was fiscal 2018.",
            Calendar(1, 0, 2019, 1, 12),
        ),
        (
            "NORTHWIND Form 10-Q for the quarterly period ended December 31, 2022",
            "The Annual Report is for the fiscal year ended September 24, 2022.",
            Calendar(9, 0, 2022, 12, 3),
        ),
        ("甲乙科技股份有限公司 2021 年年度报告", "本报告期", Calendar(12, 0, 2021, 12, 12)),
        ("甲乙科技股份有限公司2022年半年度报告", "本报告期", Calendar(12, 0, 2022, 6, 6)),
        ("甲乙科技股份有限公司2022年第三季度报告", "本报告期", Calendar(12, 0, 2022, 9, 0)),
        (
            "Northwind Holdings Annual Report 2024",
            "截至2024年3月31日止年度，收入增加。",
            Calendar(3, 0, 2024, 3, 12),
        ),
    ],
)
def test_a_filing_says_how_its_years_are_counted(title: str, line: str, expected: Calendar) -> None:
    assert _calendar(title, line) == expected


def test_a_report_on_others_has_no_calendar() -> None:
    text = "# 甲乙科技深度报告\n\n2021年年度报告显示收入增加。"
    assert calendar_of(read_document(text.encode(), "note.md")) is None


def test_no_period_in_the_title_gives_no_calendar() -> None:
    assert _calendar("NORTHWIND Form 8-K", "Our fiscal year ends in June.") is None


@pytest.mark.parametrize(
    ("calendar", "column", "question", "fits"),
    [
        (RETAILER, "Three Months Ended July 29, 2023", "second quarter of fiscal 2024", True),
        (RETAILER, "Three Months Ended July 29, 2023", "FY24 Q2", True),
        (RETAILER, "Three Months Ended July 29, 2023", "2Q24", True),
        (RETAILER, "Three Months Ended July 29, 2023", "2024财年第二季度", True),
        (RETAILER, "Three Months Ended July 29, 2023", "three months ended July 29, 2023", True),
        (RETAILER, "Three Months Ended July 29, 2023", "first quarter of fiscal 2024", False),
        (RETAILER, "Three Months Ended July 29, 2023", "the prior year quarter", False),
        (RETAILER, "Three Months Ended July 30, 2022", "the prior year quarter", True),
        (RETAILER, "Three Months Ended July 30, 2022", "Q2 FY2024", False),
        (RETAILER, "Six Months Ended July 29, 2023", "1H FY24", True),
        (RETAILER, "Six Months Ended July 29, 2023", "2024财年上半年", True),
        (RETAILER, "Six Months Ended July 29, 2023", "Q2 FY2024", False),
        (RETAILER, "January 28, 2023", "the end of fiscal 2023", True),
        (RETAILER, "January 28, 2023", "the beginning of the year", True),
        (RETAILER, "July 29, 2023", "the end of fiscal 2023", False),
        (RETAILER, "Fiscal 2024 Stores at End of Second Quarter", "Q2 FY2024", True),
        (RETAILER, "July 29, 2023", "revenue", None),
        (ANNUAL, "期末余额", "2021年末", True),
        (ANNUAL, "期末余额", "2020年末", False),
        (ANNUAL, "期初余额", "2020年末", True),
        (ANNUAL, "期初余额", "2021年初", True),
        (ANNUAL, "期初余额", "期末", False),
        (ANNUAL, "本期发生额", "2021年", True),
        (ANNUAL, "上期发生额", "2021年", False),
        (ANNUAL, "上期发生额", "上年同期", True),
        (ANNUAL, "2020 年度", "上期", True),
        (ANNUAL, "2019 年度", "上期", False),
        (ANNUAL, "2020年12月31日", "期初", True),
        (ANNUAL, "2021年1月1日", "2021年", False),
        (ANNUAL, "第一季度（1-3 月份）", "2021年第一季度", True),
        (ANNUAL, "2021年1-6月", "2021年上半年", True),
        (Calendar(12, 0, 2022, 6, 6), "本期发生额", "2022年上半年", True),
        (Calendar(12, 0, 2022, 6, 6), "期初余额", "2021年末", True),
    ],
)
def test_a_question_says_the_period_of_a_column_in_its_own_way(
    calendar: Calendar, column: str, question: str, fits: bool | None
) -> None:
    when = when_of(column, calendar)
    periods = tuple(q for q in parse_quantities(question) if q.kind is QuantityKind.DATE)
    assert when is not None
    assert period_of_column_fits(question, periods, when) is fits


@pytest.mark.parametrize(
    "column", ["本期比上年同期增减（%）", "毛利率（%）", "Carrying Amount", ""]
)
def test_a_header_of_two_periods_or_none_is_of_no_period(column: str) -> None:
    assert when_of(column, ANNUAL) is None


def test_an_item_called_by_the_beginning_of_a_period_is_of_the_columns_period() -> None:
    question = "2020年的期初现金余额是多少？"
    periods = tuple(q for q in parse_quantities(question) if q.kind is QuantityKind.DATE)
    when = when_of("2020年度", ANNUAL)
    assert when is not None
    assert period_of_column_fits(question, periods, when) is False
    assert period_of_column_fits(question, periods, when, "加：期初现金余额") is True


def test_columns_stand_to_the_period_of_the_report() -> None:
    standings = {
        column: when.standings
        for column in (
            "July 29, 2023",
            "January 28, 2023",
            "July 30, 2022",
            "July 31, 2021",
            "Fiscal 2026",
        )
        if (when := when_of(column, RETAILER)) is not None
    }
    assert standings == {
        "July 29, 2023": {Standing.NOW},
        "January 28, 2023": {Standing.BEFORE, Standing.OPENING},
        "July 30, 2022": {Standing.BEFORE},
        "July 31, 2021": {Standing.EARLIER},
        "Fiscal 2026": {Standing.AFTER},
    }


def test_a_column_is_said_as_questions_say_it() -> None:
    when = when_of("Three Months Ended July 29, 2023", RETAILER)
    assert when is not None
    assert DateParts(year=2024, quarter=2, fiscal=True) in when.dates
    assert "second quarter" in when.said
    assert "第二季度" in when.said
    assert "2Q24" in when.said


def test_a_quarter_is_not_its_year() -> None:
    quarter = when_of("Three Months Ended July 29, 2023", RETAILER)
    year = when_of("52 Weeks Ended January 28, 2023", RETAILER)
    assert quarter is not None
    assert year is not None
    asked = {text: parse_quantities(text) for text in ("FY2024", "Q2 FY2024", "FY2023")}
    assert period_of_column_fits("", asked["Q2 FY2024"], quarter) is True
    assert period_of_column_fits("", asked["FY2024"], quarter) is False
    assert period_of_column_fits("", asked["FY2023"], year) is True
