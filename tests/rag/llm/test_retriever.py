import re
from pathlib import Path

from langchain_core.language_models.fake_chat_models import FakeListChatModel

from rag import Pipeline
from rag.llm.retriever import ReportRetriever

DOCS = Path(__file__).resolve().parents[3] / "docs" / "llm.md"


def test_the_retriever_gives_exact_passages_best_first(pipeline: Pipeline) -> None:
    retriever = ReportRetriever(pipeline=pipeline, top_k=3)
    found = retriever.invoke("仓储机器人市场规模")
    assert len(found) == 3
    for document in found:
        meta = document.metadata
        text = pipeline.document(meta["doc_id"]).text
        assert text[meta["start"] : meta["end"]] == document.page_content
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0].metadata["doc_id"] == "zh_warehouse"
    assert found[0].id == pipeline.retrieve("仓储机器人市场规模", 1)[0].chunk.chunk_id


def test_the_retriever_reads_only_the_given_documents(pipeline: Pipeline) -> None:
    retriever = ReportRetriever(pipeline=pipeline, documents=["en_ferries"])
    assert {d.metadata["doc_id"] for d in retriever.invoke("market size")} == {"en_ferries"}


def test_the_example_of_the_documentation_runs(pipeline: Pipeline) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    model = FakeListChatModel(responses=["2023年的市场规模为187亿元 [1]。"])
    names = {"pipeline": pipeline, "model": model}
    exec(compile(code, str(DOCS), "exec"), names)
    assert names["reply"] == "2023年的市场规模为187亿元 [1]。"
    assert "187亿元" in str(names["request"])
