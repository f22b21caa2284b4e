"""A renewed index equals one that was made anew, whatever changed."""

import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.schema import Language
from index.build import add_documents
from index.encoder import HashEncoder
from index.lexical import LexicalIndex, build_lexical_index
from index.names import NameIndex, build_name_index
from index.renewal import carried_rows, renew_lexical, renew_names, row_keys
from index.schema import View
from index.search import Index
from index.store import create_store
from index.terms import ANALYZER_VERSION, analyze
from tests.tiny_corpus import TINY_CORPUS

TEXTS = ("市场规模达453亿元", "cloud revenue rose", "马丁·路德 and 市场", "", "123 ... 云")
SHELVES = st.dictionaries(st.integers(0, 30), st.sampled_from(TEXTS), max_size=12)


def views_of(shelf: dict[int, str]) -> list[View]:
    return [View(f"doc#{number:04d}", Language.ZH, shelf[number]) for number in sorted(shelf)]


def same_lexical(left: LexicalIndex, right: LexicalIndex) -> bool:
    names = ("offsets", "documents", "counts", "lengths")
    return left.terms == right.terms and same_arrays(left, right, names)


def same_names(left: NameIndex, right: NameIndex) -> bool:
    return same_arrays(left, right, ("characters", "starts", "keys", "offsets", "places"))


def same_arrays(left: object, right: object, names: tuple[str, ...]) -> bool:
    pairs = [(getattr(left, name), getattr(right, name)) for name in names]
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)


@given(before=SHELVES, after=SHELVES)
def test_a_renewed_index_is_the_one_made_anew(
    before: dict[int, str], after: dict[int, str]
) -> None:
    old, new = views_of(before), views_of(after)
    carried = carried_rows(row_keys(old), row_keys(new))
    assert carried is not None
    fresh = [new[row].text for row in carried.fresh]
    lexical = renew_lexical(
        build_lexical_index([analyze(view.text) for view in old]),
        carried,
        [analyze(text) for text in fresh],
    )
    assert same_lexical(lexical, build_lexical_index([analyze(view.text) for view in new]))
    names = renew_names(build_name_index([view.text for view in old]), carried, fresh)
    assert same_names(names, build_name_index([view.text for view in new]))


def derived_files(index_dir: Path) -> dict[str, bytes]:
    (folder,) = (index_dir / "derived").iterdir()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_derived_after_a_change_is_what_would_be_made_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = HashEncoder()
    files = [(name, text.encode()) for name, text in TINY_CORPUS.items()]
    add_documents(files[:-1], tmp_path, encoder)
    Index.open(tmp_path, encoder)
    add_documents(files[-1:], tmp_path, encoder)
    analyzed: list[str] = []
    monkeypatch.setattr(
        "index.derived.analyze", lambda text: analyzed.append(text) or analyze(text)
    )
    index = Index.open(tmp_path, encoder)
    assert 0 < len(analyzed) < len(index.views)
    renewed = derived_files(tmp_path)
    shutil.rmtree(tmp_path / "derived")
    Index.open(tmp_path, encoder)
    assert derived_files(tmp_path) == renewed


def test_nothing_is_carried_over_from_another_analyzer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = HashEncoder()
    files = [(name, text.encode()) for name, text in TINY_CORPUS.items()]
    with monkeypatch.context() as earlier:
        for module in ("build", "derived", "search"):
            earlier.setattr(f"index.{module}.ANALYZER_VERSION", -1)
        earlier.setattr("index.derived.analyze", lambda text: ["earlier"])
        add_documents(files, tmp_path, encoder)
        Index.open(tmp_path, encoder)
    with closing(create_store(tmp_path)) as store, store.transaction():
        store.set_meta(analyzer=str(ANALYZER_VERSION), generation=str(store.generation + 1))
    assert Index.open(tmp_path, encoder).derived.lexical.document_frequency("earlier") == 0


def test_only_rows_with_the_same_text_are_carried() -> None:
    old = row_keys(views_of({1: "a", 2: "b", 3: "c"}))
    new = row_keys(views_of({1: "a", 2: "changed", 3: "c", 4: "d"}))
    carried = carried_rows(old, new)
    assert carried is not None
    assert (carried.old.tolist(), carried.new.tolist()) == ([0, 2], [0, 2])
    assert carried.fresh.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("old", "new"), [([1, 2], [2, 1]), ([1, 1], [1]), ([1], [1, 1])], ids=["order", "old", "new"]
)
def test_what_cannot_be_matched_is_not(old: list[int], new: list[int]) -> None:
    keys = [np.array(values, dtype=np.uint64) for values in (old, new)]
    assert carried_rows(keys[0], keys[1]) is None
