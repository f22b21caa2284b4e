"""How a shelf is spread over segments, and that no search shows it."""

import os
import random
import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from index.build import add_documents, remove_document
from index.encoder import HashEncoder
from index.forward import analyze_sentences
from index.schema import ScoredChunk
from index.search import Index
from index.store import create_store
from index.terms import ANALYZER_VERSION, analyze
from tests.tiny_corpus import TINY_CORPUS

WORDS = (
    "市场规模",
    "增长",
    "luther",
    "路德",
    "cloud",
    "云计算",
    "price",
    "价格",
    "2023年",
    "robot",
    "机器人",
)
QUESTIONS = (
    "机器人的市场规模",
    "cloud price",
    "Where is Luther?",
    "路德",
    "2023年增长",
    "nothing at all",
)


def report(number: int) -> tuple[str, bytes]:
    draw = random.Random(number)
    lines = [" ".join(draw.choices(WORDS, k=12)) + "。" for _ in range(6)]
    return f"report{number:02d}.txt", "\n\n".join(lines).encode()


def derived_files(index_dir: Path) -> dict[str, bytes]:
    (folder,) = (index_dir / "derived").iterdir()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def found(index: Index) -> list[list[ScoredChunk]]:
    return [index.search(question, top_k=8) for question in QUESTIONS]


def assert_same(left: Sequence[list[ScoredChunk]], right: Sequence[list[ScoredChunk]]) -> None:
    for one, other in zip(left, right, strict=True):
        assert [item.chunk for item in one] == [item.chunk for item in other]
        assert [item.score for item in one] == pytest.approx([item.score for item in other])


@pytest.fixture
def many_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small shelves behave as large ones."""
    monkeypatch.setattr("index.derived.MOST_ROWS", 8)
    monkeypatch.setattr("index.derived._FEW_ROWS", 1)
    monkeypatch.setattr("index.dense.EXACT_ROWS", 5)
    monkeypatch.setattr("index.derived.num_cores", lambda: 1)


@pytest.mark.usefixtures("many_segments")
def test_whatever_happened_to_a_shelf_it_is_searched_as_if_it_were_made_at_once(
    tmp_path: Path,
) -> None:
    encoder = HashEncoder(dim=64)
    draw = random.Random(7)
    numbers = list(range(24))
    add_documents([report(number) for number in numbers[:10]], tmp_path, encoder)
    Index.open(tmp_path, encoder)
    for number in numbers[10:]:
        add_documents([report(number)], tmp_path, encoder)
        if number % 3 == 0:
            gone = draw.choice(numbers[:number])
            name, text = report(gone)
            add_documents([(name, text + b"\n\nA newer version of it.")], tmp_path, encoder)
        if number % 5 == 0:
            remove_document(f"report{number - 7:02d}", tmp_path)
        Index.open(tmp_path, encoder)
    grown = Index.open(tmp_path, encoder)
    assert len(grown.derived.parts) > 2
    assert any(alive is not None for alive in grown.derived.alive)
    shutil.rmtree(tmp_path / "derived")
    anew = Index.open(tmp_path, encoder)
    assert all(alive is None for alive in anew.derived.alive)
    assert_same(found(grown), found(anew))
    assert sorted(view.text for view in grown.views) == sorted(view.text for view in anew.views)
    for term in analyze("市场规模 cloud price"):
        assert grown.derived.lexical.document_frequency(term) == (
            anew.derived.lexical.document_frequency(term)
        )
    assert grown.derived.lexical.terms == anew.derived.lexical.terms


def test_a_small_shelf_is_one_segment_with_the_bytes_of_one_made_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = HashEncoder()
    files = [(name, text.encode()) for name, text in TINY_CORPUS.items()]
    add_documents(files[:-1], tmp_path, encoder)
    Index.open(tmp_path, encoder)
    add_documents(files[-1:], tmp_path, encoder)
    analyzed: list[str] = []
    monkeypatch.setattr(
        "index.segment.analyze_sentences",
        lambda text: analyzed.append(text) or analyze_sentences(text),
    )
    index = Index.open(tmp_path, encoder)
    assert 0 < len(analyzed) < len(index.views)
    renewed = derived_files(tmp_path)
    shutil.rmtree(tmp_path / "derived")
    Index.open(tmp_path, encoder)
    assert derived_files(tmp_path) == renewed


@pytest.mark.slow
@pytest.mark.parametrize("fails", [False, True], ids=["made", "failing"])
def test_segments_made_in_other_processes_are_those_made_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many_segments: None, fails: bool
) -> None:
    encoder = HashEncoder(dim=64)
    add_documents([report(number) for number in range(24)], tmp_path, encoder)
    monkeypatch.setattr("index.derived.num_cores", lambda: 2)
    if fails:
        monkeypatch.setattr("index.derived._make_segment", os._exit)
    there = Index.open(tmp_path, encoder)
    assert len(there.derived.parts) == 3
    shutil.rmtree(tmp_path / "derived")
    monkeypatch.setattr("index.derived.MOST_ROWS", 1000)
    here = Index.open(tmp_path, encoder)
    assert len(here.derived.parts) == 1
    assert_same(found(there), found(here))


@pytest.mark.usefixtures("many_segments")
def test_a_new_document_leaves_the_large_segments_as_they_are(tmp_path: Path) -> None:
    encoder = HashEncoder(dim=64)
    add_documents([report(number) for number in range(20)], tmp_path, encoder)
    before = {part.segment.name for part in Index.open(tmp_path, encoder).derived.parts}
    add_documents([report(99)], tmp_path, encoder)
    after = {part.segment.name for part in Index.open(tmp_path, encoder).derived.parts}
    assert len(before) > 2
    assert len(before - after) <= 1
    assert {path.name for path in (tmp_path / "derived").iterdir()} == after


def test_nothing_is_carried_over_from_another_analyzer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = HashEncoder()
    files = [(name, text.encode()) for name, text in TINY_CORPUS.items()]
    with monkeypatch.context() as earlier:
        for module in ("build", "derived", "search"):
            earlier.setattr(f"index.{module}.ANALYZER_VERSION", -1)
        earlier.setattr("index.segment.analyze_sentences", lambda text: [["earlier"]])
        add_documents(files, tmp_path, encoder)
        Index.open(tmp_path, encoder)
    with closing(create_store(tmp_path)) as store, store.transaction():
        store.set_meta(analyzer=str(ANALYZER_VERSION), generation=str(store.generation + 1))
    assert Index.open(tmp_path, encoder).derived.lexical.document_frequency("earlier") == 0


def test_an_empty_shelf_finds_nothing(tmp_path: Path) -> None:
    encoder = HashEncoder()
    add_documents([("only.txt", b"The only text.")], tmp_path, encoder)
    remove_document("only", tmp_path)
    index = Index.open(tmp_path, encoder)
    assert index.search("only text", top_k=3) == []
    assert (len(index.chunks), index.views) == (0, ())
