"""What the form of evidence rules out: thin captions, sources, other periods, other payments."""

from decimal import Decimal

import pytest

from rag.evidence.amounts import answering_amounts, any_amount, period_fit
from rag.evidence.evidence import Evidence
from rag.evidence.forms import form_features
from rag.evidence.frequency import frequency_fit, is_seldom_paid
from rag.questions.question import parse_question
from tests.rag.evidence_of import cell, sentence


def feature(name: str, question: str, evidence: Evidence) -> bool:
    return bool(form_features(parse_question(question), evidence)[name])


@pytest.mark.parametrize(
    ("question", "text", "thin"),
    [
        ("百灵的装机量是多少？", "图 1：百灵的装机量（单位：万台）", True),
        ("How many units were installed?", "Figure 1: Installed units (thousand)", True),
        ("百灵的装机量是多少？", "图 1：百灵的装机量2024年达到12万台", False),
        ("百灵的装机量是多少？", "百灵的装机量（单位：万台）", False),  # no caption
        ("什么是装机量？", "图 1：装机量", False),  # a title may define
        # A title that says much more than the question may answer.
        ("How did voice models spread?", "Figure 2: Voice models in call centres, banks, "
         "hospitals and schools since regulators allowed them", False),
        ("百灵的公告说了什么？", "资料来源：百灵公告，海岳证券研究所", True),
        ("Which company data count?", "Source: company data, Northgate Securities", True),
        ("图 1的数据来自哪里？", "资料来源：百灵公告，海岳证券研究所", False),
        ("What is the source of the figure?", "Source: company data, Northgate", False),
    ],
)  # fmt: skip
def test_titles_and_sources_of_figures_answer_little(question: str, text: str, thin: bool) -> None:
    assert feature("thin_caption", question, sentence(text)) is thin


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("图 5：语音模型的参数量（2B参数起，万小时）", []),
        ("Figure 5: Revenue of 3 houses (RMB 100 million)", [3]),
        ("图 5：收入8.6亿元（占比=12%）", [860_000_000]),
        ("收入8.6亿元（单位：亿元）", [860_000_000]),
    ],
)
def test_the_number_and_the_unit_of_a_caption_count_nothing(text: str, amounts: list[int]) -> None:
    question = parse_question("有多少？")
    found = answering_amounts(question, sentence(text))
    assert [quantity.low for quantity in found if quantity.unit != "%"] == list(
        map(Decimal, amounts)
    )


@pytest.mark.parametrize(
    ("question", "evidence", "undated"),
    [
        ("2025年收入是多少？", sentence("收入为8.6亿元。"), True),
        ("2025年收入是多少？", sentence("2025年收入为8.6亿元。"), False),
        ("2025年收入是多少？", sentence("收入为8.6亿元。", lead="2025年增长很快。"), False),
        ("2025年收入是多少？", sentence("收入为8.6亿元。", section=("2025年业绩",)), False),
        ("What was revenue in 2025?", sentence("Revenue came to $8 million."), True),
        ("What was revenue in 2025?", cell("$8 million", "Revenue", "2025"), False),
        ("收入是多少？", sentence("收入为8.6亿元。"), False),  # of no period either
        ("2025年推出了什么？", sentence("推出了百灵。"), False),  # no figure
    ],
)
def test_a_figure_of_no_period_does_not_answer_for_one(
    question: str, evidence: Evidence, undated: bool
) -> None:
    assert feature("undated", question, evidence) is undated


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("2025年渗透率是多少？", "从2021年到2025年，渗透率由4%升至21%。", True),
        ("2021年渗透率是多少？", "从2021年到2025年，渗透率由4%升至21%。", True),
        ("从2021年到2025年渗透率如何变化？", "2021年渗透率为4%。", True),
        ("从2021年到2025年渗透率如何变化？", "2025年渗透率为21%。", True),
        ("从2021年到2025年渗透率如何变化？", "2019年渗透率为1%。", False),
        ("How did it change from 2021 to 2025?", "It stood at 21% in 2025.", True),
        ("2021-2025年的复合增速？", "2030年增速为4%。", False),
        ("渗透率是多少？", "2030年为4%。", None),
    ],
)
def test_a_change_between_two_dates_is_met_by_either(
    question: str, text: str, fits: bool | None
) -> None:
    assert period_fit(parse_question(question), sentence(text)) is fits


@pytest.mark.parametrize(
    ("question", "evidence", "fits"),
    [
        ("年付多少钱？", cell("290元", "基础会员", "年付"), True),
        ("年付多少钱？", cell("29元", "基础会员", "月付"), False),
        ("年付多少钱？", cell("29元", "基础会员", "价格"), None),
        ("What is it per year?", cell("$576 ($48/month)", "Solo", "Annual"), True),
        ("What is it per month?", cell("$9 a month", "Solo", "Price"), True),
        ("What is it per month?", sentence("It costs $90 a year."), False),
        ("What does it cost?", sentence("It costs $90 a year."), None),
        ("What is it per month and per year?", sentence("It costs $90 a year."), None),
    ],
)
def test_a_price_is_for_a_time(question: str, evidence: Evidence, fits: bool | None) -> None:
    assert frequency_fit(parse_question(question), evidence) is fits


@pytest.mark.parametrize(
    ("question", "column", "wrong"),
    [
        ("基础会员一年多少钱？", "价格", True),  # an unmarked price is a month's
        ("基础会员每月多少钱？", "价格", False),
        ("基础会员一年多少钱？", "年付价格", False),
        ("基础会员一年多少钱？", "月付价格", True),
        ("基础会员多少钱？", "价格", False),
        ("基础会员一年用多少小时？", "时长", False),  # not paid
    ],
)
def test_an_unmarked_price_is_for_no_year(question: str, column: str, wrong: bool) -> None:
    assert feature("often_wrong", question, cell("29元", "基础会员", column)) is wrong


def test_only_money_is_seldom_paid() -> None:
    assert is_seldom_paid(parse_question("What does Solo cost a year?"))
    assert not is_seldom_paid(parse_question("What does Solo cost a month?"))
    assert not is_seldom_paid(parse_question("How many minutes does Solo have a year?"))


@pytest.mark.parametrize(
    ("question", "text", "any_"),
    [
        ("有多少家公司？", "渗透率为21%。", False),  # a share counts no companies
        ("有多少家公司？", "共有85家公司。", True),
        ("How many hours does it take?", "It costs $9.", False),
        ("How many hours does it take?", "It takes 12 hours.", True),
        ("增速是多少？", "增加了37亿元。", True),  # an amount of another kind may do
    ],
)
def test_where_things_are_counted_no_share_answers(question: str, text: str, any_: bool) -> None:
    assert any_amount(parse_question(question), sentence(text)) is any_


def test_a_date_may_stand_in_the_labels() -> None:
    question = "百灵何时发布？"
    assert not feature("any_date_missing", question, cell("百灵", "2024年3月", "产品"))
    assert feature("any_date_missing", question, cell("百灵", "一期", "产品"))
    assert not feature("any_date_missing", "谁发布了百灵？", sentence("青鸾发布了百灵。"))
