"""Whether a record says what its kind has to say. A line of the journal may have a good checksum and come from other hands."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Told(Protocol):
    """What is read of a decision."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def ids(self) -> NDArray[np.uint64]: ...
    @property
    def reason(self) -> str: ...
    @property
    def source(self) -> Mapping[str, Any]: ...
    @property
    def round(self) -> int: ...
    @property
    def time(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def sound(record: Told) -> bool:
    """Whether a record can be read as one of its kind; of a kind that is not known any can."""
    fields: tuple[Any, ...] = (record.id, record.kind, record.reason, record.time)
    if not all(isinstance(field, str) for field in fields) or not record.id:
        return False
    if isinstance(record.round, bool) or not isinstance(record.round, int):
        return False
    if not isinstance(record.data, Mapping) or not isinstance(record.source, Mapping):
        return False
    batch = record.data.get("batch", "")
    wanted = _WANTED.get(record.kind)
    return isinstance(batch, str) and (wanted is None or wanted(record))


def _has(key: str, kind: type) -> Callable[[Told], bool]:
    return lambda record: isinstance(record.data.get(key), kind)


def _labels(record: Told) -> bool:
    labels: Any = record.data.get("labels")
    text: Any = record.data.get("codes", "")
    if not isinstance(labels, list) or not labels or not all(label is None or isinstance(label, str) for label in labels):
        return False
    if not text:
        return True
    try:
        codes = np.frombuffer(zlib.decompress(base64.b64decode(text)), "<u4")
    except (ValueError, TypeError, zlib.error):
        return False
    return len(codes) == len(record.ids) and bool((codes < len(labels)).all())


_WANTED: dict[str, Callable[[Told], bool]] = {
    "open": _has("settings", dict),
    "selection": _has("name", str),
    "consent": _has("provider", str),
    "withdraw": _has("provider", str),
    "rename": _has("name", str),
    "relabel": _labels,
}
