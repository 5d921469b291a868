"""Rows dealt out to cells around centres, each cell visited by the rows that are near it: most neighbours meet there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared
from elute.neighbors.exact import BLOCK
from elute.neighbors.lists import Lists
from elute.progress import SILENT, Progress

VISITS = 24  # cells that a row visits. Recall at 50,000 texts, before refining: .943 with 8, .971 with 16, .981 with 24
SAMPLE = 16  # rows a centre, of which the centres are the means
ROUNDS = 3  # of K-means: centres need not be good, only spread as the rows are
DEALT = 1 << 17  # rows dealt out between two ears for a cancel


@dataclass(frozen=True, eq=False)
class Cells:
    """Where the rows live.

    Attributes
    ----------
    centres : ndarray of shape (n, d), float32
        What each cell lies around.
    homes : ndarray of shape (m,), int32
        The rows, cell by cell.
    edges : ndarray of shape (n + 1,), int64
        Where in ``homes`` each cell begins.
    """

    centres: NDArray[np.float32]
    homes: NDArray[np.int32]
    edges: NDArray[np.int64]

    @property
    def n(self) -> int:
        """How many cells."""
        return len(self.centres)

    def near(
        self, X: NDArray[np.float32], rows: NDArray[np.int32], alive: NDArray[np.bool_], progress: Progress = SILENT
    ) -> NDArray[np.int32]:
        """The nearest cells of some rows of ``X``, of those in which anyone lives: (r, v) int32."""
        lived_in = np.add.reduceat(np.append(alive[self.homes], False), self.edges[:-1], dtype=np.int64) > 0
        lived_in &= np.diff(self.edges) > 0  # of an empty cell the sum is the next row's
        return _nearest(X, rows, self.centres, min(VISITS, int(lived_in.sum())), lived_in, progress)

    def grown(self, X: NDArray[np.float32], progress: Progress = SILENT) -> Cells:
        """The same cells, with the rows of ``X`` beyond those that live in them now."""
        every, anyone = np.arange(len(X), dtype=np.int32), np.ones(self.n, dtype=bool)
        home = np.empty((len(X), 1), dtype=np.int32)
        home[self.homes, 0] = np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.edges))
        home[len(self.homes) :] = _nearest(X, every[len(self.homes) :], self.centres, 1, anyone, progress)
        return Cells(self.centres, *_dealt(home, self.n, progress))


def settled_cells(X: NDArray[np.float32], seed: int = 0, progress: Progress = SILENT) -> tuple[Cells, NDArray[np.int32]]:
    """Cells over ``X`` (m, d), and which each row visits (m, v), nearest first: a row lives in its nearest.

    There are about as many as make finding the near cells the same work as visiting them.
    """
    n = min(len(X), int(np.sqrt(6 * len(X))))
    centres = _centres(X, n, seed, progress)
    every = np.arange(len(X), dtype=np.int32)
    near = _nearest(X, every, centres, min(VISITS, n), np.ones(n, dtype=bool), progress)
    homes, edges = _dealt(np.ascontiguousarray(near[:, :1]), n, progress)
    return Cells(centres, homes, edges), near


def meet(X: NDArray[np.float32], cells: Cells, near: NDArray[np.int32], lists: Lists, progress: Progress = SILENT) -> None:
    """Every row meets all that live in the cells ``near`` (m, v) it; both remember whom they met."""
    from elute.neighbors._kernels import keep_columns, keep_rows

    best, who = lists.best, lists.who
    allowed = np.ones(len(X), dtype=bool)
    guests, edges = _dealt(near, cells.n, progress)
    for cell in range(cells.n):
        home = cells.homes[cells.edges[cell] : cells.edges[cell + 1]]
        for left in range(0, len(home), BLOCK):
            columns = home[left : left + BLOCK]
            block = X[columns]
            for top in range(edges[cell], edges[cell + 1], BLOCK):
                progress.report("neighbours", int(cells.edges[cell]), len(X))
                rows = guests[top : min(top + BLOCK, edges[cell + 1])]
                S = X[rows] @ block.T
                shared(len(rows), lambda a, b, S=S, r=rows, c=columns: keep_rows(S, a, b, r, r, c, allowed, best, who), 64)  # type: ignore[misc]
                shared(len(columns), lambda a, b, S=S, r=rows, c=columns: keep_columns(S, a, b, r, c, best, who), 32)  # type: ignore[misc]


def visit(
    X: NDArray[np.float32], cells: Cells, rows: NDArray[np.int32], alive: NDArray[np.bool_], k: int, progress: Progress = SILENT
) -> Lists:
    """Some rows of ``X`` (r,) meet the living in the cells near them: their lists, which may stay short."""
    lists = Lists(len(rows), k)
    guests, edges = _dealt(cells.near(X, rows, alive, progress), cells.n, progress)
    for cell in np.flatnonzero(np.diff(edges)).tolist():
        home = cells.homes[cells.edges[cell] : cells.edges[cell + 1]]
        columns = home[alive[home]]
        for top in range(edges[cell], edges[cell + 1], BLOCK):
            progress.report("neighbours", int(edges[cell]) // VISITS, len(rows))
            slots = guests[top : min(top + BLOCK, edges[cell + 1])]
            for left in range(0, len(columns), BLOCK):
                _look(X, slots, rows[slots], columns[left : left + BLOCK], alive, lists)
    return lists


def _look(
    X: NDArray[np.float32],
    slots: NDArray[np.int32],
    rows: NDArray[np.int32],
    columns: NDArray[np.int32],
    alive: NDArray[np.bool_],
    lists: Lists,
) -> None:
    """Rows meet columns, and only the rows remember it."""
    from elute.neighbors._kernels import keep_rows

    S = X[rows] @ X[columns].T
    shared(len(rows), lambda a, b: keep_rows(S, a, b, slots, rows, columns, alive, lists.best, lists.who), 64)


def _dealt(near: NDArray[np.int32], n: int, progress: Progress) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Who is in each of ``n`` cells, cell by cell, and where each cell begins, of the cells ``near`` (m, v) that each is in."""
    from elute.neighbors._kernels import deal

    edges = np.zeros(n + 1, dtype=np.int64)
    for column in range(near.shape[1]):  # one count of all would hold the GIL for too long
        edges[1:] += np.bincount(near[:, column], minlength=n)
    np.cumsum(edges, out=edges)
    rows, ends = np.empty(near.size, dtype=np.int32), edges[:-1].copy()
    for start in range(0, len(near), DEALT):
        progress.check()
        deal(near, start, min(start + DEALT, len(near)), ends, rows)
    return rows, edges


def _centres(X: NDArray[np.float32], n: int, seed: int, progress: Progress) -> NDArray[np.float32]:
    """``n`` directions that a sample of the rows gathers around: a few rounds of K-means on the sphere."""
    rng = np.random.default_rng(seed)
    sample = X[np.sort(rng.choice(len(X), min(len(X), SAMPLE * n), replace=False))]
    every, anyone = np.arange(len(sample), dtype=np.int32), np.ones(n, dtype=bool)
    centres = sample[np.sort(rng.choice(len(sample), n, replace=False))]
    for _ in range(ROUNDS):
        home, edges = _dealt(_nearest(sample, every, centres, 1, anyone, progress), n, progress)
        for cell in np.flatnonzero(np.diff(edges)).tolist():  # reduceat would hold the GIL for 90 ms at 1M
            total = sample[home[edges[cell] : edges[cell + 1]]].sum(axis=0)
            norm = float(np.linalg.norm(total))
            centres[cell] = total / norm if norm > 0 else 0
    return centres


def _nearest(
    X: NDArray[np.float32],
    rows: NDArray[np.int32],
    centres: NDArray[np.float32],
    k: int,
    allowed: NDArray[np.bool_],
    progress: Progress,
) -> NDArray[np.int32]:
    """The ``k`` nearest allowed centres of some rows, nearest first: (r, k)."""
    from elute.neighbors._kernels import keep_rows

    lists = Lists(len(rows), k)
    slots, nobody = np.arange(len(rows), dtype=np.int32), np.full(len(rows), -1, dtype=np.int32)
    for top in range(0, len(rows), BLOCK):
        mine, names, Q = slots[top : top + BLOCK], nobody[top : top + BLOCK], X[rows[top : top + BLOCK]]
        for left in range(0, len(centres), BLOCK):
            progress.check()
            S = Q @ centres[left : left + BLOCK].T
            columns = np.arange(left, min(left + BLOCK, len(centres)), dtype=np.int32)
            shared(
                len(mine),
                lambda a, b, S=S, m=mine, n=names, c=columns: keep_rows(S, a, b, m, n, c, allowed, lists.best, lists.who),  # type: ignore[misc]
                64,
            )
    return lists.who
