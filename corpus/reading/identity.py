"""What a document is called, from the name of its file."""

import re
from pathlib import Path


def base_name(file_name: str) -> str:
    r"""Return the last part of a path, of this system or of Windows; some browsers send it whole.

    >>> base_name("C:\\reports\\2023.pdf"), base_name("reports/2023.pdf")
    ('2023.pdf', '2023.pdf')
    """
    return re.split(r"[\\/]", file_name)[-1]


def document_id(file_name: str) -> str:
    """Return the id of a document: its file's name without the ending, safe in a path or a URL.

    >>> document_id("reports/2023 年报(终稿).PDF")
    '2023_年报_终稿'
    """
    return re.sub(r"[^\w.-]+", "_", Path(base_name(file_name)).stem).strip("_.") or "document"
