"""Settings: read once at the entry point, refused when they are not known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from index.place import Place, parse_store
from index.settings import INDEX_DIR
from rag.errors import SettingsError

_PREFIX = "RAG_"
_LONGEST_WAIT_S = 3600.0
# Read where they are needed: app.py, index.encoder, index.__main__, corpus.reading.
_READ_ELSEWHERE = frozenset(
    {
        "RAG_AUTH",
        "RAG_ENCODER_API_KEY",
        "RAG_ENCODER_BASE_URL",
        "RAG_PDF_PASSWORD",
        "RAG_STORE_TOKEN",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set. In the environment the names are RAG_ and the field in capitals.

    Units are in the names: `_chars` characters.
    """

    index_dir: Path = INDEX_DIR
    store: str = ""
    """Where the index lies instead: "milvus:URI?team=NAME"; "" is the folder above, which keeps the
    user's own names and the votes in either case."""
    encoder: str = "default"
    """"default" is the one that ships; "hash"; or any sentence-transformers model by path or name."""
    encoder_device: str = "cpu"
    """Where a sentence-transformers encoder or reranker runs: "cpu", "cuda", "mps"."""
    encoder_batch_size: int = 32
    reranker: str = ""
    """A cross-encoder by path or name, that puts the best chunks into its order; "" is none."""
    top_k: int = 12
    """Chunks that are searched for the sentence or cell that answers."""
    max_question_chars: int = 1000
    llm: str = ""
    """A language model that words the answers, as provider:model; "" is none."""
    llm_base_url: str = ""
    """Where it listens; "" is the provider's own address."""
    llm_judge: str = ""
    """A model, as provider:model, that is asked on top of the checks whether the evidence carries
    each sentence; "" is none."""
    llm_tokenizer: str = ""
    """The model's tokenizer.json, to count tokens exactly; "" estimates them."""
    llm_context_tokens: int = 3000
    """Tokens of one request: the question and its evidence, or a part of a report."""
    llm_timeout_s: float = 30.0
    """Without a byte from the model."""
    llm_deadline_s: float = 60.0
    """For one answer, retries included; a summary of a whole report has this for each part."""

    def __post_init__(self) -> None:
        for name in ("top_k", "max_question_chars", "llm_context_tokens", "encoder_batch_size"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name}={getattr(self, name)}: it must be 1 or more")
        for name in ("llm_timeout_s", "llm_deadline_s"):
            if not 0 < getattr(self, name) <= _LONGEST_WAIT_S:
                raise SettingsError(
                    f"{name}={getattr(self, name)}: it must be more than 0 and at most "
                    f"{_LONGEST_WAIT_S:g} seconds"
                )

    @property
    def place(self) -> Place:
        """Return where the index lies.

        Raises:
            StoreError: The store is no address of one.
        """
        return parse_store(self.store, folder=self.index_dir)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read `RAG_*` variables over the defaults; empty ones count as not set.

        Raises:
            SettingsError: A `RAG_*` name that is no setting, or a value of the wrong type.
        """
        known = {f"{_PREFIX}{field.name.upper()}": field for field in fields(cls)}
        given = {
            name: value
            for name, value in env.items()
            if name.startswith(_PREFIX) and value and name not in _READ_ELSEWHERE
        }
        if unknown := sorted(given.keys() - known.keys()):
            names = sorted(known.keys() | _READ_ELSEWHERE)
            raise SettingsError(f"unknown settings {unknown}; known are {names}")
        values: dict[str, object] = {}
        for name, value in given.items():
            field = known[name]
            convert: Callable[[str], object] = type(field.default)
            try:
                values[field.name] = convert(value)
            except ValueError as error:
                wanted = type(field.default).__name__
                raise SettingsError(f"{name}={value!r} is no {wanted}; correct it") from error
        return cls(**values)  # type: ignore[arg-type]
