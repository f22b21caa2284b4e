"""The forms an answer takes: yes or no, tables, lists, by report, summaries, dates, false premises.

Two brokers, one of them old, and an English report write about things that exist nowhere else.
"""

import pytest

from corpus.schema import Language
from rag.composing.notes import with_conversions
from rag.pipeline import Pipeline
from rag.questions.topic import topic_across, topic_of_summary
from rag.schema import Answer, AnswerStatus
from tests.pipelines import pipeline_over
from tests.tiny_corpus import markers

OLD = """\
# 钠电池：成本下行，应用可期

证券分析师：沈默言
2022年3月7日

## 投资要点

钠电池成本下降快于预期。2021年行业平均成本为0.82元/Wh，我们预计2025年降至0.45元/Wh。

电动两轮车率先放量。2021年钠电池在两轮车的渗透率仅为3%。

## 1 技术路线

层状氧化物的能量密度较高，聚阴离子的循环寿命较长。钠电池的低温性能优于锂电池。

表 1：正极路线对比

| 路线 | 能量密度 | 循环寿命 | 代表公司 | 是否量产 |
| --- | --- | --- | --- | --- |
| 层状氧化物 | 145Wh/kg | 3000次 | 青禾股份 | 是 |
| 聚阴离子 | 110Wh/kg | 8000次 | 驼峰科技 | 是 |
| 普鲁士蓝 | 130Wh/kg | 2000次 | 青禾股份 | 否 |

## 2 投资建议

推荐驼峰科技(300777.SZ，买入)、青禾股份(600888.SH，增持)，建议关注蓝隼智能(688999.SH)。

## 3 风险提示

钠电池降本不及预期；两轮车需求不及预期。

本报告由海岳证券股份有限公司制作，仅供海岳证券股份有限公司的客户使用。
"""

NEW = """\
# 钠电池：量产元年

证券分析师：陆清和
2024年5月14日

## 核心观点

钠电池进入量产元年。我们预计2025年钠电池行业平均成本为0.52元/Wh，高于此前预期。

储能成为最大的应用市场。驼峰科技的钠电池产线不对外代工。

## 投资建议

推荐驼峰科技(300777.SZ，买入)，建议关注远岚储能(301999.SZ)。

## 风险提示

碳酸锂价格下跌；钠电池标准缺失。

本报告由远岚证券股份有限公司制作，仅供远岚证券股份有限公司的客户使用。
"""

ENGLISH = """\
# Sodium batteries: a second look

Analyst: Dana Whitfield
14 June 2024

Northgate Securities expects sodium batteries to reach RMB 0.50 per Wh in 2025.

Camel Ridge Energy shipped 2.4 GWh of sodium cells in 2023. Its Tromso plant uses no cobalt.

## Disclaimer

This report was prepared by Northgate Securities Ltd. for its institutional clients.
"""


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    texts = {"old.md": OLD, "new.md": NEW, "english.md": ENGLISH}
    return pipeline_over(tmp_path_factory, texts)


def asked(brokers: Pipeline, question: str) -> Answer:
    reply = brokers.answer(question)
    assert markers(reply.text) == {citation.marker for citation in reply.citations}
    for citation in reply.citations:
        document = brokers.document(citation.doc_id)
        assert document.text[citation.start : citation.end] == citation.quote
    return reply


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("层状氧化物的能量密度是145Wh/kg吗？", "是。"),
        ("层状氧化物的能量密度是200Wh/kg吗？", "否，报告给出的是："),
        ("2021年钠电池在两轮车的渗透率是3%吗？", "是。"),
        ("2021年钠电池在两轮车的渗透率是30%吗？", "否，报告给出的是："),
        ("钠电池的低温性能优于锂电池吗？", "是。"),
        ("驼峰科技的钠电池产线对外代工吗？", "否。"),
        ("Did Camel Ridge Energy ship 2.4 GWh of sodium cells in 2023?", "Yes. "),
        ("Does its Tromso plant use cobalt?", "No. "),
    ],
)
def test_a_settled_question_is_answered_by_yes_or_no(
    question: str, opening: str, brokers: Pipeline
) -> None:
    reply = asked(brokers, question)
    assert reply.status is AnswerStatus.ANSWERED
    assert reply.text.startswith(opening)


@pytest.mark.parametrize(
    "question",
    [
        "只有层状氧化物的能量密度较高吗？",  # "only" is more than the report says
        "储能一定是最大的应用市场吗？",
        "锂电池的低温性能优于钠电池吗？",  # turned round
        "钠电池可能进入量产元年吗？",
        "驼峰科技收购了远岚储能吗？",
    ],
)
def test_what_is_not_settled_gets_neither_yes_nor_no(question: str, brokers: Pipeline) -> None:
    assert not asked(brokers, question).text.startswith(("是", "否"))


def test_things_are_compared_in_one_table_cell_by_cell(brokers: Pipeline) -> None:
    reply = asked(brokers, "比较层状氧化物、聚阴离子和普鲁士蓝的能量密度和循环寿命")
    lines = reply.text.split("\n")
    assert lines[0] == "|  | 能量密度 | 循环寿命 |"
    assert lines[2].startswith("| 层状氧化物 | 145Wh/kg [1] | 3000次 [2] |")
    assert [c.quote for c in reply.citations] == [
        "145Wh/kg", "3000次", "110Wh/kg", "8000次", "130Wh/kg", "2000次",
    ]  # fmt: skip


def test_two_things_and_one_property_are_two_statements(brokers: Pipeline) -> None:
    reply = asked(brokers, "层状氧化物和聚阴离子的循环寿命分别是多少？")
    assert reply.text.startswith(
        "- 层状氧化物 · 循环寿命：3000次 [1]\n- 聚阴离子 · 循环寿命：8000次 [2]"
    )


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("哪些路线的代表公司是青禾股份？", ("层状氧化物", "普鲁士蓝"), ("聚阴离子",)),
        ("哪些正极路线已经量产？", ("层状氧化物", "聚阴离子"), ("普鲁士蓝",)),
        ("正极路线中循环寿命最长的是哪个？", ("聚阴离子", "8000次"), ("3000", "2000")),
    ],
)
def test_a_column_picks_the_rows(
    question: str, said: tuple[str, ...], unsaid: tuple[str, ...], brokers: Pipeline
) -> None:
    text = asked(brokers, question).text
    assert all(word in text for word in said)
    assert not any(word in text for word in unsaid)


def test_brokers_are_given_newest_first_with_their_disagreement(brokers: Pipeline) -> None:
    reply = asked(brokers, "各家券商对2025年钠电池成本的预测有什么不同？")
    new, old = reply.text.index("远岚证券 2024-05-14"), reply.text.index("海岳证券 2022-03-07")
    assert new < old
    assert "0.52元/Wh" in reply.text
    assert "0.45元/Wh" in reply.text


def test_a_report_that_says_nothing_is_named(brokers: Pipeline) -> None:
    text = asked(brokers, "海岳证券和远岚证券怎么看碳酸锂价格？").text
    assert "远岚证券 2024-05-14：碳酸锂价格下跌" in text
    assert "未找到相关内容：海岳证券" in text


def test_what_no_report_says_is_declined_across_reports_too(brokers: Pipeline) -> None:
    assert not asked(brokers, "各家券商怎么看量子计算？").citations


def test_companies_are_listed_in_full_and_in_common(brokers: Pipeline) -> None:
    listed = asked(brokers, "海岳证券推荐哪些公司？").text
    assert all(name in listed for name in ("驼峰科技", "青禾股份", "蓝隼智能"))
    common = asked(brokers, "海岳证券和远岚证券共同推荐的公司有哪些？")
    assert common.text.startswith("驼峰科技 [1][2]")
    assert {citation.doc_id for citation in common.citations} == {"old", "new"}


def test_a_report_is_summed_up_by_its_key_points(brokers: Pipeline) -> None:
    text = asked(brokers, "总结一下海岳证券的报告").text
    assert "钠电池成本下降快于预期" in text
    assert "电动两轮车率先放量" in text
    assert "不及预期；" not in text  # risks are no key point


def test_a_section_is_summed_up_by_its_heading_or_number(brokers: Pipeline) -> None:
    for question in ("概括海岳证券报告中的技术路线", "总结海岳证券报告第1节"):
        assert "能量密度较高" in asked(brokers, question).text


def test_an_answer_from_an_old_report_says_so_and_mentions_the_newer_one(brokers: Pipeline) -> None:
    text = asked(brokers, "聚阴离子的循环寿命是多少？").text
    assert "8000次" in text
    assert "截至 2022-03" in text
    assert "截至" not in asked(brokers, "钠电池最大的应用市场是什么？").text


def test_a_false_premise_is_named(brokers: Pipeline) -> None:
    reply = asked(brokers, "2030年钠电池在两轮车的渗透率是多少？")
    assert reply.status is AnswerStatus.NOT_IN_CORPUS
    assert "2030年" in reply.text
    assert "2021年" in reply.text
    assert "3%" in reply.text


def test_foreign_figures_are_shown_in_the_readers_scale(brokers: Pipeline) -> None:
    assert with_conversions("规模达453亿元", Language.EN) == "规模达453亿元 (RMB 45.3 billion)"
    assert (
        with_conversions("市值2.76万亿港币", Language.EN) == "市值2.76万亿港币 (HK$2.76 trillion)"
    )
    assert (
        with_conversions("worth US$9.8 billion", Language.ZH) == "worth US$9.8 billion (98亿美元)"
    )
    assert with_conversions("增长26%，共3家", Language.EN) == "增长26%，共3家"


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("各家券商怎么看AI绘画的商业化？", "AI绘画的商业化"),
        ("Which reports mention diffusion models?", "diffusion models"),
        ("How do the brokers differ on copyright risk?", "copyright risk"),
    ],
)
def test_the_frame_of_a_question_across_reports_is_no_topic(question: str, topic: str) -> None:
    assert topic_across(question) == topic


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("总结一下这份报告", ""),
        ("What are the key takeaways of the report?", ""),
        ("简单概述一下对听觉模型的判断。", "听觉模型"),
        ("Summarise the section on synthetic data.", "synthetic data"),
    ],
)
def test_the_frame_of_a_summary_is_no_topic(question: str, topic: str) -> None:
    assert topic_of_summary(question) == topic
