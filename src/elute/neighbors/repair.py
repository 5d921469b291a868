"""A graph that is built once over all rows, and repaired for whichever of them live."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError, SettingsError
from elute.kernels import shared
from elute.neighbors.build import Base, added, asked, built
from elute.neighbors.exact import query
from elute.neighbors.graph import Neighbors
from elute.progress import SILENT, Progress

WIDE_BYTES = 64 << 20  # wider lists than asked for at first are kept up to here, whatever the vectors take
LEVELS = 32  # remembered repairs: an undo finds the lists of the round before; at 50,000 rows each holds some 200 kB


@dataclass(frozen=True, eq=False)
class Level:
    """Lists asked for anew when only the rows ``alive`` (m,) lived: right for every subset of those.

    ``rows`` (r,) int32 are whose lists they are; ``lists`` count positions in all m rows.
    """

    alive: NDArray[np.bool_]
    rows: NDArray[np.int32]
    lists: Neighbors

    def covers(self, alive: NDArray[np.bool_]) -> bool:
        """Is no row alive that was not when the lists were made?"""
        return not (alive & ~self.alive).any()


class NeighborGraph:
    """The nearest neighbours among the living rows of fixed vectors, however often rows are removed and come back.

    More neighbours of each row are kept than are asked for, over all rows, dead or alive. After a removal the first ``k`` that
    live are read off. Only rows left with fewer are asked for again, exactly, and their new lists are remembered for as long as
    no row comes back that they did not see. So no answer depends on what was asked before.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32
        Vectors of unit norm, or zero; never written to, and not copied.
    keep : int, default=30
        Neighbours kept of each row: 8 bytes each. Twice the 15 that most steps need leaves 1.5 % of the rows to be asked for
        again after four whole clusters, 20 % of 50,000 rows, were removed.
    seed : int, default=0
        Used beyond the size for which the graph is exact.
    """

    def __init__(self, X: NDArray[np.float32], keep: int = 30, seed: int = 0) -> None:
        if keep < 1:
            raise SettingsError(f"keep is {keep}; at least 1 neighbour is needed.")
        self.X = np.ascontiguousarray(X, dtype=np.float32)
        self.keep = keep
        self.seed = seed
        self._lock = RLock()
        self._base: Base | None = None
        self._levels: list[Level] = []
        self._last: tuple[NDArray[np.bool_], int, Neighbors] | None = None

    @property
    def built(self) -> bool:
        """Are the lists there?"""
        return self._base is not None

    @property
    def recall(self) -> float:
        """Share of the true 15 nearest neighbours that the lists hold: 1 where exact, else measured. 1 before it is built."""
        return self._base.lists.recall if self._base is not None else 1.0

    @property
    def note(self) -> str:
        """One sentence for the round's notes where the graph is approximate, else nothing."""
        if self.recall == 1.0:
            return ""
        return f"Nearest neighbours are approximate at {len(self.X):,} vectors: {self.recall:.1%} of the true 15 were found."

    def build(self, progress: Progress = SILENT) -> None:
        """Build the lists, unless they are there. A second caller waits for the first."""
        with self._held(progress):
            self._lists(1, progress)

    def grown(self, X: NDArray[np.float32], progress: Progress = SILENT) -> NeighborGraph:
        """The graph over more vectors, of which these are the first: without a rebuild, unless a third or more is new.

        An edited text is a new row, whose old one is no longer alive.

        Parameters
        ----------
        X : ndarray of shape (more, d), float32
            The first m rows are the vectors that this graph is over.

        Raises
        ------
        InputError
            There are fewer rows than before.
        """
        m = len(self.X)
        if len(X) < m:
            raise InputError(
                f"The graph is over {m} rows, and {len(X)} were given; rows can only be added. Mark rows as not alive."
            )
        more = NeighborGraph(X, self.keep, self.seed)
        with self._held(progress):
            if self._base is not None and m and 3 * (len(X) - m) < len(X):
                more._base = added(more.X, self._base, max(self.keep, self._base.lists.k), progress)
        return more

    def among(self, alive: NDArray[np.bool_], k: int = 15, progress: Progress = SILENT) -> Neighbors:
        """The ``k`` nearest living rows of each living row; positions count living rows only.

        Parameters
        ----------
        alive : ndarray of shape (m,), bool
        k : int, default=15
            At least 1; clipped to one less than the living rows.

        Raises
        ------
        SettingsError
            k is below 1.
        InputError
            The mask has another length or type.
        """
        self._check(alive, k)
        with self._held(progress):
            if self._last is not None and self._last[1] == k and np.array_equal(self._last[0], alive):
                return self._last[2]
            rows = np.flatnonzero(alive).astype(np.int32)
            width = max(min(k, len(rows) - 1), 0)
            place = np.cumsum(alive, dtype=np.int32) - np.int32(1)
            answer = self._answer(rows, alive, width, place, progress)
            self._last = (alive.copy(), k, answer)
            return answer

    def around(
        self, rows: NDArray[np.int32], alive: NDArray[np.bool_], k: int = 15, progress: Progress = SILENT
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The ``k`` nearest living rows of any rows, dead or alive, other than the row itself.

        Parameters
        ----------
        rows : ndarray of shape (r,), int
            Positions in all m rows.
        alive : ndarray of shape (m,), bool
        k : int, default=15
            Clipped to what there is.

        Returns
        -------
        indices : ndarray of shape (r, k), int32
            Positions in all m rows, nearest first.
        distances : ndarray of shape (r, k), float32
        """
        self._check(alive, k)
        unlike, back = np.unique(np.asarray(rows, dtype=np.int32), return_inverse=True)
        if len(unlike) and not 0 <= unlike[0] <= unlike[-1] < len(self.X):
            raise InputError(f"Rows {unlike[0]} to {unlike[-1]} were asked for; there are rows 0 to {len(self.X) - 1}.")
        width = max(min(k, int(alive.sum()) - bool(alive[unlike].any())), 0)
        with self._held(progress):
            answer = self._answer(unlike, alive, width, np.arange(len(self.X), dtype=np.int32), progress)
        return answer.indices[back], answer.distances[back]

    def share(self, marked: NDArray[np.bool_], k: int = 15, progress: Progress = SILENT) -> NDArray[np.float32]:
        """Share of each row's ``k`` nearest, among all m rows, that are marked: which rows lie among the dropped ones.

        Returns
        -------
        ndarray of shape (m,), float32
            0 to 1; 0 where there is one row only.
        """
        self._check(marked, k)
        with self._held(progress):  # read off the base: asked of `among`, all rows alive would end every remembered repair
            base = self._lists(min(k, self.keep), progress).lists
        counted = np.zeros(base.n, dtype=np.float32)
        entries = min(k, base.k)
        for entry in range(entries):
            counted += marked[base.indices[:, entry]]
        return counted / np.float32(max(entries, 1))

    def whole(self, k: int = 15, progress: Progress = SILENT) -> Neighbors:
        """The ``k`` nearest of each row among all m rows, dead or alive: read off the lists that are there, and no repair ends."""
        with self._held(progress):
            return self._lists(min(k, self.keep), progress).lists.first(k)

    def _answer(
        self, rows: NDArray[np.int32], alive: NDArray[np.bool_], k: int, place: NDArray[np.int32], progress: Progress
    ) -> Neighbors:
        """Lists of ``k`` for ``rows`` (r,), ascending: off the base, then off each repair since, then asked for anew."""
        indices = np.empty((len(rows), k), dtype=np.int32)
        distances = np.empty((len(rows), k), dtype=np.float32)
        if not k or not len(rows):
            return Neighbors(indices, distances)
        if not self._fits(k):
            return self._once(rows, alive, k, place, progress)
        base = self._lists(k, progress).lists
        found = np.zeros(len(rows), dtype=np.int32)

        def read(lists: Neighbors, source: NDArray[np.int32], target: NDArray[np.int32]) -> None:
            from elute.neighbors._kernels import first_alive

            ids, far = lists.indices, lists.distances
            shared(len(source), lambda a, b: first_alive(ids, far, a, b, source, target, alive, place, indices, distances, found))

        read(base, rows, np.arange(len(rows), dtype=np.int32))
        while self._levels and not self._levels[-1].covers(alive):
            self._levels.pop()
        for level in self._levels:
            short = np.flatnonzero(found < k).astype(np.int32)
            source = np.searchsorted(level.rows, rows[short]).astype(np.int32)
            known = level.rows[np.minimum(source, len(level.rows) - 1)] == rows[short]
            read(level.lists, source[known], short[known])
        short = np.flatnonzero(found < k).astype(np.int32)
        if len(short):
            level = self._fresh(rows[short], alive, k, progress)
            read(level.lists, np.searchsorted(level.rows, rows[short]).astype(np.int32), short)
        return Neighbors(indices, distances, base.recall)

    def _fresh(self, rows: NDArray[np.int32], alive: NDArray[np.bool_], k: int, progress: Progress) -> Level:
        """New lists for rows that have too few, remembered; of all living rows where that is less work."""
        living = np.flatnonzero(alive).astype(np.int32)
        base = self._lists(k, progress)
        width = max(k, min(base.lists.k, len(living) - 1))
        if 2 * len(rows) > len(living) and alive[rows].all():
            graph = built(self.X[living], width, self.seed, progress).lists
            level = Level(alive.copy(), living, Neighbors(living[graph.indices], graph.distances))
        else:
            level = Level(alive.copy(), rows, asked(self.X, base, rows, alive, width, progress))
        self._levels = [*self._levels, level][-LEVELS:]
        return level

    def _fits(self, k: int) -> bool:
        """May lists this wide be kept? Up to half the memory that the vectors take."""
        return k <= self.keep or 8 * len(self.X) * _roomy(k) <= max(WIDE_BYTES, self.X.nbytes // 2)

    def _once(
        self, rows: NDArray[np.int32], alive: NDArray[np.bool_], k: int, place: NDArray[np.int32], progress: Progress
    ) -> Neighbors:
        """Lists too wide to keep, for this one answer."""
        if len(rows) == alive.sum() and alive[rows].all():
            graph = built(self.X if alive.all() else self.X[rows], k, self.seed, progress).lists
            return Neighbors(place[rows[graph.indices]], graph.distances, graph.recall)
        graph = query(self.X, rows, alive, k, progress)
        return Neighbors(place[graph.indices], graph.distances)

    def _lists(self, k: int, progress: Progress) -> Base:
        """The lists over all rows, at least ``k`` wide."""
        if self._base is None or self._base.lists.k < min(k, len(self.X) - 1):
            self._base = built(self.X, self.keep if k <= self.keep else _roomy(k), self.seed, progress)
            self._levels, self._last = [], None
        return self._base

    @contextmanager
    def _held(self, progress: Progress) -> Iterator[None]:
        """The lock, with an ear for a cancel while another thread has it."""
        while not self._lock.acquire(timeout=0.05):
            progress.check()
        try:
            yield
        finally:
            self._lock.release()

    def _check(self, mask: NDArray[np.bool_], k: int) -> None:
        if mask.shape != (len(self.X),) or mask.dtype != bool:
            raise InputError(
                f"A mask of shape {mask.shape} and type {mask.dtype} was given; it must be ({len(self.X)},) and bool."
            )
        if k < 1:
            raise SettingsError(f"k is {k}; at least 1 neighbour is needed.")


def _roomy(k: int) -> int:
    """How wide lists are that must give ``k``: a fifth of the rows may go before most have to be asked for again."""
    return k + k // 4
