"""Questions over companies' own reports: whose figure, of which period, under which name."""

import pytest

from rag import Pipeline
from rag.schema import AnswerStatus
from tests.pipelines import pipeline_over

_HEADER = (
    "Three Months Ended July 29, 2023 | Three Months Ended July 30, 2022 | "
    "Six Months Ended July 29, 2023 | Six Months Ended July 30, 2022"
)
QUARTERLY = f"""
UNITED STATES SECURITIES AND EXCHANGE COMMISSION

FORM 10-Q

For the quarterly period ended July 29, 2023

NORTHWIND STORES, INC.

(Exact name of registrant as specified in its charter)

| Title of each class | Trading Symbol | Name of exchange |
| --- | --- | --- |
| Common Stock | NWS | New York Stock Exchange |

# Consolidated Statements of Earnings

$ in millions, except per share amounts

| | {_HEADER} |
| --- | --- | --- | --- | --- |
| Revenue | 9,583 | 10,329 | 19,050 | 20,976 |
| Gross profit | 2,220 | 2,287 | 4,372 | 4,640 |
| Operating income | 348 | 371 | 580 | 833 |
| Net earnings | 274 | 306 | 518 | 647 |
| Diluted earnings per share | 1.25 | 1.35 | 2.36 | 2.85 |

# Consolidated Balance Sheets

| | July 29, 2023 | January 28, 2023 | July 30, 2022 |
| --- | --- | --- | --- |
| Merchandise inventories | 5,651 | 5,140 | 6,043 |
| Total assets | 15,318 | 15,803 | 15,419 |

# Domestic Segment

Selected data of the Domestic segment:

| | Three Months Ended July 29, 2023 | Three Months Ended July 30, 2022 |
| --- | --- | --- |
| Revenue | 8,890 | 9,569 |
| Revenue % change | (7.1)% | (13.1)% |
| Total online revenue | 2,763 | 2,936 |
| Gross profit | 2,052 | 2,109 |

# Discussion

Our fiscal year ends on the Saturday nearest the end of January. Our gross profit rate increased in the
second quarter of fiscal 2024. Revenue decreased in the second quarter and first six months of fiscal 2024.
"""

ANNUAL = """
公司代码：600999 公司简称：甲乙科技

甲乙科技股份有限公司

2021年年度报告

# 第二节 公司简介

| 公司的中文名称 | 甲乙科技股份有限公司 |
| --- | --- |
| 公司的外文名称 | QUARTZ MACHINERY CO.,LTD |

# 第四节 经营情况

前五名供应商采购额 45,406.97 万元，占年度采购总额 48.11%；其中前五名供应商采购额中关联方采购额 0 万元，
占年度采购总额 0%。

# 第十节 财务报告

## 合并资产负债表

单位：元

| 项目 | 2021年12月31日 | 2020年12月31日 |
| --- | --- | --- |
| 货币资金 | 905,402,299.44 | 627,041,535.44 |
| 在建工程 | 236,864,658.04 | 106,578,620.77 |

## 母公司资产负债表

单位：元

| 项目 | 2021年12月31日 | 2020年12月31日 |
| --- | --- | --- |
| 货币资金 | 122,775,584.93 | 219,607,349.88 |
| 在建工程 | 164,191,652.01 | 77,701,602.53 |

## 合并利润表

单位：元

| 项目 | 2021年度 | 2020年度 |
| --- | --- | --- |
| 一、营业总收入 | 1,175,301,034.32 | 1,230,537,181.80 |
| 销售费用 | 37,413,213.03 | 39,059,266.12 |
| 减：所得税费用 | 16,158,907.77 | 33,482,639.91 |

## 分产品

单位：元

| 产品 | 本期金额 | 本期占总成本比例（%） | 上年同期金额 | 本期金额较上年同期变动比例（%） |
| --- | --- | --- | --- | --- |
| 罐式集装箱 | 549,224,205.50 | 78.01 | 576,179,192.11 | -4.68 |
"""


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return pipeline_over(tmp_path_factory, {"northwind.md": QUARTERLY, "quartz.md": ANNUAL})


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        # the company's year, however it is said
        ("What was Northwind's gross profit for the second quarter of fiscal 2024?", "2,220"),
        ("What was NWS's gross profit in Q2 FY2023?", "2,287"),
        ("What was the net earnings of Northwind Stores in 1H FY24?", "518"),
        ("What were Northwind Stores' total assets at the end of fiscal 2023?", "15,803"),
        ("Northwind Stores 2024财年第二季度的营业利润是多少？", "348"),
        ("NWS 2Q24的摊薄每股收益是多少？", "1.25"),
        # the whole company, the quarter of the report and an amount, where nothing else is asked for
        ("What was Northwind Stores' revenue?", "9,583"),
        ("What was the Domestic segment's revenue of Northwind Stores?", "8,890"),
        ("What was Northwind Stores' revenue in the prior year quarter?", "10,329"),
        # group and parent, this year and last
        ("甲乙科技期末的货币资金是多少？", "905,402,299.44"),
        ("甲乙科技母公司2021年末的货币资金是多少？", "122,775,584.93"),
        ("甲乙科技上年末的在建工程是多少？", "106,578,620.77"),
        ("甲乙科技上年同期的销售费用是多少？", "39,059,266.12"),
        ("600999本期的所得税费用是多少？", "16,158,907.77"),
        ("甲乙科技罐式集装箱的金额是多少？", "549,224,205.50"),
        ("甲乙科技前五名供应商采购额占年度采购总额的比例是多少？", "48.11"),
        # names of the company and of its items in the other language
        ("What were Quartz Machinery's selling expenses in 2021?", "37,413,213.03"),
        (
            "How much construction in progress did Quartz Machinery have at the end of 2020?",
            "106,578,620.77",
        ),
    ],
)
def test_the_figure_asked_for_is_given(pipeline: Pipeline, question: str, figure: str) -> None:
    answer = pipeline.answer(question)
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert figure in answer.text.splitlines()[0]


@pytest.mark.parametrize(
    "question",
    [
        "甲乙科技2018年的销售费用是多少？",
        "宏远食品2021年的销售费用是多少？",
        "What were Acme Robotics' selling expenses in 2021?",
        "What was Northwind Stores' gross profit for the third quarter of fiscal 2024?",
    ],
)
def test_another_period_or_company_is_declined(pipeline: Pipeline, question: str) -> None:
    answer = pipeline.answer(question)
    assert answer.status is AnswerStatus.NOT_IN_CORPUS, answer.text


def test_names_of_companies_are_on_the_shelf(pipeline: Pipeline) -> None:
    names = {entry.doc_id: entry.names for entry in pipeline.documents()}
    assert {"NORTHWIND STORES, INC.", "NORTHWIND STORES", "NWS"} <= set(names["northwind"])
    assert {"甲乙科技", "QUARTZ MACHINERY", "600999"} <= set(names["quartz"])
