"""Read the names of listed companies, for the term table.

The database of the PyPI package matchina (MIT) has the names under which companies are listed in
Shanghai, Shenzhen and Hong Kong, with their English names: 万兴科技, Wondershare Technology Group.
"""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from index.training.sources import Kind, Pair

_LEGAL_FORM = re.compile(
    r"[\s,.]*\b(?:co|corp|corporation|inc|ltd|limited|plc|company|holdings?|hldgs|group|gp|intl)\b"
    r"[\s,.()]*$",
    re.IGNORECASE,
)
_HAN = re.compile("[\u4e00-\u9fff]")


def read_companies(path: Path) -> Iterator[Pair]:
    """Yield the names as glosses, legal forms left out; rows without an English name are skipped."""
    with sqlite3.connect(path) as names:
        rows = names.execute("select name_cn, name_en from entities order by id").fetchall()
    for chinese, english in rows:
        name = str(english or "").strip()
        while (shorter := _LEGAL_FORM.sub("", name)) != name and shorter:
            name = shorter
        if name and not _HAN.search(name):
            yield Pair(str(chinese), name, "dict_companies", Kind.DICTIONARY)
