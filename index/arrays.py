"""NumPy files → arrays, one file at a time.

NumPy reads the header of a file through `ast`, and in Python 3.11 that counts its depth for all
threads together: two threads that open files at once get a `SystemError` now and then
(https://github.com/python/cpython/issues/106905).
"""

import threading
from pathlib import Path
from typing import IO, Any

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


def load_arrays(file: Path | IO[bytes]) -> dict[str, npt.NDArray[Any]]:
    """Read all arrays of an .npz file into memory.

    Raises:
        OSError, ValueError, EOFError, BadZipFile: The file is missing or damaged.
    """
    with _reading, np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)
