"""Neighbours of rows among the rows that stay, by cosine similarity of their vectors."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.neighbors.exact import query
from elute.rounds.space import Space

NEAREST = 500
"""Neighbours that are listed of a row."""
GROWS = 5
"""Neighbours that each row of a selection brings in."""
WORK = 1e11
"""Multiplications up to which neighbours are asked for without a graph: 2 s."""
WAIT = 3.0
"""Seconds that a person waits for a selection to grow."""

Mask = NDArray[np.bool_]


def similarities(space: Space, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) cosine of each row with a vector of unit length; NaN for rows that have none."""
    found = np.append(space.X @ vector, np.float32(np.nan))
    return np.asarray(np.clip(found, -1, 1)[space.of])


def nearest_of_row(space: Space, row: int, among: Mask, count: int = NEAREST) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The nearest other rows of a row, the nearest first, and how similar each is.

    Raises
    ------
    InputError
        The row has no vector.
    """
    if space.of[row] < 0:
        raise InputError("This row has no text that could be compared, so it has no neighbours.")
    among = among.copy()
    among[row] = False
    return nearest(similarities(space, space.X[space.of[row]]), among, count)


def nearest(similar: NDArray[np.float32], among: Mask, count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The ``count`` most similar rows, the most similar first, equal ones in the order of the table."""
    rows = np.flatnonzero(among & ~np.isnan(similar))
    values = similar[rows]
    if 0 < count < len(rows):
        least = np.partition(values, len(values) - count)[len(values) - count]
        above = values > least
        level = np.flatnonzero(values == least)[: count - int(above.sum())]
        above[level] = True
        rows, values = rows[above], values[above]
    order = np.argsort(-values, kind="stable")[: max(count, 0)]
    return rows[order], values[order]


def grown(space: Space, rows: Mask, keep: Mask, each: int = GROWS) -> Mask:
    """Rows and their nearest among those that stay.

    Off the neighbour graph where that is built, else by comparing with all.

    Raises
    ------
    InputError
        It would take longer than a person waits.
    """
    vectors = np.unique(space.of[rows & (space.of >= 0)]).astype(np.int32)
    living = np.zeros(len(space.X), bool)
    living[space.of[keep & (space.of >= 0)]] = True
    width = min(each, int(living.sum()) - bool(living[vectors].any()))
    if not len(vectors) or width < 1:
        return rows & keep
    deadline = _Deadline(f"Growing {len(vectors):,} different texts takes too long for now. Select fewer, or wait for the round.")
    if space.graph.built:
        near = space.graph.around(vectors, living, width, deadline)[0]
    elif float(len(vectors)) * space.X.size <= WORK:
        near = query(space.X, vectors, living, width, deadline).indices
    else:
        raise InputError(
            f"Neighbours of {len(vectors):,} different texts would take too long without a neighbour graph, which a UMAP or "
            "HDBSCAN round makes. Select fewer rows."
        )
    reached = np.zeros(len(space.X) + 1, bool)
    reached[near.ravel()] = True
    reached[-1] = False  # where `of` is -1
    return (rows | reached[space.of]) & keep


class _Deadline:
    """Ends work that takes longer than a person waits."""

    def __init__(self, message: str) -> None:
        self._end, self._message = time.monotonic() + WAIT, message

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        self.check()

    def check(self) -> None:
        if time.monotonic() > self._end:
            raise InputError(self._message)
