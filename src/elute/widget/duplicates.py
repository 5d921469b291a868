"""Rows that say the same, in groups: read off the findings, or by how near their vectors are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from elute.alike import components
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress
from elute.rounds.space import LISTED, Part

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DuplicateGroups:
    """Groups of rows, the largest first.

    Attributes
    ----------
    groups : tuple of ndarray
        Rows of each; the first is the one that the others are compared with, and that would stay.
    spare : ndarray of shape (n,), bool
        All others.
    similarity : tuple of float or None
        The least cosine of a group to its first row, where vectors made it.
    """

    groups: tuple[Rows, ...]
    spare: Mask
    similarity: tuple[float | None, ...]

    @property
    def rows(self) -> int:
        """Rows in groups."""
        return sum(map(len, self.groups))


def near(findings: pd.DataFrame, keep: Mask) -> DuplicateGroups:
    """Exact and edit-checked copies with the row that each is a copy of; those under another label are not among them.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"copy": [0, 1, 0], "copy_of": [-1, 0, -1], "near_copy": [0, 0, 1], "near_copy_of": [-1, -1, 0],
    ...                       "conflict": [0, 0, 0]})
    >>> [group.tolist() for group in near(table, np.ones(3, bool)).groups]
    [[0, 1, 2]]
    """
    copy, is_near, conflict = (findings[name].to_numpy().astype(bool) for name in ("copy", "near_copy", "conflict"))
    of = np.where(is_near, findings["near_copy_of"].to_numpy(), np.where(copy, findings["copy_of"].to_numpy(), -1))
    spare = keep & (copy | is_near) & ~conflict & (of >= 0)
    of = of.astype(np.int64)
    spare &= keep[np.maximum(of, 0)]
    return _of_first(np.flatnonzero(spare), of[spare], len(keep))


def conflicts(findings: pd.DataFrame, keep: Mask) -> DuplicateGroups:
    """Copies, exact or near, that bear different labels: every row that is linked with another one."""
    n = len(keep)
    of = findings["conflict_of"].to_numpy() if "conflict_of" in findings else np.full(n, -1)
    rows = np.flatnonzero(keep & findings["conflict"].to_numpy().astype(bool) & (of >= 0))
    rows = rows[keep[of[rows]]]
    there, first = (each.astype(np.int64) for each in components(rows.astype(np.uint64), of[rows].astype(np.uint64)))
    others = there != first
    return _of_first(there[others], first[others], n)


def in_meaning(part: Part, least: float, progress: Progress = SILENT) -> DuplicateGroups:
    """Rows whose vectors have a cosine of at least ``least`` with that of the group's first row, not by way of others.

    The vector with most others around it comes first, as in sentence-transformers' ``community_detection``; equal vectors are one.
    """
    near_by = part.graph(LISTED, progress)
    progress.check()
    owner, cosine = stars(near_by, least, part.weights[part.alive])
    at = part.at if part.alive.all() else (np.cumsum(part.alive) - 1)[part.at]
    head = owner[at]
    # of the rows of the first vector, the first row stands for the group
    lead = np.full(len(owner), -1, np.int64)
    own = head == at
    lead[at[own][::-1]] = part.rows[own][::-1]
    chosen = (head >= 0) & (lead[np.maximum(head, 0)] != part.rows)
    rows, first = part.rows[chosen], lead[head[chosen]]
    made = _of_first(rows, first, part.space.n)
    alike = np.ones(part.space.n, np.float32)
    alike[part.rows] = cosine[at]
    return DuplicateGroups(made.groups, made.spare, tuple(float(alike[group].min()) for group in made.groups))


def stars(neighbors: Neighbors, least: float, weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(p,) the vector that leads the group of each, -1 where it is in none; and the cosine to it.

    A vector that stands for several rows leads itself, if nothing is near.
    """
    close = neighbors.distances <= 1 - least
    degree = close.sum(axis=1)
    owner = np.full(neighbors.n, -1, np.int64)
    cosine = np.ones(neighbors.n, np.float32)
    for lead in np.argsort(-degree, kind="stable")[: int((degree > 0).sum())].tolist():
        if owner[lead] >= 0:
            continue
        few = degree[lead]
        around = neighbors.indices[lead, :few]
        free = owner[around] < 0
        if free.any():
            owner[lead] = lead
            owner[around[free]] = lead
            cosine[around[free]] = 1 - neighbors.distances[lead, :few][free]
    alone = (owner < 0) & (weights > 1)
    owner[alone] = np.flatnonzero(alone)
    return owner, cosine


def _of_first(rows: Rows, first: Rows, n: int) -> DuplicateGroups:
    """Groups off the first row that each other row belongs to; ``rows`` ascending."""
    spare = np.zeros(n, bool)
    spare[rows] = True
    order = np.argsort(first, kind="stable")
    heads, starts = np.unique(first[order], return_index=True)
    parts = np.split(rows[order], starts[1:]) if len(heads) else []
    groups = [np.concatenate([[head], others]).astype(np.int64) for head, others in zip(heads.tolist(), parts, strict=True)]
    groups.sort(key=len, reverse=True)
    return DuplicateGroups(tuple(groups), spare, (None,) * len(groups))
