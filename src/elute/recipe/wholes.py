"""Which clusters a drop took whole: those are a rule, the other rows go by their content. And those that stand in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.recipe.clusters import REACH, Clusters, centre
from elute.rounds.space import Space

Mask = NDArray[np.bool_]
LEAST = 3
"""Rows of a cluster below which its loss is no rule: one or two rows have no centroid to speak of."""


@dataclass(frozen=True, eq=False)
class Gone:
    """A cluster that went: its centroid (d,) of unit length, radius (cosine distance), rows, number of the rule, name or ""."""

    centroid: NDArray[np.float32]
    radius: float
    size: int
    rule: int
    name: str = ""


def whole_clusters(labels: NDArray[np.int32], rows: Mask, before: Mask, now: Mask, holds: float) -> list[int]:
    """Clusters, and noise (-1), of which a drop took every row that was left, ascending.

    Parameters
    ----------
    labels : ndarray of shape (n,), int32
        Of the round that was looked at.
    rows, before : ndarray of shape (n,), bool
        What the drop took; what was kept before it.
    now : ndarray of shape (n,), bool
        What is kept in the end: a cluster of which more than ``1 - holds`` is back is no rule.
    """
    inside = labels >= -1
    here, took, back = (
        np.bincount(labels[one & inside] + 1, minlength=int(labels.max(initial=-1)) + 2) for one in (before, rows, now)
    )
    members = np.bincount(labels[inside] + 1, minlength=len(here))
    left = np.bincount(labels[before & ~rows & inside] + 1, minlength=len(here))
    whole = (took >= LEAST) & (left == 0) & (back <= (1 - holds) * members)
    return [int(at) - 1 for at in np.flatnonzero(whole)]


def caps_of(then: NDArray[np.int32], here: NDArray[np.int32], rows: Mask, keep: Mask) -> dict[int, float]:
    """Of the clusters that a decision on ``rows`` thinned, what each is now, and its size as a multiple of the median cluster.

    Parameters
    ----------
    then, here : ndarray of shape (n,), int32
        Labels of the round that was looked at, and of the last one.
    """
    named, counts = np.unique(here[(here >= 0) & keep], return_counts=True)
    found: dict[int, float] = {}
    for cluster in np.unique(then[rows & (then >= 0)]):
        rest = here[(then == cluster) & keep & (here >= 0)]
        if len(rest):
            today = int(np.bincount(rest).argmax())
            found[today] = float(counts[named == today][0]) / float(np.median(counts))
    return found


def standing(
    labels: NDArray[np.int32], keep: Mask, space: Space, gone: Sequence[Gone], names: Mapping[int, str], noise_rule: int
) -> tuple[Clusters, dict[int, str]]:
    """The clusters of the last round, of the rows that stay, and behind them those that went; with their names, where there are any.

    Parameters
    ----------
    labels : ndarray of shape (n,), int32
    keep : ndarray of shape (n,), bool
    names : mapping of int to str
        Of the last round's clusters.
    noise_rule : int
        The rule that drops noise; -1: none.
    """
    middles, radii, number, size = list[NDArray[np.float32]](), list[float](), list[int](), list[int]()
    for cluster in np.unique(labels[(labels >= 0) & keep]).tolist():
        rows = (labels == cluster) & keep & (space.of >= 0)
        if rows.any():
            middle, radius = centre(space.X[space.of[rows]], REACH)
            middles.append(middle)
            radii.append(radius)
            number.append(cluster)
            size.append(int(rows.sum()))
    kept, after = len(number), max(number, default=-1) + 1
    told = {at: name[:80] for at, name in names.items() if at in number}
    for at, one in enumerate(gone):
        middles.append(one.centroid)
        radii.append(one.radius)
        number.append(after + at)
        size.append(one.size)
        if one.name:
            told[after + at] = one.name[:80]
    if not number:
        return Clusters.none(space.X.shape[1]), {}
    noise = bool((labels == -1).any()) or noise_rule >= 0
    rule = np.concatenate([np.full(kept, -1), np.array([one.rule for one in gone], int)]).astype(np.int16)
    made = Clusters(
        np.stack(middles).astype(np.float32), np.array(radii, np.float32), rule < 0, np.array(number, np.int32),
        np.array(size, np.int64), rule, noise and kept > 0, noise_rule if kept else -1,
    )  # fmt: skip
    return made, told
