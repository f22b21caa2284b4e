"""Fixtures: an index in each of the places it may lie in, for the tests of what all promise."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import build_index
from index.encoder import HashEncoder
from index.place import MilvusPlace, Place
from tests.tiny_corpus import TINY_CORPUS

KINDS = ["folder", "milvus"]


@pytest.fixture(scope="session")
def _milvus_once(tmp_path_factory: pytest.TempPathFactory, encoder: HashEncoder) -> Path:
    """The tiny corpus in a file of Milvus Lite, closed."""
    pytest.importorskip("pymilvus")
    from index.milvus.connection import disconnect

    documents = tmp_path_factory.mktemp("tiny-files")
    for name, text in TINY_CORPUS.items():
        (documents / name).write_text(text, encoding="utf-8")
    folder = tmp_path_factory.mktemp("tiny-milvus")
    place = MilvusPlace(uri=str(folder / "reports.db"), folder=folder)
    build_index(documents, place, encoder)
    disconnect(place)
    return folder


@pytest.fixture
def milvus(_milvus_once: Path, tmp_path: Path) -> Iterator[MilvusPlace]:
    """An index of the tiny corpus in Milvus Lite that a test may change."""
    from index.milvus.connection import disconnect

    folder = shutil.copytree(_milvus_once, tmp_path / "milvus")
    place = MilvusPlace(uri=str(folder / "reports.db"), folder=folder)
    yield place
    disconnect(place)


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> Place:
    """An index of the tiny corpus, in each kind of place, that a test may change."""
    found: Place = request.getfixturevalue("index_dir" if request.param == "folder" else "milvus")
    return found


@pytest.fixture(params=KINDS)
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each kind of place, with nothing there."""
    if request.param == "folder":
        yield tmp_path / "empty"
        return
    pytest.importorskip("pymilvus")
    from index.milvus.connection import disconnect

    place = MilvusPlace(uri=str(tmp_path / "empty.db"), folder=tmp_path)
    yield place
    disconnect(place)
