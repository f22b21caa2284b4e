"""Frozen dataclasses ↔ JSON, by their own annotations. No code is run from what is read.

A dataclass becomes the list of its field values in order, which keeps documents small on disk.
A field that was added at the end takes its default where a stored value lacks it; any other change
of the fields changes the format, and readers of stored values check a version.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Sequence
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
    return json.dumps(
        value, ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_fields
    )


def from_json(cls: type[T], text: str) -> T:
    """Read what `to_json` wrote.

    Raises:
        ValueError: Not JSON, or not of this shape.
    """
    try:
        value: T = _decoder(typing.cast("Any", cls))(json.loads(text))
    except (TypeError, KeyError, IndexError) as error:
        raise ValueError(f"stored {cls.__name__} has another shape: {error}") from error
    return value


def field_from_json(cls: type, name: str, text: str) -> Any:  # noqa: ANN401  (the field decides)
    """Read one field of what `to_json` wrote, and nothing of the text behind it.

    Raises:
        ValueError: Not JSON, or not of this shape.
    """
    place = [field.name for field in dataclasses.fields(cls)].index(name)
    reader, position = json.JSONDecoder(), 1
    for _ in range(place):
        position = reader.raw_decode(text, position)[1] + 1
    value, _ = reader.raw_decode(text, position)
    try:
        return _decoder(typing.get_type_hints(cls)[name])(value)
    except (TypeError, KeyError, IndexError) as error:
        raise ValueError(f"stored {cls.__name__} has another shape: {error}") from error


def _fields(value: object) -> list[object]:
    """Return what a dataclass is written as."""
    kind: Any = type(value)
    names = _field_names(kind)
    if names is None:
        raise TypeError(f"{kind.__name__} has no place in JSON")
    return [getattr(value, name) for name in names]


@lru_cache(maxsize=256)
def _field_names(kind: Any) -> tuple[str, ...] | None:  # noqa: ANN401
    """Return the fields of a dataclass in order, None for any other type."""
    if not dataclasses.is_dataclass(kind):
        return None
    return tuple(field.name for field in dataclasses.fields(kind))


Decode = Callable[[Any], Any]
"""A value as JSON gives it → what it stands for."""


@lru_cache(maxsize=256)
def _decoder(kind: Any) -> Decode:  # noqa: ANN401  (the annotation decides)
    """Return what reads a value of a type.

    Made once per type: a shelf holds millions of values, and asking their annotations for each took
    most of the time of opening it.
    """
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        given = _decoder(next(arg for arg in args if arg is not type(None)))
        return lambda value: None if value is None else given(value)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        item = _decoder(args[0])
        return lambda value: tuple([item(part) for part in value])
    if origin is tuple:
        items = tuple(_decoder(arg) for arg in args)
        return lambda value: tuple(_each(items, value))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        fields = tuple(_decoder(hints[field.name]) for field in dataclasses.fields(kind))
        make: Callable[..., Any] = kind
        return lambda value: make(*_each(fields[: len(value)], value))
    return _plain_decoder(kind)


def _plain_decoder(kind: Any) -> Decode:  # noqa: ANN401
    if not isinstance(kind, type):
        return lambda value: value
    if issubclass(kind, StrEnum):
        return kind

    def checked(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, kind):
            return value
        if kind is float and isinstance(value, int):
            return float(value)
        raise TypeError(f"{value!r} is no {kind.__name__}")

    return checked


def _each(decoders: Sequence[Decode], values: Sequence[Any]) -> list[Any]:
    return [decode(value) for decode, value in zip(decoders, values, strict=True)]
