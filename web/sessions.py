"""Who is logged in: random tokens, kept hashed, that expire."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable

IDLE_S = 12 * 3600.0  # without a request
LONGEST_S = 7 * 86_400.0
_MAX_SESSIONS = 10_000


class Sessions:
    """The sessions of this process; they end with it. May be used from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[bytes, tuple[float, float]] = {}  # hash → (begun, used last)

    def begin(self) -> str:
        """Begin a session and return its token, which is not kept."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            for key in [key for key, times in self._open.items() if _is_over(times, now)]:
                del self._open[key]
            while len(self._open) >= _MAX_SESSIONS:
                del self._open[next(iter(self._open))]
            self._open[_hashed(token)] = now, now
        return token

    def is_open(self, token: str) -> bool:
        """Say whether a token is one of an open session, and count it as used."""
        key, now = _hashed(token), self._clock()
        with self._lock:
            times = self._open.get(key)
            if times is None:
                return False
            if _is_over(times, now):
                del self._open[key]
                return False
            self._open[key] = times[0], now
        return True

    def end(self, token: str) -> None:
        """End a session."""
        with self._lock:
            self._open.pop(_hashed(token), None)


def _is_over(times: tuple[float, float], now: float) -> bool:
    begun, used = times
    return now - used > IDLE_S or now - begun > LONGEST_S


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
