"""Labels as numbers, and as their column writes them: 2, 2.0 and "2" are one label, whatever type a column or a person gives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus.frames import is_missing
from elute.corpus.rows import word
from elute.errors import InputError

NAMED = 10
"""Classes that a refusal names."""


def numbered_labels(values: Iterable[Any], n: int) -> tuple[NDArray[np.int32], list[Any]]:
    """The label of each of ``n`` rows by number, -1 where it is None; and the labels, as the first row of each has it.

    >>> numbered_labels([2, "1", None, 2.0, "2"], 5)
    (array([ 0,  1, -1,  0,  0], dtype=int32), [2, '1'])
    """
    at: dict[Any, int] = {}
    like: dict[str, int] = {}
    names: list[Any] = []

    def number(value: Any) -> int:
        if value not in at:
            code = at[value] = like.setdefault(word(value), len(names))
            if code == len(names):
                names.append(value)
        return at[value]

    return np.fromiter((-1 if value is None else number(value) for value in values), np.int32, n), names


class Spelling:
    """How a label column writes what a person says: the label that is equal or reads like it, where it has one; else as it was said.

    Parameters
    ----------
    names : sequence
        The labels of the column.
    classes : sequence of str
        Names of the classes that numbers stand for; none where numbers are labels themselves.

    Examples
    --------
    >>> spelled = Spelling([1.0, 2.0])
    >>> [spelled(label) for label in (2, "2", 3, " ", None)]
    ['2.0', '2.0', '3', None, None]
    >>> Spelling(["bad", "good"], ["bad", "good"])(1)
    'good'
    """

    def __init__(self, names: Sequence[Any], classes: Sequence[str] = ()) -> None:
        self._classes = classes
        self._equal: dict[Any, str] = {name: str(name) for name in names}
        self._alike = {word(name): str(name) for name in names}
        self._known: dict[tuple[type, Any], str | None] = {}

    def __call__(self, label: Any) -> str | None:
        """The label as text; None for what is missing or blank.

        Raises
        ------
        InputError
            It is a number that stands for none of the classes.
        """
        try:
            return self._known[type(label), label]
        except KeyError:
            found = self._known[type(label), label] = self._spelled(label)
            return found
        except TypeError:  # a list or the like: no label is one
            return str(label)

    def _spelled(self, label: Any) -> str | None:
        if is_missing(label) or not str(label).strip():
            return None
        if self._classes and isinstance(label, Real) and not isinstance(label, bool):
            return self._class(float(label))
        return self._equal.get(label) or self._alike.get(word(label)) or str(label)

    def _class(self, number: float) -> str | None:
        if number == -1:  # as datasets say that there is none
            return None
        if 0 <= number < len(self._classes) and number.is_integer():
            return self._classes[int(number)]
        told = ", ".join(f"{at} {name[:40]}" for at, name in enumerate(self._classes[:NAMED]))
        raise InputError(f"There is no class {number:g}: there are {told}{', ...' if len(self._classes) > NAMED else ''}.")
