"""Fixtures: the tiny corpus as files and as an index, and the five reports that ship."""

import shutil
from pathlib import Path

import pytest

from corpus.loaders import list_files, read_document
from corpus.schema import Document
from index.build import build_index
from index.encoder import HashEncoder
from index.settings import DOCUMENTS_DIR
from rag.pipeline import Pipeline
from tests.pipelines import pipeline_over
from tests.tiny_corpus import TINY_CORPUS


@pytest.fixture(scope="session")
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def documents_dir(tmp_path: Path) -> Path:
    """A folder with the tiny corpus that a test may change."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in TINY_CORPUS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory, encoder: HashEncoder) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    for name, text in TINY_CORPUS.items():
        (folder / name).write_text(text, encoding="utf-8")
    index_dir = tmp_path_factory.mktemp("tiny-index")
    build_index(folder, index_dir, encoder)
    return index_dir


@pytest.fixture
def index_dir(_built_once: Path, tmp_path: Path) -> Path:
    """An index of the tiny corpus that a test may change."""
    return Path(shutil.copytree(_built_once, tmp_path / "index"))


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline over the tiny corpus as users have it, with the shipped encoder; read only."""
    return pipeline_over(tmp_path_factory, TINY_CORPUS)


@pytest.fixture(scope="session")
def shipped() -> dict[str, Document]:
    """The five reports that ship, by doc_id."""
    documents = [read_document(path.read_bytes(), path.name) for path in list_files(DOCUMENTS_DIR)]
    return {document.doc_id: document for document in documents}
