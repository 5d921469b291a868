"""Which rows a cluster ever had, dropped ones among them, and what their vectors are like on average."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from elute.rounds.round import OUTSIDE, Round
from elute.rounds.space import Space
from elute.vectors import group

WORK = 2e10
"""Multiplications up to which dropped rows of unknown clusters are compared with all centroids: half a second."""


class Members:
    """Follows the rounds as they are shown.

    A row that was dropped counts to the cluster it was in when it was in a round last, as long as most of that cluster's rows stay
    together. Where nobody saw that, after a restart or once the clusters are others, it counts to the nearest centroid; where the
    vectors are not there yet, no share is known.
    """

    def __init__(self, n: int) -> None:
        self._last = np.full(n, OUTSIDE, np.int32)
        self._seen: Round | None = None
        self._shares: tuple[Round, NDArray[np.bool_], dict[int, float]] | None = None
        self._means: tuple[NDArray[np.int32], Space, NDArray[np.int64], NDArray[np.float32]] | None = None

    def kept(self, made: Round, keep: NDArray[np.bool_], space: Space | None) -> Mapping[int, float]:
        """Share of each cluster's rows that stay; clusters are missing where it is not known."""
        if made.draft:
            return {}
        if self._shares is not None and self._shares[0] is made and self._shares[1] is keep:
            return self._shares[2]
        self._see(made)
        inside = made.labels > OUTSIDE
        of = np.where(inside, made.labels, self._last)
        gone = ~inside & ~keep
        lost = gone & (of == OUTSIDE) & (made.hashes != 0)
        if lost.any():
            near = self._nearest(made, lost, space)
            if near is None:
                return {}
            of[lost] = near
        of[~inside & keep] = OUTSIDE  # restored, and in no round yet
        width = int(of.max(initial=-1)) + 2
        ever = np.bincount(of[of > OUTSIDE] + 1, minlength=width)
        stay = np.bincount(of[(of > OUTSIDE) & keep] + 1, minlength=width)
        shares = {number - 1: float(stay[number] / ever[number]) for number in np.flatnonzero(ever).tolist()}
        self._shares = made, keep, shares
        return shares

    def means(self, made: Round, space: Space) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The clusters of a round without noise, and the mean vector of each, (k,) and (k, d)."""
        if self._means is None or self._means[0] is not made.labels or self._means[1] is not space:
            rows = np.flatnonzero((made.labels > OUTSIDE) & (space.of >= 0))
            labels = np.full(len(space.X), OUTSIDE, np.int32)
            labels[space.of[rows]] = made.labels[rows]
            groups = group(space.X, labels, np.bincount(space.of[rows], minlength=len(space.X)))
            means = (groups.sums / groups.sizes[:, None])[: groups.k].astype(np.float32)
            self._means = made.labels, space, groups.names[: groups.k], means
        return self._means[2], self._means[3]

    def _see(self, made: Round) -> None:
        if made is self._seen:
            return
        inside = made.labels > OUTSIDE
        labels, before = made.labels[inside], self._last[inside]
        width = int(max(labels.max(initial=-1), self._last.max(initial=-1))) + 2
        known = np.bincount(labels[before > OUTSIDE] + 1, minlength=width)
        stayed = np.bincount(labels[before == labels] + 1, minlength=width)
        others = (2 * stayed <= known) & (known > 0)  # numbers that are used for other rows now
        gone = np.flatnonzero(~inside & (self._last > OUTSIDE))
        self._last[gone[others[self._last[gone] + 1]]] = OUTSIDE
        self._last[inside] = labels
        self._seen = made

    def _nearest(self, made: Round, rows: NDArray[np.bool_], space: Space | None) -> NDArray[np.int64] | None:
        if space is None:
            return None
        names, means = self.means(made, space)
        vectors, back = np.unique(space.of[rows], return_inverse=True)
        if not len(names) or float(len(vectors)) * means.size > WORK or vectors[0] < 0:
            return None
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        unit = means / np.where(lengths > 0, lengths, 1)
        best = np.concatenate(
            [(space.X[part] @ unit.T).argmax(axis=1) for part in np.array_split(vectors, len(vectors) // 8192 + 1)]
        )
        return np.asarray(names[best][back])
