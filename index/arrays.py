"""NumPy files → arrays, one file at a time.

NumPy reads the header of a file through `ast`, which in Python 3.11 keeps one count of its depth for the
whole interpreter: when threads open files at the same time, one gets "SystemError: AST constructor
recursion depth mismatch" now and then (https://github.com/python/cpython/issues/106905).
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import IndexMismatch

Kinds = Mapping[str, type[np.generic]]
"""The arrays of one dimension that something is made of, by name, and their types."""

_reading = threading.Lock()


def save_arrays(folder: Path, prefix: str, holder: object, kinds: Kinds) -> None:
    """Write arrays, attributes of `holder`, as `PREFIX_NAME.npy` into an existing folder."""
    for name in kinds:
        np.save(folder / f"{prefix}_{name}.npy", getattr(holder, name), allow_pickle=False)


def open_arrays(folder: Path, prefix: str, kinds: Kinds) -> dict[str, npt.NDArray[Any]]:
    """Open what `save_arrays` wrote; the arrays are memory-mapped, read-only.

    Raises:
        IndexMismatch: A file is missing, unreadable, or holds another kind of array.
    """
    arrays = {}
    for name, kind in kinds.items():
        path = folder / f"{prefix}_{name}.npy"
        try:
            array = open_array(path)
        except (OSError, ValueError, EOFError) as error:
            raise IndexMismatch(
                f"{path} cannot be read ({error}); build the index again"
            ) from error
        if array.dtype != kind or array.ndim != 1:
            raise IndexMismatch(
                f"{path} holds {array.ndim} dimensions of {array.dtype}, expected one of "
                f"{np.dtype(kind)}; build the index again"
            )
        arrays[name] = array
    return arrays


def open_array(path: Path) -> npt.NDArray[Any]:
    """Memory-map a .npy file, read-only, as a plain array.

    Arrays of type memmap are slower to take a part of.

    Raises:
        OSError, ValueError, EOFError: The file is missing or damaged.
    """
    with _reading:
        array: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return array.view(np.ndarray)


def load_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Read all arrays of an .npz file into memory.

    Raises:
        OSError, ValueError, EOFError, BadZipFile: The file is missing or damaged.
    """
    # Of a damaged file that it opened itself, NumPy keeps the handle.
    with _reading, path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)


def as_vectors(
    values: npt.NDArray[np.floating[Any]], num_views: int, dim: int, path: object
) -> npt.NDArray[np.float32]:
    """Return stored values as one vector a row, shape (num_views, dim).

    Raises:
        IndexMismatch: There are more or fewer, in what lies at `path`.
    """
    if values.size != num_views * dim:
        raise IndexMismatch(
            f"{path}: {values.size} vector values for {num_views} views of {dim}; "
            "build the index again with `python -m index build`"
        )
    return values.reshape(num_views, dim).astype(np.float32)
