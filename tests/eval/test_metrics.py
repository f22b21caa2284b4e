import pytest

from corpus.schema import Language
from eval.cases import Fact
from eval.metrics import (
    held_facts,
    holds_fact,
    in_language,
    is_concise,
    is_correct,
    mean,
    polarity_of,
)
from tests.eval.made import DECLINED, EN, ZH, case, reply


@pytest.mark.parametrize(
    ("text", "form", "held"),
    [
        ("规模为453亿元", "453亿", True),
        ("规模为1453亿元", "453亿", False),
        ("4,530 亿元", "4530亿", True),
        ("15.8%", "15", False),
        ("0.15", "15", False),
        ("15。", "15", True),
        ("Ａ股１００只", "100只", True),
        ("Hikvision and Dahua", "dahua", True),
        ("alignment", "align", True),
        ("misalign", "align", False),
        ("the AIs", "ai", True),
        ("aide", "ai", False),
        ("45.3 billion", "45.3billion", True),
        ("45.3 billion dollars", "45.3 billion", True),
        ("two words", "twowords", False),
    ],
)
def test_when_a_text_holds_a_form(text: str, form: str, held: bool) -> None:
    assert holds_fact(text, Fact({EN: (form,)}), EN) is held


def test_a_form_of_the_other_language_does_not_count() -> None:
    assert not holds_fact("453亿", Fact({ZH: ("453亿",)}), EN)


def test_all_facts_are_needed_unless_the_case_says_how_many() -> None:
    assert is_correct(case("甲", "乙"), reply("甲和乙"), ZH)
    assert not is_correct(case("甲", "乙"), reply("只有甲"), ZH)
    assert is_correct(case("甲", "乙", min_facts=1), reply("只有甲"), ZH)
    assert held_facts(case("甲", "乙"), "只有甲", ZH) == [True, False]


def test_markers_are_no_figures_of_the_answer() -> None:
    assert not is_correct(case("3"), reply("没有数字 [3]"), ZH)


def test_declining_is_right_only_where_there_is_no_answer() -> None:
    assert not is_correct(case("甲"), DECLINED, ZH)
    assert is_correct(case(answerable=False), DECLINED, ZH)
    assert not is_correct(case(answerable=False), reply("甲"), ZH)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("是的，支持三种模态 [1]", "yes"),
        ("能。三种模态 [1]", "yes"),
        ("Yes, three modalities [1]", "yes"),
        ("- Yes: three modalities [1]", "yes"),
        ("不是，属于弱人工智能 [1]", "no"),
        ("No. It is weak AI [1]", "no"),
        ("没有，尚在探索阶段", "no"),
        ("Nobody knows", ""),
        ("是一种弱人工智能", ""),  # a definition that begins with "is" affirms nothing
        ("不仅支持图像", ""),
        ("会议在五月举行", ""),
        ("Yesterday", ""),
    ],
)
def test_what_a_reply_says_of_a_yes_or_no(text: str, said: str) -> None:
    assert polarity_of(text) == said


def test_the_wrong_yes_or_no_spoils_an_answer_and_a_missing_one_does_not() -> None:
    asked = case("三种", polarity="yes")
    assert is_correct(asked, reply("是的，支持三种模态"), ZH)
    assert is_correct(asked, reply("支持三种模态"), ZH)
    assert not is_correct(asked, reply("不，只支持三种模态"), ZH)


@pytest.mark.parametrize(
    ("text", "language", "right"),
    [
        ("市场规模为187亿元", ZH, True),
        ("The market is large", ZH, False),
        ("The market is large", EN, True),
        ("市场规模为187亿元", EN, False),
        ("187", ZH, True),
        ("187", EN, True),
        ("Midjourney 的 Pro 版每月 60 美元", ZH, True),
        ("Outperform (领先大市) means ten percent above the index", EN, True),
    ],
)
def test_the_language_of_an_answer(text: str, language: Language, right: bool) -> None:
    assert in_language(reply(text), language) is right


def test_long_answers_are_not_concise_and_lists_have_twice_the_room() -> None:
    assert is_concise(reply("字" * 240), "number")
    assert not is_concise(reply("字" * 241), "number")
    assert is_concise(reply("字" * 241), "list")
    assert not is_concise(reply("word " * 141), "number")


def test_the_mean_of_nothing_is_zero() -> None:
    assert mean([]) == 0.0
    assert mean([1.0, 0.0, 0.5]) == 0.5
