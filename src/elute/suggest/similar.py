"""Look: texts that are near in meaning, in groups around one of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.neighbors import Neighbors
from elute.suggest.ground import Ground
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import goes, many, share

THRESHOLD = 0.95
"""Cosine from which two texts are shown together at first. Of such pairs a fifth were copies (numbers.md): for eyes only."""
AROUND = 30
"""Nearest texts that a group may have at most: so many of the lists of 45 live for all but a few rows until a third has gone. All 45
would be asked for anew in every round, 8 s of two cores for 50,000 rows."""


def groups_at(neighbors: Neighbors, threshold: float) -> NDArray[np.int64]:
    """Which vector each one stands with: itself, or the middle of a group that all have at least this cosine to it.

    Parameters
    ----------
    neighbors : Neighbors
        Over p vectors.
    threshold : float
        Cosine, 0 to 1.

    Returns
    -------
    ndarray of shape (p,), int64
        The vector with the most others around it takes them, then the next one with what is left.

    Notes
    -----
    The community detection of Sentence-BERT (Reimers and Gurevych 2019, ``util.community_detection``), off the lists of the graph
    rather than all pairs: a group of more than the graph's k texts falls into several.
    """
    close = neighbors.distances <= 1 - threshold
    counts = close.sum(axis=1)
    stands = np.arange(neighbors.n)
    free = np.ones(neighbors.n, bool)
    many_first = np.argsort(-counts, kind="stable")
    for middle in many_first[: int((counts > 0).sum())].tolist():
        if not free[middle]:
            continue
        around = neighbors.indices[middle][close[middle]]
        around = around[free[around]]
        if len(around):
            stands[around] = middle
            free[around] = False
            free[middle] = False
    return stands


def similar(ground: Ground, threshold: float = THRESHOLD) -> list[Suggestion]:
    """Rows that say nearly the same as another that stays, beyond those that are copies."""
    space = ground.space
    if not space.graph.built or ground.part.among.sum() < 3:
        return []
    taken = ground.part.taken
    stands = groups_at(ground.part.graph(AROUND), threshold)
    vectors = np.full(len(space.X), -1, np.int64)
    vectors[taken] = space.first[taken[stands]]
    own = np.zeros(len(space.X), bool)
    own[taken[stands != np.arange(len(stands))]] = True
    with_vector = space.of >= 0
    rows = ground.free & with_vector & own[space.of] & ~ground.flag("copy") & ~ground.flag("near_copy")
    if not rows.any():
        return []
    count = int(rows.sum())
    at = np.flatnonzero(rows)
    middles = vectors[space.of[at]]
    cosine = np.einsum("ij,ij->i", space.X[space.of[at]], space.X[space.of[middles]])
    nearest = np.argsort(-cosine, kind="stable")[:3]
    groups = len(np.unique(middles))
    return [
        Suggestion(
            identity("similar", ground.ids(rows), f"{threshold:.2f}"), "look", "similar", "look", f"{many(count)} near in meaning",
            f"{share(count, ground.kept)} stand within cosine {threshold:.2f} of another row that stays, in {many(groups, 'group')}. "
            "Near in meaning is not the same: “accepted” and “rejected” may be this near.",
            rows, count, other="drop", effect=goes(ground, rows, "could go"), data={"threshold": threshold, "groups": groups},
            examples=tuple(Example(int(at[i]), beside=int(middles[i]), why=f"cosine {cosine[i]:.2f}") for i in nearest),
            facet=f"{threshold:.2f}",
        )
    ]  # fmt: skip
