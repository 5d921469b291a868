"""What decisions teach: the rows dropped for what they say against those looked at and kept, as examples for a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.learn import Learned, examples, learn
from elute.progress import SILENT, Progress
from elute.space import NEAREST
from elute.suggest.ground import Ground, Mask


def teach(ground: Ground, name: str = "", progress: Progress = SILENT) -> Learned:
    """A filter learned from the decisions in force, on distinct vectors; its scores (n,) and uncertain rows are of the table.

    Rows that went as copies, for their label or to thin teach nothing.
    """
    space, state = ground.space, ground.state
    keep, drop = examples(state.in_force, state.keep, state.looked, ground.corpus.rows_by_id)
    told = np.asarray(state.keep | drop) & (space.of >= 0)
    weights = np.bincount(space.of[told], minlength=len(space.X)).astype(np.float64)
    near = space.graph.whole(NEAREST, progress) if space.graph.built else None
    found = learn(
        space.X, _of_vectors(ground, keep), _of_vectors(ground, drop & ~keep) & ~_of_vectors(ground, state.keep), weights,
        ground.made.settings.seed, groups=_groups(ground), neighbors=near, name=name, progress=progress,
    )  # fmt: skip
    scores = np.full(len(space.of), np.nan, np.float32)
    scores[space.of >= 0] = found.scores[space.of[space.of >= 0]]
    return replace(found, scores=scores, uncertain=_rows(ground, found.uncertain))


def _of_vectors(ground: Ground, rows: Mask) -> Mask:
    """(m,) vectors that any of these rows has."""
    found = np.zeros(len(ground.space.X), bool)
    found[ground.space.of[np.flatnonzero(rows & (ground.space.of >= 0))]] = True
    return found


def _groups(ground: Ground) -> NDArray[np.int64]:
    """(m,) what was decided together: the decision that dropped a row, else the cluster it is in."""
    space, decisions = ground.space, ground.state.in_force
    of_row = ground.made.labels.astype(np.int64) + len(decisions) + 2
    for number, decision in enumerate(decisions):
        if decision.kind == "drop":
            of_row[ground.corpus.rows_by_id(decision.ids)[0] & ~ground.state.keep] = number
    found = np.zeros(len(space.X), np.int64)
    # of rows with one vector, the last one written counts: those that stay
    for rows in (~ground.state.keep, ground.state.keep):
        at = np.flatnonzero(rows & (space.of >= 0))
        found[space.of[at]] = of_row[at]
    return found


def _rows(ground: Ground, vectors: NDArray[np.int64] | Sequence[Any]) -> NDArray[np.int64]:
    """The first row that stays of each vector."""
    at = np.flatnonzero(ground.state.keep & (ground.space.of >= 0))[::-1]
    row = np.full(len(ground.space.X), -1, np.int64)
    row[ground.space.of[at]] = at
    found = row[np.asarray(vectors, np.int64)]
    return found[found >= 0]
