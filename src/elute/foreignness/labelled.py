"""What the person's own labels say of a cluster: whether they are those of the rest, and mean what its texts mean.

None of it is relied on alone: foreign rows may carry labels at random, all the same wrong one, or none, and each shows in another figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.place import directions
from elute.foreignness.sure import FEW
from elute.neighbors import Neighbors
from elute.vectors import Groups, cluster_sums

CELLS = 1 << 22
"""Clusters times labels up to which they are counted."""
FOLLOW = 0.1
"""Agreement of neighbours' labels beyond chance, in the middle group, below which labels say nothing about clusters."""
EACH = 3
"""Rows a label, on average, below which labels are more like names of rows."""


class Labels(Protocol):
    """Labels of the rows of a table, as :class:`elute.metrics.Target` holds them: numbers, what these are, and each row's vector."""

    @property
    def codes(self) -> NDArray[np.int64]: ...
    @property
    def values(self) -> Sequence[Any]: ...
    @property
    def of(self) -> NDArray[np.int64]: ...


def labelled(
    X: NDArray[np.float32],
    groups: Groups,
    target: Labels | None,
    names: NDArray[np.float32] | None,
    neighbors: Neighbors | None = None,
) -> dict[str, NDArray[np.float64]]:
    """Figures of each group (c,), higher where its labels fit worse; nothing where there are no labels to speak of.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32
    target : Labels, optional
        Of the rows that X is of.
    names : ndarray of shape (v, d), float32, optional
        Unit vectors of the labels' names, NaN for those that are no words.
    neighbors : Neighbors, optional
        The graph over the vectors that take part, in their order.

    Returns
    -------
    dict of str to ndarray
        ``missing``: share of rows without a label. ``odd``: how little the labels of neighbours (without a graph: of rows of the group)
        agree beyond chance, against the middle group, 0 to 1: 1 where labels are by lot. ``beside``: share of those neighbours that bear
        another label. ``mixed``: share of its own rows that bear another than most of them. ``strewn``: how loose the labels themselves
        are, over the whole set. ``home``: share of its labels' rows that are in it. ``named``: cosine distance to the names of its own
        labels.
    """
    if target is None or not len(target.values):
        return {}
    rows = np.flatnonzero(target.of >= 0)
    at, codes = groups.at[target.of[rows]], target.codes[rows]
    at, codes, vectors = at[at >= 0], codes[at >= 0], target.of[rows][at >= 0]
    known = codes >= 0
    c, v = len(groups.names), len(target.values)
    if not known.any() or c * v > CELLS or EACH * len(np.unique(codes[known])) > known.sum():
        return {}
    all_ = np.maximum(np.bincount(at, minlength=c), 1)
    table = np.bincount(at[known] * v + codes[known], minlength=c * v).reshape(c, v).astype(np.float64)
    count = table.sum(axis=1)
    shares = table / np.maximum(count, 1)[:, None]
    found = {"missing": 1 - count / all_}
    if (table.sum(axis=0) > 0).sum() < 2:
        return found
    of = np.full(len(X), -1, np.int32)
    of[vectors[known]] = codes[known]
    copies = np.bincount(vectors, minlength=len(X)).astype(np.float64)
    sums, sizes = cluster_sums(X, of, v, copies), np.bincount(of[of >= 0], copies[of >= 0], v)
    loose = 1 - np.linalg.norm(sums, axis=1) / np.maximum(sizes, 1)
    often = table.sum(axis=0) / table.sum()
    agreed = own = (shares**2).sum(axis=1)
    if neighbors is not None:
        agreed, own = _agreed(groups, of, neighbors)
        found["beside"] = np.nan_to_num(1 - own)
    found["odd"] = _odd(agreed, own, shares @ often, count > 0)
    found["mixed"] = 1 - shares.max(axis=1)
    found["strewn"] = _where(count, shares @ loose)
    found["home"] = (shares * table / np.maximum(table.sum(axis=0), 1)).sum(axis=1)
    if names is not None and (spoken := np.asarray(np.isfinite(names).all(axis=1))).any():
        cosines = directions(groups.sums) @ np.where(spoken[:, None], names, 0).T
        weight = (shares * spoken).sum(axis=1)
        found["named"] = _where(weight, 1 - (shares * cosines * spoken).sum(axis=1) / np.maximum(weight, 1e-9))
    return found


def _where(count: NDArray[Any], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values of groups with labels; the others have the median of these."""
    return np.where(count > 0, values, np.median(values[count > 0]) if (count > 0).any() else 0.0)


def _agreed(groups: Groups, of: NDArray[np.int32], neighbors: Neighbors) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each group (c,): share of its labelled rows' labelled neighbours that have the same label; NaN where there are none.

    And the same where of a group of few texts only as many neighbours count as it has other texts: more can't be of it.
    """
    part = groups.weights > 0
    at, label = groups.at[part], of[part]
    rows = np.flatnonzero((at >= 0) & (label >= 0))
    theirs = label[neighbors.indices[rows]]
    same, known = theirs == label[rows, None], theirs >= 0
    c, k = len(groups.names), theirs.shape[1]
    texts = np.bincount(at[at >= 0], minlength=c)
    own = np.arange(k) < np.where(texts < FEW, texts - 1, k)[at[rows], None]

    def share(counts: NDArray[np.bool_]) -> NDArray[np.float64]:
        told = np.bincount(at[rows], (known & counts).sum(axis=1), c)
        agreeing = np.bincount(at[rows], (same & counts).sum(axis=1), c)
        return np.asarray(np.divide(agreeing, told, out=np.full(c, np.nan), where=told > 0))

    return share(np.ones_like(own)), share(own)


def _odd(
    agreed: NDArray[np.float64], own: NDArray[np.float64], chance: NDArray[np.float64], known: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How little of ``own`` agrees beyond chance, against what does in the middle group: 0 to 1; 0 where labels don't follow texts."""
    beyond, theirs = ((values - chance) / np.maximum(1 - chance, 1e-9) for values in (agreed, own))
    told = known & np.isfinite(beyond)
    middle = float(np.median(beyond[told])) if told.any() else 0.0
    if middle < FOLLOW:
        return np.zeros(len(beyond))
    return np.where(known & np.isfinite(theirs), np.clip(1 - theirs / middle, 0, 1), 0.0)
