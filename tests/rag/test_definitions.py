"""Definitions looked up by the term: what sentences define, what questions want defined, in both languages."""

from collections.abc import Callable

import pytest

from rag.evidence.definienda import wanted_terms
from rag.evidence.definitions import defined_in, headword
from rag.questions.question import parse_question
from rag.schema import Answer, AnswerStatus
from tests.pipelines import pipeline_over

FILING = """
UNITED STATES SECURITIES AND EXCHANGE COMMISSION

FORM 10-K

For the fiscal year ended December 31, 2022

HALDEN BEVERAGES, INC.

(Exact name of registrant as specified in its charter)

| Title of each class | Trading Symbol | Name of exchange |
| --- | --- | --- |
| Common Stock | HLB | New York Stock Exchange |

# Discussion

Comparable sales rose 4% in 2022, and comparable sales in Europe rose 6%. Working capital fell in 2022.
We believe that comparable sales are useful. Active account growth drove comparable sales growth.

# Measures

We define comparable sales as net sales of shops open for more than 13 months, including online sales.
Working capital consists of receivables, inventories and payables.
An active account is an account that placed an order within the past 12 months.
Free cash flow, defined as cash from operations less capital expenditures, and free cash flow conversion rate,
defined as free cash flow divided by net income, are reviewed by management.
There is typically a delay, known as “tariff lag,” between our spending and the time when prices follow.

# Glossary

Core working capital. Receivables plus inventories less payables, as of the last day of our fiscal year.
"""


@pytest.fixture(scope="module")
def halden(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    return pipeline_over(tmp_path_factory, {"halden_10k.md": FILING}).answer


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ('How is "comparable sales" defined in Halden\'s 2022 10-K?', "more than 13 months"),
        ("Halden 2022年年报怎样界定“可比销售额”？", "more than 13 months"),
        (
            "Which items does Halden count as working capital in its 2022 10-K?",
            "receivables, inventories",
        ),
        ("Halden 2022年10-K里，怎样的账户才算“活跃账户”？", "within the past 12 months"),
        ("Halden 2022年年报里的自由现金流转换率是怎么算的？", "divided by net income"),
        ('What does Halden mean by "tariff lag"?', "a delay"),
        (
            "How does Halden define core working capital in its 2022 10-K?",
            "Receivables plus inventories",
        ),
    ],
)
def test_the_sentence_that_defines_answers(
    halden: Callable[[str], Answer], question: str, fact: str
) -> None:
    reply = halden(question)
    assert (reply.status, fact in reply.text) == (AnswerStatus.ANSWERED, True), reply.text


def test_the_figure_of_a_defined_term_is_no_definition(halden: Callable[[str], Answer]) -> None:
    assert "4%" in halden("How much did Halden's comparable sales rise in 2022?").text


def test_a_term_that_no_report_defines_is_not_answered(halden: Callable[[str], Answer]) -> None:
    reply = halden('What does Halden mean by "shelf velocity" in its 2022 10-K?')
    assert reply.status is AnswerStatus.NOT_IN_CORPUS


@pytest.mark.parametrize(
    ("sentence", "terms"),
    [
        ("(3) Gross Volume consists of the value of all paid transactions.", ("Gross Volume",)),
        (
            "Comparable sales (sales of shops open at least 14 months) rose 15%.",
            ("Comparable sales",),
        ),
        ("These accounts are called “busy accounts”.", ("busy accounts",)),
        ("区块链是一种分布式账本。", ("区块链",)),
        ("这些账户被称为“热点账户”。", ("热点账户",)),
        ("It means that sales will fall.", ()),
        ("Comparable sales rose 15% (2021: 12%).", ()),
    ],
)
def test_what_a_sentence_defines(sentence: str, terms: tuple[str, ...]) -> None:
    assert defined_in(sentence) == terms


def test_the_entry_of_a_glossary_is_its_headword() -> None:
    assert headword("Gross margin.") == "Gross margin"
    assert headword("It fell.") == ""


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("年报里的“标准箱”（unit case）是指多大的量？", ("标准箱", "unit case")),
        ("业绩稿中的GMV（商品交易总额）是如何定义的？", ("GMV", "商品交易总额")),
        (
            "How long must a store operate before it counts toward comparable sales?",
            ("comparable sales",),
        ),
        ("年报里提到的营运资本由哪几项构成？", ("营运资本",)),
        ("What is working capital?", ("working capital",)),
        # Figures, although reports define what they are figures of.
        ("What is Halden's working capital, in dollars?", ()),
        ("What is the revenue?", ()),
        ("How much is the “Pro plan” a month?", ()),
        ("“专业版”的预算指标是多少？", ()),
        ("Does the “Pro plan” include comparable sales?", ()),
        ("When was the unit case introduced?", ()),
        ("2022年的营业收入是多少？", ()),
    ],
)
def test_what_a_question_wants_defined(question: str, terms: tuple[str, ...]) -> None:
    assert wanted_terms(parse_question(question)) == terms
