"""What the first bytes of a file say about its kind, whatever its name says."""

_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "zip/docx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office 97"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3\x00", "SQLite"),
)


def binary_kind(data: bytes) -> str:
    """Return the kind of a file that is no text, "" where the bytes do not tell.

    >>> binary_kind(b"%PDF-1.7"), binary_kind(b"Price")
    ('PDF', '')
    """
    return next((kind for start, kind in _SIGNATURES if data.startswith(start)), "")
