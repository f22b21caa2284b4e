"""The HTTP client of OpenAI-compatible servers: no redirects, no proxy, bounded bytes and time.

The client's own timeout is per read, so a server that drips bytes, or sends comments that are no
event, would hold a thread for ever; here every response has a last moment and a last byte.
"""

import time
from collections.abc import Iterator

import httpx2
from openai import DefaultHttpxClient

MAX_RESPONSE_BYTES = 8_000_000


class _Bounded(httpx2.SyncByteStream):
    """A response's bytes, up to a limit and a moment."""

    def __init__(self, stream: httpx2.SyncByteStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._stream:
            size += len(part)
            if size > MAX_RESPONSE_BYTES:
                raise httpx2.DecodingError(f"the reply is longer than {MAX_RESPONSE_BYTES:,} bytes")
            if time.monotonic() > self._until:
                raise httpx2.ReadTimeout("the reply did not end in time")
            yield part

    def close(self) -> None:
        self._stream.close()


class _Transport(httpx2.BaseTransport):
    def __init__(self, deadline_s: float) -> None:
        self._inner = httpx2.HTTPTransport(trust_env=False)
        self._deadline_s = deadline_s

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        until = time.monotonic() + self._deadline_s
        response = self._inner.handle_request(request)
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Bounded(response.stream, until)
        return response

    def close(self) -> None:
        self._inner.close()


def bounded_client(*, timeout_s: float, deadline_s: float) -> httpx2.Client:
    """Return a client that waits `timeout_s` for the next byte and `deadline_s` for the last.

    A redirect is an error: it could carry the question, and the key, elsewhere. The environment's
    proxies are not read, for the same reason.
    """
    return DefaultHttpxClient(
        transport=_Transport(deadline_s),
        follow_redirects=False,
        trust_env=False,
        timeout=timeout_s,
    )
