"""Checksums of what is stored, so that a changed byte is noticed and never answered from.

SQLite notices damage to its own structure only: a flipped bit in a text or a vector reads like any
other. So every row of chunks and views carries a checksum of its values; of every document there is a
row of four: of what the shelf shows, of its content, of its file, and of all its chunks and views
together, in order, so that a row that is missing or there twice is noticed too. One seal over these
rows and the index's own description guards the whole.

Not covered: damage on purpose. Who can write the file can write the checksums.
"""

import hashlib
from collections.abc import Iterable

SIZE = 16
"""Bytes of a checksum: damage passes by chance once in 2**128 times."""

Value = str | bytes | int | float | None


def checksum(values: Iterable[Value]) -> bytes:
    """Return the checksum of values in order: the first bytes of SHA-256 over each with its length.

    Two lists that differ in where a value ends, or in a value's type, differ in their checksum.
    """
    parts: list[bytes] = []
    for value in values:
        data = value if isinstance(value, bytes) else str(value).encode()
        parts += (_KINDS[type(value)], b"%d:" % len(data), data)
    return hashlib.sha256(b"".join(parts)).digest()[:SIZE]


_KINDS = {str: b"s", bytes: b"b", int: b"i", float: b"f", type(None): b"n"}
