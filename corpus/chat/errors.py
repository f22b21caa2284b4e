"""What can go wrong with a language model."""

from collections.abc import Iterator
from enum import StrEnum

from corpus.errors import AssistantError


class Fault(StrEnum):
    """Why there is no reply; a reader is told it in their language."""

    NOT_SET_UP = "not_set_up"  # RAG_LLM is no provider:model, or its package or key is missing
    UNREACHABLE = "unreachable"  # no connection
    KEY_REFUSED = "key_refused"  # 401, 403
    NOT_FOUND = "not_found"  # 404: no such model or address
    REJECTED = "rejected"  # any other 4xx: too long a prompt, a filter
    RATE_LIMITED = "rate_limited"  # 429
    SERVER_FAILED = "server_failed"  # 5xx
    TIMED_OUT = "timed_out"  # nothing for too long, or not finished within the deadline
    CUT_OFF = "cut_off"  # the reply began and broke off
    GARBAGE = "garbage"  # the server answered something that is no reply
    TOO_LONG = "too_long"  # more than a reply may have


class ModelError(AssistantError):
    """The language model is not set up, cannot be reached, or failed.

    Attributes:
        fault: What kind of failure it was.
        retryable: Whether the same request may succeed later.
    """

    def __init__(
        self, message: str, *, fault: Fault = Fault.NOT_SET_UP, retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.retryable = retryable


def classify(error: Exception) -> tuple[Fault, bool]:
    """Return what kind of failure an exception is, and whether it may pass."""
    from langchain_core import exceptions

    causes = list(_causes(error))
    if any("Timeout" in type(cause).__name__ for cause in causes):
        return Fault.TIMED_OUT, True
    if any(type(cause).__name__ == "DecodingError" for cause in causes):
        return Fault.TOO_LONG, False
    for kind, fault in (
        (exceptions.ModelAuthenticationError, Fault.KEY_REFUSED),
        (exceptions.ModelPermissionDeniedError, Fault.KEY_REFUSED),
        (exceptions.ModelNotFoundError, Fault.NOT_FOUND),
        (exceptions.ModelRateLimitError, Fault.RATE_LIMITED),
        (exceptions.ModelConnectionError, Fault.UNREACHABLE),
        (exceptions.ModelAPIError, Fault.SERVER_FAILED),
        (exceptions.ModelError, Fault.REJECTED),
    ):
        if isinstance(error, kind):
            return fault, kind.is_retryable
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:
        by_status = {401: Fault.KEY_REFUSED, 403: Fault.KEY_REFUSED, 404: Fault.NOT_FOUND}
        if status == 429 or status >= 500:
            return (Fault.RATE_LIMITED if status == 429 else Fault.SERVER_FAILED), True
        return by_status.get(status, Fault.REJECTED), False
    if any(isinstance(cause, OSError) for cause in causes):
        return Fault.UNREACHABLE, True
    return Fault.GARBAGE, False


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    for _ in range(8):
        if found is None:
            return
        yield found
        found = found.__cause__ or found.__context__
