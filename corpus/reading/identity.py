"""What a document is called, from the name of its file."""

import re
from pathlib import Path


def document_id(file_name: str) -> str:
    """Return the id of a document: its file's name without the ending, safe in a path or a URL.

    >>> document_id("reports/2023 年报(终稿).PDF")
    '2023_年报_终稿'
    """
    return re.sub(r"[^\w.-]+", "_", Path(file_name).stem).strip("_.") or "document"
