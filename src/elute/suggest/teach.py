"""What decisions teach: the rows dropped for what they say against those looked at and kept, as examples for a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions.judged import judged
from elute.learn import Learned, examples, learn
from elute.progress import SILENT, Progress
from elute.rounds.space import NEAREST
from elute.stylometry import table
from elute.suggest.ground import Ground, Mask


def teach(ground: Ground, name: str = "", progress: Progress = SILENT) -> Learned:
    """A filter learned from the decisions in force, on distinct vectors; its scores (n,), uncertain and unlike rows are of the table.

    Rows that went for what says nothing about belonging (:data:`~elute.learn.CLEANING`) teach nothing. Rows that an analyst judged teach
    by their verdicts, and are none of those that were dropped: a person decides about them.
    """
    space, state = ground.space, ground.state
    said = judged(state.in_force, ground.corpus.ids)
    keep, drop = examples(state.in_force, state.keep, state.looked, ground.corpus.rows_by_id, said)
    dropped = _of_vectors(ground, drop & ~keep & ~state.keep) & ~_of_vectors(ground, state.keep)
    dropped |= _of_vectors(ground, drop & state.keep) & ~_of_vectors(ground, keep)
    told = np.asarray(state.keep | drop) & (space.of >= 0)
    weights = np.bincount(space.of[told], minlength=len(space.X)).astype(np.float64)
    near = space.graph.whole(NEAREST, progress) if space.graph.built else None
    first = _first(ground, told)
    traits = table([ground.texts[row] for row in first])
    found = learn(
        space.X, _of_vectors(ground, keep), dropped, weights, ground.made.settings.seed, traits=traits, groups=_groups(ground),
        judged=_of_vectors(ground, (keep | drop) & said.rows), neighbors=near, name=name, progress=progress,
    )  # fmt: skip
    scores = np.full(len(space.of), np.nan, np.float32)
    scores[space.of >= 0] = found.scores[space.of[space.of >= 0]]
    unlike = np.flatnonzero(drop & ~keep & ~state.keep & _of_rows(ground, found.unlike))
    return replace(found, scores=scores, uncertain=_rows(ground, found.uncertain), unlike=unlike)


def _of_rows(ground: Ground, vectors: NDArray[np.int64]) -> Mask:
    """(n,) rows that have one of these vectors."""
    of = ground.space.of
    return np.asarray((of >= 0) & np.isin(of, vectors))


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


def _first(ground: Ground, told: Mask) -> NDArray[np.int64]:
    """(m,) the first row of each vector that takes part, else the first of all; equal vectors may be of texts in other letters."""
    of, found = ground.space.of, np.zeros(len(ground.space.X), np.int64)
    for rows in (of >= 0, told):
        at = np.flatnonzero(rows)[::-1]
        found[of[at]] = at
    return found


def _rows(ground: Ground, vectors: NDArray[np.int64] | Sequence[Any]) -> NDArray[np.int64]:
    """The first row that stays of each vector."""
    at = np.flatnonzero(ground.state.keep & (ground.space.of >= 0))[::-1]
    row = np.full(len(ground.space.X), -1, np.int64)
    row[ground.space.of[at]] = at
    found = row[np.asarray(vectors, np.int64)]
    return found[found >= 0]
