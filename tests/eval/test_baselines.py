import pytest

from corpus.schema import Language
from eval.baselines import (
    AlwaysDecline,
    FirstSentence,
    bm25_ranker,
    cut_documents,
    dense_ranker,
    format_baselines,
    run_baselines,
)
from eval.cases import Case, Fact, Span
from eval.runner import stand_of
from index.encoder import HashEncoder
from rag.pipeline import Pipeline
from rag.schema import AnswerStatus
from tests.eval.made import EN, ZH, case

MARKET = Case(
    case_id="m", kind="number", split="dev", difficulty=1, answerable=True, min_facts=1,
    questions={ZH: "2023年国内仓储机器人市场规模是多少？", EN: "How big was the warehouse robot market?"},
    facts=(Fact({ZH: ("187亿",), EN: ("18.7 billion",)}),),
    evidence=(Span("zh_warehouse", "市场规模达到187亿元"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def chunks(pipeline: Pipeline):
    return cut_documents([pipeline.document(entry.doc_id) for entry in pipeline.documents()])


def test_cuts_are_where_they_say(chunks, pipeline: Pipeline) -> None:
    assert {place.doc_id for place, _ in chunks} == {e.doc_id for e in pipeline.documents()}
    for place, text in chunks:
        assert pipeline.document(place.doc_id).text[place.start : place.end] == text


def test_rankers_put_the_words_of_the_question_first(chunks) -> None:
    for rank in (bm25_ranker(chunks), dense_ranker(chunks, HashEncoder())):
        assert rank("仓储机器人市场规模")[0].doc_id == "zh_warehouse"
        assert rank("electric ferries Bergen")[0].doc_id == "en_ferries"
    assert bm25_ranker(chunks)("qqqq") == []


def test_the_first_sentence_is_quoted_in_the_language_of_the_question(pipeline: Pipeline) -> None:
    answer = FirstSentence(pipeline).answer("仓储机器人市场规模是多少？")
    assert answer.status is AnswerStatus.ANSWERED
    (citation,) = answer.citations
    text = pipeline.document(citation.doc_id).text
    assert text[citation.start : citation.end] == citation.quote
    assert answer.language is Language.ZH


def test_declining_always_declines() -> None:
    for question in ("多少？", "How many?"):
        assert AlwaysDecline().answer(question).status is AnswerStatus.NOT_IN_CORPUS


def test_all_baselines_are_measured_on_the_same_cases(pipeline: Pipeline) -> None:
    cases = [MARKET, case(answerable=False, case_id="u")]
    found = run_baselines(cases, pipeline, stand_of(pipeline), HashEncoder())
    by_name = {(item["name"], item["language"]): item["metrics"] for item in found}
    assert by_name["BM25 over jieba", "zh"]["recall@1"][0] == 1.0
    assert by_name["BM25 over jieba", "en"]["recall@10"][0] < 1.0  # no word in common
    assert by_name["always decline", "zh"]["passed"][0] == 1 / 2
    assert by_name["first sentence", "zh"]["abstention_recall"][0] == 0.0
    assert by_name["LangChain recipe", "zh"]["recall@10"][3] == 1  # answerable ones only
    table = format_baselines(found)
    assert "hash-512" in table
    assert table.count("recall@5") == 4
