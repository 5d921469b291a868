"""Near copies in one process: pairs that an edit check passes, and the groups that they make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from elute.findings.duplicates import duplicates
from elute.findings.words import Words


def near_groups(
    texts: Sequence[str | None], label: NDArray[np.uint64], here: NDArray[np.bool_], costs: Sequence[int]
) -> NDArray[np.uint64]:
    """(n,) number of the group of texts that are linked by near copies of the same label; 0 for who is alone.

    Candidates are texts whose words are equal but one; what may be edited is the rule of :mod:`elute.findings.duplicates`.

    Parameters
    ----------
    here : ndarray of shape (n,), bool
        Rows that take part.
    costs : sequence of int
        Costs of edits that count.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    found = np.zeros(len(texts), np.uint64)
    rows = np.array([row for row in np.flatnonzero(here).tolist() if texts[row] is not None], np.int64)
    if len(rows) < 2:
        return found
    words = Words.of([texts[row] or "" for row in rows])
    same = duplicates(words, np.full(len(rows), -1, np.int64), np.zeros((0, 1), np.float32), None)
    pairs = same.pairs[np.isin(same.cost, list(costs))]
    # a class of words with a label is a node: near copies under another label are no copies
    nodes, node = np.unique(np.column_stack([same.same, label[rows].view(np.int64)]), axis=0, return_inverse=True)
    node = node.reshape(-1)
    start = np.searchsorted(nodes[:, 0], np.arange(same.classes + 1))
    edges = [_between(nodes, start, int(x), int(y)) for x, y in pairs.tolist()]
    ends = np.concatenate([np.empty((0, 2), np.int64), *edges])
    linked = coo_array((np.ones(len(ends), bool), (ends[:, 0], ends[:, 1])), (len(nodes), len(nodes)))
    of = connected_components(linked, directed=False)[1][node]
    sizes = np.bincount(of)
    found[rows] = np.where(sizes[of] > 1, of + 1, 0).astype(np.uint64)
    return found


def _between(nodes: NDArray[np.int64], start: NDArray[np.int64], x: int, y: int) -> NDArray[np.int64]:
    """(e, 2) the nodes of two classes that have the same label."""
    left, right = np.arange(start[x], start[x + 1]), np.arange(start[y], start[y + 1])
    _, at, other = np.intersect1d(nodes[left, 1], nodes[right, 1], return_indices=True)
    return np.column_stack([left[at], right[other]])
