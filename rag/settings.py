"""Settings: read once at the entry point, refused when they are not known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from index.settings import INDEX_DIR
from rag.errors import SettingsError

_PREFIX = "RAG_"
# Read where they are needed: by app.py, index.encoder and corpus.editions.chat_model.
_READ_ELSEWHERE = frozenset(
    {"RAG_AUTH", "RAG_ENCODER_API_KEY", "RAG_ENCODER_BASE_URL", "RAG_LLM", "RAG_LLM_BASE_URL"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set. In the environment the names are RAG_ and the field in capitals.

    Units are in the names: `_chars` characters.
    """

    index_dir: Path = INDEX_DIR
    encoder: str = "default"
    """"default" is the one that ships; "hash"; or any sentence-transformers model by path or name."""
    top_k: int = 12
    """Chunks that are searched for the sentence or cell that answers."""
    max_question_chars: int = 1000

    def __post_init__(self) -> None:
        if self.top_k < 1 or self.max_question_chars < 1:
            raise SettingsError(
                f"top_k={self.top_k}, max_question_chars={self.max_question_chars}: "
                "both must be 1 or more"
            )

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
