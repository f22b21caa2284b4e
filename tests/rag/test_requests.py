"""What no report can meet is told from what it can."""

import pytest

from rag.questions.plain import in_plain_words
from rag.questions.requests import is_out_of_reach


@pytest.mark.parametrize(
    "text",
    ["讲个笑话吧", "帮我写一封辞职信", "Write me a resignation letter.", "恒指今日收几多点？"],
)
def test_new_texts_and_live_figures_are_out_of_reach(text: str) -> None:
    assert is_out_of_reach(text)


@pytest.mark.parametrize(
    "text",
    [
        "说说AI绘画的风险",
        "讲一下谷歌的Parti",
        "讲讲AI绘画",
        "时至今日AI绘画有哪些问题？",
        "Is Midjourney profitable right now?",
        "Write a summary of the risks.",
    ],
)
def test_questions_about_the_reports_are_not(text: str) -> None:
    assert not is_out_of_reach(text)


def test_what_is_quoted_is_left_as_it_is_written() -> None:
    assert in_plain_words("What does “fall short” mean?") == "What does “fall short” mean?"
    assert "fall short" not in in_plain_words("Where does it fall short?")
