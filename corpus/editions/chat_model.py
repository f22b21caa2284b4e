"""A chat model behind one method. The adapter is LangChain's; it is imported when one is made.

Limits: one question at a time, no streaming, no tools. Redirects are refused, as they could carry
the key elsewhere; the address is always passed, as OPENAI_BASE_URL would win silently otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol

from corpus.errors import AssistantError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_BASE_URLS = {"openai": "https://api.openai.com/v1"}
_OPENAI_CLIENTS = {"openai", "azure_openai", "deepseek", "xai"}  # built on the openai package


class ModelError(AssistantError):
    """The language model is not set up, cannot be reached, or failed.

    Attributes:
        retryable: Whether the same request may succeed later.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class ChatModel(Protocol):
    """What is asked of a language model."""

    def reply(self, system: str, user: str) -> str:
        """Return the model's answer.

        Raises:
            ModelError: There is none.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model, where, and how long to wait for it."""

    provider: str
    model: str
    base_url: str = ""  # "" is the provider's own address
    timeout_s: float = 120.0  # without a byte from the server
    deadline_s: float = 300.0  # for one reply, retries included
    max_retries: int = 3  # after 429, 5xx and lost connections, with growing pauses


def model_settings(environ: Mapping[str, str]) -> ModelSettings | None:
    """Read RAG_LLM (provider:model) and RAG_LLM_BASE_URL; None when no model is configured.

    Raises:
        ModelError: RAG_LLM is not of that form.
    """
    name = environ.get("RAG_LLM", "").strip()
    if not name:
        return None
    provider, colon, model = name.partition(":")
    if not (provider and colon and model):
        raise ModelError(
            f"RAG_LLM is {name!r}; expected provider:model, for example openai:gpt-4o-mini"
        )
    return ModelSettings(provider, model, environ.get("RAG_LLM_BASE_URL", "").strip())


class LangChainModel:
    """A chat model of any provider that LangChain knows; its key comes from the usual variable."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._model = _load(settings)

    def reply(self, system: str, user: str) -> str:
        """Return the model's answer as text.

        Raises:
            ModelError: The request failed, was refused, or took longer than the deadline.
        """
        answer: list[str] = []
        failure: list[ModelError] = []
        asking = Thread(target=self._ask, args=(system, user, answer, failure), daemon=True)
        asking.start()
        # The client's timeout is per read; a server that drips bytes would hold us for ever.
        asking.join(self._settings.deadline_s)
        if failure:
            raise failure[0]
        if not answer:
            raise ModelError(
                f"{self._settings.model}: no answer within {self._settings.deadline_s:g} s",
                retryable=True,
            )
        return answer[0]

    def _ask(self, system: str, user: str, answer: list[str], failure: list[ModelError]) -> None:
        from langchain_core.messages import HumanMessage, SystemMessage

        try:
            message = self._model.invoke([SystemMessage(system), HumanMessage(user)])
        # The providers' packages have no common error, and what a thread raises is lost.
        except Exception as error:  # noqa: BLE001
            failure.append(_model_error(self._settings, error))
        else:
            answer.append(message.text)


def _load(settings: ModelSettings) -> "BaseChatModel":
    try:
        from langchain.chat_models import init_chat_model
    except ImportError as error:
        raise ModelError(
            "a language model needs the package langchain; install it, or unset RAG_LLM"
        ) from error
    options: dict[str, Any] = {"timeout": settings.timeout_s, "max_retries": settings.max_retries}
    base_url = settings.base_url or _BASE_URLS.get(settings.provider, "")
    if base_url:
        options["base_url"] = base_url
    refused: tuple[type[Exception], ...] = (ValueError, TypeError)
    try:
        if settings.provider in _OPENAI_CLIENTS:
            from openai import DefaultHttpxClient, OpenAIError

            refused += (OpenAIError,)  # a missing key
            options["http_client"] = DefaultHttpxClient(
                follow_redirects=False, timeout=settings.timeout_s
            )
        model: BaseChatModel = init_chat_model(
            settings.model, model_provider=settings.provider, **options
        )
    except ImportError as error:
        raise ModelError(
            f"RAG_LLM names the provider {settings.provider!r}, whose package is not installed "
            f"({error}); for openai it is langchain-openai"
        ) from error
    except refused as error:
        raise ModelError(f"{settings.provider}:{settings.model} cannot be used: {error}") from error
    return model


def _model_error(settings: ModelSettings, error: Exception) -> ModelError:
    retryable = bool(getattr(error, "is_retryable", False))
    hint = "; try again later" if retryable else "; check RAG_LLM, RAG_LLM_BASE_URL and the key"
    reason = " ".join(str(error).split())[:300] or type(error).__name__
    return ModelError(
        f"{settings.provider}:{settings.model}: {type(error).__name__}: {reason}{hint}",
        retryable=retryable,
    )
