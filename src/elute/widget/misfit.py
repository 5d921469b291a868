"""Whether the parameters of a request are what the protocol says, and no more than a page would send."""

from __future__ import annotations

from math import isfinite

from elute.widget.requests import REQUESTS

_PY: dict[str, type | tuple[type, ...]] = {
    "int": int,
    "float": (int, float),
    "str": str,
    "bool": bool,
    "dict": dict,
    "list": list,
    "strings": list,
    "dicts": list,
}
_ITEMS: dict[str, type] = {"list": int, "strings": str, "dicts": dict}
_SAFE = 2**53
_DEEP, _LONG = 12, 500_000
"""Levels and values of an object of the page: a lasso's outline has thousands of numbers, one below the other five."""


def misfit(name: str, params: object) -> str:
    """Why ``params`` do not fit request ``name``; empty if they do.

    >>> misfit("text", {"row": 3})
    ''
    >>> misfit("text", {"row": "3"})
    'row must be int'
    """
    if not isinstance(params, dict):
        return "params must be an object"
    wanted = REQUESTS[name].params
    for key in params:
        if key not in wanted:
            return f"unknown parameter {key[:40]!r}"
    for key, kind in wanted.items():
        value, optional = params.get(key), kind.endswith("?")
        if value is None and optional:
            continue
        kind = kind.rstrip("?")
        if isinstance(value, bool) != (kind == "bool") or not isinstance(value, _PY[kind]):
            return f"{key} must be {kind}"
        if isinstance(value, float) and not isfinite(value):
            return f"{key} must be a finite number"
        if isinstance(value, (int, float)) and abs(value) > _SAFE:
            return f"{key} is out of range"
        item = _ITEMS.get(kind)
        if (
            item is not None
            and isinstance(value, list)
            and not all(isinstance(one, item) and not isinstance(one, bool) for one in value)
        ):
            return f"{key} must be {kind}"
        if isinstance(value, (dict, list)) and not _light(value, _DEEP, [_LONG]):
            return f"{key} is too long or too deep"
    return ""


def _light(value: object, deep: int, left: list[int]) -> bool:
    """Whether JSON holds no more than ``left`` values, none more than ``deep`` levels down."""
    left[0] -= 1
    if not isinstance(value, (dict, list)):
        return left[0] >= 0
    inside = value.values() if isinstance(value, dict) else value
    return left[0] >= 0 and deep > 0 and all(_light(one, deep - 1, left) for one in inside)
