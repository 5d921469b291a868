"""Which rows add least to what would stay, in that order: found once for the same vectors, however often suggestions are made anew."""

from __future__ import annotations

from hashlib import blake2b
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from elute.rounds.space import LISTED, Space
from elute.suggest.ground import Ground, Mask

REMEMBERED = 6
"""Clusters whose order is remembered of each space: those of a round, and of the one before it."""
_known: WeakKeyDictionary[Space, dict[bytes, NDArray[np.int64]]] = WeakKeyDictionary()


def most_redundant(ground: Ground, rows: Mask, count: int) -> NDArray[np.int64]:
    """Of rows, the ``count`` that add least, in that order: copies, then of the two nearest the one with nearer others, and so on.

    Off the graph where there is one: its edges within the rows, the shortest first, each take the end that has more near neighbours.
    Where they run out, and without a graph, those nearest to the middle of the rows go.
    """
    at = np.flatnonzero(rows & (ground.space.of >= 0))
    if count <= 0 or not len(at):
        return at[:0]
    vectors, first = np.unique(ground.space.of[at], return_index=True)
    order = np.setdiff1d(np.arange(len(at)), first)
    if len(order) < count:
        order = np.r_[order, first[_remembered(ground.space, vectors)]]
    return at[order[:count]]


def most_redundant_groups(ground: Ground, rows: Mask, most: int) -> NDArray[np.int64]:
    """The same of whole groups of rows: those whose rows add least on the average, as long as no more than ``most`` rows go."""
    group = ground.corpus.group
    if group is None:
        return most_redundant(ground, rows, most)
    order = most_redundant(ground, rows, int(rows.sum()))
    _, of = np.unique(np.where(group[order] < 0, -1 - order, group[order]), return_inverse=True)
    sizes, taken, left = np.bincount(of), np.zeros(int(of.max(initial=-1)) + 1, bool), most
    places = np.bincount(of, np.arange(len(of))) / sizes
    for one in np.argsort(places, kind="stable").tolist():
        if sizes[one] <= left:
            taken[one], left = True, left - int(sizes[one])
    return order[taken[of]]


def _remembered(space: Space, vectors: NDArray[np.int64]) -> NDArray[np.int64]:
    """:func:`_ordered`, if these are not the vectors of a while ago: vectors never move, and a record is seldom about this cluster."""
    known = _known.get(space, {})
    key = blake2b(vectors.tobytes(), digest_size=16, salt=b"graph" if space.graph.built else b"").digest()
    if key not in known:
        # another dict each time: who reads the old one on another thread is not disturbed
        known = _known[space] = dict([*known.items(), (key, _ordered(space, vectors))][-REMEMBERED:])
    return known[key]


def _ordered(space: Space, vectors: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions in ``vectors`` (v,), all of them, the most redundant first."""
    from elute.suggest._kernels import thinned

    X = space.X[vectors]
    central = X @ X.mean(axis=0)
    alive, gone, count = np.ones(len(vectors), bool), np.empty(len(vectors), np.int64), 0
    if space.graph.built and len(vectors) > 2:
        among = np.zeros(len(space.X), bool)
        among[vectors] = True
        near = space.graph.among(among, LISTED)
        loneliness = near.distances[:, : min(5, near.k)].mean(axis=1)
        edges = np.argsort(near.distances, axis=None, kind="stable")
        count = int(thinned(edges, np.ascontiguousarray(near.indices), loneliness, alive, gone))
    left = np.flatnonzero(alive)
    return np.concatenate([gone[:count], left[np.argsort(-central[left], kind="stable")]])
