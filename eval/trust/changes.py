"""Changes of a small index, and the state an index is in: what crashes and kills are tried on."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.codec import to_json
from index.build import add_documents, build_index, remove_document
from index.encoder import HashEncoder
from index.errors import IndexMissing
from index.search import Index
from index.store import open_store
from index.term_table import TermTable

ENCODER = HashEncoder(dim=64)
_BEFORE = {
    "storage.md": "# 储能行业点评\n\n2024年一季度新增装机1.9GWh，其中浙江占比31%。\n\n"
    "| 地区 | 占比 |\n| --- | --- |\n| 浙江 | 31% |\n| 广东 | 23% |\n",
    "ferries.txt": "Electric ferries\n\nNorvik Lines ordered twelve electric ferries in 2023. Each "
    "ferry carries 320 passengers and costs US$21.5 million.\n",
}
_AFTER = {
    "storage.md": _BEFORE["storage.md"].replace("1.9GWh", "2.4GWh").replace("31%", "35%"),
    "chips.txt": "Edge chips\n\nShipments of edge chips rose 42% in 2023 to 3.1 million units.\n",
}
_ADDED = ("robots.md", "# 仓储机器人\n\n2023年市场规模为187亿元，同比增长26%。\n".encode())
MISSING = "missing"
"""The state where no index was ever finished."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an index: from the state that `prepare` leaves to the one that `run` leaves."""

    name: str
    prepare: Callable[[Path], object]
    run: Callable[[Path], object]


def state(index_dir: Path) -> str:
    """Return a digest of all that an index holds, and of what it finds; MISSING when there is none.

    How it is laid out on disk does not count.

    Raises:
        AssistantError: It is damaged.
    """
    try:
        index = Index.open(index_dir, ENCODER)
    except IndexMissing:
        return MISSING
    index.term_table = _term_table()  # the same for all; reading it takes longer than the rest
    digest = hashlib.sha256()
    with closing(open_store(index_dir)) as store:
        for entry in store.shelf():
            digest.update(f"{entry}{store.source(entry.doc_id)}".encode())
            digest.update(to_json(index.document(entry.doc_id)).encode())
            digest.update(repr(store.chunks(entry.doc_id)).encode())
        views, vectors = store.views(dim=ENCODER.dim)
    digest.update(repr(views).encode() + vectors.tobytes())
    for query in _QUERIES:
        found = index.search(query, top_k=20)
        digest.update(repr([(item.chunk, f"{item.score:.3f}") for item in found]).encode())
    index.close()
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _term_table() -> TermTable:
    return TermTable.load()


_QUERIES = ("仓储机器人新增装机", "electric ferries and edge chips")


def _documents(index_dir: Path, texts: Mapping[str, str]) -> Path:
    folder = index_dir.parent / f"documents-{len(texts)}-{hash(tuple(texts)) & 0xFFFF}"
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        path = folder / name
        if not path.is_file():
            path.write_text(text, encoding="utf-8")
    return folder


def _build(texts: Mapping[str, str]) -> Callable[[Path], object]:
    def run(index_dir: Path) -> object:
        build_index(_documents(index_dir, texts), index_dir, ENCODER)
        return Index.open(index_dir, ENCODER)

    return run


def _add(index_dir: Path) -> object:
    add_documents([_ADDED], index_dir, ENCODER)
    return Index.open(index_dir, ENCODER)


def _remove(index_dir: Path) -> object:
    remove_document("ferries", index_dir)
    return Index.open(index_dir, ENCODER)


def _nothing(_: Path) -> object:
    return None


CHANGES = (
    Change("first build", _nothing, _build(_BEFORE)),
    Change("build again", _build(_BEFORE), _build(_AFTER)),
    Change("add", _build(_BEFORE), _add),
    Change("remove", _build(_BEFORE), _remove),
)


class Bench:
    """A change with its old and new state, to be tried again and again from the old one."""

    def __init__(self, change: Change, folder: Path) -> None:
        self.change = change
        self.work = folder / "work"
        self._old = folder / "old"
        self._old.mkdir(parents=True)
        # The texts of both sides are written now, so that no fault hits them.
        for texts in (_BEFORE, _AFTER):
            _documents(self.work, texts)
        change.prepare(self._old)
        self.reset()
        self.old = MISSING if change.prepare is _nothing else state(self._copy(folder / "seen"))
        change.run(self.work)
        self.new = state(self.work)

    def _copy(self, to: Path) -> Path:
        return Path(shutil.copytree(self._old, to, dirs_exist_ok=True))

    def reset(self) -> None:
        """Put the old state back."""
        shutil.rmtree(self.work, ignore_errors=True)
        self._copy(self.work)

    def judge(self) -> tuple[str, str]:
        """Return the state after a fault and what is wrong with it, "" when nothing is.

        It must be the old or the new one, and the change must then go through, to the new one.

        Raises:
            AssistantError: The index cannot be opened, or the change is refused.
        """
        found = state(self.work)
        if found not in (self.old, self.new):
            return found, "neither the old state nor the new one"
        if self.change.name == "remove" and found == self.new:
            return found, ""
        self.change.run(self.work)
        done = state(self.work)
        return found, "" if done == self.new else "the change does not go through afterwards"
