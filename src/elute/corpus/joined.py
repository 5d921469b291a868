"""A table with the rows of another behind it: what a reference table is to the user's own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus.frames import Frame


class Joined(Frame):
    """The user's table and behind it the rows of another: its values where it has a column of that name, else None.

    What is taken is of the user's table alone.
    """

    def __init__(self, first: Frame, second: Frame) -> None:
        super().__init__(first.data, first.columns)
        self.kind = first.kind
        self._first, self._second = first, second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def labels(self, position: int) -> list[Any]:
        return [*self._first.labels(position), *self._beside(position, labels=True)]

    def records(self, where: NDArray[np.bool_]) -> list[dict[str, Any]]:
        n = len(self._first)
        return [*self._first.records(where[:n]), *self._second.records(where[n:])]

    def changed(self) -> str:
        return self._first.changed() or self._second.changed()

    def holds_text(self, position: int) -> bool:
        return self._first.holds_text(position)

    def take(self, keep: NDArray[np.bool_]) -> Any:
        return self._first.take(keep[: len(self._first)])

    def extended(self, taken: Any, columns: dict[str, list[Any]]) -> Any:
        return self._first.extended(taken, columns)

    def _values(self, position: int) -> list[Any]:
        return [*self._first.values(position), *self._beside(position)]

    def _beside(self, position: int, labels: bool = False) -> list[Any]:
        name, second = self.columns[position], self._second
        if second.columns.count(name) != 1:
            return [None] * len(second)
        at = second.columns.index(name)
        return second.labels(at) if labels else second.values(at)
