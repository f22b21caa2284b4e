"""Documents named by their titles, and questions whose parts stand in one row of a table."""

from collections.abc import Callable

import pytest

from rag.pipeline import Pipeline
from rag.schema import Answer, AnswerStatus
from tests.pipelines import pipeline_over

LEDGER = """
# Open Ledger Platform TARNVIK White Paper

## Design

The core module of the platform keeps its blocks in a key-value store named PebbleDB.

A group holds at most 4,000 members.

The consensus of the platform is reached by a round of votes.
"""
LEDGER_ZH = """
# 开放账本平台TARNVIK白皮书

## 设计

平台的核心模块用键值数据库LevelStone保存区块。

一个分组最多容纳 6000 名成员。
"""
COSTS = """
# Inspection of Harbour Cranes, Annual Study

## Costs

| Action | Labour | Cost on all operators | Cost per crane |
| --- | --- | --- | --- |
| Sensor test | 40 hours | $248,200 | $3,400 |
| Cable check | 12 hours | $91,300 | $1,250 |

The committee measured the cables of every crane in the harbour.
"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline over two editions of a white paper and a study, none of them by a house."""
    texts = {"ledger_en.md": LEDGER, "ledger_zh.md": LEDGER_ZH, "cranes.md": COSTS}
    return pipeline_over(tmp_path_factory, texts)


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("In the TARNVIK white paper, which store keeps the blocks?", {"ledger_en", "ledger_zh"}),
        ("In the English TARNVIK white paper, which store keeps the blocks?", {"ledger_en"}),
        ("TARNVIK白皮书中文版里，区块存在哪种数据库？", {"ledger_zh"}),
        ("What does the study of harbour cranes say of cables?", {"cranes"}),
        ("Which store keeps the blocks?", None),
        ("According to the Meridian white paper, which store keeps the blocks?", None),
        ("论文里说了什么？", None),
    ],
)
def test_a_title_limits_to_its_documents(
    shelf: Pipeline, question: str, documents: set[str] | None
) -> None:
    asked, found = shelf.titles.named(question, ())
    assert (None if found is None else set(found)) == documents
    assert (asked == question) == (documents is None)


def test_a_title_is_no_word_that_evidence_must_have(shelf: Pipeline) -> None:
    asked, _ = shelf.titles.named("In the TARNVIK white paper, which store keeps the blocks?", ())
    assert asked == "In the report, which store keeps the blocks?"


def test_the_named_edition_answers(shelf: Pipeline) -> None:
    english = shelf.answer("In the English TARNVIK white paper, how many members can a group hold?")
    chinese = shelf.answer("TARNVIK白皮书中文版说，一个分组最多容纳多少名成员？")
    assert ("4,000" in english.text, "6000" in chinese.text) == (True, True)
    assert {c.doc_id for c in english.citations} == {"ledger_en"}


def test_what_goes_on_is_of_the_document_named_before(shelf: Pipeline) -> None:
    before = "In the English TARNVIK white paper, which store keeps the blocks?"
    assert shelf.titles.named("And how many members can a group hold?", [before])[1] == (
        "ledger_en",
    )


def _said(reply: Answer, *figures: str) -> bool:
    return reply.status is AnswerStatus.ANSWERED and all(f in reply.text for f in figures)


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        (
            "What does the sensor test cost all operators, and the cost per crane?",
            ("$248,200", "$3,400"),
        ),
        (
            "What is the cost of the cable check on all operators, and how many hours of labour?",
            ("$91,300", "12 hours"),
        ),
    ],
)
def test_each_part_is_answered_from_the_same_row(
    shelf: Pipeline, question: str, figures: tuple[str, ...]
) -> None:
    reply = shelf.answer(question)
    assert _said(reply, *figures), reply.text
    assert len(reply.citations) == len(figures)


HOUSE = """
北陆证券

# 智慧港口行业深度报告

## 投资建议

我们看好港口自动化的龙头厂商，维持推荐远帆科技。

## 智能的分类

通用人工智能指的是一台像人类一样拥有全面智能的计算机。

超级人工智能被定义为在几乎所有领域都比最优秀的人类大脑聪明得多的智力。

SDX 模型的参数量显著增加，基础模型有 35 亿参数。而测试版只有 31 亿参数并使用单一模型。

公司的分析师不具有海外的注册资格。因此，公司不受海外分析师独立性规则的约束。
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    """Return what asks the report of one house."""
    return pipeline_over(tmp_path_factory, {"ports.md": HOUSE}).answer


def test_a_premise_turned_round_is_named(house: Callable[[str], Answer]) -> None:
    reply = house("报告为什么不再推荐远帆科技？")
    assert reply.status is AnswerStatus.NOT_IN_CORPUS
    assert "说法相反" in reply.text
    assert "维持推荐远帆科技" in reply.text


def test_the_whole_term_is_defined(house: Callable[[str], Answer]) -> None:
    assert "最优秀的人类大脑" in house("超级人工智能指的是什么水平的智能？").text


def test_both_figures_of_a_comparison_are_told(house: Callable[[str], Answer]) -> None:
    assert _said(house("SDX的基础模型和测试版的参数量相比有何不同？"), "35 亿", "31 亿")


def test_a_conclusion_comes_with_its_reason(house: Callable[[str], Answer]) -> None:
    assert _said(house("公司为什么不受海外分析师独立性规则的约束？"), "注册资格")
