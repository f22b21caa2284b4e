"""Texts to vectors: one protocol, and the encoders behind it.

`load_encoder` turns a setting into an encoder. An index records `Encoder.name` and is searched
with the same encoder only. Vectors are unit length, so a dot product is the cosine.
"""

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import EncoderError

Vectors = npt.NDArray[np.float32]
"""Shape (n, dim): rows of unit length, or of zeros where a text holds nothing known."""

MODEL_PATH = Path(__file__).parent / "models" / "bilingual-static"


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


class StaticEncoder:
    """A static sentence-transformers model: a text is the mean of its tokens' vectors.

    Reads the folder that `SentenceTransformer(folder)` reads and gives the same vectors, without
    importing torch: `embeddings` (int8 or float, one row per distinct token), `mapping` (token id
    to row) and `weights` (token id to factor), as model2vec names them.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            tensors = load_file(folder / "model.safetensors")
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._rows = tensors["embeddings"]
            self._mapping = tensors["mapping"]
            self._factors = tensors["weights"].astype(np.float32)
        except Exception as error:  # tokenizers raises bare ones
            raise EncoderError(
                f"{folder}: no static encoder can be read here ({error}); restore the folder from "
                "the repository, or name another encoder in RAG_ENCODER"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.dim = int(self._rows.shape[1])
        self.name = f"{folder.name}@{folder_hash(folder)}"

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; queries and documents are encoded alike."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), _STATIC_BATCH):
            batch = list(texts[start : start + _STATIC_BATCH])
            encodings = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, encoding in enumerate(encodings, start):
                if encoding.ids:
                    ids = np.array(encoding.ids)
                    vectors[row] = self._factors[ids] @ self._rows[self._mapping[ids]]
        return unit_rows(vectors)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as `encode_documents` does."""
        return self.encode_documents(texts)


_STATIC_BATCH = 1024  # texts tokenized at a time; keeps what the tokenizer returns small


class SentenceTransformerEncoder:
    """Any sentence-transformers model, with its query and document prompts. Imports torch."""

    def __init__(self, model: str, *, device: str = "cpu", batch_size: int = 32) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(
                model, device=device, local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError) as error:
            raise EncoderError(
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


class EndpointEncoder:
    """A model behind an OpenAI-compatible `/embeddings` endpoint.

    The address comes from RAG_ENCODER_BASE_URL and the key from RAG_ENCODER_API_KEY. Redirects
    are not followed: they would carry the documents to another host.
    """

    def __init__(
        self, model: str, *, base_url: str, api_key: str = "", batch_size: int = 32
    ) -> None:
        import httpx

        self._model = model
        self._batch_size = batch_size
        self._client = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=_ENDPOINT_TIMEOUT_S,
            follow_redirects=False,
            trust_env=False,
        )
        self.name = f"openai:{model}@{base_url.rstrip('/')}"
        self.dim = self._request(["dimension"]).shape[1]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, a batch per request; queries and documents are encoded alike."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        # Endpoints refuse empty strings; their rows stay zero.
        rows = [row for row, text in enumerate(texts) if text.strip()]
        for start in range(0, len(rows), self._batch_size):
            batch = rows[start : start + self._batch_size]
            vectors[batch] = self._request([texts[row] for row in batch])
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as `encode_documents` does."""
        return self.encode_documents(texts)

    def _request(self, texts: list[str]) -> Vectors:
        import httpx

        try:
            reply = self._client.post("embeddings", json={"model": self._model, "input": texts})
            reply.raise_for_status()
            entries = sorted(reply.json()["data"], key=lambda entry: int(entry["index"]))
            vectors = np.array([entry["embedding"] for entry in entries], dtype=np.float32)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise EncoderError(
                f"the embeddings endpoint {self.name} did not answer as expected ({error!r}); "
                "check RAG_ENCODER_BASE_URL, RAG_ENCODER_API_KEY and the model's name"
            ) from error
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise EncoderError(
                f"the embeddings endpoint {self.name} gave vectors of shape {vectors.shape} for "
                f"{len(texts)} texts"
            )
        return unit_rows(vectors)


_ENDPOINT_TIMEOUT_S = 30.0  # for connecting, and for each read


def load_encoder(spec: str, *, device: str = "cpu", batch_size: int = 32) -> Encoder:
    """Return the encoder that a setting names.

    "" and "default" are the model that ships, "hash" the one without a model, "openai:MODEL" an
    OpenAI-compatible endpoint; anything else is a sentence-transformers model, by path or name.

    Raises:
        EncoderError: There is no such encoder here, or it does not answer.
    """
    if spec in ("", "default"):
        return StaticEncoder(MODEL_PATH)
    if spec == "hash":
        return HashEncoder()
    if spec.startswith("openai:"):
        return EndpointEncoder(
            spec.removeprefix("openai:"),
            base_url=os.environ.get("RAG_ENCODER_BASE_URL", "https://api.openai.com/v1"),
            api_key=os.environ.get("RAG_ENCODER_API_KEY", ""),
            batch_size=batch_size,
        )
    return SentenceTransformerEncoder(spec, device=device, batch_size=batch_size)


def unit_rows(vectors: Vectors) -> Vectors:
    """Scale every row to length 1; rows of zeros, and of anything not finite, become zeros."""
    finite = np.where(np.isfinite(vectors).all(axis=1, keepdims=True), vectors, 0.0)
    norms = np.linalg.norm(finite, axis=1, keepdims=True)
    return np.asarray(finite / np.where(norms > 0, norms, 1.0), dtype=np.float32)


def folder_hash(folder: Path) -> str:
    """Return 12 hex digits over the names and contents of a folder's files, notes (.md) aside."""
    digest = hashlib.sha256()
    for path in sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"
    ):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _character_grams(text: str) -> list[str]:
    padded = f" {' '.join(text.casefold().split())} "
    return [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]


@lru_cache(maxsize=1 << 18)
def _stable_hash(gram: str) -> int:
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest())
