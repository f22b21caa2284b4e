"""Only the reports that may be read are read, whatever composes the answer."""

import pytest

from rag.pipeline import Pipeline
from rag.schema import AnswerStatus

# Each is composed in another way: mentions, across, a summary, ratings, risks, parts by report and of one.
_COMPOSED = [
    "哪些报告提到了Songbird？",
    "Which brokers mention Songbird?",
    "各家券商怎么看市场？",
    "总结一下主要观点",
    "海岳的“买入”和远岚的“买入”分别意味着什么？",
    "海岳证券提示了哪些风险？",
    "“买入”评级是什么意思？",
    "海岳证券的“买入”是什么意思，基准是什么指数？",
]


@pytest.mark.parametrize("question", _COMPOSED)
def test_without_a_report_to_read_nothing_is_answered(question: str, houses: Pipeline) -> None:
    assert houses.answer(question, documents=[]).status is AnswerStatus.NOT_IN_CORPUS


@pytest.mark.parametrize("question", _COMPOSED)
@pytest.mark.parametrize("doc_id", ["haiyue", "yuanlan", "northgate"])
def test_no_other_report_is_read_than_those_allowed(
    question: str, doc_id: str, houses: Pipeline
) -> None:
    reply = houses.answer(question, documents=[doc_id])
    assert {citation.doc_id for citation in reply.citations} <= {doc_id}


def test_the_questions_are_answered_where_all_may_be_read(houses: Pipeline) -> None:
    answered = [houses.answer(q).status is AnswerStatus.ANSWERED for q in _COMPOSED]
    assert sum(answered) >= len(_COMPOSED) // 2


def test_a_part_that_names_a_report_is_not_asked_of_it_when_it_may_not_be_read(
    houses: Pipeline,
) -> None:
    question = "海岳证券的报告里，百灵语音的总部在哪里，成立于哪一年？"
    reply = houses.answer(question, documents=["northgate"])
    assert not reply.citations
