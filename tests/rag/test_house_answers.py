"""Answers over three houses: who speaks of what, parts for one house each, yes and no, analysts."""

import pytest

from index.opened import OpenedIndex
from rag.composing.yes_no import _said_by_cell
from rag.evidence.evidence import Evidence
from rag.pipeline import Pipeline
from rag.questions.people import _is_word, _spelled, analyst_names, is_in
from rag.schema import AnswerStatus
from tests.rag.conftest import Ask
from tests.rag.evidence_of import cell


@pytest.mark.parametrize(
    ("question", "word", "cited", "silent"),
    [
        ("哪些券商提到了Songbird？", "Songbird", {"northgate"}, ("海岳证券", "远岚证券")),
        ("Which reports mention Songbird?", "Songbird", {"northgate"}, ("海岳证券", "远岚证券")),
        ("In which reports does Parrot Labs appear?", "Parrot Labs", {"northgate"}, ("海岳证券",)),
        ("TTS见于哪几份研报？", "TTS", {"northgate"}, ("海岳证券", "远岚证券")),
        # By the other names of what is named.
        ("哪些报告提到了GPU？", "graphics card", {"northgate"}, ("海岳证券", "远岚证券")),
    ],
)
def test_the_reports_that_speak_of_a_name_are_told_from_the_silent_ones(
    question: str, word: str, cited: set[str], silent: tuple[str, ...], ask: Ask
) -> None:
    reply = ask(question)
    assert {citation.doc_id for citation in reply.citations} == cited
    assert len(reply.citations) == len(cited)
    assert all(word in citation.quote for citation in reply.citations)
    note = reply.text.splitlines()[1]
    assert all(house in note for house in silent)


def test_a_sentence_says_more_of_a_name_than_a_cell(ask: Ask) -> None:
    reply = ask("Which reports mention Finch 3?")
    assert [citation.quote for citation in reply.citations] == [
        "Finch 3 is the slower one, and is sold to museums and city guides in Portugal."
    ]


def test_a_name_that_no_report_has_is_mentioned_by_none(ask: Ask) -> None:
    assert ask("Which reports mention Nightjar?").status is AnswerStatus.NOT_IN_CORPUS


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        (
            "海岳证券怎么看版权风险，远岚证券的参数量是多少？",
            [
                ("haiyue", "版权诉讼风险；语音诈骗监管趋严。"),
                ("yuanlan", "驼峰智能的语音模型参数量为70亿。"),
            ],
        ),
        (
            "远岚证券的参数量是多少，海岳证券怎么看版权风险？",  # in the order asked
            [
                ("yuanlan", "驼峰智能的语音模型参数量为70亿。"),
                ("haiyue", "版权诉讼风险；语音诈骗监管趋严。"),
            ],
        ),
        (
            "What does Northgate expect of the European market, and what does 远岚证券's Buy "
            "rating mean?",
            [
                (
                    "northgate",
                    "Northgate Securities expects the European market for voice models to reach "
                    "US$2.4 billion in 2027.",
                ),
                ("yuanlan", "买入：预期未来12个月内股价相对中证500指数的涨幅在15%以上；"),
            ],
        ),
    ],
)
def test_each_part_of_a_question_is_asked_of_its_own_house(
    question: str, quotes: list[tuple[str, str]], ask: Ask
) -> None:
    reply = ask(question)
    assert [(citation.doc_id, citation.quote) for citation in reply.citations] == quotes


def test_a_house_that_has_no_answer_to_its_part_is_named(ask: Ask) -> None:
    reply = ask("海岳证券的语音模型渗透率是多少，远岚证券的净利率是多少？")
    assert {citation.doc_id for citation in reply.citations} == {"haiyue"}
    assert "未找到相关内容：远岚证券" in reply.text


def test_a_part_leaves_out_the_name_of_the_part_before(ask: Ask) -> None:
    reply = ask("Songbird的Team套餐多少钱（Northgate）？海岳怎么看监管？")
    assert [citation.doc_id for citation in reply.citations][:1] == ["northgate"]
    assert reply.citations[0].quote == "$45 a month"


@pytest.mark.parametrize(
    ("question", "opening", "quote"),
    [
        ("基础会员可以商用吗？", "否。", "否"),
        ("钻石会员可以商用吗？", "是。", "是"),
        ("百灵语音的钻石会员能不能商用？", "是。", "是"),
        ("Is the Songbird Solo plan open source?", "No. ", "No"),
        ("Is the Team plan open source?", "Yes. ", "Yes"),
    ],
)
def test_a_cell_that_only_says_yes_or_no_settles_what_its_labels_ask(
    question: str, opening: str, quote: str, ask: Ask
) -> None:
    reply = ask(question)
    assert reply.text.startswith(opening)
    assert [citation.quote for citation in reply.citations] == [quote]


@pytest.mark.parametrize(
    "question",
    ["钻石会员只能商用吗？", "所有会员都可以商用吗？", "Is only the Team plan open source?"],
)
def test_a_cell_says_no_more_than_its_labels(question: str, ask: Ask) -> None:
    assert not ask(question).text.startswith(("是", "否", "Yes", "No. "))


@pytest.mark.parametrize(
    ("evidence", "clause"),
    [
        (cell("是", "钻石会员", "是否商用"), "钻石会员 商用"),
        (cell("否", "基础会员", "是否商用"), "基础会员 不商用"),
        (cell("×", "是否商用", "基础会员"), "商用 不基础会员"),
        (cell("Yes", "Team", "Open source?"), "Team Open source"),
        (cell("No", "Solo", "Open source?"), "Solo not Open source"),
        (cell("29", "基础会员", "月付", unit="元"), "基础会员 月付：29元"),
    ],
)
def test_a_cell_is_read_as_a_clause(evidence: Evidence, clause: str) -> None:
    assert _said_by_cell(evidence) == clause


def test_a_cell_that_says_yes_is_no_value_to_compare(ask: Ask) -> None:
    reply = ask("基础会员和钻石会员哪个更便宜，分别是多少？")
    quotes = [citation.quote for citation in reply.citations]
    assert quotes in (["29元", "119元"], ["290元", "1,190元"])


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("基础会员和钻石会员哪个时长更长，分别是多少？", ["5小时", "40小时"]),
        ("基础会员和钻石会员中每月时长最长的是哪个，分别是多少？", ["5小时", "40小时"]),
        (
            "Which is more expensive, Solo or Team, and what are the two prices?",
            ["$9 a month", "$45 a month"],
        ),
        (
            "Solo or Team, which costs less, and what are the two prices?",
            ["$9 a month", "$45 a month"],
        ),
    ],
)
def test_both_values_are_given_where_both_are_asked_for(
    question: str, quotes: list[str], ask: Ask
) -> None:
    assert [citation.quote for citation in ask(question).citations] == quotes


def test_one_value_is_given_where_one_is_asked_for(ask: Ask) -> None:
    reply = ask("基础会员和钻石会员中每月时长最长的是哪个？")
    assert [citation.quote for citation in reply.citations] == ["40小时"]


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("百灵语音的企业会员每月多少钱？", ""),
        ("What is the price of the Songbird Enterprise plan?", "Enterprise"),
        ("What does the Songbird Solo plan cost a year?", "year"),  # its price is a month's
        ("How large will the Japanese market for voice models be in 2027?", "Japanese"),
        ("美国语音模型市场规模是多少？", "美国"),
        ("青鸾科技2023年净利润是多少？", "净利润"),
        ("How many languages does Songbird 2 read aloud?", "languages"),
        ("What is Parrot Labs' net profit?", "profit"),
        ("What does GPU stand for?", ""),
        ("2030年语音模型市场规模是多少？", "2030"),
    ],
)
def test_what_is_of_another_kind_is_no_answer(question: str, word: str, ask: Ask) -> None:
    reply = ask(question)
    assert reply.status is AnswerStatus.NOT_IN_CORPUS
    assert not reply.citations
    assert word in reply.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("百灵语音钻石会员年付多少钱？", "1,190元"),
        ("基础会员一年多少钱？", "290元"),
        ("百灵语音有多少层编码器？", "24层编码器"),
        ("How many layers does Songbird 2 have?", "36 layers"),
        ("How many people work at Parrot Labs?", "85 people"),
        ("How many employees does Parrot Labs have?", "85 people"),
        ("青鸾科技有多少名员工？", "640人"),
        ("Can you tell us what the Solo plan costs?", "$9 a month"),
        ("Who is the chief executive of Parrot Labs?", "Ines Carvalho"),
        ("What does TTS stand for?", "Text to speech (TTS)"),
        ("What will the European market for voice models reach in 2027?", "US$2.4 billion"),
        ("从2021年到2025年，语音模型的渗透率如何变化？", "由4%升至21%"),
    ],
)
def test_what_is_insisted_on_is_found(question: str, said: str, ask: Ask) -> None:
    reply = ask(question)
    assert reply.status is AnswerStatus.ANSWERED
    assert said in reply.citations[0].quote


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("陆清和的执业证书编号是多少？", ["执业证书编号：S0660523000022"]),
        ("Qinghe Lu的证书编号是什么？", ["执业证书编号：S0660523000022"]),
        ("What is Lu Qinghe's licence number?", ["执业证书编号：S0660523000022"]),
        ("Who wrote Northgate's report?", ["Analyst: Dana Whitfield"]),
        ("海岳证券的报告是谁写的？", ["证券分析师：沈默言"]),
    ],
)
def test_analysts_are_found_by_their_names_in_either_language(
    question: str, quotes: list[str], ask: Ask
) -> None:
    assert [citation.quote for citation in ask(question).citations] == quotes


def test_an_analyst_limits_a_question_to_the_report(ask: Ask) -> None:
    for name in ("陆清和", "Lu Qinghe"):
        reply = ask(f"{name}预计2025年语音模型市场规模是多少？")
        assert [citation.doc_id for citation in reply.citations] == ["yuanlan"]
        assert "150亿元" in reply.text


@pytest.mark.parametrize(
    ("name", "form", "is_spelled"),
    [
        ("陆清和", "Lu Qinghe", True),
        ("陆清和", "Qinghe Lu", True),
        ("王伟", "Wang Wei", True),
        ("陆清和", "Lu Qing", False),
        ("Dana Whitfield", "Dana Whitfield", False),  # has a spelling already
        ("李", "Li", False),  # too short for a name
    ],
)
def test_a_chinese_name_is_spelled_in_both_orders(name: str, form: str, is_spelled: bool) -> None:
    assert (form in _spelled(name)) is is_spelled


def test_a_name_that_is_a_word_names_nobody() -> None:
    assert _is_word("高原")  # a plateau
    assert not _is_word("陆清和")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("What does lu qinghe think?", True),
        ("陆清和怎么看？", True),
        ("Qinghe Luo thinks otherwise", False),
        ("Salu Qinghe", False),
    ],
)
def test_a_name_is_a_whole_word_in_latin_letters(text: str, named: bool) -> None:
    assert is_in(frozenset(("陆清和", "Lu Qinghe", "Qinghe Lu")), text) is named


def test_every_form_of_an_analyst_is_known(houses: Pipeline) -> None:
    index: OpenedIndex = houses.index
    assert analyst_names(index, houses.document("yuanlan")) == {
        "陆清和": frozenset(("陆清和", "Lu Qinghe", "Qinghe Lu"))
    }
