from pathlib import Path

import pytest

from index.build import add_documents
from index.encoder import HashEncoder
from index.errors import IndexMismatch, IndexMissing
from index.filters import Filters
from index.search import Index
from rag.pipeline import Pipeline


@pytest.fixture(scope="module")
def index(pipeline: Pipeline) -> Index:
    return pipeline.index


@pytest.mark.parametrize(
    ("query", "doc_id", "said"),
    [
        ("仓储机器人2023年市场规模", "zh_warehouse", "187亿元"),
        ("虚拟电厂是什么", "zh_storage", "虚拟电厂是指"),
        ("蓝隼 A5 续航", "zh_warehouse", "12小时"),
        ("price of the Heron 4", "en_chips", "$289"),
        ("how long does charging a ferry take", "en_ferries", "18 minutes"),
        ("export controls risk", "en_chips", "Export controls"),
    ],
)
def test_the_chunk_that_says_it_comes_first(
    index: Index, query: str, doc_id: str, said: str
) -> None:
    best = index.search(query, top_k=1)[0].chunk
    assert best.doc_id == doc_id
    assert said in best.text


@pytest.mark.parametrize("query", ["仓储机器人", "ferries", "市场规模 market"])
def test_chunks_come_once_and_best_first(index: Index, query: str) -> None:
    found = index.search(query, top_k=50)
    scores = [item.score for item in found]
    assert scores == sorted(scores, reverse=True)
    assert len({item.chunk.chunk_id for item in found}) == len(found)
    assert found == index.search(query, top_k=50)


def test_ties_are_in_order_of_ids(index_dir: Path, encoder: HashEncoder) -> None:
    text = "Quokka populations are stable."
    add_documents([(f"same{n}.txt", text.encode()) for n in (3, 1, 2)], index_dir, encoder)
    found = Index.open(index_dir, encoder).search("quokka populations", top_k=3)
    assert len({item.score for item in found}) == 1
    assert [item.chunk.doc_id for item in found] == ["same1", "same2", "same3"]


def test_only_the_given_documents_are_searched(index: Index) -> None:
    found = index.search("仓储机器人市场规模", top_k=50, documents=["en_chips"])
    assert {item.chunk.doc_id for item in found} <= {"en_chips"}
    assert index.search("仓储机器人", top_k=5, documents=[]) == []
    assert index.search("仓储机器人", top_k=5, documents=["no such document"]) == []


@pytest.mark.parametrize(
    ("plain", "same"),
    [
        ("仓储机器人的市场规模", "倉儲機器人的市場規模"),
        ("2023年市场规模达到187亿元", "２０２３年市场规模达到１８７亿元"),
        ("Heron Devices shipped", "ＨＥＲＯＮ ＤＥＶＩＣＥＳ ＳＨＩＰＰＥＤ"),
    ],
    ids=["traditional", "full-width digits", "full-width letters"],
)
def test_other_ways_of_writing_find_the_same_terms(index: Index, plain: str, same: str) -> None:
    assert index.lexical_scores(plain).tolist() == index.lexical_scores(same).tolist()
    assert index.lexical_scores(plain).max() > 0


@pytest.mark.parametrize("query", ["", "   ", "？！", "。", "\u200b"])
def test_a_query_without_terms_finds_nothing_or_little_but_never_fails(
    index: Index, query: str
) -> None:
    assert len(index.search(query, top_k=5)) <= 5


@pytest.mark.parametrize("top_k", [0, -1])
def test_no_chunks_are_returned_when_none_are_wanted(index: Index, top_k: int) -> None:
    assert index.search("ferries", top_k=top_k) == []


def test_more_chunks_than_there_are_is_no_error(index: Index) -> None:
    assert len(index.search("market ferries 市场", top_k=10_000)) <= len(index.chunks)


def test_an_index_of_another_encoder_is_refused_with_both_names(index_dir: Path) -> None:
    with pytest.raises(IndexMismatch, match=r"hash-512.*hash-64.*index build"):
        Index.open(index_dir, HashEncoder(dim=64))


def test_a_missing_index_is_refused(tmp_path: Path, encoder: HashEncoder) -> None:
    with pytest.raises(IndexMissing, match="index build"):
        Index.open(tmp_path, encoder)


def open_with(index_dir: Path, *files: tuple[str, str]) -> Index:
    encoder = HashEncoder()
    add_documents([(name, text.encode()) for name, text in files], index_dir, encoder)
    return Index.open(index_dir, encoder)


def test_a_name_that_no_table_holds_is_found_by_its_sound(index_dir: Path) -> None:
    index = open_with(
        index_dir,
        ("lirihua.txt", "李日华，字君实，浙江嘉兴人，明朝官员、书画家、鉴赏家。"),
        ("supervielle.txt", "The poet Supervielle was born in Montevideo and lived in Paris."),
    )
    assert index.search("Where was Li Rihua born?", top_k=1)[0].chunk.doc_id == "lirihua"
    assert index.search("苏佩维埃尔出生在哪里？", top_k=1)[0].chunk.doc_id == "supervielle"


def test_names_that_a_user_adds_carry_a_question_across(index_dir: Path) -> None:
    index = open_with(index_dir, ("qixing.txt", "启星科技的主要产品是精密减速器，客户集中在华东。"))
    question = "What does Morning Lantern sell?"
    before = index.lexical_scores(question)
    (index_dir / "aliases.tsv").write_text(
        "启星科技\tMorning Lantern\tcompany\t699001.SH\n", encoding="utf-8"
    )
    again = Index.open(index_dir, HashEncoder())
    rows = [row for row, view in enumerate(again.views) if "qixing" in view.chunk_id]
    assert again.lexical_scores(question)[rows].max() > before[rows].max()
    assert again.search(question, top_k=1)[0].chunk.doc_id == "qixing"


def test_a_search_keeps_to_its_filters(index_dir: Path, encoder: HashEncoder) -> None:
    index = Index.open(index_dir, encoder)
    dated = {entry.doc_id for entry in index.shelf if entry.date}
    assert dated
    year = min(entry.date for entry in index.shelf if entry.date)[:4]
    found = index.search("市场 market", top_k=100, filters=Filters(date_from=year, date_to=year))
    wanted = {entry.doc_id for entry in index.shelf if entry.date.startswith(year)}
    assert {item.chunk.doc_id for item in found} == wanted
    only = next(iter(wanted))
    both = index.search(
        "市场 market", top_k=100, documents=[only, "zh_storage"], filters=Filters(date_from="9999")
    )
    assert both == []


def test_neighbours_are_in_reading_order_and_end_with_the_document(index: Index) -> None:
    doc_id = max(index.shelf, key=lambda entry: entry.num_chunks).doc_id
    chunks = [chunk for chunk in index.chunks.values() if chunk.doc_id == doc_id]
    chunks.sort(key=lambda chunk: chunk.start)
    assert len(chunks) > 1
    for place, chunk in enumerate(chunks):
        found = index.neighbours(chunk.chunk_id, before=1, after=2)
        assert list(found) == chunks[max(0, place - 1) : place + 3]
    with pytest.raises(KeyError):
        index.neighbours("no such chunk")
