"""Questions over filings: what in them is no subject, and what must not shut the right evidence out."""

import pytest

from rag.composing.by_part import ASKS
from rag.evidence.amounts import any_amount
from rag.evidence.fiscal import Calendar
from rag.evidence.forms import form_features
from rag.evidence.name_checks import only_names
from rag.evidence.periods import period_of_column_fits, when_of
from rag.evidence.qualifiers import lacks_expansion, lacks_person
from rag.questions.kinds import QuestionKind, kinds_of
from rag.questions.question import parse_question
from tests.rag.evidence_of import cell, sentence

DECEMBER = Calendar(12, 0, 2023, 6, 3)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Per its 2020 annual report, does it run an interest-rate hedging policy?", "yes_no"),
        ("What was the former A-share ticker name before it was changed?", "entity"),
        ("有效净定价这个口径包含哪些因素？", "list"),
        ("存货同比增加1亿美元，公司怎么解释？", "cause"),
        ("How do the authors explain it doing worse than BM25?", "cause"),
        ("How does the report explain embodied AI?", "definition"),
        ("What mainly drove the 22% decline in marketing expense?", "cause"),
        ("自由现金流转换率是怎么算的？", "definition"),
        ("How is the free cash flow conversion rate calculated?", "definition"),
        ("What were net sales in Greater China?", "number"),
    ],
)
def test_the_kind_of_a_question_over_filings(text: str, kind: str) -> None:
    assert kinds_of(text)[0] is QuestionKind(kind)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Who is the transfer agent, per its FY2021 10-K?", 0),
        ("谁被任命为第三类（Class III）董事？", 0),
        ("When is the $0.25 dividend paid, per the 8-K?", 1),
    ],
)
def test_forms_and_sorts_are_no_figures(text: str, figures: int) -> None:
    assert len(parse_question(text).figures) == figures


def test_abbreviations_of_finance_are_no_names() -> None:
    asked = parse_question("How many staff worked in R&D, and what was adjusted EBITDA?")
    assert not {"rd", "ebitda"} & asked.names


def test_a_name_in_both_scripts_is_met_by_either() -> None:
    asked = parse_question("How much pay did Lou Xiaohua (楼晓华) receive in 2019?")
    assert asked.aliases["lou"] == asked.aliases["xiaohua"] == ("楼晓华",)
    asked = parse_question("eBay一季度2023年业绩稿中的GMV（商品总额）如何？")
    assert asked.aliases["gmv"] == ("商品总额",)


@pytest.mark.parametrize(
    ("text", "any_"),
    [
        ("Revenue from subscriptions rose $311 million in the quarter.", False),
        ("The service has 5.3 million subscribers.", True),
        ("Millions of subscribers use it.", True),
    ],
)
def test_millions_of_money_count_no_subscribers(text: str, any_: bool) -> None:
    asked = parse_question("How many subscribers did it have?")
    assert form_features(asked, sentence(text))["any_number_missing"] != any_


def test_what_is_counted_is_not_below_zero() -> None:
    asked = parse_question("How many restricted stock units did it grant?")
    assert not any_amount(asked, cell("(272)", "Release of stock units", "2021"))
    assert any_amount(asked, cell("1,982", "Granted", "Number of Units"))


def test_a_header_that_only_counts_is_met_across_languages() -> None:
    asked = parse_question("KLA-Tencor在Milpitas影响了多少员工？")
    missing = [t for t in asked.terms if t not in asked.names]
    assert not only_names(asked, cell("213", "KLA-Tencor Milpitas", "No. Of"), missing)
    assert only_names(asked, cell("213", "KLA-Tencor Milpitas", "Type"), missing)


def test_figures_beside_a_cell_tell_its_row() -> None:
    asked = parse_question("谁是那笔年化收益7.14%、1.5亿元产品的受托方？")
    given = cell("北方信托", "北方信托", "受托人", rest="15,000 7.14", unit="万元")
    other = cell("南方信托", "南方信托", "受托人", rest="20,000 6.1", unit="万元")
    assert not form_features(asked, given)["figure_missing"]
    assert form_features(asked, other)["figure_missing"]


def test_what_followed_a_dated_event_is_of_a_later_day() -> None:
    asked = parse_question("When does the revolver signed in April 2023 expire?")
    assert not form_features(asked, sentence("It expires in April 2028."))["period_wrong"]
    assert form_features(asked, sentence("It expired in May 2019."))["period_wrong"]


@pytest.mark.parametrize(
    ("label", "fits"),
    [("2023", True), ("Q2 2023 Guidance", False), ("Year Ended December 31, 2023", True)],
)
def test_a_quarter_is_not_its_year(label: str, fits: bool) -> None:
    asked = parse_question("2023全年营收是多少？")
    when = when_of(label, DECEMBER)
    assert when is not None
    assert period_of_column_fits(asked.text, asked.periods, when) is fits


def test_three_and_six_months_are_either() -> None:
    when = when_of("three and six months ended June 30, 2023", DECEMBER)
    assert when is not None
    asked = parse_question("How much in Q2 2023?")
    assert period_of_column_fits(asked.text, asked.periods, when)


def test_a_table_of_abbreviations_spells_them_out() -> None:
    asked = parse_question("COMOS是什么的缩写？")
    assert not lacks_expansion(asked, cell("数字化工厂管理系统", "COMOS", "", rest="COMOS 指"))
    assert lacks_expansion(asked, cell("12月", "COMOS", "推出时间", rest="COMOS 公司 谷歌"))


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who was the CEO of Foot Locker?", True),
        ("Before becoming CFO of it in 2020, at which company was he finance director?", False),
    ],
)
def test_whose_office_is_asked_for(question: str, asks: bool) -> None:
    assert ASKS.search(question)
    assert lacks_person(parse_question(question), sentence("It rose 5%.")) == asks


def test_quarters_ended_are_three_months() -> None:
    when = when_of("Quarters Ended June 30, 2023", DECEMBER)
    assert when is not None
    assert when.months == 3
    asked = parse_question("What was net income in the first half of 2023?")
    assert period_of_column_fits(asked.text, asked.periods, when) is False
