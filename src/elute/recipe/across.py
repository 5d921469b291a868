"""What a recipe says of rows beside one another: groups, copies, balance. Pure functions of small arrays, for one process or many.

The order is: whole groups, exact copies, near copies, balance. Each sees the rows that the steps before it left. Rows that the session
knew (``settled``) never change, and come first where one of several stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import SettingsError

STRATA = ("cluster", "label")
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Duplicates:
    """Of rows that say the same one stays: the one with the lowest row id.

    Attributes
    ----------
    exact : bool
        Equal prepared texts: equal ``Judged.same``.
    costs : tuple of int
        Near copies too, whose edits cost one of these (:data:`elute.findings.duplicates.MAY_COST`); empty: none. Pairs that are near
        and of equal ``Judged.label`` are edges, groups are connected components.
    label : bool
        Only rows of the same label are copies.
    """

    exact: bool = True
    costs: tuple[int, ...] = ()
    label: bool = False

    @property
    def near(self) -> bool:
        """Whether near copies go too."""
        return bool(self.costs)


@dataclass(frozen=True)
class Balance:
    """No more than so many rows of a stratum.

    Attributes
    ----------
    by : {"cluster", "label"}
    times : float or None
        Cap as a multiple of the median stratum, counted in the data at hand.
    most : int or None
        Cap as a number of rows. With both, the lower; one of them is needed.
    only : tuple
        Clusters by number, or labels as the column has them, that are capped; empty: all.

    Raises
    ------
    SettingsError
        A value is out of its range.
    """

    by: str = "cluster"
    times: float | None = None
    most: int | None = None
    only: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.by, str) or self.by not in STRATA:
            raise SettingsError(f"by is {_said(self.by)}; it must be one of {', '.join(map(repr, STRATA))}.")
        if self.times is None and self.most is None:
            raise SettingsError("A balance needs a cap: times= the median, most= rows, or both.")
        if self.times is not None and not (_number(self.times, Real) and 0 < self.times < np.inf):
            raise SettingsError(f"times is {_said(self.times)}; it must be a number above 0.")
        if self.most is not None and not (_number(self.most, Integral) and self.most >= 1):
            raise SettingsError(f"most is {_said(self.most)}; it must be a whole number, at least 1.")
        if not isinstance(self.only, list | tuple):
            raise SettingsError(f"only is {_said(self.only)}; it must be a tuple of {self.by}s, such as ({_said(self.only)},).")

    def caps(self, counts: Mapping[int, int]) -> dict[int, int]:
        """Rows that may stay of each stratum that has more, from the counts of all kept rows (-1 not among them).

        >>> Balance(times=2).caps({0: 10, 1: 3, 2: 2})
        {0: 6}
        """
        full = {stratum: count for stratum, count in counts.items() if count and stratum != -1}
        if not full:
            return {}
        bounds = [] if self.most is None else [self.most]
        if self.times is not None:
            bounds.append(max(1, round(self.times * float(np.median(list(full.values()))))))
        cap = min(bounds)
        return {at: cap for at, count in sorted(full.items()) if count > cap and (not self.only or at in self.only)}


def _said(value: Any) -> str:
    return repr(value)[:60]


def _number(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool | np.bool_)


@dataclass(frozen=True)
class Across:
    """The steps that are not per row; None where there is none.

    Attributes
    ----------
    groups : bool
        A row that goes takes its group (``Judged.group``) with it, and a group that holds a settled row that stays, stays. Copies, and
        rows beyond a cap, go only where their whole group does.
    duplicates : Duplicates or None
    balance : Balance or None
    """

    groups: bool = False
    duplicates: Duplicates | None = None
    balance: Balance | None = None

    def __bool__(self) -> bool:
        return self.groups or self.duplicates is not None or self.balance is not None


def survivors(of: NDArray[np.uint64], row: NDArray[np.int64], settled: Mask, here: Mask) -> Mask:
    """Rows that go because another of their group stays, (m,) bool.

    Parameters
    ----------
    of : ndarray of shape (m,)
        Group of each row (``Judged.same``, or a number of a connected component); 0 is no group.
    row : ndarray of shape (m,)
        Row ids over the whole data: the lowest stays, settled rows before all others.
    settled : ndarray of shape (m,), bool
        These stay, several of a group too.
    here : ndarray of shape (m,), bool
        Rows that were kept so far; others are no one's survivor.
    """
    at = np.flatnonzero(here & (of != 0))
    order = at[np.lexsort((row[at], ~settled[at], of[at]))]
    goes = np.zeros(len(of), bool)
    goes[order[1:]] = of[order[1:]] == of[order[:-1]]
    return goes & ~settled


def copied(of: NDArray[np.uint64], goes: Mask, stays: Mask) -> Mask:
    """Rows that go and are equal to one that stays, (m,) bool; ``of`` as :func:`survivors` takes it."""
    return np.asarray(goes & (of != 0) & np.isin(of, of[stays]))


def thinned(stratum: NDArray[np.int64], rank: NDArray[np.uint64], row: NDArray[np.int64], settled: Mask, here: Mask,
            caps: Mapping[int, int]) -> Mask:  # fmt: skip
    """Rows beyond the cap of their stratum, (m,) bool: settled ones stay and count, then those of the smallest rank, then of row."""
    goes = np.zeros(len(stratum), bool)
    at = np.flatnonzero(here & np.isin(stratum, list(caps)))
    order = at[np.lexsort((row[at], rank[at], ~settled[at], stratum[at]))]
    if not len(order):
        return goes
    first = np.concatenate([[True], stratum[order][1:] != stratum[order][:-1]])
    start = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    cap = np.array([caps[int(one)] for one in stratum[order]])
    goes[order[np.arange(len(order)) - start >= cap]] = True
    return goes & ~settled


def with_groups(group: NDArray[np.uint64], goes: Mask, stays: Mask) -> Mask:
    """Rows that go once groups go whole, (m,) bool; a group with a row in ``stays`` stays whole, 0 is no group."""
    taken, held = np.unique(group[goes & (group != 0)]), np.unique(group[stays & (group != 0)])
    return np.asarray((goes & ~np.isin(group, held)) | (np.isin(group, taken) & ~np.isin(group, held)))
