"""Pairs of clusters of a round that mix: in the full space, in 3D and in 2D."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from elute.metrics import Pair, pairs
from elute.progress import SILENT, Progress
from elute.report.facts import Overlap
from elute.rounds.round import OUTSIDE, Round
from elute.rounds.space import NEAREST, Space


def overlapping(space: Space, made: Round, names: Mapping[int, str], progress: Progress = SILENT) -> tuple[Overlap, ...]:
    """Overlaps by the names of the clusters, most in the full space first. See :func:`elute.metrics.pairs`."""
    return tuple(_named(pair, names) for pair in pairs_of(space, made, progress))


def pairs_of(space: Space, made: Round, progress: Progress = SILENT) -> list[Pair]:
    """The same by their numbers."""
    part = space.part(made.keep)
    took_part = made.labels > OUTSIDE
    labels = part.of_rows(made.labels, took_part, took_part, OUTSIDE)[part.alive]
    coords = {dim: part.of_rows(at, ~np.isnan(at[:, 0]), took_part, np.nan)[part.alive] for dim, at in made.coords.items()}
    return pairs(labels, part.graph(NEAREST, progress), coords, seed=made.settings.seed, progress=progress)


def _named(pair: Pair, names: Mapping[int, str]) -> Overlap:
    def name(cluster: int) -> str:
        return names.get(cluster, f"cluster {cluster}")

    return Overlap(name(pair.a), name(pair.b), pair.full, pair.in3, pair.in2, pair.why(name))
