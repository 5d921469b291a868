"""A table with the rows of another behind it: what a reference table is to the user's own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus.compose import position_of
from elute.corpus.frames import Frame, as_frame
from elute.corpus.rows import mask_of
from elute.errors import InputError


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

    @property
    def index(self) -> Any:
        return self._first.index

    def labels(self, position: int) -> list[Any]:
        return [*self._first.labels(position), *self._beside(position, labels=True)]

    def classes(self, position: int) -> list[str]:
        return self._first.classes(position)

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


def compared(frame: Frame, reference: Any) -> tuple[Frame | None, NDArray[np.bool_]]:
    """What ``reference=`` says: another table where it is one, and which rows of both, one after the other, are of reference."""
    n = len(frame)
    if reference is None:
        return None, np.zeros(n, bool)
    if isinstance(reference, str):
        values = frame.values(position_of(frame, reference))
        wrong = next((value for value in values if value is not None and value not in (0, 1)), None)
        if wrong is not None:
            raise InputError(f"reference={reference!r} names a column that holds {str(wrong)[:40]!r}: it takes True and False.")
        return None, np.fromiter(map(bool, values), bool, n)
    if (mask := mask_of(reference, frame.index)) is not None:
        if len(mask) != n:
            raise InputError(f"reference= has {len(mask):,} values; the table has {n:,} rows.")
        return None, mask
    beside = as_frame(reference)
    return beside, np.append(np.zeros(n, bool), np.ones(len(beside), bool))
