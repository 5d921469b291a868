"""elute's small parameter objects as forms: one source for Python, the page and the journal.

A parameter object is a frozen dataclass. Each field is made by :func:`option`, which says what the value means and
what range it may have, and the object checks itself when it is made, so a value out of its range is refused before any work:

    @dataclass(frozen=True)
    class KMeans(Options):
        title: ClassVar[str] = "K-means"
        when: ClassVar[str] = "Round clusters of similar size; fast."
        k: int | None = option(None, low=2, help="How many clusters; empty: chosen by silhouette.")

``form(KMeans)`` describes it to the page; ``to_dict(KMeans(40))`` is ``{"name": "kmeans", "k": 40}``, and ``from_dict`` reads it.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from elute.errors import SettingsError

T = TypeVar("T")

_WORDS = {"int": "a whole number", "float": "a number", "bool": "True or False", "str": "text"}


def option(
    default: Any, *, help: str, low: float | None = None, high: float | None = None, choices: Sequence[str] | None = None
) -> Any:
    """A field of a parameter object.

    Parameters
    ----------
    default : int, float, bool, str or None
        None is allowed where the annotation allows it (``int | None``), and means "choose for me".
    help : str
        One line for the page: what the value does.
    low, high : float, optional
        Bounds, both inclusive.
    choices : sequence of str, optional
        The only values allowed.
    """
    allowed = tuple(choices) if choices else None
    return field(default=default, metadata={"help": help, "low": low, "high": high, "choices": allowed})


@dataclass(frozen=True)
class Options:
    """Base of parameter objects: checks itself when it is made."""

    title: ClassVar[str] = ""
    when: ClassVar[str] = ""

    def __post_init__(self) -> None:
        check(self)


def name_of(cls: type) -> str:
    """The name of a parameter object in the journal and on the wire: its class's name in lower case."""
    return cls.__name__.lower()


def check(obj: Any) -> None:
    """Check each value of a parameter object against its field, and store numbers of other libraries as plain ones.

    Raises
    ------
    SettingsError
        A value is of another type or out of its range; the message names value and bound.
    """
    for item in fields(obj):
        value = _checked(f"{type(obj).__name__}.{item.name}", getattr(obj, item.name), item, *_kind(type(obj), item.name))  # type: ignore[arg-type]
        object.__setattr__(obj, item.name, value)  # frozen for others; NumPy's numbers would not be JSON


def form(cls: type) -> dict[str, Any]:
    """A parameter object's class as JSON: what the page needs to draw it.

    Returns
    -------
    dict
        ``{name, title, when, fields: [{name, kind, default, low, high, choices, help, optional}]}`` where kind is
        ``int``, ``float``, ``bool``, ``choice`` or ``str``.
    """
    return {
        "name": name_of(cls),
        "title": getattr(cls, "title", "") or cls.__name__,
        "when": getattr(cls, "when", ""),
        "fields": [_field(cls, item) for item in fields(cls)],
    }


def to_dict(obj: Any) -> dict[str, Any]:
    """A parameter object as JSON: ``{"name": "kmeans", "k": 40}``."""
    return {"name": name_of(type(obj)), **{item.name: getattr(obj, item.name) for item in fields(obj)}}


def from_dict(registry: Mapping[str, type[T]], data: Mapping[str, Any]) -> T:
    """The parameter object that ``data`` describes; fields that are absent have their defaults.

    Parameters
    ----------
    registry : mapping of str to class
        The parameter objects allowed here, by name.
    data : mapping
        As :func:`to_dict` makes it.

    Raises
    ------
    SettingsError
        The name or a field is unknown, or a value is out of its range.
    """
    values = dict(data)
    name = values.pop("name", None)
    if not isinstance(name, str) or name not in registry:
        raise SettingsError(f"There is no setting {name!r}. There are: {', '.join(registry)}.")
    cls: Any = registry[name]
    known = [item.name for item in fields(cls)]
    if unknown := [key for key in values if key not in known]:
        raise SettingsError(f"{name} has no parameter {unknown[0]!r}. It has: {', '.join(known) or 'none'}.")
    made: T = cls(**values)
    return made


def _field(cls: type, item: Field[Any]) -> dict[str, Any]:
    kind, optional = _kind(cls, item.name)
    meta = item.metadata
    choices = meta.get("choices")
    return {
        "name": item.name,
        "kind": "choice" if choices else kind,
        "default": item.default,
        "low": meta.get("low"),
        "high": meta.get("high"),
        "choices": list(choices) if choices else None,
        "help": meta.get("help", ""),
        "optional": optional,
    }


@cache  # annotations are text until they are resolved, which takes 0.5 ms a field, and a round makes 15 of these objects
def _kind(cls: type, name: str) -> tuple[str, bool]:
    """``("int", True)`` for a field annotated ``int | None``; Literals of str count as ``str``."""
    hint = get_type_hints(cls)[name]
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType, Literal) else (hint,)
    types = {part if isinstance(part, type) else type(part) for part in parts}
    optional = NoneType in types
    (kind,) = {kind.__name__ for kind in types - {NoneType}}
    if kind not in _WORDS:
        raise TypeError(f"{cls.__name__}.{name} is annotated {hint}; a parameter is an int, a float, a bool or a str.")
    return kind, optional


def _checked(name: str, value: Any, item: Field[Any], kind: str, optional: bool) -> Any:
    if value is None and optional:
        return None
    plain = _plain(value, kind)
    if plain is None:
        raise SettingsError(f"{name} is {value!r}; it must be {_WORDS[kind]}{' or None' if optional else ''}.")
    low, high, choices = (item.metadata.get(key) for key in ("low", "high", "choices"))
    if choices and plain not in choices:
        raise SettingsError(f"{name} is {value!r}; it must be one of {', '.join(map(repr, choices))}.")
    if low is not None and plain < low:
        raise SettingsError(f"{name} is {plain}; it must be at least {low}.")
    if high is not None and plain > high:
        raise SettingsError(f"{name} is {plain}; it must be at most {high}.")
    return plain


def _plain(value: Any, kind: str) -> int | float | bool | str | None:
    """``value`` as the plain Python value of ``kind``, or None where it isn't one. True is no number here, and NaN neither."""
    if type(value).__name__ in ("bool", "bool_"):
        return bool(value) if kind == "bool" else None
    if kind == "int" and isinstance(value, numbers.Integral):
        return int(value)
    if kind == "float" and isinstance(value, numbers.Real) and math.isfinite(value):
        return float(value)
    if kind == "str" and isinstance(value, str):
        return str(value)
    return None
