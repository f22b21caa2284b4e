"""How many tokens a text has for a model: by its own tokenizer where it is at hand, else estimated.

Nothing is downloaded: a tokenizer is a file that the user names (`tokenizer.json`, as Qwen,
DeepSeek, GLM and others publish it), or OpenAI's table when tiktoken has it on this machine.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.chat.errors import ModelError
from corpus.language import count_han

_CHARS_PER_TOKEN = 3  # of Latin text; models need 3.5 to 4.5
_TOKENS_PER_HAN = 1  # models need 0.6 to 1.0


@dataclass(frozen=True, slots=True)
class TokenCounter:
    """Counts tokens; `exact` says whether it is by the model's own tokenizer."""

    count: Callable[[str], int]
    exact: bool
    name: str


def estimate_tokens(text: str) -> int:
    """Return at least as many tokens as common models need for a text.

    >>> estimate_tokens("市场规模"), estimate_tokens("market size")
    (4, 4)
    """
    num_han = count_han(text)
    return num_han * _TOKENS_PER_HAN + -(-(len(text) - num_han) // _CHARS_PER_TOKEN)


def token_counter(provider: str, model: str, tokenizer: str = "") -> TokenCounter:
    """Return the counter for a model.

    Args:
        provider: As in RAG_LLM.
        model: As in RAG_LLM.
        tokenizer: Path of a tokenizer.json, "" for none.

    Raises:
        ModelError: The file is missing or no tokenizer.
    """
    if tokenizer:
        return _from_file(Path(tokenizer))
    if provider == "openai" and (found := _tiktoken(model)) is not None:
        return found
    return TokenCounter(estimate_tokens, exact=False, name="estimate")


def _from_file(path: Path) -> TokenCounter:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    # The package raises bare Exceptions.
    except Exception as error:
        raise ModelError(
            f"RAG_LLM_TOKENIZER is {str(path)!r}, which cannot be read ({error}); expected the "
            "tokenizer.json of the model"
        ) from error
    return TokenCounter(
        lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids), True, path.name
    )


def _tiktoken(model: str) -> TokenCounter | None:
    """Return OpenAI's own counter when its table is in tiktoken's cache; it is never fetched."""
    try:
        import tiktoken
        from tiktoken.model import encoding_name_for_model
    except ImportError:
        return None
    try:
        name = encoding_name_for_model(model)
    except KeyError:
        return None
    if not _is_cached(name):
        return None
    encoding = tiktoken.get_encoding(name)
    return TokenCounter(lambda text: len(encoding.encode(text, disallowed_special=())), True, name)


def _is_cached(name: str) -> bool:
    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    folder = folder or str(Path(tempfile.gettempdir()) / "data-gym-cache")
    address = f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
    key = hashlib.sha1(address.encode()).hexdigest()  # as tiktoken names its files
    return (Path(folder) / key).is_file()
