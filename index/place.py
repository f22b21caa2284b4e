"""Where an index lies: a folder of this machine, or a Milvus."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl

from index.errors import StoreError

PREFIX = "milvus:"

_TEAM = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CONSISTENCIES = ("Strong", "Session", "Bounded", "Eventually")


@dataclass(frozen=True, slots=True, kw_only=True)
class MilvusPlace:
    """A team's index in a Milvus: a server's address, or a file name of Milvus Lite.

    The first to write to a Milvus makes its collections; shards, replicas and the kind of the
    dense index are taken from there and not changed afterwards.
    """

    uri: str
    folder: Path
    """Of what stays on this machine: the user's own names, and the votes of the page."""
    team: str = "default"
    dense_index: str = ""
    """HNSW, IVF_SQ8, DISKANN …; "" compares exactly in Milvus Lite and lets a server choose."""
    num_shards: int = 1
    num_replicas: int = 1
    consistency: str = "Strong"

    def __post_init__(self) -> None:
        if "@" in self.uri:
            raise StoreError(
                "the address of a Milvus may not hold a password, it is shown in messages; put "
                "user:password or the token into RAG_STORE_TOKEN"
            )
        if not self.is_lite and not self.uri.startswith(("http://", "https://")):
            raise StoreError(
                f"{self.uri!r} is no Milvus; write milvus:http://HOST:19530 for a server, or "
                "milvus:FILE.db for Milvus Lite"
            )
        if not _TEAM.fullmatch(self.team):
            raise StoreError(f"team={self.team!r}: use 1 to 64 letters, digits, - and _")
        if self.consistency not in _CONSISTENCIES:
            raise StoreError(f"consistency={self.consistency!r} is none of {_CONSISTENCIES}")
        if self.num_shards < 1 or self.num_replicas < 1:
            raise StoreError("shards and replicas are numbers from 1 on")

    @property
    def is_lite(self) -> bool:
        """Say whether it is a file of this machine, which one process may open at a time."""
        return "://" not in self.uri and self.uri.endswith(".db")

    def __str__(self) -> str:
        team = "" if self.team == "default" else f" (team {self.team})"
        return f"{PREFIX}{self.uri}{team}"


Place = Path | MilvusPlace


def parse_place(text: str, *, folder: Path) -> Place:
    """Read where an index lies: `milvus:URI?team=NAME&…`, a folder, or "" for the folder given.

    >>> parse_place("milvus:http://milvus:19530?team=research", folder=Path("built")).team
    'research'
    >>> parse_place("my-index", folder=Path("built")) == Path("my-index")
    True

    Raises:
        StoreError: An address that no Milvus can have, or an unknown option.
    """
    if not text.startswith(PREFIX):
        return Path(text) if text else folder
    uri, _, options = text.removeprefix(PREFIX).partition("?")
    place = MilvusPlace(uri=uri, folder=folder)
    for name, value in parse_qsl(options, keep_blank_values=True):
        place = _with_option(place, name, value)
    return place


def parse_store(text: str, *, folder: Path) -> Place:
    """Read the setting RAG_STORE: as `parse_place`, but a folder has a setting of its own.

    Raises:
        StoreError: It is no address of a Milvus.
    """
    if text and not text.startswith(PREFIX):
        raise StoreError(
            f"RAG_STORE={text!r} is no store; write milvus:URI, or leave it empty and set "
            "RAG_INDEX_DIR for an index in a folder"
        )
    return parse_place(text, folder=folder)


def _with_option(place: MilvusPlace, name: str, value: str) -> MilvusPlace:
    if name in ("shards", "replicas"):
        if not value.isdecimal():
            raise StoreError(f"{name}={value!r} of {place} is no number")
        number = int(value)
        if name == "shards":
            return replace(place, num_shards=number)
        return replace(place, num_replicas=number)
    if name == "team":
        return replace(place, team=value)
    if name == "index":
        return replace(place, dense_index=value)
    if name == "consistency":
        return replace(place, consistency=value)
    raise StoreError(
        f"{name!r} is no option of {place}; there are team, index, shards, replicas, consistency"
    )
