"""Texts to vectors: one protocol, and the encoders behind it.

`load_encoder` turns a setting into an encoder. An index records `Encoder.name` and is searched
with the same encoder only. Vectors are unit length, so a dot product is the cosine.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import IndexMismatch

Vectors = npt.NDArray[np.float32]
"""Shape (n, dim): rows of unit length, or of zeros where a text holds nothing known."""


class Encoder(Protocol):
    """Turns texts into vectors; row i belongs to texts[i]. No texts give shape (0, dim).

    `name` identifies the encoder and, for a model on disk, its content: two encoders with the
    same name give the same vectors.
    """

    @property
    def name(self) -> str:
        """Return the identity that an index records."""

    @property
    def dim(self) -> int:
        """Return the number of columns of the vectors."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode what is searched."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode what is searched for."""


class HashEncoder:
    """Hashed character 3- to 5-grams: no model, no languages across; for tests and fallback."""

    def __init__(self, dim: int = 512) -> None:
        self.dim = dim
        self.name = f"hash-{dim}"

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; equal texts give equal vectors on every machine."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for gram in _character_grams(text):
                bucket = _stable_hash(gram)
                vectors[row, bucket % self.dim] += 1.0 if bucket & (1 << 60) else -1.0
        return unit_rows(vectors)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as `encode_documents` does."""
        return self.encode_documents(texts)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, with its query and document prompts. Imports torch."""

    def __init__(self, model: str, *, device: str = "cpu", batch_size: int = 32) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(
                model, device=device, local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError) as error:
            raise IndexMismatch(
                f"the encoder {model!r} cannot be loaded from this machine ({error}); download it "
                "first, or set RAG_ENCODER to default"
            ) from error
        self._batch_size = batch_size
        path = Path(model)
        self.name = f"{path.name}@{folder_hash(path)}" if path.is_dir() else model
        self.dim = int(self._model.get_embedding_dimension() or 0)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts with the model's document prompt, if it has one."""
        return self._encode(self._model.encode_document, texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts with the model's query prompt, if it has one."""
        return self._encode(self._model.encode_query, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> Vectors:  # noqa: ANN401
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = encode(
            list(texts),
            batch_size=self._batch_size,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return unit_rows(np.asarray(vectors, dtype=np.float32))


def load_encoder(spec: str, *, device: str = "cpu", batch_size: int = 32) -> Encoder:
    """Return the encoder that a setting names.

    "" and "default" are the model that ships, "hash" the one without a model, "openai:MODEL" an
    OpenAI-compatible endpoint; anything else is a sentence-transformers model, by path or name.
    """
    if spec == "hash":
        return HashEncoder()
    return SentenceTransformerEncoder(spec, device=device, batch_size=batch_size)


def unit_rows(vectors: Vectors) -> Vectors:
    """Scale every row to length 1; rows of zeros, and of anything not finite, become zeros."""
    finite = np.where(np.isfinite(vectors).all(axis=1, keepdims=True), vectors, 0.0)
    norms = np.linalg.norm(finite, axis=1, keepdims=True)
    return np.asarray(finite / np.where(norms > 0, norms, 1.0), dtype=np.float32)


def folder_hash(folder: Path) -> str:
    """Return 12 hex digits over the names and contents of a folder's files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _character_grams(text: str) -> list[str]:
    padded = f" {' '.join(text.casefold().split())} "
    return [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]


@lru_cache(maxsize=1 << 18)
def _stable_hash(gram: str) -> int:
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest())
