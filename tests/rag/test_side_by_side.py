"""Questions that put two things side by side, mean one report of a house, or say more than they ask."""

import pytest

from rag.pipeline import Pipeline
from rag.questions.asides import without_asides
from rag.questions.coordination import pairs_in
from rag.questions.issuers import issuer_names
from rag.questions.question import parse_question
from rag.schema import Answer, AnswerStatus
from tests.pipelines import pipeline_over

REPORT = """\
# 潮汐发电：两条路线之争

证券分析师：沈默言
2022年3月7日

## 1 设备

海燕号采用贯流式机组，检修一次大约需要36小时，由青禾重工制造。

信天翁号采用立轴式机组，检修一次只需9小时，噪声也更低。

立轴式机组的优点是适合浅水区域。贯流式机组更擅长大流量河口。

信天翁号的设备功能：1、发电：把潮流的动能变成电能；2、储能：在低谷时为电池充电；3、监测：记录水温与盐度。

## 2 收费

岸电服务按月收费，有两档：1）普通档每月花费120元，含40度电（每度电大约3元）；2）畅用档每月花费300元，含150度电（每度电大约2元）。

## 3 前景

潮汐发电难以推广的主要难点包括：1）缺少合适的海域。2）并网要求更高。远海电站离负荷中心远，输电线路投资大。3）维护更难。

## 4 争议与风险

渔民担心机组伤害洄游鱼类。环保组织质疑选址没有公开听证。保险公司尚未给出合理费率。

## 免责声明

本报告由海岳证券股份有限公司制作，仅供海岳证券股份有限公司的客户使用。
"""


@pytest.fixture(scope="module")
def tidal(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return pipeline_over(tmp_path_factory, {"haiyue.md": REPORT})


def _quotes(reply: Answer) -> list[str]:
    assert reply.status is AnswerStatus.ANSWERED
    return [citation.quote for citation in reply.citations]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("海燕号和信天翁号检修一次各要多久？", "36小时", "9小时"),
        ("信天翁号与海燕号检修一次分别要多久？", "9小时", "36小时"),
        ("岸电的普通档和畅用档，每度电各要几元？", "3元", "2元"),
    ],
)
def test_each_of_two_things_is_answered_for_in_the_order_asked(
    question: str, first: str, second: str, tidal: Pipeline
) -> None:
    quotes = _quotes(tidal.answer(question))
    assert len(quotes) == 2
    assert first in quotes[0]
    assert second in quotes[1]


def test_a_question_of_before_is_no_part_of_the_next(tidal: Pipeline) -> None:
    quotes = _quotes(tidal.answer("它含多少度电？", history=["岸电的普通档每月多少钱？"]))
    assert len(quotes) == 1
    assert "40度电" in quotes[0]


def test_nothing_is_said_of_two_things_where_one_is_unknown(tidal: Pipeline) -> None:
    reply = tidal.answer("海燕号和军舰鸟号检修一次各要多久？")
    assert len(reply.citations) <= 1


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("Midjourney的基本计划和标准计划每次要几美分？", ("基本计划", "标准计划")),
        ("CAE和SimMIM都是在MAE上改的，有什么不同？", ("CAE", "SimMIM")),
        ("SDXL 0.9的基础模型跟beta版比，参数分别是多少？", ("基础模型", "beta版")),
        ("How long do Magic3D and Point-E take?", ("Magic3D", "Point-E")),
        (
            "What is it on the basic plan and what on the standard plan?",
            ("the basic plan", "the standard plan"),
        ),
        (
            "Which task suits two-tower and single-tower vision models?",
            ("two-tower", "single-tower"),
        ),
    ],
)
def test_the_things_side_by_side_are_found(question: str, things: tuple[str, str]) -> None:
    pair = pairs_in(question)[0]
    assert pair.things == things
    for thing, other, alone in zip(things, things[::-1], pair.questions, strict=True):
        assert thing in alone
        assert other not in alone


def test_what_opens_a_numbered_list_in_the_words_of_the_question_is_preferred(
    tidal: Pipeline,
) -> None:
    text = tidal.answer("信天翁号有哪些设备功能？").text
    assert all(word in text for word in ("发电", "储能", "监测"))


def test_a_summary_of_difficulties_gives_the_list_with_what_explains_its_items(
    tidal: Pipeline,
) -> None:
    text = tidal.answer("总结一下，潮汐发电难在哪儿？").text
    assert all(word in text for word in ("海域", "并网", "维护", "输电线路"))


@pytest.mark.parametrize(
    "question", ["概括一下海岳证券第四章的内容", "Summarize chapter four of the 海岳证券 report."]
)
def test_a_chapter_is_found_by_its_number(question: str, tidal: Pipeline) -> None:
    text = tidal.answer(question).text
    assert "渔民" in text
    assert "机组采用" not in text


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("海岳证券写Sora那篇里，普通档每月多少钱？", {"sora"}),
        ("What does the basic tier cost in 海岳证券's March 2022 note?", {"march", "2022"}),
    ],
)
def test_what_tells_the_reports_of_a_house_apart_is_not_asked_of_their_text(
    question: str, terms: set[str], tidal: Pipeline
) -> None:
    parsed = parse_question(question, issuers=issuer_names(tidal.index))
    assert parsed.documents
    assert terms.isdisjoint(parsed.terms)
    assert parsed.periods == ()


def test_the_date_of_one_of_several_reports_is_asked_by_its_topic(tidal: Pipeline) -> None:
    issuers = issuer_names(tidal.index)
    parsed = parse_question("海岳证券写Sora那篇是哪天发布的？", issuers=issuers)
    assert "sora" in parsed.terms


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("For a slide on prices: what does it cost?", "what does it cost?"),
        ("How does it work? A few lines will do.", "How does it work?"),
        ("东吴怎么看它？三两句说清楚", "东吴怎么看它？"),
        # What leads to a question may say what it is about, and a wish is the question.
        ("I compare sector ratings. Which index is used?",) * 2,
        ("我想知道它哪年成立",) * 2,
        ("我们实测的结果，哪个最好？",) * 2,
        ("图像分割到底是指啥？我得跟老板解释", "图像分割到底是指啥？"),
        ("What is it? I need to explain it to my boss.", "What is it?"),
        # What limits a question is no aside.
        ("我们只能买港股。市值最大的是哪家？",) * 2,
        ("What was its revenue? We only care about 2022.",) * 2,
        ("List the risks. I only want those about copyright.",) * 2,
    ],
)
def test_asides_are_left_out(text: str, kept: str) -> None:
    assert without_asides(text) == kept
