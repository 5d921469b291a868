"""Rows that say the same, in groups: read off the findings, or by how near their vectors are; and, as suggestions say, which may go."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from elute.alike import components
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress
from elute.rounds.space import LISTED, Part
from elute.suggest.copies import exact, near, nothing_lost
from elute.suggest.rows import Mask, Rows

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DuplicateGroups:
    """Groups of rows, the largest first.

    Attributes
    ----------
    groups : tuple of ndarray
        Rows of each; the first is the one that the others are compared with, and that would stay.
    spare : ndarray of shape (n,), bool
        Those others that may go.
    left : int
        Others under the label of their first row that may not: they were decided on, or are in a group with rows that stay.
    similarity : tuple of float or None
        The least cosine of a group to its first row, where vectors made it.
    """

    groups: tuple[Places, ...]
    spare: Mask
    similarity: tuple[float | None, ...]
    left: int = 0

    @property
    def rows(self) -> int:
        """Rows in groups."""
        return sum(map(len, self.groups))


def near_copies(rows: Rows) -> DuplicateGroups:
    """Exact and edit-checked copies with the row that stays, under one label; those without a label are shown with the others."""
    _, spare, leads = exact(rows)
    _, spare_too, of = near(rows)
    # a near copy that has copies of its own brings them along
    now, at = rows.labels_now, np.maximum(of, 0)
    linked = rows.flag("near_copy") & (of >= 0) & rows.here[at] & ((now == now[at]) | (now < 0))
    first = leads[np.where(linked[leads], of[leads], leads)]
    root = rows.number("copy_of", -1).astype(np.int64)
    blank = np.flatnonzero(rows.flag("copy") & rows.here[root] & (now < 0))
    first[blank] = first[root[blank]]
    others = np.flatnonzero(rows.here & rows.own & (first != np.arange(len(first))))
    return _told(_of_first(others, first[others], len(first)), first, rows, spare | spare_too)


def conflicts(rows: Rows) -> DuplicateGroups:
    """Copies, exact or near, that bear different labels in force: every row that is linked with another one."""
    of = rows.conflict_of
    at = np.flatnonzero(of >= 0)
    there, first = (each.astype(np.int64) for each in components(at.astype(np.uint64), of[at].astype(np.uint64)))
    others = there != first
    return _of_first(there[others], first[others], len(of))


def free_in_meaning(found: DuplicateGroups, rows: Rows) -> DuplicateGroups:
    """Groups near in meaning with what of them may go: what bears another label than the first is there to be read, not to go."""
    first = np.arange(len(found.spare))
    for group in found.groups:
        first[group] = group[0]
    return _told(found, first, rows, nothing_lost(rows, found.spare & rows.free & _alike(rows, first), first))


def _told(found: DuplicateGroups, first: Places, rows: Rows, spare: Mask) -> DuplicateGroups:
    spare = rows.by_groups(spare & found.spare)
    return replace(found, spare=spare, left=int((found.spare & rows.own & ~spare & _alike(rows, first)).sum()))


def _alike(rows: Rows, first: Places) -> Mask:
    return np.asarray(rows.labels_now == rows.labels_now[first])


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
    return replace(made, similarity=tuple(float(alike[group].min()) for group in made.groups))


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


def _of_first(rows: Places, first: Places, n: int) -> DuplicateGroups:
    """Groups off the first row that each other row belongs to; ``rows`` ascending."""
    spare = np.zeros(n, bool)
    spare[rows] = True
    order = np.argsort(first, kind="stable")
    heads, starts = np.unique(first[order], return_index=True)
    parts = np.split(rows[order], starts[1:]) if len(heads) else []
    groups = [np.concatenate([[head], others]).astype(np.int64) for head, others in zip(heads.tolist(), parts, strict=True)]
    groups.sort(key=len, reverse=True)
    return DuplicateGroups(tuple(groups), spare, (None,) * len(groups))
