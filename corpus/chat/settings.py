"""Which language model is set up, and what it needs: a package, a key, an address."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from corpus.chat.errors import Fault, ModelError

OPENAI_CLIENTS = frozenset({"openai", "azure_openai", "deepseek", "xai"})
"""Providers whose LangChain packages are built on the openai package."""

_ADDRESSES = {"openai": "https://api.openai.com/v1", "ollama": "http://127.0.0.1:11434"}
_KEY_VARIABLES = {
    "openai": "OPENAI_API_KEY",
    "azure_openai": "AZURE_OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "groq": "GROQ_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "xai": "XAI_API_KEY",
}
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model, where, and how long to wait for it."""

    provider: str
    model: str
    base_url: str = ""  # "" is the provider's own address
    timeout_s: float = 120.0  # without a byte from the server
    deadline_s: float = 300.0  # for one reply, retries included
    max_retries: int = 3  # after 429, 5xx and lost connections, with growing pauses
    max_reply_chars: int = 200_000

    @property
    def name(self) -> str:
        """Return provider:model."""
        return f"{self.provider}:{self.model}"

    @property
    def address(self) -> str:
        """Return the address that is asked, "" where only the provider's package knows it."""
        return self.base_url or _ADDRESSES.get(self.provider, "")

    @property
    def shown_address(self) -> str:
        """Return the address without a user, password or query: they may be secrets."""
        parts = urlsplit(self.address)
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path}" if host else self.address

    @property
    def key_variable(self) -> str:
        """Return the environment variable of the provider's key, "" if it has none or is unknown."""
        return _KEY_VARIABLES.get(self.provider, "")


def parse_model_name(name: str) -> tuple[str, str]:
    """Split provider:model.

    Raises:
        ModelError: It is not of that form.

    >>> parse_model_name("ollama:qwen3:8b")
    ('ollama', 'qwen3:8b')
    """
    provider, colon, model = name.strip().partition(":")
    if not (provider and colon and model):
        raise ModelError(
            f"RAG_LLM is {name!r}; expected provider:model, for example openai:gpt-4o-mini"
        )
    return provider, model


def model_settings(environ: Mapping[str, str]) -> ModelSettings | None:
    """Read RAG_LLM (provider:model) and RAG_LLM_BASE_URL; None when no model is configured.

    Raises:
        ModelError: RAG_LLM is not of that form, or RAG_LLM_BASE_URL is no address.
    """
    name = environ.get("RAG_LLM", "").strip()
    if not name:
        return None
    provider, model = parse_model_name(name)
    return ModelSettings(provider, model, checked_url(environ.get("RAG_LLM_BASE_URL", "")))


def checked_url(url: str) -> str:
    """Return an address without the white space around it.

    Raises:
        ModelError: It is neither empty nor http(s)://host….
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if url and not is_address:
        # Not printed: what was pasted in the wrong place may be the key.
        raise ModelError(
            "RAG_LLM_BASE_URL is no address; expected http(s)://host[:port]/path, for example "
            "http://127.0.0.1:8000/v1"
        )
    return url


def require_connection(settings: ModelSettings, timeout_s: float) -> None:
    """Connect to the model's server and hang up; nothing is sent.

    Does nothing where the address is only known to the provider's package.

    Raises:
        ModelError: There is no connection.
    """
    parts = urlsplit(settings.address)
    if not parts.hostname:
        return
    port = parts.port or _PORTS.get(parts.scheme, 443)
    try:
        socket.create_connection((parts.hostname, port), timeout_s).close()
    except OSError as error:
        raise ModelError(
            f"{settings.name} does not listen at {settings.shown_address} ({error}); start the "
            "server, or correct RAG_LLM_BASE_URL",
            fault=Fault.UNREACHABLE,
            retryable=True,
        ) from error
