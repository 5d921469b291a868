"""Communities of the neighbour graph: the best modularity by Leiden's steps, at one resolution or at several that are nested.

Modularity with a resolution (Reichardt, Bornholdt 2006): rows belong together where they have more edges than their degrees would give
them by chance, times the resolution; a higher one makes more and smaller communities. The steps are those of Leiden (Traag, Waltman, van
Eck 2019): rows move, communities are cut into parts that hang together, parts become the rows of a smaller graph, again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster.result import by_size
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress

LEVELS: Mapping[str, float] = MappingProxyType({"coarse": 0.2, "default": 3.0, "fine": 10.0})
"""Level -> resolution, coarse first. On 20,000 rows of four sets some 20 clusters to read, 100, and 200 to clean."""
TIMES = 50  # communities of communities: a dozen times is the most any graph here took
CALM = (
    0.15  # of a row's edges that must be won before it leaves its last cluster: ARI after 5 % removed .97 where 0 gave .89 (SMS)
)
ROOM = 10  # times its neighbours that a set has rows: at a resolution that leaves less room every row would be alone

Labels = NDArray[np.int32]


def width(n: int) -> int:
    """Neighbours of each row that make the graph: few for small sets, whose communities 15 would run together."""
    return int(np.clip(4 + n // 1000, 5, 15))


@dataclass(frozen=True, eq=False)
class Network:
    """A weighted graph without loops, and what each of its rows weighs; see ``_communities.py``.

    ``finest`` is the highest resolution that tells anything about so few rows.
    """

    edges: NDArray[np.int64]
    to: NDArray[np.int32]
    much: NDArray[np.float32]
    mass: NDArray[np.float64]
    finest: float

    @property
    def n(self) -> int:
        """How many rows."""
        return len(self.mass)

    def price(self, resolution: float) -> float:
        """What modularity takes off for two rows of mass 1 in one community."""
        total = float(self.mass.sum())
        return min(resolution, self.finest) / total if total > 0 else 0.0

    def merged(self, of: Labels) -> Network:
        """The graph of these communities, numbered without gaps."""
        from elute.cluster._communities import merged

        c = int(of.max(initial=-1)) + 1
        edges, to, much = np.empty(c + 1, np.int64), np.empty(len(self.to), np.int32), np.empty(len(self.to), np.float32)
        size = merged(self.edges, self.to, self.much, of, edges, to, much)
        mass = np.bincount(of, weights=self.mass, minlength=c).astype(np.float64)
        return Network(edges, to[:size].copy(), much[:size].copy(), mass, self.finest)


def network(neighbors: Neighbors) -> Network:
    """The graph of the :func:`width` nearest of each row."""
    from elute.cluster._communities import both_ways, masses

    n = neighbors.n
    k = min(width(n), neighbors.k)
    edges, to, much = np.empty(n + 1, np.int64), np.empty(2 * n * k, np.int32), np.empty(2 * n * k, np.float32)
    size = both_ways(neighbors.indices, neighbors.distances, k, edges, to, much)
    mass = np.empty(n)
    masses(edges, much, mass)
    return Network(edges, to[:size], much[:size], mass, n / (ROOM * max(k, 1)))


def leiden(
    graph: Network,
    resolution: float,
    *,
    start: Labels | None = None,
    within: Labels | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Labels:
    """The communities of a graph.

    Parameters
    ----------
    start : ndarray of shape (n,), int32, optional
        Communities to begin with, which rows leave only for a gain that is worth it; negative where a row begins alone. All begin
        alone if not given.
    within : ndarray of shape (n,), int32, optional
        Communities stay within these.
    seed : int
        Of the order in which rows are looked at.

    Returns
    -------
    ndarray of shape (n,), int32
        Numbered without gaps, in no order.
    """
    from elute.cluster._communities import moved, refined

    random = np.random.default_rng(seed)
    price, calm = graph.price(resolution), 0.0 if start is None else CALM
    whole, of = graph, beginning(start, graph.n)
    outer = fence = np.zeros(graph.n, np.int32) if within is None else compact(within)
    place = np.arange(graph.n, dtype=np.int32)  # of each row in the graph of the moment
    carried = False
    for _ in range(TIMES):
        progress.check()
        order = random.permutation(graph.n).astype(np.int32)
        moves = moved(graph.edges, graph.to, graph.much, graph.mass, of, fence, order, price, calm)
        carried |= moves > 0 and graph is not whole
        of = parts = compact(of)
        if start is None:
            parts = np.empty(graph.n, np.int32)
            refined(graph.edges, graph.to, graph.much, graph.mass, of, parts, order, price)
            parts = compact(parts)
        c = int(parts.max(initial=-1)) + 1
        if c == graph.n:
            break
        smaller, outside = np.empty(c, np.int32), np.empty(c, np.int32)
        smaller[parts], outside[parts] = of, fence
        graph, of, fence, place = graph.merged(parts), smaller, outside, parts[place]
    of = compact(of[place])
    if carried:  # once more one by one, so that whoever starts from here finds nothing to move
        order = random.permutation(whole.n).astype(np.int32)
        moved(whole.edges, whole.to, whole.much, whole.mass, of, outer, order, price, calm)
    return compact(of)


def compact(labels: NDArray[Any]) -> Labels:
    """Numbers without gaps, in the order of the numbers there were; none is negative."""
    there = np.bincount(labels, minlength=1) > 0
    found: Labels = (np.cumsum(there, dtype=np.int32) - np.int32(1))[labels]
    return found


def beginning(start: NDArray[Any] | None, n: int) -> Labels:
    """Communities to begin with, 0 to n - 1; a row without one has one of its own."""
    if start is None:
        return np.arange(n, dtype=np.int32)
    known = np.unique(start[start >= 0], return_inverse=True)[1]
    of = np.empty(n, np.int32)
    of[start >= 0] = known
    alone = int((start < 0).sum())
    of[start < 0] = int(known.max(initial=-1)) + 1 + np.arange(alone, dtype=np.int32)
    return of


def communities(
    neighbors: Neighbors,
    weights: NDArray[Any] | None,
    resolution: float,
    previous: NDArray[Any] | None = None,
    seed: int = 0,
) -> Labels:
    """The communities of the neighbour graph at one resolution.

    For benches: no session asks for it.

    Parameters
    ----------
    neighbors : Neighbors
        Over p distinct vectors; the first :func:`width` of each are read.
    weights : ndarray of shape (p,), optional
        Copies of each. They number the clusters and nothing else: which texts lie near each other does not change with copies, so
        dropping copies moves no cluster.
    resolution : float
    previous : ndarray of shape (p,), int, optional
        Labels to start from, negative where there are none.
    seed : int

    Returns
    -------
    ndarray of shape (p,), int32
        0 is the largest.
    """
    return by_size(leiden(network(neighbors), resolution, start=previous, seed=seed), weights)


def levels(neighbors: Neighbors, weights: NDArray[Any] | None, seed: int = 0) -> dict[str, Labels]:
    """The communities at each of ``LEVELS``, nested: no cluster of a coarser level cuts one of a finer.

    For benches: no session asks for it.

    Parameters are those of :func:`communities`.

    Returns
    -------
    dict of str to ndarray of shape (p,), int32
        "coarse", "default", "fine"; in each 0 is the largest.
    """
    found = nested(network(neighbors), LEVELS.values(), seed=seed)
    return {name: by_size(found[resolution], weights) for name, resolution in LEVELS.items()}


def counted(
    graph: Network,
    resolutions: Iterable[float],
    *,
    since: float | None = None,
    previous: NDArray[Any] | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> dict[float, int]:
    """How many communities a round would find at each resolution: of one hierarchy, so nearly for free. See :func:`nested`."""
    steps = {*LEVELS.values(), *([] if since is None else [since])}
    found = hierarchy(graph, {*resolutions, *steps}, steps, since=since, previous=previous, seed=seed, progress=progress)
    return {resolution: int(of.max(initial=-1)) + 1 for resolution, of in found}


def nested(
    graph: Network,
    resolutions: Iterable[float],
    *,
    since: float | None = None,
    previous: NDArray[Any] | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> dict[float, Labels]:
    """One hierarchy of communities: the finest are found first, and each next level merges those of the one before.

    Parameters
    ----------
    since : float, optional
        The resolution that ``previous`` (n,) is of: that level starts from there, finer ones stay within what it became, and coarser
        ones merge it.

    Returns
    -------
    dict of float to ndarray of shape (n,), int32
        Resolution -> communities without gaps, finest first.
    """
    steps = set(resolutions)
    return dict(hierarchy(graph, steps, steps, since=since, previous=previous, seed=seed, progress=progress))


def hierarchy(
    graph: Network,
    resolutions: set[float],
    steps: set[float],
    *,
    since: float | None,
    previous: NDArray[Any] | None,
    seed: int,
    progress: Progress,
) -> Iterator[tuple[float, Labels]]:
    """The communities at each resolution, finest first; what comes after one of ``steps`` merges its communities."""
    kept = None if previous is None or since is None else leiden(graph, since, start=previous, seed=seed, progress=progress)
    of = np.arange(graph.n, dtype=np.int32)
    for resolution in sorted(resolutions, reverse=True):
        fence = None
        if kept is not None and since is not None and resolution >= since:
            fence = np.empty(graph.n, np.int32)
            fence[of] = kept
        if fence is not None and resolution == since:
            step = compact(fence)
        else:
            step = leiden(graph, resolution, within=fence, seed=seed, progress=progress)
        yield resolution, step[of]
        if resolution in steps:
            of, graph = step[of], graph.merged(step)
