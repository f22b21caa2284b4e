"""What the searches need, derived from the store: FAISS, the inverted index, the index of names.

A cache: it lies in `derived/<generation>` beside the store, with the checksum of every file, and
is made anew when it is missing, damaged or of another generation; what the generation before has of
the same texts is carried over. Never the only copy of anything.
"""

import contextlib
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import IndexMismatch
from index.lexical import LexicalIndex, build_lexical_index, load_lexical_index
from index.names import NameIndex, build_name_index, load_name_index
from index.renewal import Keys, carried_rows, renew_lexical, renew_names, row_keys
from index.schema import View
from index.terms import ANALYZER_VERSION, analyze

DERIVED_VERSION = 3
"""Of the files of a folder; a folder of another version is made anew."""

_FAISS_NAME = "vectors.faiss"
_MANIFEST_NAME = "manifest.json"
_KEYS_NAME = "keys.npy"
_MAKING = ".making-"
_LEFT_OVER_S = 6 * 3600.0
# A flat index of 10 million views of 256 dimensions; more than that in a file is damage.
_MAX_FAISS_BYTES = 12_000_000_000


@dataclass(frozen=True, eq=False)
class Derived:
    """The searches over the same rows: row i belongs to the i-th view of the store."""

    lexical: LexicalIndex
    names: NameIndex
    dense: Any  # faiss.Index
    keys: Keys  # of the rows, see `row_keys`


def load_derived(
    index_dir: Path, generation: int, views: Sequence[View], vectors: np.ndarray
) -> Derived:
    """Open the derived files of a generation, or make them from its views and vectors.

    A folder that cannot be written is no error: what was made is used from memory.
    """
    folder = index_dir / "derived" / str(generation)
    identity = {
        "version": DERIVED_VERSION,
        "analyzer": ANALYZER_VERSION,
        "generation": generation,
        "num_views": len(views),
        "dim": int(vectors.shape[1]),
    }
    try:
        return _read(folder, identity)
    except (IndexMismatch, OSError, ValueError, RuntimeError):
        derived = _make(views, vectors, _before(folder, identity))
    with contextlib.suppress(OSError):
        _write(folder, identity, derived)
    return derived


def _before(folder: Path, identity: dict[str, int]) -> Derived | None:
    """Return what was derived from the newest generation before, None where there is nothing."""
    try:
        generations = [int(path.name) for path in folder.parent.iterdir() if path.name.isdigit()]
        newest = max(number for number in generations if number < identity["generation"])
        place = folder.parent / str(newest)
        manifest = json.loads((place / _MANIFEST_NAME).read_text(encoding="utf-8"))
        found = {key: manifest[key] for key in identity}
        if any(found[key] != identity[key] for key in ("version", "analyzer")):
            return None
        return _read(place, found)
    except (IndexMismatch, OSError, ValueError, RuntimeError, KeyError, TypeError):
        return None


def _make(views: Sequence[View], vectors: np.ndarray, before: Derived | None) -> Derived:
    dense = build_dense(vectors)
    keys = row_keys(views)
    carried = carried_rows(before.keys, keys) if before is not None else None
    # Merging costs more than it saves when most rows are new.
    if before is None or carried is None or len(carried.new) < len(views) / 2:
        texts = [view.text for view in views]
        lexical = build_lexical_index([analyze(text) for text in texts])
        return Derived(lexical, build_name_index(texts), dense, keys)
    fresh = [views[row].text for row in carried.fresh]
    lexical = renew_lexical(before.lexical, carried, [analyze(text) for text in fresh])
    return Derived(lexical, renew_names(before.names, carried, fresh), dense, keys)


EXACT_ROWS = 50_000
"""Views up to which the dense search compares exactly. Above, values are rounded to 8 bits: a quarter
of the memory and half the time for 0.993 of the 200 nearest; lists of neighbours (IVF) found 0.84 of
them at best (docs/log.md)."""


def build_dense(vectors: np.ndarray, *, exact_rows: int = EXACT_ROWS) -> Any:  # noqa: ANN401
    """Return a FAISS index of inner products over the rows of a matrix; the same for the same rows."""
    import faiss

    num_rows, dim = vectors.shape
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if num_rows <= exact_rows:
        dense: Any = faiss.IndexFlatIP(dim)
    else:
        kind = faiss.ScalarQuantizer.QT_8bit
        dense = faiss.IndexScalarQuantizer(dim, kind, faiss.METRIC_INNER_PRODUCT)
        dense.train(rows)  # the range of each dimension
    dense.add(rows)
    return dense


def _write(folder: Path, identity: dict[str, int], derived: Derived) -> None:
    """Write beside the place and move there, so that a folder with that name is complete."""
    import faiss

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_MAKING) as name:
        making = Path(name) / "files"
        making.mkdir()
        derived.lexical.save(making)
        derived.names.save(making)
        np.save(making / _KEYS_NAME, derived.keys, allow_pickle=False)
        (making / _FAISS_NAME).write_bytes(faiss.serialize_index(derived.dense).tobytes())
        files = {path.name: _sha256(path) for path in sorted(making.iterdir())}
        manifest = json.dumps({**identity, "files": files}, indent=2)
        (making / _MANIFEST_NAME).write_text(manifest, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        making.rename(folder)
    for old in folder.parent.iterdir():
        is_older = old.name.isdecimal() and int(old.name) < identity["generation"]
        if is_older or _is_left_over(old):
            shutil.rmtree(old, ignore_errors=True)


def _is_left_over(folder: Path) -> bool:
    """Say whether a process that died began to make this folder; a live one takes minutes at most."""
    if not folder.name.startswith(_MAKING):
        return False
    with contextlib.suppress(OSError):
        return abs(time.time() - folder.stat().st_mtime) > _LEFT_OVER_S
    return False


def _read(folder: Path, identity: dict[str, int]) -> Derived:
    import faiss

    manifest = json.loads((folder / _MANIFEST_NAME).read_text(encoding="utf-8"))
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise IndexMismatch(f"{folder / _MANIFEST_NAME} is no manifest")
    files = manifest.pop("files")
    if manifest != identity:
        raise IndexMismatch(f"{folder} belongs to {manifest}, not to {identity}")
    # A file that nobody vouches for is not opened.
    if files.keys() != {path.name for path in folder.iterdir()} - {_MANIFEST_NAME}:
        raise IndexMismatch(f"{folder} holds other files than its manifest names")
    for name, expected in files.items():
        if _sha256(folder / name) != expected:
            raise IndexMismatch(f"{folder / name} is damaged: its checksum differs")
    # FAISS trusts what it reads; the checksum above says that these are the bytes we wrote.
    data = np.fromfile(folder / _FAISS_NAME, dtype=np.uint8)
    faiss.set_deserialization_vector_byte_limit(_MAX_FAISS_BYTES)
    dense = faiss.deserialize_index(data)
    lexical = load_lexical_index(folder)
    names = load_name_index(folder)
    keys = np.load(folder / _KEYS_NAME, allow_pickle=False)
    counts = {dense.ntotal, len(lexical.lengths), names.num_texts, len(keys)}
    if counts != {identity["num_views"]}:
        raise IndexMismatch(f"{folder}: its files hold different numbers of rows")
    return Derived(lexical, names, dense, keys)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
