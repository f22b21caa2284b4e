"""What a question insists on, and what it need not find: plans, regions, persons, metrics, owners."""

import pytest

from rag.evidence.evidence import Evidence
from rag.evidence.features import TermNearness, evidence_features
from rag.evidence.holding import is_named
from rag.evidence.measured import lacks_metric
from rag.evidence.owners import borne_names
from rag.evidence.qualifiers import lacks_expansion, lacks_person, lacks_qualifier
from rag.questions.question import Question, parse_question
from tests.rag.evidence_of import cell, sentence


def missing_of(question: Question, evidence: Evidence) -> frozenset[str]:
    """Return the terms of a question that neither evidence nor what surrounds it has."""
    return frozenset(t for t in question.terms if not is_named(t, question, evidence.everything))


def features_of(question: str, evidence: Evidence) -> dict[str, float]:
    """Return the features of evidence where every term says as much, and none is near another."""
    parsed = parse_question(question)
    weights = dict.fromkeys(parsed.terms, 1.0)
    nearness = dict.fromkeys(parsed.terms, TermNearness())
    return evidence_features(parsed, evidence, weights, nearness)[0]


@pytest.mark.parametrize(
    ("question", "evidence", "lacks"),
    [
        ("百灵的企业会员多少钱？", cell("119元", "钻石会员", "月付"), True),
        ("百灵的鑽石會員多少錢？", cell("119元", "钻石会员", "月付"), False),
        ("最便宜的会员多少钱？", cell("119元", "钻石会员", "月付"), False),
        ("How much is the Enterprise plan?", cell("$45", "Team plan", "Price"), True),
        ("How much is the Team plan?", cell("$45", "Team plan", "Price"), False),
        ("Which plan is cheapest?", cell("$45", "Team plan", "Price"), False),
        # A team is no Team plan.
        ("How much is the Team plan?", sentence("The team sold it for $45."), True),
        ("How much is the Team plan?", sentence("Team plan members pay $45."), False),
        ("企业版多少钱？", sentence("该企业去年融资119元。"), True),
    ],
)
def test_one_plan_does_not_answer_for_another(
    question: str, evidence: Evidence, lacks: bool
) -> None:
    parsed = parse_question(question)
    assert lacks_qualifier(parsed, evidence, missing_of(parsed, evidence)) is lacks


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("印度的市场规模多大？", "中国的市场规模为37亿元。", True),
        ("印度的市场规模多大？", "印度尼西亚的市场规模为37亿元。", True),
        ("印度的市场规模多大？", "The Indian market is worth US$2 billion.", False),
        ("How large is the Japanese market?", "日本的市场规模为37亿元。", False),
        ("How large is the U.S. market?", "美国的市场规模为37亿元。", False),
        ("How large is the US market?", "The European market is worth US$2.4 billion.", True),
        ("How large is the US market?", "The American market is worth $2.4 billion.", False),
        ("美国的市场规模多大？", "The Latin American market is worth US$2.4 billion.", True),
        # None of these asks of the United States.
        ("Can you tell us how large the market is?", "国内市场规模为37亿元。", False),
        ("Is the market worth US$2 billion?", "国内市场规模为37亿元。", False),
        ("How large is the Latin American market?", "拉美市场规模为37亿元。", False),
        ("How large is the North American market?", "北美市场规模为37亿元。", False),
        ("市场规模多大？", "国内市场规模为37亿元。", False),
    ],
)
def test_one_region_does_not_answer_for_another(question: str, text: str, lacks: bool) -> None:
    parsed = parse_question(question)
    assert lacks_qualifier(parsed, sentence(text), frozenset()) is lacks


def test_a_region_may_stand_in_the_heading() -> None:
    question = parse_question("印度的市场规模多大？")
    under = sentence("市场规模为37亿元。", section=("印度市场",))
    assert not lacks_qualifier(question, under, frozenset())


@pytest.mark.parametrize(
    ("question", "evidence", "lacks"),
    [
        ("青鸾的净利润是多少？", sentence("青鸾2023年营业收入为8.6亿元。"), True),
        ("青鸾的净利润是多少？", sentence("青鸾2023年盈利1.2亿元。"), False),
        ("What is its headcount?", sentence("The company has 85 employees."), False),
        ("What is its headcount?", sentence("The company sold 85 models."), True),
        ("青鸾的目标价是多少？", cell("12.5", "青鸾", "市盈率", rest="目标价 60元"), True),
        ("青鸾的目标价是多少？", cell("60元", "青鸾", "目标价", rest="12.5"), False),
        ("青鸾卖多少钱？", sentence("青鸾卖29元。"), False),  # a price shows what it is
        ("Who founded it and how high is its revenue?", sentence("It sold 85 models."), True),
        ("列出青鸾的利润来源有哪些", sentence("青鸾靠会员收费。"), False),  # no figure is asked for
    ],
)
def test_one_metric_does_not_answer_for_another(
    question: str, evidence: Evidence, lacks: bool
) -> None:
    parsed = parse_question(question)
    assert lacks_metric(parsed, evidence, missing_of(parsed, evidence)) is lacks


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("百灵的首席执行官是谁？", "百灵的首席执行官梁思远此前在高校任教。", False),
        ("百灵的首席执行官是谁？", "首席执行官认为百灵的成本下降很快。", True),
        ("百灵的创始人是谁？", "百灵由创始人带队，合作方为远岚证券。", True),
        ("Who is the founder of Songbird?", "Its founder Ines Carvalho taught before.", False),
        ("Who is the founder of Songbird?", "Its founder says that costs fell.", True),
        # Whom the question itself names is no answer.
        ("Who is the founder beside Ines Carvalho?", "Its founder Ines Carvalho taught.", True),
        ("谁是百灵的设计师？", "百灵的界面很受欢迎。", True),
        ("百灵是什么？", "百灵是一款语音模型。", False),  # no person is asked for
    ],
)
def test_a_person_is_named(question: str, text: str, lacks: bool) -> None:
    assert lacks_person(parse_question(question), sentence(text)) is lacks


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("What does TTS stand for?", "Text to speech (TTS) brings 62% of revenue.", False),
        ("What does TTS stand for?", "TTS brings 62% of revenue.", True),
        ("TTS的全称是什么？", "TTS（Text to Speech）占收入的62%。", False),
        ("TTS的全称是什么？", "TTS即语音合成。", False),
        ("TTS的全称是什么？", "TTS占收入的62%。", True),
        ("TTS占收入多少？", "TTS占收入的62%。", False),  # not asked
    ],
)
def test_an_abbreviation_is_spelled_out(question: str, text: str, lacks: bool) -> None:
    assert lacks_expansion(parse_question(question), sentence(text)) is lacks


@pytest.mark.parametrize(
    ("question", "texts", "borne"),
    [
        ("What does Parrot's Songbird cost?", ("Parrot sells Songbird.",), {"parrot"}),
        ("What does Songbird by Parrot cost?", ("Songbird is made by Parrot.",), {"parrot"}),
        ("How much does Parrot charge for Songbird?", ("Parrot made Songbird.",), {"parrot"}),
        ("Parrot推出的Songbird多少钱？", ("Parrot推出了Songbird。",), {"parrot"}),
        ("Parrot旗下的Songbird多少钱？", ("Parrot推出了Songbird。",), {"parrot"}),
        # No report says that the two belong together, or not in one clause.
        ("What does Parrot's Songbird cost?", ("Songbird costs $9.", "Parrot grows."), set()),
        ("Parrot推出的Songbird多少钱？", ("Parrot增长，Songbird下降。",), set()),
        # Two names for one thing: either will do, whatever the reports say.
        ("How much is Songbird (Warbler)?", (), {"warbler"}),
        ("What do Parrot and Songbird cost?", ("Parrot sells Songbird.",), set()),
    ],
)
def test_an_owner_need_not_be_named_again(
    question: str, texts: tuple[str, ...], borne: set[str]
) -> None:
    assert borne_names(parse_question(question), [sentence(text) for text in texts]) == borne


def test_a_row_says_whose_a_thing_is() -> None:
    question = parse_question("What does Parrot's Songbird cost?")
    assert borne_names(question, [cell("$9", "Songbird", "Price", rest="Parrot")]) == {"parrot"}
    assert not borne_names(question, [cell("$9", "Songbird", "Price", rest="Finch")])


_SECTION = (
    "Songbird was compared with others. Finch reads 40 languages. It is cheap. The voice of Heron "
    "is warmer, and Heron was trained on 900 hours."
)


def test_a_name_in_passing_elsewhere_does_not_lend_itself_to_other_things() -> None:
    about_heron = sentence("Heron was trained on 900 hours.", section_text=_SECTION)
    assert features_of("On how many hours was Songbird trained?", about_heron)["named_elsewhere"]
    assert not features_of("On how many hours was Heron trained?", about_heron)["named_elsewhere"]


def test_a_section_about_one_thing_lends_its_name() -> None:
    section = "Songbird is new. Songbird reads aloud. Songbird was compared. It took 900 hours."
    of_it = sentence("It took 900 hours.", section_text=section)
    assert not features_of("How many hours did Songbird take?", of_it)["named_elsewhere"]


@pytest.mark.parametrize(
    ("question", "text", "only"),
    [
        ("How does Songbird treat copyright?", "Songbird is sold in Lisbon.", True),
        ("How does Songbird treat copyright?", "Songbird pays for copyright.", False),
        ("Songbird的版权怎么处理？", "Songbird在里斯本销售。", True),
        ("What does Songbird cost?", "Songbird is sold at $9.", False),  # a price needs no word
        ("How much funding did Songbird receive?", "Songbird got $9 million.", False),
        ("What is Songbird?", "Songbird is a voice model.", False),
        ("Who made Songbird?", "Songbird is sold in Lisbon.", False),  # it asks nothing else
        # A clause with both names says how they go together.
        ("How does Songbird compete with Heron?", "Heron and Songbird share a studio.", False),
    ],
)
def test_a_name_alone_answers_nothing(question: str, text: str, only: bool) -> None:
    assert bool(features_of(question, sentence(text))["only_names"]) is only
