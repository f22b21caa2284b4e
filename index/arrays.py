"""NumPy files → arrays, one file at a time.

NumPy reads the header of a file through `ast`, which in Python 3.11 keeps one count of its depth for the
whole interpreter: when threads open files at the same time, one gets "SystemError: AST constructor
recursion depth mismatch" now and then (https://github.com/python/cpython/issues/106905).
"""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_reading = threading.Lock()


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
