"""Values as JSON takes them, for the journal and the wire; counts as a sentence takes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """As JSON takes it: NumPy numbers as Python's, NaN and infinity as None (JSON has none, and "nan" would arrive as text).

    A lone surrogate, which no message can carry, becomes a question mark.
    """
    if type(value) is int or type(value) is bool or value is None:  # most of what a list of rows holds: no long questions
        return value
    if type(value) is not str and isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist") and not isinstance(value, (str, bytes)):
        value = value.tolist()
        if isinstance(value, list):  # an array, of one value as of many
            return plain(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value


def many(count: int, one: str = "row", more: str = "") -> str:
    """A count with its noun.

    >>> many(1), many(2100), many(2, "copy", "copies")
    ('1 row', '2,100 rows', '2 copies')
    """
    return f"{count:,} {one if count == 1 else more or one + 's'}"
