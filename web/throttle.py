"""Guessing passwords is slowed: by address, and in all."""

import ipaddress
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

MAX_FAILED = 10  # wrong passwords from one address within `WINDOW_S`
MAX_FAILED_IN_ALL = 100  # from all addresses; then only those that were right lately may try
WINDOW_S = 300.0
_TRUSTED_S = 86_400.0
_MAX_TRUSTED = 10_000  # addresses


class Throttle:
    """Counts wrong passwords. May be used from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: defaultdict[str, deque[float]] = defaultdict(deque)
        self._failed_in_all: deque[float] = deque()
        self._trusted: dict[str, float] = {}  # address → when it was right last

    def wait_s(self, address: str) -> float:
        """Return 0.0 if an address may try, otherwise the seconds until it may."""
        now, network = self._clock(), _network(address)
        with self._lock:
            self._drop_old(now)
            own = self._failed.get(network)
            if own is not None and len(own) >= MAX_FAILED:
                return max(own[0] + WINDOW_S - now, 1.0)
            in_all = self._failed_in_all
            if len(in_all) >= MAX_FAILED_IN_ALL and network not in self._trusted:
                return max(in_all[0] + WINDOW_S - now, 1.0)
        return 0.0

    def failed(self, address: str) -> None:
        """Note a wrong password."""
        now = self._clock()
        with self._lock:
            self._failed[_network(address)].append(now)
            self._failed_in_all.append(now)

    def succeeded(self, address: str) -> None:
        """Note a right password: guesses from elsewhere do not keep this address out."""
        with self._lock:
            self._trusted[_network(address)] = self._clock()
            while len(self._trusted) > _MAX_TRUSTED:
                del self._trusted[next(iter(self._trusted))]

    def _drop_old(self, now: float) -> None:
        while self._failed_in_all and now - self._failed_in_all[0] > WINDOW_S:
            self._failed_in_all.popleft()
        for network, moments in list(self._failed.items()):
            while moments and now - moments[0] > WINDOW_S:
                moments.popleft()
            if not moments:
                del self._failed[network]
        for network, moment in list(self._trusted.items()):
            if now - moment > _TRUSTED_S:
                del self._trusted[network]


def _network(address: str) -> str:
    """Return what counts as one address: an IPv4 address, a /64 of IPv6 (one household has it).

    >>> _network("2001:db8::1") == _network("2001:db8::2"), _network("192.0.2.7")
    (True, '192.0.2.7')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
