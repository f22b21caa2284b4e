"""What every store and every opened index promises, wherever it lies."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.chunks import split_document
from corpus.errors import DocumentError
from corpus.loaders import read_document
from corpus.schema import Document, Language, Rendering
from index import intake
from index.build import add_documents, build_index, is_stale, remove_document
from index.encoder import HashEncoder, Vectors
from index.errors import IndexMismatch, IndexMissing
from index.filters import Filters
from index.opened import OpenedIndex, ReportStore, create_store, open_index, open_store
from index.place import Place
from index.schema import NewDocument, View
from index.search import Index
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.tiny_corpus import NASTY_TEXTS, ZH_STORAGE

DIM = 4
QUERIES = [
    "仓储机器人2023年市场规模",
    "price of the Heron 4",
    "How large is the market for warehouse robots?",
    "虚拟电厂是什么",
    "电动渡轮充电需要多长时间",
    "Which risks do the ferries have?",
    "倉儲機器人",
    "zzz",
]


@pytest.fixture
def index(place: Place, encoder: HashEncoder) -> OpenedIndex:
    return open_index(place, encoder)


@pytest.fixture
def local(index_dir: Path, encoder: HashEncoder) -> Index:
    """The same index in a folder, to compare with."""
    return Index.open(index_dir, encoder)


def put(store: ReportStore, document: Document) -> None:
    """Store a document with a view per chunk and language, in the order that no store keeps."""
    chunks = split_document(document)
    views = [
        View(chunk.chunk_id, language, f"{language} {chunk.text}")
        for chunk in reversed(chunks)
        for language in (Language.ZH, Language.EN)
    ]
    vectors = np.arange(len(views) * DIM, dtype=np.float32).reshape(-1, DIM) / 7
    store.put_document(NewDocument(
        document, source=b"as\0given", added=True, renderings=(Rendering(0, 2, "译"),),
        edition_sha256="e",
    ))  # fmt: skip
    store.put_chunks(chunks)
    store.put_views(views, vectors)


def test_what_is_stored_comes_back(empty_place: Place) -> None:
    document = read_document(ZH_STORAGE.encode(), "zh_storage.txt")
    with closing(create_store(empty_place)) as store, store.transaction():
        put(store, document)
        store.set_meta(generation=str(store.generation + 1), dim=str(DIM), note="kept")
    with closing(open_store(empty_place)) as store:
        assert store.document("zh_storage") == document
        assert store.source("zh_storage") == ("zh_storage.txt", b"as\0given")
        assert store.source_size("zh_storage") == 8
        assert store.renderings("zh_storage") == (Rendering(0, 2, "译"),)
        assert store.chunks("zh_storage") == split_document(document)
        assert store.generation == 1
        assert store.meta("note") == "kept"
        assert store.meta("no such value") == ""
        (entry,) = store.shelf()
        assert (entry.num_chunks, entry.num_renderings, entry.added) == (
            len(split_document(document)), 1, True,
        )  # fmt: skip
        assert store.fingerprints()["zh_storage"].edition_sha256 == "e"
        views, vectors = store.views(dim=DIM, documents=["zh_storage"])
        keys = [(view.chunk_id, view.language.value) for view in views]
        assert keys == sorted(keys)
        assert len(keys) == 2 * len(split_document(document))
        assert [view.language for view in views[:2]] == [Language.EN, Language.ZH]
        # The first chunk was put last: its views are the last two rows.
        expected = np.arange(len(views) * DIM, dtype=np.float32).reshape(-1, DIM)[[-1, -2]] / 7
        assert vectors.dtype == np.float32
        assert np.array_equal(vectors[:2], expected)
        assert store.check() == []


def test_what_is_not_there_is_a_key_error_or_empty(place: Place) -> None:
    with closing(open_store(place)) as store:
        for read in (store.document, store.source):
            with pytest.raises(KeyError, match="nowhere"):
                read("nowhere")
        assert store.renderings("nowhere") == ()
        assert store.source_size("nowhere") == 0


def test_nothing_there_is_a_missing_index(empty_place: Place, encoder: HashEncoder) -> None:
    for open_ in (open_store, lambda found: open_index(found, encoder)):
        with pytest.raises(IndexMissing, match="python -m index build"):
            open_(empty_place)


def interrupted(store: ReportStore, document: Document) -> None:
    with store.transaction():
        store.delete_document("en_chips")
        put(store, document)
        store.set_meta(generation="99")
        raise KeyboardInterrupt


def test_an_error_inside_a_transaction_leaves_the_state_before_it(
    place: Place, encoder: HashEncoder
) -> None:
    before = open_index(place, encoder)
    new = read_document(b"A new report about quokkas.", "quokka.txt")
    with closing(create_store(place)) as store:
        with pytest.raises(KeyboardInterrupt):
            interrupted(store, new)
        assert "quokka" not in store.fingerprints()
    after = open_index(place, encoder)
    assert after.generation == before.generation == 1
    assert after.shelf == before.shelf
    for query in QUERIES:
        assert after.search(query, top_k=9) == before.search(query, top_k=9)
    assert before.is_current()
    assert add_documents([("quokka.txt", b"Quokkas smile.")], place, encoder).added == ("quokka",)
    with closing(open_store(place)) as store:
        assert store.check() == []


def test_documents_are_added_replaced_and_removed(place: Place, encoder: HashEncoder) -> None:
    def found() -> list[str]:
        hits = open_index(place, encoder).search("quokka populations", top_k=3)
        return [item.chunk.text for item in hits if "uokka" in item.chunk.text]

    one, two = b"Quokka populations are stable.", b"Quokka populations fell by 7%."
    assert found() == []
    assert add_documents([("mine.txt", one)], place, encoder).added == ("mine",)
    assert found() == [one.decode()]
    assert add_documents([("mine.txt", one)], place, encoder).unchanged == ("mine",)
    assert add_documents([("mine.txt", two)], place, encoder).replaced == ("mine",)
    assert found() == [two.decode()]
    assert remove_document("mine", place).removed == ("mine",)
    assert found() == []
    with pytest.raises(DocumentError, match=r"mine.*en_chips"):
        remove_document("mine", place)
    with closing(open_store(place)) as store:
        assert store.generation == 4
        assert store.check() == []


def test_building_again_reads_what_has_changed(
    empty_place: Place, documents_dir: Path, encoder: HashEncoder
) -> None:
    summary = build_index(documents_dir, empty_place, encoder)
    assert len(summary.added) == 4
    assert not is_stale(documents_dir, empty_place, encoder)
    (documents_dir / "en_ferries.txt").write_text("Ferries now cost more.", encoding="utf-8")
    (documents_dir / "en_chips.md").unlink()
    summary = build_index(documents_dir, empty_place, encoder)
    assert (summary.replaced, summary.removed) == (("en_ferries",), ("en_chips",))
    # Another encoder, with vectors of another width: everything is encoded again.
    other = HashEncoder(dim=64)
    assert len(build_index(documents_dir, empty_place, other).replaced) == 3
    with pytest.raises(IndexMismatch, match=r"hash-64.*hash-512.*index build"):
        open_index(empty_place, encoder)
    with pytest.raises(IndexMismatch, match="index build"):
        add_documents([("mine.txt", b"Text.")], empty_place, encoder)
    assert open_index(empty_place, other).search("ferries cost", top_k=1)[0].chunk.doc_id == (
        "en_ferries"
    )
    with closing(open_store(empty_place)) as store:
        assert store.check() == []


class FailingEncoder(HashEncoder):
    """Fails at the third report."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 2

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().encode_documents(texts)


def test_an_interrupted_build_goes_on_where_it_was(
    place: Place, documents_dir: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_index(place, encoder)
    for number in range(4):
        (documents_dir / f"new{number}.txt").write_text(
            f"Quokka number {number}.", encoding="utf-8"
        )
    monkeypatch.setattr(intake, "_BATCH", 1)  # every report is written when it has been read
    with pytest.raises(KeyboardInterrupt):
        build_index(documents_dir, place, FailingEncoder())
    after = open_index(place, encoder)
    assert (after.generation, after.shelf) == (before.generation, before.shelf)
    assert after.search("quokka", top_k=3) == before.search("quokka", top_k=3)
    counting = FailingEncoder()  # two reports are left to be encoded, no more
    assert build_index(documents_dir, place, counting).added == ("new0", "new1", "new2", "new3")
    found = open_index(place, encoder).search("quokka number 2", top_k=4)
    assert found[0].chunk.doc_id == "new2"
    with closing(open_store(place)) as store:
        assert store.check() == []


@pytest.mark.parametrize("query", QUERIES)
def test_every_place_finds_the_same(index: OpenedIndex, local: Index, query: str) -> None:
    # Of a translated term, a Milvus estimates in how many views any of its translations stands;
    # further down, chunks are nearer to each other than that.
    found, expected = index.search(query, top_k=3), local.search(query, top_k=3)
    assert [item.chunk for item in found] == [item.chunk for item in expected]
    assert [item.score for item in found] == pytest.approx(
        [item.score for item in expected], abs=0.15
    )
    deeper, further = (
        {item.chunk.chunk_id: item.score for item in place.search(query, top_k=99)}
        for place in (index, local)
    )
    both = deeper.keys() & further.keys()  # a product of 0 may be a little more, or less
    assert len(both) >= len(further) - 2
    assert [deeper[key] for key in both] == pytest.approx([further[key] for key in both], abs=0.15)


def test_the_vocabulary_counts_over_the_whole_index(index: OpenedIndex, local: Index) -> None:
    assert tuple(index.vocabulary.terms) == local.vocabulary.terms
    assert index.vocabulary.num_documents == local.vocabulary.num_documents
    for term in [*local.vocabulary.terms, "no such term"]:
        expected = local.vocabulary.document_frequency(term)
        assert index.vocabulary.document_frequency(term) == expected


def test_a_search_keeps_to_documents_and_filters(index: OpenedIndex) -> None:
    everything = {entry.doc_id for entry in index.shelf}
    wanted = {entry.doc_id for entry in index.shelf if entry.date.startswith("2024")}
    assert wanted
    assert wanted < everything
    dated = Filters(date_from="2024", date_to="2024")
    found = index.search("市场 market ferries", top_k=99, filters=dated)
    assert {item.chunk.doc_id for item in found} == wanted
    for chosen in ({"en_chips"}, {"en_chips", "zh_storage"}):
        found = index.search("市场 market", top_k=99, documents=chosen)
        assert {item.chunk.doc_id for item in found} == chosen
    assert index.search("市场", top_k=5, documents=["en_ferries"], filters=dated) == []
    for nothing in ([], ["no such document"]):
        assert index.search("市场", top_k=5, documents=nothing) == []


@pytest.mark.parametrize("query", ["", " ", "？！", "\u200b", "的"])
def test_a_query_without_terms_never_fails(index: OpenedIndex, query: str) -> None:
    assert len(index.search(query, top_k=5)) <= 5
    assert index.search(query, top_k=0) == index.search(query, top_k=-1) == []


def test_ties_are_in_order_of_ids(place: Place, encoder: HashEncoder) -> None:
    text = b"Quokka populations are stable."
    add_documents([(f"same{number}.txt", text) for number in (3, 1, 2)], place, encoder)
    found = open_index(place, encoder).search("quokka populations", top_k=3)
    assert [item.chunk.doc_id for item in found] == ["same1", "same2", "same3"]


def test_a_name_is_found_by_its_sound(place: Place, encoder: HashEncoder) -> None:
    files = {
        "lirihua.txt": "李日华，字君实，浙江嘉兴人，明朝官员、书画家、鉴赏家。",
        "supervielle.txt": "The poet Supervielle was born in Montevideo and lived in Paris.",
    }
    add_documents([(name, text.encode()) for name, text in files.items()], place, encoder)
    index = open_index(place, encoder)
    for query, doc_id in (
        ("Where was Li Rihua born?", "lirihua"),
        ("苏佩维埃尔出生在哪里？", "supervielle"),
    ):
        assert index.search(query, top_k=1)[0].chunk.doc_id == doc_id


def test_chunks_can_be_walked_through(index: OpenedIndex, local: Index) -> None:
    assert list(index.chunks) == list(local.chunks)
    assert dict(index.chunks) == dict(local.chunks)
    assert len(index.chunks) == len(local.chunks)
    with pytest.raises(KeyError):
        _ = index.chunks["no such chunk"]
    for chunk_id in local.chunks:
        assert index.neighbours(chunk_id) == local.neighbours(chunk_id)


def test_documents_come_as_they_were_read(index: OpenedIndex, local: Index) -> None:
    for entry in local.shelf:
        assert index.document(entry.doc_id) == local.document(entry.doc_id)
        assert index.source(entry.doc_id) == local.source(entry.doc_id)
        assert index.renderings(entry.doc_id) == local.renderings(entry.doc_id)
    for read in (index.document, index.renderings, index.source):
        with pytest.raises(KeyError):
            read("nowhere")
    assert index.shelf == local.shelf


def test_an_opened_index_stays_what_it_was_opened_as(place: Place, encoder: HashEncoder) -> None:
    index = open_index(place, encoder)
    expected = index.search("export controls", top_k=3)
    remove_document("en_chips", place)
    assert not index.is_current()
    assert index.search("export controls", top_k=3) == expected
    assert index.document("en_chips").doc_id == "en_chips"
    again = open_index(place, encoder)
    assert again.is_current()
    assert again.generation == index.generation + 1
    assert "en_chips" not in {item.chunk.doc_id for item in again.search("export", top_k=9)}


def test_any_text_is_stored_and_found(place: Place, encoder: HashEncoder) -> None:
    texts = {**NASTY_TEXTS, "a sentence of 90 kB": "储能" * 15_000, "quotes": "\"a\" 'b' \\ {c} %"}
    files = [(f"nasty{n:02}.txt", text.encode()) for n, text in enumerate(texts.values())]
    summary = add_documents(files, place, encoder)
    assert len(summary.added) > len(texts) / 2
    index = open_index(place, encoder)
    for chunk in index.chunks.values():
        assert index.document(chunk.doc_id).text[chunk.start : chunk.end] == chunk.text
    with closing(open_store(place)) as store:
        assert store.check() == []


def test_answers_and_their_quotes_are_the_same(place: Place, index_dir: Path) -> None:
    settings = Settings(index_dir=index_dir, encoder="hash")
    expected = Pipeline.load(settings)
    pipeline = Pipeline(open_index(place, HashEncoder()), settings)
    for question in (
        "2023年国内仓储机器人市场规模是多少？",
        "What is the price of the Heron 4?",
        "What is the capital of France?",
        "Who wrote about warehouse robots?",
    ):
        answer = pipeline.answer(question)
        wanted = expected.answer(question)
        assert (answer.text, answer.status) == (wanted.text, wanted.status)
        assert answer.citations == wanted.citations
        assert answer.trace.chunk_ids[:5] == wanted.trace.chunk_ids[:5]
        for citation in answer.citations:
            text = pipeline.document(citation.doc_id).text
            assert text[citation.start : citation.end] == citation.quote
