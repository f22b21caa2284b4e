"""Questions as people put them over annual reports: as commands, by full names, several items, by section."""

from collections.abc import Callable

import pytest

from rag.schema import Answer, AnswerStatus
from tests.pipelines import pipeline_over

ANNUAL = """
公司代码：600998 公司简称：瀚海装备

瀚海装备集团股份有限公司

2021年年度报告

# 第二节 公司简介

| 公司的中文名称 | 瀚海装备集团股份有限公司 |
| --- | --- |
| 公司的中文简称 | 瀚海装备 |
| 公司的外文名称 | HANHAI EQUIPMENT GROUP CO.,LTD |
| 公司的法定代表人 | 沈砚秋 |

| 公司注册地址 | 江城市滨河路88号 |
| --- | --- |
| 公司办公地址 | 江城市云台大道168号 |

| 保荐机构 | 名称 | 某某证券 |
| --- | --- | --- |
| 保荐机构 | 办公地址 | 海城市金融街1号 |

# 第四节 经营情况

## (4). 主要销售客户及主要供应商情况

√适用 □不适用

前五名客户销售额 32,932.48 万元，占年度销售总额 28.02%。

## 5. 研发投入

单位：元

| 研发投入合计 | 48,428,964.78 |
| --- | --- |
| 公司研发人员的数量 | 172 |

## (六) 重大资产和股权出售

□适用 √不适用

## (一) 员工情况

| 母公司在职员工的数量 | 652 |
| --- | --- |
| 主要子公司在职员工的数量 | 754 |
| 在职员工的数量合计 | 1,406 |
| 技术人员 | 164 |

# 第十节 财务报告

## 合并资产负债表

单位：元

| 项目 | 2021年12月31日 | 2020年12月31日 |
| --- | --- | --- |
| 流动资产： | | |
| 货币资金 | 905,402,299.44 | 627,041,535.44 |
| 其他流动资产 | 18,819,853.90 | 34,111,007.88 |
| 流动资产合计 | 1,639,379,320.41 | 1,386,853,478.81 |
| 其他非流动资产 | 62,022,541.36 | 48,276,664.28 |
| 资产总计 | 2,464,948,703.85 | 2,051,223,456.86 |
| 短期借款 | 200,222,109.59 | 150,000,000.00 |
| 负债合计 | 719,546,813.39 | 405,997,436.79 |
| 实收资本（或股本） | 210,674,875.00 | 210,743,750.00 |

## 合并利润表

单位：元

| 项目 | 2021年度 | 2020年度 |
| --- | --- | --- |
| 一、营业总收入 | 1,175,301,034.32 | 1,230,537,181.80 |
| 二、营业总成本 | 1,029,104,028.33 | 1,018,808,888.48 |
| 其中：营业成本 | 903,236,584.52 | 901,488,823.98 |
| 税金及附加 | 5,180,657.76 | 6,286,416.12 |
| 其中：利息费用 | 6,333,067.92 | 2,100,000.00 |
| 利息收入 | 15,631,520.72 | 17,817,662.67 |
| 加：营业外收入 | 457,646.14 | 256,135.16 |
| 减：营业外支出 | 80,149.58 | 209,009.80 |
| 五、净利润（净亏损以“－”号填列） | 129,465,020.68 | 182,223,387.13 |

## 短期借款的应付利息

单位：元

| 项目 | 期末余额 | 期初余额 |
| --- | --- | --- |
| 短期借款应付利息 | 222,109.59 | 100,000.00 |

## 重要联营企业的主要财务信息

单位：元

| 项目 | 期末余额 / 本期发生额 | 期初余额 / 上期发生额 |
| --- | --- | --- |
| 流动资产 | 55,000,000.00 | 50,000,000.00 |
| 资产合计 | 99,000,000.00 | 95,000,000.00 |
| 负债合计 | 84,968,449.57 | 80,000,000.00 |
| 净利润 | 8,253,004.74 | 7,000,000.00 |
"""
OTHER = """
UNITED STATES SECURITIES AND EXCHANGE COMMISSION

FORM 10-K

For the fiscal year ended December 31, 2021

TARN FOODS, INC.

(Exact name of registrant as specified in its charter)

| Title of each class | Trading Symbol | Name of exchange |
| --- | --- | --- |
| Common Stock | TARN | New York Stock Exchange |

# Consolidated Statements of Operations

| | Year Ended December 31, 2021 | Year Ended December 31, 2020 |
| --- | --- | --- |
| (Millions, except per common share data) | | |
| Net sales | 4,310 | 4,020 |
| Cost of products sold | 2,950 | 2,800 |
| Gross profit | 1,360 | 1,220 |
| Research and development | 210 | 190 |
| Operating income | 520 | 470 |
| Net income | 333 | 290 |
| Net income of common shareholders | 3.21 | 2.80 |
| Other income (expense) | 15 | (40) |
| Effective tax rate | 21.6 | 22.4 |

# Consolidated Statements of Cash Flows

$ in millions

| | Year Ended December 31, 2021 | Year Ended December 31, 2020 |
| --- | --- | --- |
| Net cash provided by operating activities | 612 | 580 |
| Additions to property, plant and equipment | (145) | (120) |

# Segments

$ in millions

| | Year Ended December 31, 2021 | Year Ended December 31, 2020 |
| --- | --- | --- |
| International: | | |
| Net sales | 1,111 | 1,001 |
| Operating income | (77) | (66) |

# Legal proceedings

The company is party to lawsuits that it regards as ordinary.
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    texts = {"hanhai_2021.md": ANNUAL, "tarn_10k.md": OTHER}
    return pipeline_over(tmp_path_factory, texts).answer


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        # the full name has words that stand everywhere in the company's own report
        ("瀚海装备集团股份有限公司2021年的货币资金是多少元？", ["905,402,299.44"]),
        ("瀚海装备集团股份有限公司2021年营业成本是多少元？", ["903,236,584.52"]),
        # as a command, with the unit behind it
        ("请提供2021年瀚海装备短期借款的详细数据。", ["200,222,109.59"]),
        ("提供瀚海装备集团股份有限公司2021年负债合计，单位为元。", ["719,546,813.39"]),
        ("根据2021年的年报数据，瀚海装备的净利润是多少元？", ["129,465,020.68"]),
        # by another name of the line, and by the one in its brackets
        ("瀚海装备2021年的股本为多少元？", ["210,674,875"]),
        ("瀚海装备2021年营业税金及附加是多少？", ["5,180,657.76"]),
        ("瀚海装备2021年总资产多少？", ["2,464,948,703.85"]),
        ("瀚海装备2021年职工总人数为多少？", ["1,406"]),
        # entries in words
        ("瀚海装备2021年的办公地址是什么？", ["云台大道168号"]),
        ("瀚海装备集团股份有限公司的法定代表人是谁？", ["沈砚秋"]),
        # several items, each by its own row
        ("瀚海装备2021年利息支出和利息收入分别是多少元？", ["6,333,067.92", "15,631,520.72"]),
        (
            "请提供瀚海装备2021年的其他流动资产和其他非流动资产数据。",
            ["18,819,853.90", "62,022,541.36"],
        ),
        ("瀚海装备2021年营业外支出是多少以及营业外收入是多少？", ["80,149.58", "457,646.14"]),
        # sections by their headings: a sentence, figures, a tick
        ("请简要介绍2021年瀚海装备主要销售客户的情况。", ["32,932.48"]),
        ("请具体描述一下2021年瀚海装备公司员工情况。", ["652", "754"]),
        ("概述一下研发投入的情况，针对瀚海装备集团股份有限公司2021年的年报。", ["48,428,964.78"]),
        ("请具体描述一下2021年瀚海装备重大资产和股权出售的情况。", ["√不适用"]),
        ("Give me a brief overview of Tarn's legal proceedings.", ["ordinary"]),
        # statements of the whole company, in either language
        ("How much did Tarn Foods spend on capex in 2021?", ["145"]),
        ("Tarn Foods 2021年资本开支是多少？", ["145"]),
        ("What was Tarn's COGS in FY2021?", ["2,950"]),
        ("Tarn Foods 2021年营业利润是多少？", ["520"]),
        ("What did Tarn Foods spend on R&D in 2021?", ["210"]),
        ("What were Tarn's net sales and net income in 2021?", ["4,310", "333"]),
        (
            "Assume that you are an equity analyst. Answer the following question by using the income statement: "
            "what is Tarn's FY2021 gross profit? Answer in USD millions.",
            ["1,360"],
        ),
    ],
)
def test_what_stands_in_the_report_is_answered(
    ask: Callable[[str], Answer], question: str, facts: list[str]
) -> None:
    answer = ask(question)
    assert answer.status is not AnswerStatus.NOT_IN_CORPUS, answer.text
    assert all(fact in answer.text for fact in facts), answer.text


def test_a_figure_is_said_in_its_scale_but_not_what_is_by_the_share(
    ask: Callable[[str], Answer],
) -> None:
    """The unit stands below the header, by itself, and excepts what is given by the share."""
    assert "4,310 million" in ask("What were Tarn's net sales in 2021?").text
    assert "43.1亿" in ask("Tarn Foods 2021年净销售额是多少？").text
    assert "333 million" in ask("What was Tarn's net income in 2021?").text
    assert "million" not in ask("What was Tarn's effective tax rate in 2021?").text
    assert all(
        "3.21 million" not in ask(question).text
        for question in ("Tarn net income of common shareholders 2021", "Tarn 2021年每股收益")
    )


@pytest.mark.parametrize(
    ("question", "opening", "figures"),
    [
        ("Did Tarn's net sales grow in 2021?", "Yes.", ["4,310", "4,020"]),
        ("Did Tarn's net income fall between 2020 and 2021?", "No.", ["333", "290"]),
        # what is paid is printed below zero, and is more the further below it is
        ("Was Tarn's capex higher in 2021 than in 2020?", "Yes.", ["(145)", "(120)"]),
        # a word in the brackets of a label turns no sign
        ("Did Tarn's other income increase in 2021?", "Yes.", ["15", "(40)"]),
        ("Tarn Foods 2021年毛利比上年减少了吗？", "否。", ["1,360", "1,220"]),
        (
            "瀚海装备2021年营业总收入同比下降了吗？",
            "是。",
            ["1,175,301,034.32", "1,230,537,181.80"],
        ),
        (
            "瀚海装备2021年末的短期借款较2020年末有变化吗？",
            "是。",
            ["200,222,109.59", "150,000,000.00"],
        ),
        ("瀚海装备2021年净利润是多少，同比变化如何？", "", ["129,465,020.68", "182,223,387.13"]),
        # neither a yes nor a no is asked for
        (
            "瀚海装备2021年净利润相比2020年是增加还是减少？",
            "",
            ["129,465,020.68", "182,223,387.13"],
        ),
        ("How did Tarn's operating income change from 2020 to 2021?", "", ["520", "470"]),
        # an income below zero is a loss, and whether that grew is left to the reader
        ("Did Tarn's net loss increase in 2021?", "", ["333", "290"]),
    ],
)
def test_a_line_is_compared_over_two_periods(
    ask: Callable[[str], Answer], question: str, opening: str, figures: list[str]
) -> None:
    text = ask(question).text
    assert text.startswith(opening), text
    assert bool(opening) or not text.startswith(("Yes", "No", "是", "否")), text
    assert [text.index(figure) for figure in figures] == sorted(map(text.index, figures)), text


@pytest.mark.parametrize(
    "question",
    [
        "瀚海精创2021年净利润是多少？",  # another company
        "瀚海装备2021年的商誉为多少元？",  # no such line
        "What were Tarn's total liabilities at the end of 2021?",  # no balance sheet there
    ],
)
def test_what_does_not_stand_there_is_declined(ask: Callable[[str], Answer], question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_CORPUS, answer.text
