"""The encoder that the environment names."""

import pytest

from index.encoder import HashEncoder
from index.errors import EncoderError
from index.settings import encoder_from_env


@pytest.fixture(autouse=True)
def _hash_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_ENCODER", "hash")


def test_the_environment_names_the_encoder() -> None:
    assert isinstance(encoder_from_env(), HashEncoder)


def test_an_empty_batch_size_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_ENCODER_BATCH_SIZE", "")
    assert isinstance(encoder_from_env(), HashEncoder)


@pytest.mark.parametrize("size", ["0", "-4", "many", "1.5"])
def test_a_batch_size_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, size: str) -> None:
    monkeypatch.setenv("RAG_ENCODER_BATCH_SIZE", size)
    with pytest.raises(EncoderError, match="RAG_ENCODER_BATCH_SIZE"):
        encoder_from_env()
