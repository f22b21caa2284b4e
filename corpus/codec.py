"""Frozen dataclasses ↔ JSON, by their own annotations. No code is run from what is read.

A dataclass becomes the list of its field values in order, which keeps documents small on disk;
the format therefore changes with the fields, and readers of stored values check a version.
"""

import dataclasses
import json
import types
import typing
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")


def to_json(value: object) -> str:
    """Write a dataclass as JSON.

    >>> from corpus.schema import Cell
    >>> to_json(Cell(3, 5))
    '[3,5]'
    """
    return json.dumps(_encode(value), ensure_ascii=False, separators=(",", ":"))


def from_json(cls: type[T], text: str) -> T:
    """Read what `to_json` wrote.

    Raises:
        ValueError: Not JSON, or not of this shape.
    """
    try:
        value: T = _decode(cls, json.loads(text))
    except (TypeError, KeyError, IndexError) as error:
        raise ValueError(f"stored {cls.__name__} has another shape: {error}") from error
    return value


def _encode(value: object) -> object:
    if dataclasses.is_dataclass(value):
        return [_encode(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, (tuple, list)):
        return [_encode(item) for item in value]
    return value


@lru_cache(maxsize=256)
def _field_types(cls: type) -> tuple[Any, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(hints[field.name] for field in dataclasses.fields(cls))


def _decode(kind: Any, value: Any) -> Any:  # noqa: ANN401  (the annotation decides)
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _decode(next(arg for arg in typing.get_args(kind) if arg is not type(None)), value)
    if origin is tuple:
        args = typing.get_args(kind)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_decode(args[0], item) for item in value)
        return tuple(_decode(arg, item) for arg, item in zip(args, value, strict=True))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        field_types = _field_types(kind)
        pairs = zip(field_types, value, strict=True)
        return kind(*(_decode(field_type, item) for field_type, item in pairs))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    if kind is float and isinstance(value, int):
        return float(value)
    if isinstance(kind, type) and not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
