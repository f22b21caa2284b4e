"""What is remembered of an opened index, and forgotten together with it."""

import threading
import weakref
from collections.abc import Callable
from functools import lru_cache
from typing import Concatenate, ParamSpec, TypeVar

from index.opened import OpenedIndex

P = ParamSpec("P")
T = TypeVar("T")
Asked = Callable[Concatenate[OpenedIndex, P], T]


def kept_with_index(*, maxsize: int) -> Callable[[Asked[P, T]], Asked[P, T]]:
    """Remember the last `maxsize` results for each index, for as long as the index lives.

    An `lru_cache` over the index itself would keep the indexes of past generations, with their
    files, until as many other results have come. The results must not refer to the index. The
    arguments after it are given by position, and are hashable. Safe to share between threads.
    """

    def decorate(function: Asked[P, T]) -> Asked[P, T]:
        caches: weakref.WeakKeyDictionary[OpenedIndex, Callable[..., T]] = (
            weakref.WeakKeyDictionary()
        )
        lock = threading.Lock()

        def kept(index: OpenedIndex, /, *args: P.args, **kwargs: P.kwargs) -> T:
            with lock:
                cached = caches.get(index)
                if cached is None:
                    cached = caches[index] = _remembering(function, index, maxsize)
            return cached(*args, **kwargs)

        kept.__doc__, kept.__name__ = function.__doc__, function.__name__
        return kept

    return decorate


def _remembering(function: Asked[..., T], index: OpenedIndex, maxsize: int) -> Callable[..., T]:
    """Return a function of the other arguments, which does not keep the index alive."""
    reference = weakref.ref(index)

    @lru_cache(maxsize=maxsize)
    def cached(*args: object, **kwargs: object) -> T:
        living = reference()
        if living is None:
            raise RuntimeError("the index is gone; its caller should hold it")
        return function(living, *args, **kwargs)

    return cached
