"""The person's own labels, turned into numbers once, so that a round only counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.vectors import Groups

CHUNK = 100_000  # values numbered at a time: pandas holds the interpreter for some 5 ms over these
DENSE = 1 << 22  # cells of a table of clusters by labels up to which it is counted in full


@dataclass(frozen=True, eq=False)
class Target:
    """Labels of the rows of a table.

    Attributes
    ----------
    codes : ndarray of shape (n,), int
        Position of each row's label in ``values``; -1 where it is missing.
    values : tuple
        The labels, in the order in which they are met.
    of : ndarray of shape (n,), int
        Which vector each row has; -1: takes no part.
    """

    codes: NDArray[np.int64]
    values: tuple[Any, ...]
    of: NDArray[np.int64]

    @classmethod
    def of_rows(cls, values: Any, of: NDArray[np.integer[Any]]) -> Target:
        """Number the labels.

        Parameters
        ----------
        values : array-like of shape (n,)
            Labels; None, NaN, NA and NaT are missing.
        of : ndarray of shape (n,), int

        Raises
        ------
        InputError
            Not one label a row.
        """
        import pandas as pd

        labels, of = np.asarray(values, dtype=object), np.asarray(of)
        if labels.shape != of.shape:
            raise InputError(f"There are {len(of)} rows and labels of shape {labels.shape}; one value a row is needed.")
        numbers: dict[Any, int] = {}
        codes = np.empty(len(labels), np.int64)
        for start in range(0, len(labels), CHUNK):
            found, met = pd.factorize(labels[start : start + CHUNK])
            table = np.array([numbers.setdefault(value, len(numbers)) for value in met] + [-1], np.int64)
            codes[start : start + CHUNK] = table[found]
        return cls(codes, tuple(numbers), of.astype(np.int64))

    def majority(self, groups: Groups) -> tuple[list[Any], NDArray[np.float64]]:
        """The most frequent label of each group, None where no row has one, and its share of the rows that have one, else NaN.

        Of labels that are as frequent, the one met first in the table.
        """
        rows = np.flatnonzero((self.of >= 0) & (self.codes >= 0))
        at, codes = groups.at[self.of[rows]], self.codes[rows]
        label, most, known = _largest(at[at >= 0], codes[at >= 0], len(groups.names), len(self.values))
        names = [self.values[code] if size else None for code, size in zip(label.tolist(), known.tolist(), strict=True)]
        return names, np.divide(most, known, out=np.full(len(most), np.nan), where=known > 0)

    def entropy(self, groups: Groups) -> NDArray[np.float64]:
        """Of each group: entropy of its labels over the logarithm of how many labels there are, 0 to 1; NaN where no row has one."""
        rows = np.flatnonzero((self.of >= 0) & (self.codes >= 0))
        at, codes = groups.at[self.of[rows]], self.codes[rows]
        c, values = len(groups.names), max(len(self.values), 1)
        _, first, counts = np.unique(
            at[at >= 0].astype(np.int64) * values + codes[at >= 0], return_index=True, return_counts=True
        )
        owner = at[at >= 0][first]
        known = np.bincount(owner, weights=counts, minlength=c)
        spread = np.bincount(owner, weights=counts * np.log(counts), minlength=c)
        nats = np.log(np.maximum(known, 1)) - spread / np.maximum(known, 1)
        return np.where(known > 0, np.clip(nats / np.log(max(values, 2)), 0.0, 1.0), np.nan)


def _largest(
    at: NDArray[np.integer[Any]], codes: NDArray[np.int64], groups: int, values: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of each group: the code that is there most often, how often it is, and how many codes there are."""
    if not groups or not values:
        nothing = np.zeros(groups, np.int64)
        return nothing, nothing, nothing
    key = at.astype(np.int64) * values + codes
    if groups * values <= DENSE:
        table = np.bincount(key, minlength=groups * values).reshape(groups, values)
        label = table.argmax(axis=1)
        return label, table[np.arange(groups), label], table.sum(axis=1)
    pairs, counts = np.unique(key, return_counts=True)
    order = np.lexsort((pairs, -counts, pairs // values))
    owner = (pairs // values)[order]
    first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]][: len(owner)])
    label, most = np.zeros(groups, np.int64), np.zeros(groups, np.int64)
    label[owner[first]], most[owner[first]] = (pairs % values)[order][first], counts[order][first]
    return label, most, np.bincount(at, minlength=groups)
