"""A chat model behind two methods. The adapter is LangChain's; it is imported when one is made.

Limits: one question at a time, no tools. Retries are made here and not by the provider's package,
so that they are the same for all, and none is waited for that would come after the deadline.
"""

import queue
import random
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Protocol

from corpus.chat.errors import Fault, ModelError, classify
from corpus.chat.settings import OPENAI_CLIENTS, ModelSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 20.0
_CUT_REASONS = frozenset({"length", "max_tokens", "content_filter"})


class ChatModel(Protocol):
    """What is asked of a language model."""

    def reply(self, system: str, user: str) -> str:
        """Return the model's answer.

        Raises:
            ModelError: There is none.
        """
        ...


class StreamingModel(ChatModel, Protocol):
    """A language model whose answer can be read while it is written."""

    @property
    def name(self) -> str:
        """Return provider:model."""
        ...

    def stream(self, system: str, user: str, *, deadline_s: float | None = None) -> Iterator[str]:
        """Yield the model's answer piece by piece.

        Raises:
            ModelError: There is none, or it broke off.
        """
        ...


class LangChainModel:
    """A chat model of any provider that LangChain knows; its key comes from the usual variable."""

    def __init__(self, settings: ModelSettings) -> None:
        """Set the model up; nothing is sent yet.

        Raises:
            ModelError: The provider is unknown, or its package or key is missing.
        """
        self.settings = settings
        self._model = _load(settings)

    @property
    def name(self) -> str:
        """Return provider:model."""
        return self.settings.name

    def reply(self, system: str, user: str) -> str:
        """Return the model's answer as text.

        Raises:
            ModelError: The request failed, was refused, or took longer than the deadline.
        """
        return "".join(self._run(lambda: self._whole(_messages(system, user)), None))

    def stream(self, system: str, user: str, *, deadline_s: float | None = None) -> Iterator[str]:
        """Yield the model's answer piece by piece.

        Closing the iterator ends the request at its next piece. A reply that ends without saying
        why is one that broke off, and an error.

        Args:
            system: The instructions.
            user: What they are applied to.
            deadline_s: For the whole reply, retries included; by default that of the settings.

        Raises:
            ModelError: The request failed, was refused, broke off, or took too long.
        """
        yield from self._run(lambda: self._pieces(_messages(system, user)), deadline_s)

    def _run(self, produce: Callable[[], Iterator[str]], deadline_s: float | None) -> Iterator[str]:
        seconds = self.settings.deadline_s if deadline_s is None else deadline_s
        deadline = time.monotonic() + seconds
        pieces: queue.Queue[str | ModelError | None] = queue.Queue()
        stop = Event()
        Thread(target=self._work, args=(produce, pieces, stop, deadline), daemon=True).start()
        size = 0
        try:
            while True:
                try:
                    piece = pieces.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    raise _late(self.settings, seconds) from None
                if piece is None:
                    return
                if isinstance(piece, ModelError):
                    raise piece
                # Pieces may wait here while the reader is slow; the deadline is the reader's too.
                if time.monotonic() > deadline:
                    raise _late(self.settings, seconds)
                size += len(piece)
                if size > self.settings.max_reply_chars:
                    raise ModelError(
                        f"{self.name}: the reply is longer than "
                        f"{self.settings.max_reply_chars:,} characters",
                        fault=Fault.TOO_LONG,
                    )
                yield piece
        finally:
            stop.set()

    def _work(
        self,
        produce: Callable[[], Iterator[str]],
        pieces: "queue.Queue[str | ModelError | None]",
        stop: Event,
        deadline: float,
    ) -> None:
        """Ask, and ask again after a failure that may pass, unless something was said already."""
        for attempt in range(self.settings.max_retries + 1):
            started = False
            try:
                for piece in produce():
                    if stop.is_set():
                        return
                    started = True
                    pieces.put(piece)
                pieces.put(None)
                return
            # The providers' packages have no common error, and what a thread raises is lost.
            except Exception as error:  # noqa: BLE001
                failure = _model_error(self.settings, error, started=started)
                pause = _pause_s(error, attempt)
            is_last = attempt == self.settings.max_retries
            in_time = time.monotonic() + pause < deadline
            if started or is_last or not failure.retryable or not in_time or stop.wait(pause):
                break
        pieces.put(failure)

    def _whole(self, messages: "list[BaseMessage]") -> Iterator[str]:
        yield self._model.invoke(messages).text

    def _pieces(self, messages: "list[BaseMessage]") -> Iterator[str]:
        metadata: dict[str, Any] = {}
        for piece in self._model.stream(messages):
            metadata |= piece.response_metadata
            if piece.text:
                yield piece.text
        reason = _finish_reason(metadata)
        if reason in _CUT_REASONS or (not reason and self.settings.provider in OPENAI_CLIENTS):
            raise ModelError(
                f"{self.name}: the reply broke off ({reason or 'the connection was closed'})",
                fault=Fault.CUT_OFF,
                retryable=not reason,
            )


def _messages(system: str, user: str) -> "list[BaseMessage]":
    from langchain_core.messages import HumanMessage, SystemMessage

    return [SystemMessage(system), HumanMessage(user)]


def _finish_reason(metadata: Mapping[str, Any]) -> str:
    found = (metadata.get(key) for key in ("finish_reason", "stop_reason", "done_reason"))
    return str(next((reason for reason in found if reason), ""))


def _load(settings: ModelSettings) -> "BaseChatModel":
    try:
        from langchain.chat_models import init_chat_model
    except ImportError as error:
        raise ModelError(
            "a language model needs the package langchain; install it, or unset RAG_LLM"
        ) from error
    options: dict[str, Any] = {"timeout": settings.timeout_s, "max_retries": 0}
    # Always given: OPENAI_BASE_URL in the environment would win silently otherwise.
    if settings.address:
        options["base_url"] = settings.address
    refused: tuple[type[Exception], ...] = (ValueError, TypeError)
    try:
        if settings.provider in OPENAI_CLIENTS:
            from openai import OpenAIError

            from corpus.chat.transport import bounded_client

            refused += (OpenAIError,)  # a missing key
            options["http_client"] = bounded_client(
                timeout_s=settings.timeout_s, deadline_s=settings.deadline_s
            )
            # Servers other than OpenAI's know the chat completions only.
            options["use_responses_api"] = False
        model: BaseChatModel = init_chat_model(
            settings.model, model_provider=settings.provider, **options
        )
    except ImportError as error:
        raise ModelError(
            f"RAG_LLM names the provider {settings.provider!r}, whose package is not installed "
            f"({error})"
        ) from error
    except refused as error:
        raise ModelError(_cannot_be_used(settings, error)) from error
    return model


def _cannot_be_used(settings: ModelSettings, error: Exception) -> str:
    reason = " ".join(str(error).split())[:400]
    variable = settings.key_variable
    if variable and variable in reason:
        return (
            f"{settings.name} needs its key in {variable}, which is not set; set it (to any text "
            "for a server that wants none), or unset RAG_LLM"
        )
    return f"{settings.name} cannot be used: {reason}"


def _late(settings: ModelSettings, seconds: float) -> ModelError:
    return ModelError(
        f"{settings.name}: no whole answer within {seconds:g} s",
        fault=Fault.TIMED_OUT,
        retryable=True,
    )


def _pause_s(error: Exception, attempt: int) -> float:
    """Return how long to wait before the next try: what the server asks for, or twice as long.

    A third is left to chance, so that clients that failed together do not come back together.
    """
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        asked = float(headers.get("retry-after", ""))
    except ValueError:  # missing, or a date, which few servers send
        asked = 0.0
    pause: float = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**attempt)
    return max(asked, pause * random.uniform(0.67, 1.0))


def _model_error(settings: ModelSettings, error: Exception, *, started: bool) -> ModelError:
    if isinstance(error, ModelError):
        return error
    fault, retryable = classify(error)
    if started and fault in {Fault.UNREACHABLE, Fault.GARBAGE}:
        fault = Fault.CUT_OFF
    hint = "; try again later" if retryable else "; check RAG_LLM, RAG_LLM_BASE_URL and the key"
    reason = " ".join(str(error).split())[:300] or type(error).__name__
    return ModelError(
        f"{settings.name}: {type(error).__name__}: {reason}{hint}",
        fault=fault,
        retryable=retryable,
    )
