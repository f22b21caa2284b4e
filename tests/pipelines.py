"""A pipeline over texts that a test invents."""

from collections.abc import Mapping

import pytest

from index.build import build_index
from index.encoder import load_encoder
from rag.pipeline import Pipeline
from rag.settings import Settings


def pipeline_over(folders: pytest.TempPathFactory, texts: Mapping[str, str]) -> Pipeline:
    """Return a pipeline over files of given names and texts, with the shipped encoder."""
    folder = folders.mktemp("documents")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    settings = Settings(index_dir=folders.mktemp("index"))
    build_index(folder, settings.index_dir, load_encoder(settings.encoder))
    return Pipeline.load(settings)
