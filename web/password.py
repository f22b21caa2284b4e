"""The user and password of RAG_AUTH: kept hashed, compared in constant time."""

import base64
import binascii
import hashlib
import hmac
import os

from rag.errors import SettingsError

# Cost of scrypt: 16 MB and some 50 ms a guess (RFC 7914; the least that OWASP recommends is
# N = 2^14 with r = 8, p = 5; p is lower here because guesses are bounded by `web.throttle`).
COST = (2**14, 8, 1)  # N, r, p
_PREFIX = "scrypt"
_WANTED = "user:password, or user:hash as `python app.py --hash-password` prints it"


def hash_password(
    password: str, salt: bytes | None = None, cost: tuple[int, int, int] = COST
) -> str:
    """Return a password as RAG_AUTH may carry it in a file: "scrypt$N$r$p$salt$hash".

    >>> hash_password("p", b"salt of 16 bytes").startswith("scrypt$16384$8$1$")
    True
    """
    salt = salt or os.urandom(16)
    parts = (salt, _digest(password, salt, cost))
    encoded = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    return "$".join((_PREFIX, *map(str, cost), *encoded))


class Credentials:
    """Who may come in. Holds the password only as a hash."""

    def __init__(self, setting: str) -> None:
        """Read "user:password" or "user:hash".

        Raises:
            SettingsError: A part is missing or the hash is malformed; the message does not repeat
                the value.
        """
        user, colon, password = setting.partition(":")
        if not user or not colon or not password:
            raise SettingsError(f"RAG_AUTH is not of the form {_WANTED}; correct it")
        self.user = user
        is_hashed = password.startswith(f"{_PREFIX}$")
        self._cost, self._salt, self._hash = _read_hash(
            password if is_hashed else hash_password(password)
        )
        # A client that sends the password with every request is not made to wait for scrypt each
        # time: what was right once is recognised by a keyed hash that ends with this process.
        self._key = os.urandom(32)
        self._right: bytes | None = None

    def match(self, user: str, password: str) -> bool:
        """Say whether both are right; what is wrong does not show in the time it takes."""
        given = hmac.digest(self._key, f"{len(user)}:{user}{password}".encode(), "sha256")
        if self._right is not None and hmac.compare_digest(given, self._right):
            return True
        digest = _digest(password, self._salt, self._cost)
        right_password = hmac.compare_digest(digest, self._hash)
        right_user = hmac.compare_digest(user.encode(), self.user.encode())
        if not (right_user and right_password):
            return False
        self._right = given
        return True

    def match_header(self, header: str) -> bool:
        """Say whether an Authorization header carries them: Basic, or the password as Bearer."""
        scheme, _, value = header.partition(" ")
        if scheme.casefold() == "bearer":
            return self.match(self.user, value.strip())
        if scheme.casefold() != "basic":
            return False
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return self.match(user, password)


def _digest(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=n, r=r, p=p, maxmem=256 * 1024 * 1024)


def _read_hash(text: str) -> tuple[tuple[int, int, int], bytes, bytes]:
    """Read what `hash_password` writes."""
    try:
        _, n, r, p, salt, digest = text.split("$")
        cost = int(n), int(r), int(p)
        decoded = [base64.urlsafe_b64decode(f"{part}==") for part in (salt, digest)]
        _digest("", decoded[0], cost)  # a cost that this machine cannot pay is refused now
    except (ValueError, MemoryError, binascii.Error) as error:
        raise SettingsError(f"the hash in RAG_AUTH is malformed; it must be {_WANTED}") from error
    if len(decoded[1]) != 64:
        raise SettingsError(f"the hash in RAG_AUTH is cut; it must be {_WANTED}")
    return cost, decoded[0], decoded[1]
