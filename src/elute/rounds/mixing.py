"""Pairs of clusters of a round that mix, by their numbers."""

from __future__ import annotations

import numpy as np

from elute.metrics import Pair, pairs
from elute.metrics.pairs import ALL, MOST
from elute.progress import SILENT, Progress
from elute.rounds.round import OUTSIDE, Round
from elute.rounds.space import NEAREST, Part


def pairs_of(part: Part, made: Round, progress: Progress = SILENT, *, most: int = MOST) -> list[Pair]:
    """Pairs that mix, most in the full space first, and how they look on the maps. See :func:`elute.metrics.pairs`.

    Parameters
    ----------
    part : Part
        What takes part in the round: ``space.part(made.keep)``.
    """
    took_part = made.labels > OUTSIDE
    labels = part.of_rows(made.labels, took_part, took_part, OUTSIDE)[part.alive]
    coords = {dim: part.of_rows(at, ~np.isnan(at[:, 0]), took_part, np.nan)[part.alive] for dim, at in made.coords.items()}
    return pairs(labels, part.graph(NEAREST, progress), coords, most=most, seed=made.settings.seed, progress=progress)


def all_pairs_of(part: Part, made: Round, progress: Progress = SILENT) -> list[Pair]:
    """The same without a bound: what is not listed is apart."""
    return pairs_of(part, made, progress, most=ALL)
