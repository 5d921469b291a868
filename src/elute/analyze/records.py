"""Frozen dataclasses to plain JSON values and back, strictly; the same reader judges what a language model answers.

A value is accepted only where it is exactly what the annotation says: no number in quotes, no missing or extra field, no NaN.
Nothing is mended: whoever sent the value hears what is wrong with it.
"""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_hints = cache(get_type_hints)


def to_dict(record: Any) -> dict[str, Any]:
    """A dataclass as JSON values: tuples become lists.

    Parameters
    ----------
    record : dataclass instance
        Its fields are str, int, float, bool, None, such records, and tuples of these.
    """
    return {f.name: _plain(getattr(record, f.name)) for f in fields(record)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return to_dict(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def from_dict(kind: type[T], data: object) -> T:
    """The dataclass that ``data`` describes.

    Raises
    ------
    ValueError
        Names the field and what was expected; long values are not repeated.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"expected an object with the fields of {kind.__name__}")
    assert is_dataclass(kind)
    names = [f.name for f in fields(kind)]
    if missing := [name for name in names if name not in data]:
        raise ValueError(f"{missing[0]} is missing")
    if extra := [str(name) for name in data if name not in names]:
        raise ValueError(f"there is no field {extra[0][:40]!r}")
    hints = _hints(kind)
    return kind(**{name: _read(hints[name], data[name], name) for name in names})


def _read(hint: Any, value: Any, where: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        if value not in args or type(value) not in {type(arg) for arg in args}:
            raise ValueError(f"{where} must be one of {', '.join(map(str, args))}")
        return value
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        (inner,) = (arg for arg in args if arg is not type(None))
        return _read(inner, value, where)
    if origin is tuple:
        return _read_tuple(args, value, where)
    if isinstance(hint, type) and is_dataclass(hint):
        return from_dict(hint, value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = _float(value)
    if type(value) is not hint:
        raise ValueError(f"{where} must be {_WORDS[hint]}")
    if hint is float and not math.isfinite(value):
        raise ValueError(f"{where} must be a finite number")
    return value


def _float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf  # refused like any other number that is none


def _read_tuple(args: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{where} must be a list")
    inner = (args[0],) * len(value) if args[-1] is Ellipsis else args
    if len(inner) != len(value):
        raise ValueError(f"{where} must hold {len(inner)} values")
    return tuple(_read(hint, item, f"{where}[{i}]") for i, (hint, item) in enumerate(zip(inner, value, strict=True)))


def json_schema(kind: type[Any]) -> dict[str, Any]:
    """The JSON Schema of a dataclass, in the subset that structured output accepts: every field required, none else."""
    assert is_dataclass(kind)
    hints = _hints(kind)
    properties = {f.name: _schema(hints[f.name]) for f in fields(kind)}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _schema(hint: Any) -> dict[str, Any]:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(args)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(arg) for arg in args]}
    if origin is tuple:
        return {"type": "array", "items": _schema(args[0])}
    if isinstance(hint, type) and is_dataclass(hint):
        return json_schema(hint)
    return {"type": _JSON[hint]}


_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_JSON = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
