"""Faults at a chosen step of writing: the process is killed there, or the disk is full from there on.

A step is whatever changes a file: SQLite's own system calls, which its VFS lets be replaced for such
tests (https://sqlite.org/c3ref/vfs.html, xSetSystemCall), and every opening for writing, renaming,
making or deleting that Python reports to an audit hook. Not covered: what the system has not yet
written when the power fails; `damage` cuts files instead.
"""

import ctypes
import errno
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from corpus.errors import AssistantError


class Fault(StrEnum):
    """What happens at the step."""

    KILL = "kill"  # before it is done
    TORN = "torn"  # half of the bytes are written, then the process is killed
    FULL = "full"  # it fails for want of space, and so does every one after it
    COUNT = "count"  # nothing; steps are counted


@dataclass(slots=True)
class Steps:
    """Counts the steps of this process and makes the fault at number `at`, from 1."""

    fault: Fault
    at: int = 0
    done: int = 0
    _kept: list[object] = field(default_factory=list)  # what C calls must not be collected

    def install(self) -> None:
        """Watch this process from now on; there is no way back, so call it in a child."""
        if sys.platform == "win32":
            raise AssistantError("faults are made on POSIX systems only")
        for name, kind, size_at in _SYSTEM_CALLS:
            self._replace(name, kind, size_at)
        sys.addaudithook(self._on_event)

    def _on_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        is_write = event == "open" and _opens_for_writing(*arguments)
        if not is_write and event not in _EVENTS:
            return
        if self._fails() and event not in ("os.remove", "os.rmdir"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _fails(self) -> bool:
        """Count a step; kill the process if it is the one; say whether it fails."""
        self.done += 1
        if self.fault in (Fault.KILL, Fault.TORN) and self.done == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.fault is Fault.FULL and self.done >= self.at

    def _replace(self, name: bytes, kind: Any, size_at: int) -> None:  # noqa: ANN401
        vfs = _sqlite().sqlite3_vfs_find(None)
        pointer = vfs.contents.get_system_call(vfs, name)
        if not pointer:  # this build of SQLite does without it
            return
        original = kind(pointer)

        def replaced(*arguments: Any) -> int:  # noqa: ANN401
            is_write = size_at >= 0 and not (name == b"open" and not arguments[1] & _WRITES)
            if is_write and self.fault is Fault.TORN and self.done + 1 == self.at and size_at:
                half = [*arguments]
                half[size_at] //= 2
                original(*half)
            if is_write and self._fails() and name != b"unlink":
                ctypes.set_errno(errno.ENOSPC)
                return -1
            result: int = original(*arguments)
            return result

        callback = kind(replaced)
        self._kept += [original, callback]
        address = ctypes.cast(callback, ctypes.c_void_p)
        vfs.contents.set_system_call(vfs, name, address)


_WRITES = os.O_CREAT | os.O_TRUNC
_EVENTS = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.link"})


def _opens_for_writing(_: object, mode: object, flags: int) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _kind(*arguments: Any) -> Any:  # noqa: ANN401
    return ctypes.CFUNCTYPE(*arguments, use_errno=True)


# Name, type, and the place of the number of bytes among the arguments (0: none).
_SYSTEM_CALLS: tuple[tuple[bytes, Any, int], ...] = (
    (b"open", _kind(ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_int), 0),
    (b"write", _kind(ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t), 2),
    *(
        (
            name,
            _kind(ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64),
            2,
        )
        for name in (b"pwrite", b"pwrite64")
    ),
    (b"ftruncate", _kind(ctypes.c_int, ctypes.c_int, ctypes.c_int64), 0),
    (b"unlink", _kind(ctypes.c_int, ctypes.c_char_p), 0),
)


class _Vfs(ctypes.Structure):
    """sqlite3_vfs, version 3."""


_Call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Vfs), ctypes.c_char_p, ctypes.c_void_p)
_Find = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(_Vfs), ctypes.c_char_p)
_Vfs._fields_ = [
    ("version", ctypes.c_int),
    ("file_size", ctypes.c_int),
    ("max_path", ctypes.c_int),
    ("next", ctypes.c_void_p),
    ("name", ctypes.c_char_p),
    ("data", ctypes.c_void_p),
    *((f"method{number}", ctypes.c_void_p) for number in range(13)),  # xOpen … xCurrentTimeInt64
    ("set_system_call", _Call),
    ("get_system_call", _Find),
]


def _sqlite() -> Any:  # noqa: ANN401
    """Return the SQLite library that Python's module uses."""
    import _sqlite3

    library = ctypes.CDLL(_sqlite3.__file__)
    find = library.sqlite3_vfs_find
    find.restype = ctypes.POINTER(_Vfs)
    find.argtypes = [ctypes.c_char_p]
    if find(None).contents.version < 3:
        raise AssistantError("this SQLite does not let its system calls be replaced")
    return library


Operation = Callable[[], None]


def run_with_fault(operation: Operation, fault: Fault, at: int) -> tuple[int, int]:
    """Run an operation in a child with a fault at a step.

    Returns:
        How the child ended (0: done; 1: refused with a clear error; 2: another error; -9: killed), and
        the number of steps that it did (0 when it was killed).
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        code = 2
        try:
            steps = Steps(fault, at)
            steps.install()
            code = _attempt(operation)
            os.write(writer, str(steps.done).encode())
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        counted = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), int(counted or 0)


def _attempt(operation: Operation) -> int:
    try:
        operation()
    except AssistantError:
        return 1
    except BaseException:  # noqa: BLE001  (whatever it is, the parent is told)
        import traceback

        traceback.print_exc()
        return 2
    return 0
