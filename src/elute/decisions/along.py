"""Which rows a drop was asked for: those that went only with their group say nothing about what is not wanted."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class Told(Protocol):
    """What is read of a decision."""

    @property
    def ids(self) -> NDArray[np.uint64]: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def noted(along: Mask) -> dict[str, str]:
    """A bit for each row of a record, in the order of its ids, as JSON takes it; nothing where every row was asked for.

    >>> noted(np.zeros(3, bool))
    {}
    """
    return {"along": base64.b64encode(zlib.compress(np.packbits(along).tobytes())).decode()} if along.any() else {}


def asked(drop: Told) -> NDArray[np.uint64]:
    """Ids of the rows that a drop was asked for: all, where it does not say, as earlier versions did not."""
    count, text = len(drop.ids), drop.data.get("along", "")
    try:
        bits = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8) if text else np.empty(0, np.uint8)
    except (ValueError, TypeError, zlib.error):  # a journal of other hands
        return drop.ids
    return drop.ids if len(bits) != (count + 7) // 8 else drop.ids[np.unpackbits(bits, count=count) == 0]


def without(drop: Told, rows: NDArray[np.uint64]) -> dict[str, Any]:
    """``ids`` and ``data`` of a drop that takes none of these rows, by their ids; the others went for what they went for."""
    stay = ~np.isin(drop.ids, rows)
    along = ~np.isin(drop.ids, asked(drop))[stay]
    return {"ids": drop.ids[stay], "data": {key: told for key, told in drop.data.items() if key != "along"} | noted(along)}
