"""A recipe on a whole table in one process: what is per row, then what is across rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.alike import near_groups
from elute.corpus.frames import as_frame
from elute.decisions.proposals import fresh
from elute.recipe.across import survivors, thinned, with_groups
from elute.recipe.judged import STAYS, Judged
from elute.recipe.judging import judge

if TYPE_CHECKING:
    from elute.recipe.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Applied:
    """For each of n rows, in order.

    Attributes
    ----------
    keep : ndarray of shape (n,), bool
    reason : list of str, length n
        "" for a row that stays.
    cluster : ndarray of shape (n,), int32
        Noise -1, without a vector -2.
    score : ndarray of shape (n,), float32
        Cosine to the centroid of the cluster.
    learned : ndarray of shape (n,), float32
        Highest score of the learned filters.
    group : ndarray of shape (n,), int64
        Lowest row of the copies that a row is one of; -1 where there are none.
    counts : dict of str to int
        Rows that went, by reason.
    known : ndarray of shape (n,), bool
        Rows that the session had: its word counts.
    skipped : tuple of str
        What could not be done, a sentence each.
    data : table
        What came in, as it was then.
    """

    keep: NDArray[np.bool_]
    reason: list[str]
    cluster: NDArray[np.int32]
    score: NDArray[np.float32]
    learned: NDArray[np.float32]
    group: NDArray[np.int64]
    counts: Mapping[str, int]
    known: NDArray[np.bool_]
    skipped: tuple[str, ...]
    data: Any

    def __len__(self) -> int:
        return len(self.keep)

    def table(self) -> Any:
        """The table that came in, all of its rows, with ``keep``, ``reason``, ``cluster``, ``score`` and ``learned`` beside."""
        frame = as_frame(self.data)
        columns = {
            "keep": self.keep.tolist(),
            "reason": [word or None for word in self.reason],
            "cluster": self.cluster.tolist(),
            "score": _numbers(self.score),
            "learned": _numbers(self.learned),
        }
        return frame.extended(
            frame.take(np.ones(len(self), bool)), {fresh(name, frame.columns): values for name, values in columns.items()}
        )

    def clean(self) -> Any:
        """The rows that stay, in the kind of table that came in."""
        return as_frame(self.data).take(self.keep)

    def __str__(self) -> str:
        lines = [f"{int(self.keep.sum()):,} of {len(self):,} rows stay."]
        lines += [f"{count:,}: {why}" for why, count in self.counts.items()]
        return "\n".join([*lines, *self.skipped])

    def __repr__(self) -> str:
        return f"<elute.Applied: {int(self.keep.sum()):,} of {len(self):,} rows stay>"


def apply(recipe: Recipe, data: Any, columns: Mapping[str, str] | None, vectors: Any, on_missing: str) -> Applied:
    """See :meth:`elute.recipe.Recipe.apply`."""
    data = as_frame(data).data  # sorted in place later, its rows would be others than those that are judged
    judged = judge(recipe, data, vectors, columns, None, on_missing, cached=True)
    keep, reason, group = settled(recipe, judged)
    at, count = np.unique(reason[~keep], return_counts=True)
    order = np.argsort(-count, kind="stable")
    return Applied(
        keep, [recipe.reasons[one] for one in reason.tolist()], judged.cluster, judged.score, judged.learned, group,
        {recipe.reasons[int(at[one])]: int(count[one]) for one in order}, judged.settled, judged.skipped, data,
    )  # fmt: skip


def settled(recipe: Recipe, judged: Judged) -> tuple[NDArray[np.bool_], NDArray[np.int16], NDArray[np.int64]]:
    """What stays once rows stand beside one another: keep, reason and copies' groups, each (n,)."""
    n = len(judged)
    keep, reason, row = judged.keep.copy(), judged.reason.copy(), np.arange(n, dtype=np.int64)
    across, fixed = recipe.across, judged.settled
    copies = np.full(n, -1, np.int64)
    if across.groups:
        goes = with_groups(judged.group, ~keep, fixed & keep)
        reason[goes & keep & ~fixed] = recipe.because["group"]
        reason[~goes & ~fixed] = STAYS
        keep = np.where(fixed, keep, ~goes)
    if across.duplicates is not None:
        if across.duplicates.exact:
            goes = survivors(judged.same, row, fixed, keep)
            copies = _lowest(judged.same, keep, copies)
            _out(keep, reason, _whole(judged, goes, keep, across.groups), recipe.because["copy"])
        if across.duplicates.near:
            some = keep & (judged.same != 0)
            near = near_groups(judged.compared, judged.label, some, across.duplicates.costs)
            goes = survivors(near, row, fixed, keep)
            copies = _lowest(near, keep, copies)
            _out(keep, reason, _whole(judged, goes, keep, across.groups), recipe.because["near copy"])
    if across.balance is not None:
        strata, counts = np.unique(judged.stratum[keep & (judged.stratum != -1)], return_counts=True)
        caps = across.balance.caps(dict(zip(strata.tolist(), counts.tolist(), strict=True)))
        goes = thinned(judged.stratum, judged.rank, row, fixed, keep, caps)
        _out(keep, reason, _whole(judged, goes, keep, across.groups), recipe.because["balance"])
    return keep, reason, copies


def _whole(judged: Judged, goes: NDArray[np.bool_], keep: NDArray[np.bool_], groups: bool) -> NDArray[np.bool_]:
    """Of copies and of rows beyond a cap, where rows go by groups, those whose whole group goes."""
    if not groups:
        return goes
    rest = np.unique(judged.group[keep & ~goes & (judged.group != 0)])
    return np.asarray(goes & ~np.isin(judged.group, rest))


def _lowest(of: NDArray[np.uint64], here: NDArray[np.bool_], known: NDArray[np.int64]) -> NDArray[np.int64]:
    """The lowest row of each group of two or more, for its rows; others as they were."""
    rows = np.flatnonzero(here & (of != 0))
    _, first, back, count = np.unique(of[rows], return_index=True, return_inverse=True, return_counts=True)
    several = count[back] > 1
    found = known.copy()
    found[rows[several]] = rows[first[back]][several]
    return found


def _out(keep: NDArray[np.bool_], reason: NDArray[np.int16], goes: NDArray[np.bool_], place: int) -> None:
    reason[goes & keep] = place
    keep[goes] = False


def _numbers(values: NDArray[np.float32]) -> list[float | None]:
    return [None if value != value else round(value, 5) for value in values.tolist()]
